"""A line whose terminal answers nothing: it is paced as if it were slow, and what had to wait tells the rest."""

from __future__ import annotations

import os
import stat
import termios

import pytest

from console.terminal.line import Line
from console.terminal.rules import Rules
from console.terminal.supposed import LEAST, QUEUE, TOLD_BY, UNKNOWN, WITHIN, Supposed, wired
from tests.terminal.links import Link


def silent(rate: float = 8000) -> Link:
    """A console some seconds after its start."""
    link = Link(rate, 0.2, answers=False).warm()
    link.run(link.now + 5)
    link.key()
    link.run(link.now + 5)
    return link


@pytest.mark.parametrize("size", [20, 60, 150, 255, 300, 500, 1100, 2800])
def test_a_held_key_stops_when_the_finger_does_though_nothing_answers(size: int) -> None:
    link = silent()
    link.frame = size
    for _ in range(3):
        lag = link.held()
        # All that is left is the picture that was begun and the newest one.
        assert lag <= 0.3 + 2 * max(0, size - 300) / UNKNOWN
        link.run(link.now + 3)
    assert link.shown == link.state
    assert link.queries == 1


def test_a_board_goes_whole_after_a_rest_and_bit_by_bit_behind_another() -> None:
    link = silent()
    assert link.line.piece() >= 7000
    link.line.wrote(7000)
    assert link.line.wait() == pytest.approx(7000 / UNKNOWN, rel=0.1)
    assert link.line.piece() <= 700


def test_nothing_is_held_back_before_a_terminal_could_have_answered() -> None:
    now = 0.0
    line = Line(lambda: now)
    line.asked()
    line.wrote(7000)
    now = 0.9
    assert (line.wait(), line.piece()) == (0.0, 0)
    now = 1.1
    line.wrote(7000)
    assert line.wait() > 0.5
    line.answered()
    # It was far away, or busy.
    assert line.wait() == 0


def test_a_reader_who_looked_away_is_no_slow_line() -> None:
    now = 0.0
    line = Line(lambda: now)
    line.blocked(300, 20.0)
    for _ in range(TOLD_BY):
        now += WITHIN / 2
        line.blocked(300, 9.0)
    assert not line.slow
    assert line.supposed.rate == UNKNOWN


def test_writes_that_have_to_wait_again_and_again_tell_of_a_slower_line_and_that_its_queue_is_full() -> None:
    now = 0.0
    line = Line(lambda: now)
    line.asked()
    now = 5.0
    for _ in range(TOLD_BY):
        now += 0.3
        line.wrote(300)
        line.blocked(300, 0.25)
    assert line.slow
    assert line.supposed.rate == 1200
    assert line.wait() == pytest.approx(QUEUE / 1200, rel=0.1)


def test_nothing_is_supposed_to_be_slower_than_any_line_is_or_faster_than_it_was_thought() -> None:
    for rate, thought in ((1.0, LEAST), (50_000.0, UNKNOWN)):
        supposed = Supposed()
        for turn in range(TOLD_BY):
            supposed.blocked(float(turn), rate)
        assert supposed.rate == thought
        assert supposed.slow == (rate < UNKNOWN)


def test_a_pseudo_terminal_and_a_file_are_no_wires() -> None:
    reads, writes = os.openpty()
    try:
        assert wired(writes) == UNKNOWN
        assert wired(-1) == UNKNOWN
    finally:
        os.close(reads)
        os.close(writes)


@pytest.mark.parametrize(
    ("major", "minor", "rate"),
    [(4, 64, 960), (188, 0, 960), (4, 1, UNKNOWN), (136, 3, UNKNOWN)],
    ids=["ttyS0", "ttyUSB0", "tty1", "pts/3"],
)
def test_a_wire_has_the_speed_that_it_is_set_to(
    monkeypatch: pytest.MonkeyPatch, major: int, minor: int, rate: float
) -> None:
    told = os.stat_result([stat.S_IFCHR | 0o600, *[0] * 9], {"st_rdev": os.makedev(major, minor)})
    monkeypatch.setattr(os, "fstat", lambda _handle: told)
    monkeypatch.setattr(termios, "tcgetattr", lambda _handle: [0, 0, 0, 0, termios.B9600, termios.B9600, []])
    assert wired(0) == rate


def test_what_carries_a_write_counts_once_for_a_frame_and_its_query() -> None:
    line = Line(lambda: 0.0, Rules(packet=40))
    line.asked(4)
    assert line.total == 44
    line.wrote(300)
    line.asked(4)
    assert line.total == 44 + 344
