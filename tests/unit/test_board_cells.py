"""Text in cells: exactly as wide as told, never half a character, never markup, nothing that a terminal obeys."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from backend.text import clean, width
from screens import feeds, telling
from screens.columns import Cell, Column, lay_out
from screens.look import Look
from screens.tones import palette
from screens.widgets.cells import CUT, fit, plain, wrap
from screens.widgets.line import changed, paint
from screens.widgets.painter import Painter
from screens.widgets.sheet import fold

MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab 1~[]/\\@=.,菏泽市牡丹区，。１２ｱｲé한글"),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            ["\u0301", "\u0e33", "\U0001f600", "\u200d", "\ufe0f", "\x1b", "\x9b", "\x00", "\u202e"]
        ),
    ),
    max_size=60,
)


@given(MIXED, st.integers(0, 40), st.sampled_from(["left", "right"]), st.booleans())
@settings(max_examples=400, deadline=None)
def test_fit_takes_exactly_its_cells(text: str, cells: int, align: Any, numbered: bool) -> None:
    shown = fit(text, cells, align, numbered=numbered)
    assert cell_len(shown) == cells
    assert not any(category(character) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") for character in shown)


@given(MIXED, st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_a_cut_shows_and_what_fits_stays(text: str, cells: int) -> None:
    shown, whole = fit(text, cells), plain(text)
    if cell_len(whole) <= cells:
        assert shown == whole + " " * (cells - cell_len(whole))
    else:
        assert shown.rstrip().endswith(CUT)
        assert whole.startswith(shown.rstrip()[: -len(CUT)].rstrip())


def test_names_that_differ_in_their_number_are_cut_before_it() -> None:
    names = [f"Xicheng building site No. {number} dust" for number in ("068", "069")]
    assert [fit(name, 15, numbered=True) for name in names] == ["Xichen~068 dust", "Xichen~069 dust"]
    assert fit("北城房屋建筑068号扬尘", 16, numbered=True) == "北城房~068号扬尘"
    # Where the number would leave no room for the name, or there is none, the cut is at the end.
    assert fit(names[0], 8, numbered=True) == "Xicheng~"
    assert fit("No. 7 Middle School of the county", 14, numbered=True) == "No. 7 Middle ~"
    assert fit(names[0], 15) == "Xicheng buildi~"


@given(MIXED)
@settings(max_examples=300, deadline=None)
def test_what_is_shown_is_as_wide_here_as_in_the_backend(text: str) -> None:
    # A report that the backend lines up and a board that we line up must agree on text that came in cleaned.
    safe = "".join(
        character
        for character in clean(text)
        if cell_len(character) == width(character) and cell_len(character) > 0
    )
    assert cell_len(safe) == width(safe)


@given(MIXED, st.integers(2, 30))
@settings(max_examples=200, deadline=None)
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert all(cell_len(line) <= cells for line in lines)
    whole = "".join(plain(part) for part in text.split("\n"))
    assert "".join(lines).replace(" ", "") == whole.replace(" ", "")


@pytest.mark.parametrize("cells", [-3, 0, 1])
def test_there_may_be_no_room_at_all(cells: int) -> None:
    """A terminal of two cells, or one that is being made smaller."""
    for text in ("空气质量 air", "a", ""):
        assert "".join(wrap(text, cells)).replace(" ", "") == text.replace(" ", "")
        folded = fold([Cell("  ", ""), Cell(text, "bold")], cells, "  ")
        assert "".join(piece.text for line in folded for piece in line).replace(" ", "") == text.replace(
            " ", ""
        )


@given(st.lists(st.text(alphabet="[]/\\@=abc红'\"", max_size=24), min_size=50, max_size=50))
@settings(max_examples=200, deadline=None)
def test_no_text_is_markup(texts: list[str]) -> None:
    column = Column[str]("a", "ui.column.place", lambda row, _look: row, 30)
    painter = Painter(lay_out([column], 32), 40, Look(), palette({"cursor": "reverse"}), Style())
    # Ten thousand strings in all.
    for text in texts:
        strip = painter.row(text)
        assert strip.cell_length == 40
        assert strip.crop(2, 32).text == fit(text, 30)
        assert not any(segment.style and (segment.style.meta or segment.style.link) for segment in strip)


def test_a_line_meets_its_right_side() -> None:
    styles = palette({"dim": "dim"})
    strip = paint([Cell("左边很长的文字" * 5)], 40, styles, Style(), right=[Cell("clock")])
    assert strip.cell_length == 40
    assert strip.text.endswith("clock")
    assert CUT in strip.text


@given(MIXED, MIXED)
@settings(max_examples=200, deadline=None)
def test_only_what_changed_is_sent(one: str, other: str) -> None:
    styles = palette({})
    old, new = (paint([Cell(text)], 30, styles, Style()) for text in (one, other))
    span = changed(old, new)
    if span is None:
        assert old.text == new.text
        return
    start, end = span
    assert 0 <= start < end <= 30
    # Putting the span of the new line into the old one gives the new one.
    patched = old.crop(0, start).text + new.crop(start, end).text + old.crop(end, 30).text
    assert patched == new.text


def _column(key: str, width: int, *, flex: int = 0, rank: int = 0, most: int = 0) -> Column[Any]:
    return Column(key, "ui.column.place", lambda row, _look: str(row), width, flex=flex, rank=rank, most=most)


COLUMNS = st.lists(
    st.builds(
        _column,
        st.uuids().map(str),
        st.integers(1, 20),
        flex=st.integers(0, 3),
        rank=st.integers(0, 4),
        most=st.sampled_from([0, 25]),
    ),
    min_size=1,
    max_size=9,
)


@given(COLUMNS, st.integers(20, 200))
@settings(max_examples=300, deadline=None)
def test_columns_never_pass_the_edge(columns: list[Column[Any]], cells: int) -> None:
    places = lay_out(columns, cells)
    taken = sum(place.width for place in places) + (2 if cells >= 97 else 1) * (len(places) - 1)
    assert taken <= cells
    always = {column.key for column in columns if column.rank == 0}
    assert always <= {place.column.key for place in places}
    assert all(place.width >= 1 for place in places)
    assert [place.column for place in places] == [
        column for column in columns if column in [p.column for p in places]
    ]


def test_the_highest_rank_goes_first() -> None:
    columns = [_column("a", 10), _column("b", 10, rank=1), _column("c", 10, rank=2)]
    assert [place.column.key for place in lay_out(columns, 32)] == ["a", "b", "c"]
    assert [place.column.key for place in lay_out(columns, 25)] == ["a", "b"]
    assert [place.column.key for place in lay_out(columns, 12)] == ["a"]


def test_spare_cells_are_shared_by_flex() -> None:
    columns = [_column("a", 10, flex=1), _column("b", 10, flex=2), _column("c", 5)]
    widths = {place.column.key: place.width for place in lay_out(columns, 57)}
    assert widths == {"a": 20, "b": 30, "c": 5}


@given(COLUMNS, st.integers(20, 200), st.lists(st.integers(0, 50), min_size=9, max_size=9))
@settings(max_examples=300, deadline=None)
def test_columns_that_know_what_they_show_never_pass_the_edge(
    columns: list[Column[Any]], cells: int, wanted: list[int]
) -> None:
    needs = {column.key: need for column, need in zip(columns, wanted, strict=False)}
    places = lay_out(columns, cells, needs, Look())
    taken = sum(place.width for place in places) + (2 if cells >= 97 else 1) * (len(places) - 1)
    assert taken <= cells
    assert {column.key for column in columns if column.rank == 0} <= {place.column.key for place in places}
    assert all(place.width >= 1 for place in places)


def test_no_text_is_cut_while_another_column_has_cells_to_spare() -> None:
    columns = [_column("what", 12, flex=1, most=30), _column("place", 16, flex=2), _column("who", 6)]
    plain = {place.column.key: place.width for place in lay_out(columns, 36)}
    assert plain == {"what": 12, "place": 16, "who": 6}
    needs = {"what": 13, "place": 8, "who": 10}
    fitted = {place.column.key: place.width for place in lay_out(columns, 36, needs, Look())}
    assert all(fitted[key] >= need for key, need in needs.items())
    assert sum(fitted.values()) == sum(plain.values())


def test_a_column_is_filled_so_far_before_another_one_grows_beyond_its_own() -> None:
    columns = [
        replace(_column("name", 10, flex=1), first=12),
        replace(_column("wrong", 10, flex=1), first=20),
        _column("count", 5),
    ]
    quiet = {"name": 30, "wrong": 0, "count": 5}
    assert {place.column.key: place.width for place in lay_out(columns, 44, quiet, Look())}["name"] == 30
    needs = {"name": 30, "wrong": 40, "count": 5}
    fitted = {place.column.key: place.width for place in lay_out(columns, 44, needs, Look())}
    assert fitted == {"name": 17, "wrong": 20, "count": 5}, "what is left over goes to what lacks least"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_feeds_of_a_city_are_named_whole_on_an_ordinary_terminal(language: Any) -> None:
    from backend.city.packs import heze_path

    key = "name_en" if language == "en" else "name"
    names = [feed[key] for feed in tomllib.loads((heze_path() / "feeds.toml").read_text("utf-8"))["feed"]]
    assert max(map(cell_len, names)) > 20
    needs = {"feed": max(map(cell_len, names)), "state": 6, "newest": 5, "ok": 5, "next": 6}
    needs |= {"failures": 1, "records": 6, "asides": 1, "error": 14}
    widths = {place.column.key: place.width for place in lay_out(feeds.COLUMNS, 117, needs, Look(language))}
    assert widths.keys() == {column.key for column in feeds.COLUMNS}
    assert widths["feed"] >= needs["feed"]
    # What is wrong with one of them is told before a name is drawn out.
    told = {
        place.column.key: place.width
        for place in lay_out(feeds.COLUMNS, 117, {**needs, "error": 60}, Look(language))
    }
    assert told["error"] >= 30
    assert told["feed"] >= 22


def test_a_column_that_is_empty_gives_way_to_one_that_would_be_cut() -> None:
    columns = [_column("what", 10, flex=1), _column("marks", 10, rank=1), _column("reading", 10)]
    needs = {"what": 20, "marks": 0, "reading": 10}
    assert [place.column.key for place in lay_out(columns, 32, needs, Look())] == ["what", "reading"]
    assert len(lay_out(columns, 60, needs, Look())) == 3, "there is room for all"
    assert len(lay_out(columns, 32, {**needs, "marks": 3}, Look())) == 3, "it has something to show"


@pytest.mark.parametrize(("cells", "told"), [(10, "176 > 115"), (15, "176 > 115 ug/m3")])
def test_what_does_not_fit_is_told_in_its_brief_form(cells: int, told: str) -> None:
    whole, brief = "176 > 115 ug/m3", "176 > 115"
    column: Column[Any] = Column("a", "ui.column.place", lambda *_: whole, cells, brief=lambda *_: brief)
    painter = Painter(lay_out([column], cells), cells + 3, Look(), palette({"cursor": "reverse"}), Style())
    assert painter.row(1).text.strip() == told
    assert column.text(1, Look()) == whole, "a copy has all of it"


def test_what_has_a_brief_form_gives_way_to_what_would_be_cut() -> None:
    brief: Column[Any] = replace(_column("reading", 20, flex=2), brief=lambda *_: "176 > 115")
    columns = [_column("what", 12, flex=1, most=30), brief]
    needs = {"what": 18, "reading": 20, "reading~": 9}
    fitted = {place.column.key: place.width for place in lay_out(columns, 33, needs, Look())}
    assert fitted == {"what": 18, "reading": 14}


def test_a_difference_that_rounds_to_nothing_has_no_sign() -> None:
    told = [telling.signed(number, places) for number, places in ((-0.4, 0), (0.04, 1), (-0.06, 1), (2, 0))]
    assert told == ["0", "0.0", "-0.1", "+2"]
    assert telling.signed(None) == "--"
