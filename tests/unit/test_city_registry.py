"""Looking things up in the city: peers, jurisdiction, search."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.city.geometry import area_km2, bearing, distance_km, in_polygons
from backend.city.load import load_pack
from backend.city.registry import NEAREST, NEAREST_KM, City, GridRow, StationRow
from backend.city.search import search
from backend.city.template import write_template
from backend.store import Store


def station(
    number: int, county: str, lon: float | None, kind: str = "air", *, placed: bool = True
) -> StationRow:
    """A station at 35 degrees north."""
    lat = None if lon is None else 35.0
    code = f"S{number}"
    return StationRow(
        number, code, code, "", "", kind, "", county, "", lon, lat, "", "", "", True, placed, False
    )


def city(*stations: StationRow) -> City:
    return City({}, {}, {row.id: row for row in stations}, {}, {})


def test_peers_are_those_of_the_county_where_there_are_three() -> None:
    rows = [station(n, "A", 115 + n / 1000) for n in range(1, 5)] + [station(9, "B", 115.001)]
    assert city(*rows).peers(1) == (2, 3, 4)


def test_peers_are_the_nearest_where_the_county_has_fewer() -> None:
    rows = [station(1, "A", 115.0), station(2, "A", 115.1), station(3, "B", 115.01), station(4, "B", 115.5)]
    assert city(*rows).peers(1) == (3, 2), "nearest first; 45 km is too far"


def test_at_most_eight_nearest() -> None:
    rows = [station(1, "A", 115.0)] + [station(n, "B", 115 + n / 1000) for n in range(2, 30)]
    peers = city(*rows).peers(1)
    assert peers == tuple(range(2, 2 + NEAREST))
    assert NEAREST_KM == 15


def test_peers_are_of_one_kind_and_placed() -> None:
    rows = [
        station(1, "A", 115.0),
        station(2, "A", 115.001, "water"),
        station(3, "A", 115.002, placed=False),
        station(4, "A", None),
    ]
    assert city(*rows).peers(1) == ()


def grid(code: str, parent: str, level: int) -> GridRow:
    return GridRow(code, parent, level, code, "", "", "", "", None, None, True, False)


def test_inside_goes_up_the_tree() -> None:
    grids = {
        row.code: row for row in (grid("1", "", 1), grid("2", "1", 2), grid("3", "2", 3), grid("9", "1", 2))
    }
    tree = City({}, grids, {}, {}, {})
    assert tree.path("3") == ("3", "2", "1")
    assert tree.inside("3", "3")
    assert tree.inside("3", "1")
    assert not tree.inside("3", "9")
    assert not tree.inside("2", "3"), "a county does not lie in its township"
    assert not tree.inside("unknown", "1")


def test_a_station_s_own_code_goes_before_another_s_alias() -> None:
    one = station(1, "A", 115.0)._replace(upstream="S2|X9")
    two = station(2, "A", 115.1)
    found = city(one, two)
    assert found.station("S2") is two
    assert found.station("X9") is one
    assert found.station(2) is two
    assert found.station("nobody") is None


@pytest.fixture
def loaded(store: Store, tmp_path: Path) -> Store:
    write_template(tmp_path / "pack")
    assert load_pack(store, tmp_path / "pack", 0).ok
    return store


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("xhz", "990101100"),
        ("XHZ", "990101100"),
        ("西河镇", "990101100"),
        ("西河乡", "990101100"),
        ("990101100", "990101100"),
        ("kq03", "KQ03"),
        ("xihe town", "990101100"),
        ("xi he", "990101100"),
        ("板材", "QY-001"),
        ("南桥", "990101001-02"),
        ("东关二村", "990101001-01"),
    ],
)
def test_search_finds(loaded: Store, text: str, first: str) -> None:
    with loaded.read() as conn:
        found = search(conn, text)
    codes = [one.code for one in found]
    assert first in codes[:2], codes


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "\\", "没有的地方"])
def test_search_finds_nothing_for_nothing(loaded: Store, text: str) -> None:
    with loaded.read() as conn:
        assert search(conn, text) == []


def test_search_stops_at_the_limit_and_puts_the_best_first(loaded: Store) -> None:
    with loaded.read() as conn:
        found = search(conn, "9901", limit=3)
        ranks = [one.rank for one in search(conn, "西河", limit=50)]
    assert [one.code for one in found] == ["990100", "990101", "990101001"]
    assert ranks == sorted(ranks)


def test_distances_and_areas_are_those_of_the_sphere() -> None:
    assert distance_km(115, 35, 115, 36) == pytest.approx(111.195, abs=0.01)
    assert distance_km(115, 35, 116, 35) == pytest.approx(91.08, abs=0.05)
    square = [[[[115.0, 35.0], [115.1, 35.0], [115.1, 35.1], [115.0, 35.1], [115.0, 35.0]]]]
    assert area_km2(square) == pytest.approx(11.1195 * 9.102, rel=0.002)
    hole = [[square[0][0], [[115.0, 35.0], [115.05, 35.0], [115.05, 35.1], [115.0, 35.1], [115.0, 35.0]]]]
    assert area_km2(hole) == pytest.approx(area_km2(square) / 2, rel=0.001)
    assert in_polygons(115.07, 35.05, hole)
    assert not in_polygons(115.02, 35.05, hole)
    assert bearing(115, 35, 116, 35) == pytest.approx(90, abs=0.5)
    assert bearing(115, 35, 115, 34) == pytest.approx(180)
