"""Poll a feed: ask its upstream, hand each page to the sink, move the watermark, write down how it went."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from backend.city.tables import Station
from backend.clock import Clock
from backend.feeds import asides, health, marks
from backend.feeds.adapter import Upstream
from backend.feeds.fault import FeedError, OptionsError
from backend.feeds.health import Health
from backend.feeds.http import Fetcher, HttpFetcher
from backend.feeds.pace import Pace, back_off
from backend.feeds.record import Page, PutAside
from backend.feeds.registry import FeedRow, Prepared, adapter, city_parameters, feed_row, prepare
from backend.feeds.secret import read_secret
from backend.feeds.session import Session
from backend.store.engine import Store
from backend.store.model import table
from backend.words import Message

log = logging.getLogger(__name__)

SPENT = frozenset(("feed.poll.too_many", "feed.poll.too_slow"))
"""A poll has used up what one poll may ask for or take."""
CATCH_UP = 60
"""Seconds until the next poll of a feed that has more to bring than one poll may ask for."""
Sink = Callable[[Page, int, int], Any]
"""Takes a page, the feed's number and the instant; what it returns may count ``revised`` and ``same``."""


@dataclass
class PollReport:
    """How a poll went."""

    feed: int
    code: str = ""
    ok: bool = False
    state: str = "off"
    message: Message | None = None
    """Why it failed, or what else the operator should know."""
    pages: int = 0
    records: int = 0
    revised: int = 0
    unchanged: int = 0
    asides: int = 0
    places: int = 0
    requests: int = 0
    moved: bool = False
    """A watermark was moved."""
    newest: int | None = None
    next_at: int = 0
    faults: list[str] = field(default_factory=list)
    """Where the settings have faults, if they do."""


def poll_feed(
    store: Store,
    feed_id: int,
    clock: Clock,
    sink: Sink,
    client: Fetcher | None = None,
    *,
    pace: Pace | None = None,
    secret: Callable[[str], str] = read_secret,
) -> PollReport:
    """Poll one feed now, whatever its timetable; a feed that is switched off is left alone.

    Every page is handed to ``sink`` before the watermark of its stream moves, so that what failed is asked
    for again. Nothing that an upstream sends raises here: it becomes the report's message and the feed's
    health. An open circuit is closed again by one poll that goes well.

    Args:
        sink: stores a page (`backend.ingest`).
        client: what fetches; a new one over the network where None.
    """
    now, pace = clock.now(), pace or Pace()
    report = PollReport(feed_id)
    with store.read() as connection:
        feed = feed_row(connection, feed_id)
        before = health.read(connection, feed_id)
    if feed is None:
        report.message = Message("feed.unknown", {"feed": feed_id})
        return report
    report.code = feed.code
    if not feed.enabled:
        return report
    started = pace.monotonic()
    if client is not None:
        wait, skew = _ask(store, feed, client, sink, report, now, pace, secret)
    else:
        with HttpFetcher() as own:
            wait, skew = _ask(store, feed, own, sink, report, now, pace, secret)
    elapsed = int((pace.monotonic() - started) * 1000)
    _conclude(store, feed, before, report, now, wait, skew, elapsed, pace)
    return report


def _ask(
    store: Store,
    feed: FeedRow,
    client: Fetcher,
    sink: Sink,
    report: PollReport,
    now: int,
    pace: Pace,
    secret: Callable[[str], str],
) -> tuple[int | None, int | None]:
    """Ask and hand over; what goes wrong is in the report.

    Returns how long the upstream wants to be left alone, and by how much its clock is off, where it said so.
    """
    session = None
    wait = None
    try:
        session, prepared = _session(store, feed, now, client, pace, secret)
        _take_pages(store, feed, prepared, session, sink, report, now)
        report.ok = True
    except FeedError as error:
        report.message, wait = error.message, error.wait
        if error.message.code in SPENT and report.moved:
            # It has come further and goes on from there: a long catching up is no failure.
            report.ok, report.message = True, Message("feed.poll.more", {"pages": report.pages})
        elif error.raw:
            _keep_answer(store, feed.id, error, now)
            report.asides += 1
    except OptionsError as error:
        report.message = error.faults[0].message
        report.faults = [fault.where for fault in error.faults]
    if session is None:
        return wait, None
    report.requests = session.requests
    return wait, session.skew


def _session(
    store: Store, feed: FeedRow, now: int, fetcher: Fetcher, pace: Pace, secret: Callable[[str], str]
) -> tuple[Session, Prepared]:
    with store.read() as connection:
        parameters = city_parameters(connection)
        known = marks.read(connection, feed.id)
    prepared = prepare(feed.adapter, feed.options, parameters)
    headers = prepared.auth.headers(secret(feed.secret)) if feed.secret else {}
    session = Session(
        now=now,
        fetcher=fetcher,
        marks=known,
        overlap=feed.overlap,
        parameters=parameters,
        politeness=prepared.politeness,
        pace=pace,
        headers=headers,
        query={prepared.auth.query: secret(feed.secret)} if feed.secret and prepared.auth.query else {},
        settings=sha256(f"{feed.url}\n{feed.options}\n{parameters}".encode()).hexdigest()[:12],
        places=lambda kind: _places(store, kind),
    )
    return session, prepared


def _take_pages(
    store: Store,
    feed: FeedRow,
    prepared: Prepared,
    session: Session,
    sink: Sink,
    report: PollReport,
    now: int,
) -> None:
    for page in _guarded(prepared.adapter.pages(Upstream(feed.url, feed.every), prepared.options, session)):
        taken = asides.bounded(page)
        # The sink stores what was put aside with the rest of the page, and puts aside what it can't place.
        try:
            said = sink(taken, feed.id, now)
        except Exception as error:
            # What can't be stored now is asked for again: the watermark has not moved.
            log.exception("a page of %s could not be stored", feed.code)
            raise FeedError("feed.sink.failed", error=type(error).__name__) from error
        with store.bulk() as connection:
            answer = None if page.more else session.validators.pop(page.stream, None)
            moved = marks.move(connection, feed.id, page.stream, page.newest, answer, now)
        report.pages += 1
        report.moved = report.moved or moved
        report.records += len(page.records) + len(page.passages)
        report.asides += len(page.asides) + getattr(said, "asides", len(taken.asides)) - len(taken.asides)
        report.places += len(page.places)
        report.revised += getattr(said, "revised", 0)
        report.unchanged += getattr(said, "same", 0)
        starts = [record.start for record in page.records if record.start <= now]
        starts += [passage.at for passage in page.passages if passage.at <= now]
        if starts:
            report.newest = max(max(starts), report.newest or 0)


def _guarded(pages: Iterator[Page]) -> Iterator[Page]:
    """An adapter that trips over an answer is a failed poll, never a stopped scheduler."""
    while True:
        try:
            page = next(pages)
        except StopIteration:
            return
        except (FeedError, OptionsError):
            raise
        except Exception as error:
            log.exception("an adapter failed")
            raise FeedError("feed.adapter.failed", error=type(error).__name__) from error
        yield page


def _keep_answer(store: Store, feed: int, error: FeedError, now: int) -> None:
    with store.bulk() as connection:
        asides.keep(connection, feed, [PutAside(Message(error.message.code), error.raw)], now)
        asides.prune(connection, feed)


def _conclude(
    store: Store,
    feed: FeedRow,
    before: Health | None,
    report: PollReport,
    now: int,
    wait: int | None,
    skew: int | None,
    elapsed: int,
    pace: Pace,
) -> None:
    """Write the health record and decide when to come back."""
    before = before or health.NONE
    failures = 0 if report.ok else before.failures + 1
    newest = max((at for at in (report.newest, before.newest) if at is not None), default=None)
    report.state = health.state_of(feed, failures, newest, now)
    if report.ok:
        report.next_at = _next(feed, now, soon=report.message is not None)
    else:
        report.next_at = now + back_off(failures, feed.every, pace.dice(), wait)
    message = report.message
    after = Health(
        state=report.state,
        polled_at=now,
        ok_at=now if report.ok else before.ok_at,
        newest=newest,
        next_at=report.next_at,
        failures=failures,
        error=message.code if message else "",
        error_args=json.dumps(dict(message.args), ensure_ascii=False) if message else "",
        polls=before.polls + 1,
        records=before.records + report.records,
        revised=before.revised + report.revised,
        unchanged=before.unchanged + report.unchanged,
        asides=before.asides + report.asides,
        skew=skew if skew is not None else before.skew,
        elapsed_ms=elapsed,
    )
    with store.bulk() as connection:
        health.write(connection, feed.id, after)


def _next(feed: FeedRow, now: int, *, soon: bool) -> int:
    """When to poll again after a poll that went well."""
    every = min(feed.every, CATCH_UP) if soon else feed.every
    declared = adapter(feed.adapter)
    phase = declared.declares.phase if declared else None
    if phase is None or soon or every <= 0:
        return now + every
    return ((now - phase) // every + 1) * every + phase


def _places(store: Store, kind: str) -> list[tuple[str, float, float]]:
    columns = table(Station).c
    with store.read() as connection:
        rows = connection.execute(
            select(columns.code, columns.lon, columns.lat)
            .where(columns.kind == kind, columns.in_service.is_(True), columns.lon.is_not(None))
            .order_by(columns.code)
        ).all()
    return [(code, lon, lat) for code, lon, lat in rows if lat is not None]
