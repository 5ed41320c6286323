"""Which briefs were read out: when, by whom, to whom, what was said, and which orders came of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Select, insert, select, update

from backend.reports.tables import BriefUse
from backend.store import table
from backend.text import clean

USE = table(BriefUse)
LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Use:
    """A brief that was opened."""

    id: int
    at: int
    person: str
    grid: str
    caller: str
    orders: tuple[str, ...]
    text: str


def opened(connection: Connection, person: str, grid: str, text: str, now: int) -> int:
    """Note that somebody has the brief before them; returns the use's number."""
    values = {"at": now, "person": person, "grid": grid, "caller": "", "orders": "", "text": text[:LONGEST]}
    return int(connection.execute(insert(USE).values(**values).returning(USE.c.id)).scalar_one())


def asked(connection: Connection, use: int, caller: str) -> None:
    """Note who asked."""
    name = clean(caller, limit=60)
    connection.execute(update(USE).where(USE.c.id == use).values(caller=name))


def ordered(connection: Connection, use: int, order: str) -> None:
    """Note that the caller gave an order."""
    held = connection.execute(select(USE.c.orders).where(USE.c.id == use)).scalar_one_or_none() or ""
    connection.execute(update(USE).where(USE.c.id == use).values(orders=f"{held} {order}".strip()))


def listed(connection: Connection, grids: Select[tuple[str]], since: int, until: int) -> list[Use]:
    """The briefs of some grids' seats in ``[since, until)``, oldest first."""
    query = (
        select(USE)
        .where(USE.c.at >= since, USE.c.at < until, USE.c.grid.in_(grids))
        .order_by(USE.c.at, USE.c.id)
    )
    return [
        Use(row.id, row.at, row.person, row.grid, row.caller, tuple(row.orders.split()), row.text)
        for row in connection.execute(query)
    ]
