"""Shifts 当班: who sits at a seat of a centre, since when, and when they last touched a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from backend.access import Actor
from backend.access.audit import append
from backend.duty.adopted import ended_by_sign_in
from backend.duty.tables import Shift
from backend.store import table
from backend.words import Outcome

SHIFT = table(Shift)


@dataclass(frozen=True, slots=True)
class Seated:
    """A person at a seat."""

    shift: int
    centre: str
    person: str
    signed_in: int
    last_seen: int
    last_key: int

    def there(self, now: int, within: int) -> bool:
        """Whether their console has been heard of within so many seconds."""
        return now - self.last_seen <= within


def _seated(row: Any) -> Seated:
    return Seated(row.id, row.centre, row.person, row.signed_in, row.last_seen, row.last_key)


def sign_in(connection: Connection, actor: Actor, now: int) -> Outcome:
    """Sit down at a seat of one's own centre; a board that was kept for the centre goes back to it."""
    if not actor.centre:
        return Outcome.refused("duty.refused.no_centre")
    held = shift_of(connection, actor.person)
    if held is not None:
        return Outcome.refused("duty.refused.signed_in", since=held.signed_in)
    number = open_shift(connection, actor.person, actor.centre, now)
    return Outcome(True, Outcome.done("duty.signed_in", at=now).message, {"shift": number})


def open_shift(connection: Connection, person: str, centre: str, now: int) -> int:
    """Begin a shift; returns its number."""
    values = {
        "centre": centre,
        "person": person,
        "signed_in": now,
        "last_seen": now,
        "last_key": now,
        "handover": "",
    }
    number = int(connection.execute(insert(SHIFT).values(**values).returning(SHIFT.c.id)).scalar_one())
    append(connection, person, "duty.sign_in", centre, now, shift=number)
    ended_by_sign_in(connection, centre, person, now)
    return number


def close_shift(connection: Connection, shift: int, now: int, *, handover: str, by: str) -> bool:
    """End a shift by a handover; False where it had ended."""
    row = connection.execute(
        select(SHIFT).where(SHIFT.c.id == shift, SHIFT.c.signed_out.is_(None))
    ).one_or_none()
    if row is None:
        return False
    connection.execute(
        update(SHIFT)
        .where(SHIFT.c.id == shift, SHIFT.c.signed_out.is_(None))
        .values(signed_out=now, handover=handover)
    )
    append(
        connection, by, "duty.sign_out", row.centre, now, shift=shift, handover=handover, person=row.person
    )
    return True


def shift_of(connection: Connection, person: str) -> Seated | None:
    """The shift that a person is in; None where they sit at no seat."""
    row = connection.execute(
        select(SHIFT).where(SHIFT.c.person == person, SHIFT.c.signed_out.is_(None))
    ).one_or_none()
    return None if row is None else _seated(row)


def seats(connection: Connection, centres: Sequence[str] | None = None) -> list[Seated]:
    """Who sits where, by centre and since when; of some centres, or of all."""
    rows = connection.execute(
        select(SHIFT)
        .where(SHIFT.c.signed_out.is_(None))
        .order_by(SHIFT.c.centre, SHIFT.c.signed_in, SHIFT.c.id)
    )
    wanted = None if centres is None else set(centres)
    return [_seated(row) for row in rows if wanted is None or row.centre in wanted]


def seen(connection: Connection, person: str, last_key: int, now: int) -> bool:
    """Note that a person's console is there, and when they last touched a key; False where they are in no shift."""
    done = connection.execute(
        update(SHIFT)
        .where(SHIFT.c.person == person, SHIFT.c.signed_out.is_(None))
        .values(last_seen=now, last_key=min(now, last_key))
    )
    return done.rowcount > 0
