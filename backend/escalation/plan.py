"""Keep the due table in step: one waiting row for every open task, its next step."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from backend.duty.pick import pick_holder
from backend.escalation.policy import rules_of
from backend.escalation.steps import WITHOUT_HOLDER, Step, upcoming
from backend.escalation.tables import Due
from backend.escalation.telling import announce
from backend.store import table
from backend.tasks.apply import policy_for
from backend.tasks.rows import load
from backend.tasks.states import above
from backend.tasks.taskstate import TaskState

DUE = table(Due)
_TAKEN = select(DUE.c.step, DUE.c.done).where(DUE.c.task == bindparam("task"), DUE.c.done.is_not(None))
_WAITING = select(DUE.c.step, DUE.c.at).where(DUE.c.task == bindparam("task"), DUE.c.done.is_(None))


def plan(connection: Connection, task: str, now: int) -> None:
    """Write the task's next step, in the caller's transaction; none for a task that has ended.

    People whom the newest act concerns are told. Given to `backend.tasks.apply.apply` as its planner.
    """
    state = load(connection, task)
    if state is not None:
        announce(connection, state, now)
    steps = steps_of(connection, state, now) if state is not None else []
    waiting = connection.execute(_WAITING, {"task": task}).one_or_none()
    if state is None or not steps:
        if waiting is not None:
            connection.execute(delete(DUE).where(DUE.c.task == task, DUE.c.done.is_(None)))
        return
    step = steps[0]
    values = {
        "at": step.at,
        "kind": step.kind,
        "clock": step.clock,
        "cause": step.cause,
        "to_level": above(state.level) if step.kind == "escalate" else "",
        "policy_version": state.policy_version,
    }
    if waiting is None:
        connection.execute(insert(DUE).values(task=task, step=step.key, outcome="", **values))
    else:
        connection.execute(
            update(DUE).where(DUE.c.task == task, DUE.c.done.is_(None)).values(step=step.key, **values)
        )


def steps_of(connection: Connection, task: TaskState, now: int) -> list[Step]:
    """Everything that lies ahead of a task unless it moves first, in order."""
    if not task.live:
        return []
    policy = policy_for(connection, task, now)
    vacant = False
    if task.state in WITHOUT_HOLDER:
        vacant = pick_holder(connection, task.grid, now, policy.zone, exclude=task.prior_holder).vacant
    return upcoming(task, policy, rules_of(policy), taken(connection, task.id), vacant=vacant)


def taken(connection: Connection, task: str) -> dict[str, int]:
    """The steps taken so far, with when."""
    rows = connection.execute(
        select(DUE.c.step, DUE.c.done).where(DUE.c.task == task, DUE.c.done.is_not(None))
    )
    return {row.step: row.done for row in rows}
