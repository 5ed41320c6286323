"""Upkeep: let go of readings that are older than the rules keep.

How long each cadence is kept is data (`data/retention.csv`); the rollups by day and month are kept for good.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from sqlalchemy import delete

from backend.store.engine import Store
from backend.store.model import table
from backend.store.tables import Reading, ReadingChange

READING, CHANGE = table(Reading), table(ReadingChange)
DAY = 86400


@cache
def retention() -> tuple[tuple[int, int, int], ...]:
    """Shortest period, longest period (seconds, inclusive) and the days that readings of it are kept."""
    text = (files("backend.store") / "data" / "retention.csv").read_text("utf-8")
    lines: Iterable[dict[str, str]] = csv.DictReader(text.splitlines())
    return tuple((int(line["from_s"]), int(line["to_s"]), int(line["days"])) for line in lines)


def keep_house(store: Store, now: int, *, window: int = 3) -> int:
    """Delete what is past its time, a day's worth in each transaction; returns the rows deleted.

    Readings lie by time and not by cadence, so only the ``window`` days before each limit are looked through; a
    process that starts after a long stop asks once for a wide window.
    """
    deleted = 0
    for shortest, longest, days in retention():
        limit = now - days * DAY
        for first in range(limit - window * DAY, limit, DAY):
            with store.bulk() as connection:
                gone = connection.execute(
                    delete(READING).where(
                        READING.c.start >= first,
                        READING.c.start < min(first + DAY, limit),
                        READING.c.period.between(shortest, longest),
                    )
                )
                deleted += gone.rowcount
    with store.bulk() as connection:
        longest_kept = max(days for *_, days in retention())
        connection.execute(delete(CHANGE).where(CHANGE.c.at < now - longest_kept * DAY))
    return deleted
