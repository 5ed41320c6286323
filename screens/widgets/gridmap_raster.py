"""A map's geometry in cells of the terminal: which grid each half-cell shows, and where outlines run.

A picture has one pixel for each column and half-line, so that a pixel is as high as wide where a cell is twice as
high. Squares and areas go the same way: a pixel shows every grid whose middle lies in it, and one without any shows
the grid that it lies in itself. So no grid is lost, however small the picture; what a pixel of several grids tells is
the gravest of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

Point = Sequence[float]
Polygons = Sequence[Sequence[Sequence[Point]]]
"""GeoJSON MultiPolygon coordinates: polygons, each an outer ring and its holes, of longitude and latitude."""
SNAP = 1.15
"""A square is drawn a whole number of pixels wide where that takes at most so much from the picture."""
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille cell, by column and row."""
METRES = 111_195.0
"""Of a degree of latitude on a sphere of the mean radius (IUGG)."""


class Box(NamedTuple):
    """West, south, east, north, in metres of a plane."""

    west: float
    south: float
    east: float
    north: float

    def around(self, share: float) -> Box:
        """The same with a margin of a share of its longer side."""
        more = share * max(self.east - self.west, self.north - self.south)
        return Box(self.west - more, self.south - more, self.east + more, self.north + more)


class Flat(NamedTuple):
    """A plane on which a city lies: metres east and north of a point."""

    lon: float
    lat: float

    @classmethod
    def about(cls, points: Iterable[Point]) -> Flat:
        """The plane in the middle of some points; of none it lies at the origin."""
        lons, lats = [], []
        for point in points:
            lons.append(point[0])
            lats.append(point[1])
        return cls((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2) if lons else cls(0.0, 0.0)

    def to(self, lon: float, lat: float) -> tuple[float, float]:
        """Metres east and north."""
        return (lon - self.lon) * METRES * math.cos(math.radians(self.lat)), (lat - self.lat) * METRES

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude."""
        return self.lon + x / (METRES * math.cos(math.radians(self.lat))), self.lat + y / METRES

    def flatten(self, polygons: Polygons) -> list[list[list[tuple[float, float]]]]:
        """An outline in metres."""
        return [[[self.to(point[0], point[1]) for point in ring] for ring in one] for one in polygons]


Flattened = Sequence[Sequence[Sequence[tuple[float, float]]]]
"""An outline in metres of a plane."""


@dataclass(frozen=True)
class Squares:
    """Squares of one size; ``index`` tells which of a layer's grids lies at a column and a row from the south-west."""

    size: float
    west: float
    south: float
    index: Mapping[tuple[int, int], int]

    def box(self, chosen: Iterable[int] | None = None) -> Box:
        """Around all of them, or some."""
        some = None if chosen is None else set(chosen)
        places = [at for at, number in self.index.items() if some is None or number in some] or [(0, 0)]
        columns, rows = [at[0] for at in places], [at[1] for at in places]
        return Box(
            self.west + min(columns) * self.size,
            self.south + min(rows) * self.size,
            self.west + (max(columns) + 1) * self.size,
            self.south + (max(rows) + 1) * self.size,
        )

    def middles(self) -> Iterable[tuple[int, float, float]]:
        """Each grid's number and its middle, in metres."""
        half = self.size / 2
        for (column, row), number in self.index.items():
            yield number, self.west + column * self.size + half, self.south + row * self.size + half

    def row_of(self, xs: Sequence[float], y: float) -> list[int]:
        """Which grid lies at each of the places of a line; -1 where none does."""
        row = math.floor((y - self.south) / self.size)
        return [self.index.get((math.floor((x - self.west) / self.size), row), -1) for x in xs]


@dataclass(frozen=True)
class Areas:
    """Areas with outlines in metres, by their numbers."""

    outlines: Sequence[Flattened]

    def box(self, chosen: Iterable[int] | None = None) -> Box:
        """Around all of them, or some."""
        some = range(len(self.outlines)) if chosen is None else chosen
        points = [point for one in some for polygon in self.outlines[one] for point in polygon[0]] or [(0.0, 0.0)]
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def middles(self) -> Iterable[tuple[int, float, float]]:
        """Each area's number and the middle of its largest ring."""
        for number, polygons in enumerate(self.outlines):
            rings = [polygon[0] for polygon in polygons if polygon and len(polygon[0]) > 3]
            if rings:
                yield number, *middle(max(rings, key=lambda ring: abs(_twice(ring))))

    def row_of(self, xs: Sequence[float], y: float) -> list[int]:
        """Which area lies at each of the places of a line; -1 where none does."""
        found = [-1] * len(xs)
        if not xs:
            return found
        step = (xs[-1] - xs[0]) / max(1, len(xs) - 1) or 1.0
        for number, crossings in self._crossings(y):
            for west, east in zip(crossings[::2], crossings[1::2], strict=False):
                first = max(0, math.ceil((west - xs[0]) / step))
                last = min(len(xs) - 1, math.ceil((east - xs[0]) / step) - 1)
                for place in range(first, last + 1):
                    found[place] = number
        return found

    def _crossings(self, y: float) -> Iterable[tuple[int, list[float]]]:
        """Where a line from west to east goes into each area and out of it."""
        for number, polygons in enumerate(self.outlines):
            crossings = [
                x1 + (y - y1) * (x2 - x1) / (y2 - y1)
                for polygon in polygons
                for ring in polygon
                for (x1, y1), (x2, y2) in pairwise(ring)
                if (y1 > y) != (y2 > y)
            ]
            if crossings:
                yield number, sorted(crossings)


Layer = Squares | Areas


def _twice(ring: Sequence[tuple[float, float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of a closed ring, in metres; of a line or a point the mean of its corners."""
    twice = _twice(ring)
    if not twice:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairwise(ring))
    y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairwise(ring))
    return x / (3 * twice), y / (3 * twice)


@dataclass(frozen=True)
class Picture:
    """A layer drawn into so many columns and half-lines."""

    columns: int
    halves: int
    """Half-lines: always even."""
    box: Box
    """What the picture shows, whole pixels included."""
    scale: float
    """Metres of a pixel."""
    cells: Sequence[Sequence[tuple[int, ...]]]
    """The grids of each pixel, by half-line from the north and column from the west; empty outside."""
    places: Mapping[int, tuple[int, int]]
    """The column and half-line at which each grid is pointed at."""

    @property
    def lines(self) -> int:
        """Lines of the terminal."""
        return self.halves // 2

    def at(self, column: int, half: int) -> tuple[int, ...]:
        """The grids of a pixel; empty outside the picture too."""
        inside = 0 <= half < self.halves and 0 <= column < self.columns
        return self.cells[half][column] if inside else ()

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Column and half-line of a place in metres, with fractions."""
        return (x - self.box.west) / self.scale, (self.box.north - y) / self.scale


def fit(layer: Layer, box: Box, columns: int, lines: int) -> Picture:
    """A layer's part in a box, as large as it goes into so many columns and lines of the terminal."""
    columns, halves = max(1, columns), max(2, 2 * lines)
    wide, high = max(1.0, box.east - box.west), max(1.0, box.north - box.south)
    scale = max(wide / columns, high / halves)
    if isinstance(layer, Squares):
        times = layer.size / scale
        if times >= 1 and times / math.floor(times) <= SNAP:
            scale = layer.size / math.floor(times)
    columns = min(columns, math.ceil(wide / scale - 1e-9))
    halves = min(halves, math.ceil(high / scale - 1e-9))
    halves += halves % 2
    north = box.north
    shown = Box(box.west, north - halves * scale, box.west + columns * scale, north)
    return _drawn(layer, shown, scale, columns, halves)


def _drawn(layer: Layer, box: Box, scale: float, columns: int, halves: int) -> Picture:
    xs = [box.west + (column + 0.5) * scale for column in range(columns)]
    ys = [box.north - (half + 0.5) * scale for half in range(halves)]
    several: dict[tuple[int, int], list[int]] = {}
    places: dict[int, tuple[int, int]] = {}
    for number, x, y in layer.middles():
        column, half = math.floor((x - box.west) / scale), math.floor((box.north - y) / scale)
        if 0 <= column < columns and 0 <= half < halves:
            several.setdefault((half, column), []).append(number)
            places[number] = (column, half)
    rows: list[list[tuple[int, ...]]] = []
    for half, y in enumerate(ys):
        row: list[tuple[int, ...]] = []
        for column, number in enumerate(layer.row_of(xs, y)):
            found = several.get((half, column))
            if found is None:
                row.append((number,) if number >= 0 else ())
            elif number < 0 or number in found:
                row.append(tuple(found))
            else:
                row.append((number, *found))
            if number >= 0:
                places.setdefault(number, (column, half))
        rows.append(row)
    return Picture(columns, halves, box, scale, rows, places)


def trace(picture: Picture, outlines: Iterable[Flattened], every: int = 1) -> dict[tuple[int, int], int]:
    """The braille dots of some outlines, by line and column: two dots to a column, four to a line.

    Args:
        picture: what they are drawn over.
        outlines: in metres of its plane.
        every: a dot for so many steps; more than one makes a dotted line.
    """
    bits: dict[tuple[int, int], int] = {}
    wide, high = 2 * picture.columns, 2 * picture.halves
    for polygons in outlines:
        for polygon in polygons:
            for ring in polygon:
                places = [picture.pixel(x, y) for x, y in ring]
                walked = 0
                for (x1, y1), (x2, y2) in pairwise([(2 * x, 2 * y) for x, y in places]):
                    if max(x1, x2) < 0 or min(x1, x2) > wide or max(y1, y2) < 0 or min(y1, y2) > high:
                        continue
                    steps = max(1, math.ceil(max(abs(x2 - x1), abs(y2 - y1))))
                    for step in range(steps):
                        walked += 1
                        if walked % every:
                            continue
                        x, y = int(x1 + (x2 - x1) * step / steps), int(y1 + (y2 - y1) * step / steps)
                        # The eastern and southern rim is drawn inside the picture too.
                        x, y = min(x, wide - 1) if x <= wide else x, min(y, high - 1) if y <= high else y
                        if 0 <= x < wide and 0 <= y < high:
                            at = (y // 4, x // 2)
                            bits[at] = bits.get(at, 0) | _DOTS[x % 2][y % 4]
    return bits
