"""What is sent to the terminal: the cells that differ, and the same picture as if all had been sent."""

from __future__ import annotations

import io

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from console.sent import Sent

WIDTH, HEIGHT = 12, 3
PLAIN, BOLD = Style.parse("white on black"), Style.parse("bold red on blue")
letters = st.sampled_from("ab .值班▸")
runs = st.lists(st.tuples(letters, st.booleans()), max_size=WIDTH)


def strip(drawn: list[tuple[str, bool]], width: int = WIDTH) -> Strip:
    """A strip of exactly ``width`` cells."""
    made = Strip([Segment(letter, BOLD if bold else PLAIN) for letter, bold in drawn])
    return made.adjust_cell_length(width, PLAIN)


class Terminal:
    """A terminal that is sent updates."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)
        self.console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)

    def send(self, update: CompositorUpdate | None) -> int:
        """Show an update; gives its length."""
        text = "" if update is None else update.render_segments(self.console)
        self.stream.feed(text)
        return len(text)

    def picture(self) -> list[list[tuple[str, str, str, bool]]]:
        return [
            [
                (cell.data, cell.fg, cell.bg, cell.bold)
                for cell in (self.screen.buffer[y][x] for x in range(WIDTH))
            ]
            for y in range(HEIGHT)
        ]


def whole(lines: list[list[tuple[str, bool]]]) -> LayoutUpdate:
    return LayoutUpdate([[strip(line)] for line in lines], Region(0, 0, WIDTH, HEIGHT))


def part(y: int, x1: int, x2: int, line: list[tuple[str, bool]]) -> ChopsUpdate:
    return ChopsUpdate([{0: strip(line)} for _ in range(HEIGHT)], [(y, x1, x2)], [[WIDTH]] * HEIGHT)


screens = st.lists(runs, min_size=HEIGHT, max_size=HEIGHT).map(whole)
parts = st.builds(
    part,
    st.integers(0, HEIGHT - 1),
    st.integers(0, WIDTH // 2),
    st.integers(WIDTH // 2 + 1, WIDTH),
    runs,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(screens, parts), min_size=1, max_size=6), screens)
def test_the_picture_is_the_same_as_if_all_had_been_sent(
    updates: list[CompositorUpdate], last: LayoutUpdate
) -> None:
    every, sparing, sent = Terminal(), Terminal(), Sent()
    for update in (*updates, last):
        every.send(update)
        sparing.send(sent.less(update, WIDTH, HEIGHT))
    assert sparing.picture() == every.picture()


def test_what_stands_there_is_not_sent_again() -> None:
    sent, screen = Sent(), whole([[("a", False)], [("值", True)], []])
    assert sent.less(screen, WIDTH, HEIGHT) is not None
    assert sent.less(screen, WIDTH, HEIGHT) is None
    other = whole([[("b", False)], [("值", True)], []])
    assert Terminal().send(sent.less(other, WIDTH, HEIGHT)) < 40


def test_both_halves_of_a_wide_letter_are_sent() -> None:
    sent, terminal = Sent(), Terminal()
    terminal.send(sent.less(whole([[("值", False), ("班", False)], [], []]), WIDTH, HEIGHT))
    terminal.send(sent.less(whole([[("a", False), ("值", False)], [], []]), WIDTH, HEIGHT))
    assert terminal.screen.display[0].startswith("a值")


def test_all_is_sent_after_forgetting_and_to_another_size() -> None:
    sent, screen = Sent(), whole([[("a", False)], [], []])
    first = Terminal().send(sent.less(screen, WIDTH, HEIGHT))
    sent.forget()
    assert Terminal().send(sent.less(screen, WIDTH, HEIGHT)) == first
    assert sent.less(screen, WIDTH, HEIGHT + 1) is not None
