"""What waits for a supervisor's word: suspensions, extensions, voids, dismissals of critical drafts; and the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from backend.desk import acts
from backend.desk.desk import Desk
from backend.desk.naming import named, names
from backend.desk.scope import scope_of
from backend.desk.taskrows import TaskRow, rows_of
from backend.desk.tasks import who
from backend.store import table
from backend.tasks import canned as words_of
from backend.tasks import machine
from backend.tasks.policy import Policy, policy_at, policy_version
from backend.tasks.rows import TASK, load
from backend.tasks.states import State
from backend.tasks.tables import Act
from backend.tasks.taskstate import TaskState
from backend.words import Message, Outcome

ACT = table(Act)
SAID: Final = ("reason", "note", "review_at", "seconds")
"""What an asking says, and the granting act takes over."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Something that was asked for and that nobody has answered."""

    task: TaskRow
    asked: str
    """suspend, extend, void or dismiss."""
    asked_by: str
    """The name of who asked; they can't grant it themselves."""
    asked_at: int
    reason: str
    note: str
    review_at: int | None
    """Until when a suspension is asked for."""
    seconds: int | None
    """How much longer an extension is."""
    needed: str
    """The lowest tier whose supervisor may grant it."""
    refusal: Message | None
    """Why the person at the desk may not; None where they may."""


def waiting(desk: Desk, *, limit: int = 500) -> list[Approval]:
    """What waits in the jurisdiction: what this person may grant first, the oldest of each first."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = (
            select(TASK.c.id)
            .where(scope.covers(TASK), TASK.c.closed.is_(None), TASK.c.asked != "")
            .order_by(TASK.c.asked_at, TASK.c.id)
            .limit(limit)
        )
        rows = rows_of(connection, desk, list(connection.execute(query).scalars()))
        found = [_approval(connection, desk, row) for row in rows]
    return sorted(found, key=lambda one: one.refusal is not None)


def count(desk: Desk) -> int:
    """How many wait in the jurisdiction."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = select(func.count()).select_from(TASK)
        query = query.where(scope.covers(TASK), TASK.c.closed.is_(None), TASK.c.asked != "")
        return connection.execute(query).scalar_one()


def grant(desk: Desk, task: str, *, seen_version: int, changes: Mapping[str, Any] | None = None) -> Outcome:
    """Grant what is asked for, as it was asked; ``changes`` gives another review date or length."""
    with desk.store.read() as connection:
        state = load(connection, task)
        if state is None or not state.asked:
            return Outcome.refused("task.refused.not_asked")
        body = {**_asking(connection, state), **(changes or {})}
    return acts.act(desk, task, state.asked, body=body, seen_version=seen_version)


def deny(desk: Desk, task: str, reason: str, *, seen_version: int) -> Outcome:
    """Refuse what is asked for, with the reason that the asker reads."""
    return acts.act(desk, task, "deny", body={"reason": reason}, seen_version=seen_version)


def canned(desk: Desk, act: str, type_: str = "") -> list[tuple[str, str]]:
    """Words to choose from for an act on a task of a type, Chinese and English; those of the type first."""
    day = datetime.fromtimestamp(desk.now, desk.zone).date()
    with desk.store.read() as connection:
        return words_of.canned(connection, act, type_, day)


def _approval(connection: Connection, desk: Desk, row: TaskRow) -> Approval:
    state = load(connection, row.id)
    assert state is not None
    draft = state.state == State.DRAFT
    policy = policy_at(connection, desk.now) if draft else policy_version(connection, state.policy_version)
    said = _asking(connection, state)
    called = names(connection, [state.asked_by], desk.language)
    review, seconds = said.get("review_at"), said.get("seconds")
    return Approval(
        task=row,
        asked=state.asked,
        asked_by=called.get(state.asked_by, state.asked_by),
        asked_at=state.asked_at or 0,
        reason=str(said.get("reason", "")),
        note=str(said.get("note", "")),
        review_at=review if isinstance(review, int) else None,
        seconds=seconds if isinstance(seconds, int) else None,
        needed=needed(state),
        refusal=named(_refusal(desk, state, policy), called),
    )


def needed(task: TaskState) -> str:
    """The lowest tier whose supervisor may grant what is asked for."""
    match task.asked:
        case "suspend":
            return "M" if task.priority == "critical" else "C"
        case "void":
            return "C"
        case "extend":
            return "T" if task.extensions == 0 else "C"
    return "T"


def _refusal(desk: Desk, state: TaskState, policy: Policy) -> Message | None:
    if state.asked_by == desk.actor.person:
        return Message("task.refused.asker", {"by": state.asked_by})
    offers = dict(machine.offered(state, who(desk), desk.now, policy))
    return offers.get(state.asked, Message("task.refused.not_asked"))


def _asking(connection: Connection, state: TaskState) -> dict[str, Any]:
    """What the newest asking said."""
    query = (
        select(ACT.c.body)
        .where(ACT.c.task == state.id, ACT.c.kind == f"ask_{state.asked}", ACT.c.result == "applied")
        .order_by(ACT.c.id.desc())
        .limit(1)
    )
    text = connection.execute(query).scalar_one_or_none()
    body = msgspec.json.decode(text, type=dict[str, Any]) if text else {}
    return {name: body[name] for name in SAID if name in body}
