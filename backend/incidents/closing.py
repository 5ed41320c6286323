"""When an incident is over."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Select, or_, select

from backend.alarms.machine import RINGING, State
from backend.alarms.tables import Alarm
from backend.incidents.complaints import waiting
from backend.incidents.tables import Incident, IncidentReport
from backend.store import table

INCIDENT, ALARM, REPORT = table(Incident), table(Alarm), table(IncidentReport)
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


def open_again(conn: Connection, incident: str) -> bool:
    """Work is taken up again: what is reported or rings there now belongs to it; False where it was not closed."""
    done = conn.execute(
        INCIDENT.update()
        .where(INCIDENT.c.id == incident, INCIDENT.c.state == "closed")
        .values(state="open", closed=None)
    )
    return done.rowcount > 0


def told_and_open() -> Select[str]:
    """The open incidents that people reported, as a query: `close_quiet` is told for which of them work was done."""
    return select(INCIDENT.c.id).where(INCIDENT.c.state == "open", INCIDENT.c.origin != "alarm")


def close_quiet(
    conn: Connection, now: int, with_open_tasks: Collection[str], worked: Collection[str] = ()
) -> list[str]:
    """Close every incident that is over; returns their numbers.

    One that alarms opened is over when they are back to normal; one that a person reported when work was done for it
    and whoever waits for an answer has one.

    Args:
        with_open_tasks: the incidents for which somebody still owes work.
        worked: those among the ones that people reported for which work was done.
    """
    rows = conn.execute(
        select(INCIDENT.c.id, ALARM.c.state, ALARM.c.cleared)
        .select_from(
            INCIDENT.outerjoin(ALARM, (ALARM.c.incident == INCIDENT.c.id) & (ALARM.c.state != State.NORM))
        )
        .where(
            INCIDENT.c.state == "open",
            or_(INCIDENT.c.origin == "alarm", INCIDENT.c.id.in_(sorted(worked))),
        )
    ).all()
    busy = {row.id for row in rows if row.state is not None and _holds(row.state, row.cleared)}
    busy |= {*with_open_tasks, *conn.execute(select(REPORT.c.incident).where(waiting())).scalars()}
    over = sorted({row.id for row in rows} - busy)
    for first in range(0, len(over), 400):
        part = over[first : first + 400]
        conn.execute(INCIDENT.update().where(INCIDENT.c.id.in_(part)).values(state="closed", closed=now))
    return over
