"""The map of squares: no square is lost, what is unknown is no zero, every class has a letter, the cursor steps."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color
from rich.style import Style

from backend.words.say import Language
from console.theme import THEMES, dress
from screens.look import Look
from screens.widgets.gridmap_ink import BEYOND, OUTSIDE, UNKNOWN, Scale, inks, letter
from screens.widgets.gridmap_lines import Hour, hours_line, legend, number
from screens.widgets.gridmap_model import Frame, Ground, Model, Name, Spot, spread
from screens.widgets.gridmap_raster import Box, Lattice, between, edges, fit, thinned, together, trace

LATTICE = Lattice(10, 8, 115.0, 35.0, 115.5, 35.4)
ALL = bytes([1]) * 80
SQUARE = [[[[115.1, 35.1], [115.4, 35.1], [115.4, 35.3], [115.1, 35.3], [115.1, 35.1]]]]
RISE = Scale("rise", (5, 15, 30, 50, 75, 115), "µg/m³")
LEVEL = Scale("level", (35, 60, 115, 150, 250), "µg/m³", round_to=0)


def known(_square: int) -> bool:
    return True


def test_a_place_and_its_square_are_each_others() -> None:
    for square in range(80):
        lon, lat = LATTICE.place(square)
        assert LATTICE.square(lon, lat) == square
    assert LATTICE.place(0) == pytest.approx((115.025, 35.375))
    assert LATTICE.square(114.99, 35.2) is None
    assert LATTICE.square(115.2, 35.41) is None


@given(
    columns=st.integers(1, 40), rows=st.integers(1, 40), cells=st.integers(1, 90), lines=st.integers(1, 40)
)
def test_no_square_is_lost_and_the_picture_fits(columns: int, rows: int, cells: int, lines: int) -> None:
    lattice = Lattice(columns, rows, 115.0, 35.0, 116.0, 36.0)
    picture = fit(lattice, known, lattice.whole, cells, lines)
    assert picture.columns <= cells
    assert picture.halves <= 2 * lines
    assert picture.halves % 2 == 0
    shown = {square for row in picture.squares for some in row for square in some}
    assert shown == set(range(columns * rows))
    assert len(picture.squares) == picture.halves
    assert {len(row) for row in picture.squares} == {picture.columns}


def test_a_square_takes_whole_pixels_where_that_takes_little_room() -> None:
    picture = fit(LATTICE, known, LATTICE.whole, 21, 10)
    assert picture.scale == 0.5
    assert (picture.columns, picture.halves) == (20, 16)
    assert picture.at(0, 0) == picture.at(1, 1) == (0,)
    assert picture.at(2, 0) == (1,)


def test_what_is_outside_the_map_is_in_no_pixel() -> None:
    picture = fit(LATTICE, lambda square: square % 10 < 5, LATTICE.whole, 10, 4)
    assert picture.at(7, 3) == ()
    assert picture.at(-1, 0) == ()
    assert picture.at(0, 99) == ()


def test_an_outline_is_drawn_in_dots_inside_the_picture() -> None:
    picture = fit(LATTICE, known, LATTICE.whole, 40, 16)
    bits = trace(picture, [SQUARE])
    assert bits
    assert all(0 <= line < picture.lines and 0 <= column < picture.columns for line, column in bits)
    assert all(0 < one < 256 for one in bits.values())
    middle = (picture.lines // 2, picture.columns // 2)
    assert middle not in bits
    assert (
        sum(map(int.bit_count, trace(picture, [SQUARE], 3).values()))
        < sum(map(int.bit_count, bits.values())) / 2
    )


def test_a_map_without_outlines_shows_where_one_county_ends() -> None:
    picture = fit(LATTICE, known, LATTICE.whole, 10, 4)
    bits = edges(picture, lambda square: int(square % 10 >= 5))
    assert {column for _line, column in bits} == {4}
    assert len(bits) == picture.lines


def test_inside_the_fills_only_what_parts_two_is_drawn() -> None:
    picture = fit(LATTICE, known, LATTICE.whole, 40, 16)
    west, east = (
        [[[[a, 35.1], [b, 35.1], [b, 35.3], [a, 35.3], [a, 35.1]]]]
        for a, b in ((115.1, 115.25), (115.25, 115.4))
    )
    traced = [trace(picture, [one]) for one in (west, east)]
    inner = between(traced)
    column = picture.pixel_at(115.25, 35.2)[0]
    rim = {picture.pixel_at(lon, 35.2)[0] for lon in (115.1, 115.4)}
    assert {at[1] for at in inner} <= {column - 1, column, column + 1}
    assert not rim & {at[1] for at in inner}
    assert inner.keys() < together(traced).keys()
    thin = thinned(inner)
    assert thin
    assert all(thin[at] & ~inner[at] == 0 for at in thin)
    # A map of owners alone knows where its squares end.
    bits = edges(picture, lambda square: int(square % 10 >= 5), rim=False)
    assert bits == edges(picture, lambda square: int(square % 10 >= 5))


def test_two_classes_in_a_cell_leave_the_lesser_fill_as_its_paper() -> None:
    made = inks(RISE, dress("dark").palette, Style.parse("#dadada on #10151b"))
    for upper, lower in ((2, 0), (0, 2), (1, UNKNOWN)):
        mark, style = made.halves(upper, lower)
        assert mark == ("▀" if upper > lower else "▄")
        assert style.color == made.shade(max(upper, lower)).bgcolor
        assert style.bgcolor == made.shade(min(upper, lower)).bgcolor


def test_a_value_of_nobody_is_unknown_and_not_the_lowest_class() -> None:
    assert RISE.of(None) == RISE.of(math.nan) == UNKNOWN
    assert RISE.of(0.0) == RISE.of(-3.0) == 0
    assert [RISE.of(value) for value in (4.9, 5, 114.9, 115)] == [0, 1, 5, 6]
    assert LEVEL.of(60.5) == 2  # rounded half to even, as the standard asks, it is 60: the end of the class
    assert LEVEL.of(61.5) == 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", [RISE, LEVEL])
def test_classes_differ_in_every_theme_and_without_colours_by_letter(theme: str, scale: Scale) -> None:
    palette = dress(theme).palette
    made = inks(scale, palette, Style.parse("#d5dbe2 on #10151b"), "2026")
    count = len(scale.steps) + 1
    letters = [made.letter(number) for number in range(count)] + [made.letter(UNKNOWN), made.letter(OUTSIDE)]
    assert len(set(letters)) == len(letters)
    assert all(cell_len(one) == 1 for one in letters)
    assert made.blocks == (theme in ("dark", "light"))
    if made.blocks:
        fills = [made.shade(number).bgcolor for number in (UNKNOWN, *range(count))]
        assert len({fill.get_truecolor() for fill in fills if fill is not None}) == count + 1
        # In 256 colours too.
        from rich.color import ColorSystem

        few = [fill.downgrade(ColorSystem.EIGHT_BIT).number for fill in fills if fill is not None]
        assert len(set(few)) == count + 1


def test_levels_have_the_colours_of_annex_a() -> None:
    made = inks(LEVEL, dress("dark").palette, Style(), "2026")
    assert made.shade(0).bgcolor == Color.from_rgb(0, 228, 0)
    assert made.shade(5).bgcolor == Color.from_rgb(126, 0, 35)


def test_turns_have_letters_until_there_are_no_more() -> None:
    assert (letter(0), letter(25), letter(26), letter(400)) == ("A", "Z", BEYOND, BEYOND)


def ground(mask: bytes = ALL, **more: object) -> Ground:
    return Ground(LATTICE, mask, [SQUARE], **more)  # type: ignore[arg-type]


def model(columns: int = 10, lines: int = 4, mask: bytes = ALL, *, lettered: bool = False) -> Model:
    made = Model()
    made.ground = ground(mask)
    made.lettered = lettered
    made.lay_out(columns, lines)
    made.frame = Frame(0, [UNKNOWN if square % 10 == 9 else square % 7 for square in range(80)])
    made.classify()
    made.begin()
    return made


def test_a_pixel_of_several_squares_tells_the_gravest() -> None:
    small = model(5, 2)
    assert small.picture is not None
    for half in range(small.picture.halves):
        for column in range(small.picture.columns):
            some = small.picture.at(column, half)
            assert len(some) > 1
            assert small.pixels[half][column] == max(UNKNOWN if one % 10 == 9 else one % 7 for one in some)


def test_the_cursor_goes_from_square_to_square_and_not_off_the_map() -> None:
    here = model(40, 16)
    assert here.go_to(*LATTICE.place(33))
    assert here.square == 33
    here.step(1, 0)
    assert here.square == 34
    here.step(0, 1)
    assert here.square == 44
    here.stride(-1, 0, 99)
    assert here.square == 40
    here.stride(0, -1, 99)
    assert here.square == 0
    before = here.cursor
    here.step(-1, 0)
    assert here.cursor == before


def test_the_cursor_goes_over_a_gap() -> None:
    mask = bytes(0 if 3 <= square % 10 <= 5 else 1 for square in range(80))
    here = model(20, 8, mask)
    assert here.go_to(*LATTICE.place(12))
    here.step(1, 0)
    assert here.square == 16


def test_with_letters_both_halves_of_a_line_are_one() -> None:
    here = model(10, 4, lettered=True)
    here.put(Spot(2, 0))
    assert here.under(2, 0) == here.under(2, 1) == (2, 12)
    assert here.covered == 2
    here.step(0, 1)
    assert here.cursor == Spot(2, 2)


def test_the_cursor_begins_at_the_gravest() -> None:
    here = model(10, 4)
    assert here.square is not None
    assert here.square % 7 == 6


def test_a_place_off_the_map_leaves_the_cursor_where_it_is() -> None:
    here = model()
    before = here.cursor
    assert not here.go_to(120.0, 30.0)
    assert here.cursor == before


@pytest.mark.parametrize(("columns", "lines"), [(1, 1), (2, 1), (3, 7), (0, 4), (4, 0)])
def test_tiny_sizes(columns: int, lines: int) -> None:
    here = model(columns, lines)
    here.stride(1, 1, 5)
    assert here.picture is None or here.square is not None


def test_a_map_of_nothing() -> None:
    here = model(10, 4, bytes(80))
    assert here.square is None
    assert here.position is None
    here.step(1, 0)


def test_names_meet_neither_each_other_nor_a_mark_and_stay_in_what_they_name() -> None:
    made = Model()
    names = [Name("牡丹", 115.25, 35.2), Name("定陶", 115.25, 35.2), Name("很长很长的名字", 115.1, 35.35, 0.05),
             Name("Mudan", 115.2, 35.05)]  # fmt: skip
    made.ground = ground(names=names)
    made.lay_out(40, 16)
    made.classify()
    assert "".join(one for one, _cells in made.spelt.values()) == "牡丹Mudan"
    made.frame = Frame(0, [0] * 80, {(115.25, 35.2): 0})
    made.classify()
    assert "".join(one for one, _cells in made.spelt.values()) == "Mudan"
    assert next(iter(made.marks.values()))[0] == 0


def test_the_hotter_of_two_marks_in_a_cell_is_shown() -> None:
    made = model(10, 4)
    made.frame = Frame(0, [0] * 80, {(115.21, 35.2): 7, (115.212, 35.2): 2})
    made.classify()
    assert [turn for turn, _half in made.marks.values()] == [2]


def test_a_part_is_shown_with_what_lies_around_it_as_far_as_there_is_room() -> None:
    whole = Box(0, 0, 10, 8)
    part = Box(4, 3, 6, 5)
    assert spread(part, whole, 20, 5) == Box(3, 3, 7, 5)
    assert spread(part, whole, 4, 10) == Box(4, 0, 6, 8)
    assert spread(Box(8, 6, 10, 8), whole, 20, 5) == Box(6, 6, 10, 8)
    made = Model()
    made.ground, made.box = ground(), part
    made.lay_out(40, 10)
    assert made.picture is not None
    assert made.picture.columns == 40
    assert made.picture.scale == 0.1


@pytest.mark.parametrize("lettered", [False, True])
@pytest.mark.parametrize("cells", [60, 80, 118])
@pytest.mark.parametrize(("language", "unseen"), [("zh", "无站"), ("en", "unseen")])
def test_the_legend_tells_every_class_and_what_is_not_known(
    lettered: bool, cells: int, language: Language, unseen: str
) -> None:
    made = inks(RISE, dress("dark").palette, Style.parse("#ffffff on #000000"))
    look = Look(language=language)
    told = "".join(text for text, _ in legend(RISE, made, look, lettered=lettered, cells=cells, dim=Style()))
    for step in RISE.steps:
        assert number(step, 0) in told
    assert unseen in told or look.word("maps.legend.unseen") in told
    assert cell_len(told) <= max(80, cells)
    if lettered:
        assert all(f"{one}=" in told for one in RISE.letters)


def test_a_legend_of_levels_names_them_where_there_is_room() -> None:
    made = inks(LEVEL, dress("dark").palette, Style.parse("#ffffff on #000000"), "2026")
    names = ["优", "良", "轻度", "中度", "重度", "严重"]
    wide = legend(LEVEL, made, Look(), lettered=False, cells=118, dim=Style(), names=names)
    assert all(name in "".join(text for text, _ in wide) for name in names)
    narrow = legend(LEVEL, made, Look(), lettered=False, cells=60, dim=Style(), names=names)
    assert "优" not in "".join(text for text, _ in narrow)


def test_the_line_of_hours_fits_and_shows_where_one_is() -> None:
    hours = [Hour(turn * 3600, turn % 3, turn // 20) for turn in range(24)]
    palette = dress("mono").palette
    for cells in (120, 80, 40):
        told = hours_line(hours, 5, Look(), cells, Style(), palette)
        text = "".join(text for text, _ in told)
        assert cell_len(text) <= max(cells, 45)
        assert text.count("[") == 1
    assert hours_line([], 0, Look(), 80, Style(), palette) == []


def test_a_part_around_an_outline_stays_on_the_map() -> None:
    assert LATTICE.around([], 1) == LATTICE.whole
    assert LATTICE.around([SQUARE], 0) == Box(2, 2, 8, 6)
    assert LATTICE.around([SQUARE], 50) == LATTICE.whole
    assert LATTICE.holding([]) == LATTICE.whole
    assert LATTICE.holding([11, 35]) == Box(1, 1, 6, 4)
