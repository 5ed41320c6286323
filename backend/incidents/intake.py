"""What a person reports: a call, a 12345 complaint, a patrol, a camera, an order from above."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from backend.alarms.rules import PRIORITIES
from backend.city.registry import City
from backend.city.tables import IncidentType, Source
from backend.incidents.ids import mint
from backend.incidents.tables import Incident, IncidentReport
from backend.store import table
from backend.text import clean
from backend.words import Outcome

INCIDENT, REPORT = table(Incident), table(IncidentReport)
CHANNELS = ("phone", "12345", "patrol", "camera", "leader")


@dataclass(frozen=True, slots=True)
class Intake:
    """What was reported, as it was typed."""

    type: str
    """The code of an incident type."""
    channel: str
    """phone, 12345, patrol, camera or leader."""
    grid: str = ""
    """Where: a grid, or the grid of the station or source."""
    station: str = ""
    source: str = ""
    lon: float | None = None
    lat: float | None = None
    text: str = ""
    priority: str = ""
    """Empty: that of the type."""
    number: str = ""
    """The complaint's own number."""
    caller: str = ""
    caller_phone: str = ""
    reply_due: int | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    grid: str
    name: str
    name_en: str
    lon: float | None
    lat: float | None
    station: int | None = None
    source: str = ""


def report_by_person(conn: Connection, city: City, intake: Intake, *, actor: str, now: int) -> Outcome:
    """Open an incident for what a person reports; ``data["incident"]`` is its number."""
    if intake.channel not in CHANNELS:
        return Outcome.refused("incident.refused.channel", channel=clean(intake.channel, limit=20))
    kind = _type(conn, city, intake.type, now)
    if kind is None:
        return Outcome.refused("incident.refused.type", type=clean(intake.type, limit=40))
    place = _place(conn, city, intake)
    if place is None:
        return Outcome.refused("incident.refused.place")
    priority = intake.priority or kind[2]
    if priority not in PRIORITIES:
        return Outcome.refused("incident.refused.priority", priority=clean(priority, limit=20))
    number = next(mint(conn, city.zone, now))
    conn.execute(INCIDENT.insert().values(id=number, **_row(city, intake, kind, place, priority, now)))
    conn.execute(REPORT.insert().values(incident=number, **_told(intake, actor, now)))
    done = Outcome.done("incident.done.reported", incident=number)
    return Outcome(True, done.message, {"incident": number})


def _row(
    city: City, intake: Intake, kind: tuple[str, str, str], place: _Place, priority: str, now: int
) -> dict[str, Any]:
    grid = city.grids[place.grid]
    args = {"type": kind[0], "type_en": kind[1], "place": place.name, "place_en": place.name_en or place.name}
    return {
        "type": intake.type,
        "state": "open",
        "priority": priority,
        "title_code": "incident.title.report",
        "title_args": json.dumps(args, ensure_ascii=False),
        "grid": place.grid,
        "county": grid.county,
        "township": grid.township,
        "place": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "station": place.station,
        "parameter": None,
        "source": place.source,
        "regional": False,
        "opened": now,
        "closed": None,
        "last": now,
        "merged_into": "",
        "origin": intake.channel,
    }


def _told(intake: Intake, actor: str, now: int) -> dict[str, Any]:
    return {
        "channel": intake.channel,
        "number": clean(intake.number, limit=40),
        "at": now,
        "recorded_by": actor,
        "text": clean(intake.text, limit=2000, lines=40),
        "caller": clean(intake.caller, limit=40),
        "caller_phone": clean(intake.caller_phone, limit=30),
        "reply_due": intake.reply_due,
        "replied": None,
        "reply": "",
        "called_back": None,
    }


def _type(conn: Connection, city: City, code: str, now: int) -> tuple[str, str, str] | None:
    """Name, English name and priority of an incident type that holds today."""
    types = table(IncidentType)
    today = datetime.fromtimestamp(now, city.zone).date().isoformat()
    row = conn.execute(
        select(types.c.name, types.c.name_en, types.c.priority)
        .where(
            types.c.code == code,
            types.c.valid_from <= today,
            or_(types.c.valid_to == "", types.c.valid_to > today),
        )
        .order_by(types.c.valid_from.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.name, row.name_en, row.priority)


def _place(conn: Connection, city: City, intake: Intake) -> _Place | None:
    if intake.station:
        station = city.station(intake.station)
        if station is None or station.grid not in city.grids:
            return None
        return _Place(
            station.grid,
            station.name,
            station.name_en,
            station.lon,
            station.lat,
            station.id,
            station.source,
        )
    if intake.source:
        sources = table(Source)
        row = conn.execute(
            select(sources.c.grid, sources.c.name, sources.c.name_en, sources.c.lon, sources.c.lat).where(
                sources.c.code == intake.source
            )
        ).first()
        if row is None or row.grid not in city.grids:
            return None
        return _Place(row.grid, row.name, row.name_en, row.lon, row.lat, None, intake.source)
    grid = city.grids.get(intake.grid)
    if grid is None:
        return None
    lon, lat = (intake.lon, intake.lat) if intake.lon is not None else (grid.lon, grid.lat)
    return _Place(grid.code, grid.name, grid.name_en, lon, lat)
