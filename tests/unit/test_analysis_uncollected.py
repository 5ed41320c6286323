"""The collector is still while rows are made into arrays, and as it was before afterwards."""

from __future__ import annotations

import gc
import threading

import pytest

from backend.analysis.uncollected import uncollected


def test_the_collector_is_still_meanwhile_and_as_before_afterwards() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="x"), uncollected():
        raise ValueError("x")
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_last_thread_lets_it_run_again() -> None:
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with uncollected():
            inside.set()
            leave.wait(120)

    thread = threading.Thread(target=other)
    with uncollected():
        thread.start()
        assert inside.wait(120)
    assert not gc.isenabled()
    leave.set()
    thread.join(120)
    assert gc.isenabled()
