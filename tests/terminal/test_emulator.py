"""The emulator that the terminal's tests trust: what it adds to pyte, held to ECMA-48 and to what xterm does."""

from __future__ import annotations

import pytest

from tests.terminal.emulator import Cell, Emulator


def fed(data: str, *, bce: bool = True, wide: str = "") -> Emulator:
    terminal = Emulator(10, 4, bce=bce, wide=wide)
    terminal.feed(data)
    return terminal


def text(terminal: Emulator, y: int = 0) -> str:
    return "".join(terminal.screen.cell(y, x).data for x in range(10))


@pytest.mark.parametrize(
    ("codes", "cell"),
    [
        ("1;2;3;4;7;9;21;53", Cell("x", "", "", True, True, True, True, True, False, True, True, True)),
        ("1;2;22", Cell("x")),
        ("4;21;24", Cell("x")),
        ("7;27;9;29;53;55;3;23", Cell("x")),
        ("38;2;1;2;3;48;5;17", Cell("x", "38;2;1;2;3", "48;5;17")),
        ("31;102;39;49", Cell("x")),
        ("1;31;0", Cell("x")),
        ("", Cell("x")),
    ],
)
def test_looks_are_set_and_ended(codes: str, cell: Cell) -> None:
    assert fed(f"\x1b[{codes}mx").screen.cell(0, 0) == cell


def test_a_link_lasts_until_it_is_ended() -> None:
    terminal = fed("\x1b]8;;https://a.example\x1b\\a\x1b[0mb\x1b]8;;\x1b\\c")
    assert [terminal.screen.cell(0, x).link for x in range(3)] == ["https://a.example"] * 2 + [""]


@pytest.mark.parametrize("bce", [True, False])
def test_what_is_erased_has_the_pens_background_alone_and_only_where_the_terminal_does_so(bce: bool) -> None:
    blank = Cell(bg="41" if bce else "")
    pen = "\x1b[1;4;31;41m"
    terminal = fed(f"abcdefghij{pen}\x1b[;3H\x1b[2X\x1b[;7H\x1b[K", bce=bce)
    assert text(terminal) == "ab  ef    "
    assert {terminal.screen.cell(0, x) for x in (2, 3, 6, 9)} == {blank}
    terminal = fed(f"{pen}\x1b[2H\x1b[J", bce=bce)
    assert terminal.screen.cell(3, 9) == blank
    assert terminal.screen.cell(0, 0) == Cell()


@pytest.mark.parametrize(
    ("does", "lines"),
    [
        ("\x1b[2H\x1b[M", "acd "),
        ("\x1b[2H\x1b[2M", "ad  "),
        ("\x1b[2H\x1b[L", "a bc"),
        ("\x1b[2;3r\x1b[3H\x1bD", "ac d"),
        ("\x1b[2;3r\x1b[2H\x1bM", "a bd"),
        ("\x1b[2;3r\x1b[2H\x1b[M\x1b[r", "ac d"),
        ("\x1b[2;3r\x1b[1H\x1b[M", "abcd"),
        ("\x1b[2;3r\x1b[2H\x1b[9L", "a  d"),
    ],
)
def test_lines_move_within_the_margins(does: str, lines: str) -> None:
    terminal = fed(f"a\x1b[2Hb\x1b[3Hc\x1b[4Hd\x1b[44m{does}")
    assert "".join(terminal.screen.cell(y, 0).data for y in range(4)) == lines
    fresh = [y for y in range(4) if lines[y] == " "]
    assert all(terminal.screen.cell(y, 9) == Cell(bg="44") for y in fresh)


@pytest.mark.parametrize(
    ("does", "line"),
    [
        ("\x1b[;3H\x1b[2@", "ab  cdef值"),
        ("\x1b[;3H\x1b[3@", "ab   cdef "),
        ("\x1b[;3H\x1b[2P", "abef值gh  "),
        ("\x1b[;8H\x1b[P", "abcdef gh "),
        ("\x1b[;8H\x1b[@", "abcdef   g"),
        ("\x1b[;4H\x1b[4P", "abc gh    "),
    ],
)
def test_cells_are_pushed_and_pulled_and_half_a_wide_letter_does_not_stay(does: str, line: str) -> None:
    terminal = fed(f"abcdef值gh\x1b[44m{does}")
    assert text(terminal) == line


def test_a_letter_is_repeated() -> None:
    assert text(fed("ab\x1b[3bc")) == "abbbbc    "


def test_half_a_wide_letter_does_not_stay() -> None:
    assert text(fed("值班\x1b[;2Hx")) == " x班    " + "  "
    assert text(fed("值班\x1b[Hx")) == "x 班    " + "  "
    assert text(fed("值班\x1b[;4H\x1b[K")) == "值" + " " * 8
    assert text(fed("值班\x1b[;2H\x1b[X"))[:2] == "  "


def test_behind_the_last_column_nothing_is_wrapped_and_a_wide_letter_needs_room() -> None:
    assert text(fed("abcdefghijXY")) == "abcdefghiY"
    assert text(fed("\x1b[;10H值\u0301x")) == " " * 9 + "x"
    assert text(fed("abcdefghij\rx")) == "xbcdefghij"


def test_marks_join_the_letter_before_them() -> None:
    terminal = fed("e\u0301值\u0301x")
    assert [terminal.screen.cell(0, x).data for x in range(4)] == ["e\u0301", "值\u0301", "", "x"]


def test_letters_can_be_wider_than_pyte_counts_them() -> None:
    assert text(fed("─x", wide="─")) == "─x" + " " * 7
