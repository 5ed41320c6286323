"""The line is measured, and no more is on its way than it takes in a moment: on models of links, by their clock."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.terminal.line import Line

WORD = 4
"""Bytes of a status query."""


class Link:
    """A line with a speed and a way, a terminal that answers, and a program that draws its newest state when it may."""

    def __init__(
        self, rate: float, trip: float, *, answers: bool = True, jitter: float = 0.0, seed: int = 1
    ) -> None:
        self.now = 100.0
        self.rate, self.trip, self.answers, self.jitter = rate, trip, answers, jitter
        self.line = Line(lambda: self.now)
        self.frame = 300
        self.queued = 0.0
        """Seconds that the fullest queue took, since this was last set to 0."""
        self.arrived = 0.0
        """When the last byte arrived."""
        self.shown, self.state = 0, 0
        self.queries = 0
        self._random = random.Random(seed)
        self._free = 0.0
        self._left = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._polling = False

    def at(self, when: float, what: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (when, self._count, what))

    def run(self, until: float | None = None) -> None:
        """Let it go on, to an instant or until nothing happens any more."""
        while self._events and (until is None or self._events[0][0] <= until):
            self.now, _, what = heapq.heappop(self._events)
            what()
        if until is not None:
            self.now = max(self.now, until)

    def stall(self, seconds: float) -> None:
        """For so long nothing comes, in neither way; then all of it."""
        self._free = max(self._free, self.now + seconds)

    def key(self, *, pressed: bool = True) -> None:
        """Something else is to be shown, because somebody pressed a key or without that."""
        if pressed:
            self.line.spoke()
        self.state += 1
        self._draw()

    def write(self, size: int) -> None:
        if self.line.asks_first():
            self._ask()
        marks = self.line.marks() or size
        while size:
            part = marks if size >= 2 * marks else size
            self.line.wrote(part)
            self._send(part)
            if size := size - part:
                self._ask()
        if self.line.asks():
            self._ask()

    def _ask(self) -> None:
        self.queries += 1
        self.line.asked(WORD)
        there = self._send(WORD)
        if self.answers:
            self.at(there + self.trip / 2, self._answered)

    def held(self, presses: int = 60, hertz: float = 30.0) -> float:
        """Seconds after the last press of a held key until nothing comes any more."""
        begun = self.now
        for press in range(presses):
            self.at(begun + press / hertz + self.trip / 2, self.key)
        self.run()
        return self.arrived - (begun + (presses - 1) / hertz)

    def warm(self, first: int = 8000) -> Link:
        """Begin as the console does: a few modes, then the first board."""
        self.write(30)
        self.run(self.now + self.trip + 0.3)
        before, self.frame = self.frame, first
        self.key()
        self.run(self.now + first / self.rate + self.trip + 1)
        self.frame = before
        return self

    def _send(self, size: int) -> float:
        self._free = max(self._free, self.now) + size / self.rate
        self.queued = max(self.queued, self._free - self.now)
        there = self._free + self.trip / 2 + self._random.random() * self.jitter
        self.arrived = max(self.arrived, there)
        return there

    def _answered(self) -> None:
        self.line.answered()
        self._draw()

    def _draw(self) -> None:
        if not self._left and self.shown != self.state:
            self._left, self.shown = self.frame, self.state
        if not self._left:
            return
        wait = self.line.wait()
        if wait <= 0:
            most = self.line.piece()
            size = min(self._left, most) if most else self._left
            self._left -= size
            self.write(size)
            wait = self.line.wait()
        if (self._left or self.shown != self.state) and not self._polling:
            self._polling = True
            self.at(self.now + max(wait, 0.002), self._poll)

    def _poll(self) -> None:
        self._polling = False
        self._draw()


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


@pytest.mark.parametrize("rate", [2000, 4000, 8000, 16_000])
def test_a_slow_line_is_told_by_its_first_boards(rate: float) -> None:
    link = Link(rate, 0.1).warm()
    for _ in range(2):
        link.frame = 4000
        link.held(10)
    assert link.line.slow
    assert link.line.speed == pytest.approx(rate, rel=0.3)


@pytest.mark.parametrize("rate", [48_000, 60_000, 1e6])
def test_a_line_that_is_not_slow_is_none(rate: float) -> None:
    link = Link(rate, 0.1).warm()
    for _ in range(6):
        link.frame = 4000
        link.held(10)
        assert not link.line.slow
    assert not link.line.marks()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("late", [0.05, 0.15, 0.3])
def test_a_machine_that_is_busy_is_no_slow_line(late: float, seed: int) -> None:
    """A terminal here whose answers come late because everybody waits for the processor; or, a little, one far off."""
    link = Link(5e6, 0.001, jitter=late, seed=seed).warm()
    for turn in range(40):
        link.frame = 4000 if turn % 8 == 0 else 300 + 100 * (turn % 5)
        link.held(30, 15.0)
        link.run(link.now + 2)
        assert not link.line.slow


class Far(Link):
    """A login from far away: an answer that was held up holds up those behind it."""

    def _send(self, size: int) -> float:
        self.last = max(getattr(self, "last", 0.0), super()._send(size))
        self.arrived = max(self.arrived, self.last)
        return self.last


def worked_at(link: Link, turns: int = 40) -> Iterator[None]:
    """Boards are opened, steps pressed one by one, keys held."""
    pick = random.Random(99)
    for _ in range(turns):
        kind = pick.random()
        link.frame = pick.choice((250, 294, 307, 1212))
        if kind < 0.25:
            link.frame = pick.choice((1700, 2300, 4000, 6800, 9500))
            link.key()
            link.run(link.now + pick.uniform(0.8, 3))
        elif kind < 0.6:
            for _ in range(pick.randrange(3, 12)):
                link.key()
                link.run(link.now + pick.uniform(0.15, 0.5))
        else:
            link.held(pick.randrange(15, 60))
            link.run(link.now + 1)
        yield


@pytest.mark.parametrize("seed", range(3))
def test_a_fast_line_whose_answers_are_late_by_chance_is_fast(seed: int) -> None:
    """Up to 150 ms by chance: lite mode does not come, and a board is not dealt out in small pieces."""
    link = Far(1e7, 0.05, jitter=0.15, seed=seed).warm(7000)
    for _ in worked_at(link):
        assert not link.line.slow
    took = []
    for _ in range(5):
        link.run(link.now + 3)
        link.frame, begun = 7000, link.now
        link.key()
        link.run()
        took.append(link.arrived - begun)
    assert sorted(took)[2] < 0.4


@pytest.mark.parametrize("rate", [2000, 4000, 8000, 16_000])
@pytest.mark.parametrize("trip", [0.001, 0.3])
def test_a_slow_line_is_told_though_its_answers_are_late_by_chance(rate: float, trip: float) -> None:
    """Within some ten seconds of use, a few boards among it; the walk here comes to its boards late."""
    for seed in range(5):
        link = Far(rate, trip, jitter=0.15, seed=seed).warm(7000)
        begun = link.now
        for _ in worked_at(link):
            assert link.now - begun < 20
            if link.line.slow:
                break


class Packed(Far):
    """SSH between: what is written within a moment goes as one, and nothing of it is there before all of it is."""

    def __init__(self, *args: float, **options: float) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._pack: list[int] = []
        self._queries = 0

    def _send(self, size: int) -> float:
        if not self._pack:
            self.at(self.now + 0.002, self._go)
        self._pack.append(size)
        return self.now

    def _ask(self) -> None:
        self.queries += 1
        self.line.asked(WORD)
        self._send(WORD)
        self._queries += 1

    def _go(self) -> None:
        size, self._pack = sum(self._pack), []
        queries, self._queries = self._queries, 0
        there = super()._send(size)
        for _ in range(queries if self.answers else 0):
            self.at(there + self.trip / 2, self._answered)


@pytest.mark.parametrize("rate", [2000, 8000, 16_000])
def test_a_slow_line_is_told_though_ssh_packs_what_goes(rate: float) -> None:
    for seed in range(5):
        link = Packed(rate, 0.2, jitter=0.05, seed=seed).warm(7000)
        assert any(link.line.slow for _ in worked_at(link, 12))


@pytest.mark.parametrize("rate", [60_000, 1e7])
def test_a_fast_line_on_which_ssh_packs_what_goes_is_none(rate: float) -> None:
    for seed in range(5):
        link = Packed(rate, 0.2, jitter=0.15, seed=seed).warm(7000)
        assert not any(link.line.slow for _ in worked_at(link))


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


def test_a_long_way_alone_is_not_slow() -> None:
    link = Link(1e7, 0.8).warm()
    for _ in range(4):
        link.held()
    assert not link.line.slow


def test_blocking_tells_of_a_terminal_that_does_not_answer() -> None:
    now = 0.0
    line = Line(lambda: now)
    for _ in range(6):
        now += 0.5
        line.blocked(4096, 0.5)
    assert line.slow
    assert line.rate == pytest.approx(8192)


def test_how_far_behind_and_how_much_is_told() -> None:
    link = Link(8000, 0.2).warm()
    link.line.wrote(4000)
    assert link.line.behind == pytest.approx(0.5, rel=0.3)
    assert link.line.flow >= 4000 / link.line.rules.window
    link.run(link.now + 10)
    assert link.line.behind == 0
    assert link.line.flow == 0
