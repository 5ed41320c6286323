"""Floods 报警泛滥 at the desk: when more alarms came than can be read, for how long, how many, at which peak."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from backend.alarms.tables import Flood
from backend.city.called import called
from backend.city.tables import Grid
from backend.desk.desk import Desk
from backend.desk.scope import scope_of
from backend.store import table

FLOOD, GRID = table(Flood), table(Grid)
DAYS = 92
"""Days back that a list tells: a quarter."""
MOST = 1000


@dataclass(frozen=True, slots=True)
class FloodRow:
    """One flood, as one grid's seats had it."""

    grid: str
    name: str
    level: int
    began: int
    ended: int | None
    """None while it lasts."""
    seconds: int
    total: int
    """Alarms presented from the beginning to the end."""
    peak: int
    """Most alarms in ten minutes."""


def board(desk: Desk) -> list[FloodRow]:
    """The floods of the person's grid and of those below it in the last quarter: what lasts first, the newest next."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        recent = or_(FLOOD.c.ended.is_(None), FLOOD.c.began > desk.now - DAYS * 86400)
        query = (
            select(FLOOD, GRID.c.level, called(GRID, desk.language).label("called"))
            .join(GRID, GRID.c.code == FLOOD.c.grid)
            .where(scope.spans(), recent)
            .order_by(FLOOD.c.ended.is_not(None), FLOOD.c.began.desc(), GRID.c.level, FLOOD.c.grid)
            .limit(MOST)
        )
        return [
            FloodRow(
                grid=row.grid,
                name=row.called,
                level=row.level,
                began=row.began,
                ended=row.ended,
                seconds=max(0, (desk.now if row.ended is None else row.ended) - row.began),
                total=row.total,
                peak=row.peak,
            )
            for row in connection.execute(query)
        ]
