"""The line is measured, and no more is on its way than it takes in a moment: on models of links, by their clock."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import ManualClock
from backend.store import Store
from console.lines import TELL_EVERY, Lines
from console.terminal.line import Line
from tests.screens import seat_city as city
from tests.screens.seated import seat
from tests.terminal.links import WORD, Link


@pytest.mark.parametrize("size", [60, 150, 300, 320])
def test_a_held_key_stops_when_the_finger_does_at_64_kbit_and_200_ms(size: int) -> None:
    link = Link(8000, 0.2).warm()
    link.frame = size
    lags = []
    for _ in range(9):
        lags.append(link.held())
        link.run(link.now + 3)
    assert sorted(lags)[4] <= 0.3
    assert max(lags) <= 0.35


def test_a_line_that_knows_no_pacing_would_run_behind_for_seconds() -> None:
    """The model can tell: without waiting, the same key runs behind."""
    link = Link(8000, 0.2).warm()
    link.frame = 1800
    link.line.wait = lambda: 0.0  # type: ignore[method-assign]
    link.line.piece = lambda: 0  # type: ignore[method-assign]
    assert link.held() > 5


@settings(max_examples=150, deadline=None)
@given(
    rate=st.floats(2000, 3e6),
    trip=st.floats(0.0005, 0.8),
    jitter=st.floats(0, 0.02),
    size=st.integers(10, 4000),
    seed=st.integers(0, 99),
)
def test_the_queue_stays_short_and_the_newest_state_always_comes(
    rate: float, trip: float, jitter: float, size: int, seed: int
) -> None:
    link = Link(rate, trip, jitter=jitter, seed=seed).warm()
    link.frame = size
    link.held()
    link.run(link.now + 3)
    link.queued = 0.0
    link.held(90)
    assert link.shown == link.state
    # A piece that always may go, twice (the speed may be tried higher), or the time that is held to.
    assert link.queued <= max(0.35, 4 * (link.line.rules.least + WORD) / rate)
    # All that is left after the last press is the frame under way and the newest one, at the speed that was learnt.
    learnt = min(rate, link.line.rate or rate)
    assert link.arrived - link.now <= trip + jitter + 3 * size / learnt + 0.5


@settings(max_examples=60, deadline=None)
@given(rate=st.floats(8000, 2e5), trip=st.floats(0.001, 0.4), fall=st.floats(2, 5))
def test_a_line_that_gets_slower_is_noticed(rate: float, trip: float, fall: float) -> None:
    link = Link(rate, trip).warm()
    link.held()
    link.rate = rate / fall
    link.held(120)
    link.run(link.now + 3)
    link.queued = 0.0
    link.held(60)
    assert link.queued <= max(0.35, 4 * link.line.rules.least / link.rate)


@settings(max_examples=60, deadline=None)
@given(rate=st.floats(2000, 5000), trip=st.floats(0.001, 0.4), rise=st.floats(3, 50))
def test_a_line_that_gets_faster_is_used(rate: float, trip: float, rise: float) -> None:
    link = Link(rate, trip).warm()
    link.held()
    before = link.line.rate or 0.0
    link.rate = rate * rise
    for _ in range(4):
        link.held(120)
    assert (link.line.rate or 0.0) >= min(1.5 * before, link.rate * 0.6)


def test_a_terminal_that_never_answers_is_asked_once() -> None:
    link = Link(8000, 0.2, answers=False).warm()
    for _ in range(5):
        link.held()
        link.run(link.now + 5)
    assert link.queries == 1
    assert link.line.mute
    assert link.line.rate is None
    assert link.shown == link.state


def test_an_answer_that_is_lost_stops_nothing_for_long() -> None:
    link = Link(8000, 0.05).warm()
    link.answers = False
    link.held(300)
    assert link.shown == link.state
    assert link.queries >= 2
    link.held(300)
    assert link.line.mute
    link.line.answered()
    assert not link.line.mute


@pytest.mark.parametrize("seconds", [5.0, 30.0, 120.0])
@pytest.mark.parametrize("rate", [8000, 60_000])
def test_a_line_that_drops_and_comes_back_floods_nobody_with_old_pictures(
    rate: float, seconds: float
) -> None:
    link = Link(rate, 0.2).warm()
    for _ in range(3):
        link.held(20)
        link.run(link.now + 1)
    slow, before = link.line.slow, link.line.total
    link.stall(seconds)
    # What is typed meanwhile comes when the line does; but values change every second.
    end = link.now + seconds
    while link.now < end - 1:
        link.run(link.now + 1)
        link.key(pressed=False)
    # A few, ever more seldom; without that it would be one a second.
    assert link.line.total - before <= 13 * (link.frame + WORD)
    link.run(end + 0.1)
    # Twenty keys, all at once.
    for _ in range(20):
        link.key()
    back = link.now
    link.run(back + 20)
    assert link.shown == link.state
    assert link.arrived - back <= 2.0
    assert not link.line.mute
    # What was known may be forgotten by then; nothing is made of a line that was away.
    assert slow or not link.line.slow
    assert link.held() <= 0.5


def test_nothing_is_asked_while_nothing_is_written() -> None:
    link = Link(1e6, 0.01).warm()
    asked = link.queries
    for _ in range(20):
        link.run(link.now + 10)
        assert not link.line.asks()
    assert link.queries == asked


def test_a_step_that_costs_little_is_seldom_followed_by_a_query() -> None:
    link = Link(8000, 0.2).warm()
    link.frame, asked, total = 50, link.queries, link.line.total
    link.held(200)
    assert (link.queries - asked) * WORD <= 0.02 * (link.line.total - total)


def test_what_comes_now_and_then_is_not_taken_for_the_speed() -> None:
    """Small frames, one at a time and each late by a little: nothing of that says how much the line takes."""
    link = Link(8000, 0.2, jitter=0.03)
    for _ in range(60):
        link.frame = 220
        link.key()
        link.run(link.now + 0.4)
    link.frame = 600
    link.held()
    link.run(link.now + 3)
    assert sorted(link.held() for _ in range(3))[1] <= 0.45
    assert link.line.trip == pytest.approx(0.2, abs=0.05)
    assert (link.line.rate or 0.0) > 5000


@pytest.mark.parametrize("late", [0.05, 0.1, 0.2])
def test_a_busy_machine_does_not_make_a_slow_line_slower(late: float) -> None:
    """Answers that come late for minutes: what is thought of the line holds, and the first quiet key is quick."""
    link = Link(8000, 0.2, jitter=late, seed=2).warm()
    for _ in range(6):
        link.frame = 300
        link.held()
        link.frame = 200
        for _ in range(10):
            link.run(link.now + 0.3)
            link.key()
        link.run(link.now + 1)
        assert (link.line.rate or 0.0) > 5500
    link.jitter, link.frame = 0.0, 300
    assert link.held() <= 0.35


def test_an_answer_sets_right_what_was_thought_to_wait() -> None:
    """A speed that is thought a fifth too low or too high makes no difference that adds up."""
    for wrong in (0.8, 1.2):
        link = Link(8000, 0.2).warm()
        link.frame = 300
        link.held()
        link.line.rate = 8000 * wrong
        assert link.held() <= 0.4


def test_an_answer_that_nobody_asked_for_says_nothing() -> None:
    link = Link(8000, 0.2).warm()
    for _ in range(3):
        link.line.answered()
    link.run(link.now + 1)
    link.held()
    assert link.line.trip == pytest.approx(0.2, abs=0.01)


def test_what_was_under_way_when_the_program_was_stopped_is_not_waited_for() -> None:
    link = Link(8000, 0.2).warm()
    link.answers = False
    link.frame = 2000
    link.key()
    link.run(link.now + 1)
    assert link.line.wait() > 0
    link.line.resumed()
    assert link.line.wait() == 0
    link.answers = True
    link.key()
    link.run()
    assert link.shown == link.state
    assert link.line.trip == pytest.approx(0.2, abs=0.01)


def test_how_far_behind_and_how_much_is_told() -> None:
    link = Link(8000, 0.2).warm()
    link.line.wrote(4000)
    assert link.line.behind == pytest.approx(0.5, rel=0.3)
    assert link.line.flow >= 4000 / link.line.rules.window
    link.run(link.now + 10)
    assert link.line.behind == 0
    assert link.line.flow == 0


@settings(max_examples=25, deadline=None)
@given(
    data=st.lists(
        st.tuples(
            st.sampled_from((1000.0, 8000.0, 60_000.0)), st.sampled_from((0.0, 0.05, 0.4)), st.floats(0, 120)
        ),
        min_size=1,
        max_size=4,
    ),
    size=st.integers(20, 1200),
    seed=st.integers(0, 999),
)
def test_whatever_the_line_does_the_newest_picture_comes_and_it_is_asked_again(
    data: list[tuple[float, float, float]], size: int, seed: int
) -> None:
    """Its speed and its lateness change, it drops for up to two minutes; keys go on."""
    link = Link(8000, 0.2, seed=seed).warm()
    link.frame = size
    for rate, jitter, gone in data:
        link.rate, link.jitter = rate, jitter
        link.held(20)
        link.run(link.now + 1)
        if gone >= 1:
            link.stall(gone)
            for _ in range(5):
                link.key()
                link.run(link.now + gone / 10)
        link.run(link.now + gone + 30)
        link.key()
        back = link.now
        link.run(back + 40)
        assert link.shown == link.state
        assert link.arrived - back <= 0.2 + jitter + 6 * size / rate + 1.5
        assert not link.line.mute
        assert link.line.behind == 0


async def test_lite_mode_sends_fewer_frames(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most fifteen a second, however fast the line is; without it each goes at once."""
    now = [0.0]
    line = Line(lambda: now[0])
    monkeypatch.setattr(Lines, "paced", SimpleNamespace(measured=line))
    city.build(store, hours=1)
    async with seat(store, clock, "MD-S1", lite=True) as seen:
        for lite, pause in ((True, 1 / 15), (False, 0.0)):
            seen.app.go_lite(lite)
            await seen.tick()
            line.wrote(20)
            assert line.wait() == pytest.approx(pause)
            now[0] += 1.0
            assert line.wait() == 0


async def test_what_the_line_takes_is_told_now_and_then_not_each_second(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = SimpleNamespace(slow=False, unknown=False, behind=0.0, flow=0.0, pause=0.0)
    monkeypatch.setattr(Lines, "paced", SimpleNamespace(measured=measured))
    city.build(store, hours=1)
    told = []
    async with seat(store, clock, "MD-S1", lite=True) as seen:
        for number in range(4 * TELL_EVERY):
            # Each time another figure, ten times the one before it or a tenth.
            measured.flow = 500.0 if number % 2 else 5000.0
            seen.app._tick()
            await seen.settle()
            told.append(seen.app.traffic)
            assert told[-1] in seen.text
    changes = sum(one != other for one, other in pairwise(told))
    assert 1 <= changes <= 4, told
