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

import atexit
import os
import signal
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from console.terminal.grammar import ASCII_MARK, CLIPBOARD_MOST, MARK, Door, Filter, Ledger
from console.terminal.listening import Hearing, Listening

RESTORED = (
    "\x1b[0m\x1b[r\x1b[H\x1b[J\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2048l\x1b[<u"
    "\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""Gives the terminal back, whatever state it is in."""


def _marked(app: Any) -> tuple[Ledger, str]:
    """Where the app keeps what was stopped, and the mark that it wants."""
    ledger = getattr(app, "ledger", None)
    drawn_in_ascii = getattr(getattr(app, "options", None), "ascii", False)
    return ledger if isinstance(ledger, Ledger) else Ledger(), ASCII_MARK if drawn_in_ascii else MARK


class StockDriver(Listening):
    """The framework's driver with nothing of ours but the filter: for ``--stock-terminal``, or where a seam is missing.

    Who is sending can't be told here, so frames and modes pass by one door; the bell and the clipboard pass as the
    framework writes them, each alone.
    """

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        ledger, mark = _marked(app)
        self.filter = Filter(ledger, mark)

    def write(self, data: str) -> None:
        """Write what may leave."""
        if self.filter.whole(data):
            super().write(data)
        elif passed := self.filter.passed(data, Door.ANY):
            super().write(passed)


class GuardedDriver(Hearing):
    """The product's driver."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        ledger, mark = _marked(app)
        self.filter = Filter(ledger, mark)
        self._here = threading.local()
        self._holds_terminal = False
        self._before: dict[int, Any] = {}

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
        self._holds_terminal = True
        self._watch()
        with self.own():
            super().start_application_mode()  # type: ignore[no-untyped-call]
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
            self.write("\x1b[0m\x1b[r\x1b[H\x1b[J")
            super().stop_application_mode()
        self._holds_terminal = False
        self._unwatch()

    def process_message(self, message: Message) -> None:
        """Take what the terminal says; its answers may be followed by a question or a mode, a key never is."""
        if isinstance(message, Key):
            super().process_message(message)
            return
        with self.own():
            super().process_message(message)

    # What stops the program for a while.

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop; also after one that could not be heard (SIGSTOP): then others have had the terminal."""
        if self._holds_terminal and self._auto_restart:
            try:
                ours = os.tcgetpgrp(self.fileno) == os.getpgrp()
            except OSError:
                # Behind a hang-up comes a SIGCONT: there is no terminal to take.
                return
            if not ours:
                # In the background: it is not ours yet.
                os.kill(os.getpid(), signal.SIGSTOP)
                return
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()

    # What ends the program without asking it.

    def _watch(self) -> None:
        """Give the terminal back also before the app listens to signals, and where the interpreter just ends."""
        atexit.register(self.restore)
        for number in (signal.SIGHUP, signal.SIGTERM):
            # Only the main thread can; a handler that somebody has set is theirs.
            with suppress(ValueError):
                if signal.getsignal(number) is signal.SIG_DFL:
                    self._before[number] = signal.signal(number, self._struck)

    def _unwatch(self) -> None:
        atexit.unregister(self.restore)
        while self._before:
            number, before = self._before.popitem()
            with suppress(ValueError):
                if signal.getsignal(number) == self._struck:
                    signal.signal(number, before)

    def _struck(self, number: int, _frame: FrameType | None) -> None:
        self.restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def restore(self) -> None:
        """Give the terminal back by the shortest way, past the writer: nothing of ours runs any more."""
        if not self._holds_terminal:
            return
        self._holds_terminal = False
        with suppress(OSError, ValueError, AttributeError):
            os.write(self._file.fileno(), RESTORED.encode())  # type: ignore[union-attr]
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
