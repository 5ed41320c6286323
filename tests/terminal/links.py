"""Links by a model's clock: a speed, a way there and back, lateness, and a program that draws its newest state."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator

from console.terminal.line import Line

WORD = 4
"""Bytes of a status query."""


class Link:
    """A line with a speed and a way, a terminal that answers, and a program that draws its newest state when it may."""

    def __init__(
        self, rate: float, trip: float, *, answers: bool = True, jitter: float = 0.0, seed: int = 1
    ) -> None:
        self.now = 100.0
        self.rate, self.trip, self.answers, self.jitter = rate, trip, answers, jitter
        self.line = Line(lambda: self.now)
        self.frame = 300
        self.queued = 0.0
        """Seconds that the fullest queue took, since this was last set to 0."""
        self.arrived = 0.0
        """When the last byte arrived."""
        self.shown, self.state = 0, 0
        self.queries = 0
        self._random = random.Random(seed)
        self._free = 0.0
        self._left = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._polling = False

    def at(self, when: float, what: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (when, self._count, what))

    def run(self, until: float | None = None) -> None:
        """Let it go on, to an instant or until nothing happens any more."""
        while self._events and (until is None or self._events[0][0] <= until):
            self.now, _, what = heapq.heappop(self._events)
            what()
        if until is not None:
            self.now = max(self.now, until)

    def stall(self, seconds: float) -> None:
        """For so long nothing comes, in neither way; then all of it."""
        self._free = max(self._free, self.now + seconds)

    def key(self, *, pressed: bool = True) -> None:
        """Something else is to be shown, because somebody pressed a key or without that."""
        if pressed:
            self.line.spoke()
        self.state += 1
        self._draw()

    def write(self, size: int) -> None:
        if self.line.asks_first():
            self._ask()
        marks = self.line.marks() or size
        while size:
            part = marks if size >= 2 * marks else size
            self.line.wrote(part)
            self._send(part)
            if size := size - part:
                self._ask()
        if self.line.asks():
            self._ask()

    def _ask(self) -> None:
        self.queries += 1
        self.line.asked(WORD)
        there = self._send(WORD)
        if self.answers:
            self.at(there + self.trip / 2, self._answered)

    def held(self, presses: int = 60, hertz: float = 30.0) -> float:
        """Seconds after the last press of a held key until nothing comes any more."""
        begun = self.now
        for press in range(presses):
            self.at(begun + press / hertz + self.trip / 2, self.key)
        self.run()
        return self.arrived - (begun + (presses - 1) / hertz)

    def warm(self, first: int = 8000) -> Link:
        """Begin as the console does: a few modes, then the first board."""
        self.write(30)
        self.run(self.now + self.trip + 0.3)
        before, self.frame = self.frame, first
        self.key()
        self.run(self.now + first / self.rate + self.trip + 1)
        self.frame = before
        return self

    def _send(self, size: int) -> float:
        self._free = max(self._free, self.now) + size / self.rate
        self.queued = max(self.queued, self._free - self.now)
        there = self._free + self.trip / 2 + self._random.random() * self.jitter
        self.arrived = max(self.arrived, there)
        return there

    def _answered(self) -> None:
        self.line.answered()
        self._draw()

    def _draw(self) -> None:
        if not self._left and self.shown != self.state:
            self._left, self.shown = self.frame, self.state
        if not self._left:
            return
        wait = self.line.wait()
        if wait <= 0:
            most = self.line.piece()
            size = min(self._left, most) if most else self._left
            self._left -= size
            self.write(size)
            wait = self.line.wait()
        if (self._left or self.shown != self.state) and not self._polling:
            self._polling = True
            self.at(self.now + max(wait, 0.002), self._poll)

    def _poll(self) -> None:
        self._polling = False
        self._draw()


class Far(Link):
    """A login from far away: an answer that was held up holds up those behind it."""

    def _send(self, size: int) -> float:
        self.last = max(getattr(self, "last", 0.0), super()._send(size))
        self.arrived = max(self.arrived, self.last)
        return self.last


def worked_at(link: Link, turns: int = 40) -> Iterator[None]:
    """Boards are opened, steps pressed one by one, keys held."""
    pick = random.Random(99)
    for _ in range(turns):
        kind = pick.random()
        link.frame = pick.choice((250, 294, 307, 1212))
        if kind < 0.25:
            link.frame = pick.choice((1700, 2300, 4000, 6800, 9500))
            link.key()
            link.run(link.now + pick.uniform(0.8, 3))
        elif kind < 0.6:
            for _ in range(pick.randrange(3, 12)):
                link.key()
                link.run(link.now + pick.uniform(0.15, 0.5))
        else:
            link.held(pick.randrange(15, 60))
            link.run(link.now + 1)
        yield


class Packed(Far):
    """SSH between: what is written within a moment goes as one, and nothing of it is there before all of it is."""

    def __init__(self, *args: float, **options: float) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._pack: list[int] = []
        self._queries = 0

    def _send(self, size: int) -> float:
        if not self._pack:
            self.at(self.now + 0.002, self._go)
        self._pack.append(size)
        return self.now

    def _ask(self) -> None:
        self.queries += 1
        self.line.asked(WORD)
        self._send(WORD)
        self._queries += 1

    def _go(self) -> None:
        size, self._pack = sum(self._pack), []
        queries, self._queries = self._queries, 0
        there = super()._send(size)
        for _ in range(queries if self.answers else 0):
            self.at(there + self.trip / 2, self._answered)
