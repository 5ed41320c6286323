"""Remarks of a shift 值班记事: for the shift log, and for who comes next until somebody strikes them off."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

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
    carried: bool
    struck: int | None


def remark(
    connection: Connection, centre: str, person: str, text: str, now: int, *, task: str = ""
) -> Outcome:
    """Write one down."""
    told = clean(text, limit=500)
    if not told:
        return Outcome.refused("duty.refused.empty")
    values = {"centre": centre, "person": person, "at": now, "text": told, "task": task}
    connection.execute(insert(REMARK).values(carried=True, struck_by="", **values))
    return Outcome.done("duty.remarked")


def strike(connection: Connection, number: int, person: str, now: int) -> bool:
    """Strike one off: it goes into no further handover, and stays in the shift log."""
    done = connection.execute(
        update(REMARK)
        .where(REMARK.c.id == number, REMARK.c.struck.is_(None))
        .values(struck=now, struck_by=person)
    )
    return done.rowcount > 0


def listed(
    connection: Connection, centre: str, since: int, until: int, *, carried: bool = False
) -> list[Remark]:
    """A centre's remarks in ``[since, until)``, oldest first; with ``carried`` only those that are not struck off."""
    query = select(REMARK).where(REMARK.c.centre == centre, REMARK.c.at >= since, REMARK.c.at < until)
    if carried:
        query = query.where(REMARK.c.carried, REMARK.c.struck.is_(None))
    return [
        Remark(row.id, row.centre, row.person, row.at, row.text, row.task, row.carried, row.struck)
        for row in connection.execute(query.order_by(REMARK.c.at, REMARK.c.id))
    ]
