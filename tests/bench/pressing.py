"""A program in a pseudo terminal whose keys are pressed and timed; nothing is emulated, so nothing is slowed.

All that the terminal says is that it is there, when it is asked (DSR): a program may hold back what it writes to one
that says nothing.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.bench.ttybench import key_bytes

SILENCE = 0.03
"""Seconds of silence after which an answer is whole."""
NEVER = 0.5
"""Seconds after which a key that brought nothing never will."""


ASKED, WELL = b"\x1b[5n", b"\x1b[0n"


class Pressed:
    """The program and its terminal."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], columns: int = 120, lines: int = 40
    ) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), dict(environ))
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self) -> int:
        """Read once, and answer what is asked; the bytes that came."""
        data = os.read(self.handle, 65536)
        if asked := data.count(ASKED):
            os.write(self.handle, WELL * asked)
        return len(data)

    def press(self, key: str) -> float | None:
        """Milliseconds from a key (by `ttybench`'s names) to the last byte of its answer; None where none came."""
        begun = time.perf_counter()
        os.write(self.handle, key_bytes(key))
        last = None
        while select.select([self.handle], [], [], SILENCE if last else NEVER)[0]:
            self.read()
            last = time.perf_counter()
        return None if last is None else (last - begun) * 1000

    def drain(self, seconds: float) -> int:
        """Read for so long; the bytes that came."""
        until, got = time.monotonic() + seconds, 0
        while (left := until - time.monotonic()) > 0:
            if select.select([self.handle], [], [], left)[0]:
                got += self.read()
        return got

    def until(self, come: Callable[[], bool], what: str) -> None:
        """Read until something holds."""
        end = time.monotonic() + 60
        while not come():
            if time.monotonic() > end:
                raise TimeoutError(f"never came: {what}")
            self.drain(0.05)

    def close(self) -> None:
        """End it, by its id."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.handle)


def while_busy(
    command: list[str], environ: dict[str, str], report: str, screen: str, *, warm: float, turn: int
) -> list[float]:
    """What keys take, in milliseconds, from the file ``report.go`` on until ``report`` is there.

    Args:
        screen: keys that lead to the screen on which down and up are pressed, with commas between them.
        warm: seconds after the start at which the program's own trouble begins.
        turn: presses in one direction, then as many in the other.
    """
    line, pressed, presses = Pressed(command, environ), list[float](), 0
    try:
        line.drain(warm / 2)
        for name in screen.split(","):
            line.press(name)
        line.until(Path(report + ".go").exists, "what the program does meanwhile")
        while not Path(report).exists():
            presses += 1
            if (taken := line.press("down" if presses // turn % 2 == 0 else "up")) is not None:
                pressed.append(taken)
    finally:
        line.close()
    return pressed


def spread(name: str, taken: Sequence[float]) -> dict[str, float]:
    """Middle, 99th of a hundred and longest, how many exceed 50 ms, and how many there are."""
    ordered = sorted(taken)
    return {
        f"{name}_p50_ms": ordered[len(ordered) // 2],
        f"{name}_p99_ms": ordered[int(len(ordered) * 0.99)],
        f"{name}_max_ms": ordered[-1],
        f"{name}_over_50": sum(one > 50 for one in ordered),
        f"{name}_count": len(ordered),
    }
