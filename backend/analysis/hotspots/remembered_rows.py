"""The rows that a watch remembers, and whether the store still holds the readings that they were made of."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.seen import KEEP
from backend.city.registry import ParameterRow
from backend.store import table
from backend.store.tables import CountyHour, ReadingChange

CHANGE, HOUR = table(ReadingChange), table(CountyHour)
_HOUR = 3600


class State(NamedTuple):
    """What differs once a reading came or was corrected."""

    corrected: int
    """The newest entry of the change log: all that was stored and is another value or flag now is in it."""
    good: int
    """Good readings of the remembered rows' time."""


def window_rows() -> int:
    """Rows that are remembered: what is judged, and what the longest mean needs before it."""
    return int(max(rules()["windows"]["steps"])) + KEEP


def state(conn: Connection, network: Network, one: ParameterRow, last: int) -> State | None:
    """The state of the readings that the rows up to a step are made of; None where only reading them again tells.

    Ask before they are read: what is written in between then has a state still to come.
    """
    if not network.step == network.period == _HOUR:
        return None
    corrected = conn.execute(select(func.max(CHANGE.c.id))).scalar()
    good = conn.execute(
        select(func.sum(HOUR.c.count)).where(
            HOUR.c.start > last - window_rows() * _HOUR - _HOUR,
            HOUR.c.start <= last,
            HOUR.c.kind.in_(sorted({row.kind for row in network.stations})),
            HOUR.c.parameter == one.id,
        )
    ).scalar()
    return State(int(corrected or 0), int(good or 0))
