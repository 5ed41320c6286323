"""Who acts: a person with a role and a jurisdiction (a grid and all below it)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from backend.city.tables import Centre, Grid, Person
from backend.store.model import table

GRID, PERSON, CENTRE = table(Grid), table(Person), table(Centre)
TIER_OF_LEVEL = {1: "M", 2: "C", 3: "T", 4: "T"}
TIERS = ("T", "C", "M")
"""Township, county, city, lowest first."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as the product judges them."""

    person: str
    name: str
    role: str
    """seat, supervisor, administrator, member; ``system`` for the product itself."""
    grid: str
    tier: str
    """T, C or M: of their centre, else of their grid's level."""
    centre: str = ""
    department: str = ""
    name_en: str = ""


SYSTEM = Actor("SYS", "", "system", "", "M")
"""The product itself: rules, clocks, feeds."""


def actor_of(connection: Connection, person: str) -> Actor | None:
    """The person with this code as an actor; None where unknown or no longer active."""
    row = connection.execute(
        select(
            PERSON.c.code,
            PERSON.c.name,
            PERSON.c.name_en,
            PERSON.c.role,
            PERSON.c.grid,
            PERSON.c.centre,
            PERSON.c.department,
            CENTRE.c.tier,
            GRID.c.level,
        )
        .select_from(
            PERSON.outerjoin(CENTRE, CENTRE.c.code == PERSON.c.centre).outerjoin(
                GRID, GRID.c.code == PERSON.c.grid
            )
        )
        .where(PERSON.c.code == person, PERSON.c.active.is_(True))
    ).one_or_none()
    if row is None:
        return None
    tier = row.tier or TIER_OF_LEVEL.get(row.level, "T")
    return Actor(row.code, row.name, row.role, row.grid, tier, row.centre, row.department, row.name_en)


def lineage(connection: Connection, grid: str) -> tuple[str, ...]:
    """A grid and every grid that it lies in, lowest first; empty for an unknown one."""
    line: list[str] = []
    at = grid
    while at and at not in line:
        parent = connection.execute(select(GRID.c.parent).where(GRID.c.code == at)).scalar_one_or_none()
        if parent is None:
            break
        line.append(at)
        at = parent
    return tuple(line)
