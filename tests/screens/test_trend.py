"""The trend: exact in its cells, broken where nothing came, with a mark for each period that is no good value."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.look import Look
from screens.widgets.trend import AXIS, Curve, draw, scale

HOUR = 3600
SINCE = 1793520000
LOOK = Look("zh", ZoneInfo("Asia/Shanghai"), SINCE + 48 * HOUR)
ASCII = Look("en", ZoneInfo("Asia/Shanghai"), SINCE + 48 * HOUR, ascii=True)


def curve(points: list[tuple[int, float | None, int]], **more: object) -> Curve:
    return Curve(SINCE, SINCE + 48 * HOUR, HOUR, points, **more)  # type: ignore[arg-type]


def told(lines: list[list[object]]) -> list[str]:
    return ["".join(cell.text for cell in line) for line in lines]  # type: ignore[attr-defined]


GOOD = [(SINCE + number * HOUR, 50.0 + number, 1) for number in range(48)]


@pytest.mark.parametrize("look", [LOOK, ASCII])
@pytest.mark.parametrize(("cells", "lines"), [(80, 8), (120, 20), (40, 5)])
def test_it_fills_its_cells_exactly(look: Look, cells: int, lines: int) -> None:
    drawn = told(draw(curve(GOOD, peers={SINCE: 55.0}, limit=75.0), look, cells, lines))  # type: ignore[arg-type]
    assert len(drawn) == lines
    assert all(cell_len(line) == cells for line in drawn)
    assert not look.ascii or "".join(drawn).isascii()


def test_each_kind_of_absence_has_a_mark_of_its_own() -> None:
    points = [
        *GOOD[:10],
        (SINCE + 20 * HOUR, None, 9),
        (SINCE + 30 * HOUR, 60.0, 3),
        (SINCE + 40 * HOUR, 9000.0, 4),
    ]
    strip = told(draw(curve(points), LOOK, AXIS + 48, 10))[-2][AXIS:]  # type: ignore[arg-type]
    assert strip[:10].strip() == ""
    assert (strip[15], strip[20], strip[30], strip[40]) == ("▿", "▯", "?", "x")


def test_an_invalid_value_does_not_stretch_the_scale() -> None:
    drawn = told(draw(curve([*GOOD, (SINCE, 9000.0, 4)]), LOOK, 80, 10))  # type: ignore[arg-type]
    assert float(drawn[0][:AXIS]) <= 150


def test_a_line_breaks_where_a_period_is_missing() -> None:
    whole = told(draw(curve(GOOD), ASCII, AXIS + 96, 12))[:-2]  # type: ignore[arg-type]
    broken = told(draw(curve([*GOOD[:20], *GOOD[28:]]), ASCII, AXIS + 96, 12))[:-2]  # type: ignore[arg-type]
    columns = [any(line[AXIS + place] == "*" for line in broken) for place in range(96)]
    assert not any(columns[42:55])
    assert sum(line.count("*") for line in broken) < sum(line.count("*") for line in whole)


def test_without_a_value_it_says_so() -> None:
    drawn = told(draw(curve([(SINCE, None, 9)]), LOOK, 80, 8))  # type: ignore[arg-type]
    assert "这段时间没有数据" in drawn[0]
    assert len(drawn) == 8


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=50))
def test_the_scale_holds_every_value(values: list[float]) -> None:
    bottom, top, step = scale(values)
    assert bottom - 1e-6 * step <= min(values)
    assert max(values) <= top + 1e-6 * step
    assert 1 <= round((top - bottom) / step) <= 12


@given(
    st.lists(
        st.tuples(
            st.integers(0, 47), st.one_of(st.none(), st.floats(0, 5000)), st.sampled_from([1, 2, 3, 4, 9])
        ),
        max_size=48,
    ),
    st.integers(16, 130),
    st.integers(1, 30),
)
def test_no_data_can_break_its_frame(
    points: list[tuple[int, float | None, int]], cells: int, lines: int
) -> None:
    found = sorted({place: (SINCE + place * HOUR, value, flag) for place, value, flag in points}.values())
    drawn = told(draw(curve(found), LOOK, cells, lines))  # type: ignore[arg-type]
    assert len(drawn) == lines
    assert all(cell_len(line) <= max(cells, AXIS + 20) for line in drawn)
