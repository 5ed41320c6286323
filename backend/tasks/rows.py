"""Tasks from and to the store: columns through Core, segments as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from backend.store import insert_ignore, table
from backend.tasks import calendars, tables
from backend.tasks.clocks import Pause, Segment
from backend.tasks.taskstate import TaskState

TASK, SEGMENT, PAUSE = table(tables.Task), table(tables.Segment), table(tables.Pause)
CALENDAR = table(tables.CalendarText)
COLUMNS: Final = tuple(field.name for field in fields(TaskState) if field.name != "segments")
SEGMENT_COLUMNS: Final = (
    "kind",
    "started",
    "stopped",
    "target",
    "carried",
    "ran_out",
    "calendar",
    "policy_version",
    "holder",
)


# Built once: putting a statement together costs more than running it.
_TASK = select(*(TASK.c[name] for name in COLUMNS))
_ONE = _TASK.where(TASK.c.id == bindparam("task"))
_ONE_LOCKED = _ONE.with_for_update()
_MANY = _TASK.where(TASK.c.id.in_(bindparam("tasks", expanding=True)))
_SEGMENTS = (
    select(SEGMENT.c.id, SEGMENT.c.task, *(SEGMENT.c[name] for name in SEGMENT_COLUMNS))
    .where(SEGMENT.c.task.in_(bindparam("tasks", expanding=True)))
    .order_by(SEGMENT.c.id)
)
_PAUSES = (
    select(PAUSE.c.id, PAUSE.c.segment, PAUSE.c.began, PAUSE.c.ended, PAUSE.c.reason)
    .join(SEGMENT, SEGMENT.c.id == PAUSE.c.segment)
    .where(SEGMENT.c.task.in_(bindparam("tasks", expanding=True)))
    .order_by(PAUSE.c.id)
)


def load(connection: Connection, task: str, *, lock: bool = False) -> TaskState | None:
    """A task with all its clocks; ``lock`` where the caller is about to change it."""
    row = connection.execute(_ONE_LOCKED if lock else _ONE, {"task": task}).one_or_none()
    if row is None:
        return None
    return replace(_state(row), segments=segments_of(connection, [task]).get(task, ()))


def load_many(connection: Connection, tasks: Sequence[str]) -> dict[str, TaskState]:
    """Tasks by id, with their clocks; at most some hundreds at a time."""
    states = {row.id: _state(row) for row in connection.execute(_MANY, {"tasks": list(tasks)})}
    clocks = segments_of(connection, list(states))
    return {name: replace(state, segments=clocks.get(name, ())) for name, state in states.items()}


def _state(row: Row[Any]) -> TaskState:
    return TaskState(**row._mapping)


def segments_of(connection: Connection, tasks: Sequence[str]) -> dict[str, tuple[Segment, ...]]:
    """The segments of some tasks, oldest first."""
    pauses: dict[int, list[Pause]] = {}
    for row in connection.execute(_PAUSES, {"tasks": list(tasks)}):
        pauses.setdefault(row.segment, []).append(Pause(row.began, row.reason, row.ended, row.id))
    found: dict[str, list[Segment]] = {}
    for row in connection.execute(_SEGMENTS, {"tasks": list(tasks)}):
        key, task, *values = row
        if calendars.MARK in row.calendar and calendars.known(row.calendar) is None:
            _recall_calendar(connection, row.calendar)
        held = tuple(pauses.get(key, ()))
        segment = Segment(**dict(zip(SEGMENT_COLUMNS, values, strict=True)), pauses=held, id=key)
        found.setdefault(task, []).append(segment)
    return {name: tuple(segments) for name, segments in found.items()}


def _recall_calendar(connection: Connection, key: str) -> None:
    """Read a calendar as it was when a clock first went by it."""
    text = connection.execute(select(CALENDAR.c.text).where(CALENDAR.c.key == key)).scalar_one_or_none()
    if text is not None:
        calendars.know(key, calendars.read_back(text))


def calendars_running(connection: Connection) -> dict[str, calendars.Office]:
    """The calendars that the clocks of open tasks go by, by name and checksum; those of every instant are none."""
    query = select(SEGMENT.c.calendar).where(SEGMENT.c.stopped.is_(None), SEGMENT.c.calendar != "always")
    keys = sorted(set(connection.execute(query.distinct()).scalars()))
    for key in keys:
        if calendars.known(key) is None:
            _recall_calendar(connection, key)
    return {key: office for key in keys if (office := calendars.known(key)) is not None}


def _keep_calendar(connection: Connection, segment: Segment) -> None:
    """Write a calendar down with the first clock that goes by it."""
    office = calendars.known(segment.calendar)
    if office is not None:
        row = {"key": segment.calendar, "text": office.written(), "at": segment.started}
        insert_ignore(connection, CALENDAR, [row])


def save(connection: Connection, before: TaskState | None, after: TaskState) -> TaskState:
    """Write what changed; answers the task with the ids that its new segments were given."""
    values = {name: getattr(after, name) for name in COLUMNS}
    if before is None or not before.state:
        connection.execute(insert(TASK).values(**values))
    else:
        changed = {name: value for name, value in values.items() if getattr(before, name) != value}
        if changed:
            connection.execute(update(TASK).where(TASK.c.id == after.id).values(**changed))
    known = {s.id: s for s in before.segments if s.id is not None} if before is not None else {}
    return replace(
        after, segments=tuple(_save_segment(connection, after.id, s, known) for s in after.segments)
    )


def _save_segment(connection: Connection, task: str, segment: Segment, known: dict[int, Segment]) -> Segment:
    if segment.id is not None and segment.id in known:
        if segment == known[segment.id]:
            return segment
        if segment.stopped != known[segment.id].stopped:
            connection.execute(
                update(SEGMENT).where(SEGMENT.c.id == segment.id).values(stopped=segment.stopped)
            )
    else:
        values = {name: getattr(segment, name) for name in SEGMENT_COLUMNS}
        _keep_calendar(connection, segment)
        result = connection.execute(insert(SEGMENT).values(task=task, **values))
        key = result.inserted_primary_key
        assert key is not None
        segment = replace(segment, id=int(key[0]))
    assert segment.id is not None
    return replace(segment, pauses=tuple(_save_pauses(connection, segment.id, segment.pauses, known)))


def _save_pauses(
    connection: Connection, segment: int, pauses: Iterable[Pause], known: dict[int, Segment]
) -> Iterable[Pause]:
    old = {p.id: p for p in known[segment].pauses} if segment in known else {}
    for pause in pauses:
        if pause.id is None:
            values = {"segment": segment, "began": pause.began, "ended": pause.ended, "reason": pause.reason}
            key = connection.execute(insert(PAUSE).values(**values)).inserted_primary_key
            assert key is not None
            yield replace(pause, id=int(key[0]))
            continue
        if pause != old.get(pause.id):
            connection.execute(update(PAUSE).where(PAUSE.c.id == pause.id).values(ended=pause.ended))
        yield pause
