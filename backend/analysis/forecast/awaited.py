"""Whether it is time for the hour's issue: asked every minute, so it costs a look and loads no arrays."""

from __future__ import annotations

from datetime import tzinfo

from sqlalchemy import Connection, func, select

from backend.analysis.forecast.tables import ForecastIssue
from backend.clock import begun
from backend.store import table
from backend.store.tables import Reading

HOUR = 3600
WAIT = 600
"""Seconds of the hour that readings are given to come."""
LATEST = 2400
"""Seconds of the hour after which nobody waits any more."""
SLOWEST = 6 * HOUR
"""Seconds within which a station that speaks seldom has spoken."""
ISSUE, READING = table(ForecastIssue), table(Reading)


def awaited(conn: Connection, now: int, zone: tzinfo) -> bool:
    """True where the hour's issue is missing and the hour before it has come, or is not coming any more."""
    at = begun(now, HOUR, zone)
    if now - at < WAIT or conn.execute(select(ISSUE.c.at).where(ISSUE.c.at == at)).first() is not None:
        return False
    last, before = (_stations(conn, at - back * HOUR) for back in (1, 2))
    if last and 2 * last >= before:
        return True
    return now - at >= LATEST and (last > 0 or before > 0 or _any(conn, at - SLOWEST))


def _any(conn: Connection, since: int) -> bool:
    """Whether anything was read at all: stations may speak every few hours only."""
    return conn.execute(select(READING.c.start).where(READING.c.start >= since).limit(1)).first() is not None


def _stations(conn: Connection, start: int) -> int:
    wanted = select(func.count(func.distinct(READING.c.station))).where(
        READING.c.start >= start, READING.c.start < start + HOUR, READING.c.period <= HOUR
    )
    return int(conn.execute(wanted).scalar() or 0)
