"""Polling: watermark and overlap, conditional requests, back-off, the circuit, health, politeness."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from backend.clock import ManualClock
from backend.feeds import asides, health, marks, registry
from backend.feeds.fault import FeedError
from backend.feeds.health import Health
from backend.feeds.http import Reply
from backend.feeds.pace import COOLDOWN, FLOOR, OPENS_AFTER, back_off
from backend.feeds.record import Page, PutAside
from backend.feeds.runner import PollReport, poll_feed
from backend.feeds.session import Mark
from backend.feeds.tables import Aside, Feed
from backend.ingest import IngestReport
from backend.store import Store, table
from backend.words import Message
from tests.feeds.helpers import CSV_OPTIONS, Answer, Answers, Sink, Waits, new_feed, reply

HOUR = 3600
NOW = 1_793_692_800
TABLE = "station,time,PM2.5,CO\n1718A,2026-11-03 16:00,35,0.9\n1719A,2026-11-03 16:00,NA,<0.1\n"


def health_of(store: Store, feed: int) -> Health:
    with store.read() as connection:
        found = health.read(connection, feed)
    assert found is not None
    return found


def mark_of(store: Store, feed: int) -> Mark | None:
    with store.read() as connection:
        return marks.read(connection, feed).get("")


def poll(
    store: Store, feed: int, clock: ManualClock, answers: list[Answer], waits: Waits | None = None
) -> tuple[PollReport, Sink, Answers]:
    sink, upstream = Sink(), Answers(answers)
    return poll_feed(store, feed, clock, sink, upstream, pace=(waits or Waits()).pace()), sink, upstream


def test_a_csv_feed_brings_records_named_by_the_start_of_their_hour(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    report, sink, _ = poll(store, feed, clock, [reply(TABLE)])
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
    mark = mark_of(store, feed)
    assert mark is not None
    assert mark.at == start
    kept = health_of(store, feed)
    assert (kept.state, kept.newest, kept.next_at, kept.records) == ("ok", start, clock.now() + HOUR, 4)


def test_a_page_reaches_the_sink_before_the_watermark_moves(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    seen: list[object] = []

    def sink(page: Page, number: int, now: int) -> None:
        assert (number, now) == (feed, clock.now())
        seen.append(mark_of(store, feed))
        assert page.records

    poll_feed(store, feed, clock, sink, Answers([reply(TABLE)]), pace=Waits().pace())
    assert seen == [None]
    assert mark_of(store, feed) is not None


def test_a_page_that_cannot_be_stored_is_asked_for_again(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())

    def sink(page: Page, number: int, now: int) -> None:
        raise OSError(f"disk full {len(page.records)} {number} {now}")

    report = poll_feed(store, feed, clock, sink, Answers([reply(TABLE)]), pace=Waits().pace())
    assert report.message == Message("feed.sink.failed", {"error": "OSError"})
    assert mark_of(store, feed) is None
    again, received, _ = poll(store, feed, clock, [reply(TABLE)])
    assert again.ok
    assert len(received.values) == 4


def test_counts_of_the_sink_reach_the_health(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())

    class Taken:
        revised, same = 1, 3

    poll_feed(store, feed, clock, lambda *_: Taken(), Answers([reply(TABLE)]), pace=Waits().pace())
    kept = health_of(store, feed)
    assert (kept.revised, kept.unchanged, kept.polls) == (1, 3, 1)


def test_the_watermark_never_goes_back_nor_into_the_future(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    ahead = TABLE + "1720A,2026-11-04 16:00,35,0.9\n"
    _, sink, _ = poll(store, feed, clock, [reply(ahead)])
    assert len(sink.values) == 6
    mark = mark_of(store, feed)
    assert mark is not None
    assert mark.at == NOW
    assert health_of(store, feed).newest == NOW - HOUR
    poll(store, feed, clock, [reply(TABLE.replace("16:00", "09:00"))])
    mark = mark_of(store, feed)
    assert mark is not None
    assert mark.at == NOW


@given(st.lists(st.one_of(st.none(), st.integers(min_value=0, max_value=2 * NOW)), max_size=12))
@settings(max_examples=20, deadline=None)
def test_watermarks_only_rise_and_stay_at_or_before_now(moves: list[int | None]) -> None:
    store = Store.memory()
    try:
        highest: int | None = None
        for newest in moves:
            with store.bulk() as connection:
                marks.move(connection, 1, "s", newest, None, NOW)
                found = marks.read(connection, 1).get("s")
            if newest is not None:
                highest = max(min(newest, NOW), highest or 0)
            assert (found.at if found else None) == highest
    finally:
        store.close()


def test_the_same_answer_is_not_read_twice(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    header = {"etag": '"v1"', "last-modified": "Tue, 03 Nov 2026 08:00:00 GMT"}
    poll(store, feed, clock, [reply(TABLE, headers=header)])
    report, sink, upstream = poll(store, feed, clock, [reply(status=304)])
    assert upstream.asked[0].headers["If-None-Match"] == '"v1"'
    assert upstream.asked[0].headers["If-Modified-Since"] == "Tue, 03 Nov 2026 08:00:00 GMT"
    assert report.ok
    assert not sink.pages
    report, sink, _ = poll(store, feed, clock, [reply(TABLE)])
    assert report.ok
    assert not sink.pages
    changed, sink, _ = poll(store, feed, clock, [reply(TABLE.replace("35", "36"))])
    assert changed.ok
    assert sink.values[("1718A", "pm25", NOW - HOUR)] == 36.0


def test_new_settings_read_the_same_answer_anew(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    poll(store, feed, clock, [reply(TABLE, headers={"etag": '"v1"'})])
    milligrams = CSV_OPTIONS.replace('unit = "ug/m3"', 'unit = "mg/m3"')
    with store.write() as connection:
        connection.execute(update(table(Feed)).values(options=milligrams))
    _, sink, upstream = poll(store, feed, clock, [reply(TABLE)])
    assert "If-None-Match" not in upstream.asked[0].headers
    assert sink.values[("1718A", "pm25", NOW - HOUR)] == 35_000.0


def test_an_answer_whose_page_failed_is_not_remembered(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    poll(store, feed, clock, [reply("<html>", headers={"etag": '"v1"'})])
    _, _, upstream = poll(store, feed, clock, [reply(TABLE)])
    assert "If-None-Match" not in upstream.asked[0].headers


@pytest.mark.parametrize("failures", range(1, 12))
@pytest.mark.parametrize("dice", [0.0, 0.5, 0.999])
def test_back_off_grows_with_full_jitter_and_is_bounded(failures: int, dice: float) -> None:
    delay = back_off(failures, HOUR, dice)
    if failures < OPENS_AFTER:
        assert delay == max(FLOOR, int(30 * 2 ** (failures - 1) * dice))
    else:
        assert COOLDOWN <= delay <= 5 * HOUR
    assert back_off(failures, HOUR, dice, wait=7200) >= 7200
    # Nobody is believed who wants to be left alone for a year.
    assert back_off(failures, HOUR, dice, wait=31_536_000) == 86_400
    assert back_off(failures, 60, dice) <= max(60, back_off(failures, HOUR, dice))


def test_the_circuit_opens_and_one_good_poll_closes_it(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    states = []
    for _ in range(OPENS_AFTER + 1):
        report, *_ = poll(store, feed, clock, [reply(status=500)])
        states.append(report.state)
        assert health_of(store, feed).next_at > clock.now()
        clock.at = health_of(store, feed).next_at
    assert states == ["failing"] * (OPENS_AFTER - 1) + ["open"] * 2
    kept = health_of(store, feed)
    assert kept.message() == Message("feed.http.server", {"status": 500})
    assert kept.next_at - (kept.polled_at or 0) >= 2 * COOLDOWN
    with store.read() as connection:
        assert list(health.due(connection, clock.now() - 1)) == []
        assert list(health.due(connection, clock.now())) == [feed]
    clock.at = NOW + 60
    report, *_ = poll(store, feed, clock, [reply(TABLE)])
    assert (report.ok, report.state) == (True, "ok")
    assert (health_of(store, feed).failures, health_of(store, feed).error) == (0, "")


@pytest.mark.parametrize(
    ("status", "headers", "code", "least"),
    [
        (503, {"retry-after": "900"}, "feed.http.server", 900),
        (503, {"retry-after": formatdate(NOW + 1200, usegmt=True)}, "feed.http.server", 1200),
        (503, {"retry-after": "soon"}, "feed.http.server", FLOOR),
        (429, {"retry-after": "700"}, "feed.http.rate", 700),
        (429, {"x-ratelimit-reset": str(NOW + 500)}, "feed.http.rate", 500),
        (429, {"x-ratelimit-reset": "300"}, "feed.http.rate", 300),
        (429, {"ratelimit-reset": "200"}, "feed.http.rate", 200),
        (429, {}, "feed.http.rate", 60),
        (500, {}, "feed.http.server", FLOOR),
        (401, {}, "feed.http.key", FLOOR),
        (403, {}, "feed.http.key", FLOOR),
        (404, {}, "feed.http.gone", FLOOR),
        (418, {}, "feed.http.status", FLOOR),
        (304, {}, "", HOUR),
        (204, {}, "feed.http.status", FLOOR),
    ],
)
def test_what_an_upstream_asks_for_is_kept_to(
    status: int, headers: dict[str, str], code: str, least: int, store: Store, clock: ManualClock
) -> None:
    feed = new_feed(store, clock.now())
    waits = Waits(dice=0.0)
    report, _, upstream = poll(store, feed, clock, [reply("no", status, headers)], waits)
    assert (report.message.code if report.message else "") == code
    assert least <= report.next_at - clock.now() <= least + 5
    # What can't help is not tried again, and a long wait is not waited for here.
    repeats = (
        {500: 3, 503: 3 if headers["retry-after"] == "soon" else 1}
        if status in (500, 503) and headers
        else {500: 3}
    )
    assert len(upstream.asked) == repeats.get(status, 1)
    assert sum(waits.slept) < 30


def test_a_passing_fault_is_passed_over(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    waits = Waits()
    answers: list[Answer] = [FeedError("feed.http.timeout", host="h"), reply(status=502), reply(TABLE)]
    report, sink, upstream = poll(store, feed, clock, answers, waits)
    assert report.ok
    assert len(upstream.asked) == 3
    assert len(sink.values) == 4
    assert waits.slept[:1] == [1.0]


def test_a_spent_allowance_stops_the_poll(store: Store, clock: ManualClock) -> None:
    options = CSV_OPTIONS + '[paging]\nkind = "page"\nparam = "p"\n'
    feed = new_feed(store, clock.now(), options)
    spent = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "240"}
    report, sink, upstream = poll(store, feed, clock, [reply(TABLE, headers=spent)])
    assert report.message is not None
    assert report.message.code == "feed.http.rate"
    assert len(upstream.asked) == 1
    assert len(sink.pages) == 1
    assert report.next_at - clock.now() >= 239
    assert mark_of(store, feed) is None


def test_requests_keep_their_distance_and_their_number(store: Store, clock: ManualClock) -> None:
    options = CSV_OPTIONS + (
        '[paging]\nkind = "page"\nparam = "p"\n[politeness]\nmin_interval = 2.5\nmax_requests = 3\n'
    )
    feed = new_feed(store, clock.now(), options)
    waits = Waits()
    pages: list[Answer] = [reply(TABLE.replace("1718A", f"S{n}")) for n in range(9)]
    report, sink, upstream = poll(store, feed, clock, pages, waits)
    assert len(upstream.asked) == 3
    assert waits.slept == [2.5, 2.5]
    # It never came to an end, so it can't say how far it has come: that is a fault to be told.
    assert report.message is not None
    assert report.message.code == "feed.poll.too_many"
    assert not report.ok
    assert len(sink.pages) == 3


def test_a_slow_upstream_does_not_hold_up_the_others(store: Store, clock: ManualClock) -> None:
    options = CSV_OPTIONS + (
        '[paging]\nkind = "page"\nparam = "p"\n[politeness]\nmin_interval = 100\nmax_seconds = 240\n'
    )
    feed = new_feed(store, clock.now(), options)
    waits = Waits()
    pages: list[Answer] = [reply(TABLE.replace("1718A", f"S{n}")) for n in range(9)]
    report, _, upstream = poll(store, feed, clock, pages, waits)
    assert report.message == Message("feed.poll.too_slow", {"limit": 240})
    assert len(upstream.asked) == 4
    assert sum(waits.slept) == 300


def test_the_upstreams_clock_is_compared_with_ours(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    poll(store, feed, clock, [reply(TABLE, headers={"date": formatdate(NOW - 90, usegmt=True)})])
    assert health_of(store, feed).skew == -90
    poll(store, feed, clock, [reply(TABLE, headers={"date": "yesterday"})])
    assert health_of(store, feed).skew == -90


def test_garbage_after_good_answers_damages_nothing(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    poll(store, feed, clock, [reply(TABLE)])
    before = mark_of(store, feed)
    for body in (b"\x00\xff" * 500, b"<html>", b"", b"[" * 10_000, b"station\n", TABLE.encode("utf-16")):
        clock.move(HOUR)
        report, sink, _ = poll(store, feed, clock, [reply(body)])
        assert not report.ok
        assert not sink.pages
        assert mark_of(store, feed) == before
    kept = health_of(store, feed)
    assert (kept.failures, kept.state, kept.ok_at) == (6, "open", NOW)


def test_an_adapter_that_trips_is_a_failed_poll(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = new_feed(store, clock.now())
    mapped = registry.adapter("mapped")

    def pages(*_: Any) -> Iterator[Page]:
        yield Page()
        raise ZeroDivisionError

    monkeypatch.setattr(type(mapped), "pages", pages)
    report, sink, _ = poll(store, feed, clock, [reply(TABLE)])
    assert report.message == Message("feed.adapter.failed", {"error": "ZeroDivisionError"})
    assert len(sink.pages) == 1
    assert health_of(store, feed).failures == 1


def test_faulty_settings_in_the_store_are_told(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    with store.write() as connection:
        connection.execute(update(table(Feed)).values(options="format = 7"))
    report, _, upstream = poll(store, feed, clock, [reply(TABLE)])
    assert report.message is not None
    assert report.message.code.startswith("feed.option.")
    assert "format" in report.faults
    assert not upstream.asked


def test_a_feed_that_is_off_is_left_alone(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now(), enabled=False)
    report, _, upstream = poll(store, feed, clock, [reply(TABLE)])
    assert (report.ok, report.state, upstream.asked) == (False, "off", [])
    with store.read() as connection:
        assert list(health.due(connection, clock.now())) == []
    assert poll(store, 99, clock, [reply(TABLE)])[0].message == Message("feed.unknown", {"feed": 99})


def test_a_feed_without_news_becomes_late_and_comes_back(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now(), stale_after=HOUR)
    poll(store, feed, clock, [reply(TABLE)])
    assert health.sweep(store, NOW + HOUR) == 0
    assert health.sweep(store, NOW + HOUR + 1) == 1
    assert health_of(store, feed).state == "late"
    assert health.sweep(store, NOW + HOUR + 2) == 0
    clock.at = NOW + HOUR + 2
    poll(store, feed, clock, [reply(TABLE.replace("16:00", "17:00"))])
    assert health_of(store, feed).state == "ok"


def test_the_same_bytes_are_kept_once_and_counted(store: Store) -> None:
    one = PutAside(Message("feed.value.number", {"column": "x", "value": "y"}), b"row")
    other = PutAside(Message("feed.time.missing", {"column": "t"}), b"row")
    with store.bulk() as connection:
        asides.keep(connection, 1, [one, one, other], NOW)
        asides.keep(connection, 1, [one], NOW + 1)
        asides.keep(connection, 2, [one], NOW)
        rows = table(Aside).c
        found = connection.execute(select(rows.code, rows["count"], rows.at).where(rows.feed == 1)).all()
    assert sorted(map(tuple, found)) == [
        ("feed.time.missing", 1, NOW),
        ("feed.value.number", 3, NOW + 1),
    ]


def test_put_aside_records_are_bounded_the_oldest_go(store: Store) -> None:
    with store.bulk() as connection:
        for day in range(8):
            some = [
                PutAside(Message("x"), f"{day} {n}".encode() + bytes(9000)) for n in range(asides.PER_PAGE)
            ]
            asides.keep(connection, 1, some, NOW + day)
            asides.prune(connection, 1)
        rows = table(Aside).c
        count, oldest = connection.execute(select(func.count(), func.min(rows.at))).one()
        longest = connection.execute(select(func.max(func.length(rows.raw)))).scalar_one()
    assert count == asides.KEPT
    assert oldest == NOW + 3
    assert longest == 4096


def test_answers_that_were_refused_are_kept_to_look_at(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())
    for _ in range(3):
        poll(store, feed, clock, [Reply(200, {}, b"<html>\x1b[2Jlogin", "http://upstream.test/")])
    with store.read() as connection:
        rows = table(Aside).c
        found = connection.execute(select(rows.code, rows["count"], rows.raw)).all()
    assert list(map(tuple, found)) == [("feed.body.html", 3, b"<html>\x1b[2Jlogin")]
    assert health_of(store, feed).asides == 3


def test_what_the_sink_puts_aside_counts_too(store: Store, clock: ManualClock) -> None:
    feed = new_feed(store, clock.now())

    def sink(page: Page, _feed: int, _now: int) -> IngestReport:
        # Its own and one of the page's: another feed owns what the others are of.
        return IngestReport(asides=len(page.asides) + 3)

    broken = TABLE + "1718A,soon,1,1\n"
    report = poll_feed(store, feed, clock, sink, Answers([reply(broken)]), pace=Waits().pace())
    assert (report.ok, report.asides, health_of(store, feed).asides) == (True, 4, 4)
