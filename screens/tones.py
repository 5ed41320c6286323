"""Tones: what a piece of text means, from which a theme makes its look. Widgets name tones, never colours.

A level is never told by colour alone: beside its tone it has a word and a shape (`SHAPES`), so that it reads on
16 colours, on none at all, and aloud.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rich.style import Style

TONES: tuple[str, ...] = (
    "dim", "strong", "title", "key", "link", "mark", "new", "cursor", "header", "bar", "here", "replay", "order",
    "armed", "made_up", "field", "chosen",
    "critical", "high", "medium", "low",
    "good", "warn", "bad", "suspect", "missing",
    "aqi1", "aqi2", "aqi3", "aqi4", "aqi5", "aqi6",
    "water1", "water2", "water3", "water4", "water5", "water6",
    "axis", "line", "limit", "forecast",
    "heat0", "heat1", "heat2", "heat3", "heat4", "heat5", "heat6", "map_unknown", "map_cursor",
)  # fmt: skip
"""Every tone there is; a theme gives each a style."""

Palette = Mapping[str, Style]
"""Tone to style, of one theme."""


def palette(styles: Mapping[str, str]) -> Palette:
    """A theme's palette from its texts (``"bold #ffcc00 on #402000"``); a tone without one shows as plain text."""
    unknown = set(styles) - set(TONES)
    if unknown:
        raise ValueError(f"no such tones: {', '.join(sorted(unknown))}")
    return MappingProxyType({tone: Style.parse(styles.get(tone, "")) for tone in TONES})


PLAIN: Palette = palette({})
"""No styles at all: before a theme is known."""

SHAPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # Neutral width in every terminal, and their stand-ins in ASCII.
        "critical": ("✖", "X"),
        "high": ("▴", "^"),
        "medium": ("▪", "*"),
        "low": ("▫", "-"),
        "good": ("✓", "+"),
        "warn": ("▴", "!"),
        "bad": ("✗", "x"),
        "suspect": ("?", "?"),
        "missing": ("-", "-"),
        # The three absences: nothing came, it came without a value, it came and is invalid.
        "silent": ("▿", "_"),
        "empty": ("▯", "o"),
        "bad_value": ("x", "x"),
        "new": ("+", "+"),
        "gone": ("x", "x"),
        "mark": ("*", "*"),
        "cursor": ("▸", ">"),
        "up": ("▴", "^"),
        "down": ("▾", "v"),
        "bar": ("▬", "="),
        "limit": ("⎯", "-"),
    }
)
"""Shape by name: (Unicode, ASCII)."""


def shape(name: str, ascii_only: bool = False) -> str:
    """One cell that stands for a tone; a space for one that has none."""
    pair = SHAPES.get(name)
    return " " if pair is None else pair[1 if ascii_only else 0]
