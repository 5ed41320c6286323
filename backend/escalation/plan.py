"""Keep the due table in step: one waiting row for every open task, its next step."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from backend.duty.book import has_book, on_duty
from backend.duty.pick import pick_holder
from backend.escalation import outage
from backend.escalation.policy import Rules, rules_of
from backend.escalation.steps import CALM, WITHOUT_HOLDER, Step, Surroundings, raised_to, upcoming
from backend.escalation.tables import Due
from backend.escalation.telling import announce
from backend.store import table
from backend.tasks.apply import policy_for
from backend.tasks.owing import owed_by
from backend.tasks.policy import Policy
from backend.tasks.rows import TASK, load
from backend.tasks.states import State
from backend.tasks.taskstate import TaskState

DUE = table(Due)
_BEFORE = (
    select(func.count())
    .select_from(TASK)
    .where(
        TASK.c.opened > bindparam("since"),
        TASK.c.opened <= bindparam("at"),
        TASK.c.centre == bindparam("centre"),
        TASK.c.about == "",
        or_(TASK.c.opened < bindparam("at"), TASK.c.id < bindparam("task")),
    )
)
_TAKEN = select(DUE.c.step, DUE.c.done).where(DUE.c.task == bindparam("task"), DUE.c.done.is_not(None))
_WAITING = select(DUE.c.step, DUE.c.at).where(DUE.c.task == bindparam("task"), DUE.c.done.is_(None))


def plan(connection: Connection, task: str, now: int) -> None:
    """Write the task's next step, in the caller's transaction; none for a task that has ended.

    People whom the newest act concerns are told. Given to `backend.tasks.apply.apply` as its planner.
    """
    state = load(connection, task)
    if state is not None:
        announce(connection, state, now)
        state = outage.in_step(connection, state, now)
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
        "to_level": raised_to(state, step),
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
    rules = rules_of(policy)
    around = surroundings(connection, task, now, policy, rules)
    return upcoming(task, policy, rules, taken(connection, task.id), around)


def surroundings(
    connection: Connection, task: TaskState, now: int, policy: Policy, rules: Rules
) -> Surroundings:
    """What the duty book and the other drafts say of a task; nothing is looked up that its state does not ask for."""
    if task.type in policy.limits.maintenance and task.state in WITHOUT_HOLDER:
        # It goes to the contractor: who of the township is on duty says nothing.
        return CALM
    if task.state in WITHOUT_HOLDER and not task.about:
        picked = pick_holder(connection, task.grid, now, policy.zone, exclude=task.prior_holder)
        return Surroundings(vacant=picked.vacant)
    if task.state not in (State.DRAFT, State.REPORTED):
        return CALM
    unattended = False
    lonely = rules.causes.get("unattended")
    if lonely is not None and lonely.fits(task.type, task.priority):
        owing = owed_by(connection, task, "", policy)
        unattended = bool(
            owing.code
            and not on_duty(connection, "centre", owing.code, now, policy.zone)
            and has_book(connection)
        )
    storm = rules.causes.get("storm")
    before = 0
    if storm is not None and task.state == State.DRAFT:
        before = connection.execute(
            _BEFORE,
            {"centre": task.centre, "since": task.opened - storm.every, "at": task.opened, "task": task.id},
        ).scalar_one()
    return Surroundings(unattended=unattended, before=before)


def taken(connection: Connection, task: str) -> dict[str, int]:
    """The steps taken so far, with when."""
    return {row.step: row.done for row in connection.execute(_TAKEN, {"task": task})}
