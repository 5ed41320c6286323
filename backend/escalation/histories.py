"""What happened to tasks, as a replay needs it: their clocks as they ran, and what people did and when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from backend.tasks.clocks import Segment
from backend.tasks.facts import ACT
from backend.tasks.rows import TASK, load_many
from backend.tasks.states import SEAT, SUPERVISOR, ClockKind, rank
from backend.tasks.taskstate import TaskState

PART: Final = 300
"""Tasks that are read at once."""
MOVES_NOTHING: Final = frozenset({"note", "attach", "call", "urge"})
"""Acts of the upper tier that are no answer to an escalation."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of a person or the product."""

    at: int
    kind: str
    role: str
    tier: str
    to_level: str = ""
    cause: str = ""
    priority: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """One task from its proposal to its end, or to the end of the window."""

    task: TaskState
    segments: Sequence[Segment]
    """All but those of LEVEL_ACK: when the upper tier is asked follows from the policy."""
    deeds: Sequence[Deed]
    priorities: Sequence[tuple[int, str]]
    """From when on which priority."""
    first_level: str
    until: int

    def priority_at(self, at: int) -> str:
        """The priority at an instant."""
        place = bisect_right([since for since, _ in self.priorities], at)
        return self.priorities[max(0, place - 1)][1]

    def answered(self, after: int, level: str) -> int | None:
        """When somebody of a tier, or above it, first answered after an instant."""
        for deed in self.deeds:
            staff = deed.role in (SEAT, SUPERVISOR) and rank(deed.tier) >= rank(level)
            if deed.at >= after and staff and deed.kind not in MOVES_NOTHING:
                return deed.at
        return None


def histories(connection: Connection, since: int, until: int) -> Iterator[History]:
    """The tasks that were proposed from ``since`` on and before ``until``, each with what happened before that."""
    query = select(TASK.c.id).where(TASK.c.opened >= since, TASK.c.opened < until).order_by(TASK.c.id)
    ids = list(connection.execute(query).scalars())
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        acts = _acts(connection, part, until)
        for name, state in load_many(connection, part).items():
            yield _history(state, acts.get(name, []), until)


def _acts(connection: Connection, tasks: Sequence[str], until: int) -> Mapping[str, list[Any]]:
    rows = connection.execute(
        select(ACT.c.task, ACT.c.at, ACT.c.kind, ACT.c.role, ACT.c.tier, ACT.c.body)
        .where(ACT.c.task.in_(tasks), ACT.c.result == "applied", ACT.c.at < until)
        .order_by(ACT.c.id)
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.task, []).append(row)
    return found


def _history(state: TaskState, acts: Sequence[Any], until: int) -> History:
    deeds: list[Deed] = []
    first, priorities = "T", [(state.opened, state.priority)]
    for row in acts:
        body = msgspec.json.decode(row.body, type=dict[str, Any]) if row.body else {}
        if row.kind == "propose":
            first = str(body.get("level", "T"))
            priorities = [(row.at, str(body.get("priority", state.priority)))]
        if row.kind == "prioritise":
            priorities.append((row.at, str(body.get("priority", state.priority))))
        to_level, cause = str(body.get("to_level", "")), str(body.get("cause", ""))
        deeds.append(
            Deed(row.at, row.kind, row.role, row.tier, to_level, cause, str(body.get("priority", "")))
        )
    segments = [one for one in state.segments if one.kind != ClockKind.LEVEL_ACK and one.started < until]
    return History(
        state, segments, deeds, priorities, first, until if state.closed is None else min(until, state.closed)
    )
