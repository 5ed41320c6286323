"""The alarm machine: only the listed moves, in any order of signals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.alarms.machine import BY_CONDITION, HIDDEN, TABLE, Signal, State, decide

STATES, SIGNALS = list(State), list(Signal)


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_reached_and_left(state: State) -> None:
    reached = {State.NORM}
    for _ in STATES:
        for (start, signal), _to in TABLE.items():
            if start in reached:
                for active in (True, False):
                    found = decide(start, signal, active=active)
                    assert found is not None
                    reached.add(found)
    assert state in reached
    assert any(start is state for start, _ in TABLE)


@given(st.lists(st.tuples(st.sampled_from(SIGNALS), st.booleans()), max_size=40))
def test_only_listed_edges_appear(stream: list[tuple[Signal, bool]]) -> None:
    state, active = State.NORM, False
    for signal, holds in stream:
        if signal is Signal.RAISE:
            active = True
        elif signal is Signal.CLEAR:
            active = False
        after = decide(state, signal, active=active)
        listed = TABLE.get((state, signal))
        assert (after is None) == (listed is None)
        if after is None:
            continue
        if listed == BY_CONDITION:
            assert after is (State.UNACK if active else State.NORM)
        else:
            assert after is listed
        # Nobody's acknowledgement is made up: only the act itself leads there.
        if after is State.ACKED and state is not State.ACKED:
            assert signal is Signal.ACKNOWLEDGE
        # What is hidden comes back only by its own way out.
        if state in HIDDEN and after not in HIDDEN:
            assert signal in (Signal.UNSHELVE, Signal.RELEASE, Signal.BACK)
        state = after
        del holds


@pytest.mark.parametrize(
    ("state", "signal"),
    [
        (State.NORM, Signal.ACKNOWLEDGE),
        (State.NORM, Signal.SHELVE),
        (State.ACKED, Signal.ACKNOWLEDGE),
        (State.SHELVED, Signal.SHELVE),
        (State.SUPPRESSED, Signal.ACKNOWLEDGE),
        (State.SUPPRESSED, Signal.SHELVE),
        (State.OUT_OF_SERVICE, Signal.ACKNOWLEDGE),
        (State.UNACK, Signal.UNSHELVE),
        (State.UNACK, Signal.RELEASE),
        (State.UNACK, Signal.BACK),
    ],
)
def test_what_is_not_listed_is_refused(state: State, signal: Signal) -> None:
    assert decide(state, signal, active=True) is None


def test_a_cleared_alarm_still_waits_to_be_seen() -> None:
    assert decide(State.UNACK, Signal.CLEAR, active=False) is State.RTN_UNACK
    assert decide(State.RTN_UNACK, Signal.ACKNOWLEDGE, active=False) is State.NORM
    assert decide(State.ACKED, Signal.CLEAR, active=False) is State.NORM
