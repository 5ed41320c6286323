"""The hot grids 热点网格 on a map: where it is hot in an hour, since when, and why.

The map has half-cells of colour, or letters where the terminal has few colours or the line is slow; beside it the list
of hot grids, below that what lies under the cursor. A worker reads an hour at a time; the last one stays until the next
is there. While the last day is played, an hour is left out rather than sent to a line that still has the one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events

from backend.words import Message
from screens import hotspots_text as told
from screens.copies import as_text
from screens.faces import choose_face
from screens.hotspots_map import HotMap
from screens.hotspots_read import place_key
from screens.look import Look
from screens.widgets.board import Board
from screens.widgets.gridmap import GridMap

if TYPE_CHECKING:
    from backend.desk.hotspotrows import HotGridRow

PACE = 0.8
"""Seconds that an hour is shown while the day is played."""
SOON = 0.05
"""Seconds after which it is looked again whether an hour has been read."""


class Hotspots(HotMap):
    """The map with its keys."""

    NAME: ClassVar[str] = "hotspots"
    CSS_PATH = "hotspots.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - declared so by the framework

    # The keys.

    def do_map_next(self) -> None:
        """Go to the next hot grid."""
        self._jump(1)

    def do_map_previous(self) -> None:
        self._jump(-1)

    def _jump(self, step: int) -> None:
        rows = self.seen.rows if self.seen is not None else ()
        if not rows:
            self.shell.tell(Message("maps.empty"))
            return
        place = self.hots.key
        here = next((turn for turn, row in enumerate(rows) if row.key == place), -step if step < 0 else -1)
        row = rows[(here + step) % len(rows)]
        self.hots.select(row.key)
        if not self.map.go_to(row.lon, row.lat) and self._within:
            self._zoom("")
            self.map.go_to(row.lon, row.lat)

    def do_map_earlier(self) -> None:
        """The hour before."""
        self._turn_hours(-1)

    def do_map_later(self) -> None:
        self._turn_hours(1)

    def _turn_hours(self, step: int) -> None:
        self._stop()
        asked, day = self.asked, self.day
        if asked is None or day is None:
            return
        starts = [one.at for one in day.hours]
        place = starts.index(asked.at) + step
        if 0 <= place < len(starts):
            self._go_hour(starts[place])

    def _go_hour(self, at: int) -> None:
        starts = [one.at for one in self.day.hours] if self.day is not None else []
        # The newest hour stays the newest one when the next has come.
        self._at = None if starts and at == starts[-1] else at
        self._reread()
        self._retitle()

    def do_map_play(self) -> None:
        """Play the last day, or stop it."""
        if self._playing is not None:
            self._stop()
            self._rest(at_once=True)
            return
        asked, day = self.asked, self.day
        if asked is None or day is None or len(day.hours) < 2:
            return
        if asked.at == day.hours[-1].at:
            self._go_hour(day.hours[0].at)
        self._waited = 0.0
        self._playing = self.set_timer(PACE, self._play_on)
        self._retitle()

    def _play_on(self) -> None:
        """The next hour that is due: one that is being read is waited for; hours for which the line had no room are
        left out."""
        asked, day = self.asked, self.day
        if asked is None or day is None or self._playing is None:
            return
        late = self._free - monotonic()
        if self._reading or late > 0:
            self._waited += max(0.0, late)
            self._playing = self.set_timer(max(SOON, late), self._play_on)
            return
        starts = [one.at for one in day.hours]
        place = starts.index(asked.at)
        if place + 1 >= len(starts):
            self._stop()
            self._rest(at_once=True)
            return
        place += 1 + int(self._waited / PACE)
        self._waited %= PACE
        self._go_hour(starts[min(place, len(starts) - 1)])
        self._playing = self.set_timer(PACE, self._play_on)

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        self._stop()

    def do_map_parameter(self, name: str = "") -> None:
        """The next pollutant, or the one that is named."""
        codes = list(self.day.parameters) if self.day is not None else []
        if not codes:
            return
        named = name.strip().lower().replace(".", "").replace("₂", "2").replace("₃", "3")
        if named and named not in codes:
            known = telling_list(codes, self.look)
            self.shell.tell(Message("maps.unknown_parameter", {"name": name, "known": known}))
            return
        self._stop()
        here = codes.index(self._parameter) if self._parameter in codes else -1
        self._parameter = named or codes[(here + 1) % len(codes)]
        self._reread()
        self.shell.noted()

    def do_map_level(self, name: str = "") -> None:
        """The next finer layer, after the finest the coarsest, or the one that is named."""
        if self.day is None or not self.day.layers:
            return
        keys = [one.key for one in self.day.layers]
        if name and name not in keys:
            self.shell.tell(Message("maps.unknown_layer", {"name": name, "known": " ".join(keys)}))
            return
        here = keys.index(self.layer_of(self.day).key)
        self._layer = name or keys[(here + 1) % len(keys)]
        self._reread()
        self._retitle()
        self.shell.noted()

    def do_map_measure(self) -> None:
        """Increments over the background, or levels of the values."""
        self.measure = "level" if self.measure == "rise" else "rise"
        if self.seen is not None:
            self._show(self.seen)
        self.shell.noted()

    def do_map_letters(self) -> None:
        """Letters instead of colours, or back."""
        grid = self.map
        grid.letters = not grid.lettered
        grid.redraw()
        self._retitle()
        self.shell.noted()

    def do_map_zoom(self) -> None:
        """Show the county under the cursor alone, or all of the city again."""
        seen, square = self.seen, self.map.square
        if self._within or seen is None or square is None:
            self._zoom("")
        else:
            self._zoom(seen.county(square))

    def _zoom(self, county: str) -> None:
        if county != self._within and self.seen is not None:
            self._within = county
            self._show(self.seen)

    def do_app_back(self) -> None:
        if self._playing is not None:
            self._stop()
        elif self._within and not self.hots.view.filter:
            self._zoom("")
        else:
            super().do_app_back()

    # Going on.

    def on_grid_map_opened(self, _event: GridMap.Opened) -> None:
        row, seen, place = self.hot, self.seen, self.map.position
        if seen is None or place is None:
            return
        if row is not None:
            self._open(row)
        else:
            lon, lat = place
            one = seen.map
            key = place_key(one.parameter, one.at, f"@{lon:.5f},{lat:.5f}", "", one.period)
            self.shell.open_page("hotgrid", key)

    def on_board_opened(self, event: Board.Opened) -> None:
        self._open(event.row.row)

    def _open(self, row: HotGridRow) -> None:
        self.shell.open_page("hotgrid", place_key(row.parameter, row.at, row.code, row.network, row.period))

    def traced(self) -> str:
        """What the page of sources is asked for."""
        seen = self.seen
        if seen is None:
            return ""
        return told.traced(self.hot, self.under, seen.map.parameter, seen.map.at + seen.map.period)

    def do_board_faces(self) -> None:
        """Where one can go from what is under the cursor."""
        under = self.under
        choose_face(self, lambda _desk: told.faces(under))

    def do_board_copy(self) -> None:
        """What is under the cursor, or the list, as plain text on the person's clipboard."""
        if self.hots.has_focus:
            rows = self.hots.everything()
            self.shell.copy(as_text(told.COLUMNS, rows, self.look))
            self.shell.tell(Message("ui.copied", {"count": len(rows)}))
            return
        lines = ["".join(cell.text for cell in line).strip() for line in self._told_under(self.look, 200)]
        if not lines:
            return
        self.shell.copy("\n".join(lines))
        self.shell.tell(Message("ui.copied", {"count": len(lines)}))

    def do_map_export(self) -> None:
        """Keep what is shown as a file."""
        from screens.hotspots_export import begin

        if self.seen is not None:
            begin(self, self.seen)

    def do_move_next_tab(self) -> None:
        """East, wherever the keys go."""
        self.map.do_move_next_tab()

    def do_move_previous_tab(self) -> None:
        self.map.do_move_previous_tab()

    # What a new login brings back.

    def remember(self) -> dict[str, Any]:
        letters = self.map.letters
        return {
            "parameter": self._parameter,
            "layer": self._layer,
            "measure": self.measure,
            "within": self._within,
            "letters": letters,
        }

    def restore(self, kept: Mapping[str, Any]) -> None:
        self._parameter = str(kept.get("parameter", ""))
        self._layer = str(kept.get("layer", ""))
        self.measure = "level" if kept.get("measure") == "level" else "rise"
        self._within = str(kept.get("within", ""))
        if isinstance(kept.get("letters"), bool):
            self.map.letters = bool(kept["letters"])


def telling_list(codes: Sequence[str], look: Look) -> str:
    """The names of parameters, for a sentence."""
    from screens.telling import joined, parameter

    return joined((parameter(code, look) for code in codes), " ")
