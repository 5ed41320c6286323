"""The driver that knows its line: frames go when the line has room for them, and the mouse can be turned on and off."""

from __future__ import annotations

import os
from time import monotonic
from typing import Any, Final

from textual.events import Key
from textual.keys import Keys
from textual.message import Message

from console.terminal.line import Line
from console.terminal.painting import CellDriver
from console.terminal.rules import Rules
from console.terminal.supposed import Supposed, wired
from console.terminal.writer import QUERY

PACKET: Final = 40
"""Bytes that SSH puts around each write: lengths, channel, padding and seal (RFC 4253 6; 34 to 49 by its cipher)."""


class PacedDriver(CellDriver):
    """The driver that the console opens with: it goes by what its line can take."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.measured = Line(monotonic, Rules(packet=PACKET if "SSH_CONNECTION" in os.environ else 0))
        self.measured.supposed = Supposed(wired(self.fileno))
        self.line = self.measured

    def start_application_mode(self) -> None:
        """Take the terminal, and ask it at once how it is: the shortest way there and back is known before a frame."""
        self.measured.resumed()
        super().start_application_mode()
        if self.measured.mute or not self.input_tty:
            return
        self.measured.asked(len(QUERY))
        with self.own():
            self.write(QUERY)

    def answered(self) -> None:
        """What was written has arrived: perhaps there is room now."""
        self.measured.answered()
        if self._writer is not None:
            self._writer.wake()

    def process_message(self, message: Message) -> None:
        """Take what the terminal says: also a key tells that the line is there."""
        if isinstance(message, Key) and message.key != Keys.Ignore:
            self.measured.spoke()
        super().process_message(message)

    # The mouse: clicks and the wheel. Where it is without being pressed is nobody's business, and would cost bytes.

    @property
    def mouse(self) -> bool:
        """Whether the terminal reports the mouse."""
        return bool(self._mouse)

    @mouse.setter
    def mouse(self, on: bool) -> None:
        with self.own():
            if on:
                self._mouse = True
                self._enable_mouse_support()
            else:
                self._disable_mouse_support()
                self._mouse = False

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")
            self.flush()

    def _enable_mouse_pixels(self) -> None:
        """Never: cells are enough, and whoever has the terminal after us would be told pixels."""

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000l\x1b[?1006l")
            self.flush()
