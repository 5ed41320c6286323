"""How fast a feed may be asked, and how long it is left alone after a failure.

What waits, what rolls dice and what tells real time is handed in, so that tests need none of them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

BASE = 30
"""Seconds: the first back-off is somewhere between nothing and this."""
CEILING = 3600
"""Seconds: no back-off is longer unless the upstream asks for it."""
LONGEST_WAIT = 86_400
"""Seconds: a Retry-After beyond this is not believed."""
OPENS_AFTER = 5
"""Failed polls in a row after which the circuit opens."""
COOLDOWN = 900
"""Seconds that the circuit stays open the first time; doubled each time the trial poll fails."""
FLOOR = 5
"""Seconds between a failed poll and the next at the least."""


@dataclass(frozen=True)
class Pace:
    """What waits, tells real time and rolls dice."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    """The machine's own clock: HTTP dates are real ones also while a replay runs."""
    dice: Callable[[], float] = field(default_factory=lambda: random.random)
    """Evenly between 0 and 1."""


def back_off(failures: int, every: int, dice: float, wait: int | None = None) -> int:
    """Seconds until the next poll after ``failures`` failed ones in a row.

    Exponential with full jitter (a fleet of centres must not come back in step); what the upstream
    asked for (Retry-After, rate headers) is the least. Once the circuit is open, its cooldown is the least.
    """
    ceiling = min(CEILING, max(every, BASE), BASE * 2 ** min(max(failures - 1, 0), 20))
    delay = int(ceiling * dice)
    if failures >= OPENS_AFTER:
        cooldown = min(COOLDOWN * 2 ** min(failures - OPENS_AFTER, 5), 4 * CEILING)
        delay = cooldown + int(cooldown * dice / 4)
    asked = min(wait, LONGEST_WAIT) if wait is not None else 0
    return max(FLOOR, delay, asked)
