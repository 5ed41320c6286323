"""How late answers are by chance (radio, other people's traffic, a busy machine), and what is late beyond that.

An answer behind which next to nothing was on its way can't be late for what was sent: such answers tell how all of them
scatter. What is later than they are, or late again and again without one that was not, waited behind our own bytes.
"""

from __future__ import annotations

from collections import deque
from typing import Final

LONE: Final = 600
"""Bytes that may be on their way behind which an answer is late by chance alone."""
REMEMBERED: Final = 24
"""How many such answers are remembered."""
TOLD_BY: Final = 4
"""How many it takes to tell."""
PART: Final = 0.85
"""The part of them that comes no later than what is taken for chance."""
BEYOND: Final = 1.2
"""Times that: from there on it is no chance."""
MOST: Final = 0.6
"""Seconds of chance at most."""
ROW: Final = 8
"""Answers of which all are late, that are no chance either: it spares one or another."""
ROW_SECONDS: Final = 0.4
"""Seconds that they take at least: answers that come together were held up together."""


class Chance:
    """What was seen of the answers of one line."""

    def __init__(self) -> None:
        self._lone: deque[float] = deque(maxlen=REMEMBERED)
        self._row: deque[tuple[float, float]] = deque()
        self.scatter = 0.0
        """Seconds that an answer is late by chance."""

    @property
    def bound(self) -> float:
        """Seconds from which on an answer is late for what was sent."""
        return self.scatter * BEYOND

    @property
    def guessed(self) -> bool:
        """Too little is known yet."""
        return len(self._lone) < TOLD_BY

    @property
    def little_known(self) -> bool:
        """More would be good to know."""
        return len(self._lone) < 2 * TOLD_BY

    def lone(self, late: float) -> None:
        """An answer was so late though nothing held it up."""
        self._lone.append(max(0.0, late))
        if not self.guessed:
            self.scatter = min(sorted(self._lone)[int(PART * len(self._lone))], MOST)

    def row(self, now: float, late: float, least: float) -> bool:
        """An answer was so late; whether all were of late, by ``least`` at the least."""
        row = self._row
        row.append((now, late))
        while len(row) > ROW and now - row[1][0] >= ROW_SECONDS:
            row.popleft()
        if len(row) < ROW or now - row[0][0] < ROW_SECONDS:
            return False
        return min(one for _, one in row) > least + self.scatter / 3
