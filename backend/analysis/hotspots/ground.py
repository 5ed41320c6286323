"""The city's ground as arrays: the county and finest grid that a position lies in, and cells over it all."""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from backend.analysis import geo
from backend.analysis.geo import Floats, Plane
from backend.analysis.hotspots.rules import rules
from backend.city.registry import City, GridRow
from backend.city.tables import Shape
from backend.store import table

SHAPE = table(Shape)
Numbers = NDArray[np.int32]
Rings = list[Floats]


@dataclass(frozen=True)
class Ground:
    """Outlines and middles of a city's grids, and its plane."""

    plane: Plane
    box: tuple[float, float, float, float]
    """West, south, east, north in metres of the plane: where stations stand and the city lies."""
    counties: tuple[GridRow, ...]
    fine: tuple[GridRow, ...]
    """The grids of the finest level."""
    grids: dict[str, GridRow]
    rings: dict[str, Rings]
    """Each outlined grid's rings, metres, (N, 2)."""

    @classmethod
    def read(cls, conn: Connection, city: City, positions: Iterable[tuple[float, float]]) -> Ground:
        """The ground of a city.

        Args:
            positions: of its stations, degrees: they too lie on the ground, where nothing else says how far it goes.
        """
        told = conn.execute(select(SHAPE.c.grid, SHAPE.c.coordinates)).all()
        grids = {code: row for code, row in city.grids.items() if row.in_service}
        degrees = {
            row.grid: [
                np.asarray(ring, dtype=np.float64)[:, :2]
                for part in json.loads(row.coordinates)
                for ring in part
            ]
            for row in told
            if row.grid in grids
        }
        corners = _corners(city, grids, degrees, positions)
        plane = Plane.about(corners[:, 0], corners[:, 1])
        rings = {
            code: [np.column_stack(plane.xy(ring[:, 0], ring[:, 1])) for ring in several]
            for code, several in degrees.items()
        }
        x, y = plane.xy(corners[:, 0], corners[:, 1])
        box = (
            (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
            if len(x)
            else (0.0, 0.0, 0.0, 0.0)
        )
        levels = sorted({row.level for row in grids.values() if row.level >= 2})
        finest = levels[-1] if levels else 0
        fine = tuple(row for code, row in sorted(grids.items()) if row.level == finest)
        return cls(plane, box, city.counties, fine, grids, rings)

    @cached_property
    def _boxes(self) -> dict[str, tuple[float, float, float, float]]:
        """West, east, south, north of each outline."""
        return {
            code: (
                float(min(ring[:, 0].min() for ring in rings)),
                float(max(ring[:, 0].max() for ring in rings)),
                float(min(ring[:, 1].min() for ring in rings)),
                float(max(ring[:, 1].max() for ring in rings)),
            )
            for code, rings in self.rings.items()
            if rings
        }

    @property
    def outlined(self) -> bool:
        """Whether the counties, or the city, have outlines: else the ground ends where no station sees."""
        return any(row.code in self.rings for row in self.counties) or bool(self._whole)

    @cached_property
    def _whole(self) -> Sequence[str]:
        return [code for code, row in self.grids.items() if row.level == 1 and code in self.rings]

    def county_of(self, x: Floats, y: Floats) -> Numbers:
        """The number of the county that each place lies in, -1 for none."""
        if any(row.code in self.rings for row in self.counties):
            return self._within([row.code for row in self.counties], x, y)
        inside = self._within(self._whole, x, y) >= 0 if self._whole else np.ones(len(x), dtype=bool)
        middles = self._middles(self.counties)
        nearest = _nearest(middles, x, y) if len(middles) else np.zeros(len(x), dtype=np.int32)
        return np.where(inside, nearest, -1).astype(np.int32)

    def fine_of(self, x: Floats, y: Floats) -> Numbers:
        """The number of the finest grid that each place lies in: by outline, else by nearest middle; -1 for none."""
        found = self._within([row.code for row in self.fine], x, y)
        lost = np.flatnonzero(found < 0)
        if len(lost):
            found[lost] = self._fine_beside(x[lost], y[lost])
        return found

    def _fine_beside(self, x: Floats, y: Floats) -> Numbers:
        """The finest grids of places that lie in no outline: those without one may hold them."""
        middles = self._middles(self.fine)
        if not len(middles) or all(row.code in self.rings for row in self.fine):
            return np.full(len(x), -1, dtype=np.int32)
        return _nearest(middles, x, y)

    @cached_property
    def _fine_sides(self) -> Floats:
        """West, east, south and north side of each finest grid's outline, (4, n); NaN of one without."""
        nowhere = (math.nan,) * 4
        return np.array([self._boxes.get(row.code, nowhere) for row in self.fine]).reshape(-1, 4).T

    def _fine_at(self, x: Floats, y: Floats) -> int:
        """`fine_of` for one place: only outlines whose box holds it are looked at."""
        west, east, south, north = self._fine_sides
        near = np.flatnonzero((west <= x) & (x <= east) & (south <= y) & (y <= north))
        found = int(self._within([self.fine[number].code for number in near], x, y)[0])
        return int(near[found]) if found >= 0 else int(self._fine_beside(x, y)[0])

    def finest(self, lon: float, lat: float) -> str:
        """The code of the finest grid that a position lies in, of its county where there is no finer; empty outside."""
        x, y = self.plane.xy(np.array([lon]), np.array([lat]))
        county = int(self.county_of(x, y)[0])
        if county < 0 and self.outlined:
            return ""
        fine = self._fine_at(x, y)
        if fine >= 0:
            return self.fine[fine].code
        return self.counties[county].code if 0 <= county < len(self.counties) else ""

    def _middles(self, rows: Sequence[GridRow]) -> Floats:
        lon = np.array([math.nan if row.lon is None else row.lon for row in rows])
        lat = np.array([math.nan if row.lat is None else row.lat for row in rows])
        if not len(lon) or not np.isfinite(lon).any():
            return np.empty((0, 2))
        return np.column_stack(self.plane.xy(lon, lat))

    def _within(self, codes: Sequence[str], x: Floats, y: Floats) -> Numbers:
        found = np.full(len(x), -1, dtype=np.int32)
        order = np.argsort(x, kind="stable")
        ranked = x[order].tolist()
        for number, code in enumerate(codes):
            box = self._boxes.get(code)
            if box is None:
                continue
            west, east, south, north = box
            some = order[bisect_left(ranked, west) : bisect_right(ranked, east)]
            some = some[(y[some] >= south) & (y[some] <= north)]
            if len(some):
                found[some[inside(self.rings[code], x[some], y[some])]] = number
        return found

    def metres_outside(self, code: str, x: float, y: float) -> float | None:
        """How far a position lies outside a grid's outline, metres; 0 within, None where it has no outline."""
        rings = self.rings.get(code)
        if not rings:
            return None
        if inside(rings, np.array([x]), np.array([y]))[0]:
            return 0.0
        return min(_to_ring(ring, x, y) for ring in rings)


def inside(rings: Rings, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which places lie within rings (even-odd, so holes are left out)."""
    odd = np.zeros(len(x), dtype=bool)
    for ring in rings:
        x1, y1, x2, y2 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        level = y1 != y2
        x1, y1, x2, y2 = x1[level], y1[level], x2[level], y2[level]
        # In parts, so that a county's outline and a city's cells stay within some megabytes.
        for at in range(0, len(x), 4096):
            px, py = x[at : at + 4096, None], y[at : at + 4096, None]
            between = (y1 > py) != (y2 > py)
            cuts = between & (px < (x2 - x1) * (py - y1) / (y2 - y1) + x1)
            odd[at : at + 4096] ^= (cuts.sum(axis=1) % 2).astype(bool)
    return odd


def _to_ring(ring: Floats, x: float, y: float) -> float:
    start, side = ring[:-1], np.diff(ring, axis=0)
    length = np.maximum((side**2).sum(axis=1), 1e-9)
    along = np.clip(((np.array([x, y]) - start) * side).sum(axis=1) / length, 0.0, 1.0)
    near = start + side * along[:, None]
    return float(np.hypot(near[:, 0] - x, near[:, 1] - y).min())


def _nearest(middles: Floats, x: Floats, y: Floats) -> Numbers:
    found = np.empty(len(x), dtype=np.int32)
    for at in range(0, len(x), 4096):
        apart = geo.distances(x[at : at + 4096], y[at : at + 4096], middles[:, 0], middles[:, 1])
        found[at : at + 4096] = np.argmin(np.where(np.isnan(apart), np.inf, apart), axis=1)
    return found


def _corners(
    city: City, grids: dict[str, GridRow], degrees: dict[str, Rings], positions: Iterable[tuple[float, float]]
) -> Floats:
    """Positions that the ground must hold: the top outlines, else the stations and the grids' middles."""
    wide = [ring for code, several in degrees.items() if grids[code].level <= 2 for ring in several]
    if wide:
        return np.concatenate(wide)
    places = list(positions)
    box = city.bounds
    if box is not None:
        places = [(lon, lat) for lon, lat in places if box[0] <= lon <= box[2] and box[1] <= lat <= box[3]]
    return np.asarray(places, dtype=np.float64).reshape(-1, 2)


@dataclass(frozen=True)
class Cells:
    """Square cells over the ground, north first; index = row * columns + column."""

    side: int
    columns: int
    rows: int
    west: float
    north: float
    """Metres of the plane: the corner of the first cell."""
    x: Floats
    """Middles, metres, (N,)."""
    y: Floats
    county: Numbers
    """Number of the county, -1 outside."""
    fine: Numbers
    """Number of the finest grid, -1 for none."""

    def at(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """The index of the cell that each place lies in, -1 outside the box."""
        column = np.floor((x - self.west) / self.side).astype(np.int64)
        row = np.floor((self.north - y) / self.side).astype(np.int64)
        known = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(known, row * self.columns + column, -1)


def sizes(spacing: float) -> tuple[int, ...]:
    """The sides of cells that are offered, widest first: 3 km, 1 km and 500 m where stations stand kilometres apart,
    else round shares of the spacing."""
    told: Any = rules()["cells"]
    if math.isnan(spacing) or told["named_from"] <= spacing <= told["named_to"]:
        return tuple(told["named"])
    return tuple(dict.fromkeys(_round(spacing * share) for share in told["shares"]))


def _round(metres: float) -> int:
    """The next round number below: 1, 2 or 5 times a power of ten, 1 m at least."""
    power = 10 ** math.floor(math.log10(max(metres, 1.0)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1.0)))


def cells(ground: Ground, side: int, margin: float) -> Cells:
    """Cells of a side over the ground; a side that would make more than told is doubled until it does not.

    Args:
        margin: metres around the box, where the ground has no outline.
    """
    more = 0.0 if ground.outlined else margin
    west, south, east, north = ground.box
    while True:
        columns = max(1, math.ceil((east - west + 2 * more) / side))
        rows = max(1, math.ceil((north - south + 2 * more) / side))
        if columns * rows <= rules()["cells"]["most"]:
            break
        side *= 2
    left = (west + east) / 2 - columns * side / 2
    top = (south + north) / 2 + rows * side / 2
    xs = left + (np.arange(columns) + 0.5) * side
    ys = top - (np.arange(rows) + 0.5) * side
    x, y = (part.ravel() for part in np.meshgrid(xs, ys))
    return Cells(side, columns, rows, left, top, x, y, ground.county_of(x, y), ground.fine_of(x, y))


@lru_cache(maxsize=4)
def kept(key: tuple[Any, ...]) -> dict[Any, Any]:
    """A place to keep what was made of one city as it was loaded, while it stays so."""
    del key
    return {}
