"""The numbers of source tracing, from ``analysis/data/sources.toml``: dated, each with its reason there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WindNumbers:
    """How wind is read."""

    calm: float
    """m/s below which a wind tells no direction 静风."""
    gust_hour: float
    gust_minute: float
    """m/s across the mean wind, within an hour and within a minute."""
    turn_station: float
    turn_gridded: float
    """Degrees by which the wind at a place may be turned against what is measured near by."""
    slowest: float
    bridge: int
    nearest: float
    oldest_hours: float


@dataclass(frozen=True, slots=True)
class FootprintNumbers:
    """How air is followed back."""

    reach: float
    first: float
    growth: float
    size: float
    size_metres: float
    mixed_first: float
    mixed_part: float
    mixed_slope: float
    mixed_most: float
    turnover: float
    before: float


@dataclass(frozen=True, slots=True)
class LocateNumbers:
    """How hypotheses are weighed."""

    block_seconds: int
    blocks: int
    most_blocks: int
    temper: float
    shared: float
    gusty: float
    astray: float
    tail: float
    least_scatter: float
    rate_slope: float
    rates: int
    rates_city: int
    rate_low: float
    rate_high: float
    unknown: float
    beside: float
    nothing: float
    nothing_unheard: float
    failing: float
    steady: float
    quiet: float
    quiet_slope: float
    quiet_most: float
    unlike: float
    unlike_still: float
    unknown_still: float
    cells: int
    cells_city: int
    turns: tuple[float, ...]
    turns_city: tuple[float, ...]
    turn_spread: float
    margin: float
    near: float
    heard: float
    stations: int
    sites: int
    own_share: float
    own_wide: float
    most: int
    most_city: int
    stretch: float
    told_city: int
    samples: int


@dataclass(frozen=True, slots=True)
class IncrementNumbers:
    """What stands above the background."""

    quantile: float
    own_quantile: float
    lead: int
    lead_seconds: int
    spell: int
    start_share: float


@dataclass(frozen=True, slots=True)
class CpfNumbers:
    """The direction tables."""

    percentile: float
    sectors: int
    least: int
    speeds: tuple[float, ...]
    days: int
    most_periods: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """All of them."""

    effective: str
    wind: WindNumbers
    footprint: FootprintNumbers
    locate: LocateNumbers
    increment: IncrementNumbers
    cpf: CpfNumbers


def _made(kind: type[T], table: Mapping[str, Any]) -> T:
    wanted = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: _frozen(table[name]) for name in wanted})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@cache
def raw() -> Mapping[str, Any]:
    """The file as it is."""
    text = files("backend.analysis").joinpath("data/sources.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def numbers() -> Numbers:
    """The numbers in force."""
    found = raw()
    return Numbers(
        str(found["effective"]),
        _made(WindNumbers, found["wind"]),
        _made(FootprintNumbers, found["footprint"]),
        _made(LocateNumbers, found["locate"]),
        _made(IncrementNumbers, found["increment"]),
        _made(CpfNumbers, found["cpf"]),
    )
