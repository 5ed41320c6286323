"""When an incident is over."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from backend.alarms.machine import RINGING, State
from backend.alarms.tables import Alarm
from backend.incidents.tables import Incident
from backend.store import table

INCIDENT, ALARM = table(Incident), table(Alarm)
_STAND = frozenset({*RINGING, State.ACKED})


def _holds(state: str, cleared: int | None) -> bool:
    """Whether an alarm keeps its incident open: it waits for a person, or its condition stands, shown or not."""
    return state in _STAND or (state != State.NORM and cleared is None)


def close_if_quiet(conn: Connection, incident: str, has_open_tasks: bool, now: int) -> bool:
    """Close an incident whose alarms are all back to normal and for which nobody owes work; True where it did.

    One that a person reported has no alarms: it is closed by the end of its tasks, so ask only then.
    """
    if has_open_tasks:
        return False
    alarms = conn.execute(
        select(ALARM.c.state, ALARM.c.cleared).where(
            ALARM.c.incident == incident, ALARM.c.state != State.NORM
        )
    ).all()
    if any(_holds(state, cleared) for state, cleared in alarms):
        return False
    done = conn.execute(
        INCIDENT.update()
        .where(INCIDENT.c.id == incident, INCIDENT.c.state == "open")
        .values(state="closed", closed=now)
    )
    return done.rowcount > 0


def close_quiet(conn: Connection, now: int, with_open_tasks: Collection[str]) -> list[str]:
    """Close every incident that alarms opened and that is over; returns their numbers.

    Args:
        with_open_tasks: the incidents for which somebody still owes work.
    """
    rows = conn.execute(
        select(INCIDENT.c.id, ALARM.c.state, ALARM.c.cleared)
        .select_from(
            INCIDENT.outerjoin(ALARM, (ALARM.c.incident == INCIDENT.c.id) & (ALARM.c.state != State.NORM))
        )
        .where(INCIDENT.c.state == "open", INCIDENT.c.origin == "alarm")
    ).all()
    busy = {row.id for row in rows if row.state is not None and _holds(row.state, row.cleared)} | set(
        with_open_tasks
    )
    over = sorted({row.id for row in rows} - busy)
    for first in range(0, len(over), 400):
        part = over[first : first + 400]
        conn.execute(INCIDENT.update().where(INCIDENT.c.id.in_(part)).values(state="closed", closed=now))
    return over
