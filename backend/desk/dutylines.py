"""Standing lines of the duty book 固定排班 at the desk: the list of them, and to enter, change and end one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from backend.access import may
from backend.access.rights import by_role
from backend.city.called import called, said
from backend.city.tables import Department, Grid, Person
from backend.desk.desk import Desk
from backend.desk.duty import body_named, grid_of
from backend.desk.dutyrows import bodies_in
from backend.desk.naming import names
from backend.desk.scope import scope_of
from backend.duty import lines
from backend.duty.standing import Told, civil_day, clock_time
from backend.store import table
from backend.text import fold
from backend.words import Message, Outcome

DEPARTMENT, GRID, PERSON = table(Department), table(Grid), table(Person)
RIGHT = "duty.lines"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A standing line as a list tells it."""

    id: int
    kind: str
    """``centre``, ``department`` or ``member``."""
    body: str
    body_name: str
    days: str
    """Monday to Sunday, 1 where it holds."""
    starts: str
    ends: str
    """``20:00`` to ``08:00``: an end at or before the start is on the next day."""
    name: str
    phone: str
    since: str
    """Its first civil day; empty where it has always held."""
    last: str
    """Its last civil day; empty where it has no end."""
    here: bool
    """Whether this body's book is kept here, so that no pack changes it."""
    by: str
    """Who entered it here, by name."""
    at: int | None
    coming: bool
    """It does not hold yet."""
    search: str


def refusal(desk: Desk) -> Message | None:
    """Why the person at the desk may change no standing line; None where they may."""
    return by_role(desk.actor, RIGHT)


def board(desk: Desk) -> list[LineRow]:
    """The lines of the duty rooms and members of the person's grid, and of the departments; those to come too."""
    today = civil_day(desk.now, desk.zone)
    with desk.store.read() as connection:
        bodies = _bodies(connection, desk)
        found = [one for one in lines.listed(connection, today) if (one.body_kind, one.body) in bodies]
        people = names(connection, {one.set_by for one in found if one.set_by}, desk.language)
    rows = [
        LineRow(
            id=one.id,
            kind=one.body_kind,
            body=one.body,
            body_name=bodies[one.body_kind, one.body],
            days=one.days,
            starts=clock_time(one.start),
            ends=clock_time(one.end),
            name=said(one, desk.language),
            phone=one.phone,
            since=one.valid_from,
            last=_day_before(one.valid_to),
            here=not one.from_pack,
            by=people.get(one.set_by, one.set_by),
            at=one.set_at,
            coming=one.valid_from > today,
            search=f"{fold(one.name)} {one.body}",
        )
        for one in found
    ]
    order = {body: place for place, body in enumerate(bodies)}
    return sorted(rows, key=lambda row: order[row.kind, row.body])


def _bodies(connection: Connection, desk: Desk) -> dict[tuple[str, str], str]:
    """The bodies whose lines the person sees, by kind and code, with their names: rooms, departments, members."""
    scope = scope_of(connection, desk.actor.grid)
    found = {("centre", code): name for code, name in bodies_in(connection, scope, desk.language).items()}
    query = select(DEPARTMENT.c.code, called(DEPARTMENT, desk.language)).where(DEPARTMENT.c.in_service)
    found |= {("department", row[0]): row[1] for row in connection.execute(query.order_by(DEPARTMENT.c.code))}
    members = (
        select(PERSON.c.code, called(PERSON, desk.language))
        .join(GRID, GRID.c.code == PERSON.c.grid)
        .where(PERSON.c.role == "member", PERSON.c.active.is_(True), scope.spans())
    )
    ordered = members.order_by(PERSON.c.grid, PERSON.c.code)
    return found | {("member", row[0]): row[1] for row in connection.execute(ordered)}


def enter(
    desk: Desk,
    kind: str,
    body: str,
    *,
    days: str,
    starts: int,
    ends: int,
    since: str,
    last: str = "",
    name: str = "",
    phone: str = "",
    replaces: int = 0,
    anyway: bool = False,
) -> Outcome:
    """Enter a standing line, or put it in the place of another one.

    Args:
        days: Monday to Sunday, 1 where it holds.
        starts: minute of the civil day; an end at or before it is on the next day.
        since: its first civil day, today at the earliest.
        last: its last civil day; empty for no end.
        replaces: the number of the line that it takes the place of.
        anyway: yes to what the refusal with ``ask`` in its data told.
    """
    told = Told(days, starts, ends, name, phone, _day_after(last))
    with desk.store.write() as connection:
        refused = _refused(connection, desk, kind, body)
        if refused is not None:
            return Outcome(False, refused)
        outcome = lines.enter(
            connection, kind, body, told, since, by=desk.actor.person, now=desk.now, zone=desk.zone,
            replaces=replaces, anyway=anyway,
        )  # fmt: skip
        return body_named(connection, desk, outcome)


def end(desk: Desk, number: int, last: str, *, anyway: bool = False) -> Outcome:
    """Let a line hold until a civil day, that one included, and no longer; yesterday ends it at once."""
    with desk.store.write() as connection:
        held = lines.line(connection, number)
        refused = _refused(connection, desk, held.body_kind, held.body) if held else refusal(desk)
        if refused is not None:
            return Outcome(False, refused)
        outcome = lines.end(
            connection, number, _day_after(last), by=desk.actor.person, now=desk.now, zone=desk.zone,
            anyway=anyway,
        )  # fmt: skip
        return body_named(connection, desk, outcome)


def follow_pack(desk: Desk, kind: str, body: str) -> Outcome:
    """Give a body's book back to the pack: the next one that is loaded replaces what was entered here."""
    with desk.store.write() as connection:
        refused = _refused(connection, desk, kind, body)
        if refused is not None:
            return Outcome(False, refused)
        outcome = lines.follow_pack(connection, kind, body, by=desk.actor.person, now=desk.now)
        return body_named(connection, desk, outcome)


def _refused(connection: Connection, desk: Desk, kind: str, body: str) -> Message | None:
    grid = grid_of(connection, kind, body)
    if kind == "department":
        # A department answers to the whole city.
        grid = connection.execute(select(GRID.c.code).where(GRID.c.level == 1).limit(1)).scalar() or ""
    return may(connection, desk.actor, RIGHT, grid)


def _day_after(day: str) -> str:
    return _moved(day, 1)


def _day_before(day: str) -> str:
    return _moved(day, -1)


def _moved(day: str, by: int) -> str:
    """The civil day so many days later; what is none stays, and is refused by its own words."""
    try:
        return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
    except (ValueError, OverflowError):
        return day
