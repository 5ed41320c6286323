"""What a station stands at and hangs by: its source, its feeds, and where one can go from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from backend.city.called import called
from backend.city.industries import industry
from backend.city.tables import Department, Source
from backend.desk.alarms import AlarmRow, Face, grid_faces
from backend.desk.desk import Desk
from backend.feeds.tables import Feed
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.tables import Task
from backend.words.say import Language

DEPARTMENT, FEED, INCIDENT = table(Department), table(Feed), table(Incident)
SOURCE, TASK = table(Source), table(Task)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source 污染源 in one line."""

    code: str
    kind: str
    name: str
    industry: str
    grade: str
    department: str
    contact: str
    phone: str
    made_up: bool


def sources(language: Language) -> Select[Any]:
    """Sources with their names and their departments', for `facts_of`."""
    return select(
        SOURCE,
        called(SOURCE, language).label("called"),
        called(DEPARTMENT, language).label("department_name"),
    ).outerjoin(DEPARTMENT, DEPARTMENT.c.code == SOURCE.c.department)


def facts_of(row: Any, language: Language) -> SourceFacts:
    """A row of `sources`."""
    return SourceFacts(
        row.code,
        row.kind,
        row.called,
        industry(row.industry, language),
        row.grade,
        row.department_name or row.department,
        row.contact,
        row.phone,
        row.made_up,
    )


def source_of(connection: Connection, desk: Desk, code: str) -> SourceFacts | None:
    """The source of a code, with its department; None where there is none."""
    row = connection.execute(sources(desk.language).where(SOURCE.c.code == code)).first() if code else None
    return None if row is None else facts_of(row, desk.language)


def feeds_of(connection: Connection, desk: Desk, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Code and name of the feeds with these codes."""
    wanted = sorted({code for code in codes if code})
    name = called(FEED, desk.language)
    rows = connection.execute(select(FEED.c.code, name).where(FEED.c.code.in_(wanted)))
    known = {row[0]: row[1] for row in rows}
    return [(code, known.get(code) or code) for code in wanted]


def faces_of(
    connection: Connection,
    desk: Desk,
    station: Any,
    source: SourceFacts | None,
    feeds: Sequence[tuple[str, str]],
    own: Sequence[AlarmRow],
) -> list[Face]:
    """Where one can go from a station: its open tasks, its source, its grids, its feeds."""
    grids = grid_faces(connection, desk, (station.grid, station.township, station.county))
    sources = [Face("source", source.code, source.name)] if source else []
    incidents = [row.incident for row in own if row.incident]
    query = (
        select(TASK.c.id)
        .outerjoin(INCIDENT, INCIDENT.c.id == TASK.c.incident)
        .where(
            TASK.c.closed.is_(None),
            or_(INCIDENT.c.station == station.id, TASK.c.incident.in_(incidents)),
        )
        .order_by(TASK.c.id)
    )
    tasks = [Face("task", name, name) for name in connection.execute(query).scalars()]
    return [*tasks, *sources, *grids, *(Face("feed", code, name) for code, name in feeds)]
