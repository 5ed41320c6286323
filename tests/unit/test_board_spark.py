"""Sparklines and clocks: exactly as wide as told, a gap where nothing came, in time at the deadline."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.look import Look
from screens.widgets.badge import clock
from screens.widgets.spark import change, sparkline

LOOK = Look(zone=ZoneInfo("Asia/Shanghai"))
START = 1_793_520_000
VALUES = st.lists(st.none() | st.floats(-50, 900, allow_nan=False), max_size=60)


@given(VALUES, st.integers(0, 30), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_sparkline_has_exactly_its_cells(values: list[float | None], cells: int, ascii_only: bool) -> None:
    shown = sparkline(values, cells, Look(ascii=ascii_only))
    assert cell_len(shown) == len(shown) == cells
    assert shown.isascii() or not ascii_only


def test_the_newest_is_at_the_right_and_gaps_stay_gaps() -> None:
    assert sparkline([1, 4], 3, LOOK) == "  ⣸"
    assert sparkline([1, None, None, 4], 2, LOOK) == "⡀⢸"
    assert sparkline([5, 5, 5, 5], 2, LOOK) == "⣀⣀"
    assert sparkline([1, 3, 6], 4, Look(ascii=True)) == " _-#"


@pytest.mark.parametrize(
    ("left", "began", "text", "tone"),
    [
        (3600, 4 * 3600, "1h00", ""),
        (0, 3600, "0s", "warn"),
        (-1, 3600, "超时", "critical"),
        (700, 3600, "11m", "warn"),
        (100, 3600, "100s", "warn"),
        (100, 3 * 60, "1m", ""),
    ],
)
def test_a_clock_is_in_time_at_its_deadline(left: int, began: int, text: str, tone: str) -> None:
    cell = clock(START + left, START, LOOK, began=START + left - began)
    assert text in cell.text
    assert cell.tone == tone


def test_a_change_has_its_sign() -> None:
    assert change(1.0, 3.5, 1) == "+2.5"
    assert change(None, 3.5, 1) == "--"
