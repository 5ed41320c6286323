"""The fewest bytes that bring the cursor from one cell to another (ECMA-48 5th ed., 8.3)."""

from __future__ import annotations

from functools import lru_cache

NOWHERE = -1
"""A column of which nobody knows: the cursor stands behind the last cell, or a letter was written whose width is in
doubt. A line of `NOWHERE` says that nothing is known."""


@lru_cache(8192)
def move(y0: int, x0: int, y: int, x: int, absolute: bool) -> str:
    """The way from column x0 of line y0 to column x of line y, all counted from 0.

    A line feed is none of the ways: the line discipline may make two characters of it.
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
    elif y0 != NOWHERE:
        if x0 == x:
            ways.append(_step(y - y0, "B", "A"))
            if absolute:
                ways.append(f"\x1b[{y + 1}d")
        elif x0 != NOWHERE and abs(y - y0) < 10:
            ways.append(_step(y - y0, "B", "A") + move(y, x0, y, x, absolute))
        if x == 0:
            # The return ends a wrap that is still owed, wherever the cursor was.
            ways.append("\r" + _step(y - y0, "B", "A"))
    return min(ways, key=len)


def _place(y: int, x: int) -> str:
    """CUP, with what may be left out left out."""
    if x:
        return f"\x1b[{y + 1 if y else ''};{x + 1}H"
    return f"\x1b[{y + 1 if y else ''}H"


def _step(cells: int, on: str, back: str) -> str:
    if not cells:
        return ""
    if abs(cells) == 1 and on == "B":
        # Index and reverse index; the margins are the screen's own, and the line is on it.
        return "\x1bD" if cells > 0 else "\x1bM"
    number = abs(cells)
    return f"\x1b[{number if number > 1 else ''}{on if cells > 0 else back}"
