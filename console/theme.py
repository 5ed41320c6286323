"""Themes: from ``themes.toml`` to the framework's variables and the style of every tone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from textual.theme import Theme

from screens.tones import Palette, palette

THEMES = ("dark", "light", "sixteen", "mono")
"""Their names; ``auto`` picks one by the terminal (`pick`)."""
_FILE = Path(__file__).with_name("themes.toml")
_COLOUR = re.compile("#[0-9a-f]{6}")
_NAMED = (
    "primary", "accent", "warning", "error", "success", "foreground", "background", "surface", "panel"
)  # fmt: skip


_ANSI = {
    # What the framework's own rules ask for where the colours are the terminal's: none of its own.
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "border-blurred": "ansi_default",
    "block-cursor-foreground": "ansi_default",
    "block-cursor-background": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-text-style": "reverse",
    "input-selection-background": "ansi_default",
    "input-selection-foreground": "ansi_default",
    "screen-selection-background": "ansi_default",
    "screen-selection-foreground": "ansi_default",
}


class Dress(NamedTuple):
    """A theme as the framework wants it, and as our widgets do."""

    theme: Theme
    palette: Palette


@cache
def dress(name: str, *, in256: bool = False) -> Dress:
    """The theme of that name; ``in256`` in colours that a terminal of 256 has."""
    told: Mapping[str, Any] = _read()[name]
    stands_in: Mapping[str, str] = told.get("in256", {}) if in256 else {}

    def there(text: str) -> str:
        return _COLOUR.sub(lambda found: stands_in.get(found[0], found[0]), text)

    colours: dict[str, Any] = {key: there(colour) for key, colour in told["colours"].items()}
    named = {key: colours.pop(key) for key in _NAMED}
    if told.get("ansi"):
        colours = _ANSI | colours
    theme = Theme(
        name=f"gridseat-{name}-256" if stands_in else f"gridseat-{name}",
        dark=told["dark"],
        ansi=told.get("ansi", False),
        variables=colours,
        **named,
    )
    return Dress(theme, palette({tone: there(style) for tone, style in told["tones"].items()}))


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def pick(asked: str, *, no_color: bool, depth: str | None, background: str = "") -> str:
    """Which theme to wear.

    Args:
        asked: what the person set: a name, or empty or ``auto`` for the terminal to decide.
        no_color: ``NO_COLOR`` is set: attributes only, whatever was asked for.
        depth: the colours that the terminal has, as Rich tells: truecolor, 256, standard, or None.
        background: ``COLORFGBG``, which some terminals set; its last number is the background.
    """
    if no_color or depth is None:
        return "mono"
    if asked in THEMES and (asked == "mono" or depth != "standard"):
        return asked
    if depth in ("standard", "windows"):
        return "sixteen"
    light = background.rpartition(";")[2] in ("7", "15")
    return "light" if light else "dark"
