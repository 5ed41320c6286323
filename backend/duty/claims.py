"""Claims 占用: who has an alarm or a task open, so that the other seats of a centre see it (design, decision 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, select, update

from backend.duty.tables import Claim
from backend.store import insert_ignore, table
from backend.words import Outcome

CLAIM = table(Claim)
SECONDS: Final = 120
"""How long a claim holds without being renewed: longer than a look, shorter than a walk to the kettle."""


def claim(
    connection: Connection, kind: str, item: str, person: str, now: int, *, seconds: int = SECONDS
) -> Outcome:
    """Take or renew a claim on an alarm or a task.

    Returns:
        Done, or refused with who has it and until when.
    """
    insert_ignore(connection, CLAIM, [{"kind": kind, "item": item, "person": person, "until": now + seconds}])
    taken = connection.execute(
        update(CLAIM)
        .where(CLAIM.c.kind == kind, CLAIM.c.item == item)
        .where((CLAIM.c.person == person) | (CLAIM.c.until <= now))
        .values(person=person, until=now + seconds)
    )
    if taken.rowcount == 1:
        return Outcome.done("duty.claimed", item=item, until=now + seconds)
    row = connection.execute(
        select(CLAIM.c.person, CLAIM.c.until).where(CLAIM.c.kind == kind, CLAIM.c.item == item)
    ).one()
    return Outcome.refused("duty.refused.claimed", item=item, person=row.person, until=row.until)


def take(
    connection: Connection, kind: str, item: str, person: str, now: int, *, seconds: int = SECONDS
) -> str:
    """Take over 接手 what somebody else has open; gives who had it, empty where nobody else did."""
    held = claimed(connection, kind, [item], now).get(item, "")
    if not held or held == person:
        return ""
    connection.execute(
        update(CLAIM)
        .where(CLAIM.c.kind == kind, CLAIM.c.item == item)
        .values(person=person, until=now + seconds)
    )
    return held


def release(connection: Connection, kind: str, item: str, person: str) -> None:
    """Give a claim back."""
    connection.execute(
        delete(CLAIM).where(CLAIM.c.kind == kind, CLAIM.c.item == item, CLAIM.c.person == person)
    )


def claimed(connection: Connection, kind: str, items: Sequence[str], now: int) -> dict[str, str]:
    """Who has each of these open at ``now``; those that nobody has are missing."""
    rows = connection.execute(
        select(CLAIM.c.item, CLAIM.c.person).where(
            CLAIM.c.kind == kind, CLAIM.c.item.in_(items), CLAIM.c.until > now
        )
    )
    return {row.item: row.person for row in rows}
