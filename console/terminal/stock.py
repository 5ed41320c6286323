"""The framework's own driver behind the filter alone: for ``--stock-terminal``, or where a seam is missing.

It takes hold of next to nothing: what else of the framework the package needs may be gone where this one is used.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import sys
import termios
from contextlib import suppress
from types import FrameType
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from console.terminal.grammar import ASCII_MARK, MARK, Door, Filter, Ledger

RESTORED = (
    "\x1b[0m\x1b[r\x1b[H\x1b[J\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2048l\x1b[<u"
    "\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""Gives the terminal back, whatever state it is in."""
SETTLED, CHECKS = 0.1, 300
"""Seconds after which a window that has changed is at rest, and how often it is looked whether its size was drawn."""


def marked(app: Any) -> tuple[Ledger, str]:
    """Where the app keeps what was stopped, and the mark that it wants."""
    ledger = getattr(app, "ledger", None)
    drawn_in_ascii = getattr(getattr(app, "options", None), "ascii", False)
    return ledger if isinstance(ledger, Ledger) else Ledger(), ASCII_MARK if drawn_in_ascii else MARK


class Listening(LinuxDriver):
    """The framework's driver, which gives the terminal back however the program ends.

    Its listener ends the program without a word of the framework's own.
    """

    _holds_terminal = False
    """It has the terminal; asked for by signals, which come as soon as the framework listens to them."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._jolt: asyncio.TimerHandle | None = None
        self._before: dict[int, Any] = {}
        # The framework draws on standard error, so that output can be piped; ours is known to be the terminal, and
        # errors may go to a file.
        self._file = sys.__stdout__

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._app.call_later(getattr(self._app, "hang_up", self._app.exit))
        except Exception as error:
            # The framework would print it, with the bytes that it choked on.
            self._app.call_later(self._app._handle_exception, error)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._holds_terminal = True
        self._watch()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._heed()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        super().stop_application_mode()
        self._holds_terminal = False
        self._unwatch()

    # The window.

    def torn(self) -> bool | None:
        """Whether what the window shows may not be what is meant; None while the new size is still to be drawn."""
        return True if tuple(self._app.size) == self._get_terminal_size() else None

    def jolted(self, checks: int = CHECKS) -> None:
        """The window has changed, maybe there and back: once it is at rest it is looked at, so many times at most."""
        if self._jolt is not None:
            self._jolt.cancel()
        self._jolt = asyncio.get_running_loop().call_later(SETTLED, self._rested, checks)

    def _rested(self, checks: int) -> None:
        self._jolt = None
        repaint = getattr(self._app, "repaint", None)
        if not self._holds_terminal or not callable(repaint):
            return
        match self.torn():
            case True:
                self._app.call_later(repaint)
            case None if checks > 1:
                self.jolted(checks - 1)

    def _heed(self) -> None:
        """Hear of the window beside the framework, which draws nothing where the size is what it knows."""
        framework = signal.getsignal(signal.SIGWINCH)
        if not callable(framework):
            return
        loop = asyncio.get_running_loop()

        def changed(number: int, frame: FrameType | None) -> None:
            framework(number, frame)
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self.jolted)

        signal.signal(signal.SIGWINCH, changed)

    # What stops the program for a while.

    def _sigtstp_application(self, *_: object) -> None:
        """Stop; there is nothing to give back before the terminal is taken."""
        if self._writer_thread is None:
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop; also after one that could not be heard (SIGSTOP): then others have had the terminal."""
        if self._writer_thread is None and not self._holds_terminal:
            # Stopped before it began: it will begin by itself.
            return
        # Who is begun in the background is stopped on the way to the terminal, and has nothing to give back either.
        if self._holds_terminal and self._auto_restart and self._writer_thread is not None:
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

    def parting(self) -> str:
        """What sets back whatever else of the terminal was changed."""
        return ""

    def restore(self) -> None:
        """Give the terminal back by the shortest way, past the writer: nothing of ours runs any more."""
        if not self._holds_terminal:
            return
        self._holds_terminal = False
        with suppress(OSError, ValueError, AttributeError):
            os.write(self._file.fileno(), (self.parting() + RESTORED).encode())  # type: ignore[union-attr]
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)


class StockDriver(Listening):
    """The framework's driver with nothing of ours but the filter: for ``--stock-terminal``, or where a seam is missing.

    Who is sending can't be told here, so frames and modes pass by one door; the bell and the clipboard pass as the
    framework writes them, each alone.
    """

    _resumed = False
    """What is started next is a return."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        ledger, mark = marked(app)
        self.filter = Filter(ledger, mark)

    def start_application_mode(self) -> None:
        """Take the terminal; after a stop the framework draws what it believes has changed, and others have had it."""
        super().start_application_mode()
        repaint = getattr(self._app, "repaint", None)
        if self._resumed and callable(repaint):
            self._app.call_later(repaint)
        self._resumed = True

    def write(self, data: str) -> None:
        """Write what may leave."""
        if self.filter.whole(data):
            super().write(data)
        elif passed := self.filter.passed(data, Door.ANY):
            super().write(passed)
