"""The clock that is injected everywhere, so that a test or a replay moves it.

Every instant in the product is a whole number of seconds since 1970-01-01 UTC (``int``); a period of a
reading is named by its start. Only what is shown to a person is turned into the city's zone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol

_HOUR = 3600


class Clock(Protocol):
    """Tells the time, in whole seconds UTC."""

    def now(self) -> int:
        """The present instant, epoch seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return int(time.time())


@dataclass
class ManualClock:
    """A clock that stands still until it is moved."""

    at: int

    def now(self) -> int:
        return self.at

    def move(self, seconds: int) -> int:
        """Move forward (or back, where a test wants a clock jump); returns the new instant."""
        self.at += seconds
        return self.at


@dataclass(frozen=True)
class ScaledClock:
    """A replay's clock: from ``origin`` on, ``speed`` seconds of the replay pass in each real second."""

    origin: int
    """The replay's instant at ``started``."""
    started: float
    """The real instant (epoch seconds) at which the replay stood at ``origin``."""
    speed: float
    wall: Callable[[], float] = time.time

    def now(self) -> int:
        return self.origin + int((self.wall() - self.started) * self.speed)

    def slowed(self) -> float:
        """Seconds of the replay that pass in a real one, where they are fewer than was asked for; 0 where not."""
        return 0.0


def begun(at: int, step: int, zone: tzinfo) -> int:
    """When the step that holds an instant began, by the clocks of a zone.

    Where a zone lies half or three quarters of an hour beside UTC (India, Nepal, Adelaide), so do its hours: they begin
    at UTC's half or quarter. Steps longer than an hour begin at one of the zone's hours.

    Args:
        step: seconds.
    """
    return at - (at + _beside(zone)) % step


@lru_cache(maxsize=32)
def _beside(zone: tzinfo) -> int:
    """By how many seconds a zone's hours begin before those of UTC, in its standard time."""
    winter = datetime(2020, 1, 1, tzinfo=zone)
    east = (winter.utcoffset() or timedelta()) - (winter.dst() or timedelta())
    return int(east.total_seconds()) % _HOUR
