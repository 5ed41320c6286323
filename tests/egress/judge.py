"""What a terminal would make of a stream of bytes, and what of it nobody has asked for: the tests' own judge.

It shares nothing with the product's filter: bytes go one by one through the state machine of a VT500 (after Paul
Williams' diagram, vt100.net/emu/dec_ansi_parser, with UTF-8 and the 8-bit controls of ECMA-48), and what it hands out
is held against lists written down here from threats.md and style.md C3.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MOVES = frozenset("ABCDGHd`")
CLEARS = frozenset("JKX")
EDITS = frozenset("LMPST@br")
MODES = frozenset({7, 25, 1000, 1002, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048})
LOOKS = frozenset({0, 1, 2, 3, 4, 7, 9, *range(21, 26), 27, 29, *range(30, 50), 53, 55, *range(90, 108)})
QUESTIONS = frozenset(
    {("?", "2026", "$", "p"), ("?", "2048", "$", "p"), ("", "5", "", "n"), ("", "6", "", "n")}
)
HIDDEN = frozenset(
    # Default_Ignorable_Code_Point, Unicode 15, without the tags and selectors, which are asked for by range.
    [0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0, *range(0x180B, 0x1810),
     *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One thing that the terminal was told: a letter, a control, or a sequence with its parts."""

    kind: str
    """print, control, escape, csi, osc, dcs, string, broken."""
    text: str
    """The letter, or several of ASCII; the control's name; what the sequence holds."""
    marks: str = ""
    """Private mark of a CSI: ``?``, ``<``, ``=``, ``>``."""
    between: str = ""
    """Intermediate bytes."""
    final: str = ""
    """The final byte of a CSI or an escape."""


def read(sent: bytes) -> Iterator[Found]:
    """Everything in a stream, in order."""
    place, size = 0, len(sent)
    while place < size:
        byte = sent[place]
        if byte == 0x1B:
            found, place = _escape(sent, place + 1)
            yield found
        elif byte < 0x20 or byte == 0x7F:
            yield Found("control", f"{byte:02x}")
            place += 1
        elif byte < 0x80:
            end = place + 1
            while end < size and 0x1F < sent[end] < 0x7F:
                end += 1
            yield Found("print", sent[place:end].decode("ascii"))
            place = end
        else:
            found, place = _letter(sent, place)
            yield found


def _letter(sent: bytes, place: int) -> tuple[Found, int]:
    first = sent[place]
    length = 2 if first >> 5 == 6 else 3 if first >> 4 == 14 else 4 if first >> 3 == 30 else 0
    try:
        letter = sent[place : place + length].decode("utf-8") if length else ""
    except UnicodeDecodeError:
        letter = ""
    if not letter:
        # A byte of its own: an 8-bit terminal takes 80 to 9f for controls.
        return Found("broken", f"{first:02x}"), place + 1
    code = ord(letter)
    if 0x80 <= code < 0xA0:
        return Found("control", f"{code:02x}"), place + length
    return Found("print", letter), place + length


def _escape(sent: bytes, place: int) -> tuple[Found, int]:
    if place >= len(sent):
        return Found("broken", "escape at the end"), place
    byte = sent[place]
    if byte == 0x5B:
        return _csi(sent, place + 1)
    if byte in b"]PX^_":
        end = place + 1
        while (
            end < len(sent) and sent[end] != 0x07 and sent[end : end + 2] != b"\x1b\\" and sent[end] != 0x9C
        ):
            end += 1
        kind = {0x5D: "osc", 0x50: "dcs"}.get(byte, "string")
        body = sent[place + 1 : end].decode("utf-8", "backslashreplace")
        return Found(kind, body), min(len(sent), end + (2 if sent[end : end + 1] == b"\x1b" else 1))
    between = place
    while between < len(sent) and 0x20 <= sent[between] < 0x30:
        between += 1
    final = sent[between : between + 1].decode("latin-1")
    return Found("escape", "", between=sent[place:between].decode("latin-1"), final=final), between + 1


def _csi(sent: bytes, place: int) -> tuple[Found, int]:
    start = place
    marks = ""
    if place < len(sent) and 0x3C <= sent[place] < 0x40:
        marks = chr(sent[place])
        place += 1
    first = place
    while place < len(sent) and 0x30 <= sent[place] < 0x3C:
        place += 1
    words = sent[first:place].decode("latin-1")
    middle = place
    while place < len(sent) and 0x20 <= sent[place] < 0x30:
        place += 1
    if place >= len(sent) or not 0x40 <= sent[place] < 0x7F:
        return Found("broken", sent[start : place + 1].decode("latin-1")), place
    between = sent[middle:place].decode("latin-1")
    return Found("csi", words, marks, between, chr(sent[place])), place + 1


@dataclass
class Verdict:
    """What was found in a stream."""

    wrong: list[Found] = field(default_factory=list)
    bells: int = 0
    copies: list[str] = field(default_factory=list)
    modes: Counter[str] = field(default_factory=Counter)
    """How often each mode was switched: ``1049h``."""
    questions: Counter[str] = field(default_factory=Counter)
    """How often each question was asked: ``?2026$p``, ``5n``."""


def judge(sent: bytes) -> Verdict:
    """Hold a stream against the list of what the product may send; bells, copies and modes are counted."""
    verdict = Verdict()
    for one in read(sent):
        if one.kind == "control" and one.text == "07":
            verdict.bells += 1
        elif one.kind == "osc" and one.text.startswith("52;c;"):
            verdict.copies.append(one.text[5:])
        elif one.kind == "csi" and one.marks == "?" and one.final in "hl" and not one.between:
            verdict.modes[one.text + one.final] += 1
            if not one.text.isdigit() or int(one.text) not in MODES:
                verdict.wrong.append(one)
        elif (one.marks, one.text, one.between, one.final) in QUESTIONS and one.kind == "csi":
            verdict.questions["".join((one.marks, one.text, one.between, one.final))] += 1
        elif not _right(one):
            verdict.wrong.append(one)
    return verdict


def _right(one: Found) -> bool:
    if one.kind == "print":
        return one.text.isascii() or shown(one.text)
    if one.kind == "control":
        return one.text in ("08", "09", "0a", "0d")
    if one.kind == "escape":
        # Reverse index: a line up, the page with it at its end; no index, which some take for another move. A tab stop.
        return not one.between and one.final in ("M", "H")
    if one.kind != "csi" or one.between:
        return False
    if one.final == "u":
        return (one.marks == ">" and one.text.isdigit()) or (one.marks == "<" and not one.text)
    if one.marks:
        return False
    words = one.text.split(";") if one.text else []
    if one.final == "m":
        return _look(words)
    if one.final == "g":
        # Tab stops cleared: this one, or all.
        return one.text in ("", "0", "3")
    numbers = all(word.isdigit() or not word for word in words)
    if one.final == "J" and words and words[0] not in ("0", "1", "2", ""):
        return False
    return numbers and len(words) <= 2 and one.final in MOVES | CLEARS | EDITS


def _look(words: list[str]) -> bool:
    numbers = [int(word) if word.isdigit() else -1 for word in words]
    while numbers:
        first = numbers.pop(0)
        if first in (38, 48):
            kind = numbers.pop(0) if numbers else -1
            count = {5: 1, 2: 3}.get(kind, 0)
            if not count or len(numbers) < count or not all(0 <= one < 256 for one in numbers[:count]):
                return False
            del numbers[:count]
        elif first not in LOOKS:
            return False
    return True


def shown(letter: str) -> bool:
    """Whether a letter may stand on a screen: it is seen, it reorders nothing, it is a character at all."""
    code = ord(letter)
    if code in HIDDEN or 0xE0000 <= code <= 0xE0FFF or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
