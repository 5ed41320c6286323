"""The lines of the tasks board, read in bulk: a thousand open tasks cost a few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from backend.desk.desk import Desk
from backend.desk.naming import names, type_names
from backend.desk.scope import grid_names
from backend.desk.sight import sight_of
from backend.duty.claims import claimed
from backend.store import table
from backend.tasks import clocks
from backend.tasks.arbitration import TYPE as ARBITRATION
from backend.tasks.policy import policy_version
from backend.tasks.rows import load_many
from backend.tasks.states import CLOCK_OF_STATE, told_as
from backend.tasks.tables import Segment, Task
from backend.tasks.taskstate import co_listed

SEGMENT, TASK = table(Segment), table(Task)
WINDOW = 500
"""Tasks that are read at once."""
ALWAYS = "always"
"""The calendar in which every second counts."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A line of the tasks board."""

    id: str
    type: str
    type_name: tuple[str, str]
    """The incident type's name in Chinese and English."""
    state: str
    priority: str
    level: str
    supervised: bool
    place: str
    county: str
    township: str
    holder: str
    holder_name: str
    holder_kind: str
    opened: int
    moved: int
    clock: str
    """The clock that runs in this state; empty where none does."""
    target: int
    """Its target, seconds."""
    remaining: int | None
    """Seconds left on it; below zero where it was missed; None where none runs."""
    paused: bool
    due: int | None
    breaches: tuple[str, ...]
    asked: str
    suspect: bool
    closed: int | None
    close_code: str
    version: int
    claimed_by: str = ""
    """Who else has it open, by name."""
    order: str = ""
    """The code of the order that it carries out."""
    order_due: int | None = None
    side: str = ""
    """``offered`` where this person is asked to take it, ``co`` where their department only helps with it, ``handed``
    where it was handed on by them; empty where it is simply theirs."""
    offered_name: str = ""
    """To whom it is offered."""
    lead: str = ""
    """The lead department 主办, by name."""
    co: tuple[str, ...] = ()
    """The co-handling departments 协办, by name."""

    @property
    def told_as(self) -> str:
        """Its state as people are told it: of an open arbitration that it awaits its verdict."""
        return told_as(self.state, self.type == ARBITRATION)


class _Clock(NamedTuple):
    """The clock that a task's state is judged by."""

    kind: str = ""
    target: int = 0
    remaining: int | None = None
    paused: bool = False


def rows_of(connection: Connection, desk: Desk, ids: Sequence[str]) -> list[TaskRow]:
    """The lines of these tasks, in the order given; the person at the desk is not told of their own claims."""
    now, person = desk.now, desk.actor.person
    places, types = grid_names(connection, desk.language, level=4), type_names(connection)
    sight = sight_of(connection, desk)
    rows: list[TaskRow] = []
    for start in range(0, len(ids), WINDOW):
        part = ids[start : start + WINDOW]
        found = {row.id: row for row in connection.execute(select(TASK).where(TASK.c.id.in_(part)))}
        ticking = _clocks(connection, found, now)
        held = claimed(connection, "task", part, now)
        others = {task: other for task, other in held.items() if other != person}
        parties = [code for row in found.values() for code in (row.holder, row.offered_to, row.department)]
        parties += [code for row in found.values() for code in co_listed(row.co_departments)]
        called = names(connection, [*parties, *others.values()], desk.language)
        rows += [
            replace(
                _row(found[name], places, types, called, ticking.get(name, _Clock()), others.get(name, "")),
                side=sight.side(found[name]),
            )
            for name in part
            if name in found
        ]
    return rows


def _clocks(connection: Connection, tasks: Mapping[str, Any], now: int) -> dict[str, _Clock]:
    """What is left on each task's clock: told by its due time where it runs around the clock, else counted."""
    query = (
        select(SEGMENT.c.task, SEGMENT.c.kind, SEGMENT.c.target, SEGMENT.c.calendar)
        .join(TASK, (TASK.c.id == SEGMENT.c.task) & (TASK.c.due_clock == SEGMENT.c.kind))
        .where(SEGMENT.c.stopped.is_(None), SEGMENT.c.task.in_(list(tasks)), TASK.c.due.is_not(None))
    )
    found = {
        row.task: _Clock(row.kind, row.target, tasks[row.task].due - now)
        for row in connection.execute(query)
        if row.calendar == ALWAYS
    }
    left = [
        name
        for name, row in tasks.items()
        if name not in found and row.closed is None and row.state in CLOCK_OF_STATE
    ]
    for name, state in load_many(connection, left).items() if left else ():
        segment = state.state_clock()
        if segment is not None:
            calendars = policy_version(connection, state.policy_version).calendars
            remaining = clocks.remaining(segment, now, calendars)
            found[name] = _Clock(segment.kind, segment.target, remaining, segment.paused)
    return found


def _row(
    task: Any,
    places: Mapping[str, str],
    types: Mapping[str, tuple[str, str]],
    called: Mapping[str, str],
    clock: _Clock,
    claimed_by: str,
) -> TaskRow:
    return TaskRow(
        id=task.id,
        type=task.type,
        type_name=types.get(task.type, (task.type, task.type)),
        state=task.state,
        priority=task.priority,
        level=task.level,
        supervised=task.supervised,
        place=places.get(task.grid, task.grid),
        county=places.get(task.county, ""),
        township=places.get(task.township, ""),
        holder=task.holder,
        holder_name=called.get(task.holder, task.holder),
        holder_kind=task.holder_kind,
        opened=task.opened,
        moved=task.moved_at,
        clock=clock.kind,
        target=clock.target,
        remaining=clock.remaining,
        paused=clock.paused,
        due=task.due,
        breaches=tuple(task.breaches.split()),
        asked=task.asked,
        suspect=task.suspect_data,
        closed=task.closed,
        close_code=task.close_code,
        version=task.version,
        claimed_by=called.get(claimed_by, claimed_by),
        order=task.order_code,
        order_due=task.order_due,
        offered_name=called.get(task.offered_to, task.offered_to),
        lead=called.get(task.department, task.department),
        co=tuple(called.get(code, code) for code in co_listed(task.co_departments)),
    )
