"""The console in a real terminal: what it refuses, what it sends, and how it goes when the line is cut."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.store import Store
from console.terminal import prepare, refusal
from console.theme import pick
from tests.screens import seat_city

WAIT = 20.0
ALLOWED = re.compile(
    # What the framework itself sends, and nothing else (threats.md, C3): colours and attributes, moves, clearing,
    # modes that it sets and asks for, the kitty keyboard, and the bell.
    r"\x1b\[[0-9;:]*m|\x1b\[[0-9;]*H|\x1b\[\?(?:1049|25|1004|2004|2026|2048|7)[hl]|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[[<>=]?[0-9;]*u|\x1b\[\?1(?:000|002|003|006|015|016)[hl]|\x1b\[[0-9]*[JK]|\x07"
)


class Terminal:
    """A program in a pseudo terminal."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid, self.handle = pid, handle
        self.sent = b""

    def read(self, seconds: float) -> bytes:
        """What comes within some seconds of the last thing that came."""
        part = b""
        while select.select([self.handle], [], [], seconds)[0]:
            try:
                part += os.read(self.handle, 65536)
            except OSError:
                break
        self.sent += part
        return part

    def until(self, text: str) -> None:
        """Wait for a text."""
        end = time.monotonic() + WAIT
        while text.encode() not in self.sent:
            assert time.monotonic() < end, self.sent[-2000:]
            self.read(0.05)

    def ended(self) -> int:
        """Wait for its end; returns the exit code."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            self.read(0.05)
        raise AssertionError("still running")


@contextmanager
def terminal(*words: str, columns: int = 100, lines: int = 30, **environ: str) -> Iterator[Terminal]:
    """The harness in a terminal of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM")}
    environment = {**kept, "TERM": "xterm-256color", **environ}
    pid, handle = pty.fork()
    if pid == 0:
        os.execvpe(sys.executable, [sys.executable, "-m", "tests.screens.harness", *words], environment)
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    running = Terminal(pid, handle)
    try:
        yield running
    finally:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(handle)


def test_only_what_the_framework_sends_is_sent() -> None:
    with terminal("60", COLORTERM="truecolor") as seen:
        seen.until("00000")
        for keys in (b"jjj", b"?", b"\x1b", b"d", b"\x1b", b":", b"\x1b"):
            os.write(seen.handle, keys)
            seen.read(0.4)
        os.write(seen.handle, b"qq")
        assert seen.ended() == 0
        text = seen.sent.decode()
        assert "1/60" in text
        rest = ALLOWED.sub("", text)
        control = {character for character in rest if ord(character) < 32 or 127 <= ord(character) < 160}
        assert control <= {"\r", "\n"}, [rest[max(0, rest.find(c) - 20) : rest.find(c) + 20] for c in control]


def test_no_mouse_unless_asked_for() -> None:
    with terminal("10") as seen:
        seen.until("00000")
        assert b"\x1b[?1003h" not in seen.sent
        assert b"\x1b[?1000h" not in seen.sent


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_a_hang_up_ends_it_cleanly(name: str) -> None:
    with terminal("10") as seen:
        seen.until("00000")
        os.kill(seen.pid, getattr(signal, name))
        assert seen.ended() == 0


def test_a_cut_line_ends_it() -> None:
    with terminal("10") as seen:
        seen.until("00000")
        # The other end of the terminal goes away, as sshd's does; the kernel hangs the program up.
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, seen.handle)
        os.close(null)
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            if os.waitpid(seen.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.05)
        raise AssertionError("still running")


def test_a_dropped_line_and_a_new_login_bring_back_screen_row_and_form(tmp_path: Path) -> None:
    place = tmp_path / "seat.db"
    store = Store.open(place)
    seat_city.build(store)
    seat_city.alarms(store)
    store.close()
    home = str(tmp_path)
    with terminal(str(place), "MD-S1", XDG_STATE_HOME=home) as seen:
        seen.until("1/")
        for keys in (b"3", b"j", b"j", b"i", b"abc"):
            os.write(seen.handle, keys)
            seen.read(0.5)
        os.kill(seen.pid, signal.SIGHUP)
        assert seen.ended() == 0
    kept = _screen(seen.sent, 100, 30)
    with terminal(str(place), "MD-S1", XDG_STATE_HOME=home) as seen:
        seen.until("abc")
        seen.read(1.0)
        again = _screen(seen.sent, 100, 30)
        assert again == kept


def _screen(sent: bytes, columns: int, lines: int) -> list[str]:
    """What stands on the screen before the program leaves it, the clock apart."""
    import pyte

    screen = pyte.Screen(columns, lines)
    # What gives the terminal back begins with the keyboard, which pyte does not know.
    pyte.ByteStream(screen).feed(sent.partition(b"\x1b[<u")[0])
    return [re.sub(r"\d\d:\d\d", "", line) for line in screen.display]


def test_without_colours_not_one_colour_is_sent() -> None:
    with terminal("30", NO_COLOR="1", COLORTERM="truecolor") as seen:
        seen.until("00000")
        os.write(seen.handle, b"jd")
        seen.read(0.6)
        codes = {
            part
            for found in re.findall(rb"\x1b\[([0-9;]*)m", seen.sent)
            for part in found.decode().split(";")
            if part
        }
        # Bold, dim, italic, underline, reverse, their ends, and the terminal's own ink and paper.
        assert codes <= {"0", "1", "2", "3", "4", "7", "22", "23", "24", "27", "39", "49"}
        assert "7" in codes


def test_nothing_is_sent_while_nothing_happens() -> None:
    with terminal("30", "--quiet", "yes") as seen:
        seen.until("00000")
        seen.read(0.5)
        start = time.time()
        part = seen.read(2.5)
        # The minute may turn while we look: a few cells of the clock and the ages.
        assert part == b"" or int(start // 60) != int(time.time() // 60), part


def test_where_there_is_no_terminal_it_says_so() -> None:
    named = {"TERM": "xterm"}
    assert refusal(True, True, named) is None
    for stdin, stdout in ((False, True), (True, False), (False, False)):
        told = refusal(stdin, stdout, named)
        assert told is not None
        assert told.code == "cli.no_terminal"
    for term in ("dumb", "", "unknown"):
        told = refusal(True, True, {"TERM": term})
        assert told is not None
        assert told.code == "cli.dumb_terminal"


def test_the_frameworks_switches_are_shut() -> None:
    environ = {"TEXTUAL": "devtools,debug", "TEXTUAL_PRESS": "q", "TEXTUAL_DRIVER": "x:y", "HOME": "/"}
    prepare(environ)
    assert environ == {"HOME": "/", "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"}
    environ = {"GRIDSEAT_COLORS": "256"}
    prepare(environ)
    assert environ["TEXTUAL_COLOR_SYSTEM"] == "256"


@pytest.mark.parametrize(
    ("asked", "no_color", "depth", "background", "worn"),
    [
        ("", False, "truecolor", "", "dark"),
        ("", False, "256", "", "dark"),
        ("", False, "truecolor", "0;15", "light"),
        ("", False, "truecolor", "15;0", "dark"),
        ("light", False, "truecolor", "15;0", "light"),
        ("", False, "standard", "", "sixteen"),
        ("dark", False, "standard", "", "sixteen"),
        ("mono", False, "standard", "", "mono"),
        ("dark", True, "truecolor", "", "mono"),
        ("light", False, None, "", "mono"),
    ],
)
def test_which_theme_is_worn(
    asked: str, no_color: bool, depth: str | None, background: str, worn: str
) -> None:
    assert pick(asked, no_color=no_color, depth=depth, background=background) == worn
