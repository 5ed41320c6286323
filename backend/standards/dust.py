"""Site-dust rules 施工扬尘: what a construction site may emit, by the rule that a city chooses.

A rule says which value counts (of the site alone, or above the county's mean), over which averaging time, the
limit, and how many exceedances a day it allows. Shandong's own number is not public, so the default is Hebei's
difference rule, marked as ``borrowed``: a city pack replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from backend.standards.rounding import Number, exact
from backend.standards.table import rows

Basis = Literal["above_county", "absolute"]


@dataclass(frozen=True, slots=True)
class DustRule:
    """A rule; a city pack may make its own."""

    name: str
    parameter: str
    """``pm10`` or ``tsp``, in µg/m³."""
    averaging: int
    """Seconds that one value is the mean of."""
    basis: Basis
    """``above_county``: the site's value less the mean of the county's national and provincial stations."""
    limit: Decimal
    allowed_per_day: int
    """So many exceedances a day still comply."""
    effective: date
    clause: str
    phase: str = "any"
    """``any``, ``earthwork`` (土方) or ``structure`` (结构、装修)."""
    region: str = ""
    """GB/T 2260 code of the province whose rule it is."""
    certainty: str = ""

    def borrowed(self, region: str) -> bool:
        """Whether the rule is another province's than that of the GB/T 2260 code given."""
        return bool(self.region) and self.region[:2] != region[:2]


@dataclass(frozen=True, slots=True)
class DustDay:
    """A day of one site under a rule."""

    rule: str
    excesses: tuple[Decimal | None, ...]
    """What counts, for each period: None where it can't be told (no value, or no background)."""
    exceedances: int
    allowed: int
    breached: bool
    """More exceedances than allowed."""
    undetermined: int
    """Periods that can't be told."""


@cache
def _shipped() -> tuple[tuple[DustRule, bool], ...]:
    return tuple(
        (
            DustRule(
                name=row["rule"],
                parameter=row["parameter"],
                averaging=int(row["averaging_s"]),
                basis="above_county" if row["basis"] == "above_county" else "absolute",
                limit=Decimal(row["limit"]),
                allowed_per_day=int(row["allowed_per_day"]),
                effective=date.fromisoformat(row["effective"]),
                clause=row["clause"],
                phase=row["phase"],
                region=row["region"],
                certainty=row["certainty"],
            ),
            row["default"] == "yes",
        )
        for row in rows("dust_rules")
    )


def rules() -> tuple[DustRule, ...]:
    """The rules that come with the product."""
    return tuple(rule for rule, _ in _shipped())


def rule_named(name: str) -> DustRule:
    """A rule by its name.

    Raises:
        KeyError: for a rule that does not come with the product.
    """
    for rule in rules():
        if rule.name == name:
            return rule
    raise KeyError(name)


def default_rule() -> DustRule:
    """The rule for a city that has chosen none."""
    return next(rule for rule, default in _shipped() if default)


def background(stations: Iterable[Number | None]) -> Fraction | None:
    """The county's mean of one period, of the stations that have a valid value; None where none has."""
    valid = [Fraction(exact(value)) for value in stations if value is not None]
    return sum(valid, Fraction(0)) / len(valid) if valid else None


def excess(rule: DustRule, site: Number | None, county: Number | Fraction | None = None) -> Fraction | None:
    """The value that a rule compares with its limit; None where it can't be told."""
    if site is None:
        return None
    value = Fraction(exact(site))
    if rule.basis == "absolute":
        return value
    if county is None:
        return None
    return value - (county if isinstance(county, Fraction) else Fraction(exact(county)))


def exceeds(rule: DustRule, site: Number | None, county: Number | Fraction | None = None) -> bool | None:
    """Whether one period of a site is above the limit; None where it can't be told."""
    found = excess(rule, site, county)
    return None if found is None else found > Fraction(rule.limit)


def judge_day(rule: DustRule, periods: Sequence[tuple[Number | None, Number | Fraction | None]]) -> DustDay:
    """A site's day: (site's value, county's mean) of each of its periods, in order."""
    found = [excess(rule, site, county) for site, county in periods]
    above = sum(1 for one in found if one is not None and one > Fraction(rule.limit))
    return DustDay(
        rule=rule.name,
        excesses=tuple(None if one is None else Decimal(round(one * 10)).scaleb(-1) for one in found),
        exceedances=above,
        allowed=rule.allowed_per_day,
        breached=above > rule.allowed_per_day,
        undetermined=sum(one is None for one in found),
    )
