"""What a map shows and where one is on it, without a terminal: pixels, marks, names, the cursor's steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from screens.widgets.cells import plain
from screens.widgets.gridmap_ink import OUTSIDE, UNKNOWN
from screens.widgets.gridmap_raster import (
    Box,
    Lattice,
    Picture,
    Polygons,
    between,
    edges,
    fit,
    thinned,
    together,
    trace,
)

DOTTED = 3
"""Steps between two dots of a finer outline."""


class Name(NamedTuple):
    """A name on the map."""

    text: str
    lon: float
    lat: float
    degrees: float | None = None
    """How wide what it names is, degrees of longitude: a longer name is left out."""


class Word(NamedTuple):
    """A name in its place."""

    line: int
    column: int
    text: str
    cells: int


@dataclass(frozen=True)
class Ground:
    """What lies under the values: the squares of the map, outlines, names."""

    lattice: Lattice
    mask: bytes
    """Not 0 where a square belongs to the map, by its number."""
    outlines: Sequence[Polygons] = ()
    """Drawn as lines: counties."""
    finer: Sequence[Polygons] = ()
    """Drawn dotted: townships."""
    names: Sequence[Name] = ()
    owners: bytes = b""
    """A number for each square's county: outlines where there are none to be had."""


@dataclass(frozen=True)
class Frame:
    """What one hour shows."""

    at: int
    classes: Sequence[int]
    """The class of each square by its number; `UNKNOWN` where nobody sees it."""
    marks: Mapping[tuple[float, float], int] = field(default_factory=dict)
    """Hot grids: position (longitude, latitude) to turn in the list, from 0."""
    loud: frozenset[int] = frozenset()
    """Turns of those that are hot, and not only to be watched."""


class Spot(NamedTuple):
    """A pixel of the picture."""

    column: int
    half: int


class Model:
    """A map with its cursor."""

    def __init__(self) -> None:
        self.ground: Ground | None = None
        self.frame: Frame | None = None
        self.cursor: Spot | None = None
        self.box: Box | None = None
        """The part that is shown; None is all of it."""
        self.lettered = False
        """Classes are letters, so that the two halves of a line are one."""
        self.picture: Picture | None = None
        self.pixels: list[list[int]] = []
        """The class of each pixel, by half-line and column."""
        self.marks: dict[tuple[int, int], tuple[int, int]] = {}
        """Hot grids by line and column: turn and half-line."""
        self.spelt: dict[tuple[int, int], tuple[str, int]] = {}
        """The letters of the names that are shown, by line and column, each with its cells."""
        self.bits: dict[tuple[int, int], int] = {}
        """Outlines in braille dots by line and column."""
        self.inner: dict[tuple[int, int], int] = {}
        """The same without the rim of the map."""
        self.fine: dict[tuple[int, int], int] = {}
        self._words: list[Word] = []

    def lay_out(self, columns: int, lines: int) -> None:
        """Draw the ground into so many columns and lines."""
        ground = self.ground
        if ground is None or columns < 1 or lines < 1:
            self.picture = None
            return
        inside = ground.mask.__getitem__
        whole = ground.lattice.holding(number for number, known in enumerate(ground.mask) if known)
        box = whole if self.box is None else spread(self.box, whole, columns, lines)
        picture = fit(ground.lattice, lambda number: inside(number) > 0, box, columns, lines)
        self.picture = picture
        if ground.outlines:
            traced = [trace(picture, [one]) for one in ground.outlines]
            self.bits, self.inner = together(traced), thinned(between(traced))
        elif ground.owners:
            self.bits = edges(picture, ground.owners.__getitem__)
            self.inner = thinned(edges(picture, ground.owners.__getitem__, rim=False))
        else:
            self.bits, self.inner = {}, {}
        self.fine = trace(picture, ground.finer, DOTTED) if ground.finer else {}
        self._words = self._place_names(ground.names, picture)

    def _place_names(self, names: Sequence[Name], picture: Picture) -> list[Word]:
        """Where the names stand; one that meets another, or is wider than what it names, is left out."""
        placed: list[Word] = []
        taken: set[tuple[int, int]] = set()
        for text, lon, lat, degrees in names:
            text = plain(text)
            cells = cell_len(text)
            column, half = picture.pixel_at(lon, lat)
            line, column = half // 2, column - cells // 2
            room = (
                picture.columns
                if degrees is None
                else picture.pixel_at(lon + degrees, lat)[0] - column - cells // 2
            )
            ground = {(line, column + step) for step in range(-1, cells + 1)}
            # What nothing is left of, once it is safe to be drawn, has no place either.
            fits = (
                cells > 0 and 0 <= line < picture.lines and column >= 0 and column + cells <= picture.columns
            )
            if fits and cells <= room and not ground & taken:
                taken |= ground
                placed.append(Word(line, column, text, cells))
        return placed

    def _spell(self) -> None:
        """Which names are shown: none where a mark stands, with letters for classes none that would hide one."""
        self.spelt = {}
        for line, column, text, cells in self._words:
            places = range(column, column + cells)
            if any((line, at) in self.marks for at in places):
                continue
            halves = (self.pixels[2 * line], self.pixels[2 * line + 1])
            if self.lettered and any(half[at] > 0 or half[at] == UNKNOWN for half in halves for at in places):
                continue
            # A letter with the marks on it: they take no cell of their own.
            for begin, end, size in split_graphemes(text)[0]:
                if size:
                    self.spelt[line, column] = (text[begin:end], size)
                    column += size

    def classify(self) -> None:
        """The class of each pixel, and where the marks are."""
        picture, frame = self.picture, self.frame
        self.marks, self.spelt = {}, {}
        if picture is None:
            self.pixels = []
            return
        if frame is None:
            self.pixels = [[UNKNOWN if some else OUTSIDE for some in row] for row in picture.squares]
            self._spell()
            return
        classes = frame.classes
        self.pixels = [
            [
                classes[some[0]] if len(some) == 1 else max((classes[one] for one in some), default=OUTSIDE)
                for some in row
            ]
            for row in picture.squares
        ]
        for (lon, lat), turn in sorted(frame.marks.items(), key=lambda pair: -pair[1]):
            column, half = picture.pixel_at(lon, lat)
            if 0 <= half < picture.halves and 0 <= column < picture.columns:
                self.marks[half // 2, column] = (turn, half)
        self._spell()

    @property
    def square(self) -> int | None:
        """The gravest square under the cursor."""
        if self.picture is None or self.cursor is None:
            return None
        some = self.under(*self.cursor)
        if not some:
            return None
        classes = self.frame.classes if self.frame is not None else ()
        return max(some, key=lambda one: (classes[one] if classes else 0, -one))

    @property
    def covered(self) -> int:
        """How many squares lie under the cursor."""
        return 0 if self.cursor is None else len(self.under(*self.cursor))

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude of the square under the cursor."""
        square = self.square
        return None if square is None or self.picture is None else self.picture.lattice.place(square)

    def go_to(self, lon: float, lat: float) -> bool:
        """Put the cursor on a place; whether it is on the map."""
        picture = self.picture
        if picture is None:
            return False
        column, half = picture.pixel_at(lon, lat)
        if not self.under(column, half):
            if self.cursor is None or not self.under(*self.cursor):
                self.begin()
            return False
        self.put(Spot(column, half))
        return True

    def begin(self) -> None:
        """Put the cursor on the gravest pixel, the middle-most of those."""
        picture = self.picture
        if picture is None:
            self.cursor = None
            return
        middle = (picture.columns / 2, picture.halves / 2)
        spots = [
            (-self.pixels[half][column], abs(column - middle[0]) + abs(half - middle[1]), Spot(column, half))
            for half in range(picture.halves)
            for column in range(picture.columns)
            if picture.squares[half][column]
        ]
        self.cursor = min(spots)[2] if spots else None

    def under(self, column: int, half: int) -> tuple[int, ...]:
        """The squares of a pixel: with letters that of both its halves."""
        picture = self.picture
        if picture is None:
            return ()
        if not self.lettered:
            return picture.at(column, half)
        upper = half - half % 2
        return picture.at(column, upper) + picture.at(column, upper + 1)

    def put(self, spot: Spot) -> None:
        """Put the cursor on a pixel."""
        self.cursor = spot

    def step(self, across: int, down: int) -> None:
        """Go to the next square in a direction, over what is no part of the map."""
        picture, here = self.picture, self.cursor
        if picture is None or here is None:
            return
        own = self.under(*here)
        column, half = here
        down *= 2 if self.lettered else 1
        while 0 <= column + across < picture.columns and 0 <= half + down < picture.halves:
            column, half = column + across, half + down
            some = self.under(column, half)
            if some and some != own:
                self.put(Spot(column, half))
                return

    def stride(self, across: int, down: int, steps: int) -> None:
        for _ in range(steps):
            before = self.cursor
            self.step(across, down)
            if self.cursor == before:
                return


def spread(box: Box, whole: Box, columns: int, lines: int) -> Box:
    """A part of a map with as much of what lies around it as the picture has room for.

    Args:
        box: the part.
        whole: what there is.
        columns: columns of the picture.
        lines: lines of it.
    """
    scale = max((box.right - box.left) / columns, (box.bottom - box.top) / (2 * lines))
    left, right = _spread(box.left, box.right, whole.left, whole.right, columns * scale)
    top, bottom = _spread(box.top, box.bottom, whole.top, whole.bottom, 2 * lines * scale)
    return Box(left, top, right, bottom)


def _spread(low: float, high: float, least: float, most: float, wanted: float) -> tuple[float, float]:
    """Along one side: around the middle, within what there is, never less than the part itself."""
    start = max(least, min((low + high - wanted) / 2, most - wanted))
    return min(low, start), max(high, min(most, start + wanted))
