"""Keys of machines 设备密钥 at the desk: which there are, mint one (shown once), revoke one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from backend.access import keys as room
from backend.access import may
from backend.access.audit import append
from backend.access.rights import by_role
from backend.city.called import called
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.feeds.push import ADAPTERS
from backend.feeds.tables import Feed
from backend.store import table
from backend.text import clean
from backend.words import Message, Outcome

KEY, FEED = room.KEY, table(Feed)
RIGHT = "key.manage"
NAMED = 12
"""Scopes that a refusal names."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key, without what opens."""

    id: str
    scope: str
    note: str
    created: int
    created_by: str
    revoked: int | None


def refusal(desk: Desk) -> Message | None:
    """Why the person may not keep keys; None where they may."""
    return by_role(desk.actor, RIGHT)


def board(desk: Desk) -> list[KeyRow]:
    """Every key, those that live first, the newest of each first."""
    with desk.store.read() as connection:
        rows = connection.execute(
            select(
                KEY.c.id, KEY.c.scope, KEY.c.note, KEY.c.created, KEY.c.created_by, KEY.c.revoked
            ).order_by(KEY.c.revoked.is_not(None), KEY.c.created.desc(), KEY.c.id)
        ).all()
        known = names(connection, {row.created_by for row in rows}, desk.language)
    return [
        KeyRow(
            row.id, row.scope, row.note, row.created, known.get(row.created_by, row.created_by), row.revoked
        )
        for row in rows
    ]


def scopes(desk: Desk) -> list[tuple[str, str]]:
    """What a key can open, with what that is: a feed that is pushed to."""
    with desk.store.read() as connection:
        rows = connection.execute(
            select(FEED.c.code, called(FEED, desk.language).label("name"))
            .where(FEED.c.adapter.in_(ADAPTERS))
            .order_by(FEED.c.code)
        ).all()
    return [(f"push:{row.code}", row.name or row.code) for row in rows]


def mint(desk: Desk, scope: str, note: str) -> Outcome:
    """Make a key; ``data["key"]`` has it, and nobody can read it again."""
    known = [one for one, _ in scopes(desk)]
    if not known:
        return Outcome.refused("staff.refused.scope_none", scope=clean(scope, limit=60))
    if scope not in known:
        listed = ", ".join(known[:NAMED]) + (" .." if len(known) > NAMED else "")
        return Outcome.refused("staff.refused.scope", scope=clean(scope, limit=60), known=listed)
    with desk.store.write() as connection:
        why = may(connection, desk.actor, RIGHT)
        if why is not None:
            return Outcome(False, why)
        key = room.issue(connection, scope, clean(note, limit=80), desk.actor.person, desk.now)
        name = key.partition(".")[0]
        append(connection, desk.actor.person, "key.make", scope, desk.now, id=name)
    return Outcome(True, Message("staff.done.mint", {"id": name, "scope": scope}), {"key": key})


def revoke(desk: Desk, name: str) -> Outcome:
    """End a key; the machine that has it is turned away from now on."""
    with desk.store.write() as connection:
        why = may(connection, desk.actor, RIGHT)
        if why is not None:
            return Outcome(False, why)
        if not room.revoke(connection, name, desk.now):
            return Outcome.refused("staff.refused.key", id=clean(name, limit=40))
        append(connection, desk.actor.person, "key.revoke", name, desk.now, done=True)
    return Outcome.done("staff.done.revoke", id=name)
