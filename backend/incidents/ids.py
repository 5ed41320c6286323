"""Numbers counted by the city's day: ``INC20261103-0001`` of an incident, ``SQ20261103-0001`` of a complaint 诉求."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text


def mint(conn: Connection, zone: ZoneInfo, now: int, count: int = 1) -> Iterator[str]:
    """So many new numbers; the counter is moved in the caller's transaction, so none is given twice."""
    day, last = _moved(conn, "incident", zone, now, count)
    return (f"INC{day}-{number:04d}" for number in range(last - count + 1, last + 1))


def mint_number(conn: Connection, zone: ZoneInfo, now: int) -> str:
    """The number of a complaint that came with none."""
    day, last = _moved(conn, "complaint", zone, now, 1)
    return f"SQ{day}-{last:04d}"


def _moved(conn: Connection, what: str, zone: ZoneInfo, now: int, count: int) -> tuple[str, int]:
    """Move a counter; the day and the last number."""
    day = datetime.fromtimestamp(now, zone).strftime("%Y%m%d")
    last = conn.execute(
        text(
            "INSERT INTO counter (name, value) VALUES (:name, :count) "
            "ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value"
        ),
        {"name": f"{what}:{day}", "count": count},
    ).scalar_one()
    return day, int(last)
