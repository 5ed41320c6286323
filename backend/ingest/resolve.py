"""Whose reading a record is: the station by any of its names, the parameter, and whether this feed owns it.

A record that can't be used is put aside with its reason; one bad record never stops the rest. A station that the
pack does not know is created unplaced: its readings are kept, it is in no county's mean and raises no alarm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary, proxy

from sqlalchemy import Connection, select

from backend.city.registry import City
from backend.city.tables import Station, StationParameter
from backend.feeds.record import Place, PutAside, Record
from backend.feeds.times import ARCHIVE
from backend.ingest.book import Ledger
from backend.quality.checks import Limits
from backend.quality.reasons import LATE
from backend.store import insert_ignore, table, upsert
from backend.store.readings import Key, Row
from backend.text import clean
from backend.words import Message

OLDEST = ARCHIVE
"""Nothing in the product is older; of what a feed sends, its adapter has put aside what is far younger than this."""
NEWEST = 4102444800
"""2100-01-01: an instant after it is a wrong clock too."""
LONGEST = 366 * 86400
NEW_STATIONS = 500
"""A page brings at most so many unknown stations; a feed that makes names up does not fill the register."""
MOST_SUBJECTS = 200_000
"""What is kept in mind of a feed: three times a city's; a feed that makes names up does not fill the memory."""
_CODE_LIMIT = 64
_LARGEST = 1e15
_QUALIFIERS = frozenset({"", "<", ">"})
_NORMAL = frozenset({"", "N"})


class Target(NamedTuple):
    """Where a record of one station, parameter and period goes."""

    station: int
    parameter: int
    limits: Limits


Subject = tuple[str, str, int]
"""The upstream's station, the parameter's code, the period."""


@dataclass(slots=True)
class Resolved:
    """A page turned into rows."""

    rows: list[Row] = field(default_factory=list)
    """One for each key: where a page has several, the last one holds."""
    repeated: int = 0
    """Records of a key that a later record of the page replaced."""
    differed: int = 0
    """Those of them that had another value than the one that holds."""
    asides: list[PutAside] = field(default_factory=list)


class Resolver:
    """Turns one feed's records into rows; what it has learned of a subject it keeps from page to page."""

    def __init__(self, city: City, ledger: Ledger, feed: int, code: str, rivals: frozenset[str]) -> None:
        # Weakly, or the cache of resolvers would keep every snapshot alive.
        self.city: City = proxy(city)
        self.ledger, self.feed, self.code, self.rivals = ledger, feed, code, rivals
        """``rivals``: the feeds that are switched on. What a feed owns that is off, another may take over."""
        self._targets: dict[Subject, Target | Message] = {}

    def strangers(self, records: Iterable[Record]) -> list[Subject]:
        """Learn the subjects of a page; gives those about which the store must be asked, in the order met."""
        targets = self._targets
        if len(targets) > MOST_SUBJECTS:
            targets.clear()
        met = dict.fromkeys((record.station, record.parameter, record.period) for record in records)
        doubtful = []
        for subject in met:
            if subject not in targets:
                found = self._find(subject)
                if found is None:
                    doubtful.append(subject)
                else:
                    targets[subject] = found
        return doubtful

    def meet(self, conn: Connection, subjects: Sequence[Subject], places: Iterable[Place]) -> tuple[int, int]:
        """Ask the store about subjects that the snapshot can't tell: who owns them, and which stations are new.

        Unknown stations are created, and what nobody holds is claimed, in the caller's transaction, so that two
        feeds never both come to own a station's parameter. Returns how many stations were created, and how many
        station parameters claimed.
        """
        codes = [code for code in dict.fromkeys(one[0] for one in subjects) if code not in self.city.by_code]
        known = find_stations(conn, codes)
        missing = [code for code in codes if code not in known]
        created = create_stations(conn, missing, places) if missing else 0
        known.update(find_stations(conn, missing))
        known.update(
            (code, station.id)
            for code, *_ in subjects
            if (station := self.city.by_code.get(code)) is not None
        )
        owned = owners(conn, set(known.values()))
        claims: dict[tuple[int, int, int], None] = {}
        for subject in subjects:
            self._targets[subject] = self._settle(subject, known, owned, claims)
        claim(conn, claims, self.code)
        return created, len(claims)

    def _settle(
        self,
        subject: Subject,
        known: Mapping[str, int],
        owned: Mapping[tuple[int, int, int], str],
        claims: dict[tuple[int, int, int], None],
    ) -> Target | Message:
        code, name, period = subject
        number, parameter = known.get(code), self.city.parameter(name)
        if number is None or parameter is None:
            return Message("quality.aside.station", {"station": clean(code, limit=_CODE_LIMIT)})
        key = (number, parameter.id, period)
        owner = owned.get(key, "")
        if owner and owner != self.code and owner in self.rivals:
            args = {"station": clean(code, limit=_CODE_LIMIT), "parameter": name, "owner": owner}
            return Message("quality.aside.owned", args)
        if owner != self.code:
            claims[key] = None
        return Target(number, parameter.id, self.ledger.bounds(parameter.id, period))

    def _find(self, subject: Subject) -> Target | Message | None:
        """Where a subject goes by the snapshot alone, or why nowhere; None where the store must be asked."""
        code, name, period = subject
        parameter = self.city.parameter(name)
        if parameter is None:
            return Message("quality.aside.parameter", {"parameter": clean(name, limit=40)})
        if not 0 <= period <= LONGEST:
            return Message("quality.aside.period", {"period": period})
        station = self.city.by_code.get(code)
        if station is None or self.city.owner(station.id, parameter.id, period) != self.code:
            return None
        return Target(station.id, parameter.id, self.ledger.bounds(parameter.id, period))

    def resolve(self, records: Sequence[Record], now: int, asked: int) -> Resolved:
        """Rows with the flags that a value by itself can be given.

        Args:
            asked: when the feed was last heard of before. What nobody asked for in time is not late: a first poll, and
                the one after an outage of our own, bring what lay ready.

        Raises:
            KeyError: for a subject that `strangers` and `meet` have not learned of.
        """
        found = Resolved()
        rows: dict[Key, Row] = {}
        targets, feed = self._targets, self.feed
        ahead = now + self.ledger.checks.future
        for record in records:
            target = targets[record.station, record.parameter, record.period]
            if isinstance(target, Message):
                found.asides.append(PutAside(target, raw(record)))
                continue
            value, start, period = record.value, record.start, record.period
            station, parameter, limits = target
            end = start + period
            if (
                value is not None
                and limits.plain_low <= value <= limits.plain_high
                and record.device in _NORMAL
                and record.qualifier in _QUALIFIERS
                and start >= OLDEST
                and end <= ahead
            ):
                flag, reason = 1, "" if asked - limits.late <= end else LATE
            else:
                fault = self._fault(record)
                if fault is not None:
                    found.asides.append(PutAside(fault, raw(record)))
                    continue
                flag, reason = self.ledger.checks.verdict(
                    limits, start, period, value, record.device, now, asked
                )
            key = (start, station, parameter, period)
            rows[key] = (*key, value, record.qualifier, flag, reason, 0, feed)
        found.rows = sorted(rows.values())
        found.repeated = len(records) - len(rows) - len(found.asides)
        if found.repeated:
            found.differed = self._differed(records, rows)
        return found

    def _differed(self, records: Sequence[Record], rows: Mapping[Key, Row]) -> int:
        """How many records say something else than the later one of the same key."""
        count = 0
        for record in records:
            target = self._targets[record.station, record.parameter, record.period]
            if not isinstance(target, Message):
                row = rows.get((record.start, target.station, target.parameter, record.period))
                count += row is not None and row[4:6] != (record.value, record.qualifier)
        return count

    def _fault(self, record: Record) -> Message | None:
        """Why a record can't be stored at all; None where it can, if only as invalid."""
        value = record.value
        if not OLDEST <= record.start <= NEWEST:
            return Message("quality.aside.instant", {"start": record.start})
        if value is not None and not -_LARGEST <= value <= _LARGEST:
            return Message("quality.aside.number", {"value": clean(value, limit=40)})
        if record.qualifier not in _QUALIFIERS:
            return Message("quality.aside.qualifier", {"qualifier": clean(record.qualifier, limit=10)})
        return None


_resolvers: WeakKeyDictionary[City, dict[tuple[int, str, frozenset[str]], Resolver]] = WeakKeyDictionary()


def resolver_of(city: City, ledger: Ledger, feed: int, code: str, rivals: frozenset[str]) -> Resolver:
    """The resolver of a feed over this snapshot of the city, with what it learned from earlier pages."""
    held = _resolvers.setdefault(city, {})
    key = (feed, code, rivals)
    if key not in held:
        held[key] = Resolver(city, ledger, feed, code, rivals)
    return held[key]


def raw(record: Record) -> bytes:
    """A record as bytes, for one that an adapter could read and nobody can use."""
    parts = {
        "station": record.station,
        "parameter": record.parameter,
        "start": record.start,
        "period": record.period,
        "value": record.value,
        "qualifier": record.qualifier,
        "device": record.device,
    }
    return json.dumps(parts, ensure_ascii=False, default=str).encode("utf-8", errors="replace")


def find_stations(conn: Connection, codes: Sequence[str]) -> dict[str, int]:
    """The numbers of stations that were created since the snapshot was taken."""
    stations = table(Station)
    found: dict[str, int] = {}
    for first in range(0, len(codes), 400):
        part = [clean(code, limit=_CODE_LIMIT) for code in codes[first : first + 400]]
        rows = conn.execute(select(stations.c.code, stations.c.id).where(stations.c.code.in_(part)))
        found.update((code, number) for code, number in rows)
    return {code: found[kept] for code in codes if (kept := clean(code, limit=_CODE_LIMIT)) in found}


def create_stations(conn: Connection, codes: Sequence[str], places: Iterable[Place]) -> int:
    """Create unknown stations unplaced, with what the upstream told of them; returns how many."""
    told = {place.code: place for place in places}
    rows = []
    for code in codes[:NEW_STATIONS]:
        kept = clean(code, limit=_CODE_LIMIT)
        if not kept:
            continue
        place = told.get(code)
        rows.append(
            {
                "code": kept,
                "name": (clean(place.name, limit=80) if place is not None else "") or kept,
                "kind": clean(place.kind, limit=20) if place is not None else "",
                "lon": place.lon if place is not None else None,
                "lat": place.lat if place is not None else None,
                "name_en": "",
                "initials": "",
                "grid": "",
                "county": "",
                "township": "",
                "target": "",
                "source": "",
                "upstream": "",
                "in_service": True,
                "placed": False,
                "made_up": False,
            }
        )
    insert_ignore(conn, table(Station), rows)
    return len(rows)


def claim(conn: Connection, claims: Iterable[tuple[int, int, int]], feed: str) -> None:
    """Make this feed the owner of station parameters that nobody holds."""
    rows: list[dict[str, object]] = [
        {"station": station, "parameter": parameter, "period": period, "feed": feed, "upstream": ""}
        for station, parameter, period in claims
    ]
    keys = ("station", "parameter", "period")
    upsert(conn, table(StationParameter), rows, keys=keys, update=["feed"])


def owners(conn: Connection, stations: Iterable[int]) -> dict[tuple[int, int, int], str]:
    """Who owns what of these stations, by the store."""
    measures = table(StationParameter)
    wanted = list(stations)
    found: dict[tuple[int, int, int], str] = {}
    for first in range(0, len(wanted), 400):
        rows = conn.execute(
            select(measures.c.station, measures.c.parameter, measures.c.period, measures.c.feed).where(
                measures.c.station.in_(wanted[first : first + 400])
            )
        )
        found.update(
            ((station, parameter, period), feed) for station, parameter, period, feed in rows if feed
        )
    return found
