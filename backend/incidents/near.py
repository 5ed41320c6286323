"""Incidents that may be the very thing that is being reported: of one family of types, near, and not long ago."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


def near(conn: Connection, city: City, intake: Intake, now: int) -> list[Near]:
    """The open incidents that a report may belong to, the nearest first; at most `MOST`."""
    place = place_of(conn, city, intake)
    if place is None:
        return []
    held, grid = rules(now, city.zone), city.grids[place.grid]
    query = select(INCIDENT).where(
        INCIDENT.c.state == "open", INCIDENT.c.regional.is_(False), INCIDENT.c.merged_into == ""
    )
    found = []
    for row in conn.execute(query.order_by(INCIDENT.c.last.desc())):
        family = held.near(intake.type, row.type)
        if family is None or now - row.last > family.seconds:
            continue
        km = None
        if None not in (place.lon, place.lat, row.lon, row.lat):
            km = distance_km(place.lon or 0, place.lat or 0, row.lon, row.lat)
        # A township is told by its middle: what lies in it is near, wherever in it that is.
        same = bool(grid.township) and row.township == grid.township
        exact = bool(place.station or place.source)
        if not (same and (km is None or not exact)) and (km is None or km > family.km):
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
    return found[:MOST]
