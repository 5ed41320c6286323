"""Whether a line is slow: which speed explains best when the answers came, by all that was seen of late.

For each of some speeds the line is played: what was written waits behind what was written before, and is through after
its bytes divided by the speed. What an answer comes later than that is the way there and back, which is the same for
all of them and so no more than the least of them all (the lower envelope), and lateness by chance, which is never less
than nothing: radio, other people's traffic, a machine that is busy. Played too slow, a line has answers earlier than
could be; then the envelope sinks, and everything else is late. Played too fast, what was sent behind much is late
again and again, and what was sent behind little is not. Only the right speed leaves lateness that has nothing to do
with how much was under way.

Lateness by chance is taken to be the same up to a bound and to have a heavy tail beyond it: up to the bound nothing
tells one lateness from another, and no single answer, however late, tells much. The bound of each speed is that which
most of its answers keep; a speed is the likelier the narrower it is. The verdict is the best of the slow speeds against
the best of the fast ones, as the logarithm of a ratio of likelihoods (Wald's sequential test: Ann. Math. Stat. 16,
1945). Answers that came together were held up together, by SSH that packs them or by whoever reads them late: they are
one, of which the last tells the most; and those that came shortly after each other tell as much as the time between.
"""

from __future__ import annotations

from collections import deque
from math import inf, log
from typing import Final, NamedTuple

SLOW: Final = tuple(1000.0 * 1.25**step for step in range(14))
"""Bytes a second, 1,000 to 18,200."""
FAST: Final = (48_000.0, 60_000.0, 80_000.0, 120_000.0, 250_000.0, 1e9)
SPEEDS: Final = (*SLOW, *FAST)
NEAR: Final = 1.25**0.5
"""Times the likeliest slow speed that the line may be without another being likelier."""
LIMIT: Final = (SLOW[-1] * FAST[0]) ** 0.5
"""Bytes a second between the two, some 30,000: there a screen takes a third of a second."""
SURE: Final = 10.5
"""From this score on it is slow."""
WARY: Final = 40.0
"""How much more it takes for each second by which answers behind nothing scatter beyond `CALM`."""
CALM: Final = 0.2
"""Seconds of scatter up to which nothing more is asked. Beyond, the line delays some packets, and a board of several
packets more surely than a step of one, which looks as if the line were slow."""
LATER: Final = 4.0
"""How much more it takes once there was time to tell: every look is another chance to err."""
SOON: Final = 60.0
"""Seconds after which it does."""
CLEAR: Final = -5.0
"""From this score down it is not slow."""
KEPT: Final = 96
"""Answers that are remembered."""
WITHIN: Final = 120.0
"""Seconds after which one is forgotten: a road may get worse, or better."""
TOGETHER: Final = 0.004
"""Seconds within which answers have come together."""
FEW: Final = 16
"""Answers up to which the line is judged anew after each."""
MOMENT: Final = 0.4
"""Seconds from one judgement to the next where there are more answers: each takes a millisecond."""
APART: Final = 0.15
"""Seconds from one to the next from which on both tell all that they can."""
EARLY: Final = 0.003
"""Seconds that an answer may be before its time, by the ticks of clocks."""
PART: Final = 0.8
"""The part of the answers that keeps the bound of chance."""
LEAST: Final = 0.02
"""Seconds of chance on the best of days."""
TAIL: Final = 2.0
"""How fast it gets less likely beyond the bound, as a power."""


class Seen(NamedTuple):
    """An answer."""

    at: float
    weight: float
    """How much it says that the one before it did not: what held that one up may hold up this one too."""
    left: tuple[float, ...]
    """Seconds from when the line was through with what was before it, for each speed, to the answer."""


class Judge:
    """What was seen of one line."""

    def __init__(self) -> None:
        self._free = (0.0,) * len(SPEEDS)
        """When the line is through with all that was written, for each speed."""
        self._seen: deque[Seen] = deque(maxlen=KEPT)
        self._begun = inf
        self.scatter = 0.0
        """Seconds that answers behind which there was nothing are late."""
        self._news, self._at = False, -inf
        self._likely = (0.0,) * len(SPEEDS)

    def wrote(self, now: float, size: int) -> None:
        """So many bytes are written now."""
        self._free = tuple(
            [
                (free if free > now else now) + size / speed
                for free, speed in zip(self._free, SPEEDS, strict=True)
            ]
        )

    def mark(self) -> tuple[float, ...]:
        """What is to be kept of a query that is written now, until its answer comes."""
        return self._free

    def answered(self, now: float, mark: tuple[float, ...]) -> None:
        """The answer to a query has come."""
        seen = self._seen
        if seen and now - seen[-1].at < TOGETHER:
            seen.pop()
        while seen and now - seen[0].at > WITHIN:
            seen.popleft()
        weight = min(1.0, (now - seen[-1].at) / APART) if seen else 1.0
        seen.append(Seen(now, weight, tuple([now - free for free in mark])))
        self._begun = min(self._begun, now)
        self._news = True

    def cut(self, now: float) -> None:
        """What was under way is answered to nobody."""
        self._free = (now,) * len(SPEEDS)

    @property
    def score(self) -> float:
        """How much better the best slow speed explains what was seen than the best fast one does, less what it takes
        more by now."""
        likely = self._each()
        if not self._seen:
            return 0.0
        passed = self._seen[-1].at - self._begun
        takes = LATER * min(1.0, passed / SOON) + WARY * max(0.0, self.scatter - CALM)
        return max(likely[: len(SLOW)]) - max(likely[len(SLOW) :]) - takes

    @property
    def slow(self) -> bool:
        """It is slow."""
        return self.score >= SURE

    @property
    def undecided(self) -> bool:
        """It is not known yet."""
        return CLEAR < self.score < SURE

    @property
    def rate(self) -> float:
        """Bytes a second that explain best what was seen."""
        likely = self._each()
        return SPEEDS[likely.index(max(likely))]

    def _each(self) -> tuple[float, ...]:
        if self._news and (len(self._seen) < FEW or self._seen[-1].at - self._at >= MOMENT):
            self._news, self._at = False, self._seen[-1].at
            weights = [one.weight for one in self._seen]
            columns = zip(*[one.left for one in self._seen], strict=True)
            self._likely = tuple([_likely(left, weights) for left in columns])
        return self._likely


def _likely(left: tuple[float, ...], weights: list[float]) -> float:
    """The logarithm of the likelihood of a speed."""
    way = min(left)
    if way < -EARLY:
        return -inf
    late = [one - way for one in left]
    bound = max(LEAST, sorted(late)[int(PART * len(late))])
    own = log(bound)
    return -sum(
        [
            weight * (own + (TAIL * log(one / bound) if one > bound else 0.0))
            for one, weight in zip(late, weights, strict=True)
        ]
    )
