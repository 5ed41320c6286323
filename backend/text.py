"""The only way in for words that someone else wrote.

Terminals obey control characters, and neither Textual nor Rich takes them out (ESC, C1, NUL, bidi and zero-width
characters all pass). So every name, message, file name and error that we did not write ourselves becomes a
`SafeText` here, once, before it is stored or shown: what a terminal could obey is replaced by a visible picture,
and nothing is left that reorders, hides or stacks. Afterwards it is drawn as plain text, never as markup.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

SafeText = NewType("SafeText", str)
"""Text that holds nothing a terminal would obey."""

MARK = "\N{REPLACEMENT CHARACTER}"
COMBINING_LIMIT = 4
"""Combining marks allowed on one character; more are taken off (stacked text covers its neighbours)."""
_SOURCE_LIMIT = 100_000


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x7F] = "\N{SYMBOL FOR DELETE}"
    table.update(dict.fromkeys(range(128, 160), MARK))
    # Line and paragraph separators end a line in some terminals.
    table.update({0x2028: MARK, 0x2029: MARK})
    # Bidi controls reorder what is read.
    table.update(dict.fromkeys((1564, 8206, 8207, *range(8234, 8239), *range(8294, 8298)), MARK))
    # Zero-width and invisible characters make two names look the same.
    invisible = (
        0x00AD,
        0x034F,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x200B,
        0x200C,
        0x200D,
        0x3164,
        0xFEFF,
        0xFFA0,
    )
    table.update(dict.fromkeys(invisible))
    table.update(dict.fromkeys((*range(0x180B, 0x1810), *range(0x2060, 0x2066), *range(0x206A, 0x2070))))
    table.update(dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFFC))))
    table.update(dict.fromkeys(range(0xE0000, 0xE1000)))
    # Signs that enclose the digits behind them (Arabic, Syriac, Kaithi): terminals agree on no width for them.
    table.update(
        dict.fromkeys((*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD), MARK)
    )
    # Format characters of scripts that need a layout engine: hieroglyphs, shorthand, musical notation.
    table.update(
        dict.fromkeys((*range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)), MARK)
    )
    # Emoji of two parts, which every terminal measures otherwise: a face without its tone, a flag as its letters.
    table.update(dict.fromkeys(range(0x1F3FB, 0x1F400)))
    table.update({0x1F1E6 + place: chr(ord("A") + place) for place in range(26)})
    # Surrogates and noncharacters can't be encoded or mean nothing.
    table.update(dict.fromkeys((*range(55296, 57344), *range(64976, 65008)), MARK))
    table.update({plane + last: MARK for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)})
    return table


_TABLE = _table()
_UNTOUCHED = re.compile(
    # Latin, Greek and Cyrillic, punctuation and signs, kana, bopomofo, Han, Hangul, full-width forms: without a mark
    # that lies on another letter, and without anything of the table.
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2bff"
    "\u2e80-\u3029\u3030-\u3098\u309b-\u3163\u3165-\u318f\u31a0-\ua48f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    "\uff01-\uff9f\uffa1-\uffef]*+"
)
_PLAIN = re.compile(r"[ -~\u3001-\u301b\u4e00-\u9fff\uff01-\uff5e]*")


def clean(raw: object, *, limit: int = 200, lines: int = 1) -> SafeText:
    """Make foreign text safe to store and to show.

    Args:
        raw: text, bytes (UTF-8, else GB 18030) or anything with a string form.
        limit: characters kept; a longer text ends in ``..``.
        lines: lines kept; with 1, line ends become spaces.
    """
    text = decode(raw) if isinstance(raw, bytes) else raw if isinstance(raw, str) else str(raw)
    if len(text) <= limit and _PLAIN.fullmatch(text):
        return SafeText(text.strip() if lines == 1 else text)
    # A text may be huge; work on no more than can matter.
    text = unicodedata.normalize("NFC", text[: min(_SOURCE_LIMIT, limit * 8 + 64)])
    parts = re.split(r"\r\n|[\r\n]", text)
    kept = [_uncombine(part.replace("\t", " ").translate(_TABLE)).strip() for part in parts]
    text = " ".join(part for part in kept if part) if lines == 1 else "\n".join(kept[:lines])
    if len(text) > limit:
        text = text[: max(0, limit - 2)].rstrip() + ".."
    return SafeText(text)


def untouched(text: str) -> bool:
    """Whether a text in normal form C holds only what `clean` leaves as it is; False where it would have to look."""
    return _UNTOUCHED.fullmatch(text) is not None


def decode(raw: bytes) -> str:
    """Bytes to text: UTF-8 (with or without a mark), else GB 18030, else UTF-8 with what is wrong marked."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="replace")


def _uncombine(text: str) -> str:
    if untouched(text) or not any(_lies_on(character) for character in text):
        return text
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if _lies_on(character) else 0
        if run <= COMBINING_LIMIT:
            kept.append(character)
    return "".join(kept)


def _lies_on(character: str) -> bool:
    """Whether it lies on the character before it: a mark without a cell of its own."""
    return bool(unicodedata.combining(character)) or unicodedata.category(character) in ("Mn", "Me")


_IDENTIFIER = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,62}[A-Z0-9])?")


def identifier(raw: object) -> str | None:
    """An id of our own alphabet (``[A-Z0-9-]``, 64 at most), None for anything else."""
    text = str(raw).strip().upper()
    return text if _IDENTIFIER.fullmatch(text) else None


_LATIN = "A-Za-z\u00c0-\u024f"
_ALIKE = (
    # Letters that are drawn like Latin ones: Greek, Cyrillic, Armenian, Cherokee, Coptic, Lisu. Of Greek only those:
    # μ, σ, Δ and the like stand beside Latin letters in units and formulas.
    "\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bd\u03bf\u0400-\u052f\u0531-\u0587"
    "\u13a0-\u13ff\u2c80-\u2cff\ua4d0-\ua4fd"
)
_ALIKE_AT_ALL = re.compile(f"[{_ALIKE}]")
_MIXED = re.compile(
    f"(?<![{_LATIN}{_ALIKE}0-9._-])(?<!\\?!)[0-9._-]*+"
    f"(?:[{_LATIN}][{_LATIN}0-9._-]*+[{_ALIKE}]|[{_ALIKE}][{_ALIKE}0-9._-]*+[{_LATIN}])"
)
MIXED = "?!"
"""Stands before a word that is written with letters of two alphabets: it may not be what it seems."""


def pointed_out(text: str) -> str:
    """The text with `MIXED` before each word whose letters are of two alphabets that look alike: ``HZ-О1``, О Cyrillic.

    Doing it twice changes nothing more.
    """
    if _ALIKE_AT_ALL.search(text) is None:
        return text
    return _MIXED.sub(lambda found: MIXED + found[0], text)


def width(text: str) -> int:
    """How many terminal cells a text takes; ambiguous characters count as one."""
    if text.isascii():
        return len(text)
    return sum(map(_cell, text))


def _cell(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, cells: int, *, align: str = "left", mark: str = "~") -> str:
    """Pad or cut a text to exactly ``cells`` cells; a cut shows as ``mark``."""
    taken = width(text)
    if taken > cells:
        room, kept = cells - len(mark), []
        for character in text:
            room -= _cell(character)
            if room < 0:
                break
            kept.append(character)
        text = ("".join(kept) + mark)[:cells] if cells >= len(mark) else ""
        taken = width(text)
    space = " " * (cells - taken)
    if align == "right":
        return space + text
    if align == "centre":
        half = len(space) // 2
        return space[:half] + text + space[half:]
    return text + space


def fold(text: str) -> str:
    """The form in which texts are searched: compatibility forms joined, case and spaces gone."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def csv_cell(value: object) -> str:
    """A cell that no spreadsheet runs as a formula."""
    text = "" if value is None else str(value)
    if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(
        r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text
    ):
        return "'" + text
    return text
