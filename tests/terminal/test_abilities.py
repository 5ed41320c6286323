"""What each terminal is taken to be able to do: by its entry in the system's terminfo, or else by its name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.harness import ROOT, surroundings

ASKED = """
from console.terminal.abilities import abilities
can = abilities()
print(*(name for name in can.__slots__ if getattr(can, name)))
"""
"""Asked in a process of its own for each: ncurses reads one entry in a process."""
FEW = "region corner moves"
USUAL = f"{FEW} colours lines letters offs"
MANY = f"{USUAL} absolute tabs"


@pytest.mark.parametrize(
    ("term", "can"),
    [
        ("xterm-256color", f"{MANY} bce ech"),
        ("linux", f"{MANY} bce ech"),
        # Both erase to their own background unless told otherwise; and neither is known to repeat.
        ("screen", MANY),
        ("tmux-256color", MANY),
        # No insert, no delete, no column by its number, no end of one attribute alone: the VT102 began with those.
        ("vt100", f"{FEW} tabs"),
        ("no-such-terminal", USUAL),
        ("vt999", f"{FEW} colours"),
    ],
)
def test_a_terminal_is_sent_no_more_than_it_can(term: str, can: str, tmp_path: Path) -> None:
    environ = surroundings(tmp_path, TERM=term)
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert set(told.stdout.split()) == set(can.split())
