"""The duty board's rows: duty rooms, seats, members, vacancies ahead, changes of the book; and one body's hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from backend.city.called import called, said
from backend.city.tables import Centre, Department, Grid, Person
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.scope import Scope, grid_names, scope_of
from backend.duty import changes
from backend.duty.book import Book, has_book
from backend.duty.calls import Call
from backend.duty.changes import Override
from backend.duty.numbers import numbers
from backend.duty.shifts import Seated as Seated
from backend.duty.shifts import seats, shift_of
from backend.duty.watch import Room, rooms
from backend.store import table
from backend.tasks.tables import Task
from backend.words.say import Language

CENTRE, DEPARTMENT, GRID = table(Centre), table(Department), table(Grid)
PERSON, TASK = table(Person), table(Task)


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A duty room: a centre's or a department's."""

    kind: str
    """``centre`` or ``department``."""
    code: str
    name: str
    tier: str
    state: str
    """``manned``, ``unattended`` (no key), ``phone`` (the room answers), ``silent``, ``kept`` or ``vacant``."""
    answers: str
    phone: str
    until: int | None
    gap: tuple[int, int] | None
    """The next stretch of the hours ahead in which nobody answers."""
    seats: tuple[str, ...]
    """Who sits there, by name."""
    last_key: int | None
    keeper: str
    """Who keeps its board, by name."""
    own: bool
    """Whether it is the person's own centre."""
    called: Call | None = None

    @property
    def key(self) -> str:
        """What its page is opened by."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A person at a seat."""

    shift: int
    centre: str
    centre_name: str
    person: str
    name: str
    role: str
    signed_in: int
    last_key: int
    last_seen: int
    state: str
    """``there``, ``idle`` (no key for long) or ``gone`` (the console is not heard of)."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A grid member as they are now."""

    code: str
    name: str
    grid: str
    place: str
    phone: str
    state: str
    """``on``, ``off``, ``leave`` or ``sick``."""
    until: int | None
    tasks: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """Hours ahead in which nobody answers."""

    kind: str
    code: str
    name: str
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of the book that holds, or will."""

    id: int
    kind: str
    body_kind: str
    body: str
    body_name: str
    starts: int
    ends: int
    instead: str
    name: str
    phone: str
    reason: str
    by: str
    holds: bool


def bodies_in(
    connection: Connection, scope: Scope, language: Language, *, above: bool = False
) -> dict[str, str]:
    """The centres of a scope with their names; with ``above`` those of the tiers over it too."""
    lies = scope.spans()
    if above and scope.above:
        lies = or_(lies, GRID.c.code.in_(scope.above))
    query = (
        select(CENTRE.c.code, called(CENTRE, language))
        .join(GRID, GRID.c.code == CENTRE.c.grid)
        .where(CENTRE.c.in_service, lies)
        .order_by(GRID.c.level, CENTRE.c.code)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _departments(connection: Connection, language: Language) -> dict[str, str]:
    query = select(DEPARTMENT.c.code, called(DEPARTMENT, language)).where(DEPARTMENT.c.in_service)
    return {row[0]: row[1] for row in connection.execute(query.order_by(DEPARTMENT.c.code))}


def room_board(desk: Desk) -> list[RoomRow]:
    """The duty rooms that this person needs: their own, those above and below, the departments'."""
    now = desk.now
    until = now + numbers(now).ahead
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        centres = bodies_in(connection, scope, desk.language, above=True)
        departments = _departments(connection, desk.language)
        stand = {one.centre: one for one in rooms(connection, desk.zone, now, list(centres))}
        books = {
            "centre": Book.read(connection, "centre", list(centres), now, until, desk.zone),
            "department": Book.read(connection, "department", list(departments), now, until, desk.zone),
        }
        kept = {one.keeper for one in stand.values()} - {""}
        people = {seat.person for one in stand.values() for seat in one.seats}
        told = names(connection, kept | people, desk.language)
    rows = [
        _room(desk, "centre", code, name, books["centre"], stand.get(code), told, until)
        for code, name in centres.items()
    ]
    rows += [
        _room(desk, "department", code, name, books["department"], None, told, until)
        for code, name in departments.items()
        if code in books["department"].lines
    ]
    # One's own first, then where nobody is; sorting is stable, so the others stay by tier and code.
    return sorted(rows, key=lambda row: (not row.own, row.state in ("manned", "phone")))


def _room(
    desk: Desk,
    kind: str,
    code: str,
    name: str,
    book: Book,
    stand: Room | None,
    told: Mapping[str, str],
    until: int,
) -> RoomRow:
    now = desk.now
    on = book.at(code, now)
    gap = next(
        ((one.starts, one.ends) for one in book.hours(code, now, until) if not one.who),
        None,
    )
    # A body without a single line in the book has no hours that could be missing.
    known = code in book.lines or code in book.overrides
    return RoomRow(
        kind=kind,
        code=code,
        name=name,
        tier=stand.tier if stand else "",
        state=_state(stand, now) if stand else ("phone" if on else "vacant"),
        answers=said(on[0], desk.language) if on else "",
        phone=(on[0].phone if on else "") or (stand.phone if stand else ""),
        until=on[0].until if on else None,
        gap=gap if known else None,
        seats=tuple(told.get(seat.person, seat.person) for seat in stand.seats) if stand else (),
        last_key=stand.last_key if stand else None,
        keeper=told.get(stand.keeper, stand.keeper) if stand else "",
        own=code == desk.actor.centre,
        called=stand.called if stand else None,
    )


def _state(room: Room, now: int) -> str:
    held = numbers(now)
    if room.keeper:
        return "kept"
    if room.seats:
        idle = room.last_key is None or now - room.last_key >= held.unattended
        return "unattended" if idle or not room.manned else "manned"
    if room.silent:
        return "silent" if room.answers else "vacant"
    return "phone"


def seat_board(desk: Desk) -> list[SeatRow]:
    """Who sits where, in the centres of the person's grid."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        centres = bodies_in(connection, scope, desk.language)
        return seat_rows(connection, desk, seats(connection, list(centres)), centres)


def own_shift(desk: Desk) -> Seated | None:
    """The shift that the person is in; None where they have not signed in."""
    with desk.store.read() as connection:
        return shift_of(connection, desk.actor.person)


def seat_rows(
    connection: Connection, desk: Desk, found: Sequence[Seated], centres: Mapping[str, str]
) -> list[SeatRow]:
    """Shifts as the board tells them."""
    now, held = desk.now, numbers(desk.now)
    people = [one.person for one in found]
    told = names(connection, people, desk.language)
    roles = {
        row.code: row.role
        for row in connection.execute(select(PERSON.c.code, PERSON.c.role).where(PERSON.c.code.in_(people)))
    }
    return [
        SeatRow(
            one.shift,
            one.centre,
            centres.get(one.centre, one.centre),
            one.person,
            told.get(one.person, one.person),
            roles.get(one.person, ""),
            one.signed_in,
            one.last_key,
            one.last_seen,
            "gone"
            if not one.there(now, held.seen)
            else "idle"
            if now - one.last_key >= held.unattended
            else "there",
        )
        for one in found
    ]


def member_board(desk: Desk) -> list[MemberRow]:
    """The grid members of the person's grid: those on duty first, by place."""
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        rows = connection.execute(
            select(PERSON.c.code, called(PERSON, desk.language).label("name"), PERSON.c.phone, PERSON.c.grid)
            .join(GRID, GRID.c.code == PERSON.c.grid)
            .where(PERSON.c.role == "member", PERSON.c.active.is_(True), scope.spans())
            .order_by(PERSON.c.grid, PERSON.c.code)
        ).all()
        codes = [row.code for row in rows]
        book = Book.read(connection, "member", codes, now, now + 1, desk.zone)
        places = grid_names(connection, desk.language, level=4)
        loads = {
            row[0]: row[1]
            for row in connection.execute(
                select(TASK.c.holder, func.count())
                .where(TASK.c.closed.is_(None), TASK.c.holder_kind == "member")
                .group_by(TASK.c.holder)
            )
        }
    found = []
    for row in rows:
        on = book.at(row.code, now)
        own = [one for one in book.away.get(row.code, ()) if one.starts <= now < one.ends]
        state = own[-1].state if own and own[-1].state in changes.AWAY else "on" if on else "off"
        until = own[-1].ends if state in changes.AWAY else on[0].until if on else None
        place = places.get(row.grid, row.grid)
        found.append(
            MemberRow(row.code, row.name, row.grid, place, row.phone, state, until, loads.get(row.code, 0))
        )
    turn = ("on", "leave", "sick", "off")
    return sorted(found, key=lambda one: turn.index(one.state))


def gap_board(desk: Desk) -> list[GapRow]:
    """The hours ahead in which a duty room below, one's own, or a department's is empty; the next one first."""
    now = desk.now
    until = now + numbers(now).ahead
    found = []
    with desk.store.read() as connection:
        if not has_book(connection):
            return []
        scope = scope_of(connection, desk.actor.grid)
        for kind, bodies in (
            ("centre", bodies_in(connection, scope, desk.language)),
            ("department", _departments(connection, desk.language)),
        ):
            book = Book.read(connection, kind, list(bodies), now, until, desk.zone)
            found += [
                GapRow(kind, code, name, one.starts, one.ends)
                for code, name in bodies.items()
                if kind == "centre" or code in book.lines
                for one in book.hours(code, now, until)
                if not one.who
            ]
    return sorted(found, key=lambda row: (row.starts, row.kind, row.code))


def change_board(desk: Desk) -> list[ChangeRow]:
    """The changes of the book that hold or will, in the person's grid."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        known = {
            **bodies_in(connection, scope, desk.language, above=True),
            **_departments(connection, desk.language),
        }
        members = select(PERSON.c.code, called(PERSON, desk.language).label("name")).join(
            GRID, GRID.c.code == PERSON.c.grid
        )
        known |= {row[0]: row[1] for row in connection.execute(members.where(scope.spans()))}
        found = [one for one in changes.listed(connection, desk.now) if one.body in known]
        return change_rows(connection, desk, found, known)


def change_rows(
    connection: Connection, desk: Desk, found: Sequence[Override], known: Mapping[str, str]
) -> list[ChangeRow]:
    """Changes of the book as the board tells them."""
    told = names(connection, [one.set_by for one in found], desk.language)
    return [
        ChangeRow(
            one.id,
            one.kind if one.name else "vacant",
            one.body_kind,
            one.body,
            known.get(one.body, one.body),
            one.starts,
            one.ends,
            one.instead,
            one.name,
            one.phone,
            one.reason,
            told.get(one.set_by, one.set_by),
            one.starts <= desk.now,
        )
        for one in found
    ]
