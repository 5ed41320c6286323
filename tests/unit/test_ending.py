"""The end of the program has a bound, by whichever reason is the more pressing one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from queue import Queue

import pytest

from backend.analysis.forecast import child
from backend.notify import command
from backend.store import Store
from console import ending
from console.ending import Ending, end_commands


def test_an_end_that_takes_too_long_ends_the_process_after_its_last_things(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "CUT", 0.05)
    monkeypatch.setattr(ending, "ASIDE", 0.05)
    done: Queue[object] = Queue()
    never = threading.Event()

    def fails() -> None:
        done.put("failed")
        raise OSError

    one = Ending(never.wait, fails, lambda: done.put("given back"), leave=done.put)
    one.code = 3
    one.begin(cut=True)
    # One that hangs and one that fails keep nobody from leaving.
    assert [done.get(timeout=60) for _ in range(3)] == ["failed", "given back", 3]
    never.set()


def test_a_cut_line_presses_more_than_somebody_who_leaves_and_not_the_other_way_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: Queue[int] = Queue()
    monkeypatch.setattr(ending, "LEFT", 3600.0)
    monkeypatch.setattr(ending, "CUT", 0.05)
    one = Ending(leave=left.put)
    one.begin(cut=False)
    one.begin(cut=True)
    one.begin(cut=False)
    assert left.get(timeout=60) == 0
    assert left.empty()


def test_who_leaves_is_told_once_what_is_waited_for_and_may_be_let_go_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "LEFT", 3600.0)
    monkeypatch.setattr(ending, "SOON", 0.05)
    done: Queue[object] = Queue()

    def waits(seconds: float) -> bool:
        done.put(round(seconds / 60))
        return False

    Ending(lambda: done.put("last"), waits=waits, leave=done.put).begin(cut=False)
    assert [done.get(timeout=60) for _ in range(3)] == [60, "last", 0]


def test_a_cut_line_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "CUT", 0.2)
    monkeypatch.setattr(ending, "SOON", 0.05)
    told: list[float] = []
    left: Queue[object] = Queue()

    def waits(seconds: float) -> bool:
        told.append(seconds)
        return True

    one = Ending(waits=waits, leave=left.put)
    one.begin(cut=True)
    one.begin(cut=False)
    assert left.get(timeout=60) == 0
    assert not told


LEAVES = """
import sqlite3, sys
from console.ending import Ending
one = Ending(lambda: print("last", flush=True), waits=lambda _: print("waits", flush=True) is None)
one.begin(cut=False)
one.heed_interrupts()
sqlite3.connect(sys.argv[1], timeout=600, isolation_level=None).execute("BEGIN IMMEDIATE")
"""


def test_an_interrupt_ends_the_waiting_also_within_the_database(tmp_path: Path) -> None:
    """Where no handler of Python's is come to."""
    place = tmp_path / "s.db"
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        command = [sys.executable, "-c", LEAVES, str(place)]
        leaving = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        try:
            assert leaving.stdout is not None
            assert leaving.stdout.readline() == b"waits\n"
            leaving.send_signal(signal.SIGINT)
            assert leaving.wait(120) == 130
            assert leaving.stdout.read() == b"last\n"
        finally:
            leaving.kill()
            leaving.communicate()


def test_a_forecast_under_way_ends_with_the_process_that_wanted_it(tmp_path: Path) -> None:
    """However that one went: its end of the pipe is closed by the system."""
    store = Store.open(tmp_path / "s.db")
    started = child.start(store, 1793692800)
    assert started.stdin is not None
    started.stdin.close()
    assert started.wait(120) == 1
    store.close()


def test_commands_that_run_are_ended_with_the_process() -> None:
    running = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    command._RUNNING.add(running)
    try:
        end_commands()
        assert running.wait(60) == -signal.SIGKILL
    finally:
        command._RUNNING.discard(running)
        running.kill()
        running.wait()


def test_an_agent_that_is_told_to_end_waits_for_nobody_who_holds_the_store(tmp_path: Path) -> None:
    place = tmp_path / "s.db"
    Store.open(place).close()
    command = [sys.executable, "-m", "console", "--store", str(place), "--lang", "en", "agent"]
    environ = {**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    agent = subprocess.Popen(command, stderr=subprocess.PIPE, env=environ, cwd=Path(__file__).parents[2])
    try:
        assert agent.stderr is not None
        assert b"Ctrl+C" in agent.stderr.readline()
        with closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            agent.terminate()
            # Without a bound each of its jobs would wait ten seconds, one after the other, and it would fail then.
            assert agent.wait(120) == 0
        assert agent.stderr.read() == b""
    finally:
        agent.kill()
        agent.wait()
        if agent.stderr is not None:
            agent.stderr.close()
