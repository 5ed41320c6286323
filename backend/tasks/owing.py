"""Who owes a clock 时限责任方: the one who is reminded, warned, and put down for a miss.

The work is the holder's, but not every clock: a draft waits for the seat that triages, a task without a holder for the
seat that dispatches, a report for the seat that may verify it, a raised task for the tier to which it was raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from backend.city.tables import Centre, Grid
from backend.store import table
from backend.tasks.policy import Policy
from backend.tasks.states import CLOCK_OF_STATE, TIERS, ClockKind, State
from backend.tasks.taskstate import TaskState

CENTRE, GRID = table(Centre), table(Grid)
_AT = (
    select(CENTRE.c.code)
    .where(CENTRE.c.grid == bindparam("grid"))
    .order_by(CENTRE.c.in_service.desc(), CENTRE.c.code)
    .limit(1)
)
_CITY = select(GRID.c.code).where(GRID.c.level == 1).order_by(GRID.c.code).limit(1)
BY_HOLDER = frozenset({ClockKind.ACCEPT, ClockKind.ARRIVE, ClockKind.DISPOSE})
"""Clocks of the work itself."""


@dataclass(frozen=True, slots=True)
class Owing:
    """Who owes a clock."""

    clock: str
    kind: str
    """member, department, centre."""
    code: str
    """Empty where the city has no such centre."""
    level: str = ""
    """The tier of a centre that owes it as the tier it is: T, C or M; empty for holders and receivers."""


def clock_owed(task: TaskState) -> str:
    """The clock that a task stands by now; TOTAL where its state has none."""
    return str(CLOCK_OF_STATE.get(task.state, ClockKind.TOTAL))


def tier_owing(task: TaskState, clock: str, policy: Policy) -> str:
    """The tier whose centre owes a clock that is not the holder's or the receiver's."""
    if clock == ClockKind.VERIFY:
        return task.verifying_tier(policy.limits.supervised_tier)
    return task.level


def owed_by(connection: Connection, task: TaskState, clock: str, policy: Policy) -> Owing:
    """Who owes ``clock``; ``""`` asks for the clock that the task stands by now."""
    return owing_of(task, clock, policy, lambda one, level: centre_of_level(connection, one, level))


def owing_of(task: TaskState, clock: str, policy: Policy, centre: Callable[[TaskState, str], str]) -> Owing:
    """`owed_by` with the centres looked up by ``centre``: the code of the one that answers for a task at a tier."""
    clock = clock or clock_owed(task)
    if clock == ClockKind.OFFER and task.state == State.OFFERED:
        return Owing(clock, task.offered_kind, task.offered_to)
    if clock in BY_HOLDER and task.holder:
        return Owing(clock, task.holder_kind or "member", task.holder)
    tier = tier_owing(task, clock, policy)
    return Owing(clock, "centre", centre(task, tier), tier)


def centre_of_level(connection: Connection, task: TaskState, level: str) -> str:
    """The centre that answers for a task at a tier; where that tier has none, the next one up."""
    return _up(
        task,
        level,
        lambda grid: connection.execute(_AT, {"grid": grid}).scalar_one_or_none() or "",
        lambda: connection.execute(_CITY).scalar_one_or_none() or "",
    )


@dataclass(frozen=True, slots=True)
class Centres:
    """All centres at once, for lists of many tasks."""

    at: Mapping[str, str]
    """The code of the centre of a grid."""
    city: str

    @classmethod
    def read(cls, connection: Connection) -> Centres:
        """The centres of the city; of two in one grid the one in service."""
        rows = connection.execute(
            select(CENTRE.c.grid, CENTRE.c.code).order_by(CENTRE.c.in_service, CENTRE.c.code.desc())
        )
        at = {row.grid: row.code for row in rows}
        return cls(at, connection.execute(_CITY).scalar_one_or_none() or "")

    def of_level(self, task: TaskState, level: str) -> str:
        """`centre_of_level`, without asking."""
        return _up(task, level, lambda grid: self.at.get(grid, ""), lambda: self.city)


def _up(task: TaskState, level: str, at: Callable[[str], str], city: Callable[[], str]) -> str:
    if level == "T" and task.centre and task.township:
        return task.centre
    for tier in TIERS[TIERS.index(level) if level in TIERS else 0 :]:
        grid = {"T": task.township, "C": task.county}.get(tier) or (city() if tier == "M" else "")
        code = at(grid) if grid else ""
        if code:
            return code
    return ""
