"""Readings as arrays, and places as metres."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backend.analysis import geo
from backend.analysis.field import Field, read_field
from backend.city.geometry import distance_km
from backend.city.registry import City
from backend.store import Store
from backend.store import readings as store_readings
from backend.store.readings import Book
from tests.unit.small_city import HOUR, T, build, station

PM25, NO2, DIR = 1, 4, 13
BOOK = Book({}, lambda start: start // 86400 * 86400)


def put(
    store: Store, *rows: tuple[int, int, float | None], flag: int = 1, period: int = HOUR, p: int = PM25
) -> None:
    """Readings as start, station, value."""
    lines = [(start, who, p, period, value, "", flag, "", 0, 1) for start, who, value in rows]
    with store.bulk() as conn:
        store_readings.write(conn, lines, BOOK, T)


def field(store: Store, city: City, *parameters: str, **more: Any) -> Field:
    """The six hours before T unless told otherwise."""
    asked: dict[str, Any] = {"start": T - 6 * HOUR, "end": T, **more}
    with store.read() as conn:
        return read_field(conn, city, parameters=parameters or ("pm25",), **asked)


def three(store: Store) -> City:
    """Three stations in a row, three kilometres apart, numbered from 1."""
    return build(store, [station(f"S{n}", lon=115.0 + n * 0.033, lat=35.0) for n in range(3)])


def test_every_instant_has_a_row_and_what_is_missing_is_nan(store: Store) -> None:
    city = three(store)
    put(store, (T - 6 * HOUR, 1, 10.0), (T - HOUR, 3, 30.0), (T - 7 * HOUR, 1, 99.0))
    read = field(store, city)
    assert read.period == HOUR
    assert read.times.tolist() == [T - n * HOUR for n in range(6, 0, -1)]
    assert [row.id for row in read.stations] == [1, 2, 3]
    assert read.values["pm25"].dtype == np.float32
    assert read.values["pm25"][0, 0] == 10
    assert read.values["pm25"][5, 2] == 30
    assert np.isnan(read.values["pm25"]).sum() == 16
    assert read.row(T - HOUR) == 5
    assert read.column[3] == 2


def test_nothing_that_ends_after_the_end_is_read(store: Store) -> None:
    city = three(store)
    put(store, (T - 2 * HOUR, 1, 10.0), (T - HOUR, 1, 20.0), (T, 1, 30.0))
    half = field(store, city, end=T - HOUR + 1800)
    assert half.times[-1] == T - 2 * HOUR, "the hour that is still running is not known yet"
    assert np.nanmax(half.values["pm25"]) == 10


def test_only_good_values_unless_asked(store: Store) -> None:
    city = three(store)
    put(store, (T - HOUR, 1, 10.0))
    put(store, (T - HOUR, 2, 20.0), flag=3)
    put(store, (T - HOUR, 3, 30.0), flag=4)
    assert np.nansum(field(store, city).values["pm25"]) == 10
    assert np.nansum(field(store, city, suspect=True).values["pm25"]) == 30


def test_finer_readings_make_a_mean_where_they_cover_three_quarters(store: Store) -> None:
    city = three(store)
    put(store, *((T - HOUR + n * 900, 1, float(n)) for n in range(4)), period=900)
    put(store, *((T - HOUR + n * 900, 2, 7.0) for n in range(3)), period=900)
    put(store, *((T - HOUR + n * 900, 3, 7.0) for n in range(2)), period=900)
    last = field(store, city, period=HOUR).values["pm25"][-1]
    assert last[0] == pytest.approx(1.5)
    assert last[1] == 7
    assert np.isnan(last[2])


def test_hours_that_begin_beside_the_hour_stand_for_the_one_in_which_they_ended(store: Store) -> None:
    city = three(store)
    half = 1800
    put(store, *((T - n * HOUR - half, 1, float(n)) for n in range(1, 8)), (T - 2 * HOUR + 60, 2, 50.0))
    read = field(store, city)
    # From half past to half past: known when the hour is over in which it ended.
    assert read.values["pm25"][:, 0].tolist() == [6, 5, 4, 3, 2, 1]
    assert read.values["pm25"][4, 1] == 50, "a logger's clock that is a minute off"
    assert np.nanmin(field(store, city, end=T - HOUR).values["pm25"][:, 0]) == 2


def test_directions_are_averaged_round_the_circle(store: Store) -> None:
    city = three(store)
    put(store, (T - HOUR, 1, 350.0), (T - 1800, 1, 20.0), period=1800, p=DIR)
    mean = field(store, city, "wind_dir", period=HOUR).values["wind_dir"][-1, 0]
    assert mean == pytest.approx(5.0, abs=1e-3)


def test_coarser_readings_are_spread_where_asked(store: Store) -> None:
    city = three(store)
    put(store, (T - 7 * HOUR, 1, 1.0), (T - HOUR, 1, 8.0))
    put(store, (T - 600, 1, 9.0), period=60)
    spread = field(store, city, start=T - 1800, period=60, spread=True).values["pm25"][:, 0]
    assert spread[0] == 8, "it began before the window"
    assert spread[20] == 9, "a reading of the very period stands first"
    assert np.isnan(field(store, city, start=T - 1800, period=60).values["pm25"][0, 0])


def test_the_period_is_what_most_measure_or_what_was_read(store: Store) -> None:
    city = three(store)
    put(store, *((T - n * 60, 1, 1.0) for n in range(1, 20)), period=60)
    put(store, (T - HOUR, 2, 1.0))
    assert field(store, city).period == 60
    assert field(store, city, "no_such_thing").values["no_such_thing"].shape == (6, 3)


def test_stations_that_are_not_placed_or_out_of_service_are_left_out(store: Store) -> None:
    city = build(
        store,
        [
            station("A", kind="air"),
            station("B", kind="site_dust", lon=115.1),
            station("C", placed=False),
            station("D", in_service=False),
            station("E", lon=None, lat=None),
        ],
    )
    assert [row.code for row in field(store, city).stations] == ["A", "B"]
    assert [row.code for row in field(store, city, kinds=("site_dust",)).stations] == ["B"]
    assert [row.code for row in field(store, city, stations=(1, 3)).stations] == ["A"]


def test_far_numbers_are_read_too(store: Store) -> None:
    city = build(store, [station(f"S{n}", lon=115 + n / 1000) for n in range(900)])
    numbers = range(1, 900, 30)
    put(store, *((T - HOUR, n, float(n)) for n in range(1, 901)))
    read = field(store, city, stations=numbers).values["pm25"][-1]
    assert read.tolist() == [float(n) for n in numbers]


def test_the_plane_keeps_distances() -> None:
    plane = geo.Plane.about([114.5, 116.5], [34.5, 36.0])
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(114.5, 116.5, 40), rng.uniform(34.5, 36.0, 40)
    x, y = plane.xy(lon, lat)
    flat = geo.distances(x, y)
    true = (
        np.array(
            [
                [distance_km(a, b, c, d) for c, d in zip(lon, lat, strict=True)]
                for a, b in zip(lon, lat, strict=True)
            ]
        )
        * 1000
    )
    apart = true > 0
    assert np.max(np.abs(flat[apart] / true[apart] - 1)) < 3e-4
    back = plane.lonlat(x, y)
    assert np.allclose(back[0], lon, atol=1e-9)
    assert np.allclose(back[1], lat, atol=1e-9)
    assert [float(part) for part in plane.xy(plane.lon, plane.lat)] == [0, 0]


def test_neighbours_bearings_and_spacing() -> None:
    x, y = np.array([0.0, 100.0, 300.0, 300.0]), np.array([0.0, 0.0, 0.0, 0.5])
    who, far = geo.nearest(x, y, 2)
    assert who[0].tolist() == [1, 2]
    assert far[0, 0] == 100
    assert geo.nearest(x, y, 5)[0][0].tolist()[3:] == [-1, -1]
    assert geo.spacing(x, y) == pytest.approx(100), "two inlets on one mast are one place"
    assert np.isnan(geo.spacing(x[:1], y[:1]))
    assert geo.bearings(0, 0, [0, 5, 0, -5], [5, 0, -5, 0]).tolist() == [0, 90, 180, 270]
    assert geo.turned([350, 10], [10, 200]).tolist() == [20, 170]
