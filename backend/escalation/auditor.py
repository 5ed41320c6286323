"""The auditor: is every open task in the due table once, and is the sweep alive?

A job of its own with a lease and a heartbeat of its own (design, decision 10), because what watches the escalation must
not stop with it. It counts in three partial indexes, in strides, and looks closer only into those whose counts differ,
so that nobody is tempted to turn it off because it takes long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, select

from backend.city.tables import Grid
from backend.escalation.plan import DUE
from backend.escalation.tables import Heartbeat
from backend.notify import notices
from backend.store import table, upsert
from backend.tasks.rows import TASK
from backend.words import Message

GRID, HEARTBEAT = table(Grid), table(Heartbeat)
GRACE: Final = 60
"""Seconds after which an untaken step is a fault: four sweeps."""
SAMPLE: Final = 20
"""Tasks named in a report."""
CURSOR: Final = "auditor.slice"
"""The heartbeat row whose note says where the last slice ended."""
STRIDE: Final = 5000
"""Open tasks that are counted together: where they differ from their steps, only these are looked into."""
WALK: Final = 25_000
"""Index entries that a run walks at most in looking for a difference, besides counting all once."""
FEW: Final = 1000
"""Tasks that are looked at one by one once a difference is that near."""
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
    parts = _counted(connection)
    open_tasks, waiting = sum(part.tasks for part in parts), sum(part.steps for part in parts)
    overdue = connection.execute(
        select(func.count()).select_from(DUE).where(DUE.c.done.is_(None), DUE.c.at < now - grace)
    ).scalar_one()
    after = _cursor(connection)
    findings = _sweep_alive(connection, now, grace)
    if overdue:
        findings.append(Finding(Message("escalation.audit.overdue", {"count": overdue, "grace": grace})))
    found = _differing(connection, parts)
    found += [one for one in _without_step(connection, after, SLICE) if one not in found]
    if open_tasks != waiting and not found:
        # More differ than could be walked through now: the next runs name them.
        found = [Finding(Message("escalation.audit.counts", {"tasks": open_tasks, "steps": waiting}))]
    findings += found[:SAMPLE]
    last = _slice_end(connection, after)
    if write:
        beat = {"at": now, "wall": float(now) if wall is None else wall}
        rows = [{"job": "auditor", "note": "", **beat}, {"job": CURSOR, "note": last, **beat}]
        upsert(connection, HEARTBEAT, rows, keys=["job"])
        for finding in findings[:1]:
            _ring(connection, now, finding.message)
    return AuditReport(now, open_tasks, waiting, overdue, tuple(findings))


def watch(connection: Connection, now: int, last_sweep: int | None, *, grace: int = GRACE) -> Message | None:
    """The sweep looks after the auditor: a missing heartbeat rings as critical. Answers what it said.

    Only a sweep that has run without a break can tell: after a night without any process nobody is missing.
    """
    missing = unattended(connection, now)
    never = missing is not None and missing.args["at"] is None
    if missing is None or never or last_sweep is None or last_sweep < now - grace:
        return None
    _ring(connection, now, missing)
    return missing


def _ring(connection: Connection, now: int, message: Message) -> None:
    """Tell the city's board, once an hour for each kind of fault; it is critical, so the bell rings."""
    city = connection.execute(select(GRID.c.code).where(GRID.c.level == 1).limit(1)).scalar_one_or_none()
    key = f"audit:{message.code}:{now // 3600}"
    notices.post(
        connection, key, now, message.code, message.args, grid=city or "", level="M", priority="critical"
    )


def _cursor(connection: Connection) -> str:
    """Where the last run's slice ended."""
    note = connection.execute(select(HEARTBEAT.c.note).where(HEARTBEAT.c.job == CURSOR)).scalar_one_or_none()
    return note or ""


def _slice_end(connection: Connection, after: str) -> str:
    ids = select(TASK.c.id).where(TASK.c.closed.is_(None), TASK.c.id > after).order_by(TASK.c.id)
    end = connection.execute(ids.offset(SLICE - 1).limit(1)).scalar_one_or_none()
    return end or ""


@dataclass(frozen=True, slots=True)
class _Part:
    """Tasks after ``low`` up to ``high`` (None: to the end), counted in both indexes."""

    low: str
    high: str | None
    tasks: int
    steps: int


def _counted(connection: Connection) -> list[_Part]:
    """Every open task and every waiting step counted once, in strides: no dearer than one count of each."""
    parts: list[_Part] = []
    low, high = (
        "",
        connection.execute(_ids("", None).order_by(TASK.c.id).offset(STRIDE - 1).limit(1)).scalar(),
    )
    while high is not None:
        parts.append(_Part(low, high, STRIDE, _steps(connection, low, high)))
        low = high
        high = connection.execute(_ids(low, None).order_by(TASK.c.id).offset(STRIDE - 1).limit(1)).scalar()
    rest = select(func.count()).select_from(TASK).where(TASK.c.closed.is_(None), TASK.c.id > low)
    parts.append(_Part(low, None, connection.execute(rest).scalar_one(), _steps(connection, low, None)))
    return parts


def _steps(connection: Connection, low: str, high: str | None) -> int:
    count = select(func.count()).select_from(DUE).where(DUE.c.done.is_(None), DUE.c.task > low)
    return connection.execute(count if high is None else count.where(DUE.c.task <= high)).scalar_one()


def _differing(connection: Connection, parts: list[_Part]) -> list[Finding]:
    """Where open tasks and waiting steps differ: the strides that do, halved until they are few.

    Bounded: so many index entries are walked, however much is wrong; what is left is found by the next runs.
    """
    found: list[Finding] = []
    ranges = [(part.low, part.high, part.tasks, part.steps) for part in reversed(parts)]
    budget = WALK
    while ranges and len(found) < SAMPLE and budget > 0:
        low, high, tasks, steps = ranges.pop()
        if tasks == steps:
            continue
        if tasks <= FEW or steps > FEW + 2 * tasks:
            found += _without_step(connection, low, FEW, high) + _without_task(connection, low, high)
            budget -= tasks + steps
            continue
        half = tasks // 2
        middle = connection.execute(
            _ids(low, high).order_by(TASK.c.id).offset(half - 1).limit(1)
        ).scalar_one()
        left = _steps(connection, low, middle)
        budget -= half + left
        ranges += [(middle, high, tasks - half, steps - left), (low, middle, half, left)]
    return found


def _ids(low: str, high: str | None) -> Select[Any]:
    query = select(TASK.c.id).where(TASK.c.closed.is_(None), TASK.c.id > low)
    return query if high is None else query.where(TASK.c.id <= high)


def _without_step(connection: Connection, low: str, limit: int, high: str | None = None) -> list[Finding]:
    """Open tasks without a next instant, among the next so many."""
    part = _ids(low, high).order_by(TASK.c.id).limit(limit).subquery()
    query = select(part.c.id).where(~exists().where(DUE.c.task == part.c.id, DUE.c.done.is_(None)))
    found = connection.execute(query.limit(SAMPLE)).scalars()
    return [Finding(Message("escalation.audit.no_step", {"task": task}), task) for task in found]


def _without_task(connection: Connection, low: str, high: str | None) -> list[Finding]:
    """Steps that wait for a task which has ended, or is not there."""
    live = exists().where(TASK.c.id == DUE.c.task, TASK.c.closed.is_(None))
    query = select(DUE.c.task).where(DUE.c.done.is_(None), DUE.c.task > low, ~live)
    if high is not None:
        query = query.where(DUE.c.task <= high)
    found = connection.execute(query.limit(SAMPLE)).scalars()
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
