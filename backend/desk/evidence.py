"""Evidence 证据 of incidents and tasks: what acts bring, what is added later, and all of it in one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from backend.access import may
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.incidents import evidence as room
from backend.incidents.evidence import EVIDENCE
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.ops import Op
from backend.tasks.tables import Task
from backend.words import Outcome

INCIDENT, TASK = table(Incident), table(Task)
BRINGS = {"report": "evidence", "reopen": "evidence", "attach": "ref", "note": "ref"}
"""Acts that bring references, and where in their body they stand."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A reference to something that shows what happened."""

    id: int
    kind: str
    ref: str
    at: int
    by: str
    note: str
    stance: str
    """``for``, ``against`` or empty."""
    task: str
    """The task whose act brought it; empty for one of the incident itself."""


def taken(connection: Connection, desk: Desk, op: Op) -> None:
    """An act was done: note the references that it brought; of one that was recalled, take them back."""
    if op.kind == "recall":
        room.take_back(connection, str(op.body.get("op") or ""))
        return
    key = BRINGS.get(op.kind)
    references = room.split(op.body.get(key)) if key else []
    if not references:
        return
    incident = connection.execute(select(TASK.c.incident).where(TASK.c.id == op.task)).scalar_one_or_none()
    room.add(
        connection,
        references,
        zone=desk.zone,
        by=op.on_behalf or op.actor,
        at=desk.now,
        incident=incident or "",
        task=op.task,
        kind=str(op.body.get("kind") or ""),
        note=str(op.body.get("note") or "") if op.kind == "attach" else "",
        stance=str(op.body.get("stance") or ""),
        op=op.id,
    )


def add(desk: Desk, incident: str, *, refs: str, kind: str = "", note: str = "", stance: str = "") -> Outcome:
    """Add references to an incident, whatever its tasks are at.

    Args:
        refs: separated by blanks or commas.
        kind: photo, video, call_record, measurement, document, camera, plate; told by the reference where empty.
        stance: ``for`` or ``against`` what was reported; empty where they only tell.
    """
    references = room.split(refs)
    if not references:
        return Outcome.refused("evidence.refused.none")
    with desk.store.write() as connection:
        row = connection.execute(select(INCIDENT.c.grid).where(INCIDENT.c.id == incident)).first()
        if row is None:
            return Outcome.refused("desk.no_incident", incident=incident)
        refusal = may(connection, desk.actor, "incident.report", row.grid)
        if refusal is not None:
            return Outcome(False, refusal)
        count = room.add(
            connection,
            references,
            zone=desk.zone,
            by=desk.actor.person,
            at=desk.now,
            incident=incident,
            kind=kind,
            note=note,
            stance=stance,
        )
    if not count:
        return Outcome.refused("evidence.refused.same", incident=incident)
    return Outcome.done("evidence.done.added", count=count, incident=incident)


def rows(connection: Connection, desk: Desk, *, incident: str = "", task: str = "") -> Sequence[EvidenceRow]:
    """The evidence of an incident with that of its tasks, or of one task; oldest first."""
    of = [EVIDENCE.c.incident == incident] if incident else []
    of += [EVIDENCE.c.task == task] if task else []
    if not of:
        return []
    found = connection.execute(select(EVIDENCE).where(or_(*of)).order_by(EVIDENCE.c.id)).all()
    called = names(connection, [row.added_by for row in found], desk.language)
    return [
        EvidenceRow(
            row.id,
            row.kind,
            row.ref,
            row.at,
            called.get(row.added_by, row.added_by),
            row.note,
            row.for_or_against,
            row.task,
        )
        for row in found
    ]
