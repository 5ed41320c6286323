"""Who could be sent 派发建议: the members of the place, then the duty room, then upward, each with the reasons.

At night, where no member is on duty, a dispatch goes to the township's duty room, and upward only when that is empty
too (design, decision 7). Nothing is left out silently: who could not be sent is listed with why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, or_, select

from backend.city.tables import Centre, Department, Grid, Person
from backend.duty.book import Book, has_book, on_duty, on_duty_of
from backend.duty.changes import AWAY, Away
from backend.store import table
from backend.tasks.rows import TASK
from backend.tasks.states import rank
from backend.words import Message

PERSON, GRID, CENTRE, DEPARTMENT = table(Person), table(Grid), table(Centre), table(Department)
# Put together once: a person who goes through what waits has this asked of every row.
_PLACE = select(GRID.c.code, GRID.c.township, GRID.c.county, GRID.c.level).where(
    or_(GRID.c.code == bindparam("grid"), GRID.c.level == 1)
)
_MEMBERS = (
    select(PERSON.c.code, PERSON.c.name, PERSON.c.phone, PERSON.c.grid)
    .join(GRID, GRID.c.code == PERSON.c.grid)
    .where(PERSON.c.role == "member", PERSON.c.active.is_(True), GRID.c.township == bindparam("township"))
    .order_by(PERSON.c.code)
)
_LOADS = (
    select(TASK.c.holder, func.count().label("held"))
    .where(TASK.c.holder.in_(bindparam("codes", expanding=True)), TASK.c.closed.is_(None))
    .group_by(TASK.c.holder)
)
_ROOMS = (
    select(CENTRE.c.code, CENTRE.c.name, CENTRE.c.phone, CENTRE.c.tier, CENTRE.c.grid)
    .where(CENTRE.c.grid.in_(bindparam("grids", expanding=True)), CENTRE.c.in_service)
    .order_by(CENTRE.c.code)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be sent."""

    kind: str
    """``member``, ``centre`` (its duty room) or ``department``: a dispatch's ``holder_kind``."""
    code: str
    name: str
    phone: str
    grid: str
    on_duty: bool
    open_tasks: int
    upward: bool = False
    """Not of the township: to be asked only when nobody there answers."""
    reasons: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """Candidates, best first."""

    candidates: tuple[Candidate, ...]
    known: bool = True
    """False where the city keeps no duty book: then nothing is known about vacancy."""
    departments: tuple[Candidate, ...] = field(default=())

    @property
    def best(self) -> Candidate | None:
        """Whom to send: the first who is on duty, within the township if there is anybody."""
        return next((c for c in self.candidates if c.on_duty), None)

    @property
    def vacant(self) -> bool:
        """Whether nobody of the township answers, neither member nor duty room."""
        return self.known and not any(c.on_duty and not c.upward for c in self.candidates)


def pick_holder(
    connection: Connection,
    grid: str,
    at: int,
    zone: ZoneInfo,
    *,
    department: str = "",
    exclude: str = "",
) -> Pick:
    """Whom to send to a grid at ``at``.

    Args:
        department: the lead department; its duty room is offered beside the members.
        exclude: who gave the task back.
    """
    asked = connection.execute(_PLACE, {"grid": grid}).all()
    place = next((row for row in asked if row.code == grid), None)
    if place is None:
        return Pick((), known=has_book(connection))
    city = next((row.code for row in asked if row.level == 1), "")
    members = _members(connection, place.code, place.township, at, zone, exclude)
    rooms = _rooms(connection, place.township, place.county, city, at, zone, exclude)
    departments = _department(connection, department, at, zone, exclude) if department else ()
    order = sorted(members, key=lambda c: (not c.on_duty, c.grid != grid, c.open_tasks, c.code))
    return Pick((*order, *rooms), has_book(connection), departments)


def _members(
    connection: Connection, grid: str, township: str, at: int, zone: ZoneInfo, exclude: str
) -> list[Candidate]:
    rows = connection.execute(_MEMBERS, {"township": township or grid}).all()
    codes = [row.code for row in rows]
    book = Book.read(connection, "member", codes, at, at + 1, zone)
    loads = _loads(connection, codes)
    away = {
        code: [one for one in states if one.starts <= at < one.ends] for code, states in book.away.items()
    }
    found: list[Candidate] = []
    for row in rows:
        on, load = book.at(row.code, at), loads.get(row.code, 0)
        reasons = [
            Message("duty.reason.own_grid" if row.grid == grid else "duty.reason.same_township"),
            Message("duty.reason.on_duty", {"until": on[0].until}) if on else _off(away.get(row.code, ())),
            Message("duty.reason.load", {"count": load}),
        ]
        if row.code == exclude:
            reasons.insert(0, Message("duty.reason.gave_back"))
        available = bool(on) and row.code != exclude
        found.append(
            Candidate(
                "member", row.code, row.name, row.phone, row.grid, available, load, reasons=tuple(reasons)
            )
        )
    return found


def _off(states: Sequence[Away]) -> Message:
    """Why somebody is not on duty."""
    if states and states[-1].state in AWAY:
        return Message(f"duty.reason.{states[-1].state}", {"until": states[-1].ends})
    return Message("duty.reason.off_duty")


def _loads(connection: Connection, codes: list[str]) -> dict[str, int]:
    return {row.holder: row.held for row in connection.execute(_LOADS, {"codes": codes})}


def _rooms(
    connection: Connection, township: str, county: str, city: str, at: int, zone: ZoneInfo, exclude: str
) -> list[Candidate]:
    """The duty rooms of the township's, the county's and the city's centre, in this order."""
    own = rank("T" if township else "C" if county else "M")
    grids = [grid for grid in dict.fromkeys((township, county, city)) if grid]
    rows = connection.execute(_ROOMS, {"grids": grids}).all()
    duty = on_duty_of(connection, "centre", [row.code for row in rows], at, zone)
    found: list[Candidate] = []
    for grid in grids:
        for row in [row for row in rows if row.grid == grid]:
            entries = duty.get(row.code, ())
            phone = entries[0].phone or row.phone if entries else row.phone
            reason = (
                Message(
                    "duty.reason.room",
                    {"tier": row.tier, "name": entries[0].name, "name_en": entries[0].name_en},
                )
                if entries
                else Message("duty.reason.room_empty", {"tier": row.tier})
            )
            on = bool(entries) and row.code != exclude
            found.append(
                Candidate(
                    "centre",
                    row.code,
                    row.name,
                    phone,
                    grid,
                    on,
                    0,
                    upward=rank(row.tier) > own,
                    reasons=(reason,),
                )
            )
    return found


def _department(
    connection: Connection, department: str, at: int, zone: ZoneInfo, exclude: str
) -> tuple[Candidate, ...]:
    entries = on_duty(connection, "department", department, at, zone)
    there = select(DEPARTMENT.c.code).where(DEPARTMENT.c.code == department, DEPARTMENT.c.in_service)
    if not entries or department == exclude or connection.execute(there).first() is None:
        return ()
    reason = Message("duty.reason.department", {"until": entries[0].until})
    name, phone = entries[0].name, entries[0].phone
    return (Candidate("department", department, name, phone, "", True, 0, reasons=(reason,)),)
