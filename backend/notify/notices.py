"""Notices 提醒: what a person must be told. At least once, and a repeated delivery collapses by its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, Connection, or_, select, update

from backend.notify import outbox
from backend.notify.outbox import DeliveryRow
from backend.notify.tables import Notice
from backend.store import insert_ignore, table
from backend.words import Message
from backend.words.message import Scalar

NOTICE = table(Notice)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as a screen shows it."""

    key: str
    at: int
    message: Message
    grid: str
    level: str
    person: str
    task: str
    alarm: int | None
    priority: str
    seen: int | None
    seen_by: str
    department: str = ""
    """The code of the department whose duty room is told; empty where it is the grid's seats alone."""
    deliveries: tuple[DeliveryRow, ...] = ()
    """What became of it on every channel, where that was asked for."""


def post(
    connection: Connection,
    key: str,
    at: int,
    code: str,
    args: Mapping[str, Scalar],
    *,
    grid: str = "",
    level: str = "",
    person: str = "",
    department: str = "",
    task: str = "",
    alarm: int | None = None,
    priority: str = "medium",
    channel: str = "screen",
) -> None:
    """Tell the seats of a grid, or a person, or a department. A key that was posted before is left as it is."""
    row = {
        "key": key,
        "at": at,
        "grid": grid,
        "level": level,
        "person": person,
        "department": department,
        "task": task,
        "alarm": alarm,
        "priority": priority,
        "code": code,
        "args": msgspec.json.encode(dict(args)).decode(),
        "channel": channel,
        "state": "new",
        "attempts": 0,
        "seen_by": "",
    }
    outbox.enqueue(connection, key, at, grid, priority)
    insert_ignore(connection, NOTICE, [row])


def seen(connection: Connection, key: str, person: str, at: int) -> bool:
    """Somebody has seen it; False where it was seen before, or there is none."""
    done = connection.execute(
        update(NOTICE)
        .where(NOTICE.c.key == key, NOTICE.c.seen.is_(None))
        .values(seen=at, seen_by=person, state="seen")
    )
    return done.rowcount == 1


def withdraw(connection: Connection, key: str, at: int) -> int:
    """Take back what was told under keys that begin so and nobody has seen; answers how many."""
    done = connection.execute(
        update(NOTICE)
        .where(NOTICE.c.key.startswith(f"{key}:", autoescape=True), NOTICE.c.seen.is_(None))
        .values(seen=at, state="withdrawn")
    )
    outbox.withdraw(connection, key)
    return done.rowcount


def waiting(
    connection: Connection,
    *,
    grids: Sequence[str] = (),
    person: str = "",
    department: str = "",
    limit: int = 50,
) -> list[NoticeRow]:
    """Notices that nobody has seen, newest first: to the seats of these grids, to this person or this department."""
    return _rows(connection, grids, person, department, limit, unseen=True)


def listed(
    connection: Connection,
    *,
    grids: Sequence[str] = (),
    person: str = "",
    department: str = "",
    limit: int = 50,
) -> list[NoticeRow]:
    """All notices to these grids' seats, this person or this department, newest first."""
    return _rows(connection, grids, person, department, limit, unseen=False)


def departments_told(connection: Connection, task: str) -> set[str]:
    """The departments that were told of a task, and were not told of a recall since."""
    query = select(NOTICE.c.department).where(
        NOTICE.c.task == task, NOTICE.c.department != "", NOTICE.c.state != "withdrawn"
    )
    return set(connection.execute(query).scalars())


def of_task(connection: Connection, task: str, limit: int = 50) -> list[NoticeRow]:
    """Who was told what about a task, newest first."""
    query = (
        select(NOTICE).where(NOTICE.c.task == task).order_by(NOTICE.c.at.desc(), NOTICE.c.key).limit(limit)
    )
    return [_row(row) for row in connection.execute(query)]


def _rows(
    connection: Connection, grids: Sequence[str], person: str, department: str, limit: int, *, unseen: bool
) -> list[NoticeRow]:
    audience: list[ColumnElement[bool]] = [NOTICE.c.grid.in_(grids)] if grids else []
    if person:
        audience.append(NOTICE.c.person == person)
    if department:
        audience.append(NOTICE.c.department == department)
    if not audience:
        return []
    query = select(NOTICE).where(or_(*audience)).order_by(NOTICE.c.at.desc(), NOTICE.c.key).limit(limit)
    if unseen:
        query = query.where(NOTICE.c.seen.is_(None))
    return [_row(row) for row in connection.execute(query)]


def _row(row: object) -> NoticeRow:
    values = row._mapping  # type: ignore[attr-defined]
    message = Message(values["code"], msgspec.json.decode(values["args"]) if values["args"] else {})
    names = (
        "key",
        "at",
        "grid",
        "level",
        "person",
        "department",
        "task",
        "alarm",
        "priority",
        "seen",
        "seen_by",
    )
    return NoticeRow(message=message, **{name: values[name] for name in names})
