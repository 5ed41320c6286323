"""The thread that writes to the terminal: frames are never queued, the newest one goes when the terminal is ready.

The event loop only says that something is meant otherwise (`Writer.show`). When the terminal has taken the last bytes,
and the line says that more may go, the way from what it shows to what is meant by then is written: what was meant in
between is never even encoded. What is not a frame (modes, questions, the bell) keeps its order and is never dropped.
"""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import IO, Protocol

PATIENCE = 2.0
"""Seconds that the end waits for a terminal that takes nothing any more."""
_Frames = Callable[[int], tuple[str, bool]]
"""Gives the bytes of the newest frame, of about so many at most (0: no limit), and whether that is all of it."""


class Line(Protocol):
    """What lies between us and the terminal: says when the next frame may go, and is told what went.

    Called by the writer's thread alone; who learns that it may go earlier calls `Writer.wake`.
    """

    def room(self, now: float) -> tuple[float, int]:
        """Seconds until the next frame may go (0: now), and about how many bytes of it (0: no limit)."""

    def question(self, now: float) -> str:
        """What to ask the terminal behind the frame that goes now; mostly nothing."""

    def sent(self, count: int, now: float) -> None:
        """So many bytes went."""


class OpenLine:
    """A line without a limit: only the terminal itself makes frames wait."""

    def room(self, now: float) -> tuple[float, int]:  # noqa: ARG002
        return 0.0, 0

    def question(self, now: float) -> str:  # noqa: ARG002
        return ""

    def sent(self, count: int, now: float) -> None:
        """Nothing is measured."""


class Writer(threading.Thread):
    """Writes to one terminal. It has what the framework asks of its own writer, and `show`."""

    def __init__(
        self,
        file: IO[str],
        frames: _Frames,
        line: Line | None = None,
        *,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self.line = line or OpenLine()
        self.lost = False
        """The terminal is gone: nothing is written any more."""
        self._file, self._frames, self._failed = file, frames, failed
        self._wait = threading.Condition()
        self._items: deque[str | None] = deque()
        """Texts in order; None is the newest frame, whatever it is by then."""
        self._shows = True
        self._ending = False

    # What the event loop calls.

    def write(self, text: str) -> None:
        """Write a text, behind all that was written before."""
        with self._wait:
            self._items.append(text)
            self._wait.notify()

    def show(self) -> None:
        """Something is meant otherwise than before."""
        with self._wait:
            if self._shows and (not self._items or self._items[-1] is not None):
                self._items.append(None)
                self._wait.notify()

    def wake(self) -> None:
        """The line may let the next frame go earlier than it said."""
        with self._wait:
            self._wait.notify()

    def halt(self) -> None:
        """Show no more frames: the terminal is given back."""
        with self._wait:
            self._shows = False
            self._items = deque(item for item in self._items if item is not None)

    def stop(self) -> None:
        """Write what is left, and end."""
        self.halt()
        with self._wait:
            self._ending = True
            self._wait.notify()
        if self is not threading.current_thread():
            self.join(PATIENCE)

    def isatty(self) -> bool:
        """As the framework's own says."""
        return True

    def fileno(self) -> int:
        """The terminal's."""
        return self._file.fileno()

    def flush(self) -> None:
        """Nothing waits here to be flushed."""

    # The thread.

    def run(self) -> None:
        while True:
            with self._wait:
                while not self._items:
                    if self._ending:
                        return
                    self._wait.wait()
                most = 0
                if self._items[0] is None and not self._ending:
                    pause, most = self.line.room(monotonic())
                    if pause > 0:
                        self._put_off(pause)
                        continue
                item = self._items.popleft()
            try:
                self._out(item) if item is not None else self._frame(most)
            except OSError:
                # Who sat there is gone; the app is told by its signal, or by its listener.
                self.lost = True
                return
            except Exception as error:
                if self._failed is None:
                    raise
                self._failed(error)

    def _put_off(self, pause: float) -> None:
        """The frame has to wait: what does not, goes before it."""
        texts = [item for item in self._items if item is not None]
        self._items = deque([*texts, None])
        if not texts:
            self._wait.wait(pause)

    def _frame(self, most: int) -> None:
        text, whole = self._frames(most)
        if not whole:
            self.show()
        if text:
            self._out(text + self.line.question(monotonic()))

    def _out(self, text: str) -> None:
        data = memoryview(text.encode("utf-8", "replace"))
        handle = self._file.fileno()
        size = len(data)
        while data:
            try:
                data = data[os.write(handle, data) :]
            except BlockingIOError:
                # Somebody else who holds this terminal has it answer at once.
                select.select([], [handle], [])
        self.line.sent(size, monotonic())
