"""The alarm rules as data: parsed once from TOML into frozen records, each version dated.

The shipped text is ``data/rules.toml``; a city pack may bring its own. `rules_at` gives the version in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from sqlalchemy import Connection, select

from backend.city.tables import RuleText
from backend.store import table

Priority = Literal["critical", "high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("critical", "high", "medium", "low")
"""Most urgent first."""
LimitBasis = Literal["above", "below", "gb3095", "aqi_level", "gb3838", "dust"]


@dataclass(frozen=True, slots=True)
class Ring:
    """When an alarm rings and clears (design, decision 8)."""

    hits: int
    of: int
    at_once: float
    clean: int
    within: int


@dataclass(frozen=True, slots=True)
class Stand:
    """How long an alarm may stand without a value, and a shelf last."""

    lapse: int
    shelf_longest: int
    shelf_default: int


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

    def incident_for(self, kind: str) -> str:
        """The type of incident at a kind of station."""
        return self.incident_of.get(kind, self.incident)


@dataclass(frozen=True, slots=True)
class LimitRule(Rule):
    """A value above (or below) a limit."""

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


@dataclass(frozen=True, slots=True)
class QualityRule(Rule):
    """Readings that the checks object to: the instrument, not the air."""

    reasons: frozenset[str]
    at_once: bool


@dataclass(frozen=True, slots=True)
class OfflineRule(Rule):
    """Nothing received 离线; a whole feed's silence is one alarm."""

    after: Mapping[str, int]
    priority_of: Mapping[str, Priority]
    feed_code: str
    feed_share: float
    feed_least: int
    feed_priority: Priority


@dataclass(frozen=True, slots=True)
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
    limits: tuple[LimitRule, ...]
    rises: tuple[RiseRule, ...]
    excesses: tuple[ExcessRule, ...]
    qualities: tuple[QualityRule, ...]
    offline: OfflineRule | None

    def cadence(self, period: int) -> str:
        """The name of the cadence that a period belongs to."""
        return next((name for name, longest in self.cadences if period <= longest), self.cadences[-1][0])

    def priority(self, ratio: float) -> Priority:
        """The priority of a value so many times its threshold."""
        reached = [name for least, name in self.priorities if ratio >= least]
        return reached[-1] if reached else self.priorities[0][1]


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
