"""Data that comes late again and again: a station's matter, or where most of a feed is late, the feed's."""

from __future__ import annotations

from backend.alarms import sweep
from backend.city.registry import City
from backend.ingest import ingest
from backend.store import Store
from tests.unit.alarm_hours import alarms, states
from tests.unit.small_city import HOUR, T, build, heard, page, record, rows, station


def town(store: Store, count: int = 6) -> City:
    city = build(store, [station(f"S{number}", lat=34 + number / 3) for number in range(count)])
    arrive(store, city, 9, range(count), late=False)
    with store.read() as conn:
        return City.read(conn)


def arrive(store: Store, city: City, back: int, numbers: range, *, late: bool) -> None:
    """One hour of these stations, a minute after its end or an hour and a half."""
    start = T - (back + 1) * HOUR
    batch = [
        record(f"S{number}", 40.0 + number + back * 0.7 + shift, parameter=name, start=start)
        for number in numbers
        for shift, name in enumerate(("pm25", "so2"))
    ]
    came = start + HOUR + (5400 if late else 60)
    heard(store, came - 60)
    ingest(store, city, 1, page(*batch), came)


def test_a_station_that_is_late_twice_rings_once_for_all_that_it_measures(store: Store) -> None:
    city = town(store)
    for back in (3, 2):
        arrive(store, city, back, range(1, 6), late=False)
        arrive(store, city, back, range(1), late=True)
        assert states(store, "late") == ([] if back == 3 else ["UNACK"])
    assert alarms(store, "station, parameter, priority", "rule = 'late'") == [(1, None, "low")]
    assert rows(store, "SELECT type FROM incident") == [("equipment",)]
    arrive(store, city, 1, range(6), late=False)
    arrive(store, city, 0, range(6), late=False)
    assert states(store, "late") == ["RTN_UNACK"]


def test_where_most_of_a_feed_is_late_it_is_the_feed(store: Store) -> None:
    city = town(store)
    for back in (3, 2):
        # In two pages, as a big feed hands an hour over.
        arrive(store, city, back, range(3), late=True)
        arrive(store, city, back, range(3, 6), late=True)
    assert alarms(store, "rule, feed, state, priority, station") == [
        ("feed_late", "one", "UNACK", "medium", None)
    ]
    assert rows(store, "SELECT type, source, regional FROM incident") == [("equipment", "feed:one", 1)]
    with store.bulk() as conn:
        sweep(conn, city, T - HOUR)
    assert states(store) == ["UNACK"]
    for back in (1, 0):
        arrive(store, city, back, range(6), late=False)
    assert states(store) == ["RTN_UNACK"]


def test_what_a_broken_line_brings_at_once_rings_nobody(store: Store) -> None:
    city = town(store)
    batch = [
        record(f"S{number}", 40.0 + number + back * 0.7, start=T - (back + 1) * HOUR)
        for number in range(6)
        for back in range(4, 0, -1)
    ]
    ingest(store, city, 1, page(*batch), T + 9 * HOUR)
    assert states(store) == []


def test_who_catches_up_is_judged_by_the_newest_alone(store: Store) -> None:
    city = town(store)
    batch = [
        record(f"S{number}", 40.0 + number + back * 0.7, start=T - (back + 1) * HOUR)
        for number in range(6)
        for back in range(3, -1, -1)
    ]
    # It was asked, and had nothing: what comes then came late, and since the newest is in time it has caught up.
    heard(store, T + 60)
    ingest(store, city, 1, page(*batch), T + 120)
    assert states(store) == []
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE reason = 'late'") == [(18,)]


def test_what_nobody_asked_for_is_not_late(store: Store) -> None:
    """A first poll, and the one after a night without power at the seat, hand over what lay ready, hour by hour."""
    city = build(store, [station(f"S{number}", lat=34 + number / 3) for number in range(6)])
    for asked, backs in ((None, (6, 5, 4)), (T - 5 * HOUR, (3, 2, 1))):
        if asked is not None:
            heard(store, asked)
        for back in backs:
            batch = [record(f"S{n}", 40.0 + n + back * 0.7, start=T - (back + 1) * HOUR) for n in range(6)]
            ingest(store, city, 1, page(*batch), T + 120)
    assert states(store) == []
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE reason = 'late'") == [(0,)]
