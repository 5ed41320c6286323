"""Letters that every terminal draws as wide as the layout counts them.

A terminal set up for Chinese, Japanese or Korean draws the letters that Unicode calls ambiguous (``“ ” · × ° ³ → …``,
boxes, blocks, filled circles) two cells wide, others one: whatever stands behind one of them is then a cell off. So
none leaves: each is drawn as a stand-in of one certain cell. Nor does a letter that our Unicode does not know yet: the
terminal's may, and how wide it is; in the ideographs' planes alone each is two cells to everybody. What is copied or
saved keeps its own letters. Letters of alphabets (``é``, Greek, Cyrillic) have no stand-in and stay; who writes the
line finds the next cell again by itself. The half blocks of the map stay too: with ``--wide`` it is drawn in letters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, east_asian_width, normalize

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

UNKNOWN: Final = "?"
"""Stands for what the terminal can't write."""
MICRO: Final = "\N{MICRO SIGN}"
"""A letter by its class, and no letter of any word."""
MARK: Final = "\N{SYMBOL FOR SUBSTITUTE FORM TWO}"
"""Stands for U+FFFD, which is ambiguous itself, and for each cell of a letter that is not known."""
STAND_INS: Final[dict[str, str]] = {
    "“": '"', "”": '"', '‘': "'", '’': "'", "…": "⋯", "–": "-", "—": "-", "\N{HORIZONTAL BAR}": "-",
    "·": "⋅", "•": "*", "×": "x", "÷": "/", "±": "~", "°": "∘", "℃": "C", "²": "2", "³": "3", "₂": "2",
    "₃": "3", "μ": "µ", "≤": "⩽", "≥": "⩾", "→": "▸", "←": "◂", "↑": "^", "↓": "v", "Ⅰ": "1", "Ⅱ": "2",
    "Ⅲ": "3", "Ⅳ": "4", "Ⅴ": "5", "Ⅵ": "6", "\N{REPLACEMENT CHARACTER}": "␦", "▀": "▀", "▄": "▄", "●": "▪",
    "○": "▫", "■": "▪", "□": "▫", "▲": "▴", "▼": "▾", "★": "*", "☆": "*", "─": "-", "━": "=", "│": "|",
    "┃": "|",
}  # fmt: skip
"""One certain cell for each ambiguous letter that we or our data may use."""
_IN_ASCII: Final[dict[str, str]] = {
    "µ": "u", "¹": "1", "␦": "?", "、": ", ", "。": ". ", "「": '" ', "」": '" ', "《": '" ', "》": '" ',
    "\N{IDEOGRAPHIC SPACE}": "  ", "\N{NO-BREAK SPACE}": " ", "⋯": "~", "⋅": ".", "∘": " ", "⩽": "<",
    "⩾": ">", "▸": ">", "◂": "<", "▴": "^", "▾": "v", "▪": "*", "▫": "o",
}  # fmt: skip
_USUAL = "\x20-\x7e\u2800-\u28ff\u3001-\u301b\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e"
_UNUSUAL = re.compile(f"[^{_USUAL}]")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")
_SHAPES = ("S", "N", "P", "Z")
"""General categories of what ``--ascii`` draws otherwise: what is no letter of a script."""


@lru_cache(2048)
def certain(letter: str) -> str:
    """The letter, or one of certain width in the same one cell."""
    if (stand_in := STAND_INS.get(letter)) is not None:
        return stand_in
    if category(letter) == "Cn" and not "\U00020000" <= letter < "\U00040000":
        return MARK * cell_len(letter)
    if east_asian_width(letter) != "A" or category(letter)[0] in "LM":
        return letter
    plain = normalize("NFKC", letter)
    return plain if len(plain) == 1 and plain.isascii() else MARK


@lru_cache(2048)
def without_shapes(letter: str) -> str:
    """The letter of a script as it is; anything else in ASCII, in as many cells."""
    wide = east_asian_width(letter) in "WF"
    if letter == MICRO:
        return in_ascii(letter)
    if category(letter)[0] not in _SHAPES or (wide and category(letter)[0] != "S"):
        return certain(letter)
    return in_ascii(letter)


@lru_cache(4096)
def in_ascii(letter: str) -> str:
    """The letter in ASCII, in exactly as many cells."""
    cells = cell_len(letter)
    letter = STAND_INS.get(letter, letter)
    plain = letter if letter.isascii() else _IN_ASCII.get(letter) or normalize("NFKC", letter)
    if not plain.isascii() and cells == 1:
        # The letter without what stands above or below it.
        plain = normalize("NFKD", letter)[:1]
    if not (plain.isascii() and plain.isprintable() and plain) or len(plain) > cells:
        plain = UNKNOWN * cells
    return plain.ljust(cells)


class Letters(LineFilter):
    """Draws each line with letters that the terminal has, cell for cell."""

    def __init__(self, *, unicode: bool = True, shapes: bool = True) -> None:
        """For a terminal that writes Unicode or not, and draws shapes or not."""
        super().__init__()
        self.unicode, self.shapes = unicode, shapes

    def text(self, text: str) -> str:
        """A text as it is drawn."""
        if text.isascii():
            return text
        if not self.unicode:
            cells = cell_len(text)
            drawn = _NOT_ASCII.sub(lambda found: in_ascii(found[0]), text)
            # Letters that take other cells together than alone.
            return drawn if len(drawn) == cells else drawn[:cells].ljust(cells)
        if not self.shapes:
            return _NOT_ASCII.sub(lambda found: without_shapes(found[0]), text)
        return _UNUSUAL.sub(lambda found: certain(found[0]), text)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments with such letters."""
        if all(segment.text.isascii() for segment in segments):
            return segments
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment(self.text(segment.text), segment.style)
            for segment in segments
        ]
