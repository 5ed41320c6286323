"""The duty book 值班表: who answers for a centre, a department or a member, hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, select

from backend.city.tables import DutyEntry
from backend.store import table

DUTY = table(DutyEntry)
DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who answers now, and until when."""

    body: str
    name: str
    phone: str
    until: int
    """The end of this line of the book, epoch seconds."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the book, without the store."""

    days: str
    start: int
    end: int
    """Minutes of the civil day; an end at or before the start runs past midnight."""
    valid_from: str = ""
    valid_to: str = ""

    def end_if_on(self, at: int, zone: ZoneInfo) -> int | None:
        """When the stretch that holds at ``at`` ends; None where none does."""
        local = datetime.fromtimestamp(at, zone)
        minute = local.hour * 60 + local.minute
        long = self.end + DAY_MINUTES if self.end <= self.start else self.end
        for back in (0, 1):
            day = local.date() - timedelta(days=back)
            passed = minute + back * DAY_MINUTES
            if self._holds(day) and self.start <= passed < long:
                midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
                return int((midnight + timedelta(minutes=long)).timestamp())
        return None

    def _holds(self, day: date) -> bool:
        if self.days[day.weekday() : day.weekday() + 1] != "1":
            return False
        text = day.isoformat()
        return (not self.valid_from or self.valid_from <= text) and (
            not self.valid_to or text < self.valid_to
        )


def on_duty(connection: Connection, body_kind: str, body: str, at: int, zone: ZoneInfo) -> tuple[OnDuty, ...]:
    """Who answers for a ``centre``, ``department`` or ``member`` at ``at``; empty where nobody does."""
    return on_duty_of(connection, body_kind, [body], at, zone).get(body, ())


def on_duty_of(
    connection: Connection, body_kind: str, bodies: Sequence[str], at: int, zone: ZoneInfo
) -> dict[str, tuple[OnDuty, ...]]:
    """`on_duty` of several bodies in one look; those where nobody answers are missing."""
    rows = connection.execute(
        select(
            DUTY.c.body,
            DUTY.c.days,
            DUTY.c.start_minute,
            DUTY.c.end_minute,
            DUTY.c.name,
            DUTY.c.phone,
            DUTY.c.valid_from,
            DUTY.c.valid_to,
        )
        .where(DUTY.c.body_kind == body_kind, DUTY.c.body.in_(bodies))
        .order_by(DUTY.c.id)
    )
    found: dict[str, list[OnDuty]] = {}
    for row in rows:
        line = Line(row.days, row.start_minute, row.end_minute, row.valid_from, row.valid_to)
        until = line.end_if_on(at, zone)
        if until is not None:
            found.setdefault(row.body, []).append(OnDuty(row.body, row.name, row.phone, until))
    return {body: tuple(entries) for body, entries in found.items()}


def has_book(connection: Connection) -> bool:
    """Whether the city keeps a duty book at all; without one nothing is known about vacancy."""
    return bool(connection.execute(select(exists(select(DUTY.c.id)))).scalar_one())
