"""The encoder before terminals that differ from the rest, and between the two threads that use it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from random import Random
from threading import Thread

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from console.terminal.abilities import Abilities
from console.terminal.cells import Frame, Letters, Row
from console.terminal.encode import Encoder
from console.terminal.looks import Looks
from tests.terminal.emulator import Emulator

WIDTH, HEIGHT = 12, 5


def pictures(random: Random) -> Iterator[list[str]]:
    """Lines that are full, or nearly."""
    for _ in range(12):
        yield [
            "".join(random.choices("ab ", k=random.randint(10, WIDTH))).ljust(WIDTH) for _ in range(HEIGHT)
        ]


@pytest.mark.parametrize("number", range(40))
def test_lines_that_are_full_stand_in_a_terminal_that_goes_on_to_the_next_at_once(number: int) -> None:
    """One without xenl, which does not obey either that lines shall not wrap; its last cell is left alone."""
    random = Random(number)
    can = Abilities(corner=False, absolute=number % 2 == 0, region=number % 3 == 0, tabs=number % 5 == 0)
    terminal = Emulator(WIDTH, HEIGHT, hasty=True)
    looks = Looks(None)
    encoder = Encoder(can, looks, Letters())
    for lines in pictures(random):
        whole = False
        while not whole:
            rows = tuple(Row(line, looks.plain * WIDTH) for line in lines)
            text, whole = encoder.frame(Frame(WIDTH, HEIGHT, rows, sizes=1))
            terminal.feed(text)
        shown = "\n".join(
            "".join(terminal.screen.cell(y, x).data for x in range(WIDTH)) for y in range(HEIGHT)
        )
        assert shown[:-1] == "\n".join(lines)[:-1]


@pytest.fixture
def in_haste() -> Iterator[None]:
    """Threads that give way all the time."""
    was = sys.getswitchinterval()
    sys.setswitchinterval(0.000001)
    yield
    sys.setswitchinterval(was)


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize("_turn", range(8))
def test_two_threads_never_give_one_name_to_two_looks(_turn: int) -> None:
    looks = Looks(ColorSystem.TRUECOLOR)
    given = [
        looks.of(Style(color=Color.from_rgb(i, 1, 1), bgcolor=Color.from_rgb(1, i, 1))) for i in range(40)
    ]

    def writes() -> None:
        for pen in given:
            for letter in given:
                looks.turn(pen, letter, blank=True)

    writer = Thread(target=writes)
    writer.start()
    for shade in range(400):
        looks.of(Style(color=Color.from_rgb(shade % 256, shade // 256, 9)))
    writer.join()
    assert [look for look, letter in looks._letter.items() if looks[letter] != look] == []
