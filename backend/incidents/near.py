"""Incidents that may be the very thing that is being reported: of one family of types, near, and not long ago."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.city.geometry import distance_km
from backend.city.registry import City
from backend.incidents.intake import Intake, place_of
from backend.incidents.rules import rules
from backend.incidents.tables import Incident
from backend.store.model import table

INCIDENT = table(Incident)
MOST = 5


@dataclass(frozen=True, slots=True)
class Near:
    """An open incident near by."""

    incident: str
    type: str
    priority: str
    title_code: str
    title_args: Mapping[str, Any]
    place: str
    grid: str
    km: float | None
    """None where one of the two has no position: then they are of one township."""
    last: int
    """When it was last reported or measured."""
    origin: str


@dataclass(frozen=True, slots=True)
class Where:
    """What something is taken for, and where it is."""

    type: str
    lon: float | None
    lat: float | None
    township: str
    exact: bool
    """At a station or a source; else told by the middle of a grid."""


def near(conn: Connection, city: City, intake: Intake, now: int) -> list[Near]:
    """The open incidents that a report may belong to, the nearest first; at most `MOST`."""
    place = place_of(conn, city, intake)
    if place is None:
        return []
    where = Where(
        intake.type,
        place.lon,
        place.lat,
        city.grids[place.grid].township,
        bool(place.station or place.source),
    )
    return near_to(conn, city.zone, where, now)


def near_incident(conn: Connection, zone: ZoneInfo, incident: str, now: int) -> list[Near]:
    """The other open incidents that an incident may be one with, the nearest first; at most `MOST`."""
    row = conn.execute(select(INCIDENT).where(INCIDENT.c.id == incident)).first()
    if row is None or row.regional:
        return []
    where = Where(row.type, row.lon, row.lat, row.township, bool(row.station or row.source))
    return [one for one in near_to(conn, zone, where, now, most=MOST + 1) if one.incident != incident][:MOST]


def near_to(conn: Connection, zone: ZoneInfo, where: Where, now: int, *, most: int = MOST) -> list[Near]:
    """The open incidents of one family of types with it, near, and not long ago."""
    held = rules(now, zone)
    query = select(INCIDENT).where(
        INCIDENT.c.state == "open", INCIDENT.c.regional.is_(False), INCIDENT.c.merged_into == ""
    )
    found = []
    for row in conn.execute(query.order_by(INCIDENT.c.last.desc())):
        family = held.near(where.type, row.type)
        if family is None or now - row.last > family.seconds:
            continue
        km = None
        if None not in (where.lon, where.lat, row.lon, row.lat):
            km = distance_km(where.lon or 0, where.lat or 0, row.lon, row.lat)
        # A township is told by its middle: what lies in it is near, wherever in it that is.
        same = bool(where.township) and row.township == where.township
        if not (same and (km is None or not where.exact)) and (km is None or km > family.km):
            continue
        found.append(
            Near(
                incident=row.id,
                type=row.type,
                priority=row.priority,
                title_code=row.title_code,
                title_args=json.loads(row.title_args or "{}"),
                place=row.place,
                grid=row.grid,
                km=km,
                last=row.last,
                origin=row.origin,
            )
        )
    found.sort(key=lambda one: (one.km is None, one.km or 0.0, -one.last))
    return found[:most]
