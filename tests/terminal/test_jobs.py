"""A shell's job: begun in the background, or stopped before it has the terminal, it opens when it comes forward."""

from __future__ import annotations

import sys

import pytest

from console.exit import Exit
from tests.terminal.conftest import Console
from tests.terminal.harness import GRIDSEAT, left_of
from tests.terminal.test_gridseat import opened

SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if not job:
    os.setpgid(0, 0)
    if sys.argv[1] == "forward":
        os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[2], sys.argv[2:])
_, how = os.waitpid(job, os.WUNTRACED)
assert os.WIFSTOPPED(how), how
os.tcsetpgrp(0, job)
os.kill(job, signal.SIGCONT)
_, how = os.waitpid(job, 0)
os.tcsetpgrp(0, os.getpid())
sys.exit(os.waitstatus_to_exitcode(how))
"""
"""Runs a job, in the background unless told ``forward``; waits until it is stopped, and brings it forward (``fg``)."""
EARLY = """
import os, signal, sys
from textual.drivers.linux_driver import LinuxDriver
before = LinuxDriver.__init__
def begun(*words, **named):
    before(*words, **named)
    os.kill(os.getpid(), signal.SIGTSTP)
LinuxDriver.__init__ = begun
from console.__main__ import main
sys.exit(main())
"""
"""The console, stopped by Ctrl+Z before it has taken the terminal."""


@pytest.mark.parametrize("options", [(), ("--stock-terminal",)], ids=["ours", "stock"])
@pytest.mark.parametrize(
    ("where", "job"),
    [("behind", GRIDSEAT), ("forward", (sys.executable, "-c", EARLY))],
    ids=["background", "early"],
)
def test_it_opens_when_it_comes_forward(
    console: Console, where: str, job: tuple[str, ...], options: tuple[str, ...]
) -> None:
    seen = opened(console(*options, program=(sys.executable, "-c", SHELL, where, *job)))
    # Taken once: what is struck is heard once.
    assert seen.sent.count(b"\x1b[?1049h") == 1
    seen.press("3")
    seen.sees("420 > 115", "1/2")
    seen.press("j")
    seen.sees("2/2")
    seen.press("q", "q")
    assert seen.ended() == Exit.OK
    assert left_of(seen.pid) == []
