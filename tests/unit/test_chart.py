"""Charts: exactly as wide and as high as asked, in braille and in ASCII, with gaps where nothing is known."""

from __future__ import annotations

import threading

import pytest
from rich.cells import cell_len

from screens.look import Look
from screens.widgets.chart import Bars, Curve, Lines, Ticks, bars, curves, ready

OWN = Curve("line", [(float(x), 50.0 + x % 7 if not 20 <= x < 30 else None) for x in range(72)])
REST = Curve("axis", [(float(x), 30.0) for x in range(72)])


@pytest.fixture(autouse=True)
def _ready() -> None:
    ready()


def whole(lines: Lines) -> list[str]:
    return ["".join(cell.text for cell in line) for line in lines]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("cells", "lines"), [(120, 14), (80, 8), (44, 6), (24, 5), (10, 3), (1, 1)])
def test_a_chart_has_its_size(cells: int, lines: int, ascii_only: bool) -> None:
    look = Look(ascii=ascii_only)
    for drawn in (
        curves([REST, OWN], Ticks([0, 24, 48], ["11-01", "11-02", "11-03"]), look, cells, lines),
        bars(
            Bars([3.0, None, -1.0, 8.0] * 6, ["line", "high"] * 12),
            Ticks([0, 12], ["00", "12"]),
            look,
            cells,
            lines,
        ),
    ):
        told = whole(drawn)
        assert len(told) == lines
        assert {cell_len(line) for line in told} == {cells}
        if ascii_only:
            assert not any(0x2800 <= ord(one) < 0x2900 for line in told for one in line)


def test_a_curve_breaks_where_nothing_is_known() -> None:
    drawn = curves([OWN], Ticks([], []), Look(), 78, 12)
    columns = {
        place for line in whole(drawn)[:-1] for place, one in enumerate(line) if 0x2800 < ord(one) < 0x2900
    }
    # 72 hours in 72 columns after the scale: 21 to 29 are not known, the ends of what is are dots of their own.
    gap = [place for place in range(6, 78) if place not in columns]
    assert set(range(28, 35)) <= set(gap)
    assert len(gap) < 14


def test_every_tone_is_in_the_chart() -> None:
    tones = {
        cell.tone
        for line in curves([REST, OWN], Ticks([], []), Look(), 80, 12)
        for cell in line
        if cell.text.strip()
    }
    assert {"line", "axis"} <= tones
    told = bars(Bars([1.0, 2.0], ["line", "high"]), Ticks([0, 1], ["a", "b"]), Look(), 40, 8)
    assert {"line", "high"} <= {cell.tone for line in told for cell in line}


def test_the_later_curve_lies_over_the_earlier_one() -> None:
    flat = [(float(x), 5.0) for x in range(60)]
    drawn = curves([Curve("axis", flat), Curve("line", flat)], Ticks([], []), Look(), 60, 8)
    inked = {
        cell.tone
        for line in drawn[:-1]
        for cell in line
        if any(0x2800 < ord(one) < 0x2900 for one in cell.text)
    }
    assert inked == {"line"}


def test_nothing_to_draw() -> None:
    assert whole(curves([Curve("line", [(0.0, None)])], Ticks([], []), Look(), 60, 8))[0].strip()
    assert whole(bars(Bars([None, 0.0], ["line", "line"]), Ticks([], []), Look(), 60, 8))[0].strip()
    assert curves([], Ticks([], []), Look(), 60, 0) == []


def test_one_chart_at_a_time() -> None:
    wanted = whole(curves([REST, OWN], Ticks([], []), Look(), 90, 12))
    found: list[list[str]] = []

    def draw() -> None:
        for _ in range(5):
            found.append(whole(curves([REST, OWN], Ticks([], []), Look(), 90, 12)))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert all(one == wanted for one in found)
    assert len(found) == 20
