"""However busy or stuck the program is: told to end it ends, and gives the terminal back."""

from __future__ import annotations

import os
import signal
import sys
import termios
from pathlib import Path

import pytest

from console.exit import Exit
from tests.terminal.conftest import SEAT
from tests.terminal.harness import left_of, surroundings, terminal
from tests.terminal.test_gridseat import restored

STUCK = """
import sys, time
import console.app, console.wiring

def loop(*_):
    # The program itself: it comes to no key, no message and no signal of its loop any more.
    open("stuck", "w").close()
    while True:
        time.sleep(0.05)

def waits(desk):
    # One of its threads: as one that an upstream keeps waiting.
    open("stuck", "w").close()
    time.sleep(600)

if sys.argv.pop(1) == "loop":
    console.app.GridseatApp.do_app_notices = loop
else:
    console.wiring._stamp = waits
from console.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("what", ["loop", "thread"])
def test_told_to_end_it_ends_whatever_it_is_stuck_in(home: Path, what: str) -> None:
    root = Path(__file__).parents[2]
    words = ("--store", str(home / "city.db"), "--as", SEAT, "--lang", "en")
    script = f"import os, sys; sys.path.insert(0, {str(root)!r}); os.chdir({str(home)!r})\n{STUCK}"
    with terminal((sys.executable, "-c", script, what, *words), surroundings(home), 80, 24) as seen:
        before = termios.tcgetattr(seen.handle)
        seen.sees("Air above")
        os.write(seen.handle, b"N")
        seen.until((home / "stuck").exists, "what it is stuck in")
        seen.kill(signal.SIGTERM)
        assert seen.ended() == Exit.OK
        restored(seen, before)
        assert left_of(seen.pid) == []
