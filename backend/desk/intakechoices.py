"""What a form of intake or of an order offers: incident types, places by name and pinyin initials, open incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from backend.city.called import called, found_by, said
from backend.city.tables import Grid, IncidentType, Source, Station
from backend.desk.desk import Desk
from backend.desk.naming import type_names
from backend.desk.scope import Scope, scope_of
from backend.incidents.rules import rules
from backend.incidents.tables import Incident, IncidentReport
from backend.store import table

GRID, INCIDENT, SOURCE = table(Grid), table(Incident), table(Source)
REPORT, STATION, TYPE = table(IncidentReport), table(Station), table(IncidentType)
LONG_AGO = 90 * 86400
"""Seconds back within which reports tell which types are common."""
MOST = 300
"""Open incidents that are offered by their numbers."""


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """An incident type that holds today."""

    code: str
    names: tuple[str, str]
    """In Chinese and English."""
    priority: str
    initials: str


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place that something can be reported of."""

    kind: str
    """``grid``, ``station``, ``source``; ``incident`` for an open one, found by its or its complaints' number."""
    code: str
    name: str
    more: str
    """A grid's level, the kind of a station or a source, where an incident came from."""
    above: str
    """The name of the grid that it lies in."""
    search: str
    outside: bool = False
    """Not in the person's jurisdiction: told so, and whose it is."""


@dataclass(frozen=True, slots=True)
class IntakeChoices:
    """What a person who enters a report can choose from."""

    types: Sequence[TypeChoice]
    """The most reported first."""
    places: Sequence[PlaceChoice]


def choices(desk: Desk) -> IntakeChoices:
    """The incident types that hold today, and the places of the jurisdiction; townships beside it are told apart."""
    with desk.store.read() as connection:
        places = [*_places(connection, desk), *_incidents(connection, desk)]
        return IntakeChoices(_types(connection, desk), places)


def _types(connection: Connection, desk: Desk) -> list[TypeChoice]:
    today = datetime.fromtimestamp(desk.now, desk.zone).date().isoformat()
    held = rules(desk.now, desk.zone)
    rows = connection.execute(
        select(TYPE.c.code, TYPE.c.name, TYPE.c.name_en, TYPE.c.priority)
        .where(TYPE.c.valid_from <= today, (TYPE.c.valid_to == "") | (TYPE.c.valid_to > today))
        .order_by(TYPE.c.code)
    ).all()
    counted = select(INCIDENT.c.type, func.count()).where(
        INCIDENT.c.origin != "alarm", INCIDENT.c.opened > desk.now - LONG_AGO
    )
    often: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted.group_by(INCIDENT.c.type))}

    def turn(code: str) -> tuple[int, int]:
        # What few have reported says nothing yet: the trade's own order holds until some ten have.
        common = held.common.index(code) if code in held.common else len(held.common)
        return -(often.get(code, 0) // 10), common

    found = [
        TypeChoice(row.code, (row.name, row.name_en), row.priority, held.initials.get(row.code, ""))
        for row in rows
    ]
    return sorted(found, key=lambda one: turn(one.code))


def _inside(scope: Scope) -> ColumnElement[bool]:
    """The condition on grids that lie in a grid, itself too."""
    held = {1: true(), 2: GRID.c.county == scope.grid, 3: GRID.c.township == scope.grid}
    return held.get(scope.level, GRID.c.code == scope.grid)


def _places(connection: Connection, desk: Desk) -> list[PlaceChoice]:
    scope = scope_of(connection, desk.actor.grid)
    inside = _inside(scope)
    above = GRID.alias("above")
    named = called(above, desk.language).label("above")
    grids = connection.execute(
        select(
            GRID.c.code,
            GRID.c.name,
            GRID.c.name_en,
            GRID.c.initials,
            GRID.c.level,
            named,
            inside.label("inside"),
        )
        .join(above, above.c.code == GRID.c.parent)
        .where(GRID.c.level >= 3, GRID.c.in_service, inside | (GRID.c.level == 3))
        .order_by(GRID.c.level, GRID.c.code)
    ).all()
    found = [
        PlaceChoice("grid", row.code, said(row, desk.language), str(row.level), row.above, _by(row, desk))
        for row in grids
        if row.inside
    ]
    for kind, of in (("station", STATION), ("source", SOURCE)):
        rows = connection.execute(
            select(
                of.c.code,
                of.c.name,
                of.c.name_en,
                of.c.initials,
                of.c.kind,
                called(above, desk.language).label("above"),
            )
            .join(above, above.c.code == of.c.township)
            .where(of.c.in_service, scope.covers(of), of.c.kind != "power")
            .order_by(of.c.kind, of.c.code)
        )
        found += [
            PlaceChoice(kind, row.code, said(row, desk.language), row.kind, row.above, _by(row, desk))
            for row in rows
        ]
    found += [
        PlaceChoice(
            "grid",
            row.code,
            said(row, desk.language),
            str(row.level),
            row.above,
            _by(row, desk),
            outside=True,
        )
        for row in grids
        if not row.inside
    ]
    return found


def _incidents(connection: Connection, desk: Desk) -> list[PlaceChoice]:
    """The open incidents of the jurisdiction, the newest first: whoever calls again may tell their number."""
    scope = scope_of(connection, desk.actor.grid)
    query = select(INCIDENT.c.id, INCIDENT.c.type, INCIDENT.c.place, INCIDENT.c.origin).where(
        INCIDENT.c.state == "open", INCIDENT.c.regional.is_(False), scope.covers(INCIDENT)
    )
    rows = connection.execute(query.order_by(INCIDENT.c.last.desc()).limit(MOST)).all()
    numbers: defaultdict[str, list[str]] = defaultdict(list)
    held = select(REPORT.c.incident, REPORT.c.number).where(
        REPORT.c.incident.in_([row.id for row in rows]), REPORT.c.number != ""
    )
    for incident, number in connection.execute(held):
        numbers[incident].append(number)
    types = type_names(connection)
    return [
        PlaceChoice(
            "incident",
            row.id,
            types.get(row.type, (row.type, row.type))[desk.language == "en"] or row.type,
            row.origin,
            row.id,
            " ".join(numbers[row.id]),
        )
        for row in rows
    ]


def scopes(connection: Connection, desk: Desk) -> list[PlaceChoice]:
    """Grids of all levels, the largest first, and sources of the jurisdiction: what an order can hold for."""
    scope = scope_of(connection, desk.actor.grid)
    inside = _inside(scope)
    rows = connection.execute(
        select(GRID).where(GRID.c.in_service, inside).order_by(GRID.c.level, GRID.c.code)
    ).all()
    names = {row.code: said(row, desk.language) for row in rows}
    found = [
        PlaceChoice(
            "grid", row.code, names[row.code], str(row.level), names.get(row.parent, ""), _by(row, desk)
        )
        for row in rows
    ]
    return [*found, *(one for one in _places(connection, desk) if one.kind == "source")]


def _by(row: Any, desk: Desk) -> str:
    return f"{found_by(row, desk.language)} {row.code}".strip()
