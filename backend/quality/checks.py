"""The checks that look at one value by itself, made once for each parameter and period."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from backend.quality import reasons
from backend.standards.flags import Flag, of_device
from backend.standards.ranges import Range, range_of

HOUR = 3600
_ENDLESS = float("inf")


class ParameterLike(Protocol):
    """What the checks must know of a parameter of the city; its own bounds go before the standard's."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def suspect_above(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Inversion:
    """A part that can't exceed its whole."""

    part: str
    whole: str
    amount: float
    share: float

    def broken(self, part: float, whole: float) -> bool:
        """Whether the part exceeds the whole by more than the tolerance."""
        return part > whole + max(self.amount, self.share * whole)


@dataclass(frozen=True, slots=True)
class Limits:
    """One parameter's bounds and flat-line rule at one period."""

    plain_low: float
    plain_high: float
    """Between these two a value needs no second look."""
    low: float
    """Below it: invalid."""
    zero: float
    """Below it, but not below ``low``: zero drift or unusually low."""
    usual: float
    """Above it: suspect."""
    high: float
    """Above it: invalid."""
    flat: int
    """So many equal values in a row are a flat line; 0 where the rule does not hold."""
    flat_floor: float
    late: int
    """Seconds after the period's end."""

    def reason(self, value: float) -> str:
        """The code that the range check gives a value, empty where it is unremarkable; NaN is out of range."""
        if self.plain_low <= value <= self.plain_high:
            return ""
        if not self.low <= value <= self.high:
            return reasons.RANGE
        if value < self.zero:
            return reasons.DRIFT if value < 0 else reasons.LOW
        return reasons.HIGH


@dataclass(frozen=True, slots=True)
class Checks:
    """The numbers of ``data/checks.toml``."""

    version: int
    effective: date
    future: int
    late: Mapping[str, int]
    flat_least: int
    flat_longest: int
    flat_floor: Mapping[str, float]
    flat_own: float
    """Hours of one value that are a flat line of a parameter that the standard does not know, or in a unit of its
    own."""
    flat_own_floor: float
    inversions: tuple[Inversion, ...]
    cadences: tuple[tuple[str, int], ...]
    """(name, longest period), shortest first."""

    def cadence(self, period: int) -> str:
        """The cadence that a period goes by: minute, hour, hours4 or day."""
        return next((name for name, longest in self.cadences if period <= longest), self.cadences[-1][0])

    def limits(self, parameter: ParameterLike, period: int) -> Limits:
        """The bounds of a parameter: the city pack's where it has its own, else the standard range's."""
        standard = range_of(parameter.code)
        own = standard is None or (parameter.unit != "" and standard.unit != parameter.unit)
        if standard is not None and own:
            # The city keeps it in a unit of its own: only the city's bounds can be meant.
            standard = replace(
                standard,
                fail_low=None,
                fail_high=None,
                suspect_low=None,
                suspect_high=None,
                unit=parameter.unit,
            )
        low, zero = _low(parameter, standard)
        usual = _first(parameter.suspect_above, None if standard is None else standard.suspect_high, _ENDLESS)
        high = _first(parameter.high, None if standard is None else standard.fail_high, _ENDLESS)
        return Limits(
            plain_low=max(low, zero),
            plain_high=min(usual, high),
            low=low,
            zero=zero,
            usual=usual,
            high=high,
            flat=self._flat(standard, parameter, period, own=own),
            flat_floor=self.flat_own_floor if own else self.flat_floor.get(parameter.code, -_ENDLESS),
            late=self.late.get(self.cadence(period), HOUR),
        )

    def _flat(self, standard: Range | None, parameter: ParameterLike, period: int, *, own: bool) -> int:
        hours = None if standard is None else standard.flat_hours
        if own:
            # What the standard never holds to be flat, such as a wind's direction, is not flat in another unit either.
            named = standard is not None and standard.flat_hours is None
            hours = self.flat_own if parameter.unit and not named else None
        if hours is None or not 0 < period <= self.flat_longest:
            return 0
        return max(self.flat_least, math.ceil(hours * HOUR / period))

    def verdict(
        self, limits: Limits, start: int, period: int, value: float | None, device: str, now: int, asked: int
    ) -> tuple[int, str]:
        """Flag and reason of one value by itself; ``asked`` is when its feed was last heard of before."""
        codes = []
        if value is None:
            codes.append(reasons.NO_VALUE)
        elif found := limits.reason(value):
            codes.append(found)
        if device and of_device(device) is not Flag.GOOD:
            codes.append(reasons.device_code(device))
        if start > now + self.future:
            codes.append(reasons.FUTURE)
        elif start + period > now + self.future:
            codes.append(reasons.EARLY)
        elif asked - start - period > limits.late:
            codes.append(reasons.LATE)
        reason = " ".join(sorted(codes))
        return int(reasons.flag_of(reason) or Flag.GOOD), reason


def _first(*candidates: float | None) -> float:
    return next(one for one in candidates if one is not None)


def _low(parameter: ParameterLike, standard: Range | None) -> tuple[float, float]:
    """(below it invalid, below it suspect); a pack that says 0 still lets zero drift be told apart."""
    fail = _first(None if standard is None else standard.fail_low, -_ENDLESS)
    suspect = _first(None if standard is None else standard.suspect_low, fail)
    if parameter.low is None:
        return fail, max(fail, suspect)
    own = parameter.low
    drifts = own <= 0 and math.isfinite(fail)
    return (min(fail, own) if drifts else own), max(own, suspect)


@cache
def load_checks() -> Checks:
    """The checks that the product ships."""
    text = files(__package__).joinpath("data", "checks.toml").read_text(encoding="utf-8")
    return parse_checks(tomllib.loads(text))


def parse_checks(data: Mapping[str, Any]) -> Checks:
    """Checks from the table of a TOML file."""
    return Checks(
        version=int(data["version"]),
        effective=data["effective"],
        future=int(data["clock"]["future"]),
        late=dict(data["clock"]["late"]),
        flat_least=int(data["flat"]["least"]),
        flat_longest=int(data["flat"]["longest_period"]),
        flat_floor=dict(data["flat"]["floor"]),
        flat_own=float(data["flat"]["own"]["hours"]),
        flat_own_floor=float(data["flat"]["own"]["floor"]),
        inversions=tuple(
            Inversion(one["part"], one["whole"], float(one["amount"]), float(one["share"]))
            for one in data["inversion"]
        ),
        cadences=tuple(sorted(data["cadence"].items(), key=lambda pair: int(pair[1]))),
    )
