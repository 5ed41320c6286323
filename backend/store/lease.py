"""Leases: which of several processes on one store runs the jobs.

A lease is held until an instant and is renewed long before; a holder that was killed loses it when that instant has
passed. The clock is the machine's own where the store is a file, and the server's where it is a database: those who
share it may sit at machines whose clocks differ. One that is held for longer than anybody asks for was taken by a clock
that was wrong and has been put right since: it is nobody's.
"""

from __future__ import annotations

import os
import socket
import time
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, delete, not_, select, text, update

from backend.store.engine import Store
from backend.store.model import table
from backend.store.sql import insert_ignore
from backend.store.tables import Lease

LEASE = table(Lease)
LONGEST = 3600.0
"""Seconds for which nobody asks for a lease."""


def holder_name() -> str:
    """A name for this process that no other has: host, process id, and a random part."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def acquire(store: Store, name: str, holder: str, seconds: float, *, wall: float | None = None) -> bool:
    """Take or renew a lease; True where ``holder`` has it now."""
    with store.bulk() as connection:
        now = _now(connection) if wall is None else wall
        insert_ignore(connection, LEASE, [{"name": name, "holder": "", "until": 0.0}])
        taken = connection.execute(
            update(LEASE)
            .where(LEASE.c.name == name, (LEASE.c.holder == holder) | not_(_held(now)))
            .values(holder=holder, until=now + seconds)
        )
        return taken.rowcount == 1


def release(store: Store, name: str, holder: str) -> None:
    """Give a lease back, so that another process need not wait for it to run out."""
    with store.bulk() as connection:
        connection.execute(delete(LEASE).where(LEASE.c.name == name, LEASE.c.holder == holder))


def held_by(store: Store, name: str, *, wall: float | None = None) -> str | None:
    """Who holds a lease now; None where nobody does."""
    with store.read() as connection:
        now = _now(connection) if wall is None else wall
        return connection.execute(
            select(LEASE.c.holder).where(LEASE.c.name == name, _held(now))
        ).scalar_one_or_none()


def _held(now: float) -> ColumnElement[bool]:
    return and_(LEASE.c.until >= now, LEASE.c.until < now + LONGEST)


def _now(connection: Connection) -> float:
    if connection.dialect.name == "sqlite":
        return time.time()
    # Not that of the transaction: it may have waited for others to write.
    return float(connection.execute(text("SELECT EXTRACT(EPOCH FROM clock_timestamp())")).scalar_one())
