"""What a person had before them: a dropped line and a new login bring it back."""

from __future__ import annotations

from sqlalchemy import delete, select

from backend.access.tables import SeatMemory
from backend.desk.desk import Desk
from backend.store import table, upsert

MEMORY = table(SeatMemory)


def save(desk: Desk, slot: str, body: str) -> None:
    """Keep ``body`` (text, JSON by custom) under a slot of this person."""
    row = {"person": desk.actor.person, "slot": slot, "at": desk.now, "body": body}
    with desk.store.bulk() as connection:
        upsert(connection, MEMORY, [row], keys=["person", "slot"])


def load(desk: Desk, slot: str) -> str | None:
    """What was kept under a slot; None where nothing was."""
    with desk.store.read() as connection:
        return connection.execute(
            select(MEMORY.c.body).where(MEMORY.c.person == desk.actor.person, MEMORY.c.slot == slot)
        ).scalar_one_or_none()


def forget(desk: Desk, slot: str) -> None:
    """Drop what was kept: the form was sent."""
    with desk.store.bulk() as connection:
        connection.execute(delete(MEMORY).where(MEMORY.c.person == desk.actor.person, MEMORY.c.slot == slot))
