"""Orders 指令、管控令: who issues which, what follows from it, and what is in force.

Whoever sits at a desk enters what they are told for their own jurisdiction: an instruction, a declared stop. Warnings
and stop-work orders bind others, so a supervisor or an administrator issues them. Every act is in the audit chain.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from backend.access import may
from backend.access.audit import append
from backend.city.called import called
from backend.city.registry import City
from backend.city.tables import Centre, Department
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.orderrows import ORDER, named, touching
from backend.desk.orderrows import OrderRow as OrderRow
from backend.incidents import Intake, report_by_person
from backend.incidents import orders as book
from backend.incidents.orders import ORDER_ACT, Order
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Message, Outcome

if TYPE_CHECKING:
    from backend.desk.alarms import Face
    from backend.desk.intakechoices import PlaceChoice

CENTRE, DEPARTMENT, TASK = table(Centre), table(Department), table(Task)
TYPE = "order"
"""The incident type of what is ordered."""
COMMANDS = ("heavy_pollution", "stop_work")
"""Kinds that bind others."""


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One act of an order's history."""

    at: int
    act: str
    """issue, amend or withdraw."""
    actor: str
    actor_name: str
    body: Mapping[str, Any]
    """The fields that it gave new values; the reason of a withdrawal."""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order with its history."""

    row: OrderRow
    steps: Sequence[OrderStep]


def issue(
    desk: Desk,
    *,
    kind: str,
    title: str,
    scope_kind: str,
    scope: str | Sequence[str],
    starts: int,
    ends: int | None,
    text: str = "",
    level: str = "",
    due: int | None = None,
    lead: str = "",
    issued_by: str = "",
    allowed_load: int | None = None,
    title_en: str = "",
    type: str = TYPE,  # noqa: A002 - the field's own word
    priority: str = "",
) -> Outcome:
    """Issue an order; ``data["order"]`` is its code, ``data["task"]`` the first task that was made of it.

    Args:
        kind: heavy_pollution, stop_work, declared_stop or instruction.
        scope_kind: ``grid`` or ``source``.
        scope: codes, as a sequence or separated by ``|``.
        level: yellow, orange or red, of a warning.
        due: until when work is to be done: a supervised task is made of it.
        lead: the department that leads.
        issued_by: who ordered it; the person's centre where empty.
        allowed_load: per cent of their usual load that the sources it holds for may run, under a warning.
        title_en: the title in English, where it was not typed.
        type: the incident type of the work that is to be done.
        priority: of that work; high where empty.
    """
    codes = _codes(scope)
    with desk.store.write() as connection:
        refusal = _refusal(connection, desk, kind, scope_kind, codes)
        if refusal is not None:
            return Outcome(False, refusal)
        order = Order(
            kind=kind,
            title=title,
            scope_kind=scope_kind,
            scope=codes,
            starts=starts,
            ends=ends,
            text=text,
            level=level,
            due=due,
            issued_by=issued_by or _own_name(connection, desk),
            lead=lead,
            allowed_load=allowed_load,
            title_en=title_en,
        )
        outcome = book.issue(connection, order, zone=desk.zone, actor=desk.actor.person, now=desk.now)
        if not outcome.ok:
            return outcome
        code = str(outcome.data["order"])
        _audit(connection, desk, "order.issue", code, kind=kind, scope="|".join(codes), title=title[:80])
        if due is None:
            return outcome
        grids = book.grids_of(connection, scope_kind, codes)
        return _with_tasks(connection, desk, code, order, outcome, grids=grids, kind=type, priority=priority)


def amend(desk: Desk, code: str, **changes: Any) -> Outcome:
    """Give fields of an order new values: title, level, scope_kind, scope, starts, ends, due, issued_by, lead,
    text, allowed_load.
    """
    from backend.desk import acts

    if "scope" in changes:
        changes["scope"] = _codes(changes["scope"])
    with desk.store.write() as connection:
        refusal = _held(connection, desk, code, changes)
        if refusal is not None:
            return Outcome(False, refusal)
        query = select(ORDER.c.due, ORDER.c.title, ORDER.c.title_en).where(ORDER.c.code == code)
        held = connection.execute(query).one_or_none()
        before = held.due if held is not None else None
        if held is not None and held.title_en and "title" in changes:
            if changes["title"] in (held.title, held.title_en):
                # It was shown in one of its two languages, and stands.
                del changes["title"]
            else:
                changes["title_en"] = ""
        outcome = book.amend(connection, code, changes, actor=desk.actor.person, now=desk.now)
        if not outcome.ok:
            return outcome
        _audit(connection, desk, "order.amend", code, fields=" ".join(sorted(changes)))
        row = connection.execute(select(ORDER).where(ORDER.c.code == code)).one()
        if row.due is None:
            return outcome
        if row.due != before:
            acts.order_due(connection, desk, code, row.due)
        # Grids that it did not hold for before, or for which nothing was to be done, get their task now.
        missing = _without_task(connection, code, book.read(row))
        return (
            _with_tasks(connection, desk, code, book.read(row), outcome, grids=missing)
            if missing
            else outcome
        )


def withdraw(desk: Desk, code: str, reason: str) -> Outcome:
    """End an order before its end, and say why; it stays readable."""
    from backend.desk import acts

    with desk.store.write() as connection:
        refusal = _held(connection, desk, code, {})
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = book.withdraw(connection, code, reason, actor=desk.actor.person, now=desk.now)
        if not outcome.ok:
            return outcome
        _audit(connection, desk, "order.withdraw", code, reason=reason[:200])
        # Its tasks stay until people end them: whoever holds one is told why it is no longer asked for.
        for task in _open_tasks(connection, code).values():
            acts.act_in(
                connection, desk, task, "note", {"note": f"{code} {reason.strip()}"[:200], "order": code}
            )
        return outcome


def _with_tasks(
    connection: Connection,
    desk: Desk,
    code: str,
    order: Order,
    told: Outcome,
    *,
    grids: Sequence[str],
    kind: str = TYPE,
    priority: str = "",
) -> Outcome:
    """A supervised task in each of these grids; none of it stands where one of them is refused."""
    from backend.desk import acts

    if desk.actor.role == "administrator":
        # Who may issue the order may have its work done: no seat makes these tasks, the order does, in their name.
        desk = desk.seated(replace(desk.actor, role="system"))
    made: list[str] = []
    for grid in grids:
        outcome = acts.of_order(
            connection,
            desk,
            order=code,
            grid=grid,
            due=order.due or 0,
            title=order.title,
            title_en=order.title_en,
            type=kind,
            priority=priority or "high",
            department=order.lead,
            incident=_incident(connection, desk, code, order, grid, kind, priority),
        )
        if not outcome.ok:
            connection.rollback()
            return outcome
        made.append(str(outcome.data["task"]))
    message = Message("order.done.tasks", {"order": code, "count": len(made)})
    return Outcome(True, message, {**told.data, "task": made[0], "tasks": " ".join(made)})


def _incident(
    connection: Connection, desk: Desk, code: str, order: Order, grid: str, kind: str, priority: str
) -> str:
    """The incident that an order from above begins in a grid; none where the city has no such type."""
    source = order.scope[0] if order.scope_kind == "source" and len(order.scope) == 1 else ""
    intake = Intake(
        kind, "leader", grid="" if source else grid, source=source, text=order.text, priority=priority
    )
    made = report_by_person(
        connection, City.read(connection), intake, actor=desk.actor.person, now=desk.now, order=code
    )
    return str(made.data["incident"]) if made.ok else ""


def _open_tasks(connection: Connection, code: str) -> dict[str, str]:
    """An order's open tasks by their grids."""
    query = select(TASK.c.grid, TASK.c.id).where(TASK.c.order_code == code, TASK.c.closed.is_(None))
    return {row.grid: row.id for row in connection.execute(query.order_by(TASK.c.id))}


def _without_task(connection: Connection, code: str, order: Order) -> list[str]:
    """The grids that an order holds for and in which it never had a task."""
    query = select(TASK.c.grid).where(TASK.c.order_code == code)
    held = set(connection.execute(query).scalars())
    return [grid for grid in book.grids_of(connection, order.scope_kind, order.scope) if grid not in held]


def in_force(desk: Desk, at: int | None = None) -> list[OrderRow]:
    """The orders that touch the person's grid and hold at an instant (now, where none is given), newest first."""
    with desk.store.read() as connection:
        return touching(connection, desk, desk.now if at is None else at)


def board(desk: Desk, *, over: bool = True) -> list[OrderRow]:
    """All orders that touch the person's grid: in force first, then to come, then those that are over."""
    with desk.store.read() as connection:
        rows = touching(connection, desk, desk.now, over=over)
    turn = ("in_force", "coming", "ended", "withdrawn")
    return sorted(rows, key=lambda row: min(turn.index(row.state), 2))


def page(desk: Desk, code: str) -> OrderPage | None:
    """An order with its history; None where there is none that touches the person's grid."""
    with desk.store.read() as connection:
        row = next((one for one in touching(connection, desk, desk.now, over=True) if one.code == code), None)
        if row is None:
            return None
        query = select(ORDER_ACT).where(ORDER_ACT.c.code == code).order_by(ORDER_ACT.c.id)
        acts = connection.execute(query).all()
        called = names(connection, [act.actor for act in acts], desk.language)
    steps = [
        OrderStep(act.at, act.act, act.actor, called.get(act.actor, act.actor), json.loads(act.body or "{}"))
        for act in acts
    ]
    return OrderPage(row, steps)


@dataclass(frozen=True, slots=True)
class OrderChoices:
    """What a person who issues an order can choose from."""

    kinds: Sequence[str]
    """Those that this person may issue."""
    scopes: Sequence[PlaceChoice]
    """Grids of all levels and sources of the jurisdiction."""
    departments: Sequence[tuple[str, str]]


def choices(desk: Desk) -> OrderChoices:
    """What the form of an order offers."""
    from backend.desk.intakechoices import scopes

    with desk.store.read() as connection:
        kinds = [one for one in book.KINDS if may(connection, desk.actor, _right(one)) is None]
        query = select(DEPARTMENT.c.code, called(DEPARTMENT, desk.language)).where(DEPARTMENT.c.in_service)
        departments = [(row[0], row[1]) for row in connection.execute(query.order_by(DEPARTMENT.c.code))]
        return OrderChoices(kinds, scopes(connection, desk), departments)


def faces(desk: Desk, code: str) -> list[Face]:
    """Where one can go from an order: its tasks, the grids and the sources that it holds for."""
    from backend.desk.alarms import Face, grid_faces

    with desk.store.read() as connection:
        row = next((one for one in touching(connection, desk, desk.now, over=True) if one.code == code), None)
        if row is None:
            return []
        query = (
            select(TASK.c.id).where(TASK.c.order_code == code).order_by(TASK.c.closed.is_not(None), TASK.c.id)
        )
        found = [Face("order", code, row.title)]
        found += [Face("task", task, task) for task in connection.execute(query).scalars()]
        if row.scope_kind == "grid":
            return [*found, *grid_faces(connection, desk, row.codes)]
        held = named(connection, "source", row.codes, desk.language)
        return [*found, *(Face("source", one, name) for one, (name, _) in held.items())]


def _right(kind: str) -> str:
    return "order.command" if kind in COMMANDS else "order.issue"


def _codes(scope: str | Sequence[str]) -> tuple[str, ...]:
    given = scope.split("|") if isinstance(scope, str) else scope
    return tuple(dict.fromkeys(code.strip() for code in given if code.strip()))


def _refusal(
    connection: Connection, desk: Desk, kind: str, scope_kind: str, codes: Sequence[str]
) -> Message | None:
    """Whether the person may order this there: in every grid that it holds for."""
    grids = book.grids_of(connection, scope_kind, codes) or [""]
    for grid in grids:
        why = may(connection, desk.actor, _right(kind), grid)
        if why is not None:
            return why
    return None


def _held(connection: Connection, desk: Desk, code: str, changes: Mapping[str, Any]) -> Message | None:
    """Whether the person may change an order: where it holds now, and where it is to hold."""
    row = connection.execute(select(ORDER).where(ORDER.c.code == code)).first()
    if row is None:
        return None
    before = book.read(row)
    why = _refusal(connection, desk, before.kind, before.scope_kind, before.scope)
    if why is not None or not {"scope", "scope_kind"} & set(changes):
        return why
    kind, scope = changes.get("scope_kind", before.scope_kind), changes.get("scope", before.scope)
    return _refusal(connection, desk, before.kind, kind, scope)


def _own_name(connection: Connection, desk: Desk) -> str:
    query = select(CENTRE.c.name).where(CENTRE.c.code == desk.actor.centre)
    return connection.execute(query).scalar_one_or_none() or desk.sitter


def _audit(connection: Connection, desk: Desk, act: str, code: str, **body: str) -> None:
    append(connection, desk.actor.person, act, code, desk.now, **body)
