"""What of the later checks is due: the newest periods as they come in, and each civil day when it is over.

A job of the scheduler calls `Checker.turn` every so often; where nothing new came it costs one question. What it
changes goes through the change log, and the alarms look at it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from backend.analysis.checks.block import Block, read_block
from backend.analysis.checks.days import DAY, Around, Day, day_of
from backend.analysis.checks.drift import departing, span
from backend.analysis.checks.findings import Suspicion, unlike
from backend.analysis.checks.history import read_days, write_days
from backend.analysis.checks.humid import damp, humidity_for, optical
from backend.analysis.checks.look import Found, look
from backend.analysis.checks.moves import Usual, usual
from backend.analysis.checks.near import neighbours
from backend.analysis.checks.numbers import Numbers, numbers
from backend.city.registry import City, StationRow
from backend.clock import begun
from backend.ingest.after import follow
from backend.ingest.book import ledger_of
from backend.quality import tables
from backend.quality.marking import Said, mark
from backend.quality.reasons import FOG, HUMID, OUTLIER, RATE, SPIKE
from backend.store import Store, table, upsert
from backend.store.readings import Key
from backend.store.tables import Latest, ReadingChange, StationDay

MINE = frozenset({SPIKE, RATE, OUTLIER, FOG, HUMID})
"""Codes that these checks put on and take back."""
HOUR = 3600
PORTION = 400
"""Readings marked in one transaction."""
LONGEST = 4 * 3600
FEWEST = 60
MOST_PERIODS = 8
PASS, FINDING = table(tables.QualityPass), table(tables.QualityFinding)
LATEST, CHANGE, STATION_DAY = table(Latest), table(ReadingChange), table(StationDay)


@dataclass
class Checker:
    """The later checks of one store; keeps in mind what each series usually does."""

    store: Store
    numbers: Numbers = field(default_factory=numbers)
    _seen: tuple[int, int] = (-1, -1)
    """When the newest reading that was looked at had come, and how far all series had come then."""
    _waiting: bool = True
    """Whether there may be days that are due."""
    _past: dict[tuple[int, int], tuple[tuple[int, ...], Mapping[str, Usual]]] = field(default_factory=dict)

    def turn(self, city: City, now: int, *, days: int = 1) -> int:
        """Do what is due; returns how many readings changed.

        Args:
            days: civil days that are compared at most: a store that was just filled has many.
        """
        with self.store.read() as connection:
            far = connection.execute(select(func.max(LATEST.c.received), func.sum(LATEST.c.start))).one()
        seen = (int(far[0] or 0), int(far[1] or 0))
        changed = 0
        if seen != self._seen:
            changed += self._newest(city, now)
            self._waiting = True
        if self._waiting:
            due = self.due(city, now)
            for day in due[:days]:
                changed += self.day(city, day, now)
            if due:
                self.judge(city, now)
            self._waiting = len(due) > days
        self._seen = seen
        return changed

    def span(
        self, city: City, since: int, until: int, now: int, told: Callable[[int, int], None] = lambda *_: None
    ) -> tuple[int, int]:
        """Compare the civil days of a span that are over, oldest first, as they would have been when each was over.

        Args:
            now: when it is done; what is found is dated by its own day.
            told: is told how many days are done, of how many.

        Returns:
            Days that were compared, and readings that changed.
        """
        with self.store.read() as connection:
            query = select(STATION_DAY.c.day).where(
                STATION_DAY.c.day >= since - DAY, STATION_DAY.c.day < until
            )
            found = connection.execute(query.distinct().order_by(STATION_DAY.c.day)).scalars().all()
        days = [day for day in map(int, found) if day >= since and next_day(city, day) <= until]
        changed = 0
        for done, day in enumerate(days):
            told(done, len(days))
            changed += self.day(city, day, now)
            self.judge(city, next_day(city, day) + HOUR, day)
        return len(days), changed

    def _newest(self, city: City, now: int) -> int:
        changed = 0
        for period in periods(city):
            until = begun(now, period, city.zone) + period
            changed += self._look(city, period, until - self.numbers.look["periods"] * period, until, now)
        return changed

    def _look(self, city: City, period: int, since: int, until: int, now: int) -> int:
        """Look at the values that start in a span, beside those around it."""
        if period < self.numbers.look["shortest"] and not self._optical(city, period):
            return 0
        chosen = self._parameters(city, period)
        with self.store.read() as connection:
            block = read_block(connection, city, period, since - 2 * period, until + period, chosen)
            if not block.stations:
                return 0
            found: dict[str, dict[str, np.ndarray]] = {}
            if period >= self.numbers.look["shortest"]:
                past = self._usual(connection, city, block, since)
                by_code = {code: city.parameters[number] for code, number in _numbers(city, block).items()}
                near = neighbours(block.stations, self.numbers)
                kinds = self.numbers.look["at_source"]
                at_source = np.array([one.kind in kinds for one in block.stations], dtype=bool)
                for code, marks in look(self.numbers, by_code, block.values, past, near, at_source).items():
                    found.setdefault(code, {}).update(marks)
            humidity = humidity_for(connection, city, block, self.numbers)
            for code, marks in damp(block, humidity, self.numbers).items():
                found.setdefault(code, {}).update(marks)
        return self._mark(city, block, found, since, until, now)

    def _mark(self, city: City, block: Block, found: Found, since: int, until: int, now: int) -> int:
        said: dict[Key, Said] = {}
        parameters = _numbers(city, block)
        inside = (block.times >= since) & (block.times < until)
        for code, marks in found.items():
            for name, places in marks.items():
                for at, column in np.argwhere(places & inside[:, None]):
                    key = block.key(int(at), int(column), parameters[code])
                    said.setdefault(key, Said()).holds.add(name)
        for key, reason in block.reasons.items():
            mine = MINE.intersection(reason.split())
            if since <= key[0] < until and mine:
                said.setdefault(key, Said()).lifted |= mine
        # What is said already is no news.
        news = {
            key: one
            for key, one in said.items()
            if one.holds != MINE.intersection(block.reasons.get(key, "").split())
        }
        changed = 0
        book = ledger_of(city).book
        keys = sorted(news)
        for first in range(0, len(keys), PORTION):
            with self.store.bulk() as connection:
                part = {key: news[key] for key in keys[first : first + PORTION]}
                rows = mark(connection, part, book, now)
                follow(connection, city, rows, now)
                changed += len(rows)
        return changed

    def _optical(self, city: City, period: int) -> bool:
        """Whether any optical station measures by this period: nothing else is looked at in so fine a series."""
        kinds = optical(city, self.numbers)
        return any(
            one.period == period
            for kind in kinds
            for station in city.by_kind.get(kind, ())
            for one in city.measures.get(station.id, ())
        )

    def _parameters(self, city: City, period: int) -> set[int]:
        """What is looked at at all: what is judged, and particles."""
        wanted = set(self.numbers.humid["parameters"])
        return {
            row.id
            for row in city.parameters.values()
            if row.code in wanted or (period >= self.numbers.look["shortest"] and self.numbers.judged(row))
        }

    def _usual(self, connection: Connection, city: City, block: Block, at: int) -> Mapping[str, Usual]:
        """What each series of a block usually does, from the days before."""
        today = ledger_of(city).book.day_of(at)
        who = tuple(row.id for row in block.stations)
        held = self._past.get((block.period, today))
        if held is None or held[0] != who or held[1].keys() < block.values.keys():
            rule = self.numbers.history
            since = today - rule["days"] * DAY - DAY // 2
            codes = _numbers(city, block)
            days = read_days(connection, block.period, since, today - 1, block.stations, codes)
            full = rule["share"] * DAY / block.period
            made = {}
            for code, one in days.items():
                thin = one.count < full
                low, middle, high, step = (
                    np.where(thin, np.nan, a) for a in (one.low, one.middle, one.high, one.step)
                )
                made[code] = usual(low, middle, high, step, rule["least"])
            unknown = {code: Usual.unknown(len(block.stations)) for code in block.values if code not in made}
            held = (who, {**made, **unknown})
            if len(self._past) > 2 * MOST_PERIODS:
                self._past.clear()
            self._past[block.period, today] = held
        return held[1]

    # Days.

    def due(self, city: City, now: int) -> list[int]:
        """The civil days that are over and not compared yet, or of which something came since; newest first."""
        day_of_ = ledger_of(city).book.day_of
        today = day_of_(now)
        limit = today - self.numbers.history["back"] * DAY
        with self.store.read() as connection:
            there = {
                row[0]: int(row[1])
                for row in connection.execute(
                    select(STATION_DAY.c.day, func.sum(STATION_DAY.c.received))
                    .where(STATION_DAY.c.day >= limit, STATION_DAY.c.day < today)
                    .group_by(STATION_DAY.c.day)
                )
            }
            passes = {row.day: row for row in connection.execute(select(PASS).where(PASS.c.day >= limit))}
            known = min((row.change for row in passes.values()), default=0)
            revised: dict[int, int] = {}
            for start, line in connection.execute(
                select(CHANGE.c.start, func.max(CHANGE.c.id))
                .where(CHANGE.c.id > known, CHANGE.c.start >= limit)
                .where((CHANGE.c.kind == "revised") | (CHANGE.c.actor != ""))
                .group_by(CHANGE.c.start)
            ):
                day = day_of_(start)
                revised[day] = max(revised.get(day, 0), line)
        return [
            day
            for day in sorted(there, reverse=True)
            if (done := passes.get(day)) is None
            or done.received != there[day]
            or revised.get(day, 0) > done.change
        ]

    def day(self, city: City, day: int, now: int) -> int:
        """Compare one civil day: its rows, its values, and what the days up to it show together."""
        until = next_day(city, day)
        with self.store.read() as connection:
            received = connection.execute(
                select(func.sum(STATION_DAY.c.received)).where(STATION_DAY.c.day == day)
            ).scalar()
            line = connection.execute(select(func.max(CHANGE.c.id))).scalar()
        changed = 0
        for period in periods(city):
            changed += self._look(city, period, day, until, now)
            if period >= self.numbers.look["shortest"]:
                self._compare(city, day, until, period, now)
        self._past.clear()
        with self.store.bulk() as connection:
            row = {"day": day, "made": now, "received": received or 0, "change": line or 0}
            upsert(connection, PASS, [row], keys=["day"])
        return changed

    def _compare(self, city: City, day: int, until: int, period: int, now: int) -> None:
        """Keep the day's rows of every series of a period."""
        chosen = {row.id for row in city.parameters.values() if self.numbers.judged(row)}
        with self.store.read() as connection:
            block = read_block(connection, city, period, day, until, chosen)
        if not block.stations:
            return
        near = neighbours(block.stations, self.numbers)
        made: dict[str, Day] = {}
        rule = self.numbers.departs
        around = Around(rule["quarters"], rule["share"])
        codes = _numbers(city, block)
        for code, values in block.values.items():
            floor = self.numbers.floor(city.parameters[codes[code]])
            low = 0.0 if floor is None else floor * rule["least"]
            made[code] = day_of(values, near, self.numbers.near["least"], low, around)
        write_days(self.store, day, period, block.stations, codes, made, now)

    def judge(self, city: City, now: int, last: int | None = None) -> None:
        """What the days up to the newest (or to ``last``) show together, for a person to look at."""
        for period in periods(city):
            if period < self.numbers.look["shortest"]:
                continue
            members = [
                row
                for number, row in sorted(city.stations.items())
                if any(one.period == period for one in city.measures.get(number, ()))
            ]
            near = neighbours(members, self.numbers)
            networks = [self.numbers.network(row.kind) for row in members]
            codes = {row.code: row.id for row in city.parameters.values() if self.numbers.judged(row)}
            with self.store.read() as connection:
                newest = connection.execute(select(func.max(PASS.c.day))).scalar() if last is None else last
                if newest is None:
                    return
                first = newest - span(self.numbers) * DAY - DAY // 2
                days = read_days(connection, period, first, newest, members, codes)
            suspicions: dict[int, list[Suspicion]] = {}
            for code, one in days.items():
                if one.days[-1] == newest:
                    suspicions[codes[code]] = [
                        *unlike(one, near, self.numbers, DAY / period),
                        *departing(one, self.numbers, networks),
                    ]
            self._report(members, period, suspicions, next_day(city, newest), now)
        with self.store.bulk() as connection:
            forget(connection, now - (span(self.numbers) + self.numbers.history["back"]) * DAY)

    def _report(
        self,
        stations: Iterable[StationRow],
        period: int,
        suspicions: Mapping[int, Collection[Suspicion]],
        until: int,
        now: int,
    ) -> None:
        """Open what is new, follow what stands, close what no longer shows."""
        columns = list(stations)
        with self.store.bulk() as connection:
            standing = {
                (row.kind, row.station, row.parameter): row
                for row in connection.execute(
                    select(FINDING).where(FINDING.c.period == period, FINDING.c.state == "open")
                )
            }
            for parameter, several in suspicions.items():
                for one in several:
                    key = (one.kind, columns[one.column].id, parameter)
                    told = {"seen": now, "until": until, "evidence": json.dumps(one.evidence)}
                    held = standing.pop(key, None)
                    if held is not None:
                        connection.execute(update(FINDING).where(FINDING.c.id == held.id).values(**told))
                    elif not _decided(connection, key, period, one.since):
                        new = {"kind": key[0], "station": key[1], "parameter": parameter, "period": period}
                        connection.execute(
                            insert(FINDING).values(
                                **new, **told, at=now, since=one.since, state="open", decided_by="", task=""
                            )
                        )
            for key, row in standing.items():
                if key[2] in suspicions and now - row.seen > self.numbers.peers["days"] * DAY:
                    connection.execute(
                        update(FINDING).where(FINDING.c.id == row.id).values(state="past", decided=now)
                    )


def _decided(connection: Connection, key: tuple[str, int, int], period: int, since: int) -> bool:
    """Whether a person has spoken about this already: the same days are not asked about twice."""
    query = select(func.max(FINDING.c.until)).where(
        FINDING.c.kind == key[0],
        FINDING.c.station == key[1],
        FINDING.c.parameter == key[2],
        FINDING.c.period == period,
        FINDING.c.state.in_(("confirmed", "dismissed")),
    )
    last = connection.execute(query).scalar()
    return last is not None and since < last


def periods(city: City) -> list[int]:
    """The lengths of period that are looked at, the most common ones."""
    counts: dict[int, int] = {}
    for several in city.measures.values():
        for one in several:
            if FEWEST <= one.period <= LONGEST:
                counts[one.period] = counts.get(one.period, 0) + 1
    return sorted(sorted(counts, key=lambda period: -counts[period])[:MOST_PERIODS])


def next_day(city: City, day: int) -> int:
    """The start of the civil day after this one."""
    local = datetime.fromtimestamp(day, city.zone)
    after = datetime.combine(local.date() + timedelta(days=1), local.time(), city.zone)
    return int(after.timestamp())


def forget(connection: Connection, before: int) -> None:
    """Let go of the days before an instant."""
    for one in (table(tables.QualityDay), PASS):
        connection.execute(delete(one).where(one.c.day < before))


def _numbers(city: City, block: Block) -> dict[str, int]:
    return {row.code: row.id for row in city.parameters.values() if row.code in block.values}
