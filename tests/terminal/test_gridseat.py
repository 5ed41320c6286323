"""The command ``gridseat`` in a real terminal: what it refuses, how it comes and goes, and what it leaves behind."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import termios
import time
from contextlib import closing
from pathlib import Path

import pytest

from console.exit import Exit
from tests.terminal.conftest import SEAT, Console
from tests.terminal.harness import (
    CTRL_C,
    DOWN,
    ENTER,
    ESCAPE,
    GRIDSEAT,
    ROOT,
    Terminal,
    left_of,
    surroundings,
    terminal,
)

QUIET = 2.6
"""Seconds in which the console looks at least once whether something has changed."""
FIRST = {"zh": ("样11镇站", "空气超标", "下级网格"), "en": ("样11镇站", "Air above", "AQI")}
"""Stands on the first screen once it has been read."""


def opened(seen: Terminal, language: str = "zh") -> Terminal:
    """Wait for the first screen."""
    seen.sees(*FIRST[language])
    seen.settle()
    return seen


def restored(seen: Terminal, before: list[object]) -> None:
    """The terminal is as it was: its own screen, a cursor, no mouse, no odd keyboard, lines and echo."""
    sent = seen.sent.decode()
    for mode, end in (("1049", "l"), ("25", "h"), ("2004", "l"), ("1004", "l"), ("7", "h")):
        assert re.findall(rf"\x1b\[\?{mode}[hl]", sent)[-1][-1] == end, mode
    assert sent.rfind("\x1b[<u") > sent.rfind("\x1b[>")
    if "\x1bH" in sent or "\x1b[3g" in sent:
        # The tab stops that terminals come with: one in eight columns.
        assert re.search(r"\x1b\[3g(?:\x1b\[8C\x1bH)+\r[^\t]*$", sent)
    mice = re.findall(r"\x1b\[\?1(?:000|002|003|006|015|016)([hl])", sent)
    assert not mice or mice[-1] == "l"
    assert termios.tcgetattr(seen.handle)[:4] == before[:4]


def timeless(lines: list[str]) -> list[str]:
    """Lines without what the clock changes, and without the room that it takes."""
    return [re.sub(r"\s+", " ", re.sub(r"\d\d:\d\d|待 \d+m|\d+m", "", line)).strip() for line in lines]


def written(lines: list[str]) -> list[str]:
    """What stands on the lines, without the note of a form that goes on, which moves it down by one."""
    return [line for line in timeless(lines) if line and "接着上次" not in line]


@pytest.mark.parametrize(
    ("language", "over", "words"),
    [
        ("zh", "", "控制台要在终端里运行。"),
        ("en", "", "needs a terminal."),
        ("en", "::1 1 ::1 22", "log in with ssh -t"),
    ],
)
def test_without_a_terminal_it_refuses_and_names_what_works(
    home: Path, language: str, over: str, words: str
) -> None:
    done = subprocess.run(
        [*GRIDSEAT, "--store", str(home / "city.db"), "--as", SEAT, "--lang", language],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT, timeout=300,
        env=surroundings(home) | {"SSH_CONNECTION": over},
    )  # fmt: skip
    assert done.returncode == Exit.USAGE
    assert done.stdout == ""
    assert words in done.stderr
    assert "gridseat stations" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("term", ["dumb", "vt52"])
def test_a_terminal_that_obeys_nothing_of_ours_is_sent_nothing(console: Console, term: str) -> None:
    """A VT52 has a language of its own."""
    seen = console("--lang", "en", TERM=term)
    assert seen.ended() == Exit.USAGE
    assert b"\x1b" not in seen.sent
    assert b"gridseat stations" in seen.sent


def test_nobody_and_no_city_are_told_after_the_screen_is_gone(home: Path) -> None:
    for words in (("--store", str(home / "city.db"), "--as", "NOBODY"), ("--store", str(home / "none.db"))):
        with terminal((*GRIDSEAT, *words, "--lang", "en"), surroundings(home)) as seen:
            before = termios.tcgetattr(seen.handle)
            assert seen.ended() == Exit.STORE
            restored(seen, before)
            told = seen.sent.rpartition(b"\x1b[?1049l")[2].decode()
            assert "gridseat: " in told
            assert "Traceback" not in told
            assert left_of(seen.pid) == []


@pytest.mark.parametrize(("language", "columns", "lines"), [("zh", 120, 40), ("en", 80, 24)])
def test_it_comes_goes_about_and_leaves_the_terminal_as_it_was(
    console: Console, language: str, columns: int, lines: int
) -> None:
    seen = console("--lang", language, columns=columns, lines=lines)
    before = termios.tcgetattr(seen.handle)
    opened(seen, language)
    feed = {"zh": "气象格点", "en": "Gridded weather"}[language]
    shown = {"2": "PM2.5", "3": "420 > 115", "4": "0", "5": feed, "1": FIRST[language][0]}
    for key, word in shown.items():
        seen.press(key)
        seen.sees(word)
        assert all(len(line) <= columns for line in seen.lines)
    seen.press("q")
    seen.sees("Gridseat?" if language == "en" else "退出 Gridseat？")
    seen.press("q")
    assert seen.ended() == Exit.OK
    restored(seen, before)
    assert left_of(seen.pid) == []


def test_ctrl_c_asks_and_ctrl_c_again_ends(console: Console) -> None:
    seen = console()
    before = termios.tcgetattr(seen.handle)
    opened(seen)
    seen.press(CTRL_C)
    seen.sees("退出 Gridseat？")
    seen.press(ESCAPE)
    seen.misses("退出 Gridseat？")
    seen.press(CTRL_C, CTRL_C)
    assert seen.ended() == Exit.OK
    restored(seen, before)


def test_a_hang_up_ends_it_cleanly_and_the_row_is_remembered(console: Console) -> None:
    seen = console()
    before = termios.tcgetattr(seen.handle)
    opened(seen)
    seen.press("3")
    seen.sees("320 > 200")
    seen.press(DOWN)
    seen.sees("2/2")
    seen.kill(signal.SIGHUP)
    assert seen.ended() == Exit.OK
    assert left_of(seen.pid) == []
    restored(seen, before)
    again = console()
    again.sees("320 > 200", "2/2")


def test_a_hang_up_before_anything_is_shown_ends_it_too(console: Console) -> None:
    seen = console()
    before = termios.tcgetattr(seen.handle)
    seen.until(lambda: b"\x1b[?1049h" in seen.sent, "the other screen")
    seen.kill(signal.SIGHUP)
    assert seen.ended() in (Exit.OK, -signal.SIGHUP)
    assert left_of(seen.pid) == []
    restored(seen, before)


def test_the_line_drops_in_a_form_and_a_new_login_brings_it_back(console: Console) -> None:
    seen = opened(console())
    seen.press("3")
    seen.sees("320 > 200")
    seen.press(DOWN, "i")
    seen.sees("F2")
    seen.press("p", "r", "e", "s", "s", "u", "r", "e")
    # What is typed, and what is found for it: a moment later.
    seen.sees("pressure", "没有符合的")
    seen.settle()
    kept = written(seen.lines)
    seen.hang_up()
    assert seen.ended() == Exit.OK
    assert left_of(seen.pid) == []
    again = console()
    # It says that it goes on with what was not sent; all else is as it was.
    again.sees("pressure", "F2", "接着上次没有提交的内容")
    again.until(lambda: written(again.lines) == kept, "what stood there before")
    again.press(ESCAPE)
    again.misses("F2")
    again.sees("2/2")


def acknowledged(store: Path) -> int:
    """How many alarms somebody has taken note of."""
    with closing(sqlite3.connect(store)) as connection:
        found = connection.execute("SELECT count(*) FROM alarm WHERE state = 'ACKED'").fetchone()
    return int(found[0])


def test_killed_it_leaves_a_whole_store_and_the_next_start_is_clean(console: Console, home: Path) -> None:
    seen = opened(console())
    seen.press("3")
    seen.sees("420 > 115")
    seen.press("a")
    seen.until(lambda: acknowledged(home / "city.db") == 2, "both in the store")
    seen.kill(signal.SIGKILL)
    assert seen.ended() == -signal.SIGKILL
    assert left_of(seen.pid) == []
    copy = home / "copy.db"
    for name in ("", "-wal"):
        shutil.copy(f"{home / 'city.db'}{name}", f"{copy}{name}")
    with closing(sqlite3.connect(copy)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert acknowledged(copy) == 2
    again = console()
    again.sees("q 退出")
    # Killed within a second of a key, it may not have kept which screen that led to.
    again.press("3")
    again.sees("420 > 115", "320 > 200", "已确认")
    again.settle()
    again.press("q", "q")
    assert again.ended() == Exit.OK
    assert not (home / "state" / "gridseat" / "errors.log").exists()


def test_another_size_is_drawn_anew_and_the_first_one_comes_back(console: Console) -> None:
    seen = opened(console())
    wide = timeless(seen.lines)
    seen.resize(80, 24)
    seen.until(lambda: "q 退出" in seen.lines[23], "the footer on the last line")
    seen.settle()
    assert "样11镇站" in seen.text
    seen.resize(120, 40)
    seen.until(lambda: "q 退出" in seen.lines[39], "the footer on the last line")
    seen.settle()
    assert timeless(seen.lines) == wide


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_stopped_and_continued_it_stands_there_whole(console: Console, number: signal.Signals) -> None:
    """Also after the stop that no program can hear; and ``fg`` continues it once more where it was not stopped."""
    seen = opened(console(GRIDSEAT_BELL="no"))
    seen.press("3")
    seen.sees("420 > 115")
    seen.settle()
    for how in (number, None):
        if how is not None:
            seen.kill(how)
            seen.until(lambda: state_of(seen.pid) == "T", "the stop")
            seen.read(0.1)
        seen.take(b"\r\n$ ls\r\nwritten by others\r\n")
        seen.kill(signal.SIGCONT)
        seen.sees("420 > 115", "q 退出")
        seen.settle(0.5)
        shown = timeless(seen.lines)
        seen.press("\x0c")
        seen.settle(0.5)
        assert timeless(seen.lines) == shown
    seen.press("q", "q")
    assert seen.ended() == Exit.OK


def state_of(pid: int) -> str:
    """What the system says that a process does: ``T`` is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_nothing_is_written_while_nothing_happens(console: Console) -> None:
    seen = opened(console(GRIDSEAT_BELL="no"))
    seen.press("3")
    seen.sees("420 > 115")
    seen.settle(1.0)
    minute, came = -1.0, b""
    while time.time() // 60 != minute:
        # The clock and the ages of a new minute are news: once they have come, nothing is.
        minute = time.time() // 60
        seen.settle(QUIET)
        came = seen.read(QUIET)
    assert came == b""


def test_what_is_typed_while_it_opens_is_not_lost(console: Console) -> None:
    seen = console()
    seen.until(lambda: b"\x1b[?1049h" in seen.sent, "the other screen")
    seen.press("3")
    seen.sees("420 > 115")
    seen.press(ENTER)
    seen.sees("420")
