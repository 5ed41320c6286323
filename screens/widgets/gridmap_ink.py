"""How a map's classes look: a fill and an ink for colours, a letter for terminals that have few or none.

A class is told by its letter as well as by its colour: 1 to 6, a point where nothing stands out, A to Z for hot grids
by their turn in the list. What no station sees has a look of its own and is never the lowest class.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from rich.color import Color
from rich.style import Style

from screens.tones import Palette

Kind = Literal["rise", "level"]
OUTSIDE, UNKNOWN = -2, -1
"""Classes of what lies outside, and of what nobody sees."""
QUIET = "."
UNSEEN = "?"
RISE_TONES = tuple(f"heat{number}" for number in range(7))
LEVEL_TONES = tuple(f"aqi{number}" for number in range(1, 7))
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BEYOND = "*"
"""Marks a hot grid whose turn comes after Z."""
HATCH = "░"
UPPER, LOWER = "▀", "▄"
QUIET_RISES, QUIET_LEVELS = 3, 2
"""Classes below these have no fill where they are told by letters."""


def letter(turn: int) -> str:
    """The letter of a hot grid by its turn in the list, from 0."""
    return LETTERS[turn] if turn < len(LETTERS) else BEYOND


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of a value: below the first of ``steps`` is class 0, from the n-th one on class n."""

    kind: Kind
    steps: tuple[float, ...]
    """Ascending; rises: six steps, levels: five."""
    unit: str = ""
    decimals: int = 0
    round_to: int | None = None
    """Decimals that a value is rounded to, half to even, before it is classed (GB/T 8170)."""

    def of(self, value: float | None) -> int:
        """The class of a value; `UNKNOWN` of none."""
        if value is None or value != value:
            return UNKNOWN
        return bisect_right(self.steps, value if self.round_to is None else round(value, self.round_to))

    def classes(self, values: Sequence[float | None]) -> list[int]:
        """The classes of many values."""
        return [self.of(value) for value in values]

    @property
    def letters(self) -> str:
        """The letter of each class."""
        return QUIET + "123456" if self.kind == "rise" else "123456"


class Shade(NamedTuple):
    """How a class looks."""

    style: Style
    """Its ink on its fill; without colours only the ink's attributes."""
    letter: str


@dataclass(frozen=True)
class Inks:
    """The looks of one scale in one theme."""

    shades: tuple[Shade, ...]
    unknown: Style
    cursor: Style
    base: Style
    blocks: bool
    """Whether each class has a colour of its own that half a cell can be filled with."""

    def shade(self, number: int) -> Style:
        """The ink and the fill of a class."""
        if number == OUTSIDE:
            return self.base
        return self.unknown if number == UNKNOWN else self.shades[number].style

    def halves(self, upper: int, lower: int) -> tuple[str, Style]:
        """Two classes in one cell: the graver fill is the ink, so that runs beside it keep their paper."""
        if upper > lower:
            return self.half(self._fill(upper), lower, upper=True)
        return self.half(self._fill(lower), upper, upper=False)

    def half(self, ink: Color | None, other: int, *, upper: bool) -> tuple[str, Style]:
        """Half a cell in a colour, the other half as its class."""
        return UPPER if upper else LOWER, _two(ink, self._fill(other))

    def _fill(self, number: int) -> Color | None:
        return self.shade(number).bgcolor or self.base.bgcolor

    def lettered(self, number: int) -> Style:
        """The look of a class that its letter tells: only what is grave has a fill, so that a line has few looks."""
        quiet = QUIET_LEVELS if len(self.shades) == len(LEVEL_TONES) else QUIET_RISES
        return self.base if self.blocks and number < quiet else self.shade(number)

    def letter(self, number: int) -> str:
        """What stands for a class where there are no colours."""
        if number == OUTSIDE:
            return " "
        return UNSEEN if number == UNKNOWN else self.shades[number].letter


@cache
def _two(ink: Color | None, paper: Color | None) -> Style:
    return Style(color=ink, bgcolor=paper)


def inks(scale: Scale, palette: Palette, base: Style, edition: str = "") -> Inks:
    """The looks of a scale.

    Args:
        scale: whose classes are to be seen.
        palette: the theme's tones.
        base: the ink and the paper of the screen.
        edition: of HJ 633, whose Annex A gives the levels' colours.
    """
    rich = all(_full(palette[tone]) for tone in (*RISE_TONES, "map_unknown"))
    if scale.kind == "level" and rich:
        looks = _level_styles(edition)
    else:
        tones = RISE_TONES if scale.kind == "rise" else LEVEL_TONES
        looks = tuple(base + palette[tone] for tone in tones)
    shades = tuple(Shade(style, mark) for style, mark in zip(looks, scale.letters, strict=True))
    return Inks(shades, base + palette["map_unknown"], base + palette["map_cursor"], base, rich)


def _full(style: Style) -> bool:
    """Whether a style names an ink and a fill of its own, by more than the terminal's sixteen."""
    return all(colour is not None and colour.triplet is not None for colour in (style.color, style.bgcolor))


@cache
def _level_styles(edition: str) -> tuple[Style, ...]:
    from backend.standards.levels import levels

    return tuple(
        Style(color=Color.from_rgb(*((0, 0, 0) if one.ink == "black" else (255, 255, 255))),
              bgcolor=Color.from_rgb(*one.rgb))
        for one in levels(edition)
    )  # fmt: skip
