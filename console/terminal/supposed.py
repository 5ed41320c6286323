"""What a line is taken for that says nothing: its terminal answers no query, so nobody knows what is on its way.

It is paced as if it were a slow one, a little below 64 kbit/s. What is lost on a fast line is little: a cursor's steps
fit in it thirty times a second, and a board comes whole. A line that is a wire (RS-232) has a speed that the system
knows.

The one thing that such a line does tell is that a write had to wait: then all that the system queues for it is full.
Once, that is a reader who looked away; again and again it is a line that is slower still. A pseudo terminal tells
nothing else: what it holds that was not read yet is asked for by TIOCOUTQ in vain (it says 0), and behind SSH there
are megabytes more.
"""

from __future__ import annotations

import os
import stat
import termios
from collections import deque
from typing import Final

from console.terminal.judge import LIMIT

UNKNOWN: Final = 7700.0
"""Bytes a second of a line of which nothing is known."""
LEAST: Final = 600.0
"""Bytes a second that any line takes: below, it is not the line that is slow."""
TOLD_BY: Final = 6
"""Writes that must have had to wait before they tell of the line, and not of who reads it."""
WITHIN: Final = 30.0
"""Seconds in which they must have come."""
APART: Final = 0.1
"""Seconds from one to the next: what waited together tells once."""
QUEUE: Final = 16_000
"""Bytes that a pseudo terminal holds which nobody has read (Linux 6: 17,000 to 20,000)."""
BITS: Final = 10
"""That a byte takes on a wire, with where it begins and ends."""
_WIRES: Final = frozenset((4, 188, 166, 204))
"""Major numbers of Linux's devices: serial, on USB (two kinds), of ARM's boards (admin-guide/devices.txt)."""
_CONSOLES: Final = 64
"""Minor numbers of 4 below this are the machine's own screen."""
_SPEEDS: Final = {
    getattr(termios, name): int(name[1:]) for name in dir(termios) if name[0] == "B" and name[1:].isdigit()
}


class Supposed:
    """The speed that a line is taken to have which answers nothing."""

    def __init__(self, rate: float = UNKNOWN) -> None:
        """``rate``: bytes a second, where they are known from elsewhere."""
        self._most = rate
        self._waited: deque[tuple[float, float]] = deque(maxlen=TOLD_BY)
        self.rate = rate
        """Bytes a second."""

    def blocked(self, now: float, rate: float) -> bool:
        """A write was taken at so many bytes a second; whether that tells something new: it is slower."""
        waited = self._waited
        if waited and now - waited[-1][0] < APART:
            waited[-1] = (waited[-1][0], max(waited[-1][1], rate))
        else:
            waited.append((now, rate))
        if not self._known:
            return False
        before, self.rate = self.rate, min(self._most, max(LEAST, self.seen))
        return self.rate < before

    @property
    def seen(self) -> float:
        """Bytes a second at which it was seen to take what had to wait; 0 where nothing had to."""
        return max((seen for _, seen in self._waited), default=0.0)

    @property
    def slow(self) -> bool:
        """It made the writer wait, again and again, for longer than a fast one does."""
        return self._known and self.seen < LIMIT

    @property
    def _known(self) -> bool:
        waited = self._waited
        return len(waited) == TOLD_BY and waited[-1][0] - waited[0][0] <= WITHIN


def wired(handle: int) -> float:
    """Bytes a second of a terminal at the end of a wire, as the system has set it; of any other what is supposed."""
    try:
        told = os.fstat(handle)
        speed = _SPEEDS.get(termios.tcgetattr(handle)[5], 0)
    except (OSError, termios.error):
        return UNKNOWN
    major, minor = os.major(told.st_rdev), os.minor(told.st_rdev)
    wire = stat.S_ISCHR(told.st_mode) and major in _WIRES and not (major == 4 and minor < _CONSOLES)
    return speed / BITS if wire and speed else UNKNOWN
