"""A standing line of the duty book 固定排班: what it is, and what is wrong with one that a person enters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.city.tables import Centre, Department, Person
from backend.duty.book import DAY_MINUTES, Book, Entry, Line, Stretch
from backend.store import table
from backend.text import clean
from backend.words import Message, Outcome
from backend.words.message import Scalar

CENTRE, DEPARTMENT, PERSON = table(Centre), table(Department), table(Person)
LOOK_DAYS: Final = 8
"""Days for which a change is looked through for vacancies: each weekday once, and the night of the last."""
LONGEST_NAME, LONGEST_PHONE = 60, 30
_PHONE: Final = re.compile(r"\+?[0-9][0-9 -]{2,28}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a line."""

    days: str
    """Monday to Sunday, 1 where it holds."""
    start: int
    end: int
    """Minutes of the civil day; an end at or before the start runs past midnight."""
    name: str = ""
    """Who answers; of a member's own line it is the member."""
    phone: str = ""
    until: str = ""
    """The first day on which it holds no longer; empty for no end."""


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line as it stands in the book."""

    id: int
    body_kind: str
    body: str
    days: str
    start: int
    end: int
    name: str
    name_en: str
    phone: str
    valid_from: str
    valid_to: str
    from_pack: bool
    set_by: str
    set_at: int | None
    made_up: bool

    @property
    def entry(self) -> Entry:
        """As the book reads it."""
        held = Line(self.days, self.start, self.end, self.valid_from, self.valid_to)
        return Entry(held, self.name, self.phone, self.name_en)


@dataclass(frozen=True, slots=True)
class Known:
    """A body that there is."""

    name: str
    phone: str


def known_body(connection: Connection, kind: str, body: str) -> Known | None:
    """The centre, department or member in service; None where there is none."""
    of = {"centre": CENTRE, "department": DEPARTMENT, "member": PERSON}.get(kind)
    if of is None:
        return None
    query = select(of.c.name, of.c.phone).where(of.c.code == body)
    if kind == "member":
        query = query.where(PERSON.c.active, PERSON.c.role == "member")
    else:
        query = query.where(of.c.in_service)
    row = connection.execute(query).one_or_none()
    return None if row is None else Known(row.name, row.phone)


def tidied(connection: Connection, kind: str, told: Told, body: Known) -> tuple[Told, Message | None]:
    """What was said, made safe, with the phone that is known of that person; and what is wrong with it."""
    told = replace(
        told,
        name=body.name if kind == "member" else str(clean(told.name, limit=LONGEST_NAME)).strip(),
        phone=str(clean(told.phone, limit=LONGEST_PHONE)).strip(),
    )
    if len(told.days) != 7 or set(told.days) - {"0", "1"} or "1" not in told.days:
        return told, Message("duty.refused.line_days")
    if not (0 <= told.start < DAY_MINUTES and 0 <= told.end <= DAY_MINUTES):
        return told, Message("duty.refused.line_hours")
    if not told.name:
        return told, Message("duty.refused.line_name")
    if told.phone:
        odd = _PHONE.fullmatch(told.phone) is None
        return told, Message("duty.refused.line_phone", {"phone": told.phone}) if odd else None
    if kind == "member":
        return replace(told, phone=body.phone), None
    query = select(PERSON.c.phone).where(PERSON.c.name == told.name, PERSON.c.active, PERSON.c.phone != "")
    phones = sorted(set(connection.execute(query).scalars()))
    if len(phones) == 1:
        return replace(told, phone=phones[0]), None
    # Nobody could call somebody who is neither on the books nor has a number here.
    return told, Message("duty.refused.line_unknown", {"name": told.name})


def wrong_dates(since: str, until: str, today: str) -> Message | None:
    """What is wrong with the days from and until which a line is to hold."""
    for day in (since, until):
        if day and civil_date(day) is None:
            return Message("duty.refused.line_day", {"day": str(clean(day, limit=20))})
    if not since or since < today:
        return Message("duty.refused.line_past", {"day": since or "-"})
    return Message("duty.refused.line_order") if until and until <= since else None


def civil_date(text: str) -> date | None:
    """The day that is written; None where none is."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def civil_day(now: int, zone: ZoneInfo) -> str:
    """The civil day of an instant."""
    return datetime.fromtimestamp(now, zone).date().isoformat()


def overlap(one: StandingLine, other: StandingLine) -> bool:
    """Whether two lines hold at the same instant of some week in which both do."""
    begins = max(one.valid_from, other.valid_from)
    ends = min((end for end in (one.valid_to, other.valid_to) if end), default="")
    if ends and ends <= begins:
        return False
    week = 7 * DAY_MINUTES
    return any(
        a < d + shift and c + shift < b
        for a, b in _stretches(one)
        for c, d in _stretches(other)
        for shift in (-week, 0, week)
    )


def _stretches(of: StandingLine) -> Iterator[tuple[int, int]]:
    """Its turns in minutes of the week."""
    length = (of.end - of.start) % DAY_MINUTES or DAY_MINUTES
    for place, on in enumerate(of.days):
        if on == "1":
            begins = place * DAY_MINUTES + of.start
            yield begins, begins + length


def asks(
    before: Sequence[StandingLine],
    after: Sequence[StandingLine],
    new: StandingLine | None,
    since: str,
    zone: ZoneInfo,
) -> Outcome | None:
    """What a person must say yes to: hours that become vacant, two who are on at once; None where there is nothing."""
    gaps = _vacant(after, since, zone)
    was = {(one.starts, one.ends) for one in _vacant(before, since, zone)}
    # A member is off at night: only a duty room must always answer.
    kind = next((one.body_kind for one in (*before, *after)), "")
    fresh = [one for one in gaps if kind != "member" and not _within(one, was)]
    if fresh:
        args: dict[str, Scalar] = {"count": len(fresh), "starts": fresh[0].starts, "ends": fresh[0].ends}
        return Outcome(False, Message("duty.refused.line_gap", args), {"ask": "gap"})
    beside = next((one for one in after if new is not None and one is not new and overlap(new, one)), None)
    if beside is not None and new is not None:
        found: dict[str, Scalar] = {"name": beside.name, "other": new.name, **hours_of(beside)}
        return Outcome(False, Message("duty.refused.line_beside", found), {"ask": "beside"})
    return None


def _within(one: Stretch, spans: Collection[tuple[int, int]]) -> bool:
    return any(starts <= one.starts and one.ends <= ends for starts, ends in spans)


def _vacant(lines: Sequence[StandingLine], since: str, zone: ZoneInfo) -> list[Stretch]:
    """The hours from a day on in which nobody would answer by these lines alone."""
    day = date.fromisoformat(since)
    starts = int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
    last = day + timedelta(days=LOOK_DAYS)
    ends = int(datetime(last.year, last.month, last.day, tzinfo=zone).timestamp())
    book = Book(zone, {"": [one.entry for one in lines]}, {}, {})
    return [one for one in book.hours("", starts, ends) if not one.who]


def hours_of(one: StandingLine) -> Mapping[str, Scalar]:
    """When it holds, for a message: its days and its hours."""
    return {"days": one.days, "from": clock_time(one.start), "to": clock_time(one.end)}


def clock_time(minute: int) -> str:
    """A minute of the day as clocks show it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def audited(one: StandingLine) -> dict[str, Scalar]:
    """What is kept of it in the audit."""
    return {
        **hours_of(one), "name": one.name, "phone": one.phone, "valid_from": one.valid_from,
        "valid_to": one.valid_to,
    }  # fmt: skip
