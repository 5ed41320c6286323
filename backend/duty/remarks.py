"""Remarks of a shift 值班记事: for the shift log, and for who comes next."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from backend.duty.tables import ShiftRemark
from backend.store import table
from backend.text import clean
from backend.words import Outcome

REMARK = table(ShiftRemark)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark."""

    id: int
    centre: str
    person: str
    at: int
    text: str
    task: str


def remark(
    connection: Connection, centre: str, person: str, text: str, now: int, *, task: str = ""
) -> Outcome:
    """Write one down."""
    told = clean(text, limit=500)
    if not told:
        return Outcome.refused("duty.refused.empty")
    values = {"centre": centre, "person": person, "at": now, "text": told, "task": task}
    connection.execute(insert(REMARK).values(**values))
    return Outcome.done("duty.remarked")


def listed(connection: Connection, centre: str, since: int, until: int) -> list[Remark]:
    """A centre's remarks in ``[since, until)``, oldest first."""
    query = select(REMARK).where(REMARK.c.centre == centre, REMARK.c.at >= since, REMARK.c.at < until)
    return [
        Remark(row.id, row.centre, row.person, row.at, row.text, row.task)
        for row in connection.execute(query.order_by(REMARK.c.at, REMARK.c.id))
    ]
