"""Leases: which of several processes on one store runs the jobs.

A lease is held until an instant of the machine's own clock and is renewed long before; a holder that was killed
loses it when that instant has passed.
"""

from __future__ import annotations

import os
import socket
import time
from uuid import uuid4

from sqlalchemy import delete, or_, select, update

from backend.store.engine import Store
from backend.store.model import table
from backend.store.sql import insert_ignore
from backend.store.tables import Lease

LEASE = table(Lease)


def holder_name() -> str:
    """A name for this process that no other has: host, process id, and a random part."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def acquire(store: Store, name: str, holder: str, seconds: float, *, wall: float | None = None) -> bool:
    """Take or renew a lease; True where ``holder`` has it now."""
    now = time.time() if wall is None else wall
    with store.bulk() as connection:
        insert_ignore(connection, LEASE, [{"name": name, "holder": "", "until": 0.0}])
        taken = connection.execute(
            update(LEASE)
            .where(LEASE.c.name == name, or_(LEASE.c.holder == holder, LEASE.c.until < now))
            .values(holder=holder, until=now + seconds)
        )
        return taken.rowcount == 1


def release(store: Store, name: str, holder: str) -> None:
    """Give a lease back, so that another process need not wait for it to run out."""
    with store.bulk() as connection:
        connection.execute(delete(LEASE).where(LEASE.c.name == name, LEASE.c.holder == holder))


def held_by(store: Store, name: str, *, wall: float | None = None) -> str | None:
    """Who holds a lease now; None where nobody does."""
    now = time.time() if wall is None else wall
    with store.read() as connection:
        return connection.execute(
            select(LEASE.c.holder).where(LEASE.c.name == name, LEASE.c.until >= now)
        ).scalar_one_or_none()
