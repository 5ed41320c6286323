"""Incident numbers: ``INC20261103-0001``, counted by the city's day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text


def mint(conn: Connection, zone: ZoneInfo, now: int, count: int = 1) -> Iterator[str]:
    """So many new numbers; the counter is moved in the caller's transaction, so none is given twice."""
    day = datetime.fromtimestamp(now, zone).strftime("%Y%m%d")
    last = conn.execute(
        text(
            "INSERT INTO counter (name, value) VALUES (:name, :count) "
            "ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value"
        ),
        {"name": f"incident:{day}", "count": count},
    ).scalar_one()
    return (f"INC{day}-{number:04d}" for number in range(last - count + 1, last + 1))
