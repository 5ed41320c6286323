"""The alarm rules as data: parsed once from TOML into frozen records, each version dated.

The shipped text is ``data/rules.toml``; a city pack may bring its own. `rules_at` gives the version in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TypeVar

from sqlalchemy import Connection, select

from backend.alarms.rule_kinds import (
    PRIORITIES as PRIORITIES,
)
from backend.alarms.rule_kinds import (
    DayRule,
    ExcessRule,
    LimitRule,
    OfflineRule,
    PowerRule,
    Priority,
    QualityRule,
    Ring,
    RiseRule,
    Rule,
    StopRule,
    VehicleRule,
)
from backend.city.tables import RuleText
from backend.store import table

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Stand:
    """How long an alarm may stand without a value, and a shelf last."""

    lapse: int
    shelf_longest: int
    shelf_default: int
    window_longest: int
    """Seconds that a maintenance window may last."""
    again: int
    """Whole periods after the end of the work from which on what still exceeds rings again."""
    worse: frozenset[str]
    """Priorities that an acknowledged alarm rings again for when it rises to them."""


@dataclass(frozen=True, slots=True)
class Group:
    """The kinds of station that make one network of a region."""

    name: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Region:
    """Regional inhibition: when many exceed together, and what stands above them."""

    enter: float
    leave: float
    least: int
    counties: float
    ratio: float
    excess: Mapping[str, float]
    """Least excess over the median, by parameter."""
    priority: Priority
    incident: str
    groups: tuple[Group, ...]

    def group_of(self, kind: str) -> Group | None:
        """The network that a kind of station belongs to."""
        return next((group for group in self.groups if kind in group.kinds), None)


@dataclass(frozen=True, slots=True)
class Power:
    """What is known of every pair of power meters: when it runs, and what is usual for it."""

    production: str
    treatment: str
    total: str
    """The parameters' codes."""
    on_share: float
    """Of the rated power: above it a meter runs."""
    on_percentile: float
    """Of its own running history, where its rated power is not known."""
    lag: int
    """Seconds by which treatment may start later or stop earlier than production."""
    production_days: int
    treatment_days: int
    """How far back the usual load is looked for."""
    steps: int
    """Steps of production load for which the usual treatment is kept."""
    least: int
    """Values that a median needs."""
    renew: int
    """Seconds after which what is usual is made anew."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What orders do to alarms."""

    warning: str
    stop: str
    declared: str
    """The kinds of order: heavy-pollution warning, stop-work order, declared stop."""
    levels: tuple[str, ...]
    """Of a warning, rising."""
    stop_sources: frozenset[str]
    """The kinds of source that a stop-work order for a grid means."""
    quiet: frozenset[str]
    """The rules that do not ring for a source while it has declared a stop."""


@dataclass(frozen=True, slots=True)
class Damp:
    """When the air of a region is so humid that dust instruments count droplets."""

    parameter: str
    """The humidity's code."""
    above: float
    """The median of a county's stations, of the whole city's where it has none."""
    within: int
    """Seconds for which a value of it speaks."""
    rules: frozenset[str]
    """The rules, of dust alone, that do not ring then."""


@dataclass(frozen=True, eq=False)
class Rules:
    """One version of the rules."""

    version: int
    effective: date
    cadences: tuple[tuple[str, int], ...]
    ring: Ring
    recent: Mapping[str, int]
    stand: Stand
    priorities: tuple[tuple[float, Priority], ...]
    """(from which ratio to the threshold, priority), rising."""
    region: Region
    power: Power
    orders: Orders
    damp: Damp
    rules: tuple[Rule, ...]
    """Every rule of the file, those of other days too."""

    @cached_property
    def against_orders(self) -> frozenset[str]:
        """The rules that ring because an order is not kept, by code."""
        return frozenset(rule.code for rule in self.rules if rule.against == "order")

    def on(self, day: date) -> RulesOn:
        """The rules that hold on a day of the city."""
        return _on(self, day)

    def cadence(self, period: int) -> str:
        """The name of the cadence that a period belongs to."""
        return next((name for name, longest in self.cadences if period <= longest), self.cadences[-1][0])

    def priority(self, ratio: float) -> Priority:
        """The priority of a value so many times its threshold."""
        reached = [name for least, name in self.priorities if ratio >= least]
        return reached[-1] if reached else self.priorities[0][1]


class RulesOn:
    """The rules of one version that hold on one day, by what they do."""

    def __init__(self, version: Rules, on: date) -> None:
        self.version, self.on = version, on
        self._rules = tuple(rule for rule in version.rules if rule.holds(on))

    def _of(self, kind: type[R]) -> tuple[R, ...]:
        return tuple(rule for rule in self._rules if isinstance(rule, kind))

    @cached_property
    def limits(self) -> tuple[LimitRule, ...]:
        """Values against limits."""
        return self._of(LimitRule)

    @cached_property
    def rises(self) -> tuple[RiseRule, ...]:
        """Sudden rises."""
        return self._of(RiseRule)

    @cached_property
    def excesses(self) -> tuple[ExcessRule, ...]:
        """Far above the neighbours."""
        return self._of(ExcessRule)

    @cached_property
    def days(self) -> tuple[DayRule, ...]:
        """Exceedances of a day."""
        return self._of(DayRule)

    @cached_property
    def stops(self) -> tuple[StopRule, ...]:
        """Dust against a stop-work order."""
        return self._of(StopRule)

    @cached_property
    def qualities(self) -> tuple[QualityRule, ...]:
        """What the checks object to."""
        return self._of(QualityRule)

    @cached_property
    def powers(self) -> tuple[PowerRule, ...]:
        """Pairs of power meters."""
        return self._of(PowerRule)

    @cached_property
    def vehicles(self) -> tuple[VehicleRule, ...]:
        """Vehicles that passed."""
        return self._of(VehicleRule)

    @cached_property
    def offline(self) -> OfflineRule | None:
        """Silence."""
        return next(iter(self._of(OfflineRule)), None)


@lru_cache(maxsize=32)
def _on(version: Rules, on: date) -> RulesOn:
    return RulesOn(version, on)


def higher(one: str, other: str) -> Priority:
    """The more urgent of two priorities."""
    ranks = [PRIORITIES.index(name) if name in PRIORITIES else len(PRIORITIES) - 1 for name in (one, other)]
    return PRIORITIES[min(ranks)]


def shipped_text() -> str:
    """The rules that come with the product."""
    return files(__package__).joinpath("data", "rules.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def _parsed(text: str, version: int | None) -> Rules:
    from backend.alarms.rules_toml import parse

    return parse(text, version=version)


def shipped() -> Rules:
    """`shipped_text`, parsed."""
    return _parsed(shipped_text(), None)


def rules_at(conn: Connection, now: int) -> Rules:
    """The newest version of the city's rules that holds at an instant; the shipped ones where there is none.

    Every alarm keeps the number of the version that raised it: that of the row in ``rule_set``, where it has one.
    """
    texts = table(RuleText)
    row = conn.execute(
        select(texts.c.version, texts.c.text)
        .where(texts.c.effective <= now)
        .order_by(texts.c.effective.desc(), texts.c.version.desc())
        .limit(1)
    ).first()
    if row is None or not row.text.strip():
        return shipped()
    from backend.alarms.rules_toml import RulesFault

    try:
        return _parsed(row.text, row.version)
    except RulesFault:
        # The loader refuses such a text; were one there all the same, alarms must still ring.
        return shipped()
