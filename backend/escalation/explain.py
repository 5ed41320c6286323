"""Who is next, when, and why is this here: what a task's page and an operator on the phone need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from backend.city.tables import Centre, Department, Person
from backend.duty.book import on_duty
from backend.escalation.plan import steps_of
from backend.escalation.steps import LOOK, RAISING, Step, raised_to
from backend.store import table
from backend.tasks import owing
from backend.tasks.apply import policy_for
from backend.tasks.facts import ACT
from backend.tasks.owing import BY_HOLDER, clock_owed, owed_by
from backend.tasks.rows import load
from backend.tasks.states import TIERS, ClockKind
from backend.tasks.taskstate import TaskState
from backend.words import Message
from backend.words.message import Scalar

REASONS: Final = (
    "escalate",
    "hand_back",
    "supervise",
    "offer_timeout",
    "unack",
    "propose",
    "prioritise",
    "identify",
    "arbitrate",
    "keep",
    "assign",
    "hold",
    "release",
    "mark_suspect",
    "clear_suspect",
    "confirm_data",
    "redue",
)
"""Acts that say why a task is where it is."""
TOLD: Final = (
    "cause",
    "to_level",
    "late",
    "percent",
    "rule",
    "reason",
    "note",
    "arbitration",
    "holder",
    "proof",
    "due",
)
"""What they say about it."""
TOLD_TO: Final = ("remind", "warn")
"""Steps that say whom they remind: whoever owes the clock, or the tier that answers."""
UPPER: Final = frozenset({"ack_expiry", str(ClockKind.LEVEL_ACK)})
"""What an upper tier's word stands behind: it ends when the task rises past that tier."""
PERSON, CENTRE, DEPARTMENT = table(Person), table(Centre), table(Department)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody to call."""

    kind: str
    """member, department, centre."""
    code: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that will happen unless the task moves first."""

    at: int
    kind: str
    what: Message
    why: Message
    who: Party | None
    """Whom it reaches."""
    rule: int
    """The policy's step, from 1; 0 where the machine itself asks for it."""
    policy_version: int


def next_steps(connection: Connection, task: str, now: int, *, limit: int = 8) -> list[NextStep]:
    """What lies ahead of a task, soonest first; empty for one that has ended or is not there."""
    state = load(connection, task)
    if state is None:
        return []
    found: list[NextStep] = []
    raised = False
    for step in steps_of(connection, state, now):
        if step.kind == LOOK or (raised and UPPER & {step.cause, step.clock}):
            continue
        if len(found) == limit:
            break
        top = step.kind == "escalate" and state.level == TIERS[-1]
        if step.kind in RAISING:
            # Each miss raises it once more, so what comes after it concerns the next level, whose word is asked anew.
            raised = raised or not top
            state = replace(state, level=raised_to(state, step))
        found.append(_next(connection, state, step, now, "top" if top else step.kind))
    return found


def why_here(connection: Connection, task: str, *, limit: int = 8) -> list[tuple[int, Message]]:
    """Why a task stands where it does: what raised it, newest first, with when."""
    rows = connection.execute(
        select(ACT.c.at, ACT.c.kind, ACT.c.actor, ACT.c.tier, ACT.c.body, ACT.c.to_state)
        .where(ACT.c.task == task, ACT.c.result == "applied")
        .where(ACT.c.kind.in_(REASONS))
        .order_by(ACT.c.id.desc())
        .limit(limit)
    )
    return [(row.at, _reason(row.kind, row.actor, msgspec.json.decode(row.body))) for row in rows]


def _reason(kind: str, actor: str, body: dict[str, Any]) -> Message:
    known: dict[str, Scalar] = {name: body[name] for name in TOLD if name in body}
    by = "system" if actor == "SYS" else "hand"
    code = f"escalation.because.{kind}"
    if kind == "escalate":
        code += "_cause" if by == "system" and not known.get("percent") else f"_{by}"
    return Message(code, {"by": actor, **known})


def _next(connection: Connection, task: TaskState, step: Step, now: int, what: str) -> NextStep:
    args: dict[str, Scalar] = {
        "level": task.level,
        "clock": step.clock,
        "owed": _owed(task, step.clock or clock_owed(task)),
        "cause": step.cause,
        "percent": step.percent,
        "due": step.due,
    }
    # A repeat keeps the step that it repeats as its cause; why it comes is that nobody answered.
    if what in TOLD_TO and "holder" not in _audience(step):
        what += "_level"
    why = "repeat" if step.kind == "repeat" else step.cause or ("clock" if step.clock else step.kind)
    return NextStep(
        at=step.at,
        kind=step.kind,
        what=Message(f"escalation.next.{what}", args),
        why=Message(f"escalation.why.{why}", args),
        who=_reached(connection, task, step, now),
        rule=step.rule.number if step.rule is not None else 0,
        policy_version=task.policy_version,
    )


def _audience(step: Step) -> tuple[str, ...]:
    return step.rule.notify if step.rule is not None else ("level",)


def _owed(task: TaskState, clock: str) -> str:
    """Who owes a clock, as it is said: a duty room or a department that holds the work is no person."""
    body = clock in BY_HOLDER and bool(task.holder) and task.holder_kind != "member"
    return f"{clock}.body" if body else clock


def _reached(connection: Connection, task: TaskState, step: Step, now: int) -> Party | None:
    if "holder" in _audience(step) and step.kind in ("remind", "warn", "standing"):
        found = owes(connection, task, step.clock, now)
        if found is not None:
            return found
    return centre_of_level(connection, task, task.level, now)


def owes(connection: Connection, task: TaskState, clock: str, now: int) -> Party | None:
    """Who owes a clock, ``""`` for the one that the task stands by: the holder, the receiver, or a tier's centre."""
    policy = policy_for(connection, task, now)
    found = owed_by(connection, task, clock, policy)
    return party(connection, found.kind, found.code, now, policy.zone)


def party(connection: Connection, kind: str, code: str, at: int, zone: Any) -> Party | None:
    """Name and phone of a member, a department or a centre, by the duty book where it says more."""
    if not code:
        return None
    source = {"member": PERSON, "department": DEPARTMENT, "centre": CENTRE}.get(kind)
    if source is None:
        return None
    row = connection.execute(select(source.c.name, source.c.phone).where(source.c.code == code)).one_or_none()
    entries = on_duty(connection, kind, code, at, zone)
    name = row.name if row is not None else code
    phone = row.phone if row is not None else ""
    if entries and kind != "member":
        phone = entries[0].phone or phone
    return Party(kind, code, name, phone)


def centre_of_level(connection: Connection, task: TaskState, level: str, at: int) -> Party | None:
    """The centre that answers for a task at a level."""
    code = owing.centre_of_level(connection, task, level)
    return party(connection, "centre", code, at, policy_for(connection, task, at).zone)
