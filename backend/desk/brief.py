"""The situation brief 态势简报: gathered in one look, its uses kept, and a caller's instruction made an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.city.called import called, found_by
from backend.city.tables import Grid, StandingOrder
from backend.desk import orders
from backend.desk.airnow import air_now
from backend.desk.briefrows import clock, doing, unknown, worked_on
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.orderrows import title_of, touching
from backend.desk.scope import grid_names, scope_of
from backend.reports import brief as room
from backend.reports import uses
from backend.reports.brief import Brief, Height, Line
from backend.reports.uses import Use
from backend.store import table
from backend.text import clean
from backend.words import Message, Outcome, say

GRID, ORDER = table(Grid), table(StandingOrder)
MINUTE, HOUR = 60, 3600
USED_DAYS = 31
"""Days back that the list of uses tells."""

__all__ = [
    "MOST",
    "Brief",
    "Height",
    "Line",
    "PlaceRow",
    "Use",
    "UseRow",
    "asked",
    "build",
    "gather",
    "instruct",
    "opened",
    "places",
    "spoken",
    "used",
    "uses_board",
]

MOST = room.MOST
build = room.build


def gather(desk: Desk) -> Brief:
    """All that the brief of the person's grid tells, as it is now."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        place = connection.execute(
            select(called(GRID, desk.language)).where(GRID.c.code == desk.actor.grid)
        ).scalar_one_or_none()
        tasks = worked_on(connection, desk, scope)
        found, counts = doing(connection, desk, scope, tasks)
        return Brief(
            place=place or desk.actor.grid,
            person=desk.sitter,
            at=clock(desk, desk.now),
            air=air_now(connection, desk),
            orders=[
                room.Order(
                    one.title, one.scope, clock(desk, one.starts), clock(desk, one.ends), clock(desk, one.due)
                )
                for one in touching(connection, desk, desk.now)
            ],
            doing=found,
            counts=counts,
            unknown=unknown(connection, desk, scope, tasks),
        )


def spoken(desk: Desk, lines: Sequence[Line]) -> str:
    """The brief as plain text in the person's language."""
    return room.text(lines, lambda message: say(message, desk.language))


def opened(desk: Desk, lines: Sequence[Line]) -> int:
    """Note that the person has the brief before them, with what it says; returns the use's number."""
    with desk.store.write() as connection:
        return uses.opened(connection, desk.actor.person, desk.actor.grid, spoken(desk, lines), desk.now)


def asked(desk: Desk, use: int, caller: str) -> Outcome:
    """Note for whom it was read out."""
    with desk.store.write() as connection:
        uses.asked(connection, use, caller)
    return Outcome.done("brief.logged", caller=clean(caller, limit=60))


def instruct(
    desk: Desk,
    use: int,
    *,
    caller: str,
    title: str,
    scope: str = "",
    hours: str = "",
    minutes: str = "",
) -> Outcome:
    """What the caller wants done becomes an order; with minutes, a supervised task on top of every seat's list.

    Args:
        use: the number of the brief's use.
        caller: who gives it.
        scope: the grid; the person's own where empty.
        hours: how long it holds; until it is withdrawn where empty.
        minutes: within how long it must be done; empty for an order that is only shown.
    """
    now = desk.now
    outcome = orders.issue(
        desk,
        kind="instruction",
        title=title,
        scope_kind="grid",
        scope=scope or desk.actor.grid,
        starts=now,
        ends=now + round(float(hours) * HOUR) if hours else None,
        due=now + round(float(minutes) * MINUTE) if minutes else None,
        issued_by=caller,
    )
    if not outcome.ok:
        return outcome
    code = str(outcome.data["order"])
    with desk.store.write() as connection:
        uses.asked(connection, use, caller)
        uses.ordered(connection, use, code)
    told = Message("brief.instructed", {"order": code, "caller": clean(caller, limit=60)})
    return Outcome(True, told, outcome.data)


def used(desk: Desk, since: int, until: int) -> list[Use]:
    """The briefs that seats of the person's grid and of those below it read out in ``[since, until)``."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        grids = select(GRID.c.code).where(scope.spans())
        return uses.listed(connection, grids, since, until)


@dataclass(frozen=True, slots=True)
class UseRow:
    """A brief that was read out, as a list tells it."""

    id: int
    at: int
    person: str
    grid: str
    caller: str
    """Who had it read out; empty where nobody was named."""
    orders: tuple[tuple[str, str], ...]
    """The orders that came of it: code and title."""
    text: str
    """What was on the screen."""


def uses_board(desk: Desk) -> list[UseRow]:
    """The briefs of the last weeks in the person's grid and below, the newest first."""
    found = used(desk, desk.now - USED_DAYS * 86400, desk.now + 1)
    with desk.store.read() as connection:
        people = names(connection, {use.person for use in found}, desk.language)
        grids = grid_names(connection, desk.language)
        codes = sorted({code for use in found for code in use.orders})
        query = select(ORDER.c.code, ORDER.c.title, ORDER.c.title_en).where(ORDER.c.code.in_(codes))
        titles = {row.code: title_of(row, desk.language) for row in connection.execute(query)}
    return [
        UseRow(
            id=use.id,
            at=use.at,
            person=people.get(use.person, use.person),
            grid=grids.get(use.grid, use.grid),
            caller=use.caller,
            orders=tuple((code, titles.get(code, "")) for code in use.orders),
            text=use.text,
        )
        for use in reversed(found)
    ]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A grid for which an instruction can hold."""

    code: str
    name: str
    above: str
    search: str


def places(desk: Desk) -> list[PlaceRow]:
    """The grids of the person's own down to the townships, the person's own first."""
    above = GRID.alias("above")
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        rows = connection.execute(
            select(
                GRID, called(GRID, desk.language).label("called"), called(above, desk.language).label("up")
            )
            .outerjoin(above, above.c.code == GRID.c.parent)
            .where(GRID.c.level <= 3, GRID.c.in_service, scope.spans())
            .order_by(GRID.c.level, GRID.c.code)
        ).all()
    return [
        PlaceRow(row.code, row.called, row.up or "", f"{found_by(row, desk.language)} {row.code}")
        for row in rows
    ]
