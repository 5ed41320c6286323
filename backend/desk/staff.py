"""The people on the books 人员, as an administrator keeps them: add, change, deactivate; role and jurisdiction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import Connection, func, insert, or_, select, update

from backend.access import may
from backend.access.audit import append
from backend.access.rights import by_role
from backend.city.called import called, found_by, said
from backend.city.tables import Centre, Department, Grid, Person
from backend.desk.desk import Desk
from backend.desk.scope import scope_of
from backend.store import table
from backend.tasks.rows import TASK
from backend.text import clean
from backend.words import Message, Outcome

CENTRE, DEPARTMENT, GRID, PERSON = table(Centre), table(Department), table(Grid), table(Person)
RIGHT: Final = "person.manage"
ROLES: Final = ("seat", "supervisor", "administrator", "member")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Told:
    """What an administrator says of a person."""

    name: str
    role: str
    grid: str
    centre: str = ""
    department: str = ""
    phone: str = ""
    initials: str = ""


TOLD: Final = tuple(field.name for field in fields(Told))


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person as the administrator sees them."""

    code: str
    told: Told
    grid_name: str
    centre_name: str
    department_name: str
    active: bool
    made_up: bool
    called: str
    """Their name in the reader's language."""
    open_tasks: int
    """Tasks that they hold and that are not done with."""


@dataclass(frozen=True, slots=True)
class Body:
    """A grid, centre or department that a person can belong to."""

    code: str
    name: str
    search: str = ""
    level: int = 0
    """Of a grid: 1 the city to 4."""


def refusal(desk: Desk) -> Message | None:
    """Why the person at the desk may not keep the books; None where they may."""
    return by_role(desk.actor, RIGHT)


def board(desk: Desk, *, limit: int = 5000) -> list[StaffRow]:
    """Everybody of the jurisdiction, the higher tiers first; those who are off the books last."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = (
            select(
                PERSON,
                called(GRID, desk.language).label("grid_name"),
                called(CENTRE, desk.language).label("centre_name"),
                called(DEPARTMENT, desk.language).label("department_name"),
            )
            .outerjoin(GRID, GRID.c.code == PERSON.c.grid)
            .outerjoin(CENTRE, CENTRE.c.code == PERSON.c.centre)
            .outerjoin(DEPARTMENT, DEPARTMENT.c.code == PERSON.c.department)
            .where(or_(scope.spans(), GRID.c.code.is_(None)))
            .order_by(PERSON.c.active.desc(), GRID.c.level, PERSON.c.role == "member", PERSON.c.code)
            .limit(limit)
        )
        counts = (
            select(TASK.c.holder, func.count())
            .where(TASK.c.closed.is_(None), TASK.c.holder_kind == "member")
            .group_by(TASK.c.holder)
        )
        held: dict[str, int] = {row[0]: row[1] for row in connection.execute(counts)}
        return [
            StaffRow(
                row.code,
                Told(**{name: getattr(row, name) for name in TOLD}),
                row.grid_name or row.grid,
                row.centre_name or row.centre,
                row.department_name or row.department,
                row.active,
                row.made_up,
                (row.name_en if desk.language == "en" else "") or row.name,
                held.get(row.code, 0),
            )
            for row in connection.execute(query)
        ]


def bodies(desk: Desk) -> dict[str, list[Body]]:
    """Where a person can belong: ``grids`` of the jurisdiction, ``centres`` in it, ``departments``."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        inside = select(GRID.c.code).where(scope.spans())
        grids = connection.execute(
            select(GRID).where(GRID.c.in_service, scope.spans()).order_by(GRID.c.level, GRID.c.code)
        ).all()
        centres = connection.execute(
            select(CENTRE).where(CENTRE.c.in_service, CENTRE.c.grid.in_(inside)).order_by(CENTRE.c.code)
        ).all()
        departments = connection.execute(
            select(DEPARTMENT).where(DEPARTMENT.c.in_service).order_by(DEPARTMENT.c.code)
        ).all()
    language = desk.language
    return {
        "grids": [Body(row.code, said(row, language), found_by(row, language), row.level) for row in grids],
        "centres": [Body(row.code, said(row, language), row.grid) for row in centres],
        "departments": [Body(row.code, said(row, language)) for row in departments],
    }


def add(desk: Desk, code: str, told: Told) -> Outcome:
    """Put a person on the books; the city's pack will not touch them."""
    name = code.strip().upper()
    with desk.store.write() as connection:
        why = _wrong(connection, desk, told)
        if why is None and not _CODE.fullmatch(name):
            why = Message("staff.refused.code", {"code": clean(code, limit=40)})
        if why is None and _row(connection, name) is not None:
            why = Message("staff.refused.taken", {"code": name})
        if why is not None:
            return Outcome(False, why)
        kept = _kept(told)
        state = {"pinyin": "", "active": True, "from_pack": False, "made_up": False}
        connection.execute(insert(PERSON).values(**kept, **state, code=name))
        append(
            connection, desk.actor.person, "person.add", name, desk.now,
            name=kept["name"], role=told.role, grid=told.grid, centre=told.centre, department=told.department,
        )  # fmt: skip
    return Outcome.done("staff.done.add", person=name, name=kept["name"])


def change(desk: Desk, code: str, told: Told) -> Outcome:
    """Change a person; what is changed here stays when the pack is loaded again."""
    with desk.store.write() as connection:
        row = _row(connection, code)
        why = _may(connection, desk, code, row) or _wrong(connection, desk, told)
        if why is None:
            why = _changing(connection, desk, row, told)
        if why is not None:
            return Outcome(False, why)
        fresh = _kept(told)
        changed = {name: value for name, value in fresh.items() if value != getattr(row, name)}
        if not changed:
            return Outcome.refused("staff.refused.same", person=code)
        connection.execute(update(PERSON).where(PERSON.c.code == code).values(**changed, from_pack=False))
        before = {f"{name}_before": getattr(row, name) for name in changed}
        append(connection, desk.actor.person, "person.change", code, desk.now, **changed, **before)
    return Outcome.done("staff.done.change", person=code, name=fresh["name"])


def switch(desk: Desk, code: str, *, on: bool) -> Outcome:
    """Take a person off the books, or put them back; nothing of what they did goes."""
    with desk.store.write() as connection:
        row = _row(connection, code)
        why = _may(connection, desk, code, row)
        if why is None and row.active == on:
            why = Message("staff.refused.same", {"person": code})
        if why is None and not on:
            why = _leaving(connection, desk, row)
        if why is not None:
            return Outcome(False, why)
        connection.execute(update(PERSON).where(PERSON.c.code == code).values(active=on, from_pack=False))
        append(connection, desk.actor.person, "person.on" if on else "person.off", code, desk.now)
    return Outcome.done("staff.done.on" if on else "staff.done.off", person=code, name=row.name)


def _row(connection: Connection, code: str) -> Any:
    return connection.execute(select(PERSON).where(PERSON.c.code == code)).one_or_none()


def _may(connection: Connection, desk: Desk, code: str, row: Any) -> Message | None:
    """Whether this person may be touched at all."""
    why = by_role(desk.actor, RIGHT)
    if why is not None:
        return why
    if row is None:
        return Message("staff.refused.unknown", {"person": clean(code, limit=40)})
    return may(connection, desk.actor, RIGHT, row.grid)


def _kept(told: Told) -> dict[str, str]:
    """As the columns keep it."""
    return {name: str(clean(getattr(told, name), limit=LONGEST_NAME)).strip() for name in TOLD}


def _wrong(connection: Connection, desk: Desk, told: Told) -> Message | None:
    """What is wrong with what is said of a person."""
    if not told.name.strip():
        return Message("staff.refused.name")
    if told.role not in ROLES:
        return Message("staff.refused.role", {"role": clean(told.role, limit=40)})
    if told.phone and not _PHONE.fullmatch(told.phone.strip()):
        return Message("staff.refused.phone", {"phone": clean(told.phone, limit=40)})
    level = connection.execute(select(GRID.c.level).where(GRID.c.code == told.grid)).scalar_one_or_none()
    if level is None:
        return Message("staff.refused.grid", {"grid": clean(told.grid, limit=40)})
    for of, code in ((CENTRE, told.centre), (DEPARTMENT, told.department)):
        if code and connection.execute(select(of.c.code).where(of.c.code == code)).first() is None:
            return Message("staff.refused.body", {"body": clean(code, limit=40)})
    if told.role == "seat" and not told.centre:
        return Message("staff.refused.no_centre")
    if told.role == "member" and level < 3:
        return Message("staff.refused.member_level", {"grid": told.grid})
    return may(connection, desk.actor, RIGHT, told.grid)


def _changing(connection: Connection, desk: Desk, row: Any, told: Told) -> Message | None:
    """What stands in the way of another role or another grid."""
    if row.code == desk.actor.person and (told.role, told.grid) != (row.role, row.grid):
        return Message("staff.refused.self")
    moved = told.role != row.role or told.grid != row.grid
    return _holding(connection, row) if moved and row.role == "member" else None


def _leaving(connection: Connection, desk: Desk, row: Any) -> Message | None:
    """What stands in the way of taking somebody off the books."""
    if row.code == desk.actor.person:
        return Message("staff.refused.self")
    return _holding(connection, row)


def _holding(connection: Connection, row: Any) -> Message | None:
    """Who holds tasks hands them over first: a task without an owner would be forgotten."""
    count = connection.execute(
        select(func.count()).select_from(TASK).where(TASK.c.closed.is_(None), TASK.c.holder == row.code)
    ).scalar_one()
    return Message("staff.refused.holding", {"person": row.code, "count": count}) if count else None


def blank(desk: Desk, row: StaffRow | None) -> Mapping[str, str]:
    """What stands in the form at first: of this person, or of a new one beside whoever is at the desk."""
    if row is not None:
        return {name: getattr(row.told, name) for name in TOLD}
    return {"role": "seat", "grid": desk.actor.grid, "centre": desk.actor.centre}
