"""The duty book 值班表: who answers for a centre, a department or a member, hour by hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, exists, select

from backend.city.tables import DutyEntry
from backend.duty.changes import AWAY, Away, Override, overrides_of, states_of
from backend.store import table

DUTY = table(DutyEntry)
_LINES = (
    select(
        DUTY.c.body,
        DUTY.c.days,
        DUTY.c.start_minute,
        DUTY.c.end_minute,
        DUTY.c.name,
        DUTY.c.name_en,
        DUTY.c.phone,
        DUTY.c.valid_from,
        DUTY.c.valid_to,
    )
    .where(DUTY.c.body_kind == bindparam("kind"), DUTY.c.body.in_(bindparam("bodies", expanding=True)))
    .order_by(DUTY.c.id)
)
"""Put together once: a look at whom one would send asks it three times."""
DAY_MINUTES = 1440
DAY = 86400
WEEK = 7 * DAY
FAR = 1 << 40


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who answers now, and until when."""

    body: str
    name: str
    phone: str
    until: int
    """Until when, epoch seconds: the end of the line, or the start of what stands above it."""
    name_en: str = ""
    """In English, where the book says so; ``name`` is what the book knows them by."""


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
    book = Book.read(connection, body_kind, bodies, at, at + 1, zone)
    return {body: entries for body in bodies if (entries := book.at(body, at))}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time during which the same people answer."""

    starts: int
    ends: int
    who: tuple[OnDuty, ...]
    """Empty where nobody does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the book with its name."""

    line: Line
    name: str
    phone: str
    name_en: str = ""


@dataclass(frozen=True)
class Book:
    """The lines of some bodies, and what stands above them, for a stretch of time."""

    zone: ZoneInfo
    lines: Mapping[str, Sequence[Entry]]
    overrides: Mapping[str, Sequence[Override]]
    away: Mapping[str, Sequence[Away]]
    """By body, where the bodies are people."""

    @classmethod
    def read(
        cls,
        connection: Connection,
        body_kind: str,
        bodies: Sequence[str],
        since: int,
        until: int,
        zone: ZoneInfo,
    ) -> Book:
        """Read what tells who answers for these bodies in ``[since, until)``."""
        rows = connection.execute(_LINES, {"kind": body_kind, "bodies": list(bodies)})
        lines: defaultdict[str, list[Entry]] = defaultdict(list)
        for row in rows:
            line = Line(row.days, row.start_minute, row.end_minute, row.valid_from, row.valid_to)
            lines[row.body].append(Entry(line, row.name, row.phone, row.name_en))
        # A day more: until when somebody is on duty ends where somebody else's line begins.
        overrides = overrides_of(connection, body_kind, bodies, since, until + DAY)
        away = states_of(connection, bodies, since, until + DAY) if body_kind == "member" else {}
        return cls(zone, lines, overrides, away)

    def at(self, body: str, at: int) -> tuple[OnDuty, ...]:
        """Who answers for a body at an instant; empty where nobody does."""
        own = [one for one in self.away.get(body, ()) if one.starts <= at < one.ends]
        if own and own[-1].state in AWAY:
            return ()
        above = self.overrides.get(body, ())
        holds = [one for one in above if one.starts <= at < one.ends]
        coming = [one for one in above if one.starts > at]
        # Under a state that ends an earlier one may hold again.
        states = (edge for one in self.away.get(body, ()) for edge in (one.starts, one.ends) if edge > at)
        leaving = min(states, default=FAR)
        found = []
        for entry in self.lines.get(body, ()):
            until = entry.line.end_if_on(at, self.zone)
            if until is None or any(one.hides(entry.name) for one in holds):
                continue
            hidden = min((one.starts for one in coming if one.hides(entry.name)), default=FAR)
            found.append(OnDuty(body, entry.name, entry.phone, min(until, hidden, leaving), entry.name_en))
        for place, one in enumerate(above):
            if not (one.name and one.starts <= at < one.ends):
                continue
            # A later line that stands above this one hides it too, now or when it begins.
            later = [other for other in above[place + 1 :] if other.ends > at and other.hides(one.name)]
            if not any(other.starts <= at for other in later):
                until = min((other.starts for other in later), default=FAR)
                found.append(OnDuty(body, one.name, one.phone, min(one.ends, until, leaving)))
        if own and own[-1].state == "on" and not found:
            named = next((entry for entry in self.lines.get(body, ())), None)
            told, told_en = ((named.name, named.phone), named.name_en) if named else ((body, ""), "")
            # No longer than until something changes above the book: a vacancy that ends lets somebody stand in again.
            change = (edge for one in above for edge in (one.starts, one.ends) if edge > at)
            until = min(min(change, default=FAR), leaving, at + WEEK)
            found.append(OnDuty(body, *told, self._next_line(body, at, until), told_en))
        return tuple(found)

    def _next_line(self, body: str, at: int, until: int) -> int:
        """When the first of a body's lines begins after ``at``; ``until`` where none does before."""
        begins = (
            edge
            for entry in self.lines.get(body, ())
            for edge in self._edges(entry.line, at, until)
            if at < edge < until and entry.line.end_if_on(edge, self.zone) is not None
        )
        return min(begins, default=until)

    def hours(self, body: str, since: int, until: int) -> list[Stretch]:
        """Who answers from hour to hour in ``[since, until)``: stretches that follow each other without a gap."""
        turns = {since}
        for entry in self.lines.get(body, ()):
            turns.update(at for at in self._edges(entry.line, since, until) if since < at < until)
        above = [(one.starts, one.ends) for one in self.overrides.get(body, ())]
        above += [(one.starts, one.ends) for one in self.away.get(body, ())]
        turns.update(at for ends in above for at in ends if since < at < until)
        found: list[Stretch] = []
        edges = [*sorted(turns), until]
        for start, end in pairwise(edges):
            who = self.at(body, start)
            told = [(one.name, one.phone) for one in who]
            if found and [(one.name, one.phone) for one in found[-1].who] == told:
                found[-1] = Stretch(found[-1].starts, end, found[-1].who)
            else:
                found.append(Stretch(start, end, who))
        return found

    def _edges(self, line: Line, since: int, until: int) -> Iterator[int]:
        """Every instant at which a line could begin or end."""
        day = datetime.fromtimestamp(since, self.zone).date() - timedelta(days=1)
        last = datetime.fromtimestamp(until, self.zone).date()
        while day <= last:
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            for minute in (line.start, line.end):
                yield int((midnight + timedelta(minutes=minute)).timestamp())
            day += timedelta(days=1)


def has_book(connection: Connection) -> bool:
    """Whether the city keeps a duty book at all; without one nothing is known about vacancy."""
    return bool(connection.execute(select(exists(select(DUTY.c.id)))).scalar_one())
