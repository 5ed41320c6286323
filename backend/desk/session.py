"""What a person had before them: a dropped line and a new login bring it back.

It lies in the store. Who leaves while another process holds the store, or its server is away, leaves it in a file
beside it (in the account's state folder where that is no file), which is read at the next login where it is the newer
one, and goes with the next time that anything is kept.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sqlalchemy import delete, make_url, select

from backend.access.headfile import state_path
from backend.access.tables import SeatMemory
from backend.desk.desk import Desk
from backend.store import table, upsert

MEMORY = table(SeatMemory)


def save(desk: Desk, slot: str, body: str) -> None:
    """Keep ``body`` (text, JSON by custom) under a slot of this person."""
    row = {"person": desk.actor.person, "slot": slot, "at": desk.now, "body": body}
    with desk.store.bulk() as connection:
        upsert(connection, MEMORY, [row], keys=["person", "slot"])
    _drop(desk, slot)


def load(desk: Desk, slot: str) -> str | None:
    """What was kept under a slot; None where nothing was."""
    with desk.store.read() as connection:
        kept = connection.execute(
            select(MEMORY.c.at, MEMORY.c.body).where(
                MEMORY.c.person == desk.actor.person, MEMORY.c.slot == slot
            )
        ).one_or_none()
    at, body = (kept.at, kept.body) if kept is not None else (None, None)
    aside = _set_aside(desk, slot)
    return body if aside is None or (at is not None and aside[0] < at) else aside[1]


def forget(desk: Desk, slot: str) -> None:
    """Drop what was kept: the form was sent."""
    with desk.store.bulk() as connection:
        connection.execute(delete(MEMORY).where(MEMORY.c.person == desk.actor.person, MEMORY.c.slot == slot))
    _drop(desk, slot)


# Beside the store.


def set_aside(desk: Desk, slot: str, body: str) -> bool:
    """Keep it in a file beside the store, for its owner alone; False where the store has no place of its own."""
    if (path := _beside(desk, slot)) is None:
        return False
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w") as file:
            json.dump({"at": desk.now, "body": body}, file)
        half.replace(path)
    except OSError:
        return False
    return True


def _set_aside(desk: Desk, slot: str) -> tuple[int, str] | None:
    """What lies beside the store, and since when."""
    if (path := _beside(desk, slot)) is None:
        return None
    try:
        kept = json.loads(path.read_text("utf-8"))
        return int(kept["at"]), str(kept["body"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _drop(desk: Desk, slot: str) -> None:
    if (path := _beside(desk, slot)) is not None:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _beside(desk: Desk, slot: str) -> Path | None:
    store = desk.store.path
    if store is None:
        if desk.store.dialect == "sqlite":
            return None
        store = state_path(make_url(desk.store.url))
    # Codes of people are a city's own: none of them is part of a path.
    name = sha256(f"{desk.actor.person}\0{slot}".encode()).hexdigest()[:16]
    return store.with_name(f"{store.name}.seat-{name}")
