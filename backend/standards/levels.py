"""Levels 级别 of the AQI: names, and the colours of Annex A with an ink that can be read on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from backend.standards.table import rows
from backend.words import word
from backend.words.say import Language

_INKS = {"black": (0, 0, 0), "white": (255, 255, 255)}


@dataclass(frozen=True, slots=True)
class Level:
    """One of the six levels."""

    number: int
    low: int
    high: int
    rgb: tuple[int, int, int]
    """The standard's colour 表征颜色: meant as a background, levels 5 and 6 cannot be read on black."""
    ink: str
    """``black`` or ``white``: the text colour that reads on ``rgb``."""
    ansi: str
    """The nearest of the 16 terminal colours; all six differ."""
    clause: str

    @property
    def hex(self) -> str:
        """``#RRGGBB``."""
        return "#{:02X}{:02X}{:02X}".format(*self.rgb)

    @property
    def code(self) -> str:
        """The code of its name in the words: ``level.3``; ``level.3.roman`` is 三级, ``.colour`` 橙色."""
        return f"level.{self.number}"

    def name(self, language: Language) -> str:
        """轻度污染, lightly polluted."""
        return word(self.code, language)

    @property
    def contrast(self) -> float:
        """Contrast of ink on colour by WCAG 2, 1 to 21."""
        light, dark = sorted((_luminance(self.rgb), _luminance(_INKS[self.ink])), reverse=True)
        return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: tuple[int, int, int]) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def levels(edition: str) -> tuple[Level, ...]:
    """The six levels of an edition, best first."""
    return tuple(
        Level(
            number=int(row["level"]),
            low=int(row["low"]),
            high=int(row["high"]),
            rgb=(int(row["red"]), int(row["green"]), int(row["blue"])),
            ink=row["ink"],
            ansi=row["ansi"],
            clause=row["clause"],
        )
        for row in rows("aqi_levels")
        if row["edition"] == edition
    )


def level_of(index: int, edition: str) -> Level:
    """The level of an AQI; of an IAQI too (a sub-index of 0 belongs to the first level)."""
    found = levels(edition)
    return next((one for one in found if index <= one.high), found[-1])
