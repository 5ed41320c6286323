"""As of when what is in the store is told, where nobody says: now, or where nothing comes any more, what came last."""

from __future__ import annotations

from sqlalchemy import func, select

from backend.desk.desk import Desk
from backend.store import table
from backend.store.tables import Latest

LATEST = table(Latest)


def as_of(desk: Desk, seconds: int, station: int | None = None) -> int:
    """Now, or the end of the newest reading where none came for so long: an imported file has its own days.

    Args:
        seconds: how far back is looked from now.
        station: the number of the station that is asked about; all where None.
    """
    query = select(func.max(LATEST.c.start + LATEST.c.period)).where(LATEST.c.start < desk.now)
    if station is not None:
        query = query.where(LATEST.c.station == station)
    with desk.store.read() as connection:
        newest = connection.execute(query).scalar()
    if newest is None or int(newest) > desk.now - seconds:
        return desk.now
    return int(newest)
