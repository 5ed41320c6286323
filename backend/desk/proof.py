"""The nightly proof 每日清零核对: every task that is not closed and verified, merged, or cancelled with approval.

Each with who owes it and when something happens next. One without either would be forgotten: the proof says so aloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, exists, func, or_, select

from backend.desk.desk import Desk
from backend.desk.gone import left_behind
from backend.desk.naming import names
from backend.desk.sight import GIVEN, OFFERED, Sight, sight_of
from backend.escalation import auditor
from backend.escalation.plan import DUE
from backend.store import table
from backend.tasks.arbitration import TYPE as ARBITRATION
from backend.tasks.owing import Centres, owing_of
from backend.tasks.policy import Policy, policy_version
from backend.tasks.rows import TASK
from backend.tasks.states import State, told_as
from backend.tasks.tables import Act
from backend.tasks.taskstate import TaskState
from backend.words import Message

ACT = table(Act)
PART: Final = 2000
"""Tasks that are read at once."""
ENDS: Final = {
    State.CLOSED: ("verify_ok", "settle"),
    State.MERGED: ("merge",),
    State.CANCELLED: ("dismiss", "void", "lapse"),
}
"""The acts by which a task ends; one that ended otherwise did not end by the book."""
_COLUMNS: Final = tuple(field.name for field in fields(TaskState) if field.name != "segments")


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One task that is not done with."""

    id: str
    type: str
    state: str
    priority: str
    level: str
    county: str
    township: str
    opened: int
    owner_kind: str
    """member, department, centre."""
    owner: str
    """The code of who owes its clock; empty where nobody does: a fault."""
    owner_name: str
    clock: str
    due: int | None
    """When that clock runs out; none while it stands still."""
    next_at: int | None
    """When something happens next unless it moves first; none is a fault."""
    next_kind: str
    supervised: bool
    breaches: tuple[str, ...]
    side: str
    """``offered`` where it waits for an answer from here, ``handed`` where it went from here to others; else empty."""
    fault: str
    """no_owner, no_next, not_by_the_book or owner_gone; empty where it is sound."""

    @property
    def told_as(self) -> str:
        """Its state as people are told it: of an open arbitration that it awaits its verdict."""
        return told_as(self.state, self.type == ARBITRATION)


@dataclass(frozen=True, slots=True)
class Voided:
    """A task that was cancelled in the day before the proof: it is listed, so that nothing vanishes unseen."""

    id: str
    at: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What is not done with, at an instant."""

    at: int
    rows: Sequence[ProofRow]
    voided: Sequence[Voided]
    closed: int
    """Tasks that were closed and verified in the day before."""
    unsound: Sequence[Message]
    """What the auditor and its heartbeat say is wrong."""

    @property
    def faults(self) -> list[ProofRow]:
        """Tasks without an owner or a next instant, and those that did not end by the book."""
        return [row for row in self.rows if row.fault]

    @property
    def overdue(self) -> int:
        """Tasks whose clock has run out."""
        return sum(row.due is not None and row.due < self.at for row in self.rows)


def proof(desk: Desk) -> Proof:
    """Look every task of the jurisdiction through: what is open, by whom, until when; and what was voided."""
    now = desk.now
    with desk.store.read() as connection:
        sight = sight_of(connection, desk)
        scope = sight.scope
        rows = list(_rows(connection, desk, sight))
        since = now - 86400
        closed = connection.execute(
            select(func.count())
            .select_from(TASK)
            .where(scope.covers(TASK), TASK.c.state == State.CLOSED, TASK.c.closed > since)
        ).scalar_one()
        voided = _voided(connection, desk, sight, since)
        found = auditor.audit(connection, now, write=False).findings
        missing = auditor.unattended(connection, now)
    unsound = [finding.message for finding in found] + ([missing] if missing is not None else [])
    rows.sort(key=lambda row: (not row.fault, row.due is None, row.due or 0, row.id))
    return Proof(now, rows, voided, closed, unsound)


def watched(desk: Desk) -> Message | None:
    """Why the auditor is not to be trusted now; None where it ran lately."""
    with desk.store.read() as connection:
        return auditor.unattended(connection, desk.now)


def _rows(connection: Connection, desk: Desk, sight: Sight) -> Iterator[ProofRow]:
    """Open tasks, and ended ones that no act of their state's ended."""
    by_the_book = or_(
        *(
            (TASK.c.state == str(state))
            & exists().where(ACT.c.task == TASK.c.id, ACT.c.kind.in_(kinds), ACT.c.result == "applied")
            for state, kinds in ENDS.items()
        )
    )
    centres, policies, left = Centres.read(connection), _Policies(connection), left_behind(connection)
    for wanted, odd in ((TASK.c.closed.is_(None), False), (TASK.c.closed.is_not(None) & ~by_the_book, True)):
        last = ""
        while True:
            query = select(*(TASK.c[name] for name in _COLUMNS)).where(
                wanted, sight.answers(), TASK.c.id > last
            )
            part = connection.execute(query.order_by(TASK.c.id).limit(PART)).all()
            if not part:
                break
            last = part[-1].id
            sides = _sides(connection, sight, part)
            for found in _part(connection, desk, part, centres, policies, odd=odd):
                fault = found.fault or ("owner_gone" if found.id in left else "")
                yield replace(found, side=sides.get(found.id, ""), fault=fault)


def _sides(connection: Connection, sight: Sight, part: Sequence[Any]) -> dict[str, str]:
    """Why tasks that lie elsewhere, or wait for an answer from here, are among these."""
    ids = [row.id for row in part]
    waiting = select(TASK.c.id).where(TASK.c.id.in_(ids), sight.offered())
    offered = set(connection.execute(waiting).scalars())
    away = {row.id: GIVEN for row in part if not sight.scope.holds(row)}
    own = {row.id for row in part if sight.side(row) == OFFERED}
    return away | dict.fromkeys(own | (offered & away.keys()), OFFERED)


class _Policies:
    """Policies by version, each read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, Policy] = {}

    def __call__(self, version: int) -> Policy:
        if version not in self._known:
            self._known[version] = policy_version(self._connection, version)
        return self._known[version]


def _part(
    connection: Connection,
    desk: Desk,
    part: Sequence[Any],
    centres: Centres,
    policies: _Policies,
    *,
    odd: bool,
) -> Iterator[ProofRow]:
    tasks = [TaskState(**row._mapping) for row in part]
    waiting = {
        row.task: row
        for row in connection.execute(
            select(DUE.c.task, DUE.c.at, DUE.c.kind).where(
                DUE.c.done.is_(None), DUE.c.task.in_([task.id for task in tasks])
            )
        )
    }
    owed = {task.id: owing_of(task, "", policies(task.policy_version), centres.of_level) for task in tasks}
    called = names(connection, [one.code for one in owed.values()], desk.language)
    for task in tasks:
        owing, step = owed[task.id], waiting.get(task.id)
        fault = "" if owing.code else "no_owner"
        fault = "not_by_the_book" if odd else fault or ("" if step is not None else "no_next")
        yield ProofRow(
            id=task.id,
            type=task.type,
            state=task.state,
            priority=task.priority,
            level=task.level,
            county=task.county,
            township=task.township,
            opened=task.opened,
            owner_kind=owing.kind,
            owner=owing.code,
            owner_name=called.get(owing.code, owing.code),
            clock=owing.clock,
            due=task.due,
            next_at=None if step is None else step.at,
            next_kind="" if step is None else step.kind,
            supervised=task.supervised,
            breaches=tuple(task.breaches.split()),
            side="",
            fault=fault,
        )


def _voided(connection: Connection, desk: Desk, sight: Sight, since: int) -> list[Voided]:
    rows = connection.execute(
        select(ACT.c.task, ACT.c.at, ACT.c.actor, ACT.c.body)
        .join(TASK, TASK.c.id == ACT.c.task)
        .where(ACT.c.kind.in_(("void", "dismiss")), ACT.c.result == "applied", ACT.c.at > since)
        .where(sight.answers())
        .order_by(ACT.c.at)
    ).all()
    called = names(connection, [row.actor for row in rows], desk.language)
    return [
        Voided(
            row.task,
            row.at,
            called.get(row.actor, row.actor),
            str(msgspec.json.decode(row.body, type=dict[str, Any]).get("reason", "")),
        )
        for row in rows
    ]


def day_of(desk: Desk, proof_: Proof) -> str:
    """The civil day of a proof."""
    return datetime.fromtimestamp(proof_.at, desk.zone).date().isoformat()
