"""Turns at the writer: within a process writers queue in order, and a person's act goes before a batch of readings.

SQLite lets writers wait by sleeping and asking again, up to 100 ms at a time, so a busy feed could keep an act waiting
for seconds by taking the lock again at once. Here the one who waits is handed the turn.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is handed on in order, acts first."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._acts: deque[threading.Lock] = deque()
        self._batches: deque[threading.Lock] = deque()
        self._busy = False
        self._holder = 0

    @contextmanager
    def take(self, *, act: bool) -> Iterator[None]:
        """Wait for the turn, and hand it on afterwards.

        Raises:
            RuntimeError: the thread has the turn already, and would wait for itself.
        """
        me = threading.get_ident()
        if self._holder == me:
            raise RuntimeError("a write transaction was begun inside another one")
        self._wait(act)
        self._holder = me
        try:
            yield
        finally:
            self._holder = 0
            self._pass_on()

    def _wait(self, act: bool) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            (self._acts if act else self._batches).append(ticket)
        ticket.acquire()

    def _pass_on(self) -> None:
        with self._guard:
            queue = self._acts or self._batches
            if queue:
                queue.popleft().release()
            else:
                self._busy = False
