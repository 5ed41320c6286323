"""Places: a grid or a source with all that is there, and where one can go from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from backend.city.called import called
from backend.city.tables import Centre, Grid, Person, PowerPoint, Source, Station
from backend.desk import alarms, tasks
from backend.desk.alarms import AlarmRow, Face, grid_faces
from backend.desk.desk import Desk
from backend.desk.stationfacts import SourceFacts, facts_of, sources
from backend.desk.stations import StationRow, around
from backend.desk.tasks import TaskRow
from backend.duty.book import on_duty
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.tables import Task

CENTRE, GRID, INCIDENT = table(Centre), table(Grid), table(Incident)
PERSON, POWER, SOURCE, STATION, TASK = (
    table(Person),
    table(PowerPoint),
    table(Source),
    table(Station),
    table(Task),
)
MOST = 500
"""Stations and sources that a page lists at most."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call."""

    name: str
    role: str
    """``duty`` for a duty room, else the person's role."""
    phone: str


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A grid or a source with what is there."""

    code: str
    name: str
    name_en: str
    kind: str
    """``grid`` or ``source``."""
    level: int
    """A grid's level 1 to 4; 0 for a source."""
    lon: float | None
    lat: float | None
    made_up: bool
    source: SourceFacts | None
    contacts: Sequence[Contact]
    rated: Sequence[tuple[float | None, float | None]]
    """A source's power points: rated kW of production and of treatment."""
    tasks: Sequence[TaskRow]
    alarms: Sequence[AlarmRow]
    stations: Sequence[StationRow]
    sources: Sequence[SourceFacts]
    faces: Sequence[Face]


def grid(desk: Desk, code: str) -> PlacePage | None:
    """A grid with its open tasks, standing alarms, stations and sources; None where there is none."""
    with desk.store.read() as connection:
        row = connection.execute(select(GRID).where(GRID.c.code == code)).one_or_none()
        if row is None:
            return None
        contacts = _grid_contacts(connection, desk, row)
        stations = _stations(connection, desk, _lies(STATION, row), STATION.c.kind != "power")
        kept = _sources(connection, desk, _lies(SOURCE, row))
        rings = alarms.of(connection, desk, _lies(alarms.ALARM, row), limit=MOST)
        found = connection.execute(
            select(TASK.c.id)
            .where(TASK.c.closed.is_(None), _lies(TASK, row))
            .order_by(TASK.c.due)
            .limit(MOST)
        ).scalars()
        work = tasks.rows_of(connection, desk, list(found))
        faces = grid_faces(connection, desk, (row.parent, row.township, row.county))
    return PlacePage(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        kind="grid",
        level=row.level,
        lon=row.lon,
        lat=row.lat,
        made_up=row.made_up,
        source=None,
        contacts=contacts,
        rated=(),
        tasks=work,
        alarms=[one for one in rings if one.state != "NORM"],
        stations=stations,
        sources=kept,
        faces=[face for face in faces if face.key != code],
    )


def source(desk: Desk, code: str) -> PlacePage | None:
    """A source with its stations, their alarms and the tasks about it; None where there is none."""
    with desk.store.read() as connection:
        row = connection.execute(sources(desk.language).where(SOURCE.c.code == code)).one_or_none()
        if row is None:
            return None
        stations = _stations(connection, desk, STATION.c.source == code)
        rings = alarms.of(connection, desk, alarms.ALARM.c.source == code)
        incidents = [one.incident for one in rings if one.incident]
        found = connection.execute(
            select(TASK.c.id)
            .outerjoin(INCIDENT, INCIDENT.c.id == TASK.c.incident)
            .where(TASK.c.closed.is_(None), or_(INCIDENT.c.source == code, TASK.c.incident.in_(incidents)))
        ).scalars()
        work = tasks.rows_of(connection, desk, list(found))
        rated = connection.execute(
            select(POWER.c.production_kw, POWER.c.treatment_kw).where(POWER.c.source == code)
        ).all()
        faces = grid_faces(connection, desk, (row.grid, row.township, row.county))
    return PlacePage(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        kind="source",
        level=0,
        lon=row.lon,
        lat=row.lat,
        made_up=row.made_up,
        source=facts_of(row, desk.language),
        contacts=[Contact(row.contact, "contact", row.phone)] if row.contact or row.phone else [],
        rated=[(one.production_kw, one.treatment_kw) for one in rated],
        tasks=work,
        alarms=rings,
        stations=stations,
        sources=(),
        faces=faces,
    )


def faces_of_grid(desk: Desk, code: str) -> list[Face]:
    """Where one can go from a grid: itself, and those it lies in."""
    with desk.store.read() as connection:
        row = connection.execute(select(GRID.c.parent).where(GRID.c.code == code)).first()
        return grid_faces(connection, desk, (code, row.parent if row else ""))


def faces_of_task(desk: Desk, task: str) -> list[Face]:
    """Where one can go from a task: itself, the station, the alarms and the source of its incident, its grids."""
    with desk.store.read() as connection:
        row = connection.execute(select(TASK).where(TASK.c.id == task)).first()
        if row is None:
            return []
        faces = [Face("task", task, task), *alarms.incident_faces(connection, desk, row.incident)]
        incident = connection.execute(select(INCIDENT).where(INCIDENT.c.id == row.incident)).first()
        if incident is not None:
            faces += _of_incident(connection, desk, incident)
        return [*faces, *grid_faces(connection, desk, (row.grid, row.township, row.county))]


def _of_incident(connection: Connection, desk: Desk, incident: Any) -> list[Face]:
    language = desk.language
    station = connection.execute(
        select(STATION.c.code, called(STATION, language).label("name")).where(
            STATION.c.id == incident.station
        )
    ).first()
    faces = [Face("station", station.code, station.name)] if station else []
    rings = connection.execute(
        select(alarms.ALARM.c.id, alarms.ALARM.c.rule)
        .where(alarms.ALARM.c.incident == incident.id)
        .order_by(alarms.ALARM.c.id.desc())
        .limit(5)
    )
    faces += [Face("alarm", str(ring.id), ring.rule) for ring in rings]
    place = connection.execute(
        select(SOURCE.c.code, called(SOURCE, language).label("name")).where(SOURCE.c.code == incident.source)
    ).first()
    return [*faces, Face("source", place.code, place.name)] if place else faces


def _lies(of: Table, grid: Any) -> ColumnElement[bool]:
    """The condition on what lies in a grid: ``of`` has county, township and grid columns."""
    if grid.level <= 1:
        return of.c.county != ""
    column = {2: "county", 3: "township"}.get(grid.level, "grid")
    return of.c[column].in_((grid.code,))


def _stations(connection: Connection, desk: Desk, *conditions: Any) -> list[StationRow]:
    query = select(STATION).where(*conditions).order_by(STATION.c.kind, STATION.c.code).limit(MOST)
    found = connection.execute(query).all()
    making = around(connection, desk, *conditions)
    return [making.row(station) for station in found]


def _sources(connection: Connection, desk: Desk, condition: Any) -> list[SourceFacts]:
    query = (
        sources(desk.language)
        .where(condition, SOURCE.c.in_service)
        .order_by(SOURCE.c.kind, SOURCE.c.code)
        .limit(MOST)
    )
    return [facts_of(row, desk.language) for row in connection.execute(query)]


def _grid_contacts(connection: Connection, desk: Desk, grid: Any) -> list[Contact]:
    """The duty room of its centre, then its own people."""
    found: list[Contact] = []
    centres = connection.execute(
        select(CENTRE.c.code, called(CENTRE, desk.language).label("name"), CENTRE.c.phone).where(
            CENTRE.c.grid == grid.code, CENTRE.c.in_service
        )
    ).all()
    for centre in centres:
        duty = on_duty(connection, "centre", centre.code, desk.now, desk.zone)
        # Where the duty book names its room in Chinese only, the centre is told.
        room = (duty[0].name if desk.language == "zh" else duty[0].name_en) if duty else ""
        name = room or centre.name
        found.append(Contact(name, "duty", duty[0].phone if duty and duty[0].phone else centre.phone))
    people = connection.execute(
        select(called(PERSON, desk.language).label("name"), PERSON.c.role, PERSON.c.phone)
        .where(PERSON.c.grid == grid.code, PERSON.c.active)
        .order_by(PERSON.c.role, PERSON.c.code)
        .limit(4)
    )
    return [*found, *(Contact(person.name, person.role, person.phone) for person in people)]
