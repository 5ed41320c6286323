"""The overview: what needs me now, the city at a glance, and whether anything changed at all."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from backend.access.tables import AuditRow
from backend.alarms.tables import Alarm, AlarmAct
from backend.desk import alarms, complaints, tasks
from backend.desk.alarms import AlarmRow
from backend.desk.areas import AreaRow, areas
from backend.desk.complaints import ComplaintRow
from backend.desk.desk import Desk
from backend.desk.keeping import kept_grids
from backend.desk.scope import WAITING
from backend.desk.tasks import TaskRow
from backend.duty.tables import Claim, Handover
from backend.feeds.tables import FeedHealth
from backend.incidents.tables import ComplaintAct, Evidence, IncidentReport
from backend.notify.tables import Notice
from backend.store import table
from backend.tasks.tables import Act, Task

ACT, ALARM, ALARM_ACT, CLAIM = table(Act), table(Alarm), table(AlarmAct), table(Claim)
AUDIT, COMPLAINT_ACT, EVIDENCE = table(AuditRow), table(ComplaintAct), table(Evidence)
HANDOVER = table(Handover)
REPORT = table(IncidentReport)
HEALTH, NOTICE, TASK = table(FeedHealth), table(Notice), table(Task)

__all__ = ["AreaRow", "NeedRow", "areas", "needs", "stamp", "unseen_notices"]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What needs the person now: an open task, an alarm that nobody has acknowledged, a caller who still waits."""

    kind: str
    """``task``, ``alarm`` or ``complaint``."""
    id: str
    priority: str
    state: str
    what: str
    """A task's type, an alarm's rule, a complaint's number."""
    place: str
    since: int
    due: int | None
    breached: bool
    task: TaskRow | None = None
    alarm: AlarmRow | None = None
    complaint: ComplaintRow | None = None


def stamp(desk: Desk) -> tuple[Hashable, ...]:
    """What differs whenever anything on a screen may have changed; cheap enough to ask every second."""
    with desk.store.read() as connection:
        # Renewing a claim changes nothing that is seen; whose it is does, and one's own is not shown.
        held = connection.execute(
            select(CLAIM.c.kind, CLAIM.c.item, CLAIM.c.person)
            .where(CLAIM.c.until > desk.now, CLAIM.c.person != desk.actor.person)
            .order_by(CLAIM.c.kind, CLAIM.c.item)
        )
        return (
            tuple(tuple(row) for row in held),
            connection.execute(select(func.coalesce(func.max(ALARM_ACT.c.id), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.max(ACT.c.id), 0))).scalar_one(),
            # Shifts, the book, orders: what is done to them is in the audit chain.
            connection.execute(select(func.coalesce(func.max(AUDIT.c.id), 0))).scalar_one(),
            # Each item of a handover that is signed, for who goes to see it.
            connection.execute(
                select(func.coalesce(func.sum(HANDOVER.c.version), 0)).where(HANDOVER.c.state == "open")
            ).scalar_one(),
            connection.execute(select(func.coalesce(func.max(REPORT.c.id), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.max(COMPLAINT_ACT.c.id), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.max(EVIDENCE.c.id), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.sum(HEALTH.c.polls), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.sum(HEALTH.c.records), 0))).scalar_one(),
        )


def needs(desk: Desk, *, limit: int = 200) -> list[NeedRow]:
    """What waits, in a stable order.

    Orders from above, missed clocks and callers who wait too long, critical and high alarms, tasks by what is due,
    other alarms.
    """
    rows = [_of_task(row, desk.now) for row in tasks.board(desk, limit=limit)]
    with desk.store.read() as connection:
        rows += [_of_complaint(row) for row in complaints.overdue(connection, desk)]
    # What one station shows of one thing is one need, however many rules ring for it.
    rows += [_of_alarm(row) for row in alarms.folded(alarms.board(desk, states=WAITING, limit=limit))]
    return sorted(rows, key=_turn)


_RANK = {name: number for number, name in enumerate(alarms.PRIORITIES)}
_LATE = 1 << 40


def _turn(row: NeedRow) -> tuple[int, int, int, int, str]:
    rank = _RANK.get(row.priority, len(_RANK))
    if row.task is not None and row.task.order:
        return -1, row.task.order_due or _LATE, rank, row.since, row.id
    # An urgent alarm waits for a person already; a task that is in time waits for its clock.
    group = 0 if row.breached else 1 if row.kind == "alarm" and rank <= 1 else 2
    return group, row.due or _LATE, rank, row.since, row.id


def _of_task(row: TaskRow, now: int) -> NeedRow:
    breached = bool(row.breaches) or (row.due is not None and row.due < now)
    return NeedRow(
        "task", row.id, row.priority, row.state, row.type, row.place, row.opened, row.due, breached, task=row
    )


def _of_alarm(row: AlarmRow) -> NeedRow:
    return NeedRow(
        "alarm",
        str(row.id),
        row.priority,
        row.state,
        row.rule,
        row.place,
        row.presented,
        None,
        False,
        alarm=row,
    )


def _of_complaint(row: ComplaintRow) -> NeedRow:
    return NeedRow(
        "complaint",
        str(row.id),
        row.priority,
        row.state,
        row.number,
        row.place,
        row.at,
        row.reply_due if row.call_due is None else row.call_due,
        True,
        complaint=row,
    )


def unseen_notices(desk: Desk) -> int:
    """How many notices for this person's grid nobody has seen."""
    with desk.store.read() as connection:
        grids = [desk.actor.grid, *kept_grids(connection, desk)]
        told: ColumnElement[bool] = NOTICE.c.grid.in_(grids)
        if desk.actor.department:
            told = or_(told, NOTICE.c.department == desk.actor.department)
        query = select(func.count()).where(told, NOTICE.c.seen.is_(None))
        return int(connection.execute(query).scalar_one())
