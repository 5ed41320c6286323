"""Seals over the log of acts 办理记录封存: what people did to tasks is covered by the audit chain too.

An act's row is never changed. Every so often a row of the chain takes the digest of those that came since the one
before, so that one that is changed, missing or put in later shows, and the chain's head on paper vouches for them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from backend.access.audit import AUDIT, append
from backend.store import table
from backend.tasks.tables import Act

ACT = table(Act)
KIND: Final = "act.seal"
SETTLED: Final = 300
"""Seconds after which every transaction that took a lower number has ended: younger acts wait for the next seal."""
PART: Final = 5000
MOST: Final = 20_000
"""Acts under one seal: nobody's act waits long while a store of years is sealed for the first time."""
LOWEST: Final = -(1 << 62)
COLUMNS: Final = (
    "id", "op", "task", "kind", "actor", "role", "tier", "on_behalf", "channel", "at", "occurred", "uncertain",
    "from_state", "to_state", "result", "code", "args", "body", "version", "policy_version", "digest", "undo",
)  # fmt: skip
"""What a seal covers, in this order; a column that is added later is none of it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A seal that its acts do not fit any more."""

    kind: str
    """``changed``, ``missing`` or ``inserted``."""
    first: int
    last: int
    at: int
    """When they were sealed."""


def seal(connection: Connection, now: int) -> int:
    """Seal the acts since the last seal, in the caller's transaction; returns how many, and writes nothing for none."""
    query = select(AUDIT.c.body).where(AUDIT.c.act == KIND).order_by(AUDIT.c.id.desc()).limit(1)
    body = connection.execute(query).scalar_one_or_none()
    before = 0 if body is None else int(msgspec.json.decode(body)["last"])
    settled = select(func.max(ACT.c.id)).where(ACT.c.at <= now - SETTLED, ACT.c.id > before)
    last = connection.execute(settled).scalar_one_or_none()
    if last is None:
        return 0
    last = min(last, before + MOST)
    rows, digest = _digest(connection, before + 1, last)
    told = {"first": before + 1, "last": last, "rows": rows, "digest": digest}
    append(connection, "SYS", KIND, f"{before + 1}-{last}", now, **told)
    return rows


def broken(connection: Connection) -> Iterator[Broken]:
    """The seals that do not hold, oldest first."""
    query = select(AUDIT.c.at, AUDIT.c.body).where(AUDIT.c.act == KIND).order_by(AUDIT.c.id)
    for at, body in connection.execute(query).all():
        told: dict[str, Any] = msgspec.json.decode(body)
        first, last, sealed = int(told["first"]), int(told["last"]), int(told["rows"])
        rows, digest = _digest(connection, first, last)
        if rows != sealed:
            yield Broken("missing" if rows < sealed else "inserted", first, last, at)
        elif digest != told["digest"]:
            yield Broken("changed", first, last, at)


def _digest(connection: Connection, first: int, last: int) -> tuple[int, str]:
    """How many acts have numbers from ``first`` to ``last``, and the digest of them all."""
    # Before the first act there is none, whatever number somebody gives it.
    found, count, below = hashlib.sha256(), 0, first - 1 if first > 1 else LOWEST
    columns = [ACT.c[name] for name in COLUMNS]
    while True:
        query = select(*columns).where(ACT.c.id > below, ACT.c.id <= last).order_by(ACT.c.id).limit(PART)
        rows = connection.execute(query).all()
        if not rows:
            return count, found.hexdigest()
        for row in rows:
            found.update(msgspec.json.encode(list(row)))
        count, below = count + len(rows), int(rows[-1].id)
