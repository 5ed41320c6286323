"""Whatever a feed hands over: nothing is raised, everything is counted, what was stored stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backend.city.registry import City
from backend.feeds.record import Page, Place, PutAside, Record
from backend.ingest import IngestReport, ingest, run
from backend.store import Store
from backend.words import Message
from tests.unit.small_city import HOUR, T, build, page, record, rows, station

RECORDS = st.builds(
    Record,
    station=st.one_of(st.sampled_from(["S1", "S2", "NEW", ""]), st.text(max_size=80)),
    parameter=st.one_of(st.sampled_from(["pm25", "pm10", "so2"]), st.text(max_size=8)),
    start=st.one_of(st.integers(0, 30).map(lambda back: T - back * HOUR), st.integers(-(10**12), 10**14)),
    period=st.one_of(st.sampled_from([HOUR, 60, 0, 86400]), st.integers(-5, 10**12)),
    value=st.one_of(st.none(), st.floats(), st.sampled_from([10.0, 200.0, 900.0])),
    qualifier=st.sampled_from(["", "<", ">", "~", "\x1b"]),
    device=st.one_of(st.sampled_from(["", "N", "M", "d"]), st.text(max_size=4)),
    resent=st.booleans(),
)


@pytest.fixture
def city(store: Store) -> City:
    return build(store, [station("S1"), station("S2", "water", target="III")])


def whole(report: IngestReport) -> bool:
    """Every record is in exactly one of the counts."""
    told = report.written + report.revised + report.same + report.replaced + report.asides
    return report.received == told and sum(count for count, _ in report.why.values()) == report.asides


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(RECORDS, max_size=30), st.binary(max_size=20))
def test_garbage_is_put_aside_and_counted(
    store: Store, city: City, records: list[Record], raw: bytes
) -> None:
    ingest(store, city, 1, page(record("S1", 42.0, start=T - 40 * HOUR)), T)
    told = [Place(one.station, one.device, None, None, one.qualifier) for one in records]
    report = ingest(store, city, 1, Page(records, [PutAside(Message("feed.x"), raw)], told), T)
    assert whole(report)
    again = ingest(store, city, 1, Page(records, [PutAside(Message("feed.x"), raw)], told), T)
    assert whole(again)
    assert again.written == 0
    kept = rows(store, f"SELECT value, flag FROM reading WHERE start = {T - 40 * HOUR} AND station = 1")
    assert kept == [(42.0, 1)]
    for name, code in rows(store, "SELECT name, code FROM station"):
        assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in name + code)


def test_a_feed_that_makes_stations_up_does_not_fill_the_register(store: Store, city: City) -> None:
    report = ingest(store, city, 1, page(*(record(f"X{number}", 1.0) for number in range(700))), T)
    assert whole(report)
    assert (report.stations, report.asides) == (500, 200)
    assert rows(store, "SELECT COUNT(*) FROM station WHERE NOT placed") == [(500,)]


def test_a_page_longer_than_a_slice(store: Store, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SLICE", 7)
    monkeypatch.setattr(run, "PORTION", 3)
    records = [record("S1", 20.0 + back % 5, start=T - (back + 1) * HOUR) for back in range(20)]
    report = ingest(store, city, 1, page(*records, *records), T)
    assert whole(report)
    assert (report.written, report.same) == (20, 20)
    assert rows(store, "SELECT COUNT(*), SUM(value) FROM reading") == [(20, 440.0)]


def test_feeds_that_are_taken_in_at_once_do_not_hinder_each_other(store: Store) -> None:
    codes = [f"S{number}" for number in range(12)]
    town = build(store, [station(code) for code in codes])
    with store.bulk() as conn:
        conn.execute(
            text(
                "INSERT INTO feed (id, code, name, name_en, adapter, url, options, every, overlap, stale_after,"
                " enabled, secret, from_pack) SELECT id + 2, code || '2', name, name_en, adapter, url, options,"
                " every, overlap, stale_after, enabled, secret, from_pack FROM feed"
            )
        )

    def take(feed: int) -> IngestReport:
        found = IngestReport()
        for back in range(6, -1, -1):
            values = [
                record(code, 60.0 + back + 90 * (back < 3), start=T - (back + 1) * HOUR)
                for code in codes[feed - 1 :: 4]
            ]
            found = ingest(store, town, feed, page(*values), T - back * HOUR)
        return found

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(take, (1, 2, 3, 4)))
    assert all(report.written == 3 for report in reports)
    assert rows(store, "SELECT COUNT(*) FROM reading") == [(84,)]
    assert rows(store, "SELECT COUNT(*), COUNT(DISTINCT key) FROM alarm WHERE state <> 'NORM'")[0][0] > 0
    doubled = "SELECT key FROM alarm WHERE state <> 'NORM' GROUP BY key HAVING COUNT(*) > 1"
    assert rows(store, doubled) == []
