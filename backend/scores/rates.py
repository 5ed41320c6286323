"""What became of the tasks of a month, by grid or department: filed, closed, in time, reworked; and the composite.

The rates are those of GB/T 30428.4 and CJ/T 292 (domain.md 4.3). Of the tasks that were filed 立案 in the time, those
ought to be closed 应结案 that are closed or whose TOTAL clock has run out; those ought to be disposed 应处置 that were
reported or whose DISPOSE clock has run out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, select

from backend.scores.points import Composite
from backend.store import table
from backend.tasks.states import State
from backend.tasks.tables import Segment, Task

SEGMENT, TASK = table(Segment), table(Task)
BACK = ("VERIFY",)
"""Clocks that have begun where work was reported at least once."""


@dataclass(slots=True)
class Rates:
    """Counts of tasks, and the rates that follow from them; a rate of nothing is None."""

    filed: int = 0
    open: int = 0
    closed: int = 0
    due_closed: int = 0
    """应结案"""
    disposed: int = 0
    """应处置"""
    on_time: int = 0
    """按期处置"""
    reworked: int = 0
    """Tasks that went back at least once."""
    overdue: int = 0
    """Tasks that missed any clock."""

    @property
    def closing(self) -> float | None:
        """结案率"""
        return _rate(self.closed, self.due_closed)

    @property
    def punctual(self) -> float | None:
        """按期处置率"""
        return _rate(self.on_time, self.disposed)

    @property
    def rework(self) -> float | None:
        """返工率"""
        return _rate(self.reworked, self.due_closed)

    def composite(self, weights: Composite) -> float | None:
        """综合评价, of 100; None where nothing has been due yet."""
        if self.closing is None or self.punctual is None or self.rework is None:
            return None
        parts = (
            weights.filed * weights.worth(self.filed),
            weights.closed * 100 * self.closing,
            weights.on_time * 100 * self.punctual,
            weights.rework * 100 * max(0.0, 1 - self.rework),
        )
        return round(sum(parts) / 100, 2)


def _rate(part: int, whole: int) -> float | None:
    return None if whole == 0 else part / whole


def by(
    connection: Connection, column: str, condition: ColumnElement[bool], since: int, until: int
) -> dict[str, Rates]:
    """The rates of the tasks filed in ``[since, until)``, by a column of theirs: county, township, department.

    A task that two departments hold counts for the one that leads. Voided and merged tasks count for nobody.
    """
    began = select(SEGMENT.c.task).where(
        SEGMENT.c.kind == "TOTAL", SEGMENT.c.started >= since, SEGMENT.c.started < until
    )
    earlier = SEGMENT.alias("earlier")
    reported = exists().where(SEGMENT.c.task == TASK.c.id, SEGMENT.c.kind.in_(BACK))
    rows = connection.execute(
        select(
            TASK.c[column].label("of"),
            TASK.c.state,
            TASK.c.breaches,
            TASK.c.reworks,
            reported.label("reported"),
        ).where(
            condition,
            TASK.c.id.in_(began),
            ~exists().where(
                earlier.c.task == TASK.c.id, earlier.c.kind == "TOTAL", earlier.c.started < since
            ),
            TASK.c.state.not_in((State.DRAFT, State.CANCELLED, State.MERGED)),
        )
    )
    found: dict[str, Rates] = {}
    for row in rows:
        if row.of:
            _count(
                found.setdefault(row.of, Rates()), row.state, row.breaches.split(), row.reworks, row.reported
            )
    return found


def _count(rates: Rates, state: str, breaches: list[str], reworks: int, reported: bool) -> None:
    closed = state == State.CLOSED
    rates.filed += 1
    rates.open += not closed
    rates.closed += closed
    rates.due_closed += closed or "TOTAL" in breaches
    late = "DISPOSE" in breaches
    rates.disposed += reported or late
    rates.on_time += reported and not late
    rates.reworked += reworks > 0
    rates.overdue += bool(breaches)


def together(many: Iterable[Rates]) -> Rates:
    """The rates of several as one."""
    whole = Rates()
    for one in many:
        for name in Rates.__dataclass_fields__:
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return whole
