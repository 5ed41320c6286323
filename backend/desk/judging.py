"""What a station's newest values amount to: a word for their state, the index, the class, the dust above others.

Pure functions over plain values; the tables that they judge by are those of `backend.standards`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from backend.standards import aqi

GOOD, SUSPECT, FAIL, MISSING = 1, 3, 4, 9
AIR_KINDS = frozenset({"air", "township_air"})
DUST_KINDS = frozenset({"road_dust", "site_dust"})
HOUR = 3600
INPUTS = frozenset(aqi.INPUTS) - {"o3_8h"}
"""What a station measures for the AQI; the 8-h mean of ozone is made of its hours."""


class Value(NamedTuple):
    """A station's newest reading of one parameter."""

    parameter: str
    value: float | None
    flag: int
    qualifier: str
    reason: str
    start: int
    period: int = 3600


@dataclass(frozen=True, slots=True)
class Air:
    """The AQI 空气质量指数 of one period."""

    index: int | None = None
    level: int = 0
    """1 to 6; 0 where there is none."""
    primary: tuple[str, ...] = ()
    sub: Mapping[str, int | None] = field(default_factory=dict)
    """Sub-index IAQI by parameter."""


@dataclass(frozen=True, slots=True)
class Water:
    """The class 水质类别 of a section's newest sample."""

    grade: int = 0
    """1 to 5, 6 worse than V; 0 where there is none."""
    target: int = 0
    """The class that it must keep; 0 where the city names none."""
    deciding: tuple[str, ...] = ()
    exceeded: tuple[str, ...] = ()
    """Parameters beyond the target."""


def state_of(values: Iterable[Value], *, in_service: bool, placed: bool, period: int, now: int) -> str:
    """One word for what a station's newest readings are worth.

    ``good``, ``suspect``, ``invalid`` (came and does not count), ``no_value`` (came without a value), ``silent``
    (nothing came), ``off`` (out of service), ``unplaced``: the three absences are different faults.
    """
    if not placed:
        return "unplaced"
    if not in_service:
        return "off"
    newest = list(values)
    if not newest:
        return "silent"
    start = max([value.start for value in newest])
    # A value is due when its period has ended, and feeds are given one period and a half more.
    if now - start > 2.5 * period + 600:
        return "silent"
    flags = {value.flag for value in newest if value.start == start}
    if flags == {GOOD}:
        return "good"
    if flags == {MISSING}:
        return "no_value"
    present = flags - {MISSING}
    if present == {GOOD}:
        return "good"
    return "invalid" if min(present) >= FAIL else "suspect"


def air(values: Mapping[str, Value], newest: int | None, day: date, unmonitored: Collection[str] = ()) -> Air:
    """The real-time AQI of the newest period, of its good values alone.

    ``unmonitored`` is never measured there: it does not hold the index back (HJ 633-2026 5.3.2), as a value does
    that should have come.
    """
    good = {
        code: value.value
        for code, value in values.items()
        if value.flag == GOOD and value.start == newest and value.value is not None and value.value >= 0
    }
    if not good:
        return Air()
    never = {*unmonitored, "o3_8h"} if "o3" in unmonitored else unmonitored
    result = aqi.realtime(good, day, unmonitored=never)
    level = result.level.number if result.level else 0
    return Air(result.aqi, level, tuple(result.primary), result.sub)


def water_class(values: Mapping[str, Value], target: str, day: date) -> Water:
    """The class of the newest sample; only good values are judged. A section that names no body is a river's."""
    newest = max((value.start for value in values.values()), default=None)
    good = {
        code: value.value
        for code, value in values.items()
        if value.flag == GOOD and value.start == newest and value.value is not None and value.value >= 0
    }
    # Only where there is water: the first board is one of air, and need not load the rules.
    from backend.alarms.thresholds import water_target
    from backend.standards import water

    aim, body = water_target(target) or (0, "river")
    if not good:
        return Water(target=aim)
    result = water.classify(good, body, day, target=aim or 5)
    return Water(result.grade or 0, aim, tuple(result.deciding), tuple(result.exceeded) if aim else ())


def above(value: Value | None, county: float | None) -> float | None:
    """How far a dust value stands above the county's mean of the same hour; None where that can't be told."""
    if value is None or value.value is None or value.flag != GOOD or county is None:
        return None
    return value.value - county
