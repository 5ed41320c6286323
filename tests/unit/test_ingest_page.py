"""A page from end to end: what is stored, what is put aside, what is counted."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backend.city.registry import City
from backend.feeds.record import Place, PutAside, Record
from backend.ingest import ingest
from backend.store import Store
from backend.words import Message
from tests.unit.small_city import HOUR, T, build, page, record, rows, station

READINGS = "SELECT start, station, value, flag, reason, revision FROM reading ORDER BY 1, 2"
KEPT = ("reading", "latest", "county_hour", "station_day", "station_month")


def kept(store: Store) -> list[list[tuple[object, ...]]]:
    """Everything that readings leave behind, without the instant at which they came."""
    found = []
    for name in KEPT:
        columns = "*" if name != "latest" else "station, parameter, period, start, value, flag, reason"
        found.append(sorted(rows(store, f"SELECT {columns} FROM {name}"), key=repr))
    return found


def test_the_same_page_twice_changes_nothing(store: Store) -> None:
    city = build(store, [station("S1"), station("S2", county="B")])
    batch = page(record("S1", 40.0), record("S2", 50.0), record("S1", 60.0, parameter="pm10"))
    first = ingest(store, city, 1, batch, T)
    assert (first.received, first.written, first.same, first.flags) == (3, 3, 0, {"good": 3})
    before = kept(store)
    again = ingest(store, city, 1, batch, T + 600)
    assert (again.written, again.revised, again.same, again.flags) == (0, 0, 3, {})
    assert kept(store) == before


def test_a_revised_value_counts_up_and_is_logged(store: Store) -> None:
    city = build(store, [station("S1")])
    ingest(store, city, 1, page(record("S1", 40.0)), T)
    report = ingest(store, city, 1, page(record("S1", 45.0)), T + 60)
    assert (report.written, report.revised, report.same) == (0, 1, 0)
    assert rows(store, "SELECT value, revision FROM reading") == [(45.0, 1)]
    assert rows(store, "SELECT kind, old_value, new_value FROM reading_change") == [("revised", 40.0, 45.0)]


def test_the_last_of_a_page_holds_and_all_are_counted(store: Store) -> None:
    city = build(store, [station("S1")])
    several = page(*(record("S1", value) for value in (40.0, 42.0, 41.0, 42.0)))
    report = ingest(store, city, 1, several, T)
    # Two that say something else than the one that holds, and one that says the same.
    assert (report.received, report.written, report.same, report.replaced) == (4, 1, 1, 2)
    assert rows(store, "SELECT value FROM reading") == [(42.0,)]


def test_an_unknown_station_is_created_unplaced_and_enters_no_county(store: Store) -> None:
    city = build(store, [station("S1")])
    met = Place("NEW\x1b[2J", "新\x1b[31m站", 115.5, 35.2, "air")
    report = ingest(store, city, 1, page(record("NEW\x1b[2J", 40.0), places=[met]), T)
    assert (report.written, report.stations, report.asides) == (1, 1, 0)
    code, name, placed, county = rows(
        store, "SELECT code, name, placed, county FROM station WHERE NOT placed"
    )[0]
    assert "\x1b" not in code + name
    assert (placed, county) == (0, "")
    assert rows(store, "SELECT * FROM county_hour") == []
    # The snapshot of the city is still the old one: the station is found, not created again.
    again = ingest(store, city, 1, page(record("NEW\x1b[2J", 41.0, start=T)), T + HOUR)
    assert (again.written, again.stations) == (1, 0)


def test_a_parameter_that_another_feed_owns_is_put_aside(store: Store) -> None:
    city = build(store, [station("S1")])
    ingest(store, city, 1, page(record("S1", 40.0)), T)
    with store.read() as conn:
        city = type(city).read(conn)
    report = ingest(store, city, 2, page(record("S1", 99.0), record("S1", 80.0, parameter="no2")), T)
    assert (report.written, report.asides) == (1, 1)
    assert rows(store, "SELECT code, count FROM aside") == [("quality.aside.owned", 1)]
    assert rows(store, "SELECT value FROM reading WHERE feed = 1") == [(40.0,)]


def test_what_a_feed_owns_that_is_off_another_takes_over(store: Store) -> None:
    city = build(store, [station("S1")])
    ingest(store, city, 1, page(record("S1", 40.0)), T)
    with store.bulk() as conn:
        conn.execute(text("UPDATE feed SET enabled = 0 WHERE id = 1"))
        city = type(city).read(conn)
    report = ingest(store, city, 2, page(record("S1", 99.0, start=T)), T + HOUR)
    assert (report.written, report.asides) == (1, 0)
    assert rows(store, "SELECT feed FROM station_parameter") == rows(
        store, "SELECT code FROM feed WHERE id = 2"
    )


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (record("S1", 1.0, parameter="unobtainium"), "quality.aside.parameter"),
        (record("S1", float("nan")), "quality.aside.number"),
        (record("S1", float("inf")), "quality.aside.number"),
        (record("S1", -1e300), "quality.aside.number"),
        (record("S1", 1.0, start=253402300799), "quality.aside.instant"),
        (record("S1", 1.0, start=-5), "quality.aside.instant"),
        (record("S1", 1.0, period=-1), "quality.aside.period"),
        (record("S1", 1.0, qualifier="\x1b"), "quality.aside.qualifier"),
        (record("", 1.0), "quality.aside.station"),
    ],
)
def test_one_bad_record_never_stops_the_rest(store: Store, bad: Record, code: str) -> None:
    city = build(store, [station("S1"), station("S2")])
    report = ingest(store, city, 1, page(record("S1", 40.0), bad, record("S2", 41.0)), T)
    assert (report.received, report.written, report.asides) == (3, 2, 1)
    assert rows(store, "SELECT code FROM aside") == [(code,)]
    assert rows(store, "SELECT value FROM reading ORDER BY station") == [(40.0,), (41.0,)]


def test_the_same_garbage_is_kept_once_with_its_count(store: Store) -> None:
    city = build(store, [station("S1")])
    garbage = PutAside(Message("feed.aside.row", {"line": 3}), b"\xff\x00garbage")
    for _ in range(3):
        ingest(store, city, 1, page(asides=[garbage, garbage]), T)
    assert rows(store, "SELECT code, raw, count FROM aside") == [("feed.aside.row", b"\xff\x00garbage", 6)]


def test_a_value_from_the_future_is_invalid_and_never_the_latest(store: Store) -> None:
    city = build(store, [station("S1")])
    ingest(store, city, 1, page(record("S1", 40.0), record("S1", 41.0, start=T + 86400 * 300)), T)
    assert rows(store, "SELECT value, flag, reason FROM reading ORDER BY start") == [
        (40.0, 1, ""),
        (41.0, 4, "future"),
    ]
    assert rows(store, "SELECT value FROM latest") == [(40.0,)]


@pytest.fixture
def two_stations(store: Store) -> City:
    """A city of two air stations in one county."""
    return build(store, [station("S1"), station("S2")])


def clear(store: Store) -> None:
    """Forget every reading."""
    with store.bulk() as conn:
        for name in (*KEPT, "reading_change", "alarm", "alarm_act", "incident", "rule_memory"):
            conn.execute(text(f"DELETE FROM {name}"))


VALUES = [12.0, 12.0, 12.0, 12.0, 12.0, 30.0, 12.0, None, 900.0, -2.0]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_any_order_and_repetition_of_pages_gives_the_same_store(
    store: Store, two_stations: City, data: st.DataObject
) -> None:
    """Flat lines over page borders, PM2.5 that comes before its PM10, doubled and shuffled pages."""
    hours = data.draw(st.integers(4, 9))
    records = []
    for hour in range(hours):
        start = T - (hours - hour) * HOUR
        records.append(record("S1", data.draw(st.sampled_from(VALUES)), start=start))
        records.append(
            record("S1", data.draw(st.sampled_from([8.0, 12.0, 80.0])), parameter="pm10", start=start)
        )
        records.append(record("S2", data.draw(st.sampled_from([5.0, 9.0])), parameter="so2", start=start))
    size = data.draw(st.integers(1, 7))
    pages = [page(*records[begin : begin + size]) for begin in range(0, len(records), size)]
    shuffled = data.draw(st.permutations(pages + data.draw(st.lists(st.sampled_from(pages), max_size=3))))
    results = []
    for several in ([page(*records)], shuffled):
        clear(store)
        for one in several:
            ingest(store, two_stations, 1, one, T + 60)
        results.append(kept(store))
    assert results[0] == results[1]


def test_what_another_feed_owns_does_not_fill_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.feeds.asides.KEPT", 5)
    city = build(store, [station("S1")])
    ingest(store, city, 1, page(record("S1", 40.0)), T)
    with store.read() as conn:
        city = type(city).read(conn)
    for back in range(8):
        ingest(store, city, 2, page(record("S1", 50.0, start=T - back * HOUR)), T)
    assert rows(store, "SELECT COUNT(*) FROM aside") == [(5,)]
