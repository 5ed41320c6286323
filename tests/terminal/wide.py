"""A terminal set up for Chinese: what Unicode calls ambiguous is drawn two cells wide."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

import pyte
import pyte.screens

_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$p")


def shown(sent: bytes, columns: int, lines: int) -> list[str]:
    """The screen after all these bytes, on such a terminal."""
    screen = pyte.Screen(columns, lines)
    kept = pyte.screens.wcwidth

    def width(letter: str) -> int:
        return 2 if east_asian_width(letter) == "A" else int(kept(letter))

    pyte.screens.wcwidth = width
    try:
        pyte.ByteStream(screen).feed(_UNKNOWN.sub(b"", sent))
    finally:
        pyte.screens.wcwidth = kept
    return [line.rstrip() for line in screen.display]
