"""Tab stops where the columns of what is shown begin: one byte then goes over the blanks between two of them.

A terminal has stops that can be set (HTS) and cleared (TBC) since the VT100 (ECMA-48 5th ed., 8.3.60, 8.3.62, 8.3.154).
A board of eight columns has some three hundred gaps, each of which takes four bytes to go over by its width. The stops
that every terminal begins with, one each eight columns, are put back when it is given back.
"""

from __future__ import annotations

import re
import termios
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from console.terminal.cells import Row
from console.terminal.moves import move

USUAL: Final = 8
"""Columns from one stop to the next as a terminal has them from the start."""
LEAST: Final = 8
"""Bytes that a stop has to save on the lines that are shown: about what it takes to set it."""
_GAP: Final = re.compile(" {3,}")
Gaps = Mapping[tuple[int, int], int]
"""Gaps between letters, from the first blank to the letter behind them, and how many lines have each."""


def gaps_of(rows: Iterable[Row | None]) -> Gaps:
    """The gaps of lines."""
    found: Counter[tuple[int, int]] = Counter()
    for row in rows:
        if row is not None:
            found.update([gap.span() for gap in _GAP.finditer(row.letters.rstrip(" "))])
    return found


def wanted(gaps: Gaps, width: int) -> tuple[int, ...]:
    """Where stops save more than they cost those who have to pass them."""
    begun: Counter[int] = Counter()
    passed = [0] * (width + 1)
    for (first, end), count in gaps.items():
        begun[end] += count * (_cost(first, end) - 1)
        # A stop within the gap takes a byte more.
        passed[first + 1] += count
        passed[end] -= count
    within = 0
    stops = []
    for x in range(width):
        within += passed[x]
        if begun[x] - within >= LEAST:
            stops.append(x)
    return tuple(stops)


def saved(gaps: Gaps, stops: tuple[int, ...]) -> int:
    """Bytes that stops save on all of these gaps."""
    total = 0
    for (first, end), count in gaps.items():
        upto = bisect_right(stops, end)
        if upto and stops[upto - 1] == end:
            total += count * max(0, _cost(first, end) - upto + bisect_right(stops, first))
    return total


def at_most(gaps: Gaps) -> int:
    """Bytes that stops could save on these gaps at most."""
    return sum(count * (_cost(first, end) - 1) for (first, end), count in gaps.items())


def setting(old: tuple[int, ...] | None, new: tuple[int, ...], *, absolute: bool) -> str:
    """What makes the terminal have these stops; None of the old ones are known where they are None.

    The cursor ends on the last stop that is set or cleared, in the line that it was in.
    """
    fresh, at = "\r\x1b[3g", 0
    for x in new:
        fresh += move(0, at, 0, x, absolute) + "\x1bH"
        at = x
    if old is None:
        return fresh
    step, at, stops = "\r", 0, sorted(old)
    for x in sorted({*old} ^ {*new}):
        step += move(0, at, 0, x, absolute, tuple(stops)) + ("\x1b[g" if x in old else "\x1bH")
        stops = sorted({*stops} ^ {x})
        at = x
    return min(fresh, step, key=len)


def usual(width: int) -> str:
    """What gives a terminal of so many columns the stops that it had from the start."""
    return "\r\x1b[3g" + f"\x1b[{USUAL}C\x1bH" * ((width - 1) // USUAL) + "\r"


def expanded(file: Any) -> bool:
    """Whether the line discipline makes blanks of tabs (``stty tab3``), or nobody can say."""
    try:
        modes: int = termios.tcgetattr(file.fileno())[1]
    except (AttributeError, OSError, ValueError, termios.error):
        return True
    return modes & termios.TABDLY == termios.TAB3


def _cost(first: int, end: int) -> int:
    """Bytes that it takes to go over a gap by its width."""
    cells = end - first
    return min(cells, 4 if cells < 10 else 5)
