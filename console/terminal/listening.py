"""What comes from the terminal: keys for the screens, answers for the line, and its end.

The framework's own loop (`LinuxDriver.run_input_thread`) with five differences: what a terminal says that is no key
goes no further (`console.terminal.answers`); the answer to a status query goes to whoever measures the line; what the
framework's parser makes of a key that it knows not, and of Escape with a key behind it, is set right (`Parser`); a byte
that is no UTF-8 (a key of a terminal in another encoding) is a mark and not the end of the program; and a terminal
that is gone ends the program also where no signal says so, instead of being read from for ever.
"""

from __future__ import annotations

import os
import re
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.geometry import Size
from textual.keys import Keys
from textual.message import Message

from console.terminal.answers import Sieve
from console.terminal.stock import Listening, StockDriver

READY = "\x1b[0n"
"""The answer to a status query, ``CSI 5 n``: the terminal is well (DSR, ECMA-48 8.3.35)."""
BROKEN = "\x1b[3n"
"""The same from one that is not; it has heard us all the same."""
LONGEST = 4096
"""Bytes that are read at once."""
MOMENT = 0.03
"""Seconds that an escape waits for what would make an answer of it."""
WIDEST, TALLEST = 1000, 500
"""Cells of the largest window that is drawn for."""
TICK = 0.1
"""Seconds after which it is looked whether an escape key stands alone."""
ESCAPE = "\x1b[27u"
"""The escape key as the kitty protocol tells it: nothing behind it can be taken for a part of it."""
_JOINED = "[^\\[\\]OPX^_bf\t\x08\x7f]"
"""What stands behind an escape that is a key of its own. Not what begins a sequence or a string, nor what terminals
send for a word to the left or right, for Shift+Tab, or to delete a word."""
_ALONE = re.compile(f"\x1b(?={_JOINED})")
_BEHIND = re.compile(_JOINED)
_UNKNOWN = re.compile("\x1b(?:\\[[0-9:;<=>?]*[ -/]*[@-LN-Z\\\\\\]^_`a-ln-xz{|}~]|O[A-Za-z])")
"""A whole sequence of a key. Not those that the parser asks for behind keys (the mouse, modes), nor Linux's ``[[A``."""
_FAR = re.compile("\x1b\\[(?:2[5-9]|[3-9][0-9])(?:;[0-9]+)?~")
"""Function keys beyond F12, which the framework takes for letters by their numbers: Shift+F7 of Linux for ``!``."""


class Parser(XTermParser):
    """The framework's parser, which knows no answers to status queries, and presses no keys that nobody has pressed.

    Escape with a key behind it at once is both: the framework takes them for a letter that is held with Alt, which is
    no key here. tmux sends them together that come within half a second, and a line that stalls whatever came. Of a
    key that it knows not the framework presses the letters; one that the kitty protocol tells in a longer form ends it.
    """

    def __init__(self, debug: bool, answered: Callable[[], object]) -> None:
        self._answered = answered
        self._escaped = False
        """The last that came is an escape, of which it is not told yet whether it is the key."""
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Any]:
        """Take in what has come."""
        if self._escaped and _BEHIND.match(data):
            data = ESCAPE[1:] + data
        data = _ALONE.sub(ESCAPE, data)
        self._escaped = data.endswith(ESCAPE[0])
        yield from super().feed(data)

    def tick(self) -> Iterable[Any]:
        """Nothing has come for a while."""
        for message in super().tick():
            self._escaped = False
            yield message

    def parse_mouse_code(self, code: str) -> Message | None:
        """Where the mouse is, in cells, as was asked for: a size that a terminal tells by itself changes nothing."""
        self.mouse_pixels = False
        return super().parse_mouse_code(code)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if sequence in (READY, BROKEN):
            self._answered()
            yield events.Key(Keys.Ignore, sequence)
            return
        found: list[events.Key] = []
        # A number that is no letter's, or parts that were not asked for.
        with suppress(ValueError, OverflowError):
            found = [] if _FAR.fullmatch(sequence) else list(super()._sequence_to_key_events(sequence, alt))
        if not found and _UNKNOWN.fullmatch(sequence):
            found = [events.Key(Keys.Ignore, sequence)]
        yield from found


class Hearing(Listening):
    """A driver that hears answers, and the end."""

    def answered(self) -> None:
        """The terminal has answered a status query: everything before it has arrived."""

    def gone(self) -> None:
        """There is no terminal any more: whoever sat here finds what they had when they come back."""
        if callable(cut := getattr(self._app, "cut", None)):
            cut()
        self._app.call_later(getattr(self._app, "hang_up", self._app.exit))

    def run_input_thread(self) -> None:
        """Wait for what comes, and pass it on."""
        parser = Parser(self._debug, self.answered)
        decode = getincrementaldecoder("utf-8")("replace").decode
        sieve = Sieve()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            try:
                while not self.exit_event.is_set():
                    if not selector.select(MOMENT if sieve.short else TICK):
                        if late := sieve.tick():
                            self._pass_on(parser.feed(late))
                    elif not self._hear(parser, decode, sieve):
                        self.gone()
                        return
                    self._pass_on(parser.tick())
                if selector.select(0):
                    self._hear(parser, decode, sieve)
            finally:
                with suppress(EOFError, ParseError):
                    for _ in parser.feed(""):
                        pass

    def _hear(self, parser: Parser, decode: Callable[[bytes], str], sieve: Sieve) -> bool:
        """Read once; whether there is still a terminal."""
        try:
            data = os.read(self.fileno, LONGEST)
        except OSError:
            return False
        if not data:
            return False
        if text := sieve.passed(decode(data)):
            self._pass_on(parser.feed(text))
        for _ in range(sieve.ready):
            self.answered()
        sieve.ready = 0
        return True

    def _pass_on(self, messages: Iterable[Any]) -> None:
        for message in messages:
            if not isinstance(message, events.Resize) or self._believed(message.size):
                self.process_message(message)

    def _believed(self, size: Size) -> bool:
        """Whether a size that the terminal tells (mode 2048) was asked for, and can be one."""
        return self._in_band_window_resize and 0 < size.width <= WIDEST and 0 < size.height <= TALLEST


class HeardStockDriver(StockDriver, Hearing):
    """The framework's driver behind the filter, listened to as ours is: its answers and pastes press no keys."""
