"""The end of the program has a bound: what still waits for somebody else by then is left where it is.

Another process may hold the store, a receiver may not answer, the terminal may take nothing any more: each of them
waits in a thread that Python would wait for in turn. What was committed is in the store, what was not is rolled back
by whoever opens it next, as after a crash; who sat here was told of nothing that was not done.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final

CUT: Final = 4.0
"""Seconds that the end may take once the line is cut, or the machine has told us to go."""
LEFT: Final = 12.0
"""Seconds that it may take where the person leaves: an act that waits for the store is done or refused by then
(`backend.store.engine.BUSY_SECONDS`)."""
ASIDE: Final = 0.5
"""Seconds that one of the last things may take: a terminal that takes nothing lets nobody write to it."""


class Ending:
    """Ends the process when its end takes too long."""

    def __init__(self, *lasts: Callable[[], object], leave: Callable[[int], object] = os._exit) -> None:
        """``lasts`` are done at the last, each in a thread of its own and for a moment; ``leave`` ends the process."""
        self._lasts, self._leave = lasts, leave
        self._changed = threading.Condition()
        self._until: float | None = None
        self.code = 0
        """What the process ends with."""

    def begin(self, *, cut: bool) -> None:
        """The end has begun; what was said before holds where it comes sooner. From any thread, and from a signal."""
        # A signal may come while this very thread is in here: nothing is waited for.
        threading.Thread(
            target=self._bound, args=(monotonic() + (CUT if cut else LEFT),), daemon=True
        ).start()

    def _bound(self, until: float) -> None:
        with self._changed:
            if self._until is not None and self._until <= until:
                return
            first, self._until = self._until is None, until
            self._changed.notify()
            if not first:
                return
            while (left := self._until - monotonic()) > 0:
                self._changed.wait(left)
        for last in self._lasts:
            aside = threading.Thread(target=self._quietly, args=(last,), daemon=True)
            aside.start()
            aside.join(ASIDE)
        self._leave(self.code)

    @staticmethod
    def _quietly(last: Callable[[], object]) -> None:
        with suppress(Exception):
            last()


def end_commands() -> None:
    """End the commands that notices go out by: nobody would read what they say."""
    if (command := sys.modules.get("backend.notify.command")) is not None:
        command.end_all()
