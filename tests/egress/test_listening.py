"""What is typed presses its own keys: Escape with a key behind it, and keys that the framework does not know."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Sequence

import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.events import MouseDown

from console.terminal import listening
from console.terminal.answers import PATIENCE, Sieve
from console.terminal.listening import Parser


def pressed(parts: Sequence[str], parser: XTermParser | None = None, pause: float = 0.0) -> list[str]:
    """The keys that reach the screens when these parts come."""
    parser = parser or Parser(False, lambda: None)
    sieve = Sieve()
    found: list[object] = []
    for part in parts:
        if text := sieve.passed(part):
            found += parser.feed(text)
        if pause:
            time.sleep(pause)
            if late := sieve.tick():
                found += parser.feed(late)
            found += parser.tick()
    for _ in range(PATIENCE + 1):
        if late := sieve.tick():
            found += parser.feed(late)
    found += parser.feed("")
    names = [str(getattr(one, "key", type(one).__name__)) for one in found]
    return [name for name in names if name != "<ignore>"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("\x1b3", "escape 3"),
        ("\x1b3j", "escape 3 j"),
        ("\x1bj\x1b", "escape j escape"),
        ("\x1b\r", "escape enter"),
        ("\x1b\x03", "escape ctrl+c"),
        ("\x1b中", "escape 中"),
        ("\x1b\x1bj", "escape escape j"),
        ("\x1b\x1b[A", "escape up"),
        ("j\x1b" + "k" * 40, "j escape" + " k" * 40),
        ("\x1b\x7f", "ctrl+w"),
        ("\x1bb", "ctrl+left"),
    ],
)
def test_escape_with_a_key_behind_it_is_both(text: str, keys: str) -> None:
    assert pressed([text]) == keys.split()


@pytest.mark.parametrize("pause", [0.0, 0.03, 0.15])
def test_so_it_is_where_the_key_comes_a_moment_later(pause: float) -> None:
    assert pressed(["\x1b", "3", "j"], pause=pause) == ["escape", "3", "j"]
    assert pressed(["\x1b", "[B"], pause=pause)[-1] == "down"
    # However late its parts are, an answer is none.
    assert pressed(["\x1b", "[?62;22c"], pause=pause) in ([], ["escape"])


UNKNOWN = ["\x1b[1;5I", "\x1b[1;2Z", "\x1bOE", "\x1b[Y", "\x1b[33~", "\x1b[34~", "\x1b[32;2~", "\x1b[48;1t"]
"""Ctrl+Tab of mintty, Shift+Tab of some, the keypad's 5, Shift+F7 and Shift+F8 of Linux."""
LONGER = ["\x1b[5:1u", "\x1b[99;5:3u", "\x1b[97:65;2u", "\x1b[9999999999u", "\x1b[1;5:3A"]
"""Other letters of the key, that it was let go, a letter that there is not."""


@pytest.mark.parametrize("text", [*UNKNOWN, *LONGER])
def test_a_key_that_nobody_knows_presses_no_other(text: str) -> None:
    assert pressed([f"j{text}k"]) == ["j", "k"]


@pytest.mark.parametrize("text", [*UNKNOWN, *LONGER])
def test_the_framework_would_have_pressed_some_or_ended(text: str) -> None:
    try:
        assert pressed([f"j{text}k"], XTermParser(False)) != ["j", "k"]
    except (ValueError, OverflowError):
        assert text in LONGER


@pytest.mark.parametrize("size", ["\x1b[48;30;100;0;0t", "\x1b[48;40;120;800;1200t"])
def test_a_size_that_a_terminal_tells_by_itself_moves_no_mouse(size: str) -> None:
    """It counts in cells: pixels were never asked for."""
    parser = Parser(False, lambda: None)
    assert [type(one).__name__ for one in parser.feed(size)] == ["Resize"]
    [down] = parser.feed("\x1b[<0;60;20M")
    assert isinstance(down, MouseDown)
    assert (down.x, down.y) == (59, 19)


GARBAGE = (
    *"\x1b\x9b\x07\x18\x00[<>?:;$025nuMmtRy~AIq中\r", "\x1b[", "\x1b[", "\x1b]", "\x1bP", "\x1bO", "\x1b\\",
    "99999999999", "\x1b[201~", "\x1b[200~", "\x1b[48;30;100;0;0t", "\x1b[<0;5;5M", "\x1b[65:97;5:2u",
)  # fmt: skip


def test_whatever_comes_ends_nothing() -> None:
    pick = random.Random(7)
    parser, sieve = Parser(False, lambda: None), Sieve()
    for _ in range(8000):
        text = sieve.passed("".join(pick.choices(GARBAGE, k=pick.randint(1, 6))))
        for part in (text, sieve.tick()):
            if part:
                deque(parser.feed(part), 0)


def test_every_key_that_the_framework_knows_is_whole_before_it_is_given_up() -> None:
    """None of them goes on behind what is taken for a whole sequence that nobody knows."""
    cut = [
        text
        for text in ANSI_SEQUENCES_KEYS
        for end in range(2, len(text))
        if listening._UNKNOWN.fullmatch(text[:end]) and text[:end] not in ANSI_SEQUENCES_KEYS
    ]
    assert cut == []
