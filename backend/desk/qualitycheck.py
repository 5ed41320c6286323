"""The later checks over days that are in the store already, such as a file that was imported; for commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.city.registry import City
from backend.desk.desk import Desk
from backend.quality.tables import QualityFinding
from backend.store import table
from backend.store.tables import StationDay

DAYS, FINDING = table(StationDay), table(QualityFinding)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run came to."""

    days: int
    changed: int
    """Readings whose flag or reason changed."""
    findings: int
    """Series that a person should look at, of the whole store."""


def check(
    desk: Desk,
    since: int | None = None,
    until: int | None = None,
    told: Callable[[int, int], None] = lambda *_: None,
) -> Checked:
    """Compare the civil days of a span that are over, the oldest first: spikes, outliers, neighbours, drift, damp.

    The jobs do the same of each day as it ends, and of the last five weeks; this is for what is older.

    Args:
        since: from the civil day in which this lies; from the store's first where None.
        until: days that were over by then; now where None.
    """
    from backend.analysis.checks.run import Checker

    with desk.store.read() as connection:
        city = City.read(connection)
        first = connection.execute(select(func.min(DAYS.c.day))).scalar()
    end = desk.now if until is None else until
    begin = int(first or 0) if since is None else since - 86400 + 1
    days, changed = Checker(desk.store).span(city, begin, end, desk.now, told)
    with desk.store.read() as connection:
        count = connection.execute(select(func.count()).where(FINDING.c.state == "open")).scalar_one()
    return Checked(days, changed, int(count))
