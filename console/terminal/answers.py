"""What a terminal says that nobody has typed: it never becomes a key (threats.md, T5 and T14).

The framework takes what it does not know of a terminal's answers for keys: ``ESC[?62;22c`` would press ``?``, ``6``
and ``2``, and each of them does something here. No question but the driver's own leaves (`console.terminal.grammar`),
yet terminals also speak unasked, and what is pasted may hold the mark that ends a paste, with keys behind it.
"""

from __future__ import annotations

import re
from typing import Final

START, END = "\x1b[200~", "\x1b[201~"
"""The brackets of a paste (mode 2004)."""
MOST: Final = 65_536
"""Characters of an answer that are kept while its end is waited for."""
PATIENCE: Final = 20
"""Looks without news after which an answer that has begun is none; on a slow line its parts come far apart."""
STUCK: Final = 10
"""Looks without news, or strokes of ctrl+c, after which ctrl+c ends a paste whose end never came."""
_INTERRUPT = re.compile("\x03|\x1b\\[99;(?:5|69|133|197)(?::[123])?u")
"""Ctrl+c, as itself and as the kitty protocol tells it: alone, and with Caps Lock (64) or Num Lock (128) on."""
_WITHIN = re.compile("\x1b\\[(?:([03])n|[IO]|(?:57358|57360|5744[1-9]|5745[0-4])[0-9;:]*u)")
"""What the terminal says while it sends a long paste: that it is well, that it has the focus, and (the kitty protocol)
that a key was touched which only changes others: Ctrl, Shift, Caps Lock."""
_CUT = re.compile("\x1b(?:\\[[0-9;:]{0,12})?\\Z")
"""The beginning of such a sequence, or of a paste's end."""

_ANSWERS = re.compile(
    # Strings: DCS, SOS, OSC, PM, APC, with whatever they hold, to their end.
    "\x1b[PX\\]^_][^\x07\x1b\x18\x1a]*(?:\x07|\x1b\\\\)"
    # Attributes (DA), status other than "I am well" (DSR), reports of sizes and modes; not those that are asked for:
    # ``0n`` and ``3n``, ``?2026;1$y``, ``48;..t``.
    "|\x1b\\[[?>=][0-9;]*[cn]|\x1b\\[[0-9;]+c|\x1b\\[(?![03]n)[0-9;]+n|\x1b\\[\\?(?!20(?:26|48);)[0-9;]*\\$y"
    "|\x1b\\[(?!48;)[0-9;]+t|\x1b\\[[?]?[0-9;]*x|\x1b\\[\\?[0-9;]*[RSuW]"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What nobody pastes: the framework would hear keys in it, and ends of pastes."""
_BEGUN = re.compile("\x1b(?:O|\\[[?>=<]?[0-9;:]*\\$?|[PX\\]^_][^\x07\x1b\x18\x1a]*\x1b?)?\\Z")
"""The beginning of a string or of a sequence, or of what may become one."""
_REST = re.compile("\\[(?:[?>=<]?[0-9][0-9;:]*\\$?[A-Za-z~]|[A-DFHIOZ])")
"""A sequence whose escape has been taken for the key: nobody types it at one go."""
_EIGHT = {
    0x90: "\x1bP",
    0x98: "\x1bX",
    0x9B: "\x1b[",
    0x9C: "\x1b\\",
    0x9D: "\x1b]",
    0x9E: "\x1b^",
    0x9F: "\x1b_",
}
"""Controls of one character (C1), and what they stand for."""
SHORT: Final = 3
"""Characters of a beginning that may be a key as well: Escape, or a letter that is held with Alt."""


class Sieve:
    """Takes from what comes what is no key; a string that comes in parts is waited for, some looks (`tick`) long."""

    def __init__(self) -> None:
        self._held = ""
        self._pasting = False
        self._idle = 0
        self._escaped = False
        """An escape was passed on as a key a moment ago."""
        self.ready = 0
        """Answers to status queries that came within a paste; whoever counts them takes them away."""
        self.taken = 0
        """Answers that were no keys."""

    @property
    def short(self) -> bool:
        """What is waited for may be a key: a moment is enough, for an answer's parts come one behind the other."""
        return 0 < len(self._held) <= SHORT and self._held[1:2] not in ("[", "O")

    def passed(self, text: str) -> str:
        """What of it goes on now."""
        if not (self._held or self._pasting or self._escaped) and "\x1b" not in text and text.isprintable():
            return text
        if self._pasting:
            text = self._within(text)
            if not _INTERRUPT.sub("", text):
                return self._struck(len(_INTERRUPT.findall(text)))
        if self._escaped and _REST.match(text):
            text = "\x1b" + text
        text, self._held, self._idle = self._held + text, "", 0
        self._escaped = False
        found: list[str] = []
        while text:
            if self._pasting:
                part, text = self._pasted(text)
            else:
                before, start, text = text.partition(START)
                part = self._keys(before, last=not start) + start
                self._pasting = bool(start)
            found.append(part)
        return "".join(found)

    def _within(self, text: str) -> str:
        """What of it is pasted, without what the terminal says of itself meanwhile."""
        self.ready += sum(match[1] is not None for match in _WITHIN.finditer(text))
        return _WITHIN.sub("", text)

    def _struck(self, strokes: int) -> str:
        """Ctrl+c alone came within a paste; it ends one whose end never came, for every key would be a part of it."""
        self._idle += strokes
        if not strokes or self._idle < STUCK:
            return ""
        self._pasting, self._held, self._idle = False, "", 0
        return END

    def tick(self) -> str:
        """Nothing has come: what was waited for so long is no answer, but keys."""
        self._idle += 1
        if not self._held or self._pasting:
            self._escaped = self._escaped and self._idle < PATIENCE
            return ""
        if self._idle < PATIENCE and not self.short:
            return ""
        held, self._held, self._idle = self._held, "", 0
        self._escaped = held == "\x1b"
        return held

    def _keys(self, text: str, *, last: bool) -> str:
        kept, count = _ANSWERS.subn("", text.translate(_EIGHT))
        self.taken += count
        if last and (begun := _BEGUN.search(kept)):
            kept, held = kept[: begun.start()], begun[0]
            # Of one that is too long it is kept that it has begun, and its end is still waited for.
            self._held = held if len(held) < MOST else held[:2] + "\x1b" * held.endswith("\x1b")
        return kept

    def _pasted(self, text: str) -> tuple[str, str]:
        """Within a paste: up to its end, which is the last one that came in one go, with nothing in it that ends it."""
        text = self._within(text)
        if END not in text:
            # The end itself may be cut in two, and so may what the terminal says.
            cut = len(begun[0]) if (begun := _CUT.search(text)) else 0
            self._held = text[len(text) - cut :]
            return _CONTROLS.sub("", text[: len(text) - cut]), ""
        body, _, rest = text.rpartition(END)
        self._pasting = False
        return _CONTROLS.sub("", body.replace(START, "").replace(END, "")) + END, rest
