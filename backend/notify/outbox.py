"""The outbox: which notice goes over which channel, what is due, and what became of each delivery.

A delivery is written in the transaction of its notice: there is no notice that was told to nobody because the process
ended between the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from backend.access.actor import lineage
from backend.notify.channels import CHANNEL, DELIVERY, PRIORITIES, error_of, kept
from backend.notify.numbers import numbers
from backend.notify.tables import Notice
from backend.store import insert_ignore, table
from backend.words import Message

NOTICE = table(Notice)
ACT = "act:"
"""Begins the keys of notices of a person's act, which can be recalled."""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """What became of one notice on one channel."""

    id: str
    notice: str
    channel: str
    at: int
    state: str
    attempts: int
    next_at: int
    tried_at: int | None
    sent_at: int | None
    error: Message | None
    channel_state: str = ""
    """How its channel is doing now, where that was asked for: why it still waits."""


def delivery_id(notice: str, channel: str) -> str:
    """The dedup id: the same for the same notice and channel, whoever makes it and however often."""
    return hashlib.sha256(f"{channel}\n{notice}".encode()).hexdigest()[:32]


def enqueue(connection: Connection, key: str, at: int, grid: str, priority: str) -> None:
    """Have a notice that is being posted go out over the channels of its grid and priority."""
    open_ones = connection.execute(
        select(CHANNEL.c.code, CHANNEL.c.grid, CHANNEL.c.below, CHANNEL.c.priority).where(
            CHANNEL.c.enabled.is_(True)
        )
    ).all()
    rank = _rank(priority)
    wanted = [one for one in open_ones if rank <= _rank(one.priority)]
    if not wanted or _posted(connection, key):
        return
    above = set(lineage(connection, grid)) if grid else set()
    taking = [one.code for one in wanted if one.grid == grid or (one.below and one.grid in above)]
    wait = numbers(at).hold_seconds if key.startswith(ACT) else 0
    insert_ignore(
        connection,
        DELIVERY,
        [
            {
                "id": delivery_id(key, code),
                "notice": key,
                "channel": code,
                "rank": rank,
                "at": at,
                "state": "waiting",
                "attempts": 0,
                "next_at": at + wait,
                "error": "",
                "error_args": "",
            }
            for code in taking
        ],
    )


def _rank(priority: str) -> int:
    return PRIORITIES.index(priority) if priority in PRIORITIES else len(PRIORITIES)


def _posted(connection: Connection, key: str) -> bool:
    return connection.execute(select(NOTICE.c.key).where(NOTICE.c.key == key)).first() is not None


def withdraw(connection: Connection, key: str) -> int:
    """Keep back what waits of notices whose keys begin so: the act was recalled."""
    done = connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.notice.startswith(f"{key}:", autoescape=True), DELIVERY.c.state == "waiting")
        .values(state="withdrawn")
    )
    return done.rowcount


def due(connection: Connection, channel: str, now: int, limit: int) -> list[str]:
    """Deliveries whose time has come, the gravest first, then the oldest."""
    query = (
        select(DELIVERY.c.id)
        .where(_waits(channel), DELIVERY.c.next_at <= now)
        .order_by(DELIVERY.c.rank, DELIVERY.c.at, DELIVERY.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def _waits(channel: str) -> Any:
    return and_(DELIVERY.c.channel == channel, DELIVERY.c.state == "waiting")


def claim(connection: Connection, one: str, now: int, until: int) -> Mapping[str, Any] | None:
    """Take a delivery for a try, noted before it is sent: whoever is killed meanwhile leaves it due again later.

    Returns:
        The delivery with its notice, or None where another process has it or it waits no more.
    """
    done = connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.id == one, DELIVERY.c.state == "waiting", DELIVERY.c.next_at <= now)
        .values(attempts=DELIVERY.c.attempts + 1, tried_at=now, next_at=until)
    )
    if done.rowcount != 1:
        return None
    query = (
        select(DELIVERY.c.id, DELIVERY.c.attempts, DELIVERY.c.at.label("made"), NOTICE)
        .join(NOTICE, NOTICE.c.key == DELIVERY.c.notice)
        .where(DELIVERY.c.id == one)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def settle(connection: Connection, one: str, state: str, **values: Any) -> None:
    """Note what became of a try, unless the delivery was withdrawn meanwhile and did not get through."""
    keep = DELIVERY.c.state == "waiting" if state != "sent" else DELIVERY.c.id == one
    connection.execute(update(DELIVERY).where(DELIVERY.c.id == one, keep).values(state=state, **values))


def give_up(connection: Connection, now: int) -> int:
    """Give up what is too old, drop what is too many, forget what was long settled; returns how many were lost."""
    held = numbers(now)
    lost = connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.state == "waiting", DELIVERY.c.at < now - held.give_up_hours * 3600)
        .values(state="failed")
    ).rowcount
    crowded = connection.execute(
        select(DELIVERY.c.channel, func.count())
        .where(DELIVERY.c.state == "waiting")
        .group_by(DELIVERY.c.channel)
        .having(func.count() > held.most_waiting)
    ).all()
    for channel, count in crowded:
        over = (
            select(DELIVERY.c.id)
            .where(_waits(channel))
            .order_by(DELIVERY.c.rank.desc(), DELIVERY.c.at, DELIVERY.c.id)
            .limit(count - held.most_waiting)
        )
        crowd = kept(Message("channel.crowded", {"most": held.most_waiting}))
        lost += connection.execute(
            update(DELIVERY)
            .where(DELIVERY.c.id.in_(list(connection.execute(over).scalars())))
            .values(state="dropped", **crowd)
        ).rowcount
    connection.execute(
        delete(DELIVERY).where(DELIVERY.c.state != "waiting", DELIVERY.c.at < now - held.keep_days * 86400)
    )
    return lost


def of_notices(connection: Connection, keys: Iterable[str]) -> dict[str, list[DeliveryRow]]:
    """What became of some notices on every channel, by their keys."""
    wanted, found = sorted(set(keys)), dict[str, list[DeliveryRow]]()
    states = _states(connection)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = select(DELIVERY).where(DELIVERY.c.notice.in_(part)).order_by(DELIVERY.c.channel)
        for row in connection.execute(query):
            found.setdefault(row.notice, []).append(_row(row, states.get(row.channel, "")))
    return found


def _states(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(CHANNEL.c.code, CHANNEL.c.state, CHANNEL.c.enabled))
    return {row.code: row.state if row.enabled else "off" for row in rows}


def of_channel(connection: Connection, channel: str, limit: int = 200) -> list[DeliveryRow]:
    """The newest deliveries of a channel, those that wait first."""
    waiting = DELIVERY.c.state == "waiting"
    query = (
        select(DELIVERY)
        .where(DELIVERY.c.channel == channel)
        .order_by(or_(waiting).desc(), DELIVERY.c.at.desc(), DELIVERY.c.id)
        .limit(limit)
    )
    return [_row(row) for row in connection.execute(query)]


def _row(row: Any, state: str = "") -> DeliveryRow:
    names = ("id", "notice", "channel", "at", "state", "attempts", "next_at", "tried_at", "sent_at")
    return DeliveryRow(
        **{name: getattr(row, name) for name in names},
        error=error_of(row.error, row.error_args),
        channel_state=state,
    )
