"""What a limit of the rules comes to for one station: numbers asked of the standards room, once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from backend.alarms.rule_kinds import Limit
from backend.standards import aqi, dust, limits, water
from backend.standards.levels import levels

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_FULL_WIDTH = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V"})


@dataclass(frozen=True, slots=True)
class Threshold:
    """The bounds of one parameter at one station; a value equal to a bound keeps it."""

    high: float | None
    low: float | None
    clause: str
    less_background: bool = False
    """The county's mean is taken off before the value is held against the bound."""
    decimals: int | None = None
    """The value is rounded to so many decimals first (GB/T 8170, half to even), as the index would."""

    def ratio(self, value: float, background: float = 0.0) -> float:
        """How many times the bound the value is; above 1 it is beyond it."""
        if self.decimals is not None:
            value = round(value, self.decimals)
        found = 0.0
        if self.high is not None:
            found = (value - background) / self.high
        if self.low is not None:
            # Below a least amount: so many times too little.
            under = self.low / value if value > 0 else float(1 << 20)
            found = max(found, under) if value < self.low else found
        return round(found, 9)

    @property
    def bound(self) -> float | None:
        """The number to show as the limit."""
        return self.high if self.high is not None else self.low


@lru_cache(maxsize=4096)
def threshold(limit: Limit, target: str, on: date) -> Threshold | None:
    """What a limit means on a day for a station with this target; None where the standard has none.

    Args:
        target: the station's own target: a water section's class (``III``, ``3``, with ``lake`` or 湖 for lakes
            and reservoirs), a dust site's rule.
    """
    if limit.basis in ("above", "below"):
        number = float(limit.value)
        above = limit.basis == "above"
        return Threshold(number if above else None, None if above else number, "")
    if limit.basis == "gb3095":
        averaging = cast(limits.Averaging, limit.value)
        found = limits.limit(limit.parameter, averaging, on)
        return (
            None
            if found is None
            else Threshold(float(found.value()), None, f"{found.standard} {found.clause}")
        )
    if limit.basis == "aqi_level":
        return _by_level(limit.parameter, int(float(limit.value)), on)
    if limit.basis == "dust":
        return _by_dust(limit, target)
    return _by_class(limit.parameter, target, on)


def _by_level(parameter: str, number: int, on: date) -> Threshold | None:
    """The last concentration whose real-time sub-index lies below an AQI level."""
    edition = aqi.edition_for(on)
    line = next((item for item in aqi.items(edition.name, "realtime") if item.pollutant == parameter), None)
    level = next((one for one in levels(edition.name) if one.number == number), None)
    if line is None or level is None:
        return None
    table = next(name for key, name in line.reads if key == parameter)
    column = aqi.breakpoints(edition.name, table)
    steps = 10**column.decimals
    low, high = 0, column.points[-1][1]
    while low < high:
        middle = (low + high) // 2
        index = aqi.sub_index(edition.name, table, middle / steps)
        if index is None or index >= level.low:
            high = middle
        else:
            low = middle + 1
    return Threshold((low - 1) / steps, None, column.clause, decimals=column.decimals)


def _by_dust(limit: Limit, target: str) -> Threshold | None:
    names = [target, str(limit.value)] if target else [str(limit.value)]
    for name in names:
        try:
            rule = dust.rule_named(name)
        except KeyError:
            continue
        if rule.parameter == limit.parameter:
            below = rule.basis == "above_county"
            return Threshold(float(rule.limit), None, rule.clause, less_background=below)
    return None


def water_target(target: str) -> tuple[int, water.Body] | None:
    """The class and body of water that a section's target names, None where it names none."""
    text = target.translate(_FULL_WIDTH).upper()
    body: water.Body = "lake" if "LAKE" in text or "湖" in text else "river"
    found = re.search(r"\b(IV|V|I{1,3}|[1-5])(?![IVX0-9])", text)
    if found is None:
        return None
    return _ROMAN.get(found[1]) or int(found[1]), body


def _by_class(parameter: str, target: str, on: date) -> Threshold | None:
    aim = water_target(target)
    found = None if aim is None else water.water_limit(parameter, aim[1], on)
    if aim is None or found is None:
        return None
    low, high = map(float, found.classes[aim[0] - 1])
    if found.sense == "within":
        return Threshold(high, low, found.clause)
    return (
        Threshold(None, low, found.clause) if found.sense == "least" else Threshold(high, None, found.clause)
    )
