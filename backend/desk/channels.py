"""Notification channels 通知渠道 at the desk: which there are, how they do, and what an administrator does to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from backend.access import may
from backend.access.audit import append
from backend.access.rights import by_role
from backend.city.called import called
from backend.city.tables import Grid
from backend.desk import places
from backend.desk.desk import Desk
from backend.desk.faces import Face
from backend.notify import channels as room
from backend.notify import deliver, outbox
from backend.notify.channels import KINDS, PRIORITIES, ChannelRow, Spec
from backend.notify.outbox import NOTICE, DeliveryRow
from backend.store import table
from backend.words import Message, Outcome

__all__ = ["KINDS", "PRIORITIES", "ChannelRow", "DeliveryRow", "Spec", "add", "board", "deliveries", "faults"]

GRID = table(Grid)
RIGHT = "channel.manage"


def board(desk: Desk) -> list[ChannelRow]:
    """Every channel with how it is doing."""
    with desk.store.read() as connection:
        return room.read(connection)


def grid_names(desk: Desk) -> dict[str, str]:
    """What the grids of levels 1 to 3 are called: a channel is of one of them."""
    with desk.store.read() as connection:
        query = select(GRID.c.code, called(GRID, desk.language)).where(GRID.c.level <= 3)
        return {row[0]: row[1] for row in connection.execute(query)}


def deliveries(desk: Desk, code: str, *, limit: int = 200) -> list[DeliveryRow]:
    """What went over a channel, and what waits; the newest first."""
    with desk.store.read() as connection:
        return outbox.of_channel(connection, code, limit)


def told_of(desk: Desk, notices: Sequence[str]) -> dict[str, list[DeliveryRow]]:
    """What became of some notices on every channel, by their keys."""
    with desk.store.read() as connection:
        return outbox.of_notices(connection, notices)


def faces(desk: Desk, notice: str) -> list[Face]:
    """Where one can go from a notice: what its task has to do with, and its grid."""
    with desk.store.read() as connection:
        row = connection.execute(select(NOTICE.c.task, NOTICE.c.grid).where(NOTICE.c.key == notice)).first()
    if row is None:
        return []
    found = places.faces_of_task(desk, row.task) if row.task else []
    return [*found, *places.faces_of_grid(desk, row.grid)]


def refusal(desk: Desk) -> Message | None:
    """Why the person may not change channels; None where they may."""
    return by_role(desk.actor, RIGHT)


def faults(desk: Desk, spec: Spec) -> list[Message]:
    """All that is wrong with a channel to be, its taken code too."""
    with desk.store.read() as connection:
        taken = room.read(connection, spec.code, counted=False)
        found = room.faults(connection, spec)
    return [*found, *([Message("channel.fault.taken", {"code": spec.code})] if taken else [])]


def add(desk: Desk, spec: Spec, *, machine: bool = False) -> Outcome:
    """Add a channel; a command only where ``machine`` says that it is done on this machine, not on a screen.

    A person who sits at a screen by SSH has no shell here: a command of their own would be one.
    """
    if spec.kind == "command" and not machine:
        return Outcome.refused("channel.refused.machine")
    wrong = faults(desk, spec)
    if wrong:
        return Outcome(False, wrong[0])
    with desk.store.write() as connection:
        why = may(connection, desk.actor, RIGHT, spec.grid)
        if why is not None:
            return Outcome(False, why)
        room.add(connection, spec, desk.actor.person, desk.now)
        append(
            connection, desk.actor.person, "channel.add", spec.code, desk.now,
            kind=spec.kind, grid=spec.grid, priority=spec.priority, target=spec.target,
        )  # fmt: skip
    return Outcome.done("channel.done.add", code=spec.code)


def remove(desk: Desk, code: str) -> Outcome:
    """Take a channel away."""
    spec, why = _found(desk, code)
    if spec is None:
        return Outcome(False, why)
    with desk.store.write() as connection:
        room.remove(connection, code)
        append(connection, desk.actor.person, "channel.remove", code, desk.now, target=spec.target)
    return Outcome.done("channel.done.remove", code=code)


def switch(desk: Desk, code: str, *, on: bool) -> Outcome:
    """Switch a channel on or off."""
    spec, why = _found(desk, code)
    if spec is None:
        return Outcome(False, why)
    with desk.store.write() as connection:
        if not room.switch(connection, code, on=on):
            return Outcome.refused("channel.refused.same", code=code)
        append(connection, desk.actor.person, "channel.on" if on else "channel.off", code, desk.now)
    return Outcome.done("channel.done.on" if on else "channel.done.off", code=code)


def trial(desk: Desk, code: str) -> Outcome:
    """Send a trial notice over a channel now, and say how it went. Waits for the receiver."""
    spec, why = _found(desk, code)
    if spec is None:
        return Outcome(False, why)
    failure = deliver.probe(desk.store, spec, desk.clock, desk.sitter or desk.actor.person)
    with desk.store.write() as connection:
        append(connection, desk.actor.person, "channel.test", code, desk.now, done=failure is None)
    return Outcome.done("channel.done.trial", code=code) if failure is None else Outcome(False, failure)


def _found(desk: Desk, code: str) -> tuple[Spec | None, Message]:
    """The channel where the person may change it, else why not."""
    with desk.store.read() as connection:
        rows = room.read(connection, code, counted=False) if code else []
        if not rows:
            return None, by_role(desk.actor, RIGHT) or Message("channel.refused.unknown", {"code": code})
        why = may(connection, desk.actor, RIGHT, rows[0].spec.grid)
    return (rows[0].spec, Message("")) if why is None else (None, why)
