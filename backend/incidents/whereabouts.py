"""Where a place that somebody put in words lies: a code, a name, a name within an address, or a position."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property

from sqlalchemy import Connection, select

from backend.city.geometry import in_polygons
from backend.city.registry import City, GridRow
from backend.city.tables import Grid, Shape, Source
from backend.store.model import table

GRID, SHAPE, SOURCE = table(Grid), table(Shape), table(Source)
ENDINGS = ("街道办事处", "办事处", "街道", "镇", "乡")
"""What people leave out of a township's name."""
SHORTEST = 2
"""Characters of a name without its ending."""


class Whereabouts:
    """Looks places up in one city; asked of many texts in a row."""

    def __init__(self, conn: Connection, city: City) -> None:
        self._conn, self._city = conn, city
        self._sources: dict[str, str] = {}

    def grid(self, *texts: str, lon: float | None = None, lat: float | None = None) -> str:
        """The code of the smallest grid that is meant; empty where none is.

        Args:
            texts: what was said of the place, the most exact first: a code of a grid, station or source, or an address.
            lon: where it is, with ``lat``, where no text tells.
        """
        for text in texts:
            found = self._by_code(text.strip()) or self._by_name(text)
            if found:
                return found
        return self._by_position(lon, lat) if lon is not None and lat is not None else ""

    def _by_code(self, code: str) -> str:
        if not code or len(code) > 64:
            return ""
        if code in self._city.grids:
            return code
        if (station := self._city.by_code.get(code)) is not None:
            return station.grid
        if code not in self._sources:
            row = self._conn.execute(select(SOURCE.c.grid).where(SOURCE.c.code == code)).first()
            self._sources[code] = row.grid if row is not None else ""
        return self._sources[code]

    def _by_name(self, text: str) -> str:
        if not text:
            return ""
        counties = self._named(text, self._at(2))
        within = {grid.code for grid in counties}
        townships = [grid for grid in self._named(text, self._at(3)) if not within or grid.county in within]
        if len({grid.code for grid in townships}) > 1:
            # Two of one name, and no county that tells them apart.
            return next(iter(within)) if len(within) == 1 else ""
        if not townships:
            return counties[0].code if len(counties) == 1 else ""
        town = townships[0]
        below = [grid for grid in self._named(text, self._at(4)) if grid.township == town.code]
        return below[0].code if len(below) == 1 else town.code

    def _named(self, text: str, grids: Mapping[str, list[GridRow]]) -> list[GridRow]:
        """The grids whose name is in a text; of names that hold one another only the longest."""
        held = [name for name in grids if name in text]
        longest = [name for name in held if not any(name != other and name in other for other in held)]
        found = [grid for name in longest for grid in grids[name]]
        return list({grid.code: grid for grid in found}.values())

    def _at(self, level: int) -> Mapping[str, list[GridRow]]:
        return self._names[level]

    @cached_property
    def _names(self) -> Mapping[int, dict[str, list[GridRow]]]:
        """Grids by each name that they go by, on each level."""
        rows = self._conn.execute(select(GRID.c.code, GRID.c.aliases).where(GRID.c.in_service)).all()
        found: dict[int, dict[str, list[GridRow]]] = {1: {}, 2: {}, 3: {}, 4: {}}
        for row in rows:
            grid = self._city.grids.get(row.code)
            if grid is None or grid.level not in found:
                continue
            for name in _called(grid, row.aliases):
                found[grid.level].setdefault(name, []).append(grid)
        return found

    def _by_position(self, lon: float, lat: float) -> str:
        for code, polygons in self._shapes:
            if in_polygons(lon, lat, polygons):
                return code
        return ""

    @cached_property
    def _shapes(self) -> list[tuple[str, list[list[list[list[float]]]]]]:
        """Outlines, the smallest grids first."""
        rows = self._conn.execute(
            select(SHAPE.c.grid, SHAPE.c.coordinates, GRID.c.level)
            .join(GRID, GRID.c.code == SHAPE.c.grid)
            .where(GRID.c.in_service, GRID.c.level >= 2)
            .order_by(GRID.c.level.desc())
        )
        return [(row.grid, json.loads(row.coordinates)) for row in rows]


def _called(grid: GridRow, aliases: str) -> Iterable[str]:
    names = [grid.name, *(aliases.split("|") if aliases else [])]
    yield from filter(None, names)
    if grid.level != 3:
        return
    for name in names:
        for ending in ENDINGS:
            short = name.removesuffix(ending)
            if short != name and len(short) >= SHORTEST:
                yield short
                break
