"""Duty 值班: who answers, who sits where, who is away; and the acts on shifts, the book and kept boards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from backend.access import lineage, may
from backend.city.tables import Grid, Person
from backend.desk.desk import Desk
from backend.desk.dutyrows import CENTRE, bodies_in
from backend.desk.naming import named, names
from backend.desk.scope import scope_of
from backend.duty import adopted, changes, shifts
from backend.duty.book import Book
from backend.duty.calls import Call, note_call
from backend.duty.changes import Turn
from backend.duty.numbers import numbers
from backend.duty.remarks import remark as write_remark
from backend.duty.watch import rooms
from backend.incidents.callers import INCIDENT, callers_near, without
from backend.store import table
from backend.text import clean
from backend.words import Message, Outcome

GRID, PERSON = table(Grid), table(Person)
WEEK = 7 * 86400

__all__ = [
    "Turn",
    "adopt",
    "call",
    "end_state",
    "give_back",
    "here",
    "override",
    "remark",
    "set_state",
    "sign_in",
    "swap",
    "swappable",
    "withdraw",
]


def body_named(connection: Connection, desk: Desk, outcome: Outcome) -> Outcome:
    """The outcome with people and bodies called by their names."""
    codes = [value for value in outcome.message.args.values() if isinstance(value, str)]
    called = names(connection, codes, desk.language)
    message = named(outcome.message, called)
    args = {
        key: called.get(value, value)
        if key in ("centre", "body", "name") and isinstance(value, str)
        else value
        for key, value in message.args.items()
    }
    return replace(outcome, message=Message(message.code, args))


def grid_of(connection: Connection, kind: str, body: str) -> str:
    """In whose jurisdiction a body lies; empty for departments, which are the whole city's."""
    if kind == "department":
        return ""
    of = CENTRE if kind == "centre" else PERSON
    return connection.execute(select(of.c.grid).where(of.c.code == body)).scalar_one_or_none() or ""


# Shifts.


def sign_in(desk: Desk) -> Outcome:
    """Sit down at a seat of one's own centre."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.sign")
        if refusal is not None:
            return Outcome(False, refusal)
        return shifts.sign_in(connection, desk.actor, desk.now)


def here(desk: Desk, last_key: int) -> None:
    """Note that the person's console is there. Asked every minute: nothing is written for who is in no shift."""
    with desk.store.read() as connection:
        if shifts.shift_of(connection, desk.actor.person) is None:
            return
    with desk.store.bulk() as connection:
        shifts.seen(connection, desk.actor.person, last_key, desk.now)


def remark(desk: Desk, text: str, *, task: str = "") -> Outcome:
    """Write something down for the shift log, and for who comes next."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.sign")
        if refusal is not None:
            return Outcome(False, refusal)
        covered = scope_of(connection, desk.actor.grid).covers(INCIDENT)
        told = without(text, callers_near(connection, covered, desk.now, desk.zone))
        return write_remark(connection, desk.actor.centre, desk.actor.person, told, desk.now, task=task)


# The book.


def override(
    desk: Desk,
    kind: str,
    body: str,
    starts: int,
    ends: int,
    *,
    name: str,
    phone: str,
    instead: str = "",
    reason: str,
) -> Outcome:
    """Somebody else answers for a body for some hours; nobody where ``name`` is empty."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.book", grid_of(connection, kind, body))
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = changes.replace_on_duty(
            connection,
            kind,
            body,
            starts,
            ends,
            name=name,
            phone=phone,
            instead=instead,
            reason=reason,
            by=desk.actor.person,
            now=desk.now,
        )
        return body_named(connection, desk, outcome)


def swap(desk: Desk, kind: str, one: Turn, other: Turn, *, reason: str) -> Outcome:
    """Two people exchange their turns, of one body or of two."""
    with desk.store.write() as connection:
        for turn in (one, other):
            refusal = may(connection, desk.actor, "duty.book", grid_of(connection, kind, turn.body))
            if refusal is not None:
                return Outcome(False, refusal)
        return changes.swap(connection, kind, one, other, reason=reason, by=desk.actor.person, now=desk.now)


def withdraw(desk: Desk, number: int) -> Outcome:
    """Take a change of the book back; of a swap both lines."""
    with desk.store.write() as connection:
        row = connection.execute(
            select(changes.OVERRIDE.c.body_kind, changes.OVERRIDE.c.body).where(
                changes.OVERRIDE.c.id == number
            )
        ).one_or_none()
        grid = grid_of(connection, row.body_kind, row.body) if row is not None else ""
        refusal = may(connection, desk.actor, "duty.book", grid)
        if refusal is not None:
            return Outcome(False, refusal)
        return changes.withdraw(connection, number, by=desk.actor.person, now=desk.now)


def set_state(desk: Desk, person: str, state: str, ends: int, *, starts: int = 0, note: str = "") -> Outcome:
    """Somebody is on leave, ill, or on duty though the book does not say so, until ``ends``."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.book", grid_of(connection, "member", person))
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = changes.set_state(
            connection, person, state, starts or desk.now, ends, note=note, by=desk.actor.person, now=desk.now
        )
        return body_named(connection, desk, outcome)


def end_state(desk: Desk, person: str) -> Outcome:
    """They are back."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.book", grid_of(connection, "member", person))
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = changes.end_state(connection, person, by=desk.actor.person, now=desk.now)
        return body_named(connection, desk, outcome)


# Calls and kept boards.


def call(desk: Desk, kind: str, body: str, *, answered: bool, phone: str = "", note: str = "") -> Outcome:
    """Note that a body was called, and whether anybody answered."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.adopt")
        if refusal is not None:
            return Outcome(False, refusal)
        name = names(connection, [body], desk.language).get(body, body)
        made = Call(
            kind,
            body,
            name,
            clean(phone, limit=30),
            desk.now,
            desk.actor.person,
            answered,
            clean(note, limit=200),
        )
        note_call(connection, made)
        return Outcome.done(f"duty.called.{answered}", name=name)


def adopt(desk: Desk, centre: str, *, reason: str = "") -> Outcome:
    """Keep the board of a silent centre below one's own, until somebody signs in there."""
    with desk.store.write() as connection:
        refusal = _adopting(connection, desk, centre)
        if refusal is not None:
            return body_named(connection, desk, Outcome(False, refusal))
        outcome = adopted.adopt(
            connection, centre, desk.actor.centre, desk.actor.person, desk.now, reason=reason
        )
        return body_named(connection, desk, outcome)


def _adopting(connection: Connection, desk: Desk, centre: str) -> Message | None:
    """Why this person may not keep that board now."""
    grid = grid_of(connection, "centre", centre)
    refusal = may(connection, desk.actor, "duty.adopt", grid)
    if refusal is not None:
        return refusal
    if not desk.actor.centre or desk.actor.grid not in lineage(connection, grid)[1:]:
        return Message("duty.refused.not_below")
    room = next(iter(rooms(connection, desk.zone, desk.now, [centre])), None)
    if room is None or room.silent:
        return None
    if room.manned:
        sitting = next(one for one in room.seats if one.there(desk.now, numbers(desk.now).seen))
        return Message("duty.refused.there", {"person": sitting.person})
    name = (room.answers_en if desk.language == "en" else "") or room.answers
    return Message("duty.refused.call_first", {"name": name, "phone": room.phone})


def give_back(desk: Desk, centre: str) -> Outcome:
    """Keep it no longer."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "duty.adopt", grid_of(connection, "centre", centre))
        if refusal is not None:
            return Outcome(False, refusal)
        return body_named(
            connection, desk, adopted.give_back(connection, centre, desk.actor.person, desk.now)
        )


def swappable(desk: Desk, kind: str, body: str) -> Sequence[Turn]:
    """The turns of the coming week that can be exchanged."""
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        if kind == "centre" and body not in bodies_in(connection, scope, desk.language):
            return ()
        stretches = Book.read(connection, kind, [body], now, now + WEEK, desk.zone).hours(
            body, now, now + WEEK
        )
    return [
        Turn(body, one.starts, one.ends, one.who[0].name, one.who[0].phone, one.who[0].name_en)
        for one in stretches
        if len(one.who) == 1
    ]
