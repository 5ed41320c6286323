"""The order of rows: it stands still, news are counted, values follow, filter and sort are stable."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from screens.columns import Column
from screens.look import Look
from screens.rows import Rows, View, arrange


@dataclass(frozen=True)
class Row:
    """A row to sort."""

    id: int
    name: str
    value: int | None


COLUMNS = (
    Column[Row]("name", "ui.column.place", lambda row, _look: row.name, 8),
    Column[Row](
        "value", "ui.column.value", lambda row, _look: str(row.value), 8, order=lambda row: row.value
    ),
)
ROWS = st.lists(
    st.builds(
        Row, st.integers(0, 10_000), st.text("甲乙丙 abABＡ", max_size=4), st.none() | st.integers(0, 5)
    ),
    unique_by=lambda row: row.id,
    max_size=40,
)


def _rows(rows: list[Row], view: View) -> list[Row]:
    source = arrange(rows, view, COLUMNS, Look(), key=lambda row: row.id)
    return [row for row in source.window(0, source.count()) if row is not None]


@given(ROWS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_sorting_is_stable_and_missing_values_come_last(rows: list[Row], reverse: bool) -> None:
    shown = _rows(rows, View(sort="value", reverse=reverse))
    assert sorted(row.id for row in shown) == sorted(row.id for row in rows)
    values = [row.value for row in shown if row.value is not None]
    assert values == sorted(values, reverse=reverse)
    assert all(row.value is None for row in shown[len(values) :])
    for value in {row.value for row in rows}:
        same = [row.id for row in rows if row.value == value]
        assert [row.id for row in shown if row.value == value] == same


@given(ROWS, st.text("甲乙a! ", max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_filter_only_takes_away(rows: list[Row], text: str) -> None:
    shown = _rows(rows, View(filter=text))
    ids = [row.id for row in rows]
    assert [row.id for row in shown] == [one for one in ids if one in {row.id for row in shown}]
    if not text.replace("!", "").strip():
        assert len(shown) == len(rows)


def test_a_filter_wants_all_words_and_excludes() -> None:
    rows = [Row(1, "牡丹区 南城", 1), Row(2, "牡丹区 北城", 2), Row(3, "曹县", 3)]
    assert [row.id for row in _rows(rows, View(filter="牡丹"))] == [1, 2]
    assert [row.id for row in _rows(rows, View(filter="牡丹 !北"))] == [1]
    assert [row.id for row in _rows(rows, View(filter="牡丹 曹"))] == []


def test_words_of_two_columns_do_not_run_into_one() -> None:
    assert _rows([Row(1, "ab", 12)], View(filter="b1")) == []


def test_pinyin_initials_are_found_where_they_are_given() -> None:
    rows = [Row(1, "牡丹区", 1), Row(2, "曹县", 2)]
    initials = {1: "mdq", 2: "cx"}
    source = arrange(
        rows, View(filter="MD"), COLUMNS, Look(), key=lambda row: row.id, also=lambda r: initials[r.id]
    )
    assert [source.key_at(place) for place in range(source.count())] == [1]


def test_news_are_counted_and_values_follow() -> None:
    old = Rows.of([Row(1, "a", 1), Row(2, "b", 2)], key=lambda row: row.id)
    fresh = Rows.of([Row(3, "c", 3), Row(2, "b", 9)], key=lambda row: row.id)
    assert old.news(fresh) == 1
    assert old.news(old) == 0
    followed = old.adopt(fresh)
    assert list(followed.window(0, 5)) == [None, Row(2, "b", 9)]
    assert followed.locate(2) == 1
    assert followed.locate(3) is None


def test_only_the_window_is_read() -> None:
    asked: list[int] = []

    def fetch(keys: object) -> list[int]:
        assert isinstance(keys, range)
        asked.append(len(keys))
        return list(keys)

    source: Rows[int] = Rows(range(70_000), fetch)
    assert source.count() == 70_000
    assert list(source.window(69_990, 40)) == list(range(69_990, 70_000))
    assert asked == [10]
