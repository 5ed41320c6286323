"""What may leave for the terminal: an allow-list, and a visible mark in the place of all else (threats.md, C3).

The last line behind `backend.text`. A terminal obeys whatever comes, and what one text brings may be spelled exactly
like what the product itself sends: no look at the stream alone can tell a forged ``ESC[2J`` from ours. So there are
two controls, and neither trusts the other:

- **What is text stays text** (`plain`): every letter that a frame wants to show is looked at before anything is made
  of it that a terminal obeys. No control character passes, whatever it would spell.
- **The stream keeps to the grammar of its door** (`Filter`): frames may colour, move, clear and scroll; only the
  driver itself, starting and stopping, may switch modes and ask the terminal something; the bell and the clipboard
  have doors of their own. What is right at one door is foreign at another.

Nothing is dropped in silence: what is stopped leaves a mark that takes the cells its text was counted for, and is
counted and kept (`Ledger`) for the audit and for ``gridseat doctor``.

Sources: ECMA-48 5th ed. (8.3 control functions), the xterm control sequences of patch 390, the Unicode Character
Database 15.0 (general categories, Default_Ignorable_Code_Point).
"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from enum import Enum
from functools import cache
from typing import NamedTuple

MARK = "\N{SYMBOL FOR SUBSTITUTE FORM TWO}"
"""Stands for what was stopped: one cell in every terminal (U+FFFD is two cells where the ambiguous ones are wide)."""
ASCII_MARK = "?"
HEAD = 40
"""Characters of what was stopped that are kept."""
KEPT = 64
"""Stops that are kept; all are counted."""
CLIPBOARD_MOST = 50_000
"""Characters of a copy: terminals drop longer clipboard texts whole."""
STACK = 8
"""Combining marks on one letter; more cover the lines around it. The way in lets half as many pass."""
_LONGEST_CUT = 64
"""Characters of a sequence that is waited for to be whole: more than the longest one allowed."""

NEVER = (
    # Controls: C0, DEL, C1. Then, in the order of their numbers: what reorders (Bidi_Control), what is not seen
    # (Default_Ignorable_Code_Point), what ends a line (Zl, Zp), format signs that need a layout engine (Cf),
    # surrogates and noncharacters.
    "\\x00-\\x1f\\x7f-\\x9f\\xad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u115f\\u1160"
    "\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff\\ufdd0-\\ufdef"
    "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff"
    "\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))
)
"""The characters that no text may hold, as the inside of a regular expression's class."""
_BIDI = "[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]"
_UNSOUND = "[\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff" + NEVER[NEVER.index("\\U0001fffe") :] + "]"

_BAD = re.compile(f"[{NEVER}]")
_QUICK = re.compile(
    "[ -~\\u00a0-\\u00ac\\u00ae-\\u02ff\\u2010-\\u2027\\u2190-\\u27bf\\u2800-\\u28ff\\u3000-\\u3029\\u3030-\\u303f"
    "\\u3041-\\u3096\\u309b-\\u30ff\\u4e00-\\u9fff\\uff01-\\uff5e]*+"
)
"""What nearly all texts are made of: nothing in it is forbidden or stacks."""

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_LOOK = f"(?:[34]8;2;{_BYTE};{_BYTE};{_BYTE}|[34]8;5;{_BYTE}|10[0-7]|[349][0-7]|[34]9|2[1-579]|5[35]|[0-479])"
"""A colour or an attribute of SGR: none that hides (8) or blinks (5, 6), no fonts, no underline colours."""
_SGR = f"(?:{_LOOK}(?:;{_LOOK})*)?m"
_NUMBER = "[0-9]{0,4}"
_FRAME = (
    # Look; place (CUP, CUU CUD CUF CUB, CHA, HPA, VPA); clear (ED, EL, ECH); repeat; insert, delete and scroll (IL DL
    # SU SD ICH DCH, DECSTBM, RI); the brackets around a frame that is to be shown at once.
    f"\x1b\\[(?:{_SGR}|{_NUMBER}(?:;{_NUMBER})?H|[0-2]?[JK]|{_NUMBER}[A-DG`dXbLMST@P]|{_NUMBER}(?:;{_NUMBER})?r"
    "|\\?2026[hl])|\x1bM|[\r\n\b]"
)
_STOPS = "\x1b\\[[03]?g|\x1bH|\t"
"""Tab stops set, cleared and gone to. Who writes frames unlike us sets none: there a tab is part of a text."""
_OWN = (
    # Modes: other screen, cursor, mouse, focus, paste, wrap, synchronised frames, sizes in band; the questions that
    # are asked at the start or to measure the line; the kitty keyboard.
    "\x1b\\[(?:\\?(?:1049|25|100[0-46]|1015|1016|2004|2026|2048|7)[hl]|\\?20(?:26|48)\\$p|[56]n|>[0-9]{1,2}u|<u)"
)
_TEXT = f"[ -~]++|[^{NEVER}]++"
_BEGUN = re.compile(f"\x1b(?:\\[[?<>]?[0-9;]{{0,{_LONGEST_CUT}}}\\$?)?\\Z")
"""The beginning of a sequence that may turn out to be allowed."""
_CLIP = "\x1b\\]52;c;[A-Za-z0-9+/]*={0,2}\x07"


class Door(Enum):
    """Who is sending."""

    FRAME = "frame"
    """What is shown."""
    OWN = "own"
    """The driver itself, as it starts, stops and listens."""
    ANY = "any"
    """Frames and the driver in one: where it can't be told who is sending (`console.terminal.stock.StockDriver`)."""


# No possessive repeat of a group: Python before 3.11.5 lets pass what such a group does not match. Nothing stands
# behind these, so that nothing is ever tried again.
_SPELLED = {
    Door.FRAME: f"(?:{_TEXT}|{_FRAME}|{_STOPS})*",
    Door.OWN: f"(?:{_OWN}|{_FRAME}|{_STOPS})*",
    Door.ANY: f"(?:{_TEXT}|{_FRAME}|{_OWN})*",
}


@cache
def _grammar(door: Door) -> re.Pattern[str]:
    return re.compile(_SPELLED[door])


class Stopped(NamedTuple):
    """One thing that was stopped."""

    kind: str
    """csi, osc, dcs, apc, pm, sos, esc, control, c1, bidi, hidden, unsound, stack, link, cut, long."""
    head: str
    """Its beginning, escaped: ASCII only."""


class Ledger:
    """What was stopped: all of it counted, the last of it kept."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.last: deque[Stopped] = deque(maxlen=KEPT)
        self._untold: dict[str, str] = {}
        self._told: set[str] = set()
        self._turn = threading.Lock()

    @property
    def total(self) -> int:
        """How often anything was stopped."""
        return self.counts.total()

    def note(self, kind: str, what: str) -> None:
        """Take one down."""
        head = what[:HEAD].encode("unicode_escape").decode("ascii")
        with self._turn:
            self.counts[kind] += 1
            self.last.append(Stopped(kind, head))
            if kind not in self._told:
                self._untold.setdefault(kind, head)

    def news(self) -> dict[str, str]:
        """The kinds that have not been told yet, with the first head of each; they count as told from now on."""
        with self._turn:
            news, self._untold = self._untold, {}
            self._told |= set(news)
            return news


_INTRODUCED = {
    "[": "csi", "]": "osc", "P": "dcs", "_": "apc", "^": "pm", "X": "sos",
    "\x9b": "csi", "\x9d": "osc", "\x90": "dcs", "\x9f": "apc", "\x9e": "pm", "\x98": "sos",
}  # fmt: skip


def kind_of(text: str, at: int) -> str:
    """What the forbidden character at this place begins, or is."""
    letter = text[at]
    if letter == "\x1b":
        return _INTRODUCED.get(text[at + 1 : at + 2], "esc") if text[at + 1 : at + 2] < "\x80" else "esc"
    if letter < " " or letter == "\x7f":
        return "control"
    if letter < "\xa0":
        return _INTRODUCED.get(letter, "c1")
    if re.match(_BIDI, letter):
        return "bidi"
    return "unsound" if re.match(_UNSOUND, letter) else "hidden"


def sound(text: str) -> bool:
    """Whether a text holds nothing but what may be shown."""
    return bool(_QUICK.fullmatch(text)) or not (_BAD.search(text) or _stacked(text))


def plain(text: str, ledger: Ledger, mark: str = MARK) -> str:
    """A text with a mark for each thing that may not be shown; as many cells wide as it was counted for.

    What takes no cell (an escape, a bidi control) has its mark in the place of the letter behind it.
    """
    if sound(text):
        return text
    from rich.cells import cell_len, set_cell_size

    room = cell_len(text)
    kept = _unstacked(_marked(text, ledger, mark), ledger)
    over = cell_len(kept) - room
    if over > 0:
        return set_cell_size(kept, room)
    return kept + mark * -over


def _marked(text: str, ledger: Ledger, mark: str) -> str:
    from rich.cells import get_character_cell_size

    found: list[str] = []
    owed, at = False, 0
    for bad in _BAD.finditer(text):
        place = bad.start()
        if place > at:
            found.append(_covered(text[at:place], owed, mark))
            owed = False
        ledger.note(kind_of(text, place), text[place:])
        cells = get_character_cell_size(text[place]) if text[place] > "\x9f" else 0
        found.append(mark * cells)
        owed, at = owed or not cells, place + 1
    rest = _covered(text[at:], owed, mark)
    if owed and not rest and (end := "".join(found)):
        # Nothing stands behind it: the letter before it gives its place.
        return end[:-1] + mark * max(1, get_character_cell_size(end[-1]))
    return "".join(found) + rest


def _covered(part: str, owed: bool, mark: str) -> str:
    """A part of a text whose first letter gives its place to a mark."""
    if not (owed and part):
        return part
    from rich.cells import get_character_cell_size

    return mark * get_character_cell_size(part[0]) + part[1:]


def _stacked(text: str) -> bool:
    return len(text) > STACK and not text.isascii() and _stack_ends(text) is not None


def _stack_ends(text: str) -> int | None:
    """The first place at which too many marks lie on one letter."""
    import unicodedata

    run = 0
    for place, letter in enumerate(text):
        run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if run > STACK:
            return place
    return None


def _unstacked(text: str, ledger: Ledger) -> str:
    """The same with what lies too high taken off: it takes no cell."""
    import unicodedata

    if not _stacked(text):
        return text
    ledger.note("stack", text[max(0, (_stack_ends(text) or 0) - STACK - 1) :])
    kept: list[str] = []
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if run <= STACK:
            kept.append(letter)
    return "".join(kept)


class Filter:
    """The stream to one terminal, held to the grammar of the door that each part comes from.

    A sequence may come in parts; nothing of it goes out before it is whole. Safe to be called by several threads.
    """

    def __init__(self, ledger: Ledger, mark: str = MARK) -> None:
        self.ledger, self.mark = ledger, mark
        self._cut = ""
        """The beginning of a sequence whose end has not come yet."""
        self._cut_at = Door.FRAME
        self._turn = threading.Lock()

    def passed(self, data: str, door: Door) -> str:
        """What of the data may go out now."""
        with self._turn:
            if not self._cut:
                match = _grammar(door).match(data)
                if match is not None and match.end() == len(data):
                    return data
                return self._sifted(data, door, match.end() if match else 0)
            lost = self._lost() if self._cut_at is not door else ""
            data, self._cut = self._cut + data, ""
            return lost + self._sifted(data, door, 0)

    def ended(self) -> str:
        """The mark of a sequence that began and will not end; empty where there is none."""
        with self._turn:
            return self._lost()

    def bell(self) -> str:
        """The bell's own door."""
        return self.ended() + "\x07"

    def clip(self, text: str) -> str:
        """The clipboard's own door: what puts a text there (OSC 52)."""
        from base64 import b64encode

        made = f"\x1b]52;c;{b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"
        return self.ended() + made

    def whole(self, data: str) -> bool:
        """Whether a write is nothing but a bell or a clipboard: as the framework itself sends them."""
        return data == "\x07" or bool(re.fullmatch(_CLIP, data))

    def _lost(self) -> str:
        if not self._cut:
            return ""
        self.ledger.note("cut", self._cut)
        self._cut = ""
        return self.mark

    def _sifted(self, data: str, door: Door, at: int) -> str:
        """The data with marks; ``at`` is how far it is known to be right."""
        grammar, found = _grammar(door), [data[:at]]
        while at < len(data):
            match = grammar.match(data, at)
            end = match.end() if match else at
            if end > at:
                found.append(data[at:end])
                at = end
                continue
            if _BEGUN.match(data, at):
                self._cut, self._cut_at = data[at:], door
                break
            if door is Door.OWN and not _BAD.match(data, at):
                # The driver itself shows nothing.
                self.ledger.note("long", data[at:])
                break
            kind = kind_of(data, at)
            self.ledger.note(kind, data[at:])
            at += 1
            found.append(self.mark)
            # A mark takes a cell, which what it stands for did not: the letter behind gives up its own.
            if kind != "unsound" and " " <= data[at : at + 1] <= "~":
                at += 1
        return "".join(found)
