"""A span of values 数据段: which values are meant, what they say, and what was built on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from backend.alarms.tables import Alarm
from backend.store import table
from backend.store.reading_rows import ReadingRow, exactly
from backend.tasks.rows import TASK

ALARM = table(Alarm)
MOST = 10_000
"""Values of one span that are looked at."""


class SpanKey(NamedTuple):
    """Which values are meant."""

    station: int
    parameter: int
    period: int
    since: int
    until: int
    finding: int = 0
    """The finding's number where it is one."""

    @property
    def text(self) -> str:
        """As a page's key."""
        return ":".join(map(str, self))

    @classmethod
    def read(cls, raw: str) -> SpanKey | None:
        """From a page's key; None where it is none."""
        parts = raw.split(":")
        if len(parts) != len(cls._fields) or not all(part.isdecimal() for part in parts):
            return None
        return cls(*map(int, parts))


def readings_of(connection: Connection, key: SpanKey) -> list[ReadingRow]:
    """The readings of a span, oldest first."""
    starts = range(key.since, key.until, key.period)[:MOST]
    rows = exactly(connection, [(start, key.station, key.parameter, key.period) for start in starts])
    return sorted(ReadingRow(*row) for row in rows)


@dataclass(slots=True)
class On:
    """What was built on a span."""

    alarms: list[int] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)


class Built:
    """What was built on the readings of a stretch, read once."""

    def __init__(self, connection: Connection, since: int, until: int) -> None:
        self._alarms: defaultdict[tuple[int, int, int], list[Any]] = defaultdict(list)
        incidents = set()
        rows = connection.execute(
            select(
                ALARM.c.id,
                ALARM.c.station,
                ALARM.c.parameter,
                ALARM.c.period,
                ALARM.c.began,
                ALARM.c.last,
                ALARM.c.incident,
            ).where(ALARM.c.presented >= since, ALARM.c.began < until, ALARM.c.station.is_not(None))
        )
        for row in rows:
            self._alarms[row.station, row.parameter, row.period].append(row)
            if row.incident:
                incidents.add(row.incident)
        self._tasks: defaultdict[str, list[str]] = defaultdict(list)
        wanted = sorted(incidents)
        for first in range(0, len(wanted), 400):
            query = select(TASK.c.id, TASK.c.incident).where(TASK.c.incident.in_(wanted[first : first + 400]))
            for task, incident in connection.execute(query):
                self._tasks[incident].append(task)

    def on(self, key: SpanKey) -> On:
        """The alarms that rang at a span's values, their incidents and tasks."""
        alarms = [
            row for row in self._alarms.get(key[:3], ()) if row.began < key.until and row.last >= key.since
        ]
        incidents = list(dict.fromkeys(row.incident for row in alarms if row.incident))
        tasks = [task for incident in incidents for task in self._tasks.get(incident, ())]
        return On([row.id for row in alarms], incidents, tasks)


def built_on(connection: Connection, keys: Iterable[SpanKey]) -> On:
    """What was built on some spans, together."""
    wanted = list(keys)
    if not wanted:
        return On()
    built = Built(connection, min(one.since for one in wanted), max(one.until for one in wanted))
    found = [built.on(one) for one in wanted]
    return On(
        list(dict.fromkeys(number for one in found for number in one.alarms)),
        list(dict.fromkeys(name for one in found for name in one.incidents)),
        list(dict.fromkeys(name for one in found for name in one.tasks)),
    )
