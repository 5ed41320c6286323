"""Kept boards 代管: a county keeps the board of a silent township until somebody signs in there.

The township keeps its identity: its rows stay its own, and what the keeper does says for whom.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, or_, select, update

from backend.access.audit import append
from backend.city.tables import Centre
from backend.duty.tables import Adoption
from backend.notify import notices
from backend.store import table
from backend.text import clean
from backend.words import Outcome

ADOPTION, CENTRE = table(Adoption), table(Centre)


@dataclass(frozen=True, slots=True)
class Kept:
    """A board that is kept by another centre."""

    centre: str
    grid: str
    keeper: str
    person: str
    began: int
    reason: str


def adopt(
    connection: Connection, centre: str, keeper: str, person: str, now: int, *, reason: str = ""
) -> Outcome:
    """Keep a centre's board from now on."""
    held = kept(connection).get(centre)
    if held is not None:
        return Outcome.refused("duty.refused.kept", by=held.keeper, since=held.began)
    why = clean(reason, limit=200)
    connection.execute(
        insert(ADOPTION).values(
            centre=centre, keeper=keeper, person=person, began=now, reason=why, ended_by=""
        )
    )
    append(connection, person, "duty.adopt", centre, now, keeper=keeper, reason=why)
    return Outcome.done("duty.adopted", centre=centre)


def give_back(connection: Connection, centre: str, person: str, now: int) -> Outcome:
    """End it."""
    if not _end(connection, centre, person, now):
        return Outcome.refused("duty.refused.not_kept")
    return Outcome.done("duty.given_back", centre=centre)


def ended_by_sign_in(connection: Connection, centre: str, person: str, now: int) -> None:
    """Somebody signs in: the board is theirs again, and its keeper is told."""
    held = kept(connection).get(centre)
    if held is None or not _end(connection, centre, person, now):
        return
    keeper = connection.execute(
        select(CENTRE.c.grid).where(CENTRE.c.code == held.keeper)
    ).scalar_one_or_none()
    notices.post(
        connection,
        f"adoption:{centre}:{held.began}",
        now,
        "notice.duty.returned",
        {"holder": centre, "person": person},
        grid=keeper or "",
        priority="low",
    )


def _end(connection: Connection, centre: str, person: str, now: int) -> bool:
    done = connection.execute(
        update(ADOPTION)
        .where(ADOPTION.c.centre == centre, ADOPTION.c.ended.is_(None))
        .values(ended=now, ended_by=person)
    )
    if done.rowcount:
        append(connection, person, "duty.give_back", centre, now)
    return done.rowcount > 0


def kept(connection: Connection, keeper: str = "") -> dict[str, Kept]:
    """The boards that are kept now, by the centre whose they are; of one keeper, or all."""
    query = (
        select(ADOPTION, CENTRE.c.grid)
        .join(CENTRE, CENTRE.c.code == ADOPTION.c.centre)
        .where(ADOPTION.c.ended.is_(None))
        .order_by(ADOPTION.c.centre)
    )
    if keeper:
        query = query.where(ADOPTION.c.keeper == keeper)
    return {
        row.centre: Kept(row.centre, row.grid, row.keeper, row.person, row.began, row.reason)
        for row in connection.execute(query)
    }


@dataclass(frozen=True, slots=True)
class Keeping:
    """A time for which a board was, or is, kept."""

    keeper: str
    person: str
    began: int
    ended: int | None
    reason: str
    centre: str = ""
    """Whose board it is."""


def of_grid(connection: Connection, grid: str, since: int) -> list[Keeping]:
    """When the boards of a grid's centres were kept, and by which centre, for times that end after ``since``."""
    rows = connection.execute(
        select(ADOPTION)
        .join(CENTRE, CENTRE.c.code == ADOPTION.c.centre)
        .where(CENTRE.c.grid == grid, or_(ADOPTION.c.ended.is_(None), ADOPTION.c.ended > since))
        .order_by(ADOPTION.c.began)
    )
    return [Keeping(row.keeper, row.person, row.began, row.ended, row.reason, row.centre) for row in rows]


def history(connection: Connection, centre: str, limit: int = 5) -> list[Keeping]:
    """When a centre's board was kept, and by whom; the newest first."""
    rows = connection.execute(
        select(ADOPTION).where(ADOPTION.c.centre == centre).order_by(ADOPTION.c.began.desc()).limit(limit)
    )
    return [Keeping(row.keeper, row.person, row.began, row.ended, row.reason) for row in rows]
