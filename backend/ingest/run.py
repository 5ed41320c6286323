"""A page from end to end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select

from backend.alarms.evaluation import evaluate
from backend.city.registry import City
from backend.feeds import asides
from backend.feeds.record import Page, PutAside, Record
from backend.feeds.tables import Feed, FeedHealth
from backend.incidents.following import open_for
from backend.ingest.ahead import keep as keep_ahead
from backend.ingest.book import Ledger, ledger_of
from backend.ingest.owed import Hours, owe, owed_rows, settled, unfinished
from backend.ingest.passages import Came, Tell, take_in
from backend.ingest.resolve import Resolved, Resolver, resolver_of
from backend.quality.series import assess
from backend.standards.flags import Flag
from backend.store import Store, table
from backend.store.readings import Row, amend, write
from backend.words import Message

T = TypeVar("T")
SLICE = 8192
"""Records that are sorted at once: a full-city hour; a longer sort would stop every other thread while it lasts."""
PORTION = 500
"""Rows of one transaction: a person's act never waits long for the writer."""

FEW_STARTS = 4
"""Starts of which so few fill a part are long ones."""


@dataclass(slots=True)
class IngestReport:
    """What became of a page; every record is in exactly one of written, revised, same, replaced and asides."""

    received: int = 0
    """Records that the adapter handed over, and those it put aside."""
    written: int = 0
    """New readings, and vehicles that passed."""
    revised: int = 0
    """Readings whose value the upstream has changed."""
    same: int = 0
    """Records that the store held already, and those that the page itself repeated."""
    replaced: int = 0
    """Of what a page told twice: records with another value than the later one, which holds. They are in no other."""
    asides: int = 0
    why: dict[str, tuple[int, Message]] = field(default_factory=dict)
    """Why records were put aside: by the reason's code how many, and what was said of the first."""
    amended: int = 0
    """Readings stored earlier that got another flag."""
    stations: int = 0
    """Stations that nobody knew and that were created unplaced."""
    claims: int = 0
    """Station parameters that nobody owned and this feed owns now; like ``stations``, news for the snapshot."""
    flags: dict[str, int] = field(default_factory=dict)
    """How many of the readings written, revised or amended have which flag (by its name in lower case)."""
    reasons: dict[str, int] = field(default_factory=dict)
    """How often each check spoke on them."""
    alarms_raised: int = 0
    alarms_cleared: int = 0
    incidents_opened: int = 0
    late: int = 0
    """Vehicles whose exceedances came too late to ring."""


def ingest(
    store: Store, city: City, feed_id: int, page: Page, now: int, *, tell: Tell | None = None
) -> IngestReport:
    """Store a page of a feed with its flags, and let the rules look at what changed.

    The same page again changes nothing and counts as ``same``. Call it from a worker thread.

    Args:
        tell: tells of vehicles whose exceedances came too late to ring (`backend.notify.vehicles`).
    """
    report = IngestReport(received=len(page.records) + len(page.asides) + len(page.passages))
    ledger = ledger_of(city)
    code, switched_on, asked, left = _feeds(store, feed_id, now)
    resolver = resolver_of(city, ledger, feed_id, code, switched_on)
    changed: list[Row] = []
    aside: list[PutAside] = [*page.asides]
    for some in _slices(page.records, SLICE):
        found = _resolve(store, resolver, page, some, now, asked, report)
        report.same += found.repeated - found.differed
        report.replaced += found.differed
        aside += found.asides
        hours = {(row[3], row[0]) for row in found.rows}
        for part in _portions(found.rows):
            written = _write(store, part, ledger, now, report, hours)
            # The note is made with the first change, so that a crash before the last transaction loses no alarm.
            hours = set() if written else hours
            changed += written
    came = take_in(store, city, page.passages, now, feed=code, tell=tell)
    aside += came.asides
    report.asides = len(aside)
    for one in aside:
        count, first = report.why.get(one.reason.code, (0, one.reason))
        report.why[one.reason.code] = count + 1, first
    for several in _slices(aside, PORTION):
        with store.bulk() as conn:
            asides.keep(conn, feed_id, several, now)
            asides.prune(conn, feed_id)
    if page.ahead:
        with store.bulk() as conn:
            keep_ahead(conn, city, page.ahead, now)
    _count(report, changed)
    _ring(store, city, feed_id, changed, left, now, report)
    _add(report, came)
    return report


def _add(report: IngestReport, came: Came) -> None:
    """Count vehicles that passed with the readings."""
    report.written += came.written
    report.same += came.same
    report.alarms_raised += came.raised
    report.alarms_cleared += came.cleared
    report.incidents_opened += came.opened
    report.late = len(came.late)


def _resolve(
    store: Store,
    resolver: Resolver,
    page: Page,
    records: Sequence[Record],
    now: int,
    asked: int,
    report: IngestReport,
) -> Resolved:
    try:
        return resolver.resolve(records, now, asked)
    except KeyError:
        # Something is met for the first time: learn all of it, then begin again.
        strangers = resolver.strangers(records)
        if strangers:
            with store.bulk() as conn:
                stations, claims = resolver.meet(conn, strangers, page.places)
            report.stations += stations
            report.claims += claims
        return resolver.resolve(records, now, asked)


def _ring(
    store: Store,
    city: City,
    feed_id: int,
    changed: Sequence[Row],
    left: Hours,
    now: int,
    report: IngestReport,
) -> None:
    """Let the rules look at what changed, and incidents follow, in one transaction."""
    if not changed and not left:
        return
    with store.bulk() as conn:
        touched = [*owed_rows(conn, feed_id, left, changed), *changed]
        findings = evaluate(conn, city, touched, now)
        opened = open_for(conn, city, findings, now)
        settled(conn, feed_id)
    report.alarms_raised = len(findings.raised)
    report.alarms_cleared = len(findings.cleared)
    report.incidents_opened = len(opened.opened)


def _feeds(store: Store, feed: int, now: int) -> tuple[str, frozenset[str], int, Hours]:
    """The feed's code, the codes of all that are switched on, when it was last heard of before this page (0 where
    it never was), and what an earlier page of it left behind."""
    feeds, health = table(Feed), table(FeedHealth)
    with store.read() as conn:
        rows = conn.execute(select(feeds.c.id, feeds.c.code, feeds.c.enabled)).all()
        heard = conn.execute(select(health.c.ok_at).where(health.c.feed == feed)).scalar()
        left = unfinished(conn, feed)
    code = next((row.code for row in rows if row.id == feed), "")
    return code, frozenset(row.code for row in rows if row.enabled), min(heard or 0, now), left


def _write(
    store: Store,
    part: Sequence[Row],
    ledger: Ledger,
    now: int,
    report: IngestReport,
    hours: set[tuple[int, int]],
) -> list[Row]:
    with store.bulk() as conn:
        marks = assess(conn, part, ledger.rules)
        written = write(conn, marks.rows, ledger.book, now, marks.before)
        amended = amend(conn, marks.amended, ledger.book, now) if marks.amended else []
        if hours and (written.changed or amended):
            owe(conn, part[0][9], hours)
    report.written += len(written.new)
    report.revised += written.revised
    report.same += written.same + len(written.corrected) - written.revised
    report.amended += len(amended) + len(written.corrected) - written.revised
    return written.changed + amended


def _portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Parts of about `PORTION` rows that never split what one station measured in one period.

    A part holds one start where starts are long, so that what is read beside it is the same few stations; where they
    are short, as in one station's history, it holds many.
    """
    begin = 0
    while begin < len(rows):
        end = min(begin + PORTION, len(rows))
        if 1 < len({row[0] for row in rows[begin:end]}) <= FEW_STARTS:
            first = rows[begin][0]
            end = next(index for index in range(begin, end) if rows[index][0] != first)
        while end < len(rows) and rows[end][:2] == rows[end - 1][:2]:
            end += 1
        yield rows[begin:end]
        begin = end


def _slices(several: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (several[begin : begin + size] for begin in range(0, len(several), size))


def _count(report: IngestReport, changed: Sequence[Row]) -> None:
    flags = Counter([row[6] for row in changed])
    report.flags = {Flag(flag).name.lower(): count for flag, count in sorted(flags.items())}
    codes: Counter[str] = Counter()
    # Few different reasons stand on many readings.
    for reason, count in Counter([row[7] for row in changed]).items():
        codes.update(dict.fromkeys(reason.split(), count))
    report.reasons = dict(sorted(codes.items()))
