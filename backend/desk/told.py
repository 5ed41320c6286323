"""Who was told of a task, how, when, and what became of it on every channel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from backend.city.called import called
from backend.city.tables import Grid
from backend.desk.desk import Desk
from backend.desk.naming import PARTIES, named, names
from backend.notify import notices as room
from backend.notify import outbox
from backend.notify.notices import NoticeRow
from backend.store import table

GRID = table(Grid)


@dataclass(frozen=True, slots=True)
class TellingRow:
    """One notice of a task."""

    notice: NoticeRow
    """With its deliveries, and whoever saw it by name."""
    whom: str
    """The name of the grid whose seats were told, or of the department."""
    person: str
    """The name of the person who was told; empty where it was the seats alone."""


def with_deliveries(connection: Connection, rows: list[NoticeRow]) -> list[NoticeRow]:
    """Notices with what became of them on every channel."""
    sent = outbox.of_notices(connection, [row.key for row in rows])
    return [replace(row, deliveries=tuple(sent.get(row.key, ()))) for row in rows]


def of_task(connection: Connection, desk: Desk, task: str) -> list[TellingRow]:
    """Every notice of a task, the newest first."""
    rows = with_deliveries(connection, room.of_task(connection, task))
    codes = {str(row.message.args[key]) for row in rows for key in PARTIES if row.message.args.get(key)}
    codes |= {code for row in rows for code in (row.seen_by, row.person, row.department)}
    known = names(connection, codes, desk.language)
    grids = sorted({row.grid for row in rows})
    query = select(GRID.c.code, called(GRID, desk.language)).where(GRID.c.code.in_(grids))
    places = {row[0]: row[1] for row in connection.execute(query)}
    return [
        TellingRow(
            replace(row, message=named(row.message, known), seen_by=known.get(row.seen_by, row.seen_by)),
            known.get(row.department, "") or places.get(row.grid, row.grid),
            known.get(row.person, row.person),
        )
        for row in rows
    ]
