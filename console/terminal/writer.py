"""What writes to the terminal: frames are never queued, the newest one goes when the terminal is ready.

The event loop says that something is meant otherwise (`Writer.show`). Where nothing waits, and the line says that more
may go, the frame is written there and then: to wake a thread for a few hundred bytes takes a tenth of what the whole
key does. It never waits there: the terminal is opened once more, so as not to block, and what is not taken at once is
left to the thread. The thread also writes whatever has to wait: when the terminal has taken the last bytes, the way
from what it shows to what is meant by then; what was meant in between is never even encoded. What is not a frame
(modes, questions, the bell) keeps its order and is never dropped.
"""

from __future__ import annotations

import os
import re
import select
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import IO, Protocol

PATIENCE = 2.0
"""Seconds that the end waits for a terminal that takes nothing any more."""
BLOCKED = 0.005
"""Seconds from which on a write has waited for the terminal."""
QUERY = "\x1b[5n"
"""Device status report (DSR, ECMA-48 8.3.35): the answer says that all before it has arrived."""
_CUT = re.compile("\x1b\\[[0-9;]*[Hm]")
"""Never before a repetition (REP): some terminals repeat only what was written just before it."""
_Frames = Callable[[int], tuple[str, bool]]
"""Gives the bytes of the newest frame, of about so many at most (0: no limit), and whether that is all of it."""


class Pace(Protocol):
    """What the writer asks of the line, and tells it (`console.terminal.line.Line`).

    Called by one thread at a time; who learns that a frame may go earlier calls `Writer.wake`.
    """

    def wait(self) -> float:
        """Seconds until the next frame may go; 0 where it may go now."""

    def piece(self) -> int:
        """About how many bytes of a frame may go at once; 0 for no limit."""

    def asks_first(self) -> bool:
        """Whether a status query is to go before a frame."""

    def marks(self) -> int:
        """Bytes within a frame behind which a status query goes; 0 for none."""

    def asks(self) -> bool:
        """Whether a status query is to follow what was written."""

    def wrote(self, size: int) -> None:
        """So many bytes go now."""

    def asked(self, size: int = 4) -> None:
        """The query goes now."""

    def blocked(self, size: int, seconds: float) -> None:
        """So many bytes were taken only after so long."""


class OpenLine:
    """A line without a limit, and not measured: only the terminal itself makes frames wait."""

    def wait(self) -> float:
        return 0.0

    def piece(self) -> int:
        return 0

    def asks_first(self) -> bool:
        return False

    def marks(self) -> int:
        return 0

    def asks(self) -> bool:
        return False

    def wrote(self, size: int) -> None:
        """Nothing is measured."""

    def asked(self, size: int = 4) -> None:
        """Nothing is measured."""

    def blocked(self, size: int, seconds: float) -> None:
        """Nothing is measured."""


class Writer(threading.Thread):
    """Writes to one terminal. It has what the framework asks of its own writer, and `show`."""

    def __init__(
        self,
        file: IO[str],
        frames: _Frames,
        line: Pace | None = None,
        *,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self.line: Pace = line or OpenLine()
        self.lost = False
        """The terminal is gone: nothing is written any more."""
        self._file, self._frames, self._failed = file, frames, failed
        self._handle = _opened(file)
        """The terminal, opened once more so as not to block; -1 where it can't be."""
        self._wait = threading.Condition()
        self._items: deque[str | bytes | None] = deque()
        """Texts in order; None is the newest frame, whatever it is by then; bytes are what is left of a text."""
        self._shows = True
        self._busy = self._here = False
        """Somebody writes; it is the event loop, which must not wait."""
        self._left = b""
        """What the terminal did not take from the event loop at once."""
        self._ending = False

    # What the event loop calls.

    def write(self, text: str) -> None:
        """Write a text, behind all that was written before."""
        with self._wait:
            self._items.append(text)
            self._wait.notify()

    def show(self) -> None:
        """Something is meant otherwise than before: written now where nothing waits, or else when it may go."""
        if self._handle >= 0 and not (self._busy or self._items or self.line.wait() > 0) and self._begins():
            try:
                self._guarded(None, self.line.piece())
            finally:
                self._ends()
            return
        self._owe()

    def _owe(self) -> None:
        """The newest frame is to go when it may."""
        with self._wait:
            if self._shows and (not self._items or self._items[-1] is not None):
                self._items.append(None)
                self._wait.notify()

    def _begins(self) -> bool:
        """Have the event loop write, where nobody else does."""
        with self._wait:
            free = self._shows and not (self._busy or self._items or self._ending or self.lost)
            if free:
                self._busy = self._here = True
            return free

    def _ends(self) -> None:
        with self._wait:
            self._busy = self._here = False
            if self._left:
                # What was written meanwhile by others comes behind it.
                self._items.appendleft(self._left)
                self._left = b""
            if self._items or self.lost:
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
            if self._handle >= 0 and not self.is_alive():
                handle, self._handle = self._handle, -1
                os.close(handle)

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
                while not self.lost and (not self._items or self._busy):
                    if self._ending and not self._busy:
                        return
                    self._wait.wait()
                if self.lost:
                    return
                most = 0
                if self._items[0] is None and not self._ending:
                    if (pause := self.line.wait()) > 0:
                        self._put_off(pause)
                        continue
                    most = self.line.piece()
                item = self._items.popleft()
                self._busy = True
            try:
                self._guarded(item, most)
            finally:
                self._busy = False

    def _guarded(self, item: str | bytes | None, most: int) -> None:
        """Write one of the items; who sat there may be gone."""
        try:
            if item is None:
                self._frame(most)
            elif isinstance(item, bytes):
                self._timed(item)
            else:
                self._out(item)
        except OSError:
            # The app is told by its signal, or by its listener.
            self.lost = True
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
            self._owe()
        if text:
            if self.line.asks_first():
                self.line.asked(len(QUERY))
                self._put(QUERY.encode())
            *before, last = parted(text, marks) if (marks := self.line.marks()) else [text]
            for part in before:
                self._out(part, asks=lambda: True)
            self._out(last, asks=self.line.asks)

    def _out(self, text: str, asks: Callable[[], bool] = lambda: False) -> None:
        """Write a text, and a query in the same packet: what carries a write may weigh ten times what a query does.

        The line is told before the terminal has it: its answer may be here before we go on.
        """
        data = text.encode("utf-8", "replace")
        self.line.wrote(len(data))
        if asks():
            self.line.asked(len(QUERY))
            data += QUERY.encode()
        self._timed(data)

    def _timed(self, data: bytes) -> None:
        begun = monotonic()
        self._put(data)
        if (took := monotonic() - begun) > BLOCKED:
            self.line.blocked(len(data), took)

    def _put(self, data: bytes) -> None:
        """Have the terminal take all of it; what it does not take at once from the event loop is left to the thread."""
        if self._left:
            self._left += data
            return
        left = memoryview(data)
        handle = self._handle if self._handle >= 0 else self._file.fileno()
        while left:
            try:
                left = left[os.write(handle, left) :]
            except BlockingIOError:
                if self._here:
                    self._left = bytes(left)
                    return
                # It takes nothing now; or somebody else who holds this terminal has it answer at once.
                select.select([], [handle], [])


def parted(text: str, size: int) -> list[str]:
    """A frame in parts of so many letters or more, cut where a query may stand: before the cursor or the pen moves."""
    parts, begun = [], 0
    while (found := _CUT.search(text, begun + size)) and len(text) - found.start() >= size:
        parts.append(text[begun : found.start()])
        begun = found.start()
    return [*parts, text[begun:]]


def _opened(file: IO[str]) -> int:
    """The terminal of a file, opened so as not to block: its own file may be shared with whoever started us."""
    try:
        return os.open(os.ttyname(file.fileno()), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return -1
