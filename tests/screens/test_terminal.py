"""The console in a real terminal: what it refuses, what it sends, and how it goes when the line is cut."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from backend.store import Store
from console.terminal import prepare, refusal
from console.theme import pick
from tests.screens import seat_city
from tests.terminal.harness import ESCAPE, Terminal, surroundings, terminal

ALLOWED = re.compile(
    # What the driver itself sends, and nothing else (threats.md, C3): colours and attributes, moves, clearing, lines
    # that go and come, modes that it sets and asks for, the kitty keyboard, and the bell.
    r"\x1b\[[0-9;:]*m|\x1b\[[0-9;]*[Hr]|\x1b\[[0-9]*[A-DGdLMPX@]|\x1b[DM]|\x08|\x1b\[\?(?:1049|25|1004|2004|2026|2048|7)[hl]|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[[<>=]?[0-9;]*u|\x1b\[\?1(?:000|002|003|006|015|016)[hl]|\x1b\[[0-9]*[JK]|\x1b\[r|\x1b\[5n|\x07"
    # Tab stops, set, cleared and gone to.
    r"|\x1bH|\x1b\[[03]?g|\t"
)
Opened = Callable[..., Terminal]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens the harness in a terminal of its own, as often as a test wants: ``opened("60", COLORTERM="truecolor")``."""
    with ExitStack() as running:

        def begin(*words: str, **environ: str) -> Terminal:
            command = (sys.executable, "-m", "tests.screens.harness", *words)
            named = {"COLORTERM": "", **environ}
            return running.enter_context(terminal(command, surroundings(tmp_path, **named), 100, 30))

        yield begin


def changes(seen: Terminal, keys: str) -> None:
    """Press keys that change the screen, and wait until they have."""
    before = seen.text
    os.write(seen.handle, keys.encode())
    seen.until(lambda: seen.text != before, f"an answer to {keys!r}")
    seen.settle(0.1)


@pytest.mark.slow
def test_only_what_the_framework_sends_is_sent(opened: Opened) -> None:
    seen = opened("60", COLORTERM="truecolor")
    seen.sees("00000", "1/60")
    changes(seen, "jjj")
    seen.sees("4/60")
    for keys in ("?", ESCAPE, "d", ESCAPE, ":", ESCAPE, "q"):
        changes(seen, keys)
    seen.press("q")
    assert seen.ended() == 0
    text = seen.sent.decode()
    rest = ALLOWED.sub("", text)
    control = {character for character in rest if ord(character) < 32 or 127 <= ord(character) < 160}
    assert control <= {"\r", "\n"}, [rest[max(0, rest.find(c) - 20) : rest.find(c) + 20] for c in control]


def test_no_mouse_unless_asked_for(opened: Opened) -> None:
    seen = opened("10")
    seen.sees("00000")
    assert b"\x1b[?1003h" not in seen.sent
    assert b"\x1b[?1000h" not in seen.sent


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_a_hang_up_ends_it_cleanly(opened: Opened, name: str) -> None:
    seen = opened("10")
    seen.sees("00000")
    seen.kill(getattr(signal, name))
    assert seen.ended() == 0


def test_a_cut_line_ends_it(opened: Opened) -> None:
    seen = opened("10")
    seen.sees("00000")
    # The other end of the terminal goes away, as sshd's does; the kernel hangs the program up.
    seen.hang_up()
    # By itself; what Python says when it finds its output gone is no matter here.
    assert seen.ended() >= 0


@pytest.mark.slow
def test_a_dropped_line_and_a_new_login_bring_back_screen_row_and_form(
    opened: Opened, tmp_path: Path
) -> None:
    place = tmp_path / "seat.db"
    store = Store.open(place)
    seat_city.build(store)
    seat_city.alarms(store)
    store.close()
    seen = opened(str(place), "MD-S1")
    seen.sees("1/")
    seen.press("3")
    seen.sees("1/3")
    seen.press("j", "j")
    seen.sees("3/3")
    seen.press("i")
    seen.sees("F2")
    seen.press(*"abc")
    seen.sees("abc")
    seen.settle()
    kept = written(timeless(seen))
    seen.kill(signal.SIGHUP)
    assert seen.ended() == 0
    again = opened(str(place), "MD-S1")
    again.sees("abc")
    # It says that it goes on with what was not sent; all else is as it was, once all of it has been read.
    again.sees("接着上次没有提交的内容")
    again.until(lambda: written(timeless(again)) == kept, "what was there before")


def written(lines: list[str]) -> list[str]:
    """What stands on the lines, without the note of a form that goes on, which moves it down by one."""
    return [line.strip() for line in lines if line.strip() and "接着上次" not in line]


def timeless(seen: Terminal) -> list[str]:
    """What stands on the screen, the clock apart."""
    return [re.sub(r"\d\d:\d\d", "", line) for line in seen.lines]


def test_without_colours_not_one_colour_is_sent(opened: Opened) -> None:
    seen = opened("30", NO_COLOR="1", COLORTERM="truecolor")
    seen.sees("1/30")
    changes(seen, "j")
    changes(seen, "d")
    codes = {
        part
        for found in re.findall(rb"\x1b\[([0-9;]*)m", seen.sent)
        for part in found.decode().split(";")
        if part
    }
    # Bold, dim, italic, underline, reverse, their ends, and the terminal's own ink and paper.
    assert codes <= {"0", "1", "2", "3", "4", "7", "22", "23", "24", "27", "39", "49"}
    assert "7" in codes


@pytest.mark.slow
def test_nothing_is_sent_while_nothing_happens(opened: Opened) -> None:
    seen = opened("30", "--quiet", "yes", "--tick", "0.2")
    seen.sees("1/30")
    seen.settle(0.5)
    minute, part = -1.0, b""
    while time.time() // 60 != minute:
        # A new minute brings a few cells of the clock and the ages: once they have come, nothing comes.
        minute = time.time() // 60
        seen.settle(1.0)
        part = seen.read(1.0)
    assert part == b""


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
