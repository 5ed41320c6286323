"""Incidents for which work was done 已办结: so that what stands all the same is seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select

from backend.tasks.rows import TASK
from backend.tasks.states import State

PART: Final = 400
FURTHEST: Final = 20
"""Tasks that one was merged into, one after the other, that are followed."""


def ended_work(connection: Connection, incidents: Collection[str]) -> dict[str, int]:
    """Of some incidents those for which a task was closed and verified and nobody owes work any more, with when.

    A task that was merged is what became of the one that took it in. What was dismissed or voided is no work done.
    """
    wanted = sorted(set(incidents) - {""})
    columns = (TASK.c.id, TASK.c.incident, TASK.c.state, TASK.c.closed, TASK.c.merged_into)
    found: defaultdict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for first in range(0, len(wanted), PART):
        query = select(*columns).where(TASK.c.incident.in_(wanted[first : first + PART]))
        for row in connection.execute(query):
            found[row.incident].append((row.state, row.closed or 0, row.merged_into))
    ended: dict[str, int] = {}
    for incident, tasks in found.items():
        last = [_outcome(connection, *task) for task in tasks]
        closed = [at for state, at in last if state == State.CLOSED]
        if closed and all(at for _, at in last):
            ended[incident] = max(closed)
    return ended


def _outcome(connection: Connection, state: str, closed: int, into: str) -> tuple[str, int]:
    """What became of a task in the end, and when; 0 while somebody still owes it."""
    for _ in range(FURTHEST):
        if state != State.MERGED:
            break
        query = select(TASK.c.state, TASK.c.closed, TASK.c.merged_into).where(TASK.c.id == into)
        row = connection.execute(query).first()
        if row is None:
            break
        state, closed, into = row.state, row.closed or 0, row.merged_into
    return state, closed
