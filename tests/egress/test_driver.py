"""The driver by itself: its doors, and a terminal that is given back however the program ends."""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.egress.judge import judge
from tests.terminal.harness import Terminal, surroundings, terminal
from tests.terminal.test_gridseat import restored

Opened = Callable[..., Terminal]
SIZE = (100, 30)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens the console of `tests.egress.misbehaving` in a terminal: ``opened("raise")``."""
    with ExitStack() as running:

        def begin(*words: str) -> Terminal:
            command = (sys.executable, "-m", "tests.egress.misbehaving", *words)
            return running.enter_context(terminal(command, surroundings(tmp_path), *SIZE))

        yield begin


def to_the_end(seen: Terminal) -> list[object]:
    """Let it begin and end; the terminal's settings of before."""
    before = termios.tcgetattr(seen.handle)
    seen.ended()
    return before


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("words", [("raise",), ("raise", "stock"), ("raise-in-key",), ("thread",), ("exit",)])
def test_an_error_of_ours_gives_the_terminal_back(opened: Opened, words: tuple[str, ...]) -> None:
    seen = opened(*words)
    before = to_the_end(seen)
    restored(seen, before)
    left = seen.sent.rpartition(b"\x1b[?1049l")[2]
    assert not judge(left.replace(b"\t", b" ")).wrong
    # Nothing of what was being handled is told: it holds bytes for the terminal.
    assert b"pwned" not in seen.sent
    assert b"Traceback" not in seen.sent


@pytest.mark.parametrize(
    "words", [("os-exit-by-interpreter",), ("os-exit-by-interpreter", "stock"), ("sys-exit-in-handler",)]
)
def test_the_interpreters_own_end_gives_it_back_too(opened: Opened, words: tuple[str, ...]) -> None:
    seen = opened(*words)
    restored(seen, to_the_end(seen))


@pytest.mark.parametrize(
    ("number", "words"), [(signal.SIGHUP, ()), (signal.SIGTERM, ()), (signal.SIGTERM, ("stock",))]
)
def test_a_signal_before_the_app_listens_gives_it_back(
    opened: Opened, number: int, words: tuple[str, ...]
) -> None:
    seen = opened("slow-start", *words)
    before = termios.tcgetattr(seen.handle)
    seen.until(lambda: b"\x1b[?1049h" in seen.sent and b"\x1b[?2004h" in seen.sent, "the other screen")
    seen.kill(number)
    assert seen.ended() in (0, -number)
    restored(seen, before)


@pytest.mark.parametrize("words", [("write",), ("write", "stock")])
def test_whoever_writes_to_the_driver_is_held_to_its_door(opened: Opened, words: tuple[str, ...]) -> None:
    """The framework, a library or a fault of ours that hands the driver a probe: nothing of it is obeyed."""
    seen = opened(*words)
    restored(seen, to_the_end(seen))
    verdict = judge(seen.sent)
    assert verdict.wrong == []
    assert (verdict.bells, verdict.copies) == (0, [])
    if "stock" not in words:
        assert verdict.modes["1049l"] == 1
        assert verdict.modes["1003l"] + verdict.modes["1003h"] == 0
        assert verdict.questions["6n"] == 0


@pytest.mark.parametrize("words", [("doors",), ("doors", "stock")])
def test_the_bell_and_a_copy_go_by_their_own_doors(opened: Opened, words: tuple[str, ...]) -> None:
    seen = opened(*words)
    restored(seen, to_the_end(seen))
    verdict = judge(seen.sent)
    assert verdict.wrong == []
    assert verdict.bells == 1
    assert verdict.copies == ["5oqE57uZ5oiR"]


def test_what_was_stopped_is_told_once_on_the_screen(opened: Opened) -> None:
    seen = opened("told")
    seen.sees("osc")
    os.write(seen.handle, b"q")
    seen.press("q")
    seen.ended()
    assert not judge(seen.sent).wrong
