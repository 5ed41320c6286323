"""Records put aside: kept with their reason, once for the same bytes, and never without bound."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select, update

from backend.feeds.fault import RAW_LIMIT
from backend.feeds.record import PutAside
from backend.feeds.tables import Aside
from backend.store.model import table

KEPT = 1000
"""Rows of one feed that are kept; the oldest go."""
PER_PAGE = 200
"""Rows of one page that are kept: a page of pure garbage is told by its first ones."""


def keep(connection: Connection, feed: int, asides: Sequence[PutAside], now: int) -> int:
    """Keep what was put aside; returns how many rows are new.

    The same bytes with the same reason are one row that counts.
    """
    rows = table(Aside)
    fresh = 0
    for aside in asides[:PER_PAGE]:
        arguments = json.dumps(dict(aside.reason.args), ensure_ascii=False, sort_keys=True)
        digest = sha256(f"{aside.reason.code}\n{arguments}\n".encode() + aside.raw).hexdigest()
        known = connection.execute(
            update(rows)
            .where(rows.c.feed == feed, rows.c.digest == digest)
            .values(count=rows.c.count + 1, at=now)
        )
        if known.rowcount:
            continue
        fresh += 1
        connection.execute(
            insert(rows).values(
                feed=feed,
                at=now,
                code=aside.reason.code,
                args=arguments,
                raw=aside.raw[:RAW_LIMIT],
                digest=digest,
                count=1,
            )
        )
    if fresh:
        prune(connection, feed)
    return fresh


def prune(connection: Connection, feed: int) -> None:
    """Let the oldest rows of a feed go, so that no more than `KEPT` stay."""
    rows = table(Aside)
    total = connection.execute(select(func.count()).where(rows.c.feed == feed)).scalar_one()
    if total > KEPT:
        oldest = (
            select(rows.c.id).where(rows.c.feed == feed).order_by(rows.c.at, rows.c.id).limit(total - KEPT)
        )
        connection.execute(delete(rows).where(rows.c.id.in_(oldest)))
