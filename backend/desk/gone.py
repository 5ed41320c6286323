"""Holders who are gone: open tasks held by people, centres or departments that are out of service."""

from __future__ import annotations

from sqlalchemy import Connection, select, union_all

from backend.city.tables import Centre, Department, Person
from backend.store import table
from backend.tasks.rows import TASK

PERSON, CENTRE, DEPARTMENT = table(Person), table(Centre), table(Department)


def left_behind(connection: Connection) -> set[str]:
    """The numbers of the open tasks whose holder, or whoever they are offered to, is on the books no more.

    A pack that is loaded anew may take somebody off who holds work: their clock would run for nobody.
    """
    kinds = (
        ("member", PERSON.c.code, PERSON.c.active.is_(False)),
        ("centre", CENTRE.c.code, CENTRE.c.in_service.is_(False)),
        ("department", DEPARTMENT.c.code, DEPARTMENT.c.in_service.is_(False)),
    )
    sides = ((TASK.c.holder_kind, TASK.c.holder), (TASK.c.offered_kind, TASK.c.offered_to))
    asked = [
        select(TASK.c.id).where(TASK.c.closed.is_(None), kind == name, who.in_(select(code).where(out)))
        for kind, who in sides
        for name, code, out in kinds
    ]
    return set(connection.execute(union_all(*asked)).scalars())
