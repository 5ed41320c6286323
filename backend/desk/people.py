"""People: who can sit here, and who can be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.access import Actor, actor_of
from backend.city.called import called, said
from backend.city.tables import Centre, Grid, Person
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.text import fold
from backend.words.say import Language

CENTRE, GRID, PERSON = table(Centre), table(Grid), table(Person)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person on the books."""

    code: str
    name: str
    role: str
    grid: str
    grid_name: str
    centre: str
    phone: str
    made_up: bool


def people(
    store: Store,
    language: Language = "zh",
    *,
    roles: Sequence[str] = (),
    grid: str = "",
    find: str = "",
    limit: int = 500,
) -> list[PersonRow]:
    """People by role, grid, name, pinyin initials or code; their grids are named in ``language``."""
    query = (
        select(PERSON, called(GRID, language).label("grid_name"), GRID.c.name.label("home"), GRID.c.level)
        .outerjoin(GRID, GRID.c.code == PERSON.c.grid)
        .where(PERSON.c.active)
        .order_by(GRID.c.level, PERSON.c.code)
    )
    if roles:
        query = query.where(PERSON.c.role.in_(roles))
    if grid:
        query = query.where(PERSON.c.grid == grid)
    wanted = fold(find)
    rows: list[PersonRow] = []
    with store.read() as connection:
        for row in connection.execute(query):
            if wanted and not any(
                wanted in fold(part)
                for part in (
                    row.name,
                    row.name_en,
                    row.code,
                    row.initials,
                    row.grid_name or "",
                    row.home or "",
                )
            ):
                continue
            rows.append(
                PersonRow(
                    row.code,
                    said(row, language),
                    row.role,
                    row.grid,
                    row.grid_name or "",
                    row.centre,
                    row.phone,
                    row.made_up,
                )
            )
            if len(rows) >= limit:
                break
    return rows


def sit(desk: Desk, person: str) -> Actor | None:
    """The person as an actor, to seat them at this desk; None where there is nobody with this code."""
    with desk.store.read() as connection:
        return actor_of(connection, person)
