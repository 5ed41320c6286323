"""The driver: the framework's own for Linux, with every byte held to a grammar.

Who sends is told by the door, not by what is sent: `GuardedDriver.write` is for frames, whoever calls it; only while
one of the driver's own methods runs (start, stop, an answer of the terminal), and only in that thread, may it switch
modes and ask. The bell and the clipboard have methods of their own.

Seams for those who build on it:

- ``driver.foreign()`` is called whenever something else than a frame may have changed what the terminal shows: a
  start, a resume, a mark in the place of something. It calls the app's ``forget_sent``: the next frame goes whole.
- ``driver.send(data)`` is the last step, behind the filter: nothing else hands anything to the writer. A driver that
  paces or drops overrides it.
- ``with driver.own():`` lets what is written in it, in this thread, pass by the driver's own door: a question to the
  terminal (``ESC[5n``, ``ESC[6n``) that measures the line.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from console.terminal.grammar import CLIPBOARD_MOST, Door, Filter
from console.terminal.listening import Hearing
from console.terminal.stock import marked


class GuardedDriver(Hearing):
    """The framework's driver with the filter at its way out."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        ledger, mark = marked(app)
        self.filter = Filter(ledger, mark)
        self._here = threading.local()

    # The doors.

    def write(self, data: str) -> None:
        """Write a frame, or a part of one; what is foreign to it becomes a mark."""
        before = self.filter.ledger.total
        passed = self.filter.passed(data, Door.OWN if getattr(self._here, "own", 0) else Door.FRAME)
        if passed:
            self.send(passed)
        if self.filter.ledger.total != before:
            self.foreign()

    @contextmanager
    def own(self) -> Iterator[None]:
        """What is written meanwhile, in this thread, is the driver's own."""
        self._here.own = getattr(self._here, "own", 0) + 1
        try:
            yield
        finally:
            self._here.own -= 1

    def bell(self) -> None:
        """Ring: for a critical alarm, and for an error of ours that ends the program."""
        if self._writer_thread is not None:
            self.send(self.filter.bell())

    def copy(self, text: str) -> None:
        """Put a text on the clipboard of the person's own terminal: their own act only."""
        if self._writer_thread is not None:
            self.send(self.filter.clip(text[:CLIPBOARD_MOST]))

    def send(self, data: str) -> None:
        """Hand to the writer what has passed the filter: the last step."""
        LinuxDriver.write(self, data)

    def foreign(self) -> None:
        """Something else than a frame may have changed what the terminal shows: the next frame goes whole."""
        forget = getattr(self._app, "forget_sent", None)
        if callable(forget):
            forget()

    # The driver's own: each may switch modes and ask.

    def start_application_mode(self) -> None:
        """Take the terminal."""
        with self.own():
            super().start_application_mode()
        self.foreign()

    def disable_input(self) -> None:
        """Listen no more."""
        with self.own():
            super().disable_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was: no colour, no region and no mode of ours is left in it."""
        with self.own():
            # A frame that was cut off must not take the first letters of what follows.
            if lost := self.filter.ended():
                self.send(lost)
            # Where there is no other screen to leave (VT100, Linux, screen as it comes) the shell finds an empty one.
            self.write("\x1b[0m\x1b[r\x1b[H\x1b[J" + self.parting())
            super().stop_application_mode()

    def process_message(self, message: Message) -> None:
        """Take what the terminal says; its answers may be followed by a question or a mode, a key never is."""
        if isinstance(message, Key):
            super().process_message(message)
            return
        with self.own():
            super().process_message(message)
