"""Text in terminal cells: measured as the compositor measures it, cut so that the cut shows.

Widths come from Rich (what Textual lays out by), not from `backend.text`: were the two to differ on one
character, every cell to its right would be off by one. Characters whose width depends on the terminal
(East-Asian ambiguous: the ellipsis, box lines, most arrows and filled shapes) are not drawn by us at all.
"""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import category

from rich.cells import cell_len, split_graphemes

from backend.text import MARK, clean, pointed_out

Align = Literal["left", "right"]
CUT = "~"
"""Ends a text that did not fit. One cell everywhere, unlike the ellipsis."""
_LONGEST = 4_000
_NUMBERED = re.compile(r"\d[\d-]*\D*$", re.ASCII)
"""The last number of a name, a range of them, and what stands behind it."""


def plain(text: str) -> str:
    """The text with nothing in it that a terminal obeys: the last line of defence, after `backend.text`.

    What is not assigned shows as a mark, and a text does not begin with a sign that belongs on the letter before.
    """
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable():
        text = "".join(
            character if character.isprintable() or category(character) == "Zs" else MARK
            for character in clean(text, limit=_LONGEST)
        )
    start = next((place for place, character in enumerate(text) if cell_len(character)), len(text))
    return text[start:]


def shown(text: str) -> str:
    """The text as it is drawn: `plain`, and words pointed out that may not be what they seem."""
    text = plain(text)
    return text if text.isascii() else pointed_out(text)


def fit(text: str, cells: int, align: Align = "left", *, numbered: bool = False) -> str:
    """The text in exactly ``cells`` cells, padded, or cut with `CUT` at its end; never half a character.

    Args:
        numbered: names that differ in a number near their end are cut before it: ``Xichen~068 dust``.
    """
    if cells <= 0:
        return ""
    text = shown(text)
    taken = len(text) if text.isascii() else cell_len(text)
    if taken > cells:
        end = _numbered(text, 2 * (cells - 1) // 3) if numbered else ""
        text = _head(text, cells - 1 - cell_len(end)) + CUT + end
        taken = cell_len(text)
    space = " " * (cells - taken)
    return space + text if align == "right" else text + space


def _head(text: str, cells: int) -> str:
    """As many whole characters from the start as fit in ``cells``."""
    if text.isascii():
        return text[:cells]
    room, end = cells, 0
    for _, stop, size in split_graphemes(text)[0]:
        room -= size
        if room < 0:
            break
        end = stop
    return text[:end]


def _numbered(text: str, cells: int) -> str:
    """The last number of a text with all behind it, where that is no longer than ``cells``; else empty."""
    found = _NUMBERED.search(text)
    end = found.group() if found is not None else ""
    return end if cell_len(end) <= cells else ""


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most ``cells`` cells, broken at spaces where there are any, never empty."""
    # A terminal may be smaller than what stands before a text; no letter is.
    cells = max(1, cells)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in words(shown(paragraph)):
            if cell_len(line) + cell_len(word.rstrip(" ")) <= cells:
                line += word
                continue
            if line.strip(" "):
                lines.append(line.rstrip(" "))
            line = word.lstrip(" ") if lines else word
            while cell_len(line) > cells:
                head = _head(line, cells) or line[0]
                lines.append(head)
                line = line[len(head) :]
        lines.append(line.rstrip(" "))
    return lines


def words(text: str) -> list[str]:
    """Pieces between which a line may end: after a space, and around wide characters."""
    pieces: list[str] = []
    current = ""
    for character in text:
        if cell_len(character) == 2 and character not in "，。、；：！？）》”’":
            if current:
                pieces.append(current)
            current = character
        elif current and (current[-1] == " " or (cell_len(current[-1]) == 2 and character != " ")):
            if character in "，。、；：！？）》”’":
                current += character
                continue
            pieces.append(current)
            current = character
        else:
            current += character
    if current:
        pieces.append(current)
    return pieces
