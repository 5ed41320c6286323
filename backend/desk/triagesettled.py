"""What became of the rows of the triage desk that are decided on: by whom, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select

from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.triage import ALARM, TASK, TriageRow
from backend.tasks.states import State
from backend.words import Message


def settled(desk: Desk, rows: Sequence[TriageRow]) -> list[TriageRow]:
    """Rows that no longer wait, with what was done: by whom, and what came of it."""
    if not rows:
        return []
    incidents = {row.item.incident for row in rows} - {""}
    tasks = {row.item.task for row in rows} - {""}
    numbers = [row.item.alarms[0] for row in rows if row.item.alarms]
    with desk.store.read() as connection:
        of = or_(TASK.c.id.in_(sorted(tasks)), TASK.c.incident.in_(sorted(incidents)))
        found = connection.execute(select(TASK).where(of).order_by(TASK.c.opened, TASK.c.id)).all()
        rings = {row.id: row for row in connection.execute(select(ALARM).where(ALARM.c.id.in_(numbers)))}
        codes = [code for row in found for code in (row.holder, row.moved_by)]
        codes += [code for row in rings.values() for code in (row.acked_by, row.shelved_by)]
        people = names(connection, codes, desk.language)
    by_task = {row.id: row for row in found} | {row.incident: row for row in found if row.incident}
    told = []
    for row in rows:
        item = row.item
        task = by_task.get(item.incident) if item.incident else by_task.get(item.task)
        ring = rings.get(item.alarms[0]) if item.alarms else None
        told.append(replace(row, claimed="", done=_became(task, ring, people)))
    return told


def _became(task: Any, ring: Any, people: Mapping[str, str]) -> Message:
    if task is not None and (task.state != State.DRAFT or task.asked):
        by = people.get(task.moved_by, task.moved_by)
        if task.asked and task.state == State.DRAFT:
            asked = people.get(task.asked_by, task.asked_by)
            return Message("triage.was.asked", {"task": task.id, "act": f"ask_{task.asked}", "by": asked})
        if task.state == State.DISPATCHED:
            holder = people.get(task.holder, task.holder)
            return Message("triage.was.sent", {"task": task.id, "holder": holder, "by": by})
        if task.state == State.MERGED:
            return Message("triage.was.merged", {"task": task.id, "into": task.merged_into, "by": by})
        if task.state == State.CANCELLED:
            return Message(
                "triage.was.dismissed", {"task": task.id, "reason": task.close_code or "other", "by": by}
            )
        return Message("triage.was.task", {"task": task.id, "state": task.state, "by": by})
    if ring is None:
        return Message("triage.was.gone")
    match ring.state:
        case "ACKED":
            return Message("triage.was.acked", {"by": people.get(ring.acked_by, ring.acked_by)})
        case "SHELVED":
            by = people.get(ring.shelved_by, ring.shelved_by)
            return Message("triage.was.shelved", {"until": ring.shelved_until or 0, "by": by})
        case "NORM":
            return Message("triage.was.cleared")
    return Message("triage.was.quiet", {"state": ring.state})
