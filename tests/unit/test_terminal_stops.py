"""Tab stops: where columns want them, how they are set, and how the cursor goes by them."""

from __future__ import annotations

import os
import termios
from random import Random

import pytest

from console.terminal.cells import Row
from console.terminal.moves import NOWHERE, move
from console.terminal.stops import expanded, gaps_of, saved, setting, usual, wanted
from tests.terminal.emulator import Emulator


def rows(*texts: str, width: int = 40) -> list[Row]:
    return [Row(text.ljust(width), "a" * width) for text in texts]


BOARD = rows(*["东\0城\0      12    ok        5"] * 6, "head  and nothing else")


def test_stops_stand_where_columns_begin_and_save_what_is_told() -> None:
    gaps = gaps_of(BOARD)
    stops = wanted(gaps, 40)
    assert stops == (10, 16, 26)
    # Gaps of six, four and eight cells, each gone over by a byte instead of four.
    assert saved(gaps, stops) == 6 * 3 * 3
    assert saved(gaps, ()) == 0
    # A stop more within a gap costs the byte that goes over it.
    assert saved(gaps, (10, 16, 20, 26)) == 6 * (3 + 3 + 2)


def test_no_stop_stands_where_it_costs_more_than_it_saves() -> None:
    assert wanted(gaps_of(BOARD[:2]), 40) == ()
    crossed = [*rows(*["a" + " " * 10 + "b"] * 3), *rows(*["a" + " " * 30 + "b"] * 12)]
    assert wanted(gaps_of(crossed), 40) == (31,)


@pytest.mark.parametrize("absolute", [True, False])
@pytest.mark.parametrize("old", [None, (), (4, 9, 30), (10, 16, 25)])
def test_a_terminal_then_has_these_stops_and_no_others(old: tuple[int, ...] | None, absolute: bool) -> None:
    terminal = Emulator(40, 3)
    if old is not None:
        terminal.feed(setting(None, old, absolute=absolute))
        assert terminal.screen.tabstops == {*old}
    terminal.feed("\x1b[2;17H" + setting(old, (10, 16, 26), absolute=absolute))
    assert terminal.screen.tabstops == {10, 16, 26}
    assert terminal.screen.cursor.y == 1


def test_it_gets_back_those_that_it_came_with() -> None:
    terminal = Emulator(41, 3)
    came = set(terminal.screen.tabstops)
    terminal.feed(setting(None, (3, 5), absolute=True) + usual(41))
    assert terminal.screen.tabstops == came == {8, 16, 24, 32, 40}


def test_the_cursor_comes_where_it_is_wanted_whatever_stops_there_are() -> None:
    random = Random(7)
    for _ in range(3000):
        stops = tuple(sorted(random.sample(range(30), random.randint(0, 6))))
        terminal = Emulator(30, 6)
        terminal.feed(setting(None, stops, absolute=True))
        y0, x0, y, x = (random.randrange(size) for size in (6, 30, 6, 30))
        terminal.feed(f"\x1b[{y0 + 1};{x0 + 1}H")
        known = random.choice((x0, x0, NOWHERE))
        way = move(y0, known, y, x, random.random() < 0.5, stops)
        terminal.feed(way)
        assert (terminal.screen.cursor.y, terminal.screen.cursor.x) == (y, x), (stops, y0, x0, y, x, way)
        assert len(way) <= len(move(y0, known, y, x, True)) + 4


def test_where_the_line_discipline_makes_blanks_of_tabs_there_are_none() -> None:
    master, slave = os.openpty()
    try:
        with os.fdopen(os.dup(slave), "w") as file:
            assert not expanded(file)
            modes = termios.tcgetattr(slave)
            modes[1] |= termios.TAB3
            termios.tcsetattr(slave, termios.TCSANOW, modes)
            assert expanded(file)
    finally:
        os.close(master)
        os.close(slave)
    assert expanded(None)
