"""The ``gridseat`` command in a pseudo terminal, read by a terminal emulator: the tests' and the benchmarks' own."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

ROOT = Path(__file__).parents[2]
GRIDSEAT = (sys.executable, "-m", "console")
LONGEST = 120.0
"""Seconds after which what has not come never will; a loaded machine is slow, never that slow."""
LOOK = 0.02
"""Seconds between two looks at whether a program that writes nothing still computes."""
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$p")
"""What pyte does not know and would print: the kitty keyboard, questions about modes."""
OPENED, WELL = re.compile(rb"\x1b\[\?1049h.*\x1b\[5n", re.DOTALL), b"\x1b[0n"
"""A console that has taken the terminal and asks how it is; and the answer."""
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
PAGE_DOWN, PAGE_UP, HOME, END, ESCAPE, ENTER, CTRL_C = (
    "\x1b[6~",
    "\x1b[5~",
    "\x1b[H",
    "\x1b[F",
    "\x1b",
    "\r",
    "\x03",
)


class Ended(AssertionError):
    """The program ended while something was waited for."""


class Terminal:
    """A program in a terminal, and what stands on its screen."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        columns: int = 120,
        lines: int = 40,
        *,
        controlling: bool = True,
    ) -> None:
        """``controlling``: the program's session is begun at this terminal, and hears when it goes."""
        self.log = Path(environ.get("XDG_STATE_HOME", "")) / "gridseat" / "errors.log"
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.sent = b""
        """All that the program has written."""
        self.answered = False
        """The first status query is answered: one that answers none is taken for a slow one, and frames wait. No other
        is: how fast a test reads is not measured."""
        self.begun = time.monotonic()
        # Its size is there before the program is, as a login's is.
        self.handle, slave = os.openpty()
        self.resize(columns, lines)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=dict(environ), cwd=ROOT,
            preexec_fn=_own if controlling else os.setsid,
        )  # fmt: skip
        os.close(slave)
        self.pid = self.process.pid
        self.alive = True

    # What it shows.

    @property
    def lines(self) -> list[str]:
        """The screen as a person reads it."""
        # Cell by cell: where a piece ends between the halves of a wide letter, the emulator's own way raises.
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return ["".join(row[x].data for x in range(self.screen.columns)).rstrip() for row in rows]

    @property
    def text(self) -> str:
        """The same in one."""
        return "\n".join(self.lines)

    def read(self, seconds: float) -> bytes:
        """What comes until so long nothing has come; nothing at once where the other end is gone."""
        got = b""
        while self.alive and select.select([self.handle], [], [], seconds)[0]:
            try:
                part = os.read(self.handle, 65536)
            except OSError:
                part = b""
            if not part:
                self.alive = False
            got += part
            if not self.answered and OPENED.search(self.sent + got):
                self.answered = True
                os.write(self.handle, WELL)
        self.take(got)
        return got

    def take(self, got: bytes) -> None:
        """Show what somebody else has read."""
        self.sent += got
        self.stream.feed(_UNKNOWN.sub(b"", got))

    def until(self, seen: Callable[[], bool], what: str = "") -> None:
        """Read until something holds.

        Raises:
            Ended: the program ended first.
        """
        end = time.monotonic() + LONGEST
        while not seen():
            if not self.alive and not seen():
                raise Ended(f"ended before {what!r}:\n{self.text}\n{self.sent[-400:]!r}")
            assert time.monotonic() < end, f"{what!r} never came:\n{self.text}"
            self.read(0.03)

    def sees(self, *words: str) -> None:
        """Wait until all these words stand on the screen."""
        self.until(lambda: all(word in self.text for word in words), " ".join(words))

    def misses(self, *words: str) -> None:
        """Wait until none of these words stands on the screen."""
        self.until(lambda: not any(word in self.text for word in words), " ".join(words))

    def settle(self, seconds: float = 0.25) -> None:
        """Wait until it has written nothing for so long, and only waited itself all the while.

        Where others keep the machine busy, a program is silent because it is not let run: that counts for nothing.
        """
        end = time.monotonic() + LONGEST
        looks = 0
        while self.alive and looks * LOOK < seconds:
            looks = 0 if self.read(LOOK) or self.computes() else looks + 1
            assert time.monotonic() < end, f"never at rest:\n{self.text}"

    def computes(self) -> bool:
        """Whether one of its threads runs, is to run as soon as there is a core for it, or waits for a disk."""
        try:
            return any(
                (thread / "stat").read_text().rpartition(")")[2].split()[0] in "RD"
                for thread in Path(f"/proc/{self.pid}/task").iterdir()
            )
        except OSError:
            # A thread has just ended, or all of it: what that leads to is still to come.
            return self.process.poll() is None

    # What is done to it.

    def press(self, *keys: str) -> None:
        """Press keys, and wait until their answer has come."""
        for key in keys:
            os.write(self.handle, key.encode())
            self.settle(0.12)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self.screen.resize(lines, columns)
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def hang_up(self) -> None:
        """Cut the line: the other end goes away, as a dropped login's does."""
        os.close(self.handle)
        self.handle, self.alive = -1, False

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def ended(self) -> int:
        """Wait for its end, reading what it still says; its exit code, or less than 0 for the signal that ended it.

        Where that is not 0, what it left on the screen and in its log is printed: a test that fails of it shows why.
        """
        end = time.monotonic() + LONGEST
        while self.process.poll() is None:
            assert time.monotonic() < end, f"still running:\n{self.text}"
            if self.alive:
                self.read(0.03)
            else:
                time.sleep(0.01)
        if self.alive:
            self.read(0.05)
        if self.process.returncode:
            sys.stdout.write(f"{self.text.strip()}\n{self.log.read_text() if self.log.is_file() else ''}\n")
        return self.process.returncode

    def close(self) -> None:
        """End what is left of it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


def _own() -> None:
    """Make the terminal the program's own, with a session and hang-ups of its own."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing of this machine's own settings is left, all files under ``home``."""
    kept = {"PATH", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name in kept} | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_DATA_HOME": str(home / "data"),
        **more,
    }


@contextmanager
def terminal(
    command: Sequence[str],
    environ: Mapping[str, str],
    columns: int = 120,
    lines: int = 40,
    *,
    controlling: bool = True,
) -> Iterator[Terminal]:
    """A program in a terminal; it is gone afterwards, however it went."""
    running = Terminal(command, environ, columns, lines, controlling=controlling)
    try:
        yield running
    finally:
        running.close()


def left_of(pid: int) -> list[int]:
    """Processes of the session of ``pid`` that are still there."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat[3]) == pid and stat[0] != "Z":
                found.append(int(entry.name))
    return found
