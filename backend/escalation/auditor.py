"""The auditor: is every open task in the due table once, and is the sweep alive?

A job of its own with a lease and a heartbeat of its own (design, decision 10), because what watches the escalation must
not stop with it. It counts in three partial indexes and looks closer only where the counts differ, so that nobody is
tempted to turn it off because it takes long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, exists, func, select

from backend.escalation.plan import DUE
from backend.escalation.sweep import HEARTBEAT
from backend.store import upsert
from backend.tasks.rows import TASK
from backend.words import Message

GRACE: Final = 60
"""Seconds after which an untaken step is a fault: four sweeps."""
SAMPLE: Final = 20
"""Tasks named in a report."""
CURSOR: Final = "auditor.slice"
"""The heartbeat row whose note says where the last slice ended."""
SLICE: Final = 5000
"""Tasks looked at one by one in a run, so that faults which cancel out in the counts are found within some runs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    message: Message
    task: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the auditor found."""

    at: int
    open_tasks: int
    waiting: int
    """Steps that wait."""
    overdue: int
    """Steps that should have been taken."""
    findings: tuple[Finding, ...] = field(default=())

    @property
    def sound(self) -> bool:
        """Whether every open task has exactly one next instant and the sweep takes them."""
        return not self.findings


def audit(
    connection: Connection, now: int, *, wall: float | None = None, grace: int = GRACE, write: bool = True
) -> AuditReport:
    """Look the due table through, and leave a heartbeat (unless ``write`` is off)."""
    open_tasks = connection.execute(
        select(func.count()).select_from(TASK).where(TASK.c.closed.is_(None))
    ).scalar_one()
    waiting = connection.execute(
        select(func.count()).select_from(DUE).where(DUE.c.done.is_(None))
    ).scalar_one()
    overdue = connection.execute(
        select(func.count()).select_from(DUE).where(DUE.c.done.is_(None), DUE.c.at < now - grace)
    ).scalar_one()
    after = _cursor(connection)
    findings = _sweep_alive(connection, now, grace)
    if overdue:
        findings.append(Finding(Message("escalation.audit.overdue", {"count": overdue, "grace": grace})))
    if open_tasks != waiting:
        findings += _without_step(connection, "", None) + _without_task(connection)
    else:
        findings += _without_step(connection, after, SLICE)
    last = _slice_end(connection, after)
    if write:
        beat = {"at": now, "wall": float(now) if wall is None else wall}
        rows = [{"job": "auditor", "note": "", **beat}, {"job": CURSOR, "note": last, **beat}]
        upsert(connection, HEARTBEAT, rows, keys=["job"])
    return AuditReport(now, open_tasks, waiting, overdue, tuple(findings))


def _cursor(connection: Connection) -> str:
    """Where the last run's slice ended."""
    note = connection.execute(select(HEARTBEAT.c.note).where(HEARTBEAT.c.job == CURSOR)).scalar_one_or_none()
    return note or ""


def _slice_end(connection: Connection, after: str) -> str:
    ids = select(TASK.c.id).where(TASK.c.closed.is_(None), TASK.c.id > after).order_by(TASK.c.id)
    end = connection.execute(ids.offset(SLICE - 1).limit(1)).scalar_one_or_none()
    return end or ""


def _without_step(connection: Connection, after: str, limit: int | None) -> list[Finding]:
    """Open tasks without a next instant."""
    waiting = exists().where(DUE.c.task == TASK.c.id, DUE.c.done.is_(None))
    some = select(TASK.c.id).where(TASK.c.closed.is_(None), TASK.c.id > after).order_by(TASK.c.id)
    if limit is not None:
        part = some.limit(limit).subquery()
        query = select(part.c.id).where(~exists().where(DUE.c.task == part.c.id, DUE.c.done.is_(None)))
    else:
        query = some.where(~waiting)
    found = connection.execute(query.limit(SAMPLE)).scalars()
    return [Finding(Message("escalation.audit.no_step", {"task": task}), task) for task in found]


def _without_task(connection: Connection) -> list[Finding]:
    """Steps that wait for a task which has ended, or is not there."""
    live = exists().where(TASK.c.id == DUE.c.task, TASK.c.closed.is_(None))
    found = connection.execute(select(DUE.c.task).where(DUE.c.done.is_(None), ~live).limit(SAMPLE)).scalars()
    return [Finding(Message("escalation.audit.orphan", {"task": task}), task) for task in found]


def _sweep_alive(connection: Connection, now: int, grace: int) -> list[Finding]:
    at = connection.execute(select(HEARTBEAT.c.at).where(HEARTBEAT.c.job == "sweep")).scalar_one_or_none()
    if at is None or at < now - grace:
        return [Finding(Message("escalation.audit.sweep", {"at": at, "grace": grace}))]
    return []


def unattended(connection: Connection, now: int, *, grace: int = 5 * GRACE) -> Message | None:
    """Why the auditor itself is not to be trusted; None where it ran lately. Its missing heartbeat is critical."""
    at = connection.execute(select(HEARTBEAT.c.at).where(HEARTBEAT.c.job == "auditor")).scalar_one_or_none()
    if at is None or at < now - grace:
        return Message("escalation.audit.auditor", {"at": at})
    return None
