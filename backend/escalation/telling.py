"""Whom a step or an act concerns, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, select

from backend.city.tables import Centre, Department, Person
from backend.duty.book import on_duty
from backend.escalation.steps import Step
from backend.notify import notices
from backend.store import table
from backend.tasks.apply import policy_for
from backend.tasks.facts import ACT
from backend.tasks.owing import centre_of_level, owed_by
from backend.tasks.states import told_as
from backend.tasks.taskstate import TaskState
from backend.words.message import Scalar

CENTRE, DEPARTMENT, PERSON = table(Centre), table(Department), table(Person)
_NEWEST = (
    select(ACT.c.op, ACT.c.kind, ACT.c.actor, ACT.c.body)
    .where(ACT.c.task == bindparam("task"), ACT.c.result == "applied")
    .order_by(ACT.c.id.desc())
    .limit(1)
)
BY_SYSTEM: Final[Mapping[str, tuple[str, ...]]] = {
    "file": ("holder",),
    "keep": ("holder", "seat"),
    "assign": ("holder", "seat"),
    "hold": ("level", "seat"),
    "release": ("level", "seat"),
    "redue": ("holder", "level", "seat"),
    "mark_suspect": ("holder", "seat"),
    "escalate": ("level", "seat"),
}
"""Acts of the product that are no steps of the sweep."""
CO_TOLD: Final = ("dispatch", "identify", "take", "assign")
"""Acts after which somebody works on the task, and with whose help: co-handling departments hear of it."""
LATE: Final = 60
"""Seconds from which on a notice says how late it is."""
SYSTEM: Final = "SYS"
ANNOUNCED: Final[Mapping[str, tuple[str, ...]]] = {
    "dispatch": ("holder",),
    "return": ("holder",),
    "report": ("holder",),
    "decline": ("holder",),
    "verify_no": ("holder",),
    "escalate": ("level",),
    "hand_back": ("seat",),
    "supervise": ("seat", "holder"),
    "urge": ("holder", "seat"),
    "transfer": ("receiver",),
    "ask_suspend": ("county",),
    "ask_extend": ("seat", "county"),
    "ask_void": ("county",),
    "ask_dismiss": ("seat", "county"),
    "deny": ("seat",),
    "force": ("city",),
    "dismiss": ("seat",),
    "suspend": ("hands", "seat"),
    "unsuspend": ("hands", "seat"),
    "extend": ("hands", "seat"),
    "prioritise": ("hands", "seat"),
    "absorb": ("hands", "seat"),
    "reopen": ("hands", "seat"),
    "merge": ("hands", "seat"),
    "void": ("hands", "seat"),
}
"""Acts of people that others must hear of at once; what the product does itself is told by the sweep. ``holder`` is
whoever owes the clock that runs after the act: for a report the seat that verifies it. ``hands`` is whoever holds the
work, whatever its clocks: who is on the way must hear that it is off, waits, or is more urgent."""
OWN: Final = frozenset(
    {"dismiss", "suspend", "unsuspend", "extend", "prioritise", "absorb", "reopen", "merge", "void"}
)
"""Acts that the seats of whoever did them are not told of: what was asked for and granted above is news to them."""


def tell(connection: Connection, task: TaskState, step: Step, now: int, *, late: int, steps: int) -> None:
    """Tell each audience of a step once, and how late it is where it is late."""
    args = _args(task) | {
        "clock": step.clock,
        "cause": step.cause or step.clock,
        "due": step.due,
        "late": late,
        "steps": steps,
    }
    # Where the acknowledgement runs out there is no clock that half of the time could be gone of.
    kind = "no_progress" if (step.kind, step.cause) == ("remind", "ack_expiry") else step.kind
    code = f"notice.{kind}" + ("_late" if late >= LATE else "")
    audience = step.rule.notify if step.rule is not None else ("hands", "level", "seat")
    key = f"{task.id}:{step.key}"
    if step.cause == "storm" and step.rule is not None:
        # A storm is told once for each stretch of it, not once for each of a hundred drafts.
        key = f"storm:{task.centre}:{step.at // step.rule.every}"
        code, args = (
            "notice.storm",
            args | {"centre": task.centre, "count": step.rule.count, "since": step.at},
        )
    _post(connection, task, key, now, code, args, audience, step.clock)


def announce(connection: Connection, task: TaskState, now: int) -> None:
    """Tell those whom the newest act of a person concerns; a recall takes back what was told."""
    act = connection.execute(_NEWEST, {"task": task.id}).one_or_none()
    if act is None:
        return
    body = msgspec.json.decode(act.body)
    if act.kind in CO_TOLD and task.holder:
        _tell_co_handlers(connection, task, now, act.op)
    if act.actor == SYSTEM:
        _of_system(connection, task, now, act.op, act.kind, body)
    elif act.kind == "recall":
        notices.withdraw(connection, f"act:{body.get('op', '')}", now)
    elif act.kind == "note" and body.get("order"):
        # What was ordered is asked for no more.
        args = _args(task) | {"note": str(body.get("note", "")), "by": act.actor}
        _post(
            connection, task, f"act:{act.op}", now, "notice.act.order_over", args, ("hands", "seat", "level")
        )
    elif act.kind == "note" and body.get("report"):
        # Somebody else calls about the same: whoever is on the way hears what they say.
        args, own = (
            _args(task) | {"note": str(body.get("note", "")), "by": act.actor},
            _own_grid(connection, act.actor),
        )
        _post(
            connection, task, f"act:{act.op}", now, "notice.act.report_more", args, ("hands", "seat"), but=own
        )
    elif act.kind in ANNOUNCED:
        words = {name: str(body.get(name, "")) for name in ("reason", "second", "note", "from", "into")}
        args = _args(task) | words | {"by": act.actor, "priority": task.priority, "review": task.review_at}
        own = _own_grid(connection, act.actor) if act.kind in OWN else ""
        # Of the suspension of a critical task the city's supervisor decides (row 14).
        city = ("city",) if (act.kind, task.priority) == ("ask_suspend", "critical") else ()
        audience = (*ANNOUNCED[act.kind], *city)
        _post(connection, task, f"act:{act.op}", now, f"notice.act.{act.kind}", args, audience, but=own)


def _of_system(
    connection: Connection, task: TaskState, now: int, op: str, kind: str, body: Mapping[str, str]
) -> None:
    """What the product does outside of the sweep: it asks for an arbitration, carries one out, joins two townships."""
    audience = BY_SYSTEM.get(kind)
    raised = kind == "escalate" and body.get("cause") == "cross_boundary"
    if audience is None or (kind == "file" and not task.about) or (kind == "escalate" and not raised):
        return
    words = {name: str(body.get(name, "")) for name in ("reason", "by", "proof", "cause")}
    code = "notice.escalate" if raised else f"notice.by_system.{kind}"
    _post(connection, task, f"act:{op}", now, code, _args(task) | {"about": task.about} | words, audience)


def _tell_co_handlers(connection: Connection, task: TaskState, now: int, op: str) -> None:
    """Tell each co-handling department's 协办部门 duty room once that there is work, and the seats whom to call."""
    told = notices.departments_told(connection, task.id) if task.co_handlers else set()
    for code in task.co_handlers:
        if code in told:
            continue
        phone = _duty_phone(connection, task, code, now)
        args = _args(task) | {"department": code, "phone": phone or "--", "lead": task.department}
        notices.post(
            connection,
            f"act:{op}:co:{code}",
            now,
            "notice.act.co" if task.department else "notice.act.co_alone",
            args,
            grid=task.township or task.county or task.grid,
            level=task.level,
            department=code,
            task=task.id,
            priority=task.priority,
        )


def _duty_phone(connection: Connection, task: TaskState, department: str, now: int) -> str:
    """At which a department's duty room is reached now, by the duty book where it says more."""
    entries = on_duty(connection, "department", department, now, policy_for(connection, task, now).zone)
    query = select(DEPARTMENT.c.phone).where(DEPARTMENT.c.code == department)
    plain = connection.execute(query).scalar_one_or_none() or ""
    return (entries[0].phone if entries else "") or plain


def _args(task: TaskState) -> dict[str, Scalar]:
    return {
        "task": task.id,
        "state": told_as(task.state, bool(task.about)),
        "level": task.level,
        "holder": task.holder,
        "title": task.title_code,
        "title_args": task.title_args,
        "grid": task.grid,
        "due": task.due,
    }


def _post(
    connection: Connection,
    task: TaskState,
    key: str,
    now: int,
    code: str,
    args: Mapping[str, Scalar],
    audience: tuple[str, ...],
    clock: str = "",
    *,
    but: str = "",
) -> None:
    """Tell each audience once; the seats of the grid ``but`` only where a person is told with them."""
    # One notice for each grid: where a member is told, the seats of their township see it in the same row.
    told: dict[str, str] = {}
    for grid, person in (_address(connection, task, name, clock, now) for name in audience):
        told[grid] = told.get(grid) or person
    for grid, person in told.items():
        if but == grid and not person:
            continue
        notices.post(
            connection,
            f"{key}:{grid}",
            now,
            code,
            args,
            grid=grid,
            level=task.level,
            person=person,
            task=task.id,
            priority=task.priority,
        )


def _address(connection: Connection, task: TaskState, audience: str, clock: str, now: int) -> tuple[str, str]:
    """Grid whose seats are told, and person."""
    own = task.township or task.county or task.grid
    if audience == "hands":
        if task.holder_kind == "centre":
            return _grid_of(connection, task.holder) or own, ""
        return own, task.holder if task.holder_kind == "member" else ""
    if audience == "holder":
        owing = owed_by(connection, task, clock, policy_for(connection, task, now))
        if owing.kind == "member":
            return own, owing.code
        return (_grid_of(connection, owing.code) or own if owing.kind == "centre" else own), ""
    if audience == "receiver" and task.offered_kind == "centre":
        return _grid_of(connection, task.offered_to) or own, ""
    level = {"county": "C", "city": "M", "level": task.level}.get(audience)
    if level is None:
        return own, ""
    return _grid_of(connection, centre_of_level(connection, task, level)) or own, ""


def _own_grid(connection: Connection, person: str) -> str:
    return connection.execute(select(PERSON.c.grid).where(PERSON.c.code == person)).scalar_one_or_none() or ""


def _grid_of(connection: Connection, centre: str) -> str:
    return connection.execute(select(CENTRE.c.grid).where(CENTRE.c.code == centre)).scalar_one_or_none() or ""
