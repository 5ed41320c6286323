"""One incident 事件 with all that belongs to it: alarms, complaints, tasks, evidence, and what happened in order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend.access import may
from backend.city.called import called
from backend.city.tables import Source, Station
from backend.desk import alarms, complaints, evidence
from backend.desk.alarms import ALARM, AlarmRow, Face, grid_faces, incident_faces
from backend.desk.complaints import ComplaintRow
from backend.desk.desk import Desk
from backend.desk.evidence import EvidenceRow
from backend.desk.incidentsteps import Step as Step
from backend.desk.incidentsteps import steps_of
from backend.desk.naming import names, type_names
from backend.desk.scope import grid_names
from backend.desk.taskrows import TaskRow, rows_of
from backend.incidents.complaints import REPORT
from backend.incidents.masking import hide_text
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Message, Outcome

INCIDENT = table(Incident)
SOURCE, STATION, TASK = table(Source), table(Station), table(Task)
MOST = 200
"""Alarms that a page lists at most."""


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident itself."""

    id: str
    type: str
    type_name: tuple[str, str]
    state: str
    """``open`` or ``closed``."""
    priority: str
    title: Message
    place: str
    county: str
    township: str
    grid: str
    opened: int
    last: int
    closed: int | None
    origin: str
    regional: bool
    merged_into: str
    order: str
    """The order from above that it carries out."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What a person reported that waits for no answer: a patrol, a camera, a leader."""

    at: int
    channel: str
    number: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """An incident with all that belongs to it."""

    row: IncidentRow
    tasks: Sequence[TaskRow]
    complaints: Sequence[ComplaintRow]
    reports: Sequence[ReportRow]
    alarms: Sequence[AlarmRow]
    evidence: Sequence[EvidenceRow]
    steps: Sequence[Step]
    """Newest first."""
    faces: Sequence[Face]


def page(desk: Desk, incident: str) -> IncidentPage | None:
    """One incident; None where there is none that this person may see."""
    with desk.store.read() as connection:
        one = connection.execute(select(INCIDENT).where(INCIDENT.c.id == incident)).first()
        if one is None or not _seen(connection, desk, one):
            return None
        tasks = rows_of(connection, desk, _tasks_of(connection, incident))
        told = complaints.of_incident(connection, desk, incident)
        rings = alarms.of(connection, desk, ALARM.c.incident == incident, limit=MOST)
        proof = evidence.rows(connection, desk, incident=incident)
        return IncidentPage(
            row=_row(connection, desk, one),
            tasks=tasks,
            complaints=told,
            reports=_reports(connection, desk, incident),
            alarms=rings,
            evidence=proof,
            steps=steps_of(connection, desk, incident, rings, tasks, proof),
            faces=_faces(connection, desk, one, tasks, rings),
        )


def made_task(desk: Desk, incident: str) -> Outcome:
    """Make a task of an incident that has none; the open one is named where there is one."""
    from backend.desk import acts

    return acts.from_incident(desk, incident)


def _seen(connection: Connection, desk: Desk, one: Any) -> bool:
    """Whether it is the person's to see: theirs, or a region's that they are part of."""
    own = may(connection, desk.actor, "look", one.grid) is None
    if own or not one.regional:
        return own
    from backend.access import lineage

    return one.grid in lineage(connection, desk.actor.grid)


def _row(connection: Connection, desk: Desk, one: Any) -> IncidentRow:
    places, types = grid_names(connection, desk.language, level=4), type_names(connection)
    return IncidentRow(
        id=one.id,
        type=one.type,
        type_name=types.get(one.type, (one.type, one.type)),
        state=one.state,
        priority=one.priority,
        title=Message(one.title_code, json.loads(one.title_args or "{}")),
        place=one.place if desk.language == "zh" else places.get(one.grid) or one.place,
        county=places.get(one.county, ""),
        township=places.get(one.township, ""),
        grid=one.grid,
        opened=one.opened,
        last=one.last,
        closed=one.closed,
        origin=one.origin,
        regional=one.regional,
        merged_into=one.merged_into,
        order=one.order_code,
    )


def _tasks_of(connection: Connection, incident: str) -> list[str]:
    query = select(TASK.c.id).where(TASK.c.incident == incident)
    return list(connection.execute(query.order_by(TASK.c.closed.is_not(None), TASK.c.opened)).scalars())


def _reports(connection: Connection, desk: Desk, incident: str) -> list[ReportRow]:
    query = select(REPORT).where(REPORT.c.incident == incident, REPORT.c.reply_due.is_(None))
    found = connection.execute(query.order_by(REPORT.c.id)).all()
    by = names(connection, [row.recorded_by for row in found], desk.language)
    return [
        ReportRow(
            row.at,
            row.channel,
            row.number,
            hide_text(row.text, row.caller, row.caller_phone),
            by.get(row.recorded_by, row.recorded_by),
        )
        for row in found
    ]


def _faces(
    connection: Connection, desk: Desk, one: Any, tasks: Sequence[TaskRow], rings: Sequence[AlarmRow]
) -> list[Face]:
    faces = [Face("task", task.id, f"{task.id} {task.place}") for task in tasks]
    faces += [Face("alarm", str(ring.id), ring.place) for ring in rings[:9]]
    if one.station is not None:
        row = connection.execute(
            select(STATION.c.code, called(STATION, desk.language).label("name")).where(
                STATION.c.id == one.station
            )
        ).first()
        faces += [Face("station", row.code, row.name)] if row else []
    if one.source:
        row = connection.execute(
            select(SOURCE.c.code, called(SOURCE, desk.language).label("name")).where(
                SOURCE.c.code == one.source
            )
        ).first()
        faces += [Face("source", row.code, row.name)] if row else []
    if one.merged_into:
        faces += incident_faces(connection, desk, one.merged_into)
    if one.order_code:
        faces.append(Face("order", one.order_code, one.order_code))
    return [*faces, *grid_faces(connection, desk, (one.grid, one.township, one.county))]
