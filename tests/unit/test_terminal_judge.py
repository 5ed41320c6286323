"""Whether a line is slow, on models of links: told within some ten seconds, and never by mistake."""

from __future__ import annotations

import pytest

from console.terminal.line import Line
from tests.terminal.links import Far, Link, Packed, worked_at


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


def test_a_long_way_alone_is_not_slow() -> None:
    link = Link(1e7, 0.8).warm()
    for _ in range(4):
        link.held()
    assert not link.line.slow


def test_blocking_tells_of_a_terminal_that_does_not_answer() -> None:
    now = 0.0
    line = Line(lambda: now)
    for _ in range(6):
        assert not line.slow
        now += 0.5
        line.blocked(4096, 0.5)
    assert line.slow
    assert line.speed == pytest.approx(8192)
