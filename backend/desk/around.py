"""What stands around every screen: who sits here, how much waits, how the feeds are, which orders are in force.

Asked every few seconds, so it counts and never lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, or_, select

from backend.alarms.tables import Alarm
from backend.city.tables import Centre
from backend.desk import feeds
from backend.desk.alarms import WAITING
from backend.desk.desk import Desk
from backend.desk.operator import Limits, flood_since
from backend.desk.orderrows import OrderRow, touching
from backend.desk.overview import unseen_notices
from backend.desk.scope import Scope, scope_of, standing
from backend.duty.shifts import shift_of
from backend.escalation.tables import Due
from backend.notify.tables import Notice
from backend.store import table
from backend.tasks.tables import Task

ALARM, CENTRE, DUE, TASK = table(Alarm), table(Centre), table(Due), table(Task)
NOTICE = table(Notice)
FLOOD_WINDOW = 6 * 3600
"""Seconds back from which a flood that holds now can have begun."""


@dataclass(frozen=True, slots=True)
class Around:
    """The header's content."""

    centre: str
    centre_en: str
    alarms: int
    """Alarms that wait for a person."""
    critical: int
    """Critical ones among them that this person may acknowledge: what the bell rings for."""
    overdue: int
    """Open tasks past a clock."""
    notices: int
    missing: int
    """Centres below where something urgent waits and nobody is at it, told here and not seen yet: the bell rings."""
    on_shift: int | None
    """Since when this person is signed in; None where they are not."""
    flood: bool
    feeds: Mapping[str, int]
    """Feeds by state."""
    orders: Sequence[OrderRow]


def around(desk: Desk) -> Around:
    """What stands around this person's screens, now."""
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        # The bell is for who can acknowledge: what a tier above acts on is shown here and rings there.
        rings = (ALARM.c.priority == "critical") & scope.covers(ALARM)
        centre = connection.execute(
            select(CENTRE.c.name, CENTRE.c.name_en).where(CENTRE.c.code == desk.actor.centre)
        ).first()
        waiting = connection.execute(
            select(func.count(), func.coalesce(func.sum(case((rings, 1), else_=0)), 0)).where(
                ALARM.c.state.in_(WAITING), standing(ALARM), scope.sees(ALARM)
            )
        ).one()
        overdue = _overdue(connection, scope, now)
        flood = _flood(connection, scope, now)
        orders = touching(connection, desk, now)
        missing = _missing(connection, desk.actor.grid)
        shift = shift_of(connection, desk.actor.person)
    return Around(
        centre=centre.name if centre else "",
        centre_en=centre.name_en if centre else "",
        alarms=waiting[0],
        critical=waiting[1],
        overdue=overdue,
        notices=unseen_notices(desk),
        missing=missing,
        on_shift=shift.signed_in if shift is not None else None,
        flood=flood,
        feeds=feeds.summary(desk),
        orders=orders,
    )


def _missing(connection: Connection, grid: str) -> int:
    query = select(func.count()).where(
        NOTICE.c.grid == grid,
        NOTICE.c.seen.is_(None),
        NOTICE.c.code.in_(("notice.duty.unattended", "notice.duty.silent")),
    )
    return int(connection.execute(query).scalar_one())


def _overdue(connection: Connection, scope: Scope, now: int) -> int:
    passed = select(DUE.c.task).where(DUE.c.done.is_(None), DUE.c.kind == "escalate", DUE.c.at < now)
    query = select(func.count()).where(
        TASK.c.closed.is_(None), scope.covers(TASK), or_(TASK.c.breaches != "", TASK.c.id.in_(passed))
    )
    return int(connection.execute(query).scalar_one())


def _flood(connection: Connection, scope: Scope, now: int) -> bool:
    query = (
        select(ALARM.c.presented)
        .where(ALARM.c.presented > now - FLOOD_WINDOW, ALARM.c.presented <= now, scope.sees(ALARM))
        .order_by(ALARM.c.presented)
    )
    presented = list(connection.execute(query).scalars())
    return flood_since(presented, now, Limits.read()) is not None
