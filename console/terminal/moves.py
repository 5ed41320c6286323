"""The fewest bytes that bring the cursor from one cell to another (ECMA-48 5th ed., 8.3)."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

NOWHERE = -1
"""A column of which nobody knows: the cursor stands behind the last cell, or a letter was written whose width is in
doubt. A line of `NOWHERE` says that nothing is known."""


@lru_cache(8192)
def move(y0: int, x0: int, y: int, x: int, absolute: bool, stops: tuple[int, ...] = ()) -> str:
    """The way from column x0 of line y0 to column x of line y, all counted from 0; ``stops`` are the tab stops.

    A line feed goes only behind a return, since the line discipline may put one before it.
    """
    if y0 == y and x0 == x:
        return ""
    ways = [_place(y, x)]
    if y0 == y:
        if x == 0:
            ways.append("\r")
        if absolute:
            ways.append(f"\x1b[{x + 1 if x else ''}G")
        if x0 != NOWHERE:
            ways.append(_step(x - x0, "C", "D"))
            if 0 < x0 - x < 4:
                ways.append("\b" * (x0 - x))
        if 0 < x < 10:
            ways.append("\r" + _step(x, "C", "D"))
        if stops and x0 != NOWHERE and x0 < x:
            ways += _tabbed(x0, x, stops)
        if stops and x and not -1 < x0 < x:
            ways += ["\r" + way for way in _tabbed(0, x, stops)]
    elif y0 != NOWHERE:
        if x0 == x:
            ways.append(_step(y - y0, "B", "A"))
            if absolute:
                ways.append(f"\x1b[{y + 1}d")
        elif x0 != NOWHERE and abs(y - y0) < 10:
            ways.append(_step(y - y0, "B", "A") + move(y, x0, y, x, absolute, stops))
        elif stops and abs(y - y0) < 10:
            ways.append("\r" + _step(y - y0, "B", "A") + move(y, 0, y, x, absolute, stops))
        if x == 0:
            # The return ends a wrap that is still owed, wherever the cursor was.
            ways.append("\r" + _step(y - y0, "B", "A"))
            if 0 < y - y0 < 4:
                ways.append("\r" + "\n" * (y - y0))
    return min(ways, key=len)


def _tabbed(x0: int, x: int, stops: tuple[int, ...]) -> list[str]:
    """The ways over tab stops, from a column to one on its right."""
    passed, upto = bisect_right(stops, x0), bisect_right(stops, x)
    ways = []
    if upto > passed:
        ways.append("\t" * (upto - passed) + _step(x - stops[upto - 1], "C", "D"))
    if upto < len(stops) and (over := stops[upto] - x) < 4:
        ways.append("\t" * (upto - passed + 1) + "\b" * over)
    return ways


def _place(y: int, x: int) -> str:
    """CUP, with what may be left out left out."""
    if x:
        return f"\x1b[{y + 1 if y else ''};{x + 1}H"
    return f"\x1b[{y + 1 if y else ''}H"


def _step(cells: int, on: str, back: str) -> str:
    if not cells:
        return ""
    if cells == -1 and on == "B":
        # Reverse index; the margins are the screen's own, and the line is on it. Its counterpart (IND, ESC D) is never
        # used: the console of Windows 10 takes it for VT52's cursor left (microsoft/terminal#144).
        return "\x1bM"
    number = abs(cells)
    return f"\x1b[{number if number > 1 else ''}{on if cells > 0 else back}"
