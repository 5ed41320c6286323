"""Small and strange terminals: what each is sent, what it never is, and how the program ends when one goes away."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import termios
from contextlib import closing
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from console.exit import Exit
from tests.terminal import wide
from tests.terminal.conftest import SEAT, Console
from tests.terminal.harness import DOWN, ESCAPE, GRIDSEAT, ROOT, Terminal, left_of, surroundings, terminal
from tests.terminal.test_gridseat import opened, restored, timeless

MAIN = ("2", "3", "4", "5", "1")
COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9]+)*m")
"""A colour of any depth; 39 and 49 (the terminal's own) are none."""
DEEP = re.compile(rb"[34]8;(?:2;\d+;\d+;\d+|5;\d+)")
TRUE = re.compile(rb"[34]8;2;\d+;\d+;\d+")


def about(seen: Terminal) -> None:
    """Go once round the five main screens, and to a page and a dialog."""
    for key in MAIN:
        seen.press(key)
        seen.settle()
    seen.press("3")
    seen.sees("420 > 115")
    seen.press("\r")
    seen.settle()
    seen.press("?")
    seen.settle()
    seen.press(ESCAPE, ESCAPE, "1")
    seen.settle()


def leave(seen: Terminal) -> None:
    seen.press("q", "q")
    assert seen.ended() == Exit.OK
    assert left_of(seen.pid) == []
    # The emulator has no other screen, as many terminals have none: what comes next stands on an empty one.
    assert seen.text.strip() == ""


@pytest.mark.parametrize(
    ("term", "colorterm", "true", "deep", "unicode"),
    [
        ("xterm-256color", "truecolor", True, True, True),
        ("xterm-256color", "", False, True, True),
        ("tmux-256color", "", False, True, True),
        ("screen-256color", "", False, True, True),
        ("screen", "", False, False, True),
        ("xterm", "", False, False, True),
        ("linux", "", False, False, False),
        ("vt100", "", False, False, False),
        ("ansi", "", False, False, False),
        ("xterm-mono", "", False, False, True),
        ("no-such-terminal", "", False, False, True),
    ],
)
def test_each_terminal_is_sent_what_it_has(
    console: Console, term: str, colorterm: str, true: bool, deep: bool, unicode: bool
) -> None:
    """None of them answers any query here."""
    seen = console(columns=80, lines=24, TERM=term, COLORTERM=colorterm)
    before = termios.tcgetattr(seen.handle)
    opened(seen)
    about(seen)
    assert bool(TRUE.search(seen.sent)) == true
    assert bool(DEEP.search(seen.sent)) == deep
    shapes = {letter for letter in seen.sent.decode() if not letter.isascii() and not ideograph(letter)}
    assert bool(shapes) == unicode, shapes
    assert bool(COLOUR.search(seen.sent)) == (term not in ("vt100", "xterm-mono"))
    leave(seen)
    restored(seen, before)


def ideograph(letter: str) -> bool:
    """A Chinese letter, or a sign that is as wide."""
    return east_asian_width(letter) in "WF"


def test_without_colours_levels_are_told_by_word_shape_and_attribute(console: Console) -> None:
    seen = opened(console(NO_COLOR="1"))
    about(seen)
    assert COLOUR.search(seen.sent) is None
    seen.press("3")
    seen.sees("420 > 115", "特急", "✖")
    bold = [line for line in seen.screen.buffer.values() if any(cell.bold for cell in line.values())]
    turned = [line for line in seen.screen.buffer.values() if any(cell.reverse for cell in line.values())]
    assert bold
    assert turned
    leave(seen)


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LANG": "C"}, {"LANG": "zh_CN.GBK"}, {"LANG": "POSIX"}])
def test_where_the_locale_is_not_utf8_nothing_but_ascii_is_sent(
    console: Console, locale: dict[str, str]
) -> None:
    seen = console("--lang", "zh", **locale)
    seen.sees("Air above", "Overview")
    seen.sees("no UTF-8 here", next(iter(locale.values())))
    seen.press("L")
    seen.sees("no UTF-8 here")
    about(seen)
    assert seen.sent.isascii()
    assert b"??" in seen.sent
    leave(seen)


def test_where_the_locale_is_not_utf8_commands_send_a_terminal_marks_and_a_pipe_everything(
    console: Console, home: object
) -> None:
    seen = console("stations", LC_ALL="C")
    assert seen.ended() == Exit.OK
    assert seen.sent.isascii()
    assert b"??" in seen.sent
    words = [*GRIDSEAT, "--store", f"{home}/city.db", "--as", SEAT, "--lang", "zh", "stations"]
    environ = surroundings(home, LC_ALL="C")  # type: ignore[arg-type]
    piped = subprocess.run(words, capture_output=True, env=environ, cwd=ROOT, timeout=300, check=True)
    assert "样11镇站" in piped.stdout.decode()


def test_ascii_draws_shapes_in_ascii_and_leaves_chinese_words(console: Console) -> None:
    seen = opened(console("--ascii"))
    about(seen)
    odd = {letter for letter in seen.sent.decode() if not letter.isascii() and not ideograph(letter)}
    assert odd == set()
    seen.press("3")
    seen.sees("X 特急")
    leave(seen)


@pytest.mark.parametrize(("language", "columns", "lines"), [("zh", 120, 40), ("en", 80, 24)])
def test_a_terminal_that_draws_ambiguous_letters_wide_shows_the_same_columns(
    console: Console, language: str, columns: int, lines: int
) -> None:
    seen = opened(console("--lang", language, columns=columns, lines=lines), language)
    for key in (*MAIN, "?", ESCAPE, "0", ESCAPE, "B", ESCAPE, "%", ESCAPE, "^"):
        seen.press(key)
        seen.settle()
        assert wide.shown(seen.sent, columns, lines) == seen.lines
    leave(seen)


@pytest.mark.parametrize(
    ("answer", "brackets"), [("\x1b[?2026;2$y", True), ("\x1b[?2026;0$y", False), ("", False)]
)
def test_a_board_is_bracketed_where_the_terminal_shows_it_at_once(
    console: Console, answer: str, brackets: bool
) -> None:
    """Synchronised output (mode 2026): only where it was said that there is such a thing."""
    seen = console("--no-lite")
    seen.until(lambda: b"\x1b[?2026$p" in seen.sent, "the question")
    os.write(seen.handle, answer.encode())
    opened(seen)
    before = len(seen.sent)
    for key in MAIN:
        seen.press(key)
        seen.settle()
    sent = re.findall(rb"\x1b\[\?2026([hl])", seen.sent[before:])
    assert bool(sent) == brackets
    assert b"".join(sent) == b"hl" * (len(sent) // 2)
    leave(seen)


def test_an_answer_to_a_status_query_is_no_key(console: Console) -> None:
    # However long we are kept from writing the next part: the beginning is no key of its own by then.
    seen = opened(console(ESCDELAY="60000"))
    seen.press("2")
    seen.sees("国省控 1")
    seen.settle(0.6)
    before = timeless(seen.lines[1:-1])
    for answer in ("\x1b[0n", "\x1b[3n\x1b[0n"):
        seen.press(answer)
    for part in (b"\x1b", b"[0", b"n"):
        os.write(seen.handle, part)
    seen.settle(0.4)
    assert timeless(seen.lines[1:-1]) == before
    leave(seen)


def test_escape_and_a_key_that_come_together_are_both_pressed(console: Console) -> None:
    """As tmux sends them that are struck within half a second, and a line that had stalled."""
    seen = opened(console())
    seen.press("?")
    seen.sees("按键")
    os.write(seen.handle, b"\x1b3")
    seen.sees("420 > 115")
    assert "按键" not in seen.text
    # A key that the framework has no name for, and one that ended it.
    seen.press("\x1b[1;5I", "\x1b[99;5:3u")
    assert "420 > 115" in seen.text
    leave(seen)


def test_a_key_of_another_encoding_ends_nothing(console: Console) -> None:
    seen = opened(console())
    os.write(seen.handle, b"\xe9\xcd\xcb")
    seen.settle()
    seen.press("i")
    seen.sees("F2")
    os.write(seen.handle, b"\xb2\xe2\xca\xd4")
    seen.settle()
    seen.press(ESCAPE)
    seen.misses("F2")
    leave(seen)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_in_a_form_keeps_what_was_typed(console: Console, number: signal.Signals) -> None:
    seen = console()
    before = termios.tcgetattr(seen.handle)
    opened(seen)
    seen.press("3")
    seen.sees("320 > 200")
    seen.press(DOWN, "i")
    seen.sees("F2")
    seen.press("p", "r", "e", "s", "s")
    seen.sees("press")
    seen.kill(number)
    assert seen.ended() == Exit.OK
    assert left_of(seen.pid) == []
    restored(seen, before)
    again = console()
    again.sees("press", "F2", "接着上次没有提交的内容")


@pytest.mark.parametrize("words", [(), ("--stock-terminal",)], ids=["ours", "stock"])
def test_a_terminal_that_goes_without_a_word_ends_the_program(
    console: Console, words: tuple[str, ...]
) -> None:
    """As no signal comes: the terminal is not the one that the program's session was begun at."""
    seen = opened(console(*words, controlling=False))
    os.write(seen.handle, b"\xe9\xcd\xcb")
    seen.press("3")
    seen.sees("320 > 200")
    seen.hang_up()
    assert seen.ended() == Exit.OK
    assert left_of(seen.pid) == []
    console().sees("320 > 200")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "2>errors"])
def test_a_standard_stream_that_is_closed_or_a_file_is_no_place_for_frames(home: Path, closed: str) -> None:
    """The store would get the number of a closed one; with errors in a file the terminal would stay empty."""
    command = " ".join((*GRIDSEAT, "--store", str(home / "city.db"), "--as", SEAT, "--lang", "en"))
    shell = ("/bin/sh", "-c", f"{command} {closed.replace('errors', str(home / 'errors'))}")
    with terminal(shell, surroundings(home), 80, 24) as seen:
        if closed[0] == "2":
            seen.sees("Air above", "q Quit")
            seen.press("q", "q")
            assert seen.ended() == Exit.OK
        else:
            assert seen.ended() == Exit.USAGE
            assert closed[0] == ">" or b"needs a terminal" in seen.sent
    assert not (home / "state" / "gridseat" / "errors.log").exists()
    if closed.endswith("errors"):
        assert (home / "errors").read_bytes() == b""


def test_the_terminal_says_how_large_it_is_and_not_a_shell_that_exported_it(console: Console) -> None:
    seen = opened(console(columns=80, lines=24, COLUMNS="200", LINES="60"))
    seen.until(lambda: "q 退出" in seen.lines[23], "the footer on the last line")
    seen.resize(100, 30)
    seen.until(lambda: "q 退出" in seen.lines[29], "the footer on the last line")
    leave(seen)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_store_that_another_process_holds_keeps_nobody_whose_line_was_cut(
    console: Console, home: Path, number: signal.Signals
) -> None:
    """What was waited for then is left: each wait alone takes ten seconds, and there were many in turn."""
    seen = console()
    before = termios.tcgetattr(seen.handle)
    opened(seen)
    with closing(sqlite3.connect(home / "city.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        seen.press("3", DOWN, "a")
        seen.kill(number)
        # The harness waits for twice of what is allowed here, and not for the other process.
        assert seen.ended() == Exit.OK
    assert left_of(seen.pid) == []
    restored(seen, before)
