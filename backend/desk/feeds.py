"""Feeds: how they are doing, what was put aside, and the acts on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import func, select, update

from backend.access import may
from backend.access.audit import append
from backend.access.rights import by_role
from backend.alarms.tables import Alarm
from backend.city.called import called
from backend.city.tables import Station, StationParameter
from backend.desk.desk import Desk
from backend.desk.faces import Face
from backend.desk.scope import scope_of, standing
from backend.feeds.tables import Aside, Feed, FeedHealth, Watermark
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Message, Outcome

ASIDE, FEED, HEALTH, MARK = table(Aside), table(Feed), table(FeedHealth), table(Watermark)
STATION, MEASURED = table(Station), table(StationParameter)
ALARM, TASK = table(Alarm), table(Task)
FACES = 300
"""Stations of a feed that one can go to from it."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A line of the feeds board."""

    id: int
    code: str
    name: str
    adapter: str
    url: str
    enabled: bool
    state: str
    """new, ok, late, failing, open (the circuit), off."""
    polled_at: int | None
    ok_at: int | None
    newest: int | None
    next_at: int | None
    every: int
    failures: int
    error: Message | None
    polls: int
    records: int
    revised: int
    asides: int
    skew: int | None
    elapsed_ms: int | None
    stale_after: int = 0
    """Seconds without news after which it is late."""


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A record that was put aside."""

    id: int
    at: int
    reason: Message
    raw: bytes
    count: int


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A feed with what it brings and what was put aside."""

    row: FeedRow
    stations: int
    """Stations that it owns something of."""
    by_kind: Mapping[str, int]
    streams: Sequence[tuple[str, int | None]]
    """How far each of its streams has come."""
    asides: Sequence[AsideRow]


def _message(code: str, args: str) -> Message:
    return Message(code, msgspec.json.decode(args, type=dict[str, Any]) if args else {})


def board(desk: Desk) -> list[FeedRow]:
    """Every feed with its health, those in trouble first."""
    with desk.store.read() as connection:
        rows = (
            connection.execute(
                select(FEED, HEALTH, called(FEED, desk.language).label("called")).outerjoin(
                    HEALTH, HEALTH.c.feed == FEED.c.id
                )
            )
            .mappings()
            .all()
        )
    feeds = [_row(row, desk.now) for row in rows]
    rank = {"open": 0, "failing": 1, "late": 2, "new": 3, "ok": 4, "off": 5}
    return sorted(feeds, key=lambda feed: (rank.get(feed.state, 3), feed.code))


def state_now(row: Any, now: int) -> str:
    """How a feed does, of a row with its columns and those of its health."""
    if not row[FEED.c.enabled]:
        return "off"
    state: str = row[HEALTH.c.state] or "new"
    newest = row[HEALTH.c.newest]
    # Nothing need happen for a feed to become late, so its state can't only be what the last poll wrote.
    late = newest is not None and now - newest > row[FEED.c.stale_after] + row[FEED.c.every]
    return "late" if state == "ok" and late else state


def _row(row: Any, now: int) -> FeedRow:
    return FeedRow(
        id=row[FEED.c.id],
        code=row[FEED.c.code],
        name=row["called"],
        adapter=row[FEED.c.adapter],
        url=row[FEED.c.url],
        enabled=row[FEED.c.enabled],
        state=state_now(row, now),
        polled_at=row[HEALTH.c.polled_at],
        ok_at=row[HEALTH.c.ok_at],
        newest=row[HEALTH.c.newest],
        next_at=row[HEALTH.c.next_at],
        every=row[FEED.c.every],
        failures=row[HEALTH.c.failures] or 0,
        error=_message(row[HEALTH.c.error], row[HEALTH.c.error_args]) if row[HEALTH.c.error] else None,
        polls=row[HEALTH.c.polls] or 0,
        records=row[HEALTH.c.records] or 0,
        revised=row[HEALTH.c.revised] or 0,
        asides=row[HEALTH.c.asides] or 0,
        skew=row[HEALTH.c.skew],
        elapsed_ms=row[HEALTH.c.elapsed_ms],
        stale_after=row[FEED.c.stale_after],
    )


def asides(desk: Desk, feed: int, *, limit: int = 200) -> list[AsideRow]:
    """What was put aside of a feed, newest first."""
    with desk.store.read() as connection:
        rows = connection.execute(
            select(ASIDE)
            .where(ASIDE.c.feed == feed)
            .order_by(ASIDE.c.at.desc(), ASIDE.c.id.desc())
            .limit(limit)
        ).all()
    return [
        AsideRow(row.id, row.at, _message(row.code, row.args), row.raw, row._mapping["count"]) for row in rows
    ]


def page(desk: Desk, code: str) -> FeedPage | None:
    """One feed, by its code; None where there is none."""
    row = next((feed for feed in board(desk) if feed.code == code), None)
    if row is None:
        return None
    with desk.store.read() as connection:
        kinds = connection.execute(
            select(STATION.c.kind, func.count(STATION.c.id.distinct()))
            .join(MEASURED, MEASURED.c.station == STATION.c.id)
            .where(MEASURED.c.feed == code)
            .group_by(STATION.c.kind)
        )
        by_kind = {kind[0]: kind[1] for kind in kinds}
        marks = connection.execute(
            select(MARK.c.stream, MARK.c.at).where(MARK.c.feed == row.id).order_by(MARK.c.stream)
        ).all()
    streams = [(mark.stream, mark.at) for mark in marks if mark.at is not None]
    return FeedPage(row, sum(by_kind.values()), by_kind, streams, asides(desk, row.id))


def faces(desk: Desk, code: str) -> list[Face]:
    """Where one can go from a feed: itself, its outage and the tasks about it, the stations that hang on it."""
    with desk.store.read() as connection:
        wanted = select(FEED.c.code, called(FEED, desk.language).label("name")).where(FEED.c.code == code)
        found = connection.execute(wanted).first()
        if found is None:
            return []
        outage = connection.execute(
            select(ALARM.c.id, ALARM.c.rule, ALARM.c.incident).where(
                ALARM.c.feed == code, ALARM.c.station.is_(None), standing(ALARM)
            )
        ).all()
        incidents = [row.incident for row in outage if row.incident]
        tasks = connection.execute(
            select(TASK.c.id).where(TASK.c.incident.in_(incidents), TASK.c.closed.is_(None))
        ).scalars()
        name = called(STATION, desk.language)
        stations = connection.execute(
            select(STATION.c.code, name)
            .where(
                scope_of(connection, desk.actor.grid).covers(STATION),
                STATION.c.id.in_(select(MEASURED.c.station).where(MEASURED.c.feed == code)),
            )
            .order_by(STATION.c.code)
            .limit(FACES)
        ).all()
        return [
            Face("feed", code, found.name or code),
            *(Face("alarm", str(row.id), row.rule) for row in outage),
            *(Face("task", task, task) for task in tasks),
            *(Face("station", row[0], row[1]) for row in stations),
        ]


def refusals(desk: Desk, row: FeedRow) -> dict[str, Message]:
    """Why this person may not do what with a feed; acts that are not in it are on."""
    found: dict[str, Message] = {}
    if (refusal := by_role(desk.actor, "feed.manage")) is not None:
        found["switch"] = refusal
    if (refusal := by_role(desk.actor, "feed.poll")) is not None:
        found["poll"] = refusal
    elif not row.enabled:
        found["poll"] = Message("desk.feed_is_off")
    elif not row.every:
        found["poll"] = Message("desk.feed_pushed")
    return found


def switch(desk: Desk, feed: int, *, on: bool) -> Outcome:
    """Switch a feed on or off."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "feed.manage")
        if refusal is not None:
            return Outcome(False, refusal)
        done = connection.execute(update(FEED).where(FEED.c.id == feed).values(enabled=on))
        if not done.rowcount:
            return Outcome.refused("desk.no_feed")
        connection.execute(update(HEALTH).where(HEALTH.c.feed == feed).values(next_at=desk.now))
        append(connection, desk.actor.person, "feed.on" if on else "feed.off", str(feed), desk.now)
    return Outcome.done("desk.feed_on" if on else "desk.feed_off")


def poll_soon(desk: Desk, feed: int) -> Outcome:
    """Ask for a feed at the next turn of the jobs, whichever process runs them; closes an open circuit."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "feed.poll")
        if refusal is not None:
            return Outcome(False, refusal)
        done = connection.execute(update(HEALTH).where(HEALTH.c.feed == feed).values(next_at=desk.now))
        if not done.rowcount:
            return Outcome.refused("desk.no_feed")
    return Outcome.done("desk.feed_soon")


def summary(desk: Desk) -> dict[str, int]:
    """How many feeds are in each state."""
    counts: dict[str, int] = {}
    for feed in board(desk):
        counts[feed.state] = counts.get(feed.state, 0) + 1
    return counts
