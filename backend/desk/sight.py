"""The tasks that a person must not lose sight of: of their place, offered to them, helped with, handed on by them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, false, literal, or_, select

from backend.city.tables import Centre
from backend.desk.desk import Desk
from backend.desk.keeping import kept_centres
from backend.desk.scope import GRID, Scope, scope_of
from backend.store import table
from backend.tasks.handing import HANDED
from backend.tasks.tables import Task
from backend.tasks.taskstate import co_listed

CENTRE, TASK = table(Centre), table(Task)
OFFERED, CO, GIVEN = "offered", "co", "handed"
"""Sides of a task that isn't simply one's own: it is offered 移交来, one helps 协办, one gave it on 移交转出."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person at a desk looks at, and as whom."""

    scope: Scope
    bodies: tuple[str, ...]
    """The person, their centre with those whose boards it keeps, their department."""
    department: str = ""

    def offered(self) -> ColumnElement[bool]:
        """The condition on tasks that wait for an answer of theirs, or of a centre below theirs."""
        own = TASK.c.offered_to.in_(self.bodies)
        if not 1 < self.scope.level < 4:
            return own
        below = select(CENTRE.c.code).join(GRID, GRID.c.code == CENTRE.c.grid).where(self.scope.spans())
        return or_(own, TASK.c.offered_to.in_(below))

    def helped(self) -> ColumnElement[bool]:
        """The condition on tasks that their department helps with 协办."""
        if not self.department:
            return false()
        listed = literal("|") + TASK.c.co_departments + literal("|")
        return listed.contains(f"|{self.department}|", autoescape=True)

    def owes(self) -> ColumnElement[bool]:
        """The condition on tasks that concern them now."""
        if self.scope.level <= 1:
            return self.scope.owes(TASK)
        found = [self.scope.owes(TASK), self.offered(), TASK.c.holder.in_(self.bodies)]
        return or_(*found, self.helped()) if self.department else or_(*found)

    def handed(self) -> ColumnElement[bool]:
        """The condition on tasks that went over from their jurisdiction to others, and are still with them."""
        elsewhere = or_(TASK.c.centre != HANDED.c.centre, TASK.c.holder == HANDED.c.receiver)
        given = select(HANDED.c.task).where(self.scope.covers(HANDED))
        still = exists().where(HANDED.c.task == TASK.c.id, self.scope.covers(HANDED), elsewhere)
        # The few that went are looked up first, not every open task.
        return and_(TASK.c.id.in_(given), still)

    def answers(self) -> ColumnElement[bool]:
        """The condition on tasks that a proof must account for: what lies here, what is offered here, what went."""
        return or_(self.scope.covers(TASK), self.offered(), self.handed())

    def side(self, row: Any) -> str:
        """On which side of a task (its row) they are; empty where it is simply their own."""
        if row.offered_to and row.offered_to in self.bodies:
            return OFFERED
        leads = self.department in (row.department, row.holder)
        return CO if self.department in co_listed(row.co_departments) and not leads else ""


def sight_of(connection: Connection, desk: Desk) -> Sight:
    """What the person at a desk looks at."""
    actor = desk.actor
    own: Collection[str] = (actor.person, actor.centre, *kept_centres(connection, desk), actor.department)
    return Sight(
        scope_of(connection, actor.grid), tuple(dict.fromkeys(code for code in own if code)), actor.department
    )
