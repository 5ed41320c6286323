"""The part of the city that a person looks at: their grid and all below it, and what covers it from above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Table, and_, false, literal_column, or_, select, true

from backend.access import lineage
from backend.city.called import called
from backend.city.kept import kept
from backend.city.tables import Grid, Station, StationParameter
from backend.store.model import table
from backend.words.say import Language

GRID, MEASURED, STATION = table(Grid), table(StationParameter), table(Station)
WAITING = ("UNACK", "RTN_UNACK")
"""States in which an alarm waits for a person."""


class Placed(Protocol):
    """A row that says where it lies."""

    @property
    def county(self) -> str:
        """The code of its county; empty where it is of more than one."""
        ...

    @property
    def township(self) -> str:
        """The code of its township."""
        ...

    @property
    def grid(self) -> str:
        """The code of its grid."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """A grid with its level, and the grids that it lies in."""

    grid: str
    level: int
    above: tuple[str, ...] = ()

    def covers(self, of: Table) -> ColumnElement[bool]:
        """The condition on what lies in the grid: ``of`` has ``county``, ``township`` and ``grid`` columns."""
        if self.level <= 1:
            return true()
        column = {2: of.c.county, 3: of.c.township}.get(self.level, of.c.grid)
        return column == self.grid

    def spans(self) -> ColumnElement[bool]:
        """The condition on grids: itself, and those below it."""
        if self.level <= 1:
            return true()
        column = {2: GRID.c.county, 3: GRID.c.township}.get(self.level, GRID.c.code)
        return or_(GRID.c.code == self.grid, column == self.grid)

    def holds(self, row: Placed) -> bool:
        """Whether a row lies in the grid; what `covers` asks of many."""
        if self.level <= 1:
            return True
        return {2: row.county, 3: row.township}.get(self.level, row.grid) == self.grid

    def owes(self, tasks: Table) -> ColumnElement[bool]:
        """The condition on tasks that the grid must know of: its own, and those of orders from above that bind it."""
        if self.level <= 1 or not self.above:
            return self.covers(tasks)
        return or_(self.covers(tasks), and_(tasks.c.order_code != "", tasks.c.grid.in_(self.above)))

    def sees(self, alarms: Table) -> ColumnElement[bool]:
        """The condition on alarms that tell the grid something.

        Beside its own they are those of a region that it is part of, and of a feed that its stations hang on: both
        are of no station, and of no grid below the one they are of.
        """
        if self.level <= 1:
            return true()
        hanging = (
            select(MEASURED.c.feed)
            .join(STATION, STATION.c.id == MEASURED.c.station)
            .where(self.covers(STATION))
        )
        region = and_(alarms.c.feed == "", alarms.c.grid.in_(self.above)) if self.above else false()
        feed = and_(alarms.c.feed != "", alarms.c.feed.in_(hanging))
        return or_(self.covers(alarms), and_(alarms.c.station.is_(None), or_(region, feed)))


def scope_of(connection: Connection, grid: str) -> Scope:
    """The scope of a grid; an unknown grid covers nothing."""

    def read() -> Scope:
        level = connection.execute(select(GRID.c.level).where(GRID.c.code == grid)).scalar_one_or_none()
        return Scope(grid, 4 if level is None else level, lineage(connection, grid)[1:])

    return kept(connection, ("scope", grid), read)


def grid_names(connection: Connection, language: Language, *, level: int = 3) -> Mapping[str, str]:
    """The names of the grids down to a level."""

    def read() -> dict[str, str]:
        query = select(GRID.c.code, called(GRID, language)).where(GRID.c.level <= level)
        return {row[0]: row[1] for row in connection.execute(query)}

    return kept(connection, ("grid names", language, level), read)


def station_names(connection: Connection, language: Language) -> Mapping[int, str]:
    """The names of all stations, by number."""

    def read() -> dict[int, str]:
        query = select(STATION.c.id, called(STATION, language))
        return {row[0]: row[1] for row in connection.execute(query)}

    return kept(connection, ("station names", language), read)


def standing(alarms: Table) -> ColumnElement[bool]:
    """The condition on alarms that are not back to normal, written so that the partial index can answer it."""
    return alarms.c.state != literal_column("'NORM'")
