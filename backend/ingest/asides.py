"""What was put aside: kept once for the same bytes and reason, with how often they came."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select, update

from backend.feeds.record import PutAside
from backend.feeds.tables import Aside
from backend.store import table

RAW_LIMIT = 4096
"""Bytes kept of a record."""
_PART = 400


def keep_asides(conn: Connection, feed: int, asides: Sequence[PutAside], now: int) -> None:
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
