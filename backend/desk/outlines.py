"""The outlines of grids 网格边界, for a map to be drawn on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.city.called import called
from backend.city.tables import Grid, Shape
from backend.desk.desk import Desk
from backend.store import table

GRID, SHAPE = table(Grid), table(Shape)


@dataclass(frozen=True, slots=True)
class Outline:
    """A grid and where it ends."""

    code: str
    name: str
    """In the desk's language."""
    lon: float
    lat: float
    """Where its name stands: its own point, else the middle of its outline's box."""
    polygons: Sequence[Sequence[Sequence[Sequence[float]]]]
    """GeoJSON MultiPolygon coordinates, WGS-84."""
    made_up: bool


def outlines(desk: Desk, level: int, within: str = "") -> list[Outline]:
    """The outlines of the grids of a level that are in service and have one, in the order of their codes.

    Args:
        desk: who asks.
        level: 2 for counties, 3 for townships, 4 for the finest grids.
        within: a grid that they lie in; all of the city where empty.
    """
    lies = {2: GRID.c.code, 3: GRID.c.county}.get(level, GRID.c.township)
    where = [GRID.c.level == level, GRID.c.in_service]
    if within:
        where.append((lies == within) | (GRID.c.county == within) | (GRID.c.township == within))
    with desk.store.read() as connection:
        rows = connection.execute(
            select(
                GRID.c.code,
                called(GRID, desk.language).label("name"),
                GRID.c.lon,
                GRID.c.lat,
                SHAPE.c.coordinates,
                SHAPE.c.made_up,
            )
            .join(SHAPE, SHAPE.c.grid == GRID.c.code)
            .where(*where)
            .order_by(GRID.c.code)
        ).all()
    found = []
    for row in rows:
        polygons = json.loads(row.coordinates)
        points = [point for polygon in polygons for point in polygon[0]]
        if not points:
            continue
        lon, lat = row.lon, row.lat
        if lon is None or lat is None:
            lons, lats = [point[0] for point in points], [point[1] for point in points]
            lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        found.append(Outline(row.code, row.name, lon, lat, polygons, bool(row.made_up)))
    return found
