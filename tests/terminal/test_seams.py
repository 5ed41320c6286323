"""A framework that is another one than ours was built on: the console opens all the same, and doctor says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from console.exit import Exit
from tests.terminal.conftest import SEAT
from tests.terminal.harness import surroundings, terminal

CHANGED = """
import sys
from importlib import import_module
import textual.app, textual.drivers.linux_driver, textual.screen, textual.widget
module, _, path = sys.argv.pop(1).partition(":")
*way, last = path.split(".")
place = import_module(module)
for name in way:
    place = getattr(place, name)
before = getattr(place, last)
delattr(place, last)
if way:
    # It is there, and takes other words than it did.
    setattr(place, last, lambda *words, **named: before(*words, **named))
from console.__main__ import main
sys.exit(main())
"""
"""Runs ``gridseat`` on a framework in which the first word names what has changed, or is gone."""


@pytest.mark.parametrize(
    "seam",
    [
        "textual._compositor:LayoutUpdate.__init__",
        "textual._compositor:CompositorUpdate",
        "textual._xterm_parser:XTermParser",
    ],
)
def test_without_a_seam_the_frameworks_driver_stands_in_and_doctor_names_it(home: Path, seam: str) -> None:
    command = (
        sys.executable,
        "-c",
        CHANGED,
        seam,
        "--store",
        str(home / "city.db"),
        "--as",
        SEAT,
        "--lang",
        "en",
    )
    with terminal(command, surroundings(home), 120, 40) as seen:
        seen.sees("Air above", "q Quit")
        seen.press("q", "q")
        assert seen.ended() == Exit.OK
    with terminal((*command, "doctor"), surroundings(home), 200, 60) as told:
        assert told.ended() == Exit.OK
        assert "the framework's own, what leaves is filtered all the same" in told.text
        assert f"lacks {seam}" in told.text
        assert ("presses keys" in told.text) == seam.startswith("textual._xterm_parser")
