"""Boards that a person's centre keeps for silent ones below it: their rows are its own too, its acts say for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from backend.city.tables import Grid, Person
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.duty import adopted
from backend.store import table
from backend.tasks.edges import edges_of
from backend.tasks.ops import Op
from backend.tasks.states import rank
from backend.tasks.tables import Task

GRID, PERSON, TASK = table(Grid), table(Person), table(Task)
FOR = "for_centre"
"""The part of an act's body that says for which centre it was done."""
ANSWERS = frozenset({"ack", "hand_back", "settle"})
"""Acts by which the tier to which a task has risen answers for it."""


def kept_grids(connection: Connection, desk: Desk) -> list[str]:
    """The grids whose boards are kept: what is told to their seats is told here."""
    if not desk.actor.centre:
        return []
    return [one.grid for one in adopted.kept(connection, desk.actor.centre).values()]


def kept_centres(connection: Connection, desk: Desk) -> list[str]:
    """The centres whose boards are kept."""
    return list(adopted.kept(connection, desk.actor.centre)) if desk.actor.centre else []


def for_whom(connection: Connection, desk: Desk, op: Op) -> Op:
    """The operation with the centre for which it is done, where the task is one of a kept board.

    What only the accountable tier does to a task that has risen to it (to take charge, to hand it back), or only a
    tier above, is that tier's own act and no township's.
    """
    kept = kept_centres(connection, desk)
    if not kept:
        return op
    row = connection.execute(select(TASK.c.centre, TASK.c.level).where(TASK.c.id == op.task)).one_or_none()
    grants = {grant for edge in edges_of(op.kind) for grant in edge.who}
    risen = row is not None and op.kind in ANSWERS and rank(row.level) >= rank(op.tier)
    if risen or "supervisor:C" in grants:
        return op
    centre = None if row is None else row.centre
    if centre is None and op.kind == "propose":
        grids = {one.grid: code for code, one in adopted.kept(connection, desk.actor.centre).items()}
        grid = str(op.body.get("grid") or "")
        township = select(GRID.c.township).where(GRID.c.code == grid)
        centre = grids.get(connection.execute(township).scalar_one_or_none() or grid)
    return replace(op, body={**op.body, FOR: centre}) if centre in kept else op


def spoken_for(
    connection: Connection, desk: Desk, township: str, acts: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    """For which silent centre what was done in a township was done, by who did it and when.

    An alarm's log has no room for it, and needs none: it follows from whose board was kept at that instant by the
    centre where the actor sits.
    """
    people = {actor for actor, _ in acts if actor}
    if not township or not people:
        return {}
    kept = adopted.of_grid(connection, township, min(at for _, at in acts))
    if not kept:
        return {}
    query = select(PERSON.c.code, PERSON.c.centre).where(PERSON.c.code.in_(sorted(people)))
    sits = {row.code: row.centre for row in connection.execute(query)}
    called = names(connection, [one.centre for one in kept], desk.language)
    return {
        (actor, at): called.get(one.centre, one.centre)
        for actor, at in acts
        for one in kept
        if actor
        and sits.get(actor) == one.keeper
        and one.began <= at
        and (one.ended is None or at < one.ended)
    }
