"""An arbitration 移交裁定 as whoever settles it reads it: which task, who offered it to whom, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.store import table
from backend.tasks.rows import load
from backend.tasks.tables import Act

ACT = table(Act)


@dataclass(frozen=True, slots=True)
class Dispute:
    """What an arbitration decides."""

    about: str
    """The id of the task that was offered."""
    giver: str
    """The name of whoever holds it."""
    receiver: str
    """The name of whom it was offered to."""
    offered_at: int
    offered_by: str
    """The name of who offered it."""
    reason: str
    """Why it was offered."""


def dispute(desk: Desk, task: str) -> Dispute | None:
    """What an arbitration decides; None where the task is no arbitration."""
    with desk.store.read() as connection:
        state = load(connection, task)
        if state is None or not state.about:
            return None
        told: Mapping[str, Any] = msgspec.json.decode(state.title_args or "{}", type=dict[str, Any])
        giver, receiver = str(told.get("giver", "")), str(told.get("receiver", ""))
        offer = connection.execute(
            select(ACT.c.at, ACT.c.actor, ACT.c.body)
            .where(
                ACT.c.task == state.about,
                ACT.c.kind == "transfer",
                ACT.c.result == "applied",
                ACT.c.at <= state.opened,
            )
            .order_by(ACT.c.id.desc())
            .limit(1)
        ).one()
        called = names(connection, [giver, receiver, offer.actor], desk.language)
    said = msgspec.json.decode(offer.body or "{}", type=dict[str, Any])
    return Dispute(
        about=state.about,
        giver=called.get(giver, giver),
        receiver=called.get(receiver, receiver),
        offered_at=offer.at,
        offered_by=called.get(offer.actor, offer.actor),
        reason=str(said.get("reason", "")),
    )
