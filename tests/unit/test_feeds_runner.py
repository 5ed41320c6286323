"""Polling: watermark and overlap, conditional requests, back-off, the circuit, health."""

from __future__ import annotations

from backend.clock import ManualClock
from backend.feeds import health, marks
from backend.feeds.runner import poll_feed
from backend.store import Store
from tests.feeds.helpers import Answers, Sink, Waits, new_feed, reply

HOUR = 3600
TABLE = "station,time,PM2.5,CO\n1718A,2026-11-03 16:00,35,0.9\n1719A,2026-11-03 16:00,NA,<0.1\n"


def test_a_csv_feed_brings_records_named_by_the_start_of_their_hour(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    sink = Sink()
    report = poll_feed(store, feed, clock, sink, Answers([reply(TABLE)]), pace=Waits().pace())
    assert report.ok
    assert (report.pages, report.records, report.state) == (1, 4, "ok")
    start = clock.now() - HOUR
    assert sink.values == {
        ("1718A", "pm25", start): 35.0,
        ("1718A", "co", start): 0.9,
        ("1719A", "pm25", start): None,
        ("1719A", "co", start): 0.1,
    }
    assert [record.qualifier for record in sink.pages[0].records] == ["", "", "", "<"]
    with store.read() as connection:
        assert marks.read(connection, feed)[""].at == start
        kept = health.read(connection, feed)
    assert kept is not None
    assert (kept.state, kept.newest, kept.next_at, kept.records) == ("ok", start, clock.now() + HOUR, 4)
