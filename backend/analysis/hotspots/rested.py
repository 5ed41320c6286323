"""Kept hot grids that rest on some readings: what a person is told who judges these."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from backend.analysis.hotspots.place import HEATS, Witness
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.tables import HotGrid
from backend.store import table

GRID = table(HotGrid)


@dataclass(frozen=True, slots=True)
class Rested:
    """A kept hot grid in which a station stands."""

    at: int
    """The start of the step."""
    grid: str
    level: int
    heat: str


def rest_on(
    conn: Connection, station: int, parameter: int, since: int, until: int, *, most: int = 50
) -> list[Rested]:
    """The hot grids of a span that a station stands in and is a witness of, the newest first.

    Args:
        station: its number.
        parameter: its number.
        since, until: the span of the readings; the end exclusive.
        most: so many at most.
    """
    rows = conn.execute(
        select(GRID.c.at, GRID.c.grid, GRID.c.level, GRID.c.heat, GRID.c.stations)
        .where(
            GRID.c.at > since - rules()["step"]["choices"][-1],
            GRID.c.at < until,
            GRID.c.parameter == parameter,
            GRID.c.heat.in_(HEATS[2:]),
        )
        .order_by(GRID.c.at.desc(), GRID.c.level.desc(), GRID.c.grid)
    )
    found: list[Rested] = []
    for row in rows:
        told = (Witness(*one) for one in json.loads(row.stations))
        if any(one.station == station and one.inside for one in told):
            found.append(Rested(row.at, row.grid, row.level, row.heat))
            if len(found) == most:
                break
    return found
