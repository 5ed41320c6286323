"""The cheapest way from what a terminal shows to what it is meant to show.

`Encoder` remembers what it has had the terminal show, cell by cell, with the cursor and the pen. `frame` gives the
bytes of the next one: lines that have moved are scrolled, of lines that differ only the cells that differ are written
(`console.terminal.lines`), in the order in which the pen has to be turned the least.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from console.terminal.abilities import Abilities
from console.terminal.cells import REST, UNKNOWN, Frame, Letters, Row
from console.terminal.lines import Lines
from console.terminal.looks import Looks
from console.terminal.moves import NOWHERE, move
from console.terminal.pieces import commonest
from console.terminal.scroll import Shift, find, shifted
from console.terminal.stops import at_most, gaps_of, saved, setting, wanted

SYNC_FROM: Final = 512
"""Bytes of a frame from which on it is bracketed to be shown at once: a shorter one comes in one piece anyway."""
FEW: Final = 6
"""Lines that are put in order, and written with care; where there are more, bytes lie elsewhere."""
SAMPLE, ENOUGH = 5, 0.6
"""Lines that tell whether the tab stops fit, and the share of what stops could save at most that they then save."""
AT_LEAST: Final = 3
"""Bytes that it takes to set or clear one."""
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"


class _First(NamedTuple):
    """The first cell of a line that differs."""

    x: int
    look: str
    blank: bool


class Encoder(Lines):
    """One terminal."""

    def __init__(self, can: Abilities, looks: Looks, letters: Letters) -> None:
        super().__init__(can, looks, letters)
        self.rows: list[Row] = []
        """What the terminal shows."""
        self._stale, self._sizes = True, 0
        self._stood: tuple[int, ...] | None = None
        """The tab stops that there are; None where nobody knows."""

    def forget(self) -> None:
        """Nobody knows what the terminal shows: the next frame clears it and is written whole."""
        self._stale = True

    def frame(self, meant: Frame, most: int = 0) -> tuple[str, bool]:
        """What to write for a frame, and whether that is all of it.

        ``most``: about as many bytes as may go now; what is left is found again by the next call, whatever is meant
        by then. 0 is no limit.
        """
        self.parts = []
        if not self.can.corner:
            meant = self._uncornered(meant)
        if cleared := self._stale or self._sizes != meant.sizes:
            self._clear(meant)
        todo = self._changed(meant)
        moves = len(todo) > 3 and (self.can.lines or self.can.region)
        if moves and (shift := find(self.rows, meant.rows, list(todo))) is not None:
            self._shift(shift)
            todo = self._changed(meant)
        if self.can.tabs and (len(todo) > FEW or (cleared and todo)):
            self._stop(meant, todo)
        self.careful = len(todo) <= FEW
        firsts = self._firsts(todo) if 1 < len(todo) <= FEW else {}
        while todo:
            y = self._next(firsts) if firsts else next(iter(todo))
            row = todo.pop(y)
            if firsts:
                del firsts[y]
                self.awaited = {first.look for first in firsts.values()}
            if differ := self.differ(y, self.rows[y], row):
                self.line(y, self.rows[y], row, differ)
            # A last cell that is never written is never known either.
            cornered = y == self.height - 1 and not self.can.corner
            self.rows[y] = Row(row.letters[:-1] + UNKNOWN, row.looks) if cornered else row
            if most and todo and len("".join(self.parts)) > most:
                break
        if not todo and meant.cursor is not None:
            self.to(meant.cursor[1], meant.cursor[0])
        written = "".join(self.parts)
        if meant.sync and len(written) >= SYNC_FROM:
            written = BEGIN + written + END
        return written, not todo

    def _uncornered(self, meant: Frame) -> Frame:
        """The frame without a wide letter in the last corner: the screen would scroll for its second half."""
        last = meant.rows[-1] if meant.rows else None
        if last is None or not last.letters.endswith(REST):
            return meant
        row = Row(last.letters[:-2] + "  ", last.looks[:-2] + self.looks.blank(last.looks[-2]) * 2)
        return meant._replace(rows=(*meant.rows[:-1], row))

    def _stop(self, meant: Frame, todo: dict[int, Row]) -> None:
        """Set the tab stops that the columns of this frame want, where that saves more than it takes."""
        few = gaps_of(list(todo.values())[:: 1 + len(todo) // SAMPLE])
        if self.stops and saved(few, self.stops) > ENOUGH * at_most(few):
            return
        gaps = gaps_of(meant.rows)
        stops = wanted(gaps, self.width)
        more = saved(gaps, stops) - saved(gaps, self.stops)
        if more > AT_LEAST * len({*stops} ^ {*self.stops}) and more > len(self._setting(stops)):
            self._set(stops)

    def _setting(self, stops: tuple[int, ...]) -> str:
        return setting(self._stood, stops, absolute=self.can.absolute)

    def _set(self, stops: tuple[int, ...]) -> None:
        """Set these tab stops, and no others."""
        self.parts.append(self._setting(stops))
        self._stood = stops
        self.set_stops(stops)
        self.x = NOWHERE

    def _changed(self, meant: Frame) -> dict[int, Row]:
        """The lines that are meant otherwise than they are shown, from top to bottom."""
        return {
            y: new
            for y, (old, new) in enumerate(zip(self.rows, meant.rows, strict=True))
            if new is not None and new is not old and new != old
        }

    def _firsts(self, todo: dict[int, Row]) -> dict[int, _First]:
        """The first cell of each line that differs."""
        found = {}
        for y, new in todo.items():
            old = self.rows[y]
            x = next(
                x
                for x, cells in enumerate(zip(old.letters, new.letters, old.looks, new.looks, strict=True))
                if cells[0] != cells[1] or cells[2] != cells[3]
            )
            found[y] = _First(x, new.looks[x], new.letters[x] == " ")
        return found

    def _next(self, firsts: dict[int, _First]) -> int:
        """The line to write now: the one to whose first cell it is the shortest way."""

        def way(y: int) -> int:
            x, look, blank = firsts[y]
            turn = self.looks.turn(self.pen, look, blank=blank)
            return len(turn.sequence) + len(self.way(y, x))

        return min(firsts, key=way) if len(firsts) > 1 else next(iter(firsts))

    def _clear(self, meant: Frame) -> None:
        """Begin with an empty screen, in the colour that most blanks of the frame have."""
        self._stale, self._sizes = False, meant.sizes
        self.width, self.height = meant.width, meant.height
        # Some terminals lose their tab stops with their size.
        self._stood = None
        self.set_stops(())
        paper = self.looks.plain
        if self.can.bce and (
            found := commonest([row for row in meant.rows if row is not None], 0, self.looks)
        ):
            paper = found[0]
        self.pen = None
        self.turn(paper, blank=True)
        self.parts.append(("\x1b[r" if self.can.region else "") + "\x1b[H\x1b[J")
        self.y = self.x = 0
        self.rows = [Row(" " * self.width, paper * self.width)] * self.height

    def _shift(self, shift: Shift) -> None:
        """Move lines by the shorter of the two ways: deleting here and inserting there, or a scrolling region."""
        top, bottom, by = shift
        number = "" if abs(by) == 1 else str(abs(by))
        ways: list[tuple[str, int]] = []
        if self.can.lines:
            taken, given = (top, bottom - by + 1) if by > 0 else (bottom + by + 1, top)
            way, at = "", self.y
            if by > 0 or bottom < self.height - 1:
                way = move(self.y, self.x, taken, 0, self.can.absolute) + f"\x1b[{number}M"
                at = taken
            if by < 0 or bottom < self.height - 1:
                way += move(at, 0 if way else self.x, given, 0, self.can.absolute) + f"\x1b[{number}L"
                at = given
            ways.append((way, at))
        if self.can.region:
            # Some terminals put the cursor home when the margins are set, some leave it.
            margins = f"\x1b[{top + 1};{bottom + 1}r"
            line, one = (bottom, "\n") if by > 0 else (top, "\x1bM")
            begun = margins + move(NOWHERE, NOWHERE, line, 0, self.can.absolute)
            ways.append((begun + one * abs(by) + "\x1b[r", NOWHERE))
        way, self.y = min(ways, key=lambda each: len(each[0]))
        self.x = 0 if self.y != NOWHERE else NOWHERE
        self.parts.append(way)
        self.rows = shifted(self.rows, shift, self._fresh())

    def _fresh(self) -> Row:
        """A line that comes in blank where others moved."""
        if self.pen is not None and self.erasable(self.looks.blank(self.pen)):
            return Row(" " * self.width, self.looks.blank(self.pen) * self.width)
        return Row(UNKNOWN * self.width, self.looks.plain * self.width)
