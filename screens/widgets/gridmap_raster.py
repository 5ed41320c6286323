"""A map's geometry in cells of the terminal: which of its squares each half-cell shows, and where outlines run.

A picture has one pixel for each column and half-line, so that a pixel is as high as wide where a cell of the terminal
is twice as high. A pixel shows every square whose middle lies in it, and where none does the one that it lies in
itself: no square is lost, however small the picture. What a pixel of several squares tells is the gravest of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

Point = Sequence[float]
Polygons = Sequence[Sequence[Sequence[Point]]]
"""GeoJSON MultiPolygon coordinates: polygons, each an outer ring and its holes, of longitude and latitude."""
SNAP = 1.15
"""A square is drawn a whole number of pixels wide where that takes at most so much from the picture."""
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille cell, by column and row."""
_LIGHT = _DOTS[0][0] | _DOTS[1][1] | _DOTS[0][2] | _DOTS[1][3]
Dots = dict[tuple[int, int], int]
"""Bits of braille cells by line and column."""


class Box(NamedTuple):
    """A part of a map, in squares from its north-west corner."""

    left: float
    top: float
    right: float
    bottom: float


class Lattice(NamedTuple):
    """The squares of a map: so many columns and rows, row 0 in the north, between four edges in degrees."""

    columns: int
    rows: int
    west: float
    south: float
    east: float
    north: float

    @property
    def whole(self) -> Box:
        """All of it."""
        return Box(0, 0, self.columns, self.rows)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position lies: columns from the west, rows from the north, with fractions."""
        across = (lon - self.west) / ((self.east - self.west) or 1.0)
        down = (self.north - lat) / ((self.north - self.south) or 1.0)
        return across * self.columns, down * self.rows

    def square(self, lon: float, lat: float) -> int | None:
        """The number of the square at a position; None outside."""
        x, y = self.at(lon, lat)
        column, row = math.floor(x), math.floor(y)
        inside = 0 <= column < self.columns and 0 <= row < self.rows
        return row * self.columns + column if inside else None

    def place(self, square: int) -> tuple[float, float]:
        """Longitude and latitude of a square's middle."""
        row, column = divmod(square, self.columns)
        lon = self.west + (column + 0.5) * (self.east - self.west) / self.columns
        return lon, self.north - (row + 0.5) * (self.north - self.south) / self.rows

    def around(self, polygons: Iterable[Polygons], margin: float = 1.0) -> Box:
        """The part that holds some outlines, with a margin in squares; all of it where there are none."""
        points = [
            self.at(p[0], p[1]) for one in polygons for polygon in one for ring in polygon[:1] for p in ring
        ]
        if not points:
            return self.whole
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return Box(
            max(0, math.floor(min(xs) - margin + 1e-9)),
            max(0, math.floor(min(ys) - margin + 1e-9)),
            min(self.columns, math.ceil(max(xs) + margin - 1e-9)),
            min(self.rows, math.ceil(max(ys) + margin - 1e-9)),
        )

    def holding(self, squares: Iterable[int]) -> Box:
        """The part that holds some squares; all of it where there are none."""
        rows, columns = set[int](), set[int]()
        for square in squares:
            row, column = divmod(square, self.columns)
            rows.add(row)
            columns.add(column)
        if not rows:
            return self.whole
        return Box(min(columns), min(rows), max(columns) + 1, max(rows) + 1)


@dataclass(frozen=True)
class Picture:
    """A part of a map, drawn into so many columns and half-lines."""

    lattice: Lattice
    box: Box
    """What it shows, whole pixels included."""
    scale: float
    """Squares of a pixel's side."""
    columns: int
    halves: int
    """Half-lines: always even."""
    squares: Sequence[Sequence[tuple[int, ...]]]
    """The squares of each pixel, by half-line from the north and column from the west; empty outside."""

    @property
    def lines(self) -> int:
        """Lines of the terminal."""
        return self.halves // 2

    def at(self, column: int, half: int) -> tuple[int, ...]:
        """The squares of a pixel; empty outside the picture too."""
        inside = 0 <= half < self.halves and 0 <= column < self.columns
        return self.squares[half][column] if inside else ()

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Column and half-line of a place in squares, with fractions."""
        return (x - self.box.left) / self.scale, (y - self.box.top) / self.scale

    def pixel_at(self, lon: float, lat: float) -> tuple[int, int]:
        """Column and half-line of a position; it may lie outside the picture."""
        x, y = self.pixel(*self.lattice.at(lon, lat))
        return math.floor(x), math.floor(y)


def fit(lattice: Lattice, inside: Callable[[int], bool], box: Box, columns: int, lines: int) -> Picture:
    """A part of a map, as large as it goes into so many columns and lines of the terminal.

    Args:
        lattice: the map's squares.
        inside: whether a square belongs to the map at all.
        box: the part.
        columns: columns of the terminal.
        lines: lines of the terminal.
    """
    columns, halves = max(1, columns), max(2, 2 * lines)
    wide, high = max(1e-9, box.right - box.left), max(1e-9, box.bottom - box.top)
    scale = max(wide / columns, high / halves)
    times = 1 / scale
    if times >= 1 and times / math.floor(times + 1e-9) <= SNAP:
        scale = 1 / math.floor(times + 1e-9)
    columns = min(columns, math.ceil(wide / scale - 1e-9))
    halves = min(halves, math.ceil(high / scale - 1e-9))
    halves += halves % 2
    shown = Box(box.left, box.top, box.left + columns * scale, box.top + halves * scale)
    return Picture(
        lattice, shown, scale, columns, halves, _pixels(lattice, inside, shown, scale, columns, halves)
    )


def _pixels(
    lattice: Lattice, inside: Callable[[int], bool], box: Box, scale: float, columns: int, halves: int
) -> list[list[tuple[int, ...]]]:
    """The squares of each pixel."""
    across = _spans(box.left, scale, columns, lattice.columns)
    down = _spans(box.top, scale, halves, lattice.rows)
    pixels: list[list[tuple[int, ...]]] = []
    for rows in down:
        starts = [row * lattice.columns for row in rows]
        pixels.append(
            [
                tuple(start + column for start in starts for column in some if inside(start + column))
                for some in across
            ]
        )
    return pixels


def _spans(first: float, scale: float, pixels: int, squares: int) -> list[list[int]]:
    """Along one side: the squares whose middles lie in each pixel, else the one that the pixel's own middle lies in."""
    spans: list[list[int]] = []
    for pixel in range(pixels):
        start, end = first + pixel * scale, first + (pixel + 1) * scale
        # Half-open, so that a middle that lies between two pixels is in one of them.
        span = range(math.ceil(start - 0.5 - 1e-9), math.ceil(end - 0.5 - 1e-9))
        some = [one for one in span if 0 <= one < squares]
        if not some:
            own = math.floor((start + end) / 2)
            some = [own] if 0 <= own < squares and not len(span) else []
        spans.append(some)
    return spans


def trace(picture: Picture, outlines: Iterable[Polygons], every: int = 1) -> Dots:
    """The braille dots of some outlines, by line and column: two dots to a column, four to a line.

    Args:
        picture: what they are drawn over.
        outlines: in degrees.
        every: a dot for so many steps; more than one makes a dotted line.
    """
    bits: Dots = {}
    wide, high = 2 * picture.columns, 2 * picture.halves
    for x, y in _walk(picture, outlines, every):
        # The outer rim is drawn inside the picture too.
        x, y = min(int(x), wide - 1) if x <= wide + 1 else -1, min(int(y), high - 1) if y <= high + 1 else -1
        if x >= 0 and y >= 0:
            at = (y // 4, x // 2)
            bits[at] = bits.get(at, 0) | _DOTS[x % 2][y % 4]
    return bits


def together(traced: Iterable[Dots]) -> Dots:
    """The dots of several outlines."""
    bits: Dots = {}
    for one in traced:
        for at, dots in one.items():
            bits[at] = bits.get(at, 0) | dots
    return bits


def between(traced: Sequence[Dots]) -> Dots:
    """The dots of what runs between two outlines alone: where fills show by themselves where the map ends.

    Two that share a line may lie a little apart: a cell that only one of them runs through fills a gap.
    """
    times = Counter(at for one in traced for at in one)
    shared = {at for at, count in times.items() if count > 1}

    def inside(at: tuple[int, int]) -> bool:
        beside = product((-1, 0, 1), repeat=2)
        return at in shared or sum((at[0] + down, at[1] + across) in shared for down, across in beside) > 1

    return {at: dots for at, dots in together(traced).items() if inside(at)}


def thinned(bits: Dots) -> Dots:
    """Every other dot, like the light fields of a chessboard: a line that lies behind what is told in the same ink."""
    return {at: dots & _LIGHT for at, dots in bits.items() if dots & _LIGHT}


def _walk(picture: Picture, outlines: Iterable[Polygons], every: int) -> Iterator[tuple[float, float]]:
    """Every step along the outlines, in dots of the picture."""
    wide, high = 2 * picture.columns, 2 * picture.halves
    for polygons in outlines:
        for ring in (ring for polygon in polygons for ring in polygon):
            dots = [picture.pixel(*picture.lattice.at(point[0], point[1])) for point in ring]
            walked = 0
            for (x1, y1), (x2, y2) in pairwise([(2 * x, 2 * y) for x, y in dots]):
                if max(x1, x2) < -1 or min(x1, x2) > wide + 1 or max(y1, y2) < -1 or min(y1, y2) > high + 1:
                    continue
                steps = max(1, math.ceil(max(abs(x2 - x1), abs(y2 - y1))))
                for step in range(steps):
                    walked += 1
                    if walked % every == 0:
                        yield x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps


def edges(picture: Picture, belongs: Callable[[int], int], *, rim: bool = True) -> Dots:
    """The braille dots between squares that belong to different things: for a map without outlines.

    Args:
        picture: what they are drawn over.
        belongs: a number for each square's thing.
        rim: also where the map ends.
    """
    bits: Dots = {}

    def meet(one: int, other: int) -> bool:
        return one != other and (rim or -1 not in (one, other))

    whose = [[belongs(some[0]) if some else -1 for some in row] for row in picture.squares]
    for half, row in enumerate(whose):
        for column, one in enumerate(row):
            dots = []
            if column + 1 < picture.columns and meet(one, row[column + 1]):
                dots += [(1, 0), (1, 1)]
            if half + 1 < picture.halves and meet(one, whose[half + 1][column]):
                dots += [(0, 1), (1, 1)]
            for x, y in dots:
                at = (half // 2, column)
                bits[at] = bits.get(at, 0) | _DOTS[x][y + 2 * (half % 2)]
    return bits
