"""What is typed presses its own keys, also Escape with a key behind it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from textual._xterm_parser import XTermParser

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
