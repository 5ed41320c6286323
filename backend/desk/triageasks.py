"""What is asked before an act at the triage desk: how many and where, into which task, for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from backend.access.rights import by_role
from backend.city.called import called, found_by, said
from backend.city.tables import Grid
from backend.desk.desk import Desk
from backend.desk.naming import type_names
from backend.desk.scope import grid_names, scope_of
from backend.desk.triage import INCIDENT, TASK, Item, TriageRow
from backend.desk.triagerules import Shelf, triage_rules
from backend.desk.vicinity import place_of
from backend.store import table
from backend.tasks.policy import policy_at
from backend.tasks.states import LIVE
from backend.words import Message

GRID = table(Grid)


@dataclass(frozen=True, slots=True)
class MergeInto:
    """An open task into which an item could go."""

    task: str
    state: str
    type_name: tuple[str, str]
    place: str
    km: float | None
    opened: int
    same: bool
    """It is of the same incident type."""


class _Point(NamedTuple):
    lon: float
    lat: float


def grids_of(desk: Desk, items: Sequence[Item]) -> list[tuple[str, int]]:
    """The townships in which items lie, with how many: what a question about many tells."""
    with desk.store.read() as connection:
        rows = connection.execute(
            select(GRID.c.code, GRID.c.township).where(GRID.c.code.in_({item.grid for item in items}))
        )
        townships = {row.code: row.township or row.code for row in rows}
        told = grid_names(connection, desk.language, level=4)
    counts = Counter(told.get(townships.get(item.grid, ""), item.grid) for item in items)
    return counts.most_common()


def near_tasks(desk: Desk, item: Item) -> list[MergeInto]:
    """Open tasks near by into which an item could go: those of its own type first, the nearest first."""
    rules = triage_rules(datetime.fromtimestamp(desk.now, desk.zone).date())
    with desk.store.read() as connection:
        place = place_of(connection, station=item.station, incident=item.incident, grid=item.grid)
        scope = scope_of(connection, desk.actor.grid)
        rows = connection.execute(
            select(
                TASK.c.id, TASK.c.state, TASK.c.type, TASK.c.opened, TASK.c.township, INCIDENT.c.lon, INCIDENT.c.lat,
                called(GRID, desk.language).label("place"), GRID.c.lon.label("x"), GRID.c.lat.label("y"),
            )
            .outerjoin(INCIDENT, INCIDENT.c.id == TASK.c.incident)
            .outerjoin(GRID, GRID.c.code == TASK.c.grid)
            .where(TASK.c.closed.is_(None), TASK.c.state.in_(sorted(LIVE)), scope.covers(TASK), TASK.c.id != item.task)
            .order_by(TASK.c.opened.desc())
            .limit(1000)
        ).all()  # fmt: skip
        types = type_names(connection)
    found = []
    for row in rows:
        lon, lat = (row.lon, row.lat) if row.lon is not None else (row.x, row.y)
        km = None
        if place.spot is not None and lon is not None:
            km = place.spot.km(_Point(lon, lat))
        if km is not None and km > rules.merge_km:
            continue
        names_ = types.get(row.type, (row.type, row.type))
        found.append(
            MergeInto(row.id, row.state, names_, row.place or "", km, row.opened, row.type == item.type)
        )
    found.sort(key=lambda one: (not one.same, one.km is None, one.km or 0.0, -one.opened))
    return found[: rules.merge]


def townships(desk: Desk) -> list[tuple[str, str, str]]:
    """Townships that an item without one can be settled in: code, name, what it is found by."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = select(GRID).where(GRID.c.level == 3, GRID.c.in_service, scope.spans()).order_by(GRID.c.code)
        return [
            (row.code, said(row, desk.language), found_by(row, desk.language))
            for row in connection.execute(query)
        ]


def shelves(desk: Desk) -> Sequence[Shelf]:
    """The reasons for which an alarm is put away, with for how long."""
    return triage_rules(datetime.fromtimestamp(desk.now, desk.zone).date()).shelves


def reasons(desk: Desk) -> Sequence[str]:
    """The reasons for which a draft is dismissed."""
    with desk.store.read() as connection:
        return policy_at(connection, desk.now).limits.dismiss_reasons


_RIGHTS: Mapping[str, str] = {
    "acknowledge": "alarm.acknowledge",
    "shelve": "alarm.shelve",
    "dispatch": "incident.report",
    "dismiss": "incident.report",
    "merge": "incident.report",
    "contract": "incident.report",
}


def refusals(desk: Desk, row: TriageRow) -> dict[str, Message]:
    """Why this person may not do what with a row; acts that are not in it are on.

    Cheap enough to ask at every step of a cursor: it looks at nothing but the row and the role.
    """
    found: dict[str, Message] = {}
    elsewhere = row.lead is not None and row.lead.outside
    for act, right in _RIGHTS.items():
        refusal = by_role(desk.actor, right)
        if refusal is None and elsewhere:
            refusal = Message("desk.alarm.outside", {"place": row.place})
        if refusal is None and act in ("acknowledge", "shelve") and not row.count:
            refusal = Message("triage.off.no_alarm")
        if refusal is not None:
            found[act] = refusal
    return found
