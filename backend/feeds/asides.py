"""Records put aside: kept with their reason, once for the same bytes, and never without bound."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, func, select, update

from backend.feeds.fault import RAW_LIMIT
from backend.feeds.record import Page, PutAside
from backend.feeds.tables import Aside
from backend.store.model import table
from backend.words import Message

KEPT = 1000
"""Rows of one feed that are kept; the oldest go."""
PER_PAGE = 200
"""Rows of one page that are kept: a page of pure garbage is told by its first ones."""
_PART = 400


def keep(conn: Connection, feed: int, asides: Sequence[PutAside], now: int) -> None:
    """Store records that were put aside; the same bytes for the same reason count up."""
    counts: Counter[str] = Counter()
    first: dict[str, PutAside] = {}
    for aside in asides:
        digest = sha256(aside.reason.code.encode() + b"\0" + aside.raw).hexdigest()[:32]
        counts[digest] += 1
        first.setdefault(digest, aside)
    rows = table(Aside)
    digests = list(first)
    for begin in range(0, len(digests), _PART):
        part = digests[begin : begin + _PART]
        held = dict(
            conn.execute(
                select(rows.c.digest, rows.c.id).where(rows.c.feed == feed, rows.c.digest.in_(part))
            ).all()
        )
        again = [{"which": held[digest], "more": counts[digest]} for digest in part if digest in held]
        if again:
            conn.execute(
                update(rows)
                .where(rows.c.id == bindparam("which"))
                .values(count=rows.c.count + bindparam("more"), at=now),
                again,
            )
        new = [
            {
                "feed": feed,
                "at": now,
                "code": first[digest].reason.code,
                "args": json.dumps(dict(first[digest].reason.args), ensure_ascii=False),
                "raw": first[digest].raw[:RAW_LIMIT],
                "digest": digest,
                "count": counts[digest],
            }
            for digest in part
            if digest not in held
        ]
        if new:
            conn.execute(rows.insert(), new)


def bounded(page: Page) -> Page:
    """The page with no more put aside than is worth keeping: the rest is one line with their number."""
    if len(page.asides) <= PER_PAGE:
        return page
    more = Message("feed.asides.more", {"count": len(page.asides) - PER_PAGE})
    return replace(page, asides=[*page.asides[:PER_PAGE], PutAside(more, b"")])


def prune(connection: Connection, feed: int) -> None:
    """Let the oldest rows of a feed go, so that no more than `KEPT` stay."""
    rows = table(Aside)
    total = connection.execute(select(func.count()).where(rows.c.feed == feed)).scalar_one()
    if total > KEPT:
        oldest = (
            select(rows.c.id).where(rows.c.feed == feed).order_by(rows.c.at, rows.c.id).limit(total - KEPT)
        )
        connection.execute(delete(rows).where(rows.c.id.in_(oldest)))
