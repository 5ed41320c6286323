"""What the map of hot grids reads, one thing at a time: the hours there are, then the hour that is wanted.

A worker reads; what is shown stays until the next is there, and a read that fails takes nothing away.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from backend.words import Message
from screens import hotspots_text as told
from screens.hotspots_read import Asked, Day, Layer, Measure, Seen, read_day, read_hour
from screens.listing import Listing
from screens.widgets.board import Board
from screens.widgets.gridmap import GridMap
from screens.widgets.gridmap_model import Ground
from screens.widgets.gridmap_raster import Box

if TYPE_CHECKING:
    from textual.timer import Timer

    from backend.desk.desk import Desk
    from backend.desk.hotspotrows import Under

FRESH = 20.0
"""Seconds between two looks at whether readings that came have changed the hours."""
HELD = 60
"""Hours that are kept as they were read."""


class Reading(Listing):
    """The map's data."""

    def __init__(self, _key: str = "") -> None:
        super().__init__()
        self.measure: Measure = "rise"
        self.day: Day | None = None
        """The hours that can be gone through, of the parameter that is shown."""
        self.seen: Seen | None = None
        """What is shown."""
        self._parameter = ""
        self._layer = ""
        """The key of the layer that is wanted; empty is the widest squares."""
        self._at: int | None = None
        """The hour that is wanted; None is the newest."""
        self._within = ""
        """The county that is shown alone; empty for all of the city."""
        self._held: dict[Asked, Seen] = {}
        self._reading = False
        self._again = False
        self._stale = False
        """The hours are to be read again."""
        self._read_at = 0.0
        self._refreshing: Timer | None = None
        self._error: Message | None = None
        self._laid: tuple[Any, ...] = ()
        self._grounds: dict[tuple[Any, ...], tuple[Ground, Box | None]] = {}
        self._listed: Seen | None = None
        self._kept = False
        """The cursor stands where this person left it."""
        self._under: Under | None = None
        """What was read last of a place."""
        self._under_at: tuple[float, float] | None = None
        """Which place that was."""
        self._resting: Timer | None = None
        self._playing: Timer | None = None
        self._free = 0.0
        """When the line has taken what was sent, by the machine's own clock."""
        self._waited = 0.0
        """Seconds that the day that is played has waited for the line."""

    @property
    def map(self) -> GridMap:
        """The map."""
        return self.query_one(GridMap)

    @property
    def hots(self) -> Board[told.Turned]:
        """The list."""
        return self.query_one("#hotspots-list", Board)

    # For the screen to fill in.

    def _show(self, seen: Seen) -> None:
        """Show an hour."""
        raise NotImplementedError

    def _relist(self, seen: Seen | None) -> None:
        """List the hot grids of an hour."""
        raise NotImplementedError

    def _retitle(self) -> None:
        """Say anew what is shown."""
        raise NotImplementedError

    def _stop(self) -> None:
        """Stop the day that is played."""
        raise NotImplementedError

    # Reading.

    def opened(self, desk: Desk) -> None:
        # Whose hours these were, and in which language, is over.
        self._held.clear()
        self._stale = True
        self._read(desk)

    def changed(self, desk: Desk) -> None:
        # Readings come every second: what they make of an hour is asked for every so often, and by the key at once.
        if monotonic() - self._read_at >= FRESH:
            self._stale = True
            self._read(desk)
        elif self._refreshing is None:
            self._refreshing = self.set_timer(FRESH, self._refresh)

    def _refresh(self) -> None:
        self._refreshing = None
        self._stale = True
        self._reread()

    def do_app_reload(self) -> None:
        """Read everything anew."""
        self._held.clear()
        self._stale = True
        self._reread()

    def _turned(self) -> list[told.Turned]:
        seen = self.seen
        if seen is None:
            return []
        return [told.Turned(row, turn, seen.map.network) for turn, row in enumerate(seen.rows)]

    @property
    def asked(self) -> Asked | None:
        """What is to be seen; None before the hours are known."""
        day = self.day
        if day is None or not day.hours or not day.layers:
            return None
        starts = [one.at for one in day.hours]
        at = self._at if self._at in starts else starts[-1]
        return Asked(day.parameter, self.layer_of(day), at)

    def layer_of(self, day: Day) -> Layer:
        """What the map is made of."""
        widest = next((one for one in day.layers if not one.level), day.layers[0])
        return next((one for one in day.layers if one.key == self._layer), widest)

    def _read(self, desk: Desk) -> None:
        """Read what is wanted and not there yet, one thing at a time."""
        if self._reading:
            self._again = True
            return
        asked, parameter = self.asked, self._parameter
        if self._stale or (self.day is not None and self.day.parameter != parameter):
            asked = None
        if asked is not None and (seen := self._held.get(asked)) is not None:
            self._show(seen)
            return
        self._reading, self._again = True, False
        if asked is None:
            self._stale, self._read_at = False, monotonic()
            self.shell.work(
                lambda: read_day(desk, parameter),
                self._for(desk, self._day_read),
                failed=self._failed,
                name="hot hours",
            )
        else:
            self.shell.work(
                lambda: (asked, read_hour(desk, asked)),
                self._for(desk, self._hour_read),
                failed=self._failed,
                name="hot grids",
            )
        self._retitle()

    def _for(self, desk: Desk, take: Callable[[Any], None]) -> Callable[[Any], None]:
        """Takes what was read for this desk, unless somebody else has sat down meanwhile."""

        def taken(read: Any) -> None:
            if desk is self.shell.desk:
                take(read)
                return
            self._reading = False
            self._reread()

        return taken

    def _reread(self) -> None:
        if (desk := self.shell.desk) is not None:
            self._read(desk)

    def _day_read(self, day: Day) -> None:
        self._reading = False
        if not self.is_attached:
            return
        if self._parameter not in ("", day.parameter) and self._parameter in day.parameters:
            # Another pollutant was asked for while this one was being read.
            self._reread()
            return
        before = {one.at: one for one in self.day.hours} if self.day is not None else {}
        self.day, self._error = day, None
        self._parameter = day.parameter
        for one in day.hours:
            # An hour that was judged again, or that more has come for, is read again.
            if before.get(one.at) != one or not one.made:
                for asked in [asked for asked in self._held if asked.at == one.at]:
                    del self._held[asked]
        if day.hours:
            self._reread()
            return
        self.seen = None
        self.map.lay(None)
        self.map.say("maps.no_hours")
        self._relist(None)
        self._retitle()

    def _hour_read(self, read: tuple[Asked, Seen | None]) -> None:
        self._reading, self._error = False, None
        if not self.is_attached:
            return
        asked, seen = read
        if seen is None:
            if self.seen is None:
                self.map.say("maps.no_map")
                self._retitle()
                return
            # Nobody reported: unknown everywhere, not the hour before.
            seen = self.seen.blank(asked)
        while len(self._held) >= HELD:
            self._held.pop(next(iter(self._held)))
        self._held[seen.asked] = seen
        if seen.asked == self.asked:
            self._show(seen)
        if self._again or seen.asked != self.asked:
            self._reread()

    def _failed(self, why: Message) -> None:
        self._reading, self._error = False, why
        if self.seen is None:
            self.map.say("maps.failed")
        self._stop()
        self.shell.tell(why)
        self._retitle()
