"""What came in a time and had no say, because a check or a person objects to it: whoever asks about it must know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, select

from backend.analysis.known import unsettled
from backend.city.registry import City
from backend.standards.flags import Flag
from backend.store import table
from backend.store.tables import Reading

READING = table(Reading)
NAMED = 4
"""Stations that are named."""


def left_out(
    conn: Connection,
    city: City,
    parameter: int,
    stations: Mapping[int, str],
    start: int,
    end: int,
    period: int,
    *,
    suspect: bool = False,
) -> dict[str, str | int] | None:
    """How many readings of these stations were left out, and of which; None where none was.

    Args:
        stations: codes by number.
        start, end: the readings' periods lie between them.
        period: seconds; of the readings, or longer.
        suspect: doubtful ones had a say, so that only those that are excluded were left out.
    """
    rows = conn.execute(
        select(READING.c.start, READING.c.station, READING.c.parameter, READING.c.period).where(
            READING.c.station.in_(stations),
            READING.c.parameter == parameter,
            READING.c.start >= start,
            READING.c.start < end,
            READING.c.start + READING.c.period <= end,
            READING.c.flag.in_([Flag.FAIL] if suspect else [Flag.SUSPECT, Flag.FAIL]),
            READING.c.value.is_not(None),
        )
    ).all()
    if not rows:
        return None
    open_ = set(unsettled(conn, city, [parameter], list(stations), end, period))
    counts = Counter(stations[row[1]] for row in rows if tuple(row) not in open_)
    if not counts:
        return None
    codes = sorted(counts, key=lambda code: (-counts[code], code))
    return {
        "count": counts.total(),
        "stations": ", ".join(codes[:NAMED]) + (" ..." if len(codes) > NAMED else ""),
    }
