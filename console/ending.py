"""The end of the program has a bound: what still waits for somebody else by then is left where it is.

Another process may hold the store, a receiver may not answer, the terminal may take nothing any more: each of them
waits in a thread that Python would wait for in turn. What was committed is in the store, what was not is rolled back
by whoever opens it next, as after a crash; who sat here was told of nothing that was not done.

Who leaves does not wait without a word: after a moment they are told what for, and ctrl+c ends the waiting
(`console.leaving` says what, and sees that nothing of theirs is lost).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final

from console.exit import Exit

CUT: Final = 4.0
"""Seconds that the end may take once the line is cut, or the machine has told us to go."""
LEFT: Final = 12.0
"""Seconds that it may take where the person leaves: an act that waits for the store is done or refused by then
(`backend.store.engine.BUSY_SECONDS`)."""
SOON: Final = 2.0
"""Seconds after which who leaves and still waits is told what for."""
LATE: Final = 6.0
"""Seconds after which they are told where nothing of theirs is waited for."""
ASIDE: Final = 0.5
"""Seconds that one of the last things may take: a terminal that takes nothing lets nobody write to it."""


class Ending:
    """Ends the process when its end takes too long."""

    def __init__(
        self,
        *lasts: Callable[[], object],
        waits: Callable[[float], bool] = lambda _seconds: True,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        """
        Args:
            lasts: done at the last, each in a thread of its own and for a moment.
            waits: asked twice, tells who leaves what is waited for, and for how many seconds more; False where that is
                not worth it.
            leave: ends the process.
        """
        self._lasts, self._waits, self._leave = lasts, waits, leave
        self._changed = threading.Condition()
        self._until: float | None = None
        self._cut = False
        """Nobody is there any more who could be told anything."""
        self.code = 0
        """What the process ends with."""

    def begin(self, *, cut: bool) -> None:
        """The end has begun; what was said before holds where it comes sooner. From any thread, and from a signal."""
        # A signal may come while this very thread is in here: nothing is waited for.
        now = monotonic()
        self._cut = self._cut or cut
        self._start(self._bound, now + (CUT if cut else LEFT))
        if not cut:
            self._start(self._told, now + SOON)
            self._start(self._told, now + LATE)

    def heed_interrupts(self) -> None:
        """Let ctrl+c end the waiting from now on; where this is the main thread.

        The main thread may wait within the database, where it comes to no handler of Python's: the byte that the
        system's own handler writes is read by another thread.
        """
        with suppress(ValueError):
            heard, told = os.pipe()
            os.set_blocking(told, False)
            signal.signal(signal.SIGINT, lambda *_: None)
            signal.set_wakeup_fd(told, warn_on_full_buffer=False)
            self._start(self._listen, heard)

    def _listen(self, heard: int) -> None:
        while number := os.read(heard, 1):
            if number[0] == signal.SIGINT:
                self.code = Exit.INTERRUPTED
                self._bound(monotonic())

    def _told(self, at: float) -> None:
        """Say what is waited for, where it is still waited for by then."""
        with self._changed:
            while (left := at - monotonic()) > 0:
                self._changed.wait(left)
            left = (self._until or at) - monotonic()
        if not (self._cut or self._waits(left)):
            self._bound(monotonic())

    def _bound(self, until: float) -> None:
        with self._changed:
            if self._until is not None and self._until <= until:
                return
            first, self._until = self._until is None, until
            self._changed.notify_all()
            if not first:
                return
            while (left := self._until - monotonic()) > 0:
                self._changed.wait(left)
        for last in self._lasts:
            aside = self._start(self._quietly, last)
            aside.join(ASIDE)
        self._leave(self.code)

    @staticmethod
    def _start(what: Callable[..., object], *words: object) -> threading.Thread:
        aside = threading.Thread(target=what, args=words, daemon=True)
        aside.start()
        return aside

    @staticmethod
    def _quietly(last: Callable[[], object]) -> None:
        with suppress(Exception):
            last()


def end_commands() -> None:
    """End the commands that notices go out by: nobody would read what they say."""
    if (command := sys.modules.get("backend.notify.command")) is not None:
        command.end_all()
