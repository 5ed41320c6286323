"""Tasks that were handed on 移交: where they were before, so that whoever gave one never loses sight of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert

from backend.store import table
from backend.tasks import tables
from backend.tasks.ops import Op
from backend.tasks.taskstate import TaskState

HANDED: Final = table(tables.HandedOn)
TAKEN: Final = ("take", "assign")
"""Acts by which a task goes over to another."""


def keep(connection: Connection, before: TaskState, after: TaskState, op: Op, now: int) -> None:
    """Note where a task was before it went over: its centre, and the place that was its jurisdiction."""
    if op.kind not in TAKEN:
        return
    connection.execute(
        insert(HANDED).values(
            task=before.id,
            centre=before.centre,
            grid=before.grid,
            county=before.county,
            township=before.township,
            receiver=after.holder,
            receiver_kind=after.holder_kind,
            at=now,
            op=op.id,
        )
    )
