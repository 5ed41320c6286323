"""The kinds of alarm rule as frozen records, each with what it needs; the file that they are read from is dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Priority = Literal["critical", "high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("critical", "high", "medium", "low")
"""Most urgent first."""
Against = Literal["limit", "order"]
"""What a rule holds a value against: a number, a neighbour, what is usual; or an order that is not kept."""
LimitBasis = Literal["above", "below", "gb3095", "aqi_level", "gb3838", "dust"]
PowerCheck = Literal["untreated", "slack", "load", "stop", "bypass"]


@dataclass(frozen=True, slots=True)
class Ring:
    """When an alarm rings and clears (design, decision 8)."""

    hits: int
    of: int
    at_once: float
    clean: int
    within: int


@dataclass(frozen=True, slots=True)
class Limit:
    """One threshold of a limit rule."""

    parameter: str
    cadence: str
    basis: LimitBasis
    value: float | str
    """A number for ``above``, ``below`` and ``aqi_level``; else what the standard is asked for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What every rule has."""

    code: str
    stations: frozenset[str]
    """The kinds of station that it looks at."""
    incident: str
    """The type of the incident that it opens."""
    incident_of: Mapping[str, str]
    """Another type for some kinds of station."""
    priority: Priority | None
    """None: by how far the value is above its threshold."""
    source: str
    """Where its numbers come from."""
    valid_from: date | None
    """The first day on which it holds; None: since ever."""
    valid_to: date | None
    """The first day on which it holds no more; None: for ever."""
    ring: Ring | None
    """When it rings, where that is other than the file's ``ring``."""
    against: Against
    """``order``: it rings because an order is not kept 违反指令, which says more than a value that is too high."""

    def incident_for(self, kind: str) -> str:
        """The type of incident at a kind of station."""
        return self.incident_of.get(kind, self.incident)

    def holds(self, on: date) -> bool:
        """Whether the rule holds on a day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Feed:
    """When many stations of a feed do the same it is the feed: one alarm."""

    code: str
    share: float
    least: int
    priority: Priority


@dataclass(frozen=True, slots=True)
class LimitRule(Rule):
    """A value above (or below) a limit 超标."""

    limits: tuple[Limit, ...]
    regional: bool
    background: tuple[str, ...]
    """The kinds whose county mean is taken off first; the first kind with values counts."""


@dataclass(frozen=True, slots=True)
class RiseRule(Rule):
    """A sudden rise 突升."""

    cadence: str
    amount: Mapping[str, float]
    floor: Mapping[str, float]
    share: float
    lead: float


@dataclass(frozen=True, slots=True)
class ExcessRule(Rule):
    """Far above its neighbours 空间高值."""

    cadence: str
    amount: Mapping[str, float]
    ratio: float
    least: int
    method: Literal["mean", "robust"]
    """``mean``: so many times the mean of the others; ``robust``: so many scaled deviations from the median."""
    z: float


@dataclass(frozen=True, slots=True)
class DayRule(Rule):
    """More exceedances in a civil day than its dust rule allows 当日超标次数."""

    limit: Limit
    background: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopRule(Rule):
    """Dust above the county's background while a stop-work order holds 停工期间扬尘."""

    cadence: str
    amount: Mapping[str, float]
    """Least excess over the county's mean, by parameter."""
    background: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualityRule(Rule):
    """Readings that the checks object to: the instrument, not the air."""

    reasons: frozenset[str]
    at_once: bool
    feed: Feed | None
    """One alarm for a feed of which many stations show it together; None: each rings."""


@dataclass(frozen=True, slots=True)
class OfflineRule(Rule):
    """Nothing received 离线; a whole feed's silence is one alarm."""

    after: Mapping[str, int]
    """Seconds after the end of the last period, by cadence."""
    after_of: Mapping[str, Mapping[str, int]]
    """Other times for some kinds of station."""
    priority_of: Mapping[str, Priority]
    feed: Feed

    def patience(self, kind: str, cadence: str) -> int | None:
        """After how many seconds a kind of station counts as silent; None: never."""
        return self.after_of.get(kind, {}).get(cadence, self.after.get(cadence))


@dataclass(frozen=True, slots=True)
class PowerRule(Rule):
    """One look at a pair of power meters 用电监控, production beside treatment."""

    check: PowerCheck
    last: int
    """Seconds for which it must be so."""
    share: float
    """Of the usual: what is less (``slack``) counts."""
    allowed: Mapping[str, Mapping[str, float]]
    """By the warning's level and the source's grade: per cent of the usual load that may run (``load``)."""
    plan: Mapping[str, Mapping[str, float]]
    """The same for single sources, by their own plan 一厂一策: by source and level."""


@dataclass(frozen=True, slots=True)
class VehicleRule(Rule):
    """The same pollutant beyond its limit in consecutive passages of one vehicle 遥感监测连续超标."""

    above: Mapping[str, float]
    """Limit by parameter."""
    consecutive: int
    months: int
    """Calendar months in which they must lie."""
    fuels: frozenset[str]
    """Fuels for which the limits are made; a vehicle whose fuel nobody knows is held against them too."""
