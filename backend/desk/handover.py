"""Handover 交接班: begin it, look through it, take it over item by item, read the ones that were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from backend.access import Actor, actor_of, lineage, may
from backend.city.called import called, said
from backend.city.tables import Centre, Grid, Person
from backend.desk.desk import Desk
from backend.desk.handoverrows import facts
from backend.desk.naming import named, names
from backend.desk.scope import scope_of
from backend.duty import handover as room
from backend.duty.book import on_duty_of
from backend.duty.handover import HANDOVER, ITEM, Given
from backend.duty.numbers import numbers
from backend.duty.shifts import Seated, shift_of
from backend.notify import notices
from backend.reports import handover as content
from backend.store import table
from backend.words import Message, Outcome

CENTRE, GRID, PERSON = table(Centre), table(Grid), table(Person)


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A handover in one line."""

    id: str
    centre: str
    centre_name: str
    outgoing: str
    outgoing_name: str
    incoming: str
    incoming_name: str
    made: int
    state: str
    ended: int | None
    items: int
    signed: int
    to_centre: str
    to_name: str
    to_phone: str
    note: str
    audit_head: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a handover."""

    place: int
    number: int
    """Its number in the list as it is read, from 1."""
    kind: str
    item: str
    priority: str
    message: Message
    seen: int | None
    signed: int | None
    signed_by: str
    """By name."""
    remark: str

    @property
    def opens(self) -> tuple[str, str] | None:
        """The page of what it is about: its name and its key."""
        page = {
            "breached": "task",
            "due": "task",
            "task": "task",
            "suspended": "task",
            "shelved": "alarm",
            "order": "order",
            "complaint": "complaint",
        }.get(self.kind)
        return (
            (page, self.item) if page else ("hours", f"centre:{self.item}") if self.kind == "kept" else None
        )


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """A handover with its items in their order."""

    row: HandoverRow
    items: Sequence[ItemRow]
    refusal: Message | None
    """Why the person at the desk may not take it over."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who could take over."""

    person: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Above:
    """The duty room of a tier above."""

    centre: str
    name: str
    person: str
    phone: str


def begin(desk: Desk) -> Outcome:
    """Begin to hand one's shift over, or bring it up to date; ``data`` has the id and how many items are left."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.sign")
        if refusal is not None:
            return Outcome(False, refusal)
        shift = shift_of(connection, desk.actor.person)
        if shift is None:
            return Outcome.refused("handover.refused.not_signed_in")
        name = _brought_up(connection, desk, shift)
        left = room.unsigned(connection, name)
        told = Message("handover.begun" if left else "handover.begun_empty", {"count": left})
        return Outcome(True, told, {"handover": name, "count": left})


def _brought_up(connection: Connection, desk: Desk, shift: Seated) -> str:
    """The handover of a shift with everything that is open now."""
    found = content.items(facts(connection, desk, shift), desk.now, numbers(desk.now).due)
    given = [Given(one.kind, one.item, one.priority, one.message) for one in found]
    return room.begin(connection, shift, given, desk.now, desk.zone)


def _before_the_last(connection: Connection, desk: Desk, name: str) -> None:
    """What has come up meanwhile is handed over too: the last signature must not leave it behind."""
    row = connection.execute(
        select(HANDOVER.c.outgoing).where(HANDOVER.c.id == name, HANDOVER.c.state == "open")
    ).one_or_none()
    shift = shift_of(connection, row.outgoing) if row is not None else None
    if shift is not None and shift.centre == desk.actor.centre:
        _brought_up(connection, desk, shift)


def see(desk: Desk, name: str, places: Sequence[int], *, by: str = "") -> int:
    """Note that whoever takes over has had these items before them."""
    with desk.store.write() as connection:
        taker = _taker(connection, desk, by)
        return 0 if taker is None else room.see(connection, name, places, taker, desk.now)


def sign(desk: Desk, name: str, place: int, *, by: str = "", remark: str = "") -> Outcome:
    """Take one item over; the last one signs the outgoing person out and the incoming one in.

    Args:
        by: who takes over, where it is not the person at this desk: two people at one console.
    """
    with desk.store.write() as connection:
        taker = _taker(connection, desk, by)
        if taker is None:
            return Outcome.refused("handover.refused.stranger")
        seat = desk.actor.person if by else ""
        if room.unsigned(connection, name) == 1:
            _before_the_last(connection, desk, name)
        done = room.sign(connection, name, place, taker, desk.now, remark=remark, seat=seat)
        return _named(connection, desk, done)


def sign_all(desk: Desk, name: str, *, by: str = "") -> Outcome:
    """Take all that is left over; where nothing was left at all, take over nothing."""
    with desk.store.write() as connection:
        taker = _taker(connection, desk, by)
        if taker is None:
            return Outcome.refused("handover.refused.stranger")
        seat = desk.actor.person if by else ""
        _before_the_last(connection, desk, name)
        if room.unsigned(connection, name):
            done = room.sign_all(connection, name, taker, desk.now, seat=seat)
        else:
            done = room.nothing_left(connection, name, taker, desk.now, seat=seat)
        return _named(connection, desk, done)


def by_phone(desk: Desk, name: str, *, centre: str, person: str, phone: str, note: str) -> Outcome:
    """Nobody takes over: the tier above was told by phone. Its seats find it among their notices."""
    with desk.store.write() as connection:
        done = room.by_phone(
            connection, name, desk.actor, desk.now, centre=centre, person=person, phone=phone, note=note
        )
        if not done.ok:
            return _named(connection, desk, done)
        grid = connection.execute(select(CENTRE.c.grid).where(CENTRE.c.code == centre)).scalar_one_or_none()
        args = {"holder": desk.actor.centre, "by": desk.actor.person, "person": person, "note": note[:200]}
        notices.post(
            connection,
            f"handover:{name}",
            desk.now,
            "notice.duty.up",
            args,
            grid=grid or "",
            priority="high",
        )
        return done


def drop(desk: Desk, name: str) -> Outcome:
    """Stay on shift after all."""
    with desk.store.write() as connection:
        return _named(connection, desk, room.drop(connection, name, desk.actor, desk.now))


def board(desk: Desk, *, limit: int = 200) -> list[HandoverRow]:
    """The handovers of the centres of the person's grid, newest first."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        rows = connection.execute(
            select(HANDOVER)
            .join(CENTRE, CENTRE.c.code == HANDOVER.c.centre)
            .join(GRID, GRID.c.code == CENTRE.c.grid)
            .where(scope.spans())
            .order_by(HANDOVER.c.made.desc(), HANDOVER.c.id)
            .limit(limit)
        ).all()
        return _rows(connection, desk, rows)


def page(desk: Desk, name: str) -> HandoverPage | None:
    """A handover with its items; None where there is none in the person's grid."""
    with desk.store.read() as connection:
        row = connection.execute(select(HANDOVER).where(HANDOVER.c.id == name)).one_or_none()
        if row is None:
            return None
        grid = connection.execute(
            select(CENTRE.c.grid).where(CENTRE.c.code == row.centre)
        ).scalar_one_or_none()
        if grid is None or desk.actor.grid not in lineage(connection, grid):
            return None
        items = connection.execute(select(ITEM).where(ITEM.c.handover == name)).all()
        told = names(connection, {one.signed_by for one in items}, desk.language)
        refusal = named(room.refusal_of(row, desk.actor), names(connection, [row.incoming], desk.language))
        head = _rows(connection, desk, [row])[0]
    turn = {kind: place for place, kind in enumerate(content.KINDS)}
    ordered = sorted(items, key=lambda one: (turn.get(one.kind, len(turn)), one.place))
    return HandoverPage(
        head,
        [
            ItemRow(
                one.place,
                number,
                one.kind,
                one.item,
                one.priority,
                Message(one.code, json.loads(one.args or "{}")),
                one.seen,
                one.signed,
                told.get(one.signed_by, one.signed_by),
                one.remark,
            )
            for number, one in enumerate(ordered, 1)
        ],
        refusal,
    )


def open_handover(desk: Desk) -> str:
    """The handover that is open at the person's own centre and waits for them; empty where none does."""
    with desk.store.read() as connection:
        own = shift_of(connection, desk.actor.person)
        if own is not None and (name := room.open_of(connection, own.shift)) is not None:
            return name
        query = (
            select(HANDOVER.c.id)
            .where(HANDOVER.c.centre == desk.actor.centre, HANDOVER.c.state == "open")
            .order_by(HANDOVER.c.made)
            .limit(1)
        )
        return connection.execute(query).scalar_one_or_none() or ""


def takers(desk: Desk) -> list[Taker]:
    """Who could take over at this centre: its seats and supervisors but oneself."""
    with desk.store.read() as connection:
        rows = connection.execute(
            select(PERSON.c.code, called(PERSON, desk.language).label("name"), PERSON.c.role)
            .where(
                PERSON.c.centre == desk.actor.centre,
                PERSON.c.active.is_(True),
                PERSON.c.role.in_(("seat", "supervisor")),
                PERSON.c.code != desk.actor.person,
            )
            .order_by(PERSON.c.role, PERSON.c.code)
        )
        return [Taker(row.code, row.name, row.role) for row in rows]


def above(desk: Desk) -> list[Above]:
    """The duty rooms above one's own, the nearest first, with who answers there now."""
    with desk.store.read() as connection:
        line = lineage(connection, desk.actor.grid)[1:]
        rows = connection.execute(
            select(
                CENTRE.c.code, called(CENTRE, desk.language).label("called"), CENTRE.c.phone, CENTRE.c.grid
            ).where(CENTRE.c.grid.in_(line), CENTRE.c.in_service)
        ).all()
        on = on_duty_of(connection, "centre", [row.code for row in rows], desk.now, desk.zone)
    found = []
    for row in sorted(rows, key=lambda row: line.index(row.grid)):
        entry = next(iter(on.get(row.code, ())), None)
        phone = (entry.phone if entry else "") or row.phone
        found.append(Above(row.code, row.called, said(entry, desk.language) if entry else "", phone))
    return found


def _taker(connection: Connection, desk: Desk, by: str) -> Actor | None:
    """Who takes over: the person at the desk, or whoever is with them there."""
    if not by or by == desk.actor.person:
        return desk.actor
    taker = actor_of(connection, by)
    return taker if taker is not None and taker.centre == desk.actor.centre else None


def _named(connection: Connection, desk: Desk, outcome: Outcome) -> Outcome:
    codes = [value for value in outcome.message.args.values() if isinstance(value, str)]
    return replace(outcome, message=named(outcome.message, names(connection, codes, desk.language)))


def _rows(connection: Connection, desk: Desk, rows: Sequence[Any]) -> list[HandoverRow]:
    told = names(
        connection,
        [code for row in rows for code in (row.centre, row.outgoing, row.incoming, row.to_centre)],
        desk.language,
    )
    counts = {
        row[0]: (row[1], row[2])
        for row in connection.execute(
            select(ITEM.c.handover, func.count(), func.count(ITEM.c.signed))
            .where(ITEM.c.handover.in_([row.id for row in rows]))
            .group_by(ITEM.c.handover)
        )
    }
    return [
        HandoverRow(
            id=row.id,
            centre=row.centre,
            centre_name=told.get(row.centre, row.centre),
            outgoing=row.outgoing,
            outgoing_name=told.get(row.outgoing, row.outgoing),
            incoming=row.incoming,
            incoming_name=told.get(row.incoming, row.incoming),
            made=row.made,
            state=row.state,
            ended=row.ended,
            items=counts.get(row.id, (0, 0))[0],
            signed=counts.get(row.id, (0, 0))[1],
            to_centre=told.get(row.to_centre, row.to_centre),
            to_name=row.to_name,
            to_phone=row.to_phone,
            note=row.note,
            audit_head=row.audit_head,
        )
        for row in rows
    ]
