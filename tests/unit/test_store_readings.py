"""Readings: written once, revised, reflagged; latest and rollups follow."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backend.store import Store
from backend.store.readings import Book, ReadingRow, reflag, write

HOUR = 3600
DAY = 24 * HOUR
BOOK = Book({1: ("A", "air"), 2: ("A", "air"), 3: ("B", "air")}, lambda at: at - at % DAY)


def reading(start: int, station: int, value: float | None, *, flag: int = 1, reason: str = "") -> ReadingRow:
    return ReadingRow(start, station, 1, HOUR, value, "", flag, reason, 0, 1)


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def put(store: Store, *batch: ReadingRow, now: int = 100) -> tuple[int, int, int]:
    with store.bulk() as connection:
        written = write(connection, batch, BOOK, now)
    return len(written.new), written.revised, written.same


def test_a_batch_written_twice_changes_nothing(store: Store) -> None:
    batch = [reading(0, 1, 10.0), reading(0, 2, 30.0), reading(HOUR, 1, 20.0)]
    assert put(store, *batch) == (3, 0, 0)
    before = [
        rows(store, f"SELECT * FROM {name}") for name in ("reading", "latest", "county_hour", "station_day")
    ]
    assert put(store, *batch, now=200) == (0, 0, 3)
    assert before == [
        rows(store, f"SELECT * FROM {name}") for name in ("reading", "latest", "county_hour", "station_day")
    ]


def test_a_revision_is_counted_logged_and_summed_anew(store: Store) -> None:
    put(store, reading(0, 1, 10.0), reading(0, 2, 30.0))
    assert put(store, reading(0, 2, 20.0)) == (0, 1, 0)
    assert rows(store, "SELECT value, revision FROM reading WHERE station = 2") == [(20.0, 1)]
    assert rows(store, "SELECT kind, old_value, new_value FROM reading_change") == [("revised", 30.0, 20.0)]
    assert rows(store, "SELECT count, total, low, high FROM county_hour") == [(2, 30.0, 10.0, 20.0)]
    assert rows(store, "SELECT valid, total, high FROM station_day WHERE station = 2") == [(1, 20.0, 20.0)]


def test_only_good_values_enter_the_rollups(store: Store) -> None:
    put(store, reading(0, 1, 10.0), reading(0, 2, 900.0, flag=3), reading(0, 3, None, flag=9))
    assert rows(store, "SELECT county, count, total FROM county_hour") == [("A", 1, 10.0)]
    assert rows(store, "SELECT station, valid, received FROM station_day") == [
        (1, 1, 1),
        (2, 0, 1),
        (3, 0, 1),
    ]


def test_an_equal_value_does_not_wash_a_flag_clean(store: Store) -> None:
    put(store, reading(0, 1, 10.0))
    with store.bulk() as connection:
        assert reflag(connection, [(0, 1, 1, HOUR)], 3, "flat", BOOK, 150) == 1
    assert rows(store, "SELECT count(*) FROM county_hour") == [(0,)]
    assert rows(store, "SELECT flag, reason FROM latest") == [(3, "flat")]
    assert put(store, reading(0, 1, 10.0)) == (0, 0, 1)
    assert rows(store, "SELECT flag FROM reading") == [(3,)]


def test_a_late_hour_does_not_replace_the_latest(store: Store) -> None:
    put(store, reading(HOUR, 1, 20.0))
    put(store, reading(0, 1, 10.0))
    assert rows(store, "SELECT start, value FROM latest") == [(HOUR, 20.0)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 30), st.integers(1, 3), st.none() | st.integers(0, 50), st.sampled_from([1, 1, 3])
        ),
        max_size=30,
    )
)
def test_rollups_are_what_the_readings_say(batch: list[tuple[int, int, int | None, int]]) -> None:
    store = Store.memory()
    for hour, station, value, flag in batch:
        put(store, reading(hour * HOUR, station, None if value is None else float(value), flag=flag))
    assert rows(
        store, "SELECT day, station, valid, received, total, low, high FROM station_day ORDER BY 1, 2"
    ) == rows(
        store,
        "SELECT start - start % 86400, station, sum(flag = 1 AND value IS NOT NULL), count(*), "
        "coalesce(sum(CASE WHEN flag = 1 THEN value END), 0.0), min(CASE WHEN flag = 1 THEN value END), "
        "max(CASE WHEN flag = 1 THEN value END) FROM reading GROUP BY 1, 2 ORDER BY 1, 2",
    )
    assert rows(store, "SELECT start, county, count, total FROM county_hour ORDER BY 1, 2") == rows(
        store,
        "SELECT start, CASE WHEN station < 3 THEN 'A' ELSE 'B' END AS c, count(*), sum(value) FROM reading "
        "WHERE flag = 1 AND value IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
    )
    store.close()


@pytest.mark.parametrize("period", [60, 900, 4 * HOUR])
def test_other_cadences_have_days_but_no_county_hour(store: Store, period: int) -> None:
    put(store, reading(0, 1, 10.0)._replace(period=period))
    put(store, reading(0, 1, 12.0)._replace(period=period))
    assert rows(store, "SELECT count(*) FROM county_hour") == [(0,)]
    assert rows(store, "SELECT period, valid, total FROM station_day") == [(period, 1, 12.0)]


@pytest.mark.parametrize(
    ("period", "starts"),
    [
        (HOUR, [0, HOUR, 23 * HOUR]),
        (60, [0, 60, 86340]),
        (HOUR, [420, HOUR + 420]),  # samples seven minutes past the hour
        (HOUR, [420, HOUR + 500, 2 * HOUR]),  # and not always then
        (0, [5, 17]),  # a sampling instant
        (DAY, [0]),
    ],
)
def test_a_day_is_summed_anew_whatever_its_cadence(store: Store, period: int, starts: list[int]) -> None:
    batch = [ReadingRow(start, 1, 1, period, 10.0, "", 1, "", 0, 1) for start in [*starts, DAY]]
    put(store, *batch)
    put(store, batch[0]._replace(value=4.0))
    total = 10.0 * len(starts) - 6
    found = rows(store, "SELECT valid, received, total, low FROM station_day WHERE day = 0")
    assert found == [(len(starts), len(starts), total, 4.0)]
