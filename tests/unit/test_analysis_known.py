"""Doubts that only later values raised are no doubts at an instant before them."""

from __future__ import annotations

import numpy as np
import pytest

from backend.analysis.field import read_field
from backend.analysis.hotspots.look import Watch
from backend.analysis.known import as_then, unsettled
from backend.city.registry import City
from backend.store import Store
from backend.store import readings as store_readings
from backend.store.readings import Book
from tests.unit import hot_city
from tests.unit.small_city import HOUR, T, build, station

PM25 = 1
BOOK = Book({}, lambda start: start // 86400 * 86400)
SUSPECT = 3


def put(store: Store, hour: int, who: int, value: float, reason: str = "") -> None:
    """The value of an hour that begins so many before T."""
    line = (T - hour * HOUR, who, PM25, HOUR, value, "", SUSPECT if reason else 1, reason, 0, 1)
    with store.bulk() as conn:
        store_readings.write(conn, [line], BOOK, T)


def seen(store: Store, city: City, end: int) -> list[float | None]:
    """What S0 says in the six hours before so many hours before T."""
    with as_then(), store.read() as conn:
        at = T - end * HOUR
        read = read_field(conn, city, parameters=("pm25",), start=at - 6 * HOUR, end=at)
    return [None if np.isnan(one) else float(one) for one in read.values["pm25"][:, 0]]


@pytest.fixture
def city(store: Store) -> City:
    return build(store, [station(f"S{n}", lon=115.0 + n * 0.033, lat=35.0) for n in range(3)])


@pytest.mark.parametrize("reason", ["spike", "rate", "late spike"])
def test_what_the_next_value_decides_is_open_until_then(store: Store, city: City, reason: str) -> None:
    for hour, value in ((6, 10.0), (5, 11.0), (4, 90.0), (3, 12.0)):
        put(store, hour, 1, value, reason if value > 50 else "")
    assert seen(store, city, 3)[-1] == 90, "its hour is over, the next one is not"
    assert seen(store, city, 2)[-2] is None


@pytest.mark.parametrize("reason", ["outlier", "outlier spike", "inversion", "person:bad"])
def test_what_was_seen_at_once_stays_out(store: Store, city: City, reason: str) -> None:
    put(store, 4, 1, 90.0, reason)
    assert seen(store, city, 3)[-1] is None


def test_a_flat_line_is_one_when_it_has_lasted(store: Store, city: City) -> None:
    for hour in (9, 8, 7, 6, 5):
        put(store, hour, 1, 40.0, "flat")
    put(store, 4, 1, 44.0)
    assert seen(store, city, 8)[-1] == 40
    assert seen(store, city, 6)[-3:] == [40, 40, 40], "four hours make one"
    assert seen(store, city, 5)[-4:] == [None] * 4
    assert seen(store, city, 3)[:5] == [None] * 5


def test_an_answer_about_an_hour_is_what_it_was_without_the_hours_after(store: Store, city: City) -> None:
    for hour, value in ((6, 10.0), (5, 11.0), (4, 90.0), (3, 12.0), (2, 12.0)):
        put(store, hour, 1, value, "spike" if value > 50 else "")
    at = T - 3 * HOUR
    with store.read() as conn:
        assert unsettled(conn, city, [PM25], [1, 2, 3], at, HOUR) == [], (
            "who does not ask goes by what is held now"
        )
    with as_then(), store.read() as conn:
        open_ = unsettled(conn, city, [PM25], [1, 2, 3], at, HOUR)
        assert open_ == [(T - 4 * HOUR, 1, PM25, HOUR)]
        assert unsettled(conn, city, [PM25], [2, 3], at, HOUR) == []
        assert unsettled(conn, city, [PM25], [1], at + HOUR, HOUR) == []


def test_a_watch_reads_again_what_was_open(store: Store) -> None:
    of = hot_city.city(store)
    values = hot_city.hours(3)
    values["pm25"][-4, hot_city.MIDDLE] += 150
    hot_city.fill(store, of, values)
    key = (T - 4 * HOUR, hot_city.MIDDLE + 1, PM25, HOUR)
    with store.bulk() as conn:
        store_readings.reflag(conn, [key], SUSPECT, "spike", hot_city.book(of), T)
    with as_then(), store.read() as conn:
        watch, other = Watch.of(conn, of), Watch.of(conn, of)
        then = watch.look(conn, T - 4 * HOUR, parameters=("pm25",))[0]
        stepped = watch.look(conn, T - 3 * HOUR, parameters=("pm25",))[0]
        fresh = other.look(conn, T - 3 * HOUR, parameters=("pm25",))[0]
    assert then.values[hot_city.MIDDLE] > 150
    np.testing.assert_array_equal(stepped.increments, fresh.increments)
    assert np.isnan(stepped.increments[-2, hot_city.MIDDLE])
