"""How fast a line was seen to be, and whether that is slow: told from what it did, and from what it never did.

A line that carries N bytes a second can't carry them faster, whatever else is busy; but a machine that is busy lets
a fast line look slow, now and then and for minutes. So what speaks against a slow line weighs more than what speaks
for it: one time that it was quick is proof, ten times that it was not are ten times that somebody was late.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple


class Slow(NamedTuple):
    """When a line is slow."""

    under: float
    """Bytes a second that it was never seen to exceed."""
    times: int
    """How often it must have been seen at work, at least."""
    apart: float
    """Seconds from the first of them to the last, at least."""
    within: float
    """Seconds after which what was seen counts no more; 0 is never."""


OVER_SSH: Final = Slow(under=32_000.0, times=3, apart=1.0, within=60.0)
"""256 kbit/s, where a screen takes a third of a second. A road may get worse: what it once could is forgotten."""
HERE: Final = Slow(under=16_000.0, times=4, apart=5.0, within=0.0)
"""A terminal on this machine, as far as it tells: it may be slow (a serial line), but it does not get slower."""
TELLING: Final = 1000
"""Bytes from which on a time says something of the line: a few are late by whatever else is busy."""
APART: Final = 0.1
"""Seconds from one time at work to the next."""
MOMENT: Final = 0.25
"""The same for being slow."""
KEPT: Final = 32
"""Times at work that are remembered."""


class Speed:
    """What was seen of one line."""

    def __init__(self, samples: int) -> None:
        """``samples``: of how many times at work the fastest is its speed."""
        self._worked: deque[float] = deque(maxlen=samples)
        self._worked_at = 0.0
        self._quickest: deque[tuple[float, float]] = deque()
        """When it was how quick, each slower than the one before: the first is the quickest that is remembered."""
        self.ever = 0.0
        """The fastest that it was ever seen to be, by enough to tell; 0 where it was not."""
        self._at_work: deque[float] = deque(maxlen=KEPT)
        """When it was seen at work with enough to tell."""

    def seen(self, now: float, count: int, rate: float) -> None:
        """So many bytes came at this speed: it can that much, at least."""
        if count < TELLING:
            return
        self.ever = max(self.ever, rate)
        while self._quickest and self._quickest[-1][1] <= rate:
            self._quickest.pop()
        self._quickest.append((now, rate))

    def worked(self, now: float, count: int, rate: float, before: float) -> float:
        """So many bytes came at this speed, and it was at work all the time; its speed by that, and by ``before``."""
        if self._worked and now - self._worked_at < APART:
            self._worked[-1] = max(self._worked[-1], rate)
        else:
            self._worked.append(rate)
            self._worked_at = now
        self._tell(now, count)
        return max(self._worked) if len(self._worked) == self._worked.maxlen else max(rate, before)

    def kept_full(self, now: float, count: int, rate: float, *, no_room: bool) -> None:
        """Frames waited for it, and it was given as much as it was once seen to take, or it had no room left: that it
        works holds on."""
        if no_room or (self._worked and rate < 1.5 * max(self._worked)):
            self._tell(now, count)

    def _tell(self, now: float, count: int) -> None:
        if count >= TELLING and (not self._at_work or now - self._at_work[-1] >= MOMENT):
            self._at_work.append(now)

    def slow(self, now: float, rule: Slow) -> bool:
        """Whether it was seen at work often enough, and never once so quick that it can't be slow."""
        times = [at for at in self._at_work if not rule.within or now - at <= rule.within]
        if len(times) < rule.times or times[-1] - times[0] < rule.apart:
            return False
        while rule.within and self._quickest and now - self._quickest[0][0] > rule.within:
            self._quickest.popleft()
        best = self._quickest[0][1] if self._quickest else 0.0
        return (best if rule.within else self.ever) < rule.under
