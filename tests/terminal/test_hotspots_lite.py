"""The map of hot grids in a real terminal: letters for slow lines, and what a step costs in bytes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from backend.store import Store
from tests.screens import hot_store
from tests.terminal.conftest import Console
from tests.terminal.harness import LEFT, RIGHT

LETTERS = re.compile(r"1{6}")
STEP = 400
"""Bytes of a step of the cursor at most: its two cells, and what lies under it in words."""


@pytest.fixture
def home(tmp_path: Path, filled: Path) -> Path:
    """A store of one's own: with readings of two days that have a hot grid."""
    del filled
    store = Store.open(tmp_path / "city.db")
    hot_store.build(store, int(time.time()))
    store.close()
    return tmp_path


def test_a_slow_line_gets_letters_and_few_bytes(console: Console) -> None:
    seen = console("--lite", columns=80, lines=24, COLORTERM="", TERM="xterm-256color")
    seen.sees("热12站")
    seen.settle()
    seen.press(";")
    seen.sees("热点网格", "A-Z 热点")
    seen.until(lambda: LETTERS.search(seen.text) is not None, "letters")
    seen.settle(0.6)
    assert "▀" not in seen.text
    taken = []
    for key in (RIGHT, RIGHT, LEFT, RIGHT, LEFT):
        before = len(seen.sent)
        seen.press(key)
        taken.append(len(seen.sent) - before)
        seen.settle(0.6)
    # The step that leaves the hot grid takes its reasons away too.
    assert sorted(taken)[len(taken) // 2] <= STEP
    # Out of lite mode there are colours again, where the terminal has enough of them.
    seen.press(":", "l", "i", "t", "e", "\r")
    seen.until(lambda: LETTERS.search(seen.text) is None, "colours")


def test_without_colours_there_are_letters_too(console: Console) -> None:
    seen = console("--lang", "en", columns=80, lines=24, NO_COLOR="1")
    seen.sees("热12站")
    seen.settle()
    seen.press(";")
    seen.sees("Hot grids", "On Grid")
    seen.until(lambda: LETTERS.search(seen.text) is not None, "letters")
