"""Reminders of answers that callers wait for 诉求催办: a reply, or the call after it.

The centre of the county is reminded before the time is over and when it is; the city, once half as much again has
passed. Each once, however often it is looked; what was answered meanwhile is taken back by who answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.city.tables import Grid
from backend.incidents.complaints import INCIDENT, REPORT, call_due, to_call, waiting
from backend.incidents.rules import rules
from backend.notify import notices
from backend.notify.tables import Notice
from backend.store import table

GRID, NOTICE = table(Grid), table(Notice)


def key_of(report: int, kind: str) -> str:
    """What the keys of a complaint's reminders begin with: `notices.withdraw` takes them back by it."""
    return f"complaint:{report}:{kind}"


def remind(connection: Connection, zone: ZoneInfo, now: int) -> int:
    """Tell who must be told at this instant; answers how many are new."""
    due = list(_due(connection, zone, now))
    if not due:
        return 0
    keys = {key for key, *_ in due}
    told = set(connection.execute(select(NOTICE.c.key).where(NOTICE.c.key.in_(keys))).scalars())
    above = connection.execute(select(GRID.c.code).where(GRID.c.level == 1)).scalar_one_or_none()
    count = 0
    for key, step, kind, ends, row in due:
        near = row.county or row.grid
        grid = above if step == "above" else near
        if key in told or not grid or (step == "above" and grid == near):
            continue
        args = {"number": row.number, "place": row.place, "due": ends}
        notices.post(
            connection, key, now, f"notice.complaint.{kind}.{step}", args, grid=grid, priority=row.priority
        )
        count += 1
    return count


def _due(connection: Connection, zone: ZoneInfo, now: int) -> Iterator[tuple[str, str, str, int, Any]]:
    """The reminders whose time has come: key, step, ``reply`` or ``call``, the end of the time, the complaint."""
    held = rules(now, zone)
    for row, kind, ends, allowed in (*_replies(connection, zone, now), *_calls(connection, zone, now)):
        if now > ends + held.stale:
            continue
        steps = []
        if ends - held.soon * allowed <= now <= ends:
            steps.append("soon")
        if now > ends:
            steps.append("late")
        if now > ends + held.above * allowed:
            steps.append("above")
        for step in steps:
            yield f"{key_of(row.id, kind)}:{ends}:{step}", step, kind, ends, row


_COLUMNS = (
    *(REPORT.c[name] for name in ("id", "number", "channel", "at", "reply_due", "replied", "call_result")),
    *(INCIDENT.c[name] for name in ("grid", "county", "place", "priority")),
)
_OF = select(*_COLUMNS).join(INCIDENT, INCIDENT.c.id == REPORT.c.incident)


def _replies(connection: Connection, zone: ZoneInfo, now: int) -> Iterator[tuple[Any, str, int, int]]:
    held = rules(now, zone)
    for row in connection.execute(_OF.where(waiting(), REPORT.c.reply_due >= now - held.stale)):
        # Whoever was not satisfied waits anew; the time before that is another.
        again = held.reply_due(row.channel, row.priority, 0) if row.call_result else None
        yield row, "reply", row.reply_due, again or row.reply_due - row.at


def _calls(connection: Connection, zone: ZoneInfo, now: int) -> Iterator[tuple[Any, str, int, int]]:
    held = rules(now, zone)
    longest = max((hours for times in held.call.values() for hours in times.values()), default=0)
    for row in connection.execute(_OF.where(to_call(), REPORT.c.replied >= now - held.stale - longest)):
        ends = call_due(row.channel, row.priority, row.replied, zone)
        yield row, "call", ends, ends - row.replied
