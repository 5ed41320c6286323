"""The geometry behind the Heze pack's made-up cells."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.heze.planar import area, cut, spread, to_degrees, to_plane, voronoi, within

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
COMB = [(0.0, 0.0), (7.0, 0.0), (7.0, 10.0), (6.0, 10.0), (6.0, 3.0), (4.0, 3.0), (4.0, 10.0), (3.0, 10.0),
        (3.0, 3.0), (1.0, 3.0), (1.0, 10.0), (0.0, 10.0)]  # fmt: skip
"""Three teeth upwards."""


def test_a_line_cuts_a_comb_into_its_teeth() -> None:
    above = cut(COMB, 0, -1, -5)
    assert sorted(round(area(ring), 6) for ring in above) == [5, 5, 5]
    below = cut(COMB, 0, 1, 5)
    assert len(below) == 1
    assert area(below[0]) == pytest.approx(area(COMB) - 15)


def test_a_line_beside_the_ring_keeps_all_or_nothing() -> None:
    assert cut(SQUARE, 1, 0, 20) == [SQUARE]
    assert cut(SQUARE, 1, 0, -1) == []


def test_a_line_along_an_edge_is_no_trouble() -> None:
    assert area(cut(SQUARE, 1, 0, 10)[0]) == pytest.approx(100)
    assert sum(area(ring) for ring in cut(COMB, 0, 1, 3)) == pytest.approx(21)


@given(a=st.floats(-1, 1), b=st.floats(-1, 1), c=st.floats(-20, 20))
def test_what_is_cut_off_and_what_is_kept_make_the_whole(a: float, b: float, c: float) -> None:
    if abs(a) + abs(b) < 0.01:
        return
    kept, off = cut(COMB, a, b, c), cut(COMB, -a, -b, -c)
    assert sum(map(area, kept)) + sum(map(area, off)) == pytest.approx(area(COMB), abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 70)), min_size=2, max_size=8, unique=True))
def test_cells_fill_the_region_and_hold_what_is_nearest(places: list[tuple[int, int]]) -> None:
    points = [(x / 7 + 0.013, y / 7 + 0.017) for x, y in places]
    cells = voronoi(points, [COMB])
    assert sum(area(ring) for cell in cells for ring in cell) == pytest.approx(area(COMB), abs=1e-3)
    random = Random(1)
    for _ in range(30):
        x, y = random.uniform(0, 7), random.uniform(0, 10)
        homes = [i for i, cell in enumerate(cells) if any(within((x, y), ring) for ring in cell)]
        gaps = [(x - u) ** 2 + (y - v) ** 2 for u, v in points]
        assert all(gaps[home] == pytest.approx(min(gaps), abs=1e-6) for home in homes)


def test_points_are_spread_within_the_region_and_the_same_each_time() -> None:
    one = spread(5, [COMB], Random("x"), samples=40, rounds=8)
    assert one == spread(5, [COMB], Random("x"), samples=40, rounds=8)
    assert all(within(point, COMB) for point in one)


def test_degrees_come_back() -> None:
    assert to_degrees(to_plane(115.47358, 35.23929)) == (115.47358, 35.23929)
