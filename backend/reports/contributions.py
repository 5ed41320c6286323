"""What the centres below tell for a period 上报: sent, sent anew, and who has not sent yet."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, insert, select

from backend.access.audit import append
from backend.reports.tables import Contribution
from backend.store import table
from backend.text import clean

SENT = table(Contribution)
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """The last that a centre has sent for a period."""

    day: str
    centre: str
    number: int
    at: int
    by: str
    measures: Mapping[str, int]
    text: str


def send(
    connection: Connection,
    day: str,
    centre: str,
    *,
    measures: Mapping[str, int],
    text: str,
    by: str,
    now: int,
) -> int:
    """Send a period's measures; returns how often they have been sent, this time included."""
    last = connection.execute(
        select(func.max(SENT.c.number)).where(SENT.c.day == day, SENT.c.centre == centre)
    ).scalar_one_or_none()
    number = (last or 0) + 1
    connection.execute(
        insert(SENT).values(
            day=day,
            centre=centre,
            number=number,
            at=now,
            by=by,
            measures=json.dumps(dict(measures), sort_keys=True),
            text=clean(text, limit=LONGEST, lines=10),
        )
    )
    append(connection, by, "report.send", f"{centre}:{day}", now, number=number)
    return number


def sent(
    connection: Connection, days: Collection[str], centres: Collection[str]
) -> dict[tuple[str, str], Sent]:
    """The last that each centre has sent, by day and centre."""
    newest = (
        select(SENT.c.day, SENT.c.centre, func.max(SENT.c.number).label("number"))
        .where(SENT.c.day.in_(list(days)))
        .group_by(SENT.c.day, SENT.c.centre)
        .subquery()
    )
    same = and_(
        newest.c.day == SENT.c.day, newest.c.centre == SENT.c.centre, newest.c.number == SENT.c.number
    )
    wanted = set(centres)
    return {
        (row.day, row.centre): Sent(
            row.day, row.centre, row.number, row.at, row.by, json.loads(row.measures or "{}"), row.text
        )
        for row in connection.execute(select(SENT).join(newest, same))
        if row.centre in wanted
    }


def summed(many: Collection[Sent]) -> dict[str, int]:
    """The measures of several centres together."""
    total: dict[str, int] = {}
    for one in many:
        for code, count in one.measures.items():
            total[code] = total.get(code, 0) + count
    return total
