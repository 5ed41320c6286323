"""Tasks: the board, and one task's page with its timeline, its clocks, what comes next and what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from backend.city.tables import IncidentType, Person
from backend.desk.desk import Desk
from backend.desk.keeping import FOR
from backend.desk.naming import named, names
from backend.desk.sight import GIVEN, Sight, sight_of
from backend.desk.taskrows import TaskRow as TaskRow
from backend.desk.taskrows import rows_of as rows_of
from backend.store import table
from backend.tasks import clocks, machine
from backend.tasks.ops import Who
from backend.tasks.policy import Policy, policy_version
from backend.tasks.rows import load
from backend.tasks.states import State
from backend.tasks.tables import Act, Breach, Task
from backend.words import Message

ACT, BREACH, TASK = table(Act), table(Breach), table(Task)
PERSON, TYPE = table(Person), table(IncidentType)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One act of a task, as it was judged."""

    at: int
    occurred: int
    kind: str
    actor: str
    actor_name: str
    on_behalf: str
    behalf_name: str
    channel: str
    from_state: str
    to_state: str
    result: str
    refusal: Message | None
    body: Mapping[str, Any]
    version: int
    for_name: str = ""
    """The centre for which it was done, where its board was kept by another."""
    target_name: str = ""
    """Whom it was sent or offered to, or the task into which it went."""
    of_name: str = ""
    """The department of the actor, where they sit at no centre."""
    uncertain: int = 0
    """Seconds by which ``occurred`` may be wrong: what comes from paper says so."""


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock of a task, running, standing still or stopped."""

    kind: str
    started: int
    stopped: int | None
    paused: bool
    target: int
    elapsed: int
    remaining: int
    due: int | None
    breached: bool
    unsure: int | None = None
    """The year in which it is due by weekdays alone: its calendar does not know that year's decreed days."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that the page may offer."""

    kind: str
    refusal: Message | None
    """Why it is off; None where it can be done now."""
    on_behalf: str
    """For whom the person would enter it by phone; empty where it is their own to do."""
    behalf_name: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    """All that a person needs of one task."""

    row: TaskRow
    incident: str
    title: Message
    centre: str
    department: str
    co_departments: tuple[str, ...]
    """The codes of the co-handling departments 协办部门."""
    reporter: str
    recorder: str
    result: str
    asked_by: str
    supervised_by: str
    policy_version: int
    holder_phone: str
    origin: str
    """alarm, phone, 12345, patrol, camera, leader."""
    results: tuple[str, ...]
    """Result codes that the incident type allows."""
    evidence: tuple[str, ...]
    timeline: Sequence[TimelineRow]
    clocks: Sequence[ClockRow]
    offers: Sequence[Offer]


def who(desk: Desk) -> Who:
    """The person at the desk as the task machine judges them."""
    actor = desk.actor
    return Who(actor.person, actor.role, actor.tier, actor.centre, actor.department)


def board(desk: Desk, *, view: str = "open", limit: int = 5000) -> list[TaskRow]:
    """Tasks of the jurisdiction: orders from above, missed ones, then by what is due, by priority; a stable order.

    Args:
        view: ``open``; ``mine``: this centre's or this person's, and those that this tier answers for; ``approval``:
            a supervisor is asked, a report waits to be verified, an arbitration to be settled; ``handed``: handed on
            to others, ended ones too; ``closed``.
    """
    rank = case(
        {name: n for n, name in enumerate(("critical", "high", "medium", "low"))},
        value=TASK.c.priority,
        else_=9,
    )
    with desk.store.read() as connection:
        sight = sight_of(connection, desk)
        query = select(TASK.c.id).where(sight.handed() if view == GIVEN else sight.owes())
        if view == "closed":
            query = query.where(TASK.c.closed.is_not(None)).order_by(TASK.c.closed.desc())
        elif view == GIVEN:
            query = query.order_by(TASK.c.closed.is_not(None), TASK.c.due.is_(None), TASK.c.due, TASK.c.id)
        else:
            query = query.where(TASK.c.closed.is_(None)).order_by(
                TASK.c.order_code == "", TASK.c.due.is_(None), TASK.c.due, rank, TASK.c.id
            )
        if view == "mine":
            query = query.where(_mine(sight, desk))
        if view == "approval":
            query = query.where(_awaits_word())
        ids = list(connection.execute(query.limit(limit)).scalars())
        rows = rows_of(connection, desk, ids)
    if view == "closed":
        return rows
    if view == GIVEN:
        return [replace(row, side=GIVEN) for row in rows]
    late = 1 << 40
    # Sorting is stable, so what the query ordered by stays within each group.
    return sorted(rows, key=lambda row: (not row.order, not row.breaches, row.due or late))


def _mine(sight: Sight, desk: Desk) -> ColumnElement[bool]:
    actor = desk.actor
    return or_(
        TASK.c.centre.in_(sight.bodies),
        TASK.c.holder.in_(sight.bodies),
        TASK.c.offered_to.in_(sight.bodies),
        sight.helped(),
        # What has risen to this tier is its own; that another jurisdiction's has is no business of theirs.
        and_(sight.scope.owes(TASK), TASK.c.level == actor.tier),
        TASK.c.moved_by == actor.person,
    )


def _awaits_word() -> ColumnElement[bool]:
    """Something is asked for, a report waits to be verified, or an arbitration to be settled."""
    return (TASK.c.asked != "") | (TASK.c.state == State.REPORTED) | (TASK.c.about != "")


def page(desk: Desk, task: str) -> TaskPage | None:
    """One task with its timeline, clocks and the acts that the person may do; None where there is none."""
    now = desk.now
    with desk.store.read() as connection:
        state = load(connection, task)
        if state is None:
            return None
        policy = policy_version(connection, state.policy_version)
        acts = connection.execute(select(ACT).where(ACT.c.task == task).order_by(ACT.c.id)).all()
        parties = [state.holder, state.reporter, state.recorder, state.offered_to]
        bodies = {act.id: _decode(act.body) for act in acts}
        people = [code for act in acts for code in _parties(act, bodies[act.id])]
        title = Message(state.title_code, _decode(state.title_args))
        sides = [str(title.args.get(key) or "") for key in ("giver", "receiver")]
        of = _departments(connection, {act.actor for act in acts})
        called = names(connection, [*parties, *people, *sides, *of.values()], desk.language)
        row = rows_of(connection, desk, [task])[0]
        sight = sight_of(connection, desk)
        if not row.side and not sight.scope.holds(state):
            given = select(TASK.c.id).where(TASK.c.id == task, sight.handed())
            row = replace(row, side=GIVEN if connection.execute(given).first() else "")
        phone = connection.execute(
            select(PERSON.c.phone).where(PERSON.c.code == state.holder)
        ).scalar_one_or_none()
        kind = connection.execute(
            select(TYPE.c.results, TYPE.c.evidence)
            .where(TYPE.c.code == state.type)
            .order_by(TYPE.c.valid_from.desc())
        ).first()
        missed = set(connection.execute(select(BREACH.c.segment).where(BREACH.c.task == task)).scalars())
    person = who(desk)
    return TaskPage(
        row=row,
        incident=state.incident,
        title=named(title, called),
        centre=state.centre,
        department=state.department,
        co_departments=state.co_handlers,
        reporter=called.get(state.reporter, state.reporter),
        recorder=called.get(state.recorder, state.recorder),
        result=state.result,
        asked_by=called.get(state.asked_by, state.asked_by),
        supervised_by=called.get(state.supervised_by, state.supervised_by),
        policy_version=state.policy_version,
        holder_phone=phone or "",
        origin=state.origin,
        results=tuple(kind.results.split("|")) if kind and kind.results else (),
        evidence=tuple(kind.evidence.split("|")) if kind and kind.evidence else (),
        timeline=[
            replace(_timeline(act, bodies[act.id], called), of_name=called.get(of.get(act.actor, ""), ""))
            for act in acts
        ],
        clocks=[_clock(segment, policy, missed, now) for segment in state.segments],
        offers=[
            Offer(
                kind,
                named(why, called),
                behalf := machine.enters_for(state, person, kind),
                called.get(behalf, behalf),
            )
            for kind, why in machine.offered(state, person, now, policy)
        ],
    )


def view_counts(desk: Desk) -> dict[str, int]:
    """How many open tasks each view of the board holds; those that have ended are not counted."""
    with desk.store.read() as connection:
        sight = sight_of(connection, desk)
        row = connection.execute(
            select(
                func.count().label("open"),
                func.count(case((_mine(sight, desk), 1))).label("mine"),
                func.count(case((_awaits_word(), 1))).label("approval"),
            ).where(TASK.c.closed.is_(None), sight.owes())
        ).one()
        given = connection.execute(
            select(func.count()).select_from(TASK).where(TASK.c.closed.is_(None), sight.handed())
        ).scalar_one()
    return {**row._mapping, GIVEN: given}


def _departments(connection: Connection, people: set[str]) -> dict[str, str]:
    """The departments of those of these people who sit at no centre."""
    query = select(PERSON.c.code, PERSON.c.department).where(
        PERSON.c.code.in_(people), PERSON.c.department != "", PERSON.c.centre == ""
    )
    return {row.code: row.department for row in connection.execute(query)}


def _decode(text: str) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any]) if text else {}


def _parties(act: Any, body: Mapping[str, Any]) -> tuple[str, ...]:
    return act.actor, act.on_behalf, _target(body), str(body.get(FOR, ""))


def _target(body: Mapping[str, Any]) -> str:
    return next((str(body[key]) for key in ("holder", "receiver", "into") if body.get(key)), "")


def _timeline(act: Any, body: Mapping[str, Any], called: Mapping[str, str]) -> TimelineRow:
    target = _target(body)
    return TimelineRow(
        at=act.at,
        occurred=act.occurred,
        kind=act.kind,
        actor=act.actor,
        actor_name=called.get(act.actor, act.actor),
        on_behalf=act.on_behalf,
        behalf_name=called.get(act.on_behalf, act.on_behalf),
        channel=act.channel,
        from_state=act.from_state,
        to_state=act.to_state,
        result=act.result,
        refusal=named(Message(act.code, _decode(act.args)), called) if act.result == "refused" else None,
        body=body,
        version=act.version,
        uncertain=act.uncertain,
        target_name=called.get(target, target),
        for_name=called.get(str(body.get(FOR, "")), str(body.get(FOR, ""))),
    )


def _clock(segment: clocks.Segment, policy: Policy, missed: set[int], now: int) -> ClockRow:
    until = segment.stopped if segment.stopped is not None else now
    return ClockRow(
        kind=segment.kind,
        started=segment.started,
        stopped=segment.stopped,
        paused=segment.paused,
        target=segment.target,
        elapsed=clocks.elapsed(segment, until, policy.calendars),
        remaining=clocks.remaining(segment, until, policy.calendars),
        due=clocks.due_at(segment, policy.calendars),
        breached=segment.id in missed or clocks.missed(segment, until, policy.calendars),
        unsure=clocks.unsure(segment, policy.calendars),
    )


def counts(desk: Desk) -> dict[str, int]:
    """How many tasks of the jurisdiction are in each state, ended ones too."""
    with desk.store.read() as connection:
        sight = sight_of(connection, desk)
        rows = connection.execute(
            select(TASK.c.state, func.count()).where(sight.owes()).group_by(TASK.c.state)
        )
        return {row[0]: row[1] for row in rows}
