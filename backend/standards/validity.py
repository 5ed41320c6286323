"""Data validity 数据有效性 of GB 3095 Table 4: when a mean counts, and whether it can still come to count.

An hour needs 45 minutes of sampling, an 8-h mean 6 hours, a day 20 hours, a month 27 days (February 25), a
year 324 days. So a day with 5 hours lost cannot become valid any more, however well it goes on.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Literal

from backend.standards.rounding import Number, exact
from backend.standards.table import holding, rows
from backend.words import Message

Kind = Literal["hour", "8h", "day", "month", "year"]


class State(Enum):
    """Where a mean stands; the words are ``standard.validity.<value>``."""

    VALID = "valid"
    """有效: enough already."""
    OPEN = "open"
    """尚可有效: not enough yet, and what is to come can make it enough."""
    LOST = "lost"
    """已不可能有效: too much is lost."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How many parts a mean needs."""

    kind: str
    need: int
    total: int
    """Parts in a whole one."""
    unit: str
    effective: date
    standard: str
    clause: str


@dataclass(frozen=True, slots=True)
class Validity:
    """How a mean stands against its rule."""

    rule: Rule
    have: int
    """Valid parts so far."""
    lost: int
    """Parts that are over and not valid."""

    @property
    def state(self) -> State:
        """Valid, open, or lost for good."""
        if self.have >= self.rule.need:
            return State.VALID
        return State.OPEN if self.spare >= 0 else State.LOST

    @property
    def spare(self) -> int:
        """How many more parts may be lost before it can't become valid; negative when it can't any more."""
        return self.rule.total - self.lost - self.rule.need

    @property
    def to_come(self) -> int:
        """Parts that are not over, or whose value may still arrive."""
        return self.rule.total - self.have - self.lost

    @property
    def code(self) -> str:
        """The code of the state in the words."""
        stem = f"standard.validity.{self.state.value}"
        return stem if self.state is not State.LOST or self.rule.kind == "day" else f"{stem}.{self.rule.kind}"

    @property
    def message(self) -> Message:
        """The state in words: "cannot become valid any more today (12/20)"."""
        return Message(self.code, {"have": self.have, "need": self.rule.need, "spare": self.spare})


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    month: int | None
    need: int
    total: int | None
    unit: str
    effective: date
    standard: str
    clause: str


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(
            kind=row["kind"],
            month=int(row["month"]) if row["month"] else None,
            need=int(row["need"]),
            total=int(row["total"]) if row["total"] else None,
            unit=row["unit"],
            effective=date.fromisoformat(row["effective"]),
            standard=row["standard"],
            clause=row["clause"],
        )
        for row in rows("validity")
    )


@cache
def rule(kind: Kind, on: date) -> Rule:
    """The rule for the hour, 8 hours, day, month or year that a day lies in."""
    fitting = [row for row in _rows() if row.kind == kind]
    if kind == "month":
        special = [row for row in fitting if row.month == on.month]
        fitting = special or [row for row in fitting if row.month is None]
    found = holding(fitting, on)
    total = found.total
    if total is None:
        whole = date(on.year, 12, 31).timetuple().tm_yday
        total = whole if kind == "year" else monthrange(on.year, on.month)[1]
    return Rule(kind, found.need, total, found.unit, found.effective, found.standard, found.clause)


def standing(kind: Kind, on: date, have: int, lost: int) -> Validity:
    """How a mean stands with so many valid parts and so many lost.

    A part whose period is over but whose value may still come late is neither; it is for the caller to say
    when a late value is given up.

    Raises:
        ValueError: for counts that no such mean can have.
    """
    found = rule(kind, on)
    if have < 0 or lost < 0 or have + lost > found.total:
        raise ValueError(f"{have} valid and {lost} lost do not fit into {found.total} {found.unit}")
    return Validity(found, have, lost)


def day_standing(valid: Sequence[bool | None], on: date) -> Validity:
    """How a day stands, hour by hour: True valid, False lost, None (or not there yet) still to come."""
    return standing("day", on, have=valid.count(True), lost=valid.count(False))


def day_at(on: date, valid_hours: Collection[int], hours_over: int, *, late: int = 0) -> Validity:
    """How a day stands at a moment of it: can it still become valid today?

    Args:
        on: the local day.
        valid_hours: the hours of the day (0 to 23, by their start) that have a valid mean.
        hours_over: how many of its hours are over, 0 to 24.
        late: an hour without a value is given up only when so many more hours are over.
    """
    given_up = range(max(0, min(24, hours_over) - late))
    lost = sum(hour not in valid_hours for hour in given_up)
    return standing("day", on, have=len(set(valid_hours)), lost=lost)


def mean(kind: Kind, on: date, parts: Iterable[Number | None]) -> Fraction | None:
    """The mean of the valid parts, None where they are too few to count. All valid parts are used (6.4)."""
    valid = [Fraction(exact(value)) for value in parts if value is not None]
    if len(valid) < rule(kind, on).need:
        return None
    return sum(valid, Fraction(0)) / len(valid)


def running_8h(hours: Sequence[Number | None], on: date) -> list[Fraction | None]:
    """The 8-h means 8小时滑动平均 ending with each hour of a sequence, from its eighth hour on.

    Args:
        hours: hourly values in order without gaps (None where missing); the result is 7 shorter.
    """
    return [mean("8h", on, hours[end - 8 : end]) for end in range(8, len(hours) + 1)]
