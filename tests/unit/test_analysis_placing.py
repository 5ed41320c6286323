"""Stations that are not where they say, against real outlines in both datums; cells and the ground under them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from backend.analysis.geo import spacing
from backend.analysis.hotspots.ground import Ground, cells, inside, sizes
from backend.analysis.hotspots.placing import look
from backend.city.datum import to_gcj02, to_wgs84
from backend.city.registry import City, GridRow, StationRow
from backend.city.tables import Shape
from backend.store import Store, table
from tests.shared import shared_data

OUTLINES = "boundary/heze_counties_tianditu.geojson"


def _county(code: str) -> GridRow:
    return GridRow(code, "Z", 2, code, "", "", code, "", None, None, True, False)


def _station(number: int, grid: str, lon: float, lat: float) -> StationRow:
    return StationRow(
        number, f"S{number}", "", "", "", "air", grid, grid, "", lon, lat, "", "", "", True, True, False
    )


def _inside_points(ground: Ground, code: str, count: int) -> list[tuple[float, float]]:
    """Places close inside a county's border, where a shift is seen."""
    ring = max(ground.rings[code], key=len)
    middle = ring.mean(axis=0)
    some = ring[:: max(1, len(ring) // count)][:count]
    near = some + (middle - some) / np.hypot(*(middle - some).T)[:, None] * 250.0
    lon, lat = ground.plane.lonlat(near[:, 0], near[:, 1])
    found = list(zip(lon.tolist(), lat.tolist(), strict=True))
    within = inside(ground.rings[code], near[:, 0], near[:, 1])
    return [place for place, good in zip(found, within, strict=True) if good]


@pytest.fixture
def heze(store: Store) -> tuple[Ground, City]:
    """The real counties of a city, without stations."""
    features = json.loads(shared_data(OUTLINES).read_text("utf-8"))["features"]
    rows, grids = [], {"Z": GridRow("Z", "", 1, "Z", "", "", "", "", None, None, True, False)}
    for number, feature in enumerate(features):
        code = f"C{number}"
        shape = feature["geometry"]["coordinates"]
        polygons = shape if feature["geometry"]["type"] == "MultiPolygon" else [shape]
        grids[code] = _county(code)
        rows.append({"grid": code, "coordinates": json.dumps(polygons), "made_up": False})
    with store.bulk() as conn:
        conn.execute(table(Shape).insert(), rows)
    bounds = {"bounds": "[114.79, 34.54, 116.42, 35.88]"}
    city = City(bounds, grids, {}, {}, {})
    with store.read() as conn:
        return Ground.read(conn, city, []), city


def test_positions_in_gcj02_are_recognised(heze: tuple[Ground, City]) -> None:
    ground, city = heze
    places = [
        (code, place) for code in ("C0", "C1", "C2", "C3") for place in _inside_points(ground, code, 12)
    ]
    true = [_station(n, code, *place) for n, (code, place) in enumerate(places)]
    assert look(ground, city, true, 5000.0).shifted == ""
    wrong = [_station(n, code, *to_gcj02(*place)) for n, (code, place) in enumerate(places)]
    assert look(ground, city, wrong, 5000.0).shifted == "to_wgs84"
    twice = [_station(n, code, *to_wgs84(*place)) for n, (code, place) in enumerate(places)]
    assert look(ground, city, twice, 5000.0).shifted == "to_gcj02"


def test_far_and_swapped_positions_are_not_used(heze: tuple[Ground, City]) -> None:
    ground, city = heze
    lon, lat = _inside_points(ground, "C0", 12)[0]
    rows = [
        _station(1, "C0", lon, lat),
        _station(2, "C0", lat, lon),
        _station(3, "C0", 0.0, 0.0),
        _station(4, "C0", *_inside_points(ground, "C5", 12)[3]),
    ]
    found = look(ground, city, rows, 5000.0)
    assert found.outside == ("S2", "S3")
    assert [code for code, _ in found.far] == ["S4"]
    assert found.unused == {"S2", "S3", "S4"}


def test_cells_lie_in_the_county_that_holds_them(heze: tuple[Ground, City]) -> None:
    ground, _ = heze
    grid = cells(ground, 3000, 0.0)
    held = grid.county >= 0
    assert 1200 < held.sum() < 1400, "some 12,000 km2 of 9 km2 each"
    some = np.flatnonzero(held)[::97]
    for index in some:
        code = ground.counties[grid.county[index]].code
        assert ground.metres_outside(code, float(grid.x[index]), float(grid.y[index])) == 0
    assert (grid.at(grid.x, grid.y) == np.arange(len(grid.x))).all()
    assert cells(ground, 10, 0.0).side > 10, "never more than a screen can hold"


def test_sides_of_cells_go_with_the_spacing() -> None:
    assert sizes(5000) == (3000, 1000, 500)
    assert sizes(float("nan")) == (3000, 1000, 500)
    assert sizes(100) == (50, 20, 10)
    assert sizes(60000) == (20000, 10000, 5000)
    assert spacing(np.array([0.0, 60000.0]), np.zeros(2)) == 60000
