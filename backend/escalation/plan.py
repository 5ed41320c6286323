"""Keep the due table in step: one waiting row for every open task, its next step."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from backend.duty.book import has_book
from backend.duty.numbers import numbers
from backend.duty.presence import Crews, Rooms
from backend.escalation import outage
from backend.escalation.policy import Rules, rules_of
from backend.escalation.steps import CALM, WITHOUT_HOLDER, Step, Surroundings, raised_to, upcoming
from backend.escalation.tables import Due, Heartbeat
from backend.escalation.telling import announce
from backend.store import table
from backend.tasks.apply import policy_for
from backend.tasks.owing import owed_by
from backend.tasks.policy import Policy
from backend.tasks.rows import TASK, load
from backend.tasks.states import State
from backend.tasks.taskstate import TaskState

DUE, HEARTBEAT = table(Due), table(Heartbeat)
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
_TAKEN = (
    select(DUE.c.step, DUE.c.done)
    .where(DUE.c.task == bindparam("task"), DUE.c.done.is_not(None))
    # Of steps that one sweep took after an outage the one that was due last is the newest.
    .order_by(DUE.c.done, DUE.c.at, DUE.c.step)
)
_WAITING = select(DUE.c.step, DUE.c.at).where(DUE.c.task == bindparam("task"), DUE.c.done.is_(None))
_EMPTIED = select(DUE.c.at).where(
    DUE.c.task == bindparam("task"),
    DUE.c.done.is_(None),
    DUE.c.cause == bindparam("cause"),
    DUE.c.kind != "repeat",
)
_SWEPT = select(HEARTBEAT.c.at).where(HEARTBEAT.c.job == "sweep")


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
    clock = task.state_clock()
    if task.state in WITHOUT_HOLDER:
        # Of what goes to the contractor, or waits for a verdict, who of the township is on duty says nothing.
        elsewhere = bool(task.about) or task.type in policy.limits.maintenance
        if clock is None or elsewhere or "nobody" not in rules.causes:
            return CALM
        return _of_crew(connection, task, clock.started, now, policy)
    if task.state not in (State.DRAFT, State.REPORTED):
        return CALM
    found = CALM
    lonely = rules.causes.get("unattended")
    if clock is not None and lonely is not None and lonely.fits(task.type, task.priority):
        found = _of_room(connection, task, clock.started, now, policy)
    storm = rules.causes.get("storm")
    if storm is not None and task.state == State.DRAFT:
        before = connection.execute(
            _BEFORE,
            {"centre": task.centre, "since": task.opened - storm.every, "at": task.opened, "task": task.id},
        ).scalar_one()
        found = replace(found, before=before)
    return found


def _of_crew(connection: Connection, task: TaskState, started: int, now: int, policy: Policy) -> Surroundings:
    """From when on nobody of the place could be sent."""
    if not has_book(connection):
        return CALM
    since, until = _looked_at(connection, task, "nobody", started, now), now + numbers(now).ahead
    place = task.township or task.county or task.grid
    crews = Crews.read(connection, [place], since, until, policy.zone)
    vacant = crews.empties(place, since, until, task.prior_holder)
    return Surroundings(vacant=vacant, look=until if vacant is None else None)


def _of_room(connection: Connection, task: TaskState, started: int, now: int, policy: Policy) -> Surroundings:
    """From when on nobody is at the centre that owes the triage or the verification."""
    owing = owed_by(connection, task, "", policy)
    if not owing.code or not has_book(connection):
        return CALM
    since, until = _looked_at(connection, task, "unattended", started, now), now + numbers(now).ahead
    rooms = Rooms.read(connection, [owing.code], since, until, now, policy.zone)
    empty = rooms.empties(owing.code, since, until)
    return Surroundings(unattended=empty, look=until if empty is None else None)


def _looked_at(connection: Connection, task: TaskState, cause: str, started: int, now: int) -> int:
    """From when on it is not known yet whether somebody was there.

    Each sweep looks, so what emptied did so after the last one, or at the instant that already waits in the due
    table: what a change of the book says of earlier hours was not so when they passed.
    """
    swept: int | None = connection.execute(_SWEPT).scalar_one_or_none()
    if swept is None:
        return started
    emptied = _EMPTIED, {"task": task.id, "cause": cause}
    waits: int | None = connection.execute(*emptied).scalar_one_or_none()
    return max(started, min(now, swept if waits is None else min(swept, waits)))


def taken(connection: Connection, task: str) -> dict[str, int]:
    """The steps taken so far, with when; in the order in which they were."""
    return {row.step: row.done for row in connection.execute(_TAKEN, {"task": task})}
