"""Who below owes a report what, of which period: the centres of the tier below, and what they have sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from backend.access import lineage
from backend.city.called import called
from backend.city.tables import Centre, Grid
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.scope import Scope
from backend.duty.book import on_duty_of
from backend.reports.contributions import Sent, sent
from backend.store import table

CENTRE, GRID = table(Centre), table(Grid)
SOON = 6 * 3600
"""Seconds before noon from which on the period that ends then is the one to be reported."""
TIER_BELOW = {"M": "C", "C": "T"}


@dataclass(frozen=True, slots=True)
class Below:
    """A centre of the tier below, and what it has sent for a period."""

    centre: str
    name: str
    phone: str
    sent: Sent | None
    by_name: str = ""
    late: bool = False
    """It came after the period's end."""


@dataclass(slots=True)
class Period:
    """Whose report, and of which time."""

    centre: str
    grid: str
    day: str
    since: int
    until: int
    scope: Scope = field(default_factory=lambda: Scope("", 4))

    @property
    def on(self) -> date:
        """The civil day at whose noon it ends."""
        return date.fromisoformat(self.day)


def centres_below(connection: Connection, desk: Desk, centre: str, grid: str) -> Mapping[str, str]:
    """The centres of the tier below one, by code, with their names."""
    tier = connection.execute(select(CENTRE.c.tier).where(CENTRE.c.code == centre)).scalar_one_or_none()
    query = (
        select(CENTRE.c.code, called(CENTRE, desk.language))
        .join(GRID, GRID.c.code == CENTRE.c.grid)
        .where(GRID.c.parent == grid, CENTRE.c.tier == TIER_BELOW.get(tier or "", "-"), CENTRE.c.in_service)
        .order_by(CENTRE.c.code)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def below(connection: Connection, desk: Desk, period: Period) -> list[Below]:
    """The centres of the tier below, in their order, with what they have sent and whom to call."""
    centres = centres_below(connection, desk, period.centre, period.grid)
    got = sent(connection, [period.day], centres)
    known = names(connection, {one.by for one in got.values()}, desk.language)
    phones = _phones(connection, desk, list(centres))
    found = []
    for code, name in centres.items():
        one = got.get((period.day, code))
        by = known.get(one.by, one.by) if one is not None else ""
        late = one is not None and one.at > period.until
        found.append(Below(code, name, phones.get(code, ""), one, by, late))
    return found


def _phones(connection: Connection, desk: Desk, codes: Sequence[str]) -> Mapping[str, str]:
    """The phone of each centre: of whoever is on duty there now, else its own."""
    query = select(CENTRE.c.code, CENTRE.c.phone).where(CENTRE.c.code.in_(codes))
    found = {row[0]: row[1] for row in connection.execute(query)}
    for code, entries in on_duty_of(connection, "centre", codes, desk.now, desk.zone).items():
        found[code] = next((entry.phone for entry in entries if entry.phone), found.get(code, ""))
    return found


def moment(desk: Desk, at: int | None) -> str:
    """An instant as a report writes it."""
    return "--" if at is None else datetime.fromtimestamp(at, desk.zone).strftime("%Y-%m-%d %H:%M")


def today(desk: Desk) -> str:
    """The day whose report is due now: from six in the morning today's, until then yesterday's."""
    at = datetime.fromtimestamp(desk.now - SOON, desk.zone)
    return at.date().isoformat()


def span(desk: Desk, day: str) -> tuple[int, int]:
    """The period of a day: from the noon before to its own.

    Raises:
        ValueError: it is no day.
    """
    end = datetime.combine(date.fromisoformat(day), time(12), desk.zone)
    return int((end - timedelta(days=1)).timestamp()), int(end.timestamp())


def centre_of(connection: Connection, desk: Desk, centre: str) -> tuple[str, str] | None:
    """The centre meant, with its grid: the person's own where none is named, else that of their grid."""
    query = select(CENTRE.c.code, CENTRE.c.grid)
    if centre or desk.actor.centre:
        row = connection.execute(query.where(CENTRE.c.code == (centre or desk.actor.centre))).first()
    else:
        row = connection.execute(
            query.where(CENTRE.c.grid == desk.actor.grid).order_by(CENTRE.c.code)
        ).first()
    if row is None or (desk.actor.role != "system" and desk.actor.grid not in lineage(connection, row.grid)):
        return None
    return row.code, row.grid


def is_theirs(desk: Desk, centre: str) -> bool:
    """Whether there is a centre of this code in the person's grid."""
    with desk.store.read() as connection:
        return centre_of(connection, desk, centre) is not None


def centres_of(desk: Desk) -> list[str]:
    """The codes of the centres in the person's grid, those that command most first."""
    query = select(CENTRE.c.code, CENTRE.c.grid).join(GRID, GRID.c.code == CENTRE.c.grid)
    with desk.store.read() as connection:
        rows = connection.execute(query.order_by(GRID.c.level, CENTRE.c.code)).all()
        return [
            row.code
            for row in rows
            if desk.actor.role == "system" or desk.actor.grid in lineage(connection, row.grid)
        ]
