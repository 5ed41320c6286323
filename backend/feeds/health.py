"""The health record of a feed: what an operator reads of it, and when it is polled next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, update

from backend.feeds.pace import OPENS_AFTER
from backend.feeds.registry import FeedRow
from backend.feeds.tables import Feed, FeedHealth
from backend.store.engine import Store
from backend.store.model import table
from backend.store.sql import insert_ignore, upsert
from backend.words import Message


@dataclass(frozen=True, slots=True)
class Health:
    """What `FeedHealth` holds of one feed."""

    state: str
    polled_at: int | None
    ok_at: int | None
    newest: int | None
    next_at: int
    failures: int
    error: str
    error_args: str
    polls: int
    records: int
    revised: int
    unchanged: int
    asides: int
    skew: int | None
    elapsed_ms: int | None

    def message(self) -> Message | None:
        """The last error, None where the last poll went well."""
        if not self.error:
            return None
        arguments = json.loads(self.error_args) if self.error_args else {}
        return Message(self.error, arguments)


NONE = Health("new", None, None, None, 0, 0, "", "", 0, 0, 0, 0, 0, None, None)
"""Of a feed that was never polled."""


def read(connection: Connection, feed: int) -> Health | None:
    """The health of a feed, None before its first poll."""
    columns = table(FeedHealth).c
    row = connection.execute(
        select(*(columns[name] for name in Health.__slots__)).where(columns.feed == feed)
    ).first()
    return None if row is None else Health(*row)


def write(connection: Connection, feed: int, health: Health) -> None:
    """Keep a feed's health."""
    values = {name: getattr(health, name) for name in Health.__slots__}
    upsert(connection, table(FeedHealth), [{"feed": feed, **values}], keys=["feed"])


def begin(connection: Connection, feed: int, now: int, *, enabled: bool = True) -> None:
    """A first record for a new feed: due at once."""
    first = replace(NONE, state="new" if enabled else "off", next_at=now)
    values = {name: getattr(first, name) for name in Health.__slots__}
    insert_ignore(connection, table(FeedHealth), [{"feed": feed, **values}])


def state_of(feed: FeedRow, failures: int, newest: int | None, now: int) -> str:
    """The state to show: off, open (the circuit), failing, late, ok.

    A feed is late where its newest reading's period ended longer than ``stale_after`` ago.
    """
    if not feed.enabled:
        return "off"
    if failures >= OPENS_AFTER:
        return "open"
    if failures:
        return "failing"
    # One interval more: a period is named by its start, and comes when it is over.
    if newest is None or now - newest > feed.stale_after + feed.every:
        return "late"
    return "ok"


def due(connection: Connection, now: int) -> Sequence[int]:
    """The feeds to poll now, the one that waits longest first."""
    feeds, health = table(Feed).c, table(FeedHealth).c
    return (
        connection.execute(
            select(feeds.id)
            .join_from(table(Feed), table(FeedHealth), health.feed == feeds.id, isouter=True)
            .where(feeds.enabled.is_(True), feeds.every > 0)
            .where((health.next_at.is_(None)) | (health.next_at <= now))
            .order_by(health.next_at, feeds.id)
        )
        .scalars()
        .all()
    )


def sweep(store: Store, now: int) -> int:
    """Note what has become late since the last poll (feeds that push have none); returns how many changed."""
    feeds, health = table(Feed).c, table(FeedHealth).c
    with store.read() as connection:
        rows = connection.execute(
            select(feeds.id, feeds.stale_after, feeds.every, health.newest, health.state)
            .join_from(table(Feed), table(FeedHealth), health.feed == feeds.id)
            .where(feeds.enabled.is_(True), health.state.in_(("ok", "late")))
        ).all()
    changes = []
    for feed, stale_after, every, newest, state in rows:
        late = newest is None or now - newest > stale_after + every
        if (state == "late") != late:
            changes.append((feed, "late" if late else "ok"))
    if changes:
        with store.bulk() as connection:
            for feed, state in changes:
                connection.execute(update(table(FeedHealth)).where(health.feed == feed).values(state=state))
    return len(changes)
