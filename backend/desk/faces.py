"""Going from a thing to its other faces: what a desk names as a place to go to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from backend.city.called import called
from backend.city.tables import Grid
from backend.desk.desk import Desk
from backend.desk.naming import type_names
from backend.store import table

GRID = table(Grid)


class Face(NamedTuple):
    """Something that a thing can be left for: the page's name, its key, and what it is called."""

    page: str
    key: str
    name: str


def grid_faces(connection: Connection, desk: Desk, codes: Sequence[str]) -> list[Face]:
    """Grids as places to go to, in the order given."""
    wanted = list(dict.fromkeys(code for code in codes if code))
    rows = connection.execute(select(GRID.c.code, called(GRID, desk.language)).where(GRID.c.code.in_(wanted)))
    names = {row[0]: row[1] for row in rows}
    return [Face("grid", code, names[code]) for code in wanted if code in names]


def incident_faces(connection: Connection, desk: Desk, incident: str) -> list[Face]:
    """The way to an incident from what belongs to it; none where there is none."""
    # The room of incidents loads what acts: the first board does without it.
    from backend.incidents.tables import Incident

    of = table(Incident)
    query = select(of.c.id, of.c.type).where(of.c.id == incident)
    found = connection.execute(query).first() if incident else None
    if found is None:
        return []
    name = type_names(connection).get(found.type, (found.type, ""))[desk.language == "en"] or found.type
    return [Face("incident", found.id, f"{name} {found.id}")]
