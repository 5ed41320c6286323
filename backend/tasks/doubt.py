"""Data later found bad mark the tasks that were built on them 存疑: the change log read on, nothing reaches back.

A reading that was flagged, or revised below what its alarm rang at, makes every task of that alarm's incident suspect,
ended ones too; so does an alarm that turns suspect while its task is open. A person takes the mark away, who vouches
for the data; or it goes by itself, with a row in the task's log, once what was found bad is found good after all and
nothing else of it is bad. What a person has marked stays marked until a person says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, or_, select

from backend.access import SYSTEM
from backend.alarms.tables import Alarm
from backend.standards.flags import Flag
from backend.store import insert_ignore, table
from backend.store.tables import ReadingChange
from backend.tasks.apply import Planner, apply
from backend.tasks.facts import ACT
from backend.tasks.ops import by_system
from backend.tasks.rows import TASK
from backend.tasks.states import State
from backend.tasks.tables import Counter

CHANGE, ALARM, COUNTER = table(ReadingChange), table(Alarm), table(Counter)
CURSOR: Final = "doubt:change"
"""The counter that holds the last line of the change log that was read."""
PART: Final = 5000
"""Lines read at once."""
BAD: Final = (int(Flag.SUSPECT), int(Flag.FAIL), int(Flag.MISSING))
GONE: Final = (State.MERGED, State.CANCELLED)
"""Tasks that nobody counts any more."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A task, and what was found bad."""

    task: str
    name: str
    """What makes it this doubt and no other."""
    reason: str
    alarm: int


def spread(connection: Connection, now: int, planner: Planner | None = None) -> list[str]:
    """Mark what the change log and the alarms say is suspect since the last time; returns the tasks.

    In the caller's write transaction. The same doubt again, or after a restart, changes nothing: a person's
    confirmation stands against it until other data turn bad.
    """
    first = connection.execute(select(COUNTER.c.value).where(COUNTER.c.name == CURSOR)).scalar_one_or_none()
    if first is None:
        # What was corrected before there was anybody to read it is no news.
        first = _newest(connection) if not _tasks(connection) else 0
        insert_ignore(connection, COUNTER, [{"name": CURSOR, "value": first}])
    upto = connection.execute(
        select(func.max(CHANGE.c.id)).where(
            CHANGE.c.id.in_(select(CHANGE.c.id).where(CHANGE.c.id > first).order_by(CHANGE.c.id).limit(PART))
        )
    ).scalar_one_or_none()
    doubts = [*(_of_changes(connection, first, upto) if upto else ()), *_of_alarms(connection)]
    marked = list(dict.fromkeys(_mark(connection, doubts, now, planner)))
    if upto:
        _clear(connection, first, upto, now, planner)
        connection.execute(COUNTER.update().where(COUNTER.c.name == CURSOR).values(value=upto))
    return marked


def _newest(connection: Connection) -> int:
    return connection.execute(select(func.max(CHANGE.c.id))).scalar_one_or_none() or 0


def _tasks(connection: Connection) -> bool:
    return connection.execute(select(TASK.c.id).limit(1)).first() is not None


def _of_changes(connection: Connection, first: int, upto: int) -> Iterable[Doubt]:
    """Tasks whose alarms rang on readings that these lines of the log take back."""
    flagged = CHANGE.c.new_flag.in_(BAD) & CHANGE.c.old_flag.not_in(BAD)
    below = (CHANGE.c.old_value >= ALARM.c.threshold) & (CHANGE.c.new_value < ALARM.c.threshold)
    rows = connection.execute(
        _of_log(
            TASK.c.id,
            CHANGE.c.id.label("line"),
            CHANGE.c.reason,
            CHANGE.c.new_flag,
            ALARM.c.id.label("alarm"),
        )
        .where(CHANGE.c.id > first, CHANGE.c.id <= upto, or_(flagged, below))
        .where(TASK.c.state.not_in(GONE), TASK.c.suspect_data.is_(False))
        .order_by(CHANGE.c.id, TASK.c.id)
    )
    return [_doubt_of(row) for row in rows]


def _doubt_of(row: Any) -> Doubt:
    reason = row.reason or ("revised" if row.new_flag not in BAD else Flag(row.new_flag).name.lower())
    return Doubt(row.id, f"sys:suspect:{row.id}:{row.line}", str(reason), row.alarm)


def _of_alarms(connection: Connection) -> Iterable[Doubt]:
    """Open tasks that nobody has vouched for and whose alarm has turned suspect."""
    judged = exists().where(
        ACT.c.task == TASK.c.id,
        ACT.c.result == "applied",
        or_(
            ACT.c.kind.in_(("mark_suspect", "confirm_data", "clear_suspect")),
            (ACT.c.kind == "file") & ACT.c.body.contains('"confirmed":true'),
        ),
    )
    rows = connection.execute(
        select(TASK.c.id, func.min(ALARM.c.id).label("alarm"))
        .join(ALARM, ALARM.c.incident == TASK.c.incident)
        .where(TASK.c.closed.is_(None), TASK.c.incident != "", TASK.c.suspect_data.is_(False))
        .where(ALARM.c.suspect.is_(True), ~judged)
        .group_by(TASK.c.id)
    )
    return [Doubt(row.id, f"sys:suspect:{row.id}:alarm:{row.alarm}", "alarm", row.alarm) for row in rows]


def _mark(
    connection: Connection, doubts: Iterable[Doubt], now: int, planner: Planner | None
) -> Iterable[str]:
    done: set[str] = set()
    for doubt in doubts:
        if doubt.task in done:
            continue
        body = {"reason": doubt.reason, "alarm": doubt.alarm}
        outcome = apply(
            connection, by_system("mark_suspect", doubt.task, doubt.name, body), now, planner=planner
        )
        if outcome.ok and outcome.message.code == "task.done.mark_suspect":
            done.add(doubt.task)
            yield doubt.task


def _clear(connection: Connection, first: int, upto: int, now: int, planner: Planner | None) -> None:
    """Take the mark off the tasks whose data these lines of the log found good, where nothing bad is left."""
    good = CHANGE.c.old_flag.in_(BAD) & CHANGE.c.new_flag.not_in(BAD)
    above = (CHANGE.c.old_value < ALARM.c.threshold) & (CHANGE.c.new_value >= ALARM.c.threshold)
    rows = connection.execute(
        _of_log(TASK.c.id, TASK.c.incident, func.max(CHANGE.c.id).label("line"))
        .where(CHANGE.c.id > first, CHANGE.c.id <= upto, or_(good, above))
        .where(TASK.c.state.not_in(GONE), TASK.c.suspect_data.is_(True))
        .group_by(TASK.c.id, TASK.c.incident)
        .order_by(TASK.c.id)
    ).all()
    left: dict[str, bool] = {}
    for row in rows:
        if row.incident not in left:
            left[row.incident] = _bad_left(connection, row.incident)
        if not left[row.incident] and not _by_person(connection, row.id):
            name = f"sys:sound:{row.id}:{row.line}"
            apply(connection, by_system("clear_suspect", row.id, name), now, planner=planner)


def _of_log(*columns: Any) -> Select[Any]:
    """Lines of the change log with the alarms that rang on their readings, and the tasks of those alarms."""
    return (
        select(*columns)
        .select_from(CHANGE)
        .join(
            ALARM,
            (ALARM.c.station == CHANGE.c.station)
            & (ALARM.c.parameter == CHANGE.c.parameter)
            & (ALARM.c.period == CHANGE.c.period),
        )
        .join(TASK, TASK.c.incident == ALARM.c.incident)
        .where(ALARM.c.incident != "", ALARM.c.began <= CHANGE.c.start, CHANGE.c.start <= ALARM.c.last)
    )


def _bad_left(connection: Connection, incident: str) -> bool:
    """Whether anything that an incident's alarms rang on was found bad and is bad still."""
    lines = connection.execute(
        _of_log(
            CHANGE.c.station, CHANGE.c.parameter, CHANGE.c.period, CHANGE.c.start, ALARM.c.id.label("alarm"),
            CHANGE.c.old_flag, CHANGE.c.new_flag, CHANGE.c.old_value, CHANGE.c.new_value, ALARM.c.threshold,
        )
        .where(ALARM.c.incident == incident)
        .order_by(CHANGE.c.id)
    )  # fmt: skip
    flagged: dict[Any, bool] = {}
    below: dict[Any, bool] = {}
    for line in lines:
        reading = tuple(line[:5])
        if (line.old_flag in BAD) != (line.new_flag in BAD):
            flagged[reading] = line.new_flag in BAD
        if line.threshold is not None and None not in (line.old_value, line.new_value):
            if line.old_value >= line.threshold > line.new_value:
                below[reading] = True
            elif line.new_value >= line.threshold:
                below[reading] = False
    return any(flagged.values()) or any(below.values())


def _by_person(connection: Connection, task: str) -> bool:
    """Whether a person, not the product, has put the mark on the task."""
    last = connection.execute(
        select(ACT.c.actor)
        .where(ACT.c.task == task, ACT.c.kind == "mark_suspect", ACT.c.result == "applied")
        .order_by(ACT.c.at.desc(), ACT.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return last not in (None, SYSTEM.person)
