"""What happened in an incident, in order: acts on its alarms and tasks, what was reported and answered, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from backend.alarms.tables import AlarmAct
from backend.desk.alarms import AlarmRow
from backend.desk.desk import Desk
from backend.desk.evidence import EvidenceRow
from backend.desk.naming import names
from backend.desk.taskrows import TaskRow
from backend.incidents.complaints import COMPLAINT_ACT, REPORT
from backend.incidents.masking import hide_text
from backend.store import table
from backend.tasks.tables import Act

ACT, ALARM_ACT = table(Act), table(AlarmAct)
MOST = 200
"""Steps of one kind that are told at most, the newest."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened."""

    at: int
    kind: str
    """``alarm``, ``report``, ``complaint``, ``task`` or ``evidence``."""
    act: str
    """What was done: an alarm's act, a channel, reply or call_back, a task's act, a kind of evidence."""
    by: str
    """Who; empty for the system."""
    text: str
    page: str = ""
    key: str = ""
    """The page that tells more, and its key."""


def steps_of(
    connection: Connection,
    desk: Desk,
    incident: str,
    rings: Sequence[AlarmRow],
    tasks: Sequence[TaskRow],
    proof: Sequence[EvidenceRow],
) -> list[Step]:
    """All that happened, newest first."""
    found = [
        *_of_alarms(connection, rings),
        *_of_tasks(connection, tasks),
        *_of_reports(connection, incident),
    ]
    people = names(connection, [step.by for step in found], desk.language)
    told = [replace(step, by=people.get(step.by, "")) for step in found]
    for one in proof:
        page, text = "task" if one.task else "", f"{one.ref} {one.note}".strip()
        told.append(Step(one.at, "evidence", one.kind, one.by, text, page, one.task))
    return sorted(told, key=lambda step: -step.at)


def _of_alarms(connection: Connection, rings: Sequence[AlarmRow]) -> Iterator[Step]:
    place = {ring.id: ring.place for ring in rings}
    query = select(ALARM_ACT).where(ALARM_ACT.c.alarm.in_(list(place)))
    for act in connection.execute(query.order_by(ALARM_ACT.c.id.desc()).limit(MOST)):
        yield Step(act.at, "alarm", act.act, act.actor, place[act.alarm], "alarm", str(act.alarm))


def _of_tasks(connection: Connection, tasks: Sequence[TaskRow]) -> Iterator[Step]:
    query = select(ACT.c.at, ACT.c.kind, ACT.c.actor, ACT.c.on_behalf, ACT.c.task).where(
        ACT.c.task.in_([task.id for task in tasks]), ACT.c.result == "applied"
    )
    for act in connection.execute(query.order_by(ACT.c.id.desc()).limit(MOST)):
        yield Step(act.at, "task", act.kind, act.on_behalf or act.actor, act.task, "task", act.task)


def _of_reports(connection: Connection, incident: str) -> Iterator[Step]:
    """What was reported, and what callers were told and said; nobody's name or number in it."""
    said = connection.execute(select(REPORT).where(REPORT.c.incident == incident)).all()
    by_id = {row.id: row for row in said}
    for row in said:
        text = f"{row.number} {hide_text(row.text, row.caller, row.caller_phone)}".strip()
        page, key = ("complaint", str(row.id)) if row.reply_due is not None else ("", "")
        yield Step(row.at, "report", row.channel, row.recorded_by, text, page, key)
    query = select(COMPLAINT_ACT).where(COMPLAINT_ACT.c.report.in_(list(by_id)))
    for act in connection.execute(query.order_by(COMPLAINT_ACT.c.id)):
        row = by_id[act.report]
        text = f"{row.number} {hide_text(act.text, row.caller, row.caller_phone)}".strip()
        yield Step(act.at, "complaint", act.act, act.actor, text, "complaint", str(act.report))
