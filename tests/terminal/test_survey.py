"""What doctor tells of the terminal it runs at: by its name, and by its own answers."""

from __future__ import annotations

import os
import re
import sys
import time

import pytest

from console.exit import Exit
from console.terminal.survey import Colours, ask, colours
from tests.terminal.conftest import Console

QUESTIONS = re.compile(rb"\x1b\[(?:\?2026\$p|6n|5n)")


def answering(handle: int, columns: list[int], *, sync: int, limit: float = 120.0) -> bytes:
    """Read what is asked at the other end of a terminal, and answer it; all that was read by then."""
    sent, place, end = b"", 0, time.monotonic() + limit
    stands = iter(columns)
    while time.monotonic() < end:
        sent += os.read(handle, 4096)
        for match in QUESTIONS.finditer(sent, place):
            place = match.end()
            question = match[0][2:]
            answer = {b"?2026$p": f"\x1b[?2026;{sync}$y", b"5n": "\x1b[0n"}.get(question)
            os.write(handle, (answer or f"\x1b[1;{next(stands)}R").encode())
            if question == b"5n":
                return sent
    raise AssertionError(sent)


@pytest.mark.parametrize(
    ("term", "columns", "sync", "words"),
    [
        ("xterm-256color", [4, 2], 2, ("16.7 million", "output yes, repeating yes", "in 1 cell")),
        ("xterm", [2, 3], 0, ("output no, repeating no", "in 2 cells", "-> set wide = true")),
        ("no-such-terminal", [2, 2], 0, ("terminfo has no TERM=no-such-terminal",)),
    ],
)  # fmt: skip
def test_doctor_tells_what_the_terminal_is_taken_for_and_what_it_says(
    console: Console, term: str, columns: list[int], sync: int, words: tuple[str, ...]
) -> None:
    patient = (sys.executable, "-m", "tests.terminal.patient")
    seen = console("--lang", "en", "doctor", columns=200, lines=60, program=patient, TERM=term)
    seen.take(answering(seen.handle, columns, sync=sync))
    assert seen.ended() == Exit.OK
    text = seen.sent.decode()
    assert "mode for slow lines: it comes by itself" in text
    assert "terminal driver: our own" in text
    for word in words:
        assert word in text, word
    # What was written to be measured is gone.
    assert not any(line.startswith(("x", "°")) for line in seen.lines)


def test_doctor_waits_a_moment_for_a_terminal_that_does_not_answer(console: Console) -> None:
    seen = console(
        "--lang",
        "en",
        "--lite",
        "doctor",
        columns=200,
        SSH_CONNECTION="192.0.2.1 5 192.0.2.2 22",
        NO_COLOR="1",
    )
    assert seen.ended() == Exit.OK
    text = seen.sent.decode()
    assert "answered no question within 1000 ms" in text
    assert "none; bold, reverse and underline instead (by NO_COLOR)" in text
    assert "mode for slow lines: on (" in text


@pytest.mark.parametrize("term", ["dumb", "", "unknown", "vt52"])
def test_doctor_asks_nothing_of_a_terminal_that_the_console_refuses(console: Console, term: str) -> None:
    seen = console("--lang", "en", "doctor", columns=200, lines=60, TERM=term)
    assert seen.ended() == Exit.OK
    assert b"\x1b" not in seen.sent
    assert f"TERM={term or '-'} can't draw the console" in seen.text


def test_what_is_no_terminal_is_not_asked() -> None:
    reader, writer = os.pipe()
    try:
        assert ask(reader) is None
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize(
    ("environ", "theme", "lite", "told"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "", False, ("truecolor", "COLORTERM=truecolor")),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "", True, ("standard", "lite")),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "mono", True, ("mono", "theme = mono")),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "", False, ("mono", "NO_COLOR")),
        ({"TERM": "tmux-256color"}, "", False, ("256", "TERM=tmux-256color")),
        ({"TERM": "linux"}, "", False, ("standard", "TERM=linux")),
        ({"TERM": "vt100"}, "", False, ("mono", "TERM=vt100")),
        ({"TERM": "linux", "GRIDSEAT_COLORS": "256"}, "", False, ("256", "GRIDSEAT_COLORS=256")),
    ],
)  # fmt: skip
def test_colours_are_told_with_their_reason(
    environ: dict[str, str], theme: str, lite: bool, told: tuple[str, str]
) -> None:
    assert colours(environ, theme=theme, lite=lite) == Colours(*told)


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        {"TERM": "tmux-256color"},
        {"TERM": "screen"},
        {"TERM": "xterm-kitty"},
        {"TERM": "linux"},
    ],
)
def test_they_are_those_that_the_console_would_send(environ: dict[str, str]) -> None:
    from rich.console import Console as Rich

    assert (
        colours(environ, theme="", lite=False).depth
        == Rich(force_terminal=True, _environ=environ).color_system
    )
