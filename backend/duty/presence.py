"""When a body empties 空缺时刻: from when on nobody of a township can be sent, or nobody is at a centre.

What the book says is known ahead; that somebody signs out, stops touching keys or does not answer the phone is known
when it has happened. Both are computed from what is written, so that any process comes to the same instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from backend.city.tables import Centre, Grid, Person
from backend.duty.book import FAR, Book
from backend.duty.calls import last_calls
from backend.duty.numbers import numbers
from backend.duty.shifts import SHIFT
from backend.duty.tables import Adoption
from backend.store import table

ADOPTION, CENTRE, GRID, PERSON = table(Adoption), table(Centre), table(Grid), table(Person)
MOST_TURNS: Final = 1000
"""Ends of duty that are followed at most in looking ahead."""
Spans = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Crews:
    """Who could be sent in some places: their members and duty rooms, by the book."""

    members: Mapping[str, Sequence[str]]
    """Codes of the active members of a township."""
    rooms: Mapping[str, Sequence[str]]
    """Codes of the centres of a grid."""
    by_member: Book
    by_room: Book

    @classmethod
    def read(
        cls, connection: Connection, places: Sequence[str], since: int, until: int, zone: ZoneInfo
    ) -> Crews:
        """The crews of some townships (or, for a task of no township, of a county or the city)."""
        members: defaultdict[str, list[str]] = defaultdict(list)
        for row in connection.execute(
            select(PERSON.c.code, GRID.c.township)
            .join(GRID, GRID.c.code == PERSON.c.grid)
            .where(PERSON.c.role == "member", PERSON.c.active.is_(True), GRID.c.township.in_(places))
        ):
            members[row.township].append(row.code)
        rooms: defaultdict[str, list[str]] = defaultdict(list)
        there = CENTRE.c.grid.in_(places), CENTRE.c.in_service
        for row in connection.execute(select(CENTRE.c.code, CENTRE.c.grid).where(*there)):
            rooms[row.grid].append(row.code)
        codes = [code for part in members.values() for code in part]
        centres = [code for part in rooms.values() for code in part]
        return cls(
            members,
            rooms,
            Book.read(connection, "member", codes, since, until, zone),
            Book.read(connection, "centre", centres, since, until, zone),
        )

    def ready(self, place: str, at: int) -> dict[str, int]:
        """Who of a place is on duty at an instant, and until when."""
        found = {}
        for book, codes in ((self.by_member, self.members), (self.by_room, self.rooms)):
            for code in codes.get(place, ()):
                ends = [one.until for one in book.at(code, at)]
                if ends:
                    found[code] = max(ends)
        return found

    def empties(self, place: str, since: int, until: int, exclude: str = "") -> int | None:
        """From when on in ``[since, until)`` nobody but ``exclude`` is on duty; None where somebody always is."""
        at = since
        for _ in range(MOST_TURNS):
            ends = [end for code, end in self.ready(place, at).items() if code != exclude]
            if not ends:
                return at
            at = max(ends)
            if at >= until:
                return None
        return None


@dataclass(frozen=True)
class Rooms:
    """Who is at some centres: at a seat whose console is heard of and used, or at the phone by the book."""

    now: int
    book: Book
    seated: Spans
    """By centre, when somebody sat there and touched a key."""
    deaf: Spans
    """By centre, when the phone was called and nobody answered: the book counts for nothing then."""
    kept: Mapping[str, Sequence[tuple[int, int, str]]]
    """By centre, when its board was kept, and by which centre."""

    @classmethod
    def read(
        cls,
        connection: Connection,
        centres: Sequence[str],
        since: int,
        until: int,
        now: int,
        zone: ZoneInfo,
    ) -> Rooms:
        """Some centres and whoever keeps their boards."""
        kept: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for row in connection.execute(
            select(ADOPTION.c.centre, ADOPTION.c.keeper, ADOPTION.c.began, ADOPTION.c.ended)
            .where(ADOPTION.c.centre.in_(centres))
            .where(or_(ADOPTION.c.ended.is_(None), ADOPTION.c.ended > since))
        ):
            kept[row.centre].append((row.began, FAR if row.ended is None else row.ended, row.keeper))
        codes = sorted({*centres, *(keeper for part in kept.values() for _, _, keeper in part)})
        return cls(
            now,
            Book.read(connection, "centre", codes, since, until, zone),
            _seated(connection, codes, since, now),
            _deaf(connection, codes, now),
            kept,
        )

    def attended(self, centre: str, at: int) -> int | None:
        """Until when somebody is there without a break who is there at ``at``; None where nobody is."""
        ends = [end for end in (self._own(centre, at), self._keeper(centre, at)) if end is not None]
        return max(ends, default=None)

    def empties(self, centre: str, since: int, until: int) -> int | None:
        """From when on in ``[since, until)`` nobody is there; None where somebody always is."""
        at = since
        for _ in range(MOST_TURNS):
            end = self.attended(centre, at)
            if end is None:
                return at
            at = end
            if at >= until:
                return None
        return None

    def _own(self, centre: str, at: int) -> int | None:
        ends = [end for start, end in self.seated.get(centre, ()) if start <= at < end]
        deaf = self.deaf.get(centre, ())
        if not any(start <= at < end for start, end in deaf):
            silence = min((start for start, _ in deaf if start > at), default=FAR)
            ends += [min(one.until, silence) for one in self.book.at(centre, at)]
        return max(ends, default=None)

    def _keeper(self, centre: str, at: int) -> int | None:
        ends = []
        for began, ended, keeper in self.kept.get(centre, ()):
            end = self._own(keeper, at) if began <= at < ended else None
            if end is not None:
                ends.append(min(end, ended))
        return max(ends, default=None)


def _seated(connection: Connection, centres: Iterable[str], since: int, now: int) -> Spans:
    held = numbers(now)
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    columns = SHIFT.c.centre, SHIFT.c.signed_in, SHIFT.c.signed_out, SHIFT.c.last_seen, SHIFT.c.last_key
    query = select(*columns).where(or_(SHIFT.c.signed_out.is_(None), SHIFT.c.signed_out > since))
    for row in connection.execute(query.where(SHIFT.c.centre.in_(centres))):
        end = min(row.last_seen + held.seen, row.last_key + held.unattended)
        if row.signed_out is not None:
            end = row.signed_out
        elif end > now:
            # Whoever is there now has no end that could be known ahead.
            end = FAR
        found[row.centre].append((row.signed_in, end))
    return found


def _deaf(connection: Connection, centres: Iterable[str], now: int) -> Spans:
    """A call that nobody answered counts until somebody signs in there, or for as long as a call counts."""
    span = numbers(now).call
    calls = {code: call for code, call in last_calls(connection, now - span).items() if not call.answered}
    found = {}
    for code in set(centres) & set(calls):
        if calls[code].body_kind != "centre":
            continue
        back = select(SHIFT.c.signed_in).where(SHIFT.c.centre == code, SHIFT.c.signed_in >= calls[code].at)
        at = connection.execute(back.order_by(SHIFT.c.signed_in).limit(1)).scalar_one_or_none()
        found[code] = [(calls[code].at, calls[code].at + span if at is None else at)]
    return found
