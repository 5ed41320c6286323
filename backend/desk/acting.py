"""One act of a person to a task: it goes through here, to the one judge, in one transaction.

`backend.access` says whether the person may act in this place at all, `backend.tasks` whether the act is legal in the
task's state; both are asked here and nowhere else. An outcome's data name what was made: ``task``, ``state``,
``version``, and ``op``, the operation's id, by which the act can be recalled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from backend.access import may
from backend.desk import evidence as proof
from backend.desk import known
from backend.desk.desk import Desk
from backend.desk.keeping import for_whom
from backend.desk.naming import PARTIES, named, names
from backend.duty import claims
from backend.escalation.plan import plan
from backend.incidents.callers import callers_of, without_in
from backend.store import table
from backend.tasks.apply import apply
from backend.tasks.ops import Op, op_id
from backend.tasks.tables import Task
from backend.tasks.taskstate import co_listed
from backend.words import Outcome

TASK = table(Task)


def act(
    desk: Desk,
    task: str,
    kind: str,
    *,
    body: Mapping[str, Any] | None = None,
    on_behalf: str = "",
    channel: str = "",
    seen_version: int | None = None,
    seen_state: str | None = None,
    op_id: str = "",
    occurred: int | None = None,
) -> Outcome:
    """Do one act to a task.

    Args:
        kind: an act of `backend.tasks.edges`, such as ``dispatch``.
        body: what the act asks for, such as ``{"holder": ..., "holder_kind": "member"}``.
        on_behalf: whose act it is where the person only enters it; the channel is then ``phone`` unless given.
        seen_version: the version that the person had before them: an owner change since makes the act stale.
        seen_state: the state that the person had before them.
        op_id: the operation's id; the same one sent again is done once. A new one where empty.
        occurred: when it happened, where that was earlier.
    """
    op = operation(desk, task, kind, body or {}, on_behalf, channel, op_id)
    op = replace(op, from_state=seen_state, version=seen_version, occurred=occurred)
    with desk.store.write() as connection:
        return judged(connection, desk, op)


def act_all(desk: Desk, tasks: Sequence[tuple[str, int]], kind: str) -> Outcome:
    """Do an act that asks for nothing to several tasks, each given with the version that the person saw."""
    outcomes = [act(desk, task, kind, seen_version=version) for task, version in tasks]
    refused = [outcome for outcome in outcomes if not outcome.ok]
    done = len(outcomes) - len(refused)
    if not refused:
        return Outcome.done("desk.tasks.all", act=kind, count=done)
    if not done:
        return refused[0]
    return Outcome.done("desk.tasks.some", act=kind, count=done, left=len(refused))


def file_and_dispatch(
    desk: Desk,
    task: str,
    *,
    body: Mapping[str, Any],
    filing: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
    seen_state: str | None = None,
    op_id: str = "",
) -> Outcome:
    """File a draft and send somebody: one step for the person, two acts in the log.

    Where the second is refused the first stands, as it would had they been done one after the other.

    Args:
        body: of the dispatch.
        filing: of the filing: a place, ``confirmed``.
    """
    dispatch = operation(desk, task, "dispatch", body, "", "", op_id)
    file = operation(desk, task, "file", filing or {}, "", "", f"{dispatch.id}:file")
    file = replace(file, from_state=seen_state, version=seen_version)
    with desk.store.write() as connection:
        filed = judged(connection, desk, file)
        if not filed.ok:
            return filed
        version = filed.data.get("version")
        return judged(
            connection, desk, replace(dispatch, version=version if isinstance(version, int) else None)
        )


def recall(desk: Desk, task: str, op: str) -> Outcome:
    """Take an act back 撤回, within the window of the policy."""
    return act(desk, task, "recall", body={"op": op})


def act_in(connection: Connection, desk: Desk, task: str, kind: str, body: Mapping[str, Any]) -> Outcome:
    """Do an act that follows from another of the same person, in the same transaction: they see what they have made."""
    version = connection.execute(select(TASK.c.version).where(TASK.c.id == task)).scalar_one_or_none()
    return judged(connection, desk, replace(operation(desk, task, kind, body, "", "", ""), version=version))


def claim(desk: Desk, kind: str, item: str) -> Outcome:
    """Say that this person has an alarm or a task open; refused with who has it already. It ends by itself."""
    with desk.store.bulk() as connection:
        outcome = claims.claim(connection, kind, item, desk.actor.person, desk.now)
        return outcome if outcome.ok else _called(connection, desk, outcome)


def release(desk: Desk, kind: str, item: str) -> None:
    """Say that this person has closed it."""
    with desk.store.bulk() as connection:
        claims.release(connection, kind, item, desk.actor.person)


def judged(connection: Connection, desk: Desk, op: Op) -> Outcome:
    """Ask whether the person may, and let the operation be judged: the one call site of both."""
    refusal = may(connection, desk.actor, "task.act", _grid_asked(connection, desk, op))
    if refusal is not None:
        return Outcome(False, refusal)
    op = _without_callers(connection, for_whom(connection, desk, op))
    outcome = apply(connection, op, desk.now, planner=plan)
    outcome = _called(connection, desk, outcome)
    if not outcome.ok:
        return outcome
    proof.taken(connection, desk, op)
    if op.kind == "merge":
        known.after_merge(connection, desk, op)
    return replace(outcome, data={**outcome.data, "op": op.id})


def operation(
    desk: Desk, task: str, kind: str, body: Mapping[str, Any], on_behalf: str, channel: str, name: str
) -> Op:
    """An act of the person at the desk; a new one where it has no ``name``."""
    actor = desk.actor
    return Op(
        id=name or op_id(),
        kind=kind,
        task=task,
        actor=actor.person,
        role=actor.role,
        tier=actor.tier,
        on_behalf=on_behalf,
        channel=channel or ("phone" if on_behalf else "seat"),
        body=body,
        centre=actor.centre,
        department=actor.department,
    )


def _without_callers(connection: Connection, op: Op) -> Op:
    """The act with no word in it of who called: an act is read by many, and is never changed."""
    incident = op.body.get("incident") if op.kind == "propose" else _incident_of(connection, op.task)
    return replace(op, body=without_in(op.body, callers_of(connection, str(incident or ""))))


def _incident_of(connection: Connection, task: str) -> str | None:
    return connection.execute(select(TASK.c.incident).where(TASK.c.id == task)).scalar_one_or_none()


def _grid_asked(connection: Connection, desk: Desk, op: Op) -> str:
    """In whose place the person must be; none for whoever holds the task, is offered it, or helps with it."""
    if op.kind == "propose":
        return str(op.body.get("grid") or "")
    row = connection.execute(
        select(TASK.c.grid, TASK.c.holder, TASK.c.offered_to, TASK.c.co_departments).where(
            TASK.c.id == op.task
        )
    ).first()
    if row is None:
        return ""
    own = {desk.actor.person, desk.actor.centre, desk.actor.department} - {""}
    parties = {row.holder, row.offered_to, *co_listed(row.co_departments)}
    return "" if own & parties else row.grid


def _called(connection: Connection, desk: Desk, outcome: Outcome) -> Outcome:
    """The outcome with people, centres and departments called by their names."""
    codes = [str(value) for key, value in outcome.message.args.items() if key in PARTIES and value]
    called = names(connection, codes, desk.language) if codes else {}
    return replace(outcome, message=named(outcome.message, called))
