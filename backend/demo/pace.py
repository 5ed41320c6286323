"""The replay's time: as fast as was asked for, and no faster than this machine keeps up with.

One hand moves both clocks, the city's and the console's, so that neither sees the other's future. At an hour a second
a small machine is still storing one hour when the next is over; the hand then waits, rather than let the city run away
from a console that takes its silence for a fault.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from backend.clock import ManualClock, ScaledClock
from backend.demo.side import Side
from backend.feeds.fault import FeedError
from backend.feeds.tables import Feed, FeedHealth
from backend.store import Store, table

FEED, HEALTH = table(Feed), table(FeedHealth)
AHEAD = 300
"""Seconds of the city that its time may be ahead of a poll that is due: what is silent for half an hour is offline."""
STEP = 15
"""Seconds of the city that the hand moves at once where it can: the screens show minutes."""
SHORTEST, LONGEST = 0.25, 5.0
"""Real seconds between two moves."""
WINDOW = 10.0
"""Real seconds over which it is judged how fast the time passes."""
SLOWED = 0.9
"""The share of the speed asked for under which the screens say how fast it is."""


@dataclass
class Hand(ManualClock):
    """The hand of a replay's clock."""

    slowed: float = 0.0
    """Seconds of the city in a real one, where they are fewer than was asked for; 0 where not."""


@dataclass(frozen=True)
class PacedClock(ScaledClock):
    """A replay's clock that is moved by a `Pacer`; whoever asks for its speed is told what was asked for."""

    hand: Hand = field(default_factory=lambda: Hand(0))

    def now(self) -> int:
        """Where the hand stands."""
        return self.hand.now()

    def slowed(self) -> float:
        """How fast it goes, where this machine does not keep up with what was asked."""
        return self.hand.slowed


class Pacer:
    """Moves the hand, in a thread of its own, from `start` to `stop`."""

    def __init__(self, store: Store, clock: PacedClock, side: Side) -> None:
        self._store = store
        self._clock = clock
        self._side = side
        self._waits: int | None = None
        self._wished = self._moved = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pacer", daemon=True)

    def start(self) -> None:
        """Let time run."""
        self._thread.start()

    def stop(self) -> None:
        """Let time stand still, for good."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def move(self, seconds: float) -> float:
        """Move by so many real seconds' worth; gives what is left of them for the next time."""
        step = int(seconds * self._clock.speed)
        hand = self._clock.hand
        to = max(hand.at, min(hand.at + step, self._limit()))
        # While it waits for a push it must ask how that goes.
        if to > hand.at or self._waits is not None:
            self._waits = None
            # A city that no longer answers shows as failing feeds; time goes on.
            with contextlib.suppress(FeedError):
                self._waits = self._side.move(to)
            self._moved += to - hand.at
            hand.at = to
        self._wished += step
        if self._wished >= WINDOW * self._clock.speed:
            share = self._moved / self._wished
            hand.slowed = 0.0 if share >= SLOWED else share * self._clock.speed
            self._wished = self._moved = 0
        return seconds - step / self._clock.speed

    def _limit(self) -> int:
        """How far the time may go: a little beyond the poll, or the push on its way, that has waited longest."""
        waits = (
            select(func.min(HEALTH.c.next_at))
            .select_from(HEALTH)
            .join(FEED, FEED.c.id == HEALTH.c.feed)
            .where(FEED.c.enabled, FEED.c.every > 0)
        )
        with self._store.read() as connection:
            due = connection.execute(waits).scalar_one_or_none()
        oldest = [at for at in (due, self._waits) if at is not None]
        return int(min(oldest, default=self._clock.hand.at)) + AHEAD

    def _run(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        pause = min(LONGEST, max(SHORTEST, STEP / self._clock.speed))
        before, left = monotonic(), 0.0
        while not self._ended.wait(pause):
            after = monotonic()
            left = self.move(after - before + left)
            before = after
