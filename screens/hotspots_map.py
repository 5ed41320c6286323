"""The map of hot grids without its keys: how what was read is shown, and what lies under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from screens import hotspots_text as told
from screens.columns import Cell
from screens.hotspots_read import (
    Asked,
    Seen,
    read_ground,
    read_under,
)
from screens.hotspots_reading import Reading
from screens.look import Look
from screens.rows import arrange
from screens.shell import rest
from screens.widgets.board import Board
from screens.widgets.gridmap import GridMap
from screens.widgets.gridmap_lines import Hour, Piece, Styled, hours_line, legend
from screens.widgets.gridmap_model import Ground
from screens.widgets.gridmap_raster import Box
from screens.widgets.line import Line
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from backend.desk.hotspotrows import HotGridRow, HotHour, Under

LINE = 7_000
"""Bytes a second that a line of 64 kbit/s takes: no hour is sent to it before the one before has passed."""
REST = 0.25
"""Seconds that the cursor rests before what lies under it is read; longer where the line is slow."""
AT_ONCE = 0.01
LATE = 0.6
"""Seconds after which the words of the square before are taken away, where the next are not there yet."""
OLD = 3 * 3600
"""Seconds after the newest hour's end from which it is said to be old."""


class Title(Line):
    """The line over the map."""

    def pieces(self) -> Sequence[Cell]:
        screen = self.screen
        return screen.title_pieces(self.size.width) if isinstance(screen, HotMap) else ()


class Legend(Styled):
    """What the looks mean."""

    def styled(self) -> Sequence[Piece]:
        screen = self.screen
        return screen.legend_pieces(self.size.width) if isinstance(screen, HotMap) else ()


class Hours(Styled):
    """The hours of the last day."""

    def styled(self) -> Sequence[Piece]:
        screen = self.screen
        return screen.hour_pieces(self.size.width) if isinstance(screen, HotMap) else ()


class HotMap(Reading):
    """The map with its list."""

    def body(self) -> ComposeResult:
        yield Title(id="hotspots-title")
        with Horizontal(id="hotspots-middle"):
            yield GridMap(id="hotspots-map")
            with Vertical(id="hotspots-side"):
                yield Board[told.Turned](told.COLUMNS, empty="maps.empty", id="hotspots-list")
                yield Sheet(self._told_under, id="hotspots-under")
        yield Legend(id="hotspots-legend")
        yield Hours(id="hotspots-hours")

    def on_mount(self) -> None:
        self.hots.several = True
        self.map.say("ui.board.loading")
        self.map.focus()

    # Showing.

    def _show(self, seen: Seen) -> None:
        """Show an hour: the same ground costs what has changed on it."""
        self.seen = seen
        laid = (seen.lattice, self._within, self.look.language)
        scale = seen.scale(self.measure, self._held.values())
        if laid != self._laid:
            if laid not in self._grounds:
                self._read_ground(seen, laid)
                return
            self._laid = laid
            self.map.lay(*self._grounds[laid])
        self.map.edition = seen.edition
        self.map.show(seen.frame(self.measure, scale), scale)
        self._free = monotonic() + self.map.cost / LINE
        self._relist(seen)
        self._rest(at_once=self._under is None)
        self._retitle()
        self.settled()

    def _read_ground(self, seen: Seen, laid: tuple[Any, ...]) -> None:
        """Read what lies under the values, then show them."""
        desk, within = self.shell.desk, self._within
        if desk is None:
            return

        def read(found: tuple[Ground, Box | None]) -> None:
            self._grounds[laid] = found
            if self.is_attached and self.seen is not None:
                self._show(self.seen)

        self.shell.work(lambda: read_ground(desk, seen, within), read, failed=self._failed, name="outlines")

    def _relist(self, seen: Seen | None) -> None:
        """List the hot grids of what is shown: those of another hour take the place of those that were there."""
        before, self._listed = self._listed, seen
        if before is None:
            self.hots.attach(lambda view: arrange(self._turned(), view, told.COLUMNS, self.look, key=_key))
        elif seen is None or [row.key for row in before.rows] != [row.key for row in seen.rows]:
            # The letters on the map are turns in the list: its order is that of the hour that is shown.
            self.hots.do_board_news()
        elif before is not seen:
            self.hots.reload()
        if before is None and seen is not None and seen.rows and not self._kept:
            # The first thing to be seen is the hottest.
            self.map.go_to(seen.rows[0].lon, seen.rows[0].lat)

    def _relook_under(self) -> None:
        self.query_one("#hotspots-under", Sheet).relook()

    def _retitle(self) -> None:
        for line in self.query(Line):
            if line.id in ("hotspots-title", "hotspots-legend", "hotspots-hours"):
                line.relook()
        self._relook_under()

    def title_pieces(self, cells: int) -> Sequence[Cell]:
        """What the line over the map says.

        Args:
            cells: its width.
        """
        return told.title(self._told, self.seen, self.measure, self.look, state=self._state(), cells=cells)

    @property
    def _told(self) -> Asked | None:
        """What is said to be shown: what is asked for, but while the day is played what is there already."""
        return self.asked if self._playing is None or self.seen is None else self.seen.asked

    def _state(self) -> list[Cell]:
        """What is to be said of what is shown: read, played, old, failed."""
        look, cells = self.look, list[Cell]()
        if self._playing is not None:
            cells.append(Cell(f"{look.word('maps.playing')}  ", "new"))
        if self._error is not None:
            cells.append(Cell(f"{look.word('maps.stale_error')}  ", "bad"))
        elif self._reading and self._playing is None:
            cells.append(Cell(f"{look.word('ui.board.loading')}  ", "dim"))
        if self.seen is not None and self.day is not None and self.day.hours:
            newest = self.day.hours[-1]
            age = self.shell.now() - newest.at - newest.period
            if age > OLD:
                cells.append(Cell(f"{look.word('maps.old', age=look.span(age))}  ", "warn"))
        return cells

    def legend_pieces(self, cells: int) -> Sequence[Piece]:
        """What the line of looks says."""
        if self.seen is None:
            return ()
        grid, look = self.map, self.look
        names = [look.word(f"station.level.{number}") for number in range(1, 7)]
        dim = self.map.inks.base + self.shell.palette["dim"]
        return legend(grid.scale, grid.inks, look, lettered=grid.lettered, cells=cells, dim=dim, names=names)

    def hour_pieces(self, cells: int) -> Sequence[Piece]:
        """What the line of hours says."""
        day, asked = self.day, self._told
        if day is None or asked is None:
            return ()
        hours = [self._hour(one, asked) for one in day.hours]
        here = next((turn for turn, one in enumerate(day.hours) if one.at == asked.at), 0)
        return hours_line(hours, here, self.look, cells, self.map.inks.base, self.shell.palette)

    def _hour(self, one: HotHour, asked: Asked) -> Hour:
        """How hot an hour was: as the job has kept it, or as this screen has seen it."""
        seen = self._held.get(asked._replace(at=one.at))
        if one.made or seen is None:
            return Hour(one.at, one.hot, one.strong)
        heats = [row.heat for row in seen.rows]
        strong = heats.count("strong")
        return Hour(one.at, strong + heats.count("hot"), strong)

    def _told_under(self, look: Look, cells: int) -> Text:
        grid, seen = self.map, self.seen
        rested = seen.lattice.square(*self._under_at) if seen is not None and self._under_at else None
        # What stations say is of the hour that it was read for: while the day is played nothing is read.
        playing = self._playing is not None
        under = None if playing else self._under
        return told.under_cursor(
            seen, grid.square, grid.covered, under, look, cells, rested=rested, waits=not playing
        )

    # What is selected.

    @property
    def hot(self) -> HotGridRow | None:
        """The hot grid that is meant: the list's, or the one under the map's cursor."""
        if self.hots.has_focus:
            return self.hots.row.row if self.hots.row is not None else None
        square = self.map.square
        if self.seen is None or square is None:
            return None
        return next(iter(told.hot_at(self.seen, square, self.under)), None)

    def has_row(self) -> bool:
        # While the first hour is being read the keys stand already as they will: they are not sent twice.
        coming = self.seen is None and self._reading
        return coming or self.map.square is not None or self.hots.row is not None

    @property
    def under(self) -> Under | None:
        """What lies under the cursor; None while that is being read."""
        return self._under if self._under_at is not None and self._under_at == self.map.position else None

    def on_grid_map_moved(self, _event: GridMap.Moved) -> None:
        # The words stay until the next are there, or for a moment: what is the same for both squares is not sent twice.
        if not self.shell.tight:
            self._relook_under()
        # The first is told at once: the list may lead the cursor away before it has been.
        self._rest(at_once=self._under_at is None)
        self.shell.noted()

    def _stop(self) -> None:
        """Stop the day that is played."""
        if self._playing is not None:
            self._playing.stop()
            self._playing = None
            self._retitle()

    def _rest(self, *, at_once: bool) -> None:
        """Read what lies under the cursor, at once or when it rests."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(AT_ONCE if at_once else rest(self.shell, REST), self._look_under)

    def _look_under(self) -> None:
        self._resting = None
        desk, place, seen = self.shell.desk, self.map.position, self.seen
        if place is None or seen is None:
            self._relook_under()
        if desk is None or place is None or seen is None or self._playing is not None:
            return

        def read(under: Under) -> None:
            if self.is_attached and self.map.position == place:
                self._under, self._under_at = under, place
                self._relook_under()
                self.refresh_keys()

        def late() -> None:
            here = self.is_attached and self.map.position == place
            if here and self.under is None and self._under is not None:
                self._under = None
                self._relook_under()

        if self.under is None:
            self.set_timer(LATE, late)

        self.shell.work(lambda: read_under(desk, place, seen), read, name="under the cursor")

    def on_board_moved(self, event: Board.Moved) -> None:
        if isinstance(event.row, told.Turned) and self.hots.has_focus:
            self.map.go_to(event.row.row.lon, event.row.row.lat)
        self.refresh_keys()
        self.shell.noted()

    def on_descendant_focus(self) -> None:
        self.refresh_keys()


def _key(one: told.Turned) -> str:
    return one.row.key
