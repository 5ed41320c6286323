"""The part of the city that a person looks at: their grid and all below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, literal_column, select, true

from backend.city.tables import Grid
from backend.store.model import table

GRID = table(Grid)
WAITING = ("UNACK", "RTN_UNACK")
"""States in which an alarm waits for a person."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A grid with its level."""

    grid: str
    level: int

    def covers(self, of: Table) -> ColumnElement[bool]:
        """The condition on a table with ``county``, ``township`` and ``grid`` columns."""
        if self.level <= 1:
            return true()
        column = {2: of.c.county, 3: of.c.township}.get(self.level, of.c.grid)
        return column == self.grid


def scope_of(connection: Connection, grid: str) -> Scope:
    """The scope of a grid; an unknown grid covers nothing."""
    level = connection.execute(select(GRID.c.level).where(GRID.c.code == grid)).scalar_one_or_none()
    return Scope(grid, 4 if level is None else level)


def grid_names(connection: Connection, *, level: int = 3) -> Mapping[str, str]:
    """The names of the grids down to a level."""
    rows = connection.execute(select(GRID.c.code, GRID.c.name).where(GRID.c.level <= level))
    return {row.code: row.name for row in rows}


def standing(alarms: Table) -> ColumnElement[bool]:
    """The condition on alarms that are not back to normal, written so that the partial index can answer it."""
    return alarms.c.state != literal_column("'NORM'")
