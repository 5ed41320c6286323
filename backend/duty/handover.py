"""Handovers 交接班: made of what is open, countersigned item by item by whoever takes over, kept for good.

Whoever goes is signed out by the last signature, and by nothing before it; where nobody takes over, by a call to the
tier above, which is kept with its number. What comes up while a handover is open is added to it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select, update

from backend.access import Actor
from backend.access.audit import append, head
from backend.duty.shifts import Seated, close_shift, open_shift, shift_of
from backend.duty.tables import Handover, HandoverItem, Shift
from backend.store import table
from backend.text import clean
from backend.words import Message, Outcome
from backend.words.message import Scalar

WINDOW = 500
"""Items that are named at once."""
HANDOVER, ITEM, SHIFT = table(Handover), table(HandoverItem), table(Shift)


@dataclass(frozen=True, slots=True)
class Given:
    """A line that is handed over."""

    kind: str
    item: str
    priority: str
    message: Message


def open_of(connection: Connection, shift: int) -> str | None:
    """The handover that a shift has begun; None where it has begun none."""
    return connection.execute(
        select(HANDOVER.c.id).where(HANDOVER.c.shift == shift, HANDOVER.c.state == "open")
    ).scalar_one_or_none()


def begin(connection: Connection, shift: Seated, given: Sequence[Given], now: int, zone: ZoneInfo) -> str:
    """Begin to hand a shift over, or bring what was begun up to date; returns the handover's id.

    What was signed stays as it was signed. What has changed must be signed as it is now; what has ended since goes.
    """
    name = open_of(connection, shift.shift)
    if name is None:
        name = _new_id(connection, shift, now, zone)
        connection.execute(
            insert(HANDOVER).values(
                id=name,
                centre=shift.centre,
                shift=shift.shift,
                outgoing=shift.person,
                incoming="",
                made=now,
                state="open",
                to_centre="",
                to_name="",
                to_phone="",
                note="",
                audit_head=head(connection),
                version=1,
            )
        )
        append(connection, shift.person, "duty.handover.begin", name, now, items=len(given))
    _merge(connection, name, given)
    return name


def _new_id(connection: Connection, shift: Seated, now: int, zone: ZoneInfo) -> str:
    """Centre, civil day, shift: no two seats can mint the same one. A shift that was handed over in vain has more."""
    day = datetime.fromtimestamp(now, zone).strftime("%Y%m%d")
    before = connection.execute(select(func.count()).where(HANDOVER.c.shift == shift.shift)).scalar_one()
    return f"{shift.centre}-{day}-{shift.shift}" + (f".{before + 1}" if before else "")


def _merge(connection: Connection, name: str, given: Sequence[Given]) -> None:
    rows = connection.execute(select(ITEM).where(ITEM.c.handover == name).order_by(ITEM.c.place)).all()
    held = {(row.kind, row.item): row for row in rows}
    wanted = {(one.kind, one.item) for one in given}
    place = max((row.place for row in rows), default=0)
    gone = [row.place for row in rows if row.signed is None and (row.kind, row.item) not in wanted]
    new: list[dict[str, Any]] = []
    changed = bool(gone)
    for one in given:
        old = held.get((one.kind, one.item))
        args = json.dumps(dict(one.message.args), ensure_ascii=False, sort_keys=True)
        values = {"priority": one.priority, "code": one.message.code, "args": args}
        if old is None:
            place += 1
            new.append({"handover": name, "place": place, "kind": one.kind, "item": one.item} | values)
        elif old.signed is None and (old.code, old.args) != (one.message.code, args):
            # Seen as it was, and not as it is now.
            changed = True
            connection.execute(
                update(ITEM)
                .where(ITEM.c.handover == name, ITEM.c.place == old.place)
                .values(seen=None, **values)
            )
    for first in range(0, len(gone), WINDOW):
        part = gone[first : first + WINDOW]
        connection.execute(delete(ITEM).where(ITEM.c.handover == name, ITEM.c.place.in_(part)))
    if new:
        connection.execute(insert(ITEM), [{**row, "signed_by": "", "remark": ""} for row in new])
    if changed or new:
        _touch(connection, name)


def _touch(connection: Connection, name: str, **values: Scalar) -> None:
    connection.execute(
        update(HANDOVER).where(HANDOVER.c.id == name).values(version=HANDOVER.c.version + 1, **values)
    )


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(select(HANDOVER).where(HANDOVER.c.id == name).with_for_update()).one_or_none()


def refusal_of(row: Any, taker: Actor) -> Message | None:
    """Why this person may not countersign; None where they may."""
    if row is None:
        return Message("handover.refused.none")
    if row.state != "open":
        return Message("handover.refused.ended", {"state": row.state})
    if taker.person == row.outgoing:
        return Message("handover.refused.own")
    if taker.centre != row.centre or taker.role not in ("seat", "supervisor"):
        return Message("handover.refused.stranger")
    if row.incoming not in ("", taker.person):
        return Message("handover.refused.other", {"person": row.incoming})
    return None


def see(connection: Connection, name: str, places: Sequence[int], taker: Actor, now: int) -> int:
    """Note which items the person who takes over has had before them; returns how many are new."""
    row = _row(connection, name)
    if not places or refusal_of(row, taker) is not None:
        return 0
    done = connection.execute(
        update(ITEM)
        .where(ITEM.c.handover == name, ITEM.c.place.in_(places), ITEM.c.seen.is_(None))
        .values(seen=now)
    )
    if done.rowcount:
        _touch(connection, name)
    return done.rowcount


def sign(
    connection: Connection, name: str, place: int, taker: Actor, now: int, *, remark: str = "", seat: str = ""
) -> Outcome:
    """Take one item over; the last one ends the handover and the shift.

    Args:
        remark: what whoever takes over has to say to it.
        seat: who sits at the console where it is done, where that is somebody else.
    """
    refusal = refusal_of(_row(connection, name), taker)
    if refusal is not None:
        return Outcome(False, refusal)
    done = connection.execute(
        update(ITEM)
        .where(ITEM.c.handover == name, ITEM.c.place == place, ITEM.c.signed.is_(None))
        .values(
            signed=now,
            signed_by=taker.person,
            seen=func.coalesce(ITEM.c.seen, now),
            remark=clean(remark, limit=200),
        )
    )
    if not done.rowcount:
        return Outcome.refused("handover.refused.signed")
    _touch(connection, name, incoming=taker.person)
    return _ended_or_left(connection, name, taker, now, seat)


def sign_all(connection: Connection, name: str, taker: Actor, now: int, *, seat: str = "") -> Outcome:
    """Take all that is left over, in one go: only when each was seen."""
    refusal = refusal_of(_row(connection, name), taker)
    if refusal is not None:
        return Outcome(False, refusal)
    unsigned = select(func.count()).where(ITEM.c.handover == name, ITEM.c.signed.is_(None))
    unseen = connection.execute(unsigned.where(ITEM.c.seen.is_(None))).scalar_one()
    if unseen:
        return Outcome.refused("handover.refused.unseen", count=unseen)
    connection.execute(
        update(ITEM)
        .where(ITEM.c.handover == name, ITEM.c.signed.is_(None))
        .values(signed=now, signed_by=taker.person)
    )
    _touch(connection, name, incoming=taker.person)
    return _ended_or_left(connection, name, taker, now, seat)


def _ended_or_left(connection: Connection, name: str, taker: Actor, now: int, seat: str) -> Outcome:
    left = unsigned(connection, name)
    if left:
        return Outcome.done("handover.left", count=left)
    row = _row(connection, name)
    _end(connection, row, "signed", now, by=taker.person, seat=seat)
    if shift_of(connection, taker.person) is None:
        open_shift(connection, taker.person, row.centre, now)
    done = Outcome.done("handover.signed", holder=row.outgoing, person=taker.person)
    return Outcome(True, done.message, {"ended": True, "incoming": taker.person})


def unsigned(connection: Connection, name: str) -> int:
    """How many items nobody has taken over yet."""
    query = select(func.count()).where(ITEM.c.handover == name, ITEM.c.signed.is_(None))
    return int(connection.execute(query).scalar_one())


def _end(connection: Connection, row: Any, state: str, now: int, *, by: str, seat: str = "") -> None:
    _touch(connection, row.id, state=state, ended=now)
    close_shift(connection, row.shift, now, handover=row.id, by=by)
    append(connection, by, f"duty.handover.{state}", row.id, now, outgoing=row.outgoing, seat=seat)


def nothing_left(connection: Connection, name: str, taker: Actor, now: int, *, seat: str = "") -> Outcome:
    """Take over a shift that leaves nothing: no item is there to be signed, and somebody takes over all the same."""
    refusal = refusal_of(_row(connection, name), taker)
    if refusal is not None:
        return Outcome(False, refusal)
    left = unsigned(connection, name)
    if left:
        return Outcome.refused("handover.refused.left", count=left)
    _touch(connection, name, incoming=taker.person)
    return _ended_or_left(connection, name, taker, now, seat)


def by_phone(
    connection: Connection,
    name: str,
    actor: Actor,
    now: int,
    *,
    centre: str,
    person: str,
    phone: str,
    note: str,
) -> Outcome:
    """Nobody takes over: the tier above was told by phone, and who goes may go."""
    row = _row(connection, name)
    if row is None or row.state != "open":
        return Outcome.refused("handover.refused.none")
    if actor.person != row.outgoing:
        return Outcome.refused("handover.refused.not_own", person=row.outgoing)
    told, said = clean(person, limit=60), clean(note, limit=300)
    if not (told and said):
        return Outcome.refused("handover.refused.who")
    _touch(
        connection,
        name,
        to_centre=centre,
        to_name=told,
        to_phone=clean(phone, limit=30),
        note=said,
    )
    _end(connection, row, "phoned", now, by=actor.person)
    return Outcome(
        True,
        Message("handover.phoned", {"person": told}),
        {"ended": True, "count": unsigned(connection, name)},
    )


def drop(connection: Connection, name: str, actor: Actor, now: int) -> Outcome:
    """Who wanted to go stays: what was signed is void, and the shift goes on."""
    row = _row(connection, name)
    if row is None or row.state != "open":
        return Outcome.refused("handover.refused.none")
    if actor.person != row.outgoing:
        return Outcome.refused("handover.refused.not_own", person=row.outgoing)
    _touch(connection, name, state="dropped", ended=now)
    append(connection, actor.person, "duty.handover.dropped", name, now)
    return Outcome.done("handover.dropped")
