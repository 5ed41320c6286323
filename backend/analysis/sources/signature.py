"""The signature of an episode: what rises together, held against what kinds of sources give off together.

The five-pollutant feature radar 五因子特征雷达 (PM10, PM2.5, SO2, NO2, CO) says which of them stands out beside the
others; ratios to PM2.5 are compared with the profiles of ``data/profiles.toml``. A pollutant that is dead or missing
is left out of both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

from backend.analysis.sources.reasons import Reason, reason

FIVE = ("pm10", "pm25", "so2", "no2", "co")
"""The factors of the radar, in its order."""
_UNIT = {"co": 1000.0}
"""Micrograms in the unit that a parameter is counted in."""
Ratio = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a kind of source gives off beside one part of PM2.5."""

    kinds: tuple[str, ...]
    industries: tuple[str, ...]
    ratios: Mapping[str, Ratio]
    """By parameter: the ratio, and the deviation of its logarithm."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """The data file."""

    effective: str
    common: Mapping[str, Ratio]
    entries: tuple[Profile, ...]
    temper: float
    most: float
    mixed: float
    """The part of a works' episodes that look like those of works at large."""

    def of(self, kind: str, industry: str) -> Profile | None:
        """The profile of a source; that of its industry before that of its kind."""
        for entry in self.entries:
            named = not entry.industries or any(word in industry for word in entry.industries)
            if kind in entry.kinds and named:
                return entry
        return None


@dataclass(frozen=True, slots=True)
class Rise:
    """By how much a pollutant rose at the station, and the scatter of a quiet time."""

    above: float
    scatter: float
    value: float
    usual: float
    """The mean of the window, and what is usual: the network's median then."""


@dataclass(frozen=True, slots=True)
class Factor:
    """An arm of the radar: 1 where a pollutant stands out as much as the five do on average."""

    parameter: str
    value: float | None
    """None where it is not measured."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What rises together at a station."""

    factors: tuple[Factor, ...]
    kind: str
    """What stands out: coarse, fine, coal, vehicle, combustion, even, or empty where too little is known."""
    ratios: Mapping[str, tuple[float, float]]
    """To PM2.5 by mass: the logarithm, and its uncertainty."""
    dead: tuple[str, ...]
    """Factors that are not measured, or say nothing."""


@cache
def profiles() -> Profiles:
    """The profiles in force."""
    raw = tomllib.loads(files("backend.analysis").joinpath("data/profiles.toml").read_text("utf-8"))

    def ratios(table: Mapping[str, object]) -> dict[str, Ratio]:
        return {
            name: (value[0], value[1])
            for name, value in table.items()
            if isinstance(value, list) and name in FIVE
        }

    entries = tuple(
        Profile(tuple(one["kinds"]), tuple(one.get("industries", ())), ratios(one)) for one in raw["profile"]
    )
    weight = raw["weight"]
    return Profiles(
        str(raw["effective"]),
        ratios(raw["common"]),
        entries,
        weight["temper"],
        weight["most"],
        weight["mixed"],
    )


def signature(rises: Mapping[str, Rise]) -> Signature:
    """The signature of what rose; empty where fewer than two pollutants are known."""
    shares = {
        name: rises[name].value / rises[name].usual
        for name in FIVE
        if name in rises and rises[name].usual > 0 and rises[name].value > 0
    }
    mean = sum(shares.values()) / len(shares) if shares else 0.0
    factors = tuple(Factor(name, shares[name] / mean if name in shares and mean else None) for name in FIVE)
    dead = tuple(name for name in FIVE if name not in shares)
    return Signature(factors, _stands_out(shares, mean) if len(shares) >= 3 else "", _ratios(rises), dead)


def _stands_out(shares: Mapping[str, float], mean: float) -> str:
    high = {name for name, share in shares.items() if share > 1.15 * mean}
    if not high:
        return "even"
    if "so2" in high and shares["so2"] >= max(shares[name] for name in high):
        return "coal"
    if "no2" in high and shares["no2"] >= max(shares[name] for name in high):
        return "vehicle"
    if "co" in high and "pm10" not in high:
        return "combustion"
    return "coarse" if "pm10" in high and "pm25" not in high else "fine"


def _ratios(rises: Mapping[str, Rise]) -> dict[str, tuple[float, float]]:
    base = rises.get("pm25")
    if base is None or base.above <= base.scatter:
        return {}
    found = {}
    for name in FIVE:
        rise = rises.get(name)
        if name == "pm25" or rise is None or rise.value <= 0:
            continue
        unit = _UNIT.get(name, 1.0)
        # What does not stand out of its scatter is no more than that.
        level = max(rise.above, 0.5 * rise.scatter, 1e-6)
        doubt = (rise.scatter / level) ** 2 + (base.scatter / base.above) ** 2
        found[name] = (log(level * unit / base.above), min(doubt, 4.0) ** 0.5)
    return found


def compare(found: Signature, kind: str, industry: str) -> float:
    """How many times likelier the signature makes a source of a kind (natural logarithm, discounted)."""
    told = profiles()
    profile = told.of(kind, industry)
    if profile is None or not found.ratios:
        return 0.0
    fits = told.temper * _against_common(found, profile, told)
    at_large = told.of(kind, "")
    if profile.industries and at_large is not None:
        # A foundry has a boiler and lorries too.
        other = told.temper * _against_common(found, at_large, told)
        fits = log((1 - told.mixed) * exp(fits) + told.mixed * exp(other))
    return max(-told.most, min(told.most, fits))


def _against_common(found: Signature, profile: Profile, told: Profiles) -> float:
    return sum(
        _density(value, doubt, profile.ratios[name]) - _density(value, doubt, told.common[name])
        for name, (value, doubt) in found.ratios.items()
        if name in profile.ratios and name in told.common
    )


def _density(value: float, doubt: float, ratio: Ratio) -> float:
    spread = (ratio[1] ** 2 + doubt**2) ** 0.5
    off = (value - log(ratio[0])) / spread
    return -2.5 * log(1 + off * off / 4.0) - log(spread)


def told(found: Signature, kind: str, industry: str, weight: float) -> list[Reason]:
    """The signature as evidence about a source: the ratio that speaks most clearly."""
    profile = profiles().of(kind, industry)
    if profile is None or abs(weight) < 0.05:
        return []
    clear: Sequence[tuple[float, str]] = sorted(
        (
            (
                abs(
                    _density(*found.ratios[name], profile.ratios[name])
                    - _density(*found.ratios[name], common)
                ),
                name,
            )
            for name, common in profiles().common.items()
            if name in found.ratios and name in profile.ratios
        ),
        reverse=True,
    )
    if not clear:
        return []
    name = clear[0][1]
    seen, expected = exp(found.ratios[name][0]), profile.ratios[name][0]
    code = "signature.fits" if weight > 0 else "signature.differs"
    return [reason(code, weight, parameter=name, seen=f"{seen:.2g}", expected=f"{expected:.2g}")]
