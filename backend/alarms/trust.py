"""The mark 存疑 on alarms, over or not, after the readings they rang at were judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update

from backend.alarms.tables import Alarm
from backend.alarms.window import tells
from backend.standards.flags import Flag
from backend.store import table
from backend.store.readings import ReadingRow, exactly

ALARM = table(Alarm)
_SERIES = 200
_LONGEST = 4000
"""Periods of one alarm that are looked at."""


def built_on(connection: Connection, changed: Iterable[ReadingRow]) -> list[Row[Any]]:
    """The alarms, standing or over, that rang at one of these readings; those about the instrument itself left out."""
    spans: dict[tuple[int, int, int], list[int]] = {}
    for row in changed:
        spans.setdefault((row.station, row.parameter, row.period), []).append(row.start)
    found: dict[int, Row[Any]] = {}
    several = sorted(spans.items())
    for first in range(0, len(several), _SERIES):
        which = [
            and_(
                ALARM.c.station == station,
                ALARM.c.parameter == parameter,
                ALARM.c.period == period,
                ALARM.c.began <= max(starts),
                ALARM.c.last >= min(starts),
            )
            for (station, parameter, period), starts in several[first : first + _SERIES]
        ]
        for alarm in connection.execute(select(ALARM).where(or_(*which), ALARM.c.value.is_not(None))):
            starts = spans[alarm.station, alarm.parameter, alarm.period]
            if '"reasons"' not in alarm.evidence and any(alarm.began <= at <= alarm.last for at in starts):
                found[alarm.id] = alarm
    return list(found.values())


def settle(connection: Connection, changed: Sequence[ReadingRow]) -> None:
    """Mark the alarms whose readings are bad now, and take the mark from those whose readings are all good."""
    for alarm in built_on(connection, changed):
        starts = range(alarm.began, alarm.last + 1, max(1, alarm.period))[:_LONGEST]
        keys = [(start, alarm.station, alarm.parameter, alarm.period) for start in starts]
        rows = [ReadingRow(*row) for row in exactly(connection, keys)]
        good = all(row.flag == Flag.GOOD for row in rows)
        told = all(tells((row.start, row.value, row.flag, row.reason, *row[1:3])) for row in rows)
        # Between the two, unusual but still told, the mark stays as it is.
        suspect = False if good else bool(alarm.suspect) or not told
        if rows and suspect != alarm.suspect:
            connection.execute(update(ALARM).where(ALARM.c.id == alarm.id).values(suspect=suspect))
