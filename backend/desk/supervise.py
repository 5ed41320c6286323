"""What a supervisor sees 监管: who holds what overdue, the tasks behind a line of the ranking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from backend.access.rights import by_role
from backend.city.tables import Centre, Department, Person
from backend.desk import scores
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.scope import scope_of
from backend.desk.taskrows import TaskRow, rows_of
from backend.store import table
from backend.tasks.owing import Centres, Owing, owing_of
from backend.tasks.policy import Policy, policy_version
from backend.tasks.rows import TASK, load_many
from backend.words import Message

CENTRE, DEPARTMENT, PERSON = table(Centre), table(Department), table(Person)
RIGHT = "supervise.look"
COLUMN: Final = {
    "county": TASK.c.county,
    "township": TASK.c.township,
    "department": TASK.c.department,
    "person": TASK.c.holder,
}
"""By what a line of the ranking finds its tasks."""


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """A task whose clock has run out, under whoever owes it."""

    task: TaskRow
    owner_kind: str
    """``member``, ``department`` or ``centre``; empty where nobody owes it."""
    owner: str
    owner_name: str
    phone: str
    theirs: int
    """How many such tasks this one owes."""
    clock: str
    since: int
    """When the clock ran out."""


def refusal(desk: Desk) -> Message | None:
    """Why the person may not supervise; None where they may."""
    return by_role(desk.actor, RIGHT)


def overdue(desk: Desk, *, limit: int = 2000) -> list[OverdueRow]:
    """Open tasks of the jurisdiction whose clock has run out: whoever owes most first, the oldest first of each."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = (
            select(TASK.c.id)
            .where(scope.covers(TASK), TASK.c.closed.is_(None), TASK.c.due < desk.now)
            .order_by(TASK.c.due, TASK.c.id)
            .limit(limit)
        )
        ids = list(connection.execute(query).scalars())
        rows = rows_of(connection, desk, ids)
        owed = _owed(connection, ids)
        codes = {one.code for one in owed.values()}
        called, phones = names(connection, codes, desk.language), _phones(connection, codes)
    theirs = Counter(one.code for one in owed.values())
    found = [
        OverdueRow(
            task=row,
            owner_kind=owed[row.id].kind if owed[row.id].code else "",
            owner=owed[row.id].code,
            owner_name=called.get(owed[row.id].code, owed[row.id].code),
            phone=phones.get(owed[row.id].code, ""),
            theirs=theirs[owed[row.id].code],
            clock=owed[row.id].clock,
            since=row.due or 0,
        )
        for row in rows
        if row.id in owed
    ]
    return sorted(found, key=lambda one: (-one.theirs, one.owner, one.since))


def _owed(connection: Connection, ids: list[str]) -> dict[str, Owing]:
    """Who owes the clock by which each task stands now."""
    centres, policies = Centres.read(connection), dict[int, Policy]()
    found = {}
    for name, state in load_many(connection, ids).items() if ids else ():
        version = state.policy_version
        if version not in policies:
            policies[version] = policy_version(connection, version)
        found[name] = owing_of(state, "", policies[version], centres.of_level)
    return found


def _phones(connection: Connection, codes: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for of in (PERSON, DEPARTMENT, CENTRE):
        rows = connection.execute(select(of.c.code, of.c.phone).where(of.c.code.in_(sorted(codes))))
        found.update((code, phone) for code, phone in rows)
    return found


def tasks_of(desk: Desk, by: str, code: str, month: str = "", *, limit: int = 2000) -> list[TaskRow]:
    """The tasks behind a line of a month's ranking: filed in it, those that missed a clock first, then the newest.

    Args:
        desk: where one sits.
        by: ``county``, ``township``, ``department`` or ``person``.
        code: of the grid, department or person.
        month: as `scores.ranking` takes it.
        limit: rows at most.
    """
    since, until = scores.span(desk, month)
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = (
            select(TASK.c.id)
            .where(scope.covers(TASK), COLUMN[by] == code, TASK.c.opened >= since, TASK.c.opened < until)
            .order_by((TASK.c.breaches == ""), TASK.c.opened.desc(), TASK.c.id)
            .limit(limit)
        )
        return rows_of(connection, desk, list(connection.execute(query).scalars()))
