"""The bulk path of readings: what is new, what was revised, the latest values and the rollups beside them.

A batch costs one read and one statement for each table, however many rows it has, and writing the same batch twice
changes nothing. Rollups grow by what is new; where something stored was corrected, the sums that it was part of are
made again from the readings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

GOOD = 1
HOUR = 3600
_LONGEST_DAY = 26 * HOUR
_SHORTEST_DAY = 22 * HOUR
AHEAD = "future"
"""The reason of a reading whose period has not begun: it never becomes the latest, or a wrong clock would hide all
that comes after."""
INVALID = 4
"""Flags from here on (fail, missing) are of no value that could be compared with others."""
_SEEKS = 400
"""Keys asked for in one statement."""


class ReadingRow(NamedTuple):
    """A reading as it is kept; the order is that of the table's columns."""

    start: int
    station: int
    parameter: int
    period: int
    value: float | None
    qualifier: str
    flag: int
    reason: str
    revision: int
    feed: int


Row = tuple[int, int, int, int, float | None, str, int, str, int, int]
"""A reading without names, in the same order. Pages are handed on as these: objects with names would wake the cycle
collector, which stops every thread of the process for as long as it looks."""
Key = tuple[int, int, int, int]
"""start, station, parameter, period."""
Places = Mapping[int, tuple[str, str]]
"""Each station's county and kind; a station that is not placed is not in it and enters no county's rollup."""


@dataclass(frozen=True, slots=True)
class Book:
    """What the rollups need to know of the city."""

    places: Places
    day_of: Callable[[int], int]
    """The start (UTC) of the civil day in which an instant lies."""


@dataclass(slots=True)
class Written:
    """What became of a batch."""

    new: list[Row] = field(default_factory=list)
    corrected: list[tuple[ReadingRow, ReadingRow]] = field(default_factory=list)
    """Pairs: what was stored, what is stored now."""
    same: int = 0

    @property
    def changed(self) -> list[Row]:
        """The rows that are new or other than before."""
        return self.new + [after for _, after in self.corrected]

    @property
    def revised(self) -> int:
        """How many values the upstream changed."""
        return sum(before.revision != after.revision for before, after in self.corrected)


_COLUMNS = "start, station, parameter, period, value, qualifier, flag, reason, revision, feed"
_READING = (
    f"INSERT INTO reading ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (start, station, parameter, period) DO UPDATE SET value = excluded.value, "
    "qualifier = excluded.qualifier, flag = excluded.flag, reason = excluded.reason, "
    "revision = excluded.revision, feed = excluded.feed"
)
_LATEST = (
    "INSERT INTO latest (station, parameter, period, start, value, qualifier, flag, reason, received) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station, parameter, period) DO UPDATE SET "
    "start = excluded.start, value = excluded.value, qualifier = excluded.qualifier, flag = excluded.flag, "
    "reason = excluded.reason, received = excluded.received WHERE excluded.start >= latest.start"
)
_CHANGE = (
    "INSERT INTO reading_change (at, start, station, parameter, period, kind, old_value, new_value, "
    "old_flag, new_flag, reason, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def many(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement with ``?`` places for many rows of plain tuples, the quickest way that both databases have."""
    if rows:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        # The driver binds exact tuples half again as fast as named ones.
        connection.exec_driver_sql(statement.replace("?", mark), list(map(tuple, rows)))


def _all(connection: Connection, statement: str) -> list[Any]:
    """Every row as the driver's own plain tuple: a third of the time of rows with names."""
    answer = connection.exec_driver_sql(statement)
    found = list(answer.cursor.fetchall())
    answer.close()
    return found


def near(connection: Connection, starts: Iterable[int], low: int, high: int) -> list[Row]:
    """What stations ``low`` to ``high`` have at these starts; cheapest where they are few."""
    where = ", ".join(map(str, starts))
    return _all(
        connection,
        f"SELECT {_COLUMNS} FROM reading WHERE start IN ({where}) AND station BETWEEN {low:d} AND {high:d}",
    )


def values_near(
    connection: Connection, starts: Iterable[int], low: int, high: int
) -> list[tuple[int, int, int, int, float]]:
    """Start, station, parameter, period and value of the plain values (measured, and not invalid) among them."""
    where = ", ".join(map(str, starts))
    return _all(
        connection,
        f"SELECT start, station, parameter, period, value FROM reading WHERE start IN ({where}) "
        f"AND station BETWEEN {low:d} AND {high:d} AND flag < {INVALID} AND qualifier = '' AND value IS NOT NULL",
    )


def exactly(connection: Connection, keys: Iterable[Key]) -> list[Row]:
    """What is stored of exactly these keys, by one seek each."""
    found: list[Row] = []
    wanted = list(keys)
    columns = ", ".join(f"r.{name}" for name in _COLUMNS.split(", "))
    for first in range(0, len(wanted), _SEEKS):
        places = ", ".join(f"({a:d}, {b:d}, {c:d}, {d:d})" for a, b, c, d in wanted[first : first + _SEEKS])
        found += _all(
            connection,
            f"WITH w (start, station, parameter, period) AS (VALUES {places}) SELECT {columns} "
            "FROM w CROSS JOIN reading AS r WHERE r.start = w.start AND r.station = w.station "
            "AND r.parameter = w.parameter AND r.period = w.period",
        )
    return found


def of_feed(connection: Connection, feed: int, period: int, start: int) -> list[Row]:
    """Everything that a feed has of one start and period."""
    return _all(
        connection,
        f"SELECT {_COLUMNS} FROM reading WHERE start = {start:d} AND period = {period:d} AND feed = {feed:d}",
    )


def stored(connection: Connection, keys: Iterable[Key]) -> dict[Key, ReadingRow]:
    """What the store holds for these keys."""
    wanted = set(keys)
    if not wanted:
        return {}
    stations = [key[1] for key in wanted]
    starts = {key[0] for key in wanted}
    if (max(stations) - min(stations) + 1) * len(starts) > 4 * len(wanted):
        found = exactly(connection, wanted)
    else:
        found = near(connection, starts, min(stations), max(stations))
    return {row[:4]: ReadingRow(*row) for row in found if row[:4] in wanted}


def write(
    connection: Connection,
    rows: Iterable[Row],
    book: Book,
    now: int,
    before: Mapping[Key, ReadingRow] | None = None,
) -> Written:
    """Store a batch in the caller's transaction; the rows of one key come in the order in which they hold.

    A value that differs from the one stored is a revision. An equal value never makes a stored flag better (a later
    check or a person may have spoken), but can make it worse. Both leave a line in the change log.

    Args:
        before: what `stored` gives for these rows in this transaction, where the caller has asked already; each key
            comes once then.
    """
    if before is None:
        rows = {row[:4]: row for row in rows}.values()
        before = stored(connection, [row[:4] for row in rows])
    written = Written()
    for row in rows if before else ():
        old = before.get(row[:4])
        if old is None:
            written.new.append(row)
        elif old[4:6] != row[4:6]:
            written.corrected.append((old, ReadingRow(*row)._replace(revision=old.revision + 1)))
        elif row[6] > old.flag:
            written.corrected.append((old, ReadingRow(*row)._replace(revision=old.revision)))
        else:
            written.same += 1
    if not before:
        written.new = list(rows)
    changed = written.changed
    many(connection, _READING, changed)
    many(
        connection,
        _LATEST,
        [
            (b, c, d, a, e, f, g, h, now)
            for a, b, c, d, e, f, g, h, _, _ in changed
            if not h or AHEAD not in h
        ],
    )
    _grow(connection, written.new, book)
    _log(connection, written.corrected, now, actor="")
    _remake(connection, [after for _, after in written.corrected], book)
    return written


def reflag(
    connection: Connection,
    keys: Sequence[Key],
    flag: int,
    reason: str,
    book: Book,
    now: int,
    *,
    actor: str = "",
) -> int:
    """Give stored readings another flag, through the change log; returns how many it changed."""
    pairs = [
        (old, old._replace(flag=flag, reason=_joined(old.reason, reason)))
        for old in stored(connection, keys).values()
        if old.flag != flag
    ]
    _keep(connection, pairs, book, now, actor)
    return len(pairs)


def amend(
    connection: Connection,
    verdicts: Mapping[Key, tuple[int, str]],
    book: Book,
    now: int,
    *,
    actor: str = "",
) -> list[ReadingRow]:
    """Give stored readings exactly this flag and reason, through the change log; returns those it changed.

    Unlike `reflag` it can also take a reason away again, where a revision has shown that a check spoke too soon.
    """
    pairs = []
    for key, old in stored(connection, verdicts).items():
        flag, reason = verdicts[key]
        if (old.flag, old.reason) != (flag, reason):
            pairs.append((old, old._replace(flag=flag, reason=reason)))
    _keep(connection, pairs, book, now, actor)
    return [new for _, new in pairs]


def _keep(
    connection: Connection, pairs: Sequence[tuple[ReadingRow, ReadingRow]], book: Book, now: int, actor: str
) -> None:
    many(connection, _READING, [after for _, after in pairs])
    many(
        connection,
        "UPDATE latest SET flag = ?, reason = ? WHERE station = ? AND parameter = ? AND period = ? AND start = ?",
        [(new.flag, new.reason, new.station, new.parameter, new.period, new.start) for _, new in pairs],
    )
    come = [after for before, after in pairs if AHEAD in before.reason and AHEAD not in after.reason]
    many(connection, _LATEST, [(*row[1:4], row[0], *row[4:8], now) for row in come])
    _log(connection, pairs, now, actor=actor)
    _remake(connection, [after for _, after in pairs], book)


def _joined(reason: str, more: str) -> str:
    return " ".join(dict.fromkeys([*reason.split(), *more.split()]))


def _log(
    connection: Connection, pairs: Sequence[tuple[ReadingRow, ReadingRow]], now: int, *, actor: str
) -> None:
    lines = [
        (
            now,
            *new[:4],
            "revised" if new.revision != old.revision else "flagged",
            old.value,
            new.value,
            old.flag,
            new.flag,
            new.reason,
            actor,
        )
        for old, new in pairs
    ]
    many(connection, _CHANGE, lines)


Sums = list[float]
"""count, total, low, high."""


def _add(sums: dict[tuple[Any, ...], Sums], key: tuple[Any, ...], value: float) -> None:
    held = sums.get(key)
    if held is None:
        sums[key] = [1, value, value, value]
        return
    held[0] += 1
    held[1] += value
    held[2] = min(held[2], value)
    held[3] = max(held[3], value)


def _grow(connection: Connection, rows: Sequence[Row], book: Book) -> None:
    """Add new readings to the rollups."""
    hours: dict[tuple[Any, ...], Sums] = {}
    days: dict[tuple[Any, ...], list[Any]] = {}
    day_of = {start: book.day_of(start) for start in {row[0] for row in rows}}
    places = book.places
    for start, station, parameter, period, value, _, flag, _, _, _ in rows:
        key = (day_of[start], station, parameter, period)
        day = days.get(key)
        if flag != GOOD or value is None:
            if day is None:
                days[key] = [0, 1, 0.0, None, None]
            else:
                day[1] += 1
            continue
        if day is None:
            days[key] = [1, 1, value, value, value]
        else:
            day[0] += 1
            day[1] += 1
            day[2] += value
            day[3] = value if day[3] is None else min(day[3], value)
            day[4] = value if day[4] is None else max(day[4], value)
        if period == HOUR and (place := places.get(station)) is not None:
            at = (start, *place, parameter)
            hour = hours.get(at)
            if hour is None:
                hours[at] = [1, value, value, value]
            else:
                hour[0] += 1
                hour[1] += value
                if value < hour[2]:
                    hour[2] = value
                elif value > hour[3]:
                    hour[3] = value
    lower, higher = ("MIN", "MAX") if connection.dialect.name == "sqlite" else ("LEAST", "GREATEST")
    many(
        connection,
        "INSERT INTO county_hour (start, county, kind, parameter, count, total, low, high) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (start, county, kind, parameter) DO UPDATE SET "
        "count = county_hour.count + excluded.count, total = county_hour.total + excluded.total, "
        f"low = {lower}(county_hour.low, excluded.low), high = {higher}(county_hour.high, excluded.high)",
        [(*key, int(sums[0]), *sums[1:]) for key, sums in hours.items()],
    )
    many(
        connection,
        "INSERT INTO station_day (day, station, parameter, period, valid, received, total, low, high) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, station, parameter, period) DO UPDATE SET "
        "valid = station_day.valid + excluded.valid, received = station_day.received + excluded.received, "
        "total = station_day.total + excluded.total, "
        f"low = {lower}(COALESCE(station_day.low, excluded.low), COALESCE(excluded.low, station_day.low)), "
        f"high = {higher}(COALESCE(station_day.high, excluded.high), COALESCE(excluded.high, station_day.high))",
        [(*key, *day) for key, day in days.items()],
    )


def _remake(connection: Connection, rows: Sequence[ReadingRow], book: Book) -> None:
    """Make the sums again that corrected readings are part of."""
    _remake_hours(connection, rows, book)
    _remake_days(connection, rows, book)


def _remake_hours(connection: Connection, rows: Sequence[ReadingRow], book: Book) -> None:
    touched = {
        (row.start, *book.places[row.station], row.parameter)
        for row in rows
        if row.period == HOUR and row.station in book.places
    }
    sums: dict[tuple[Any, ...], Sums] = {}
    for start, station, parameter, value in _good_of(connection, touched, book) if touched else ():
        key = (start, *book.places[station], parameter)
        if key in touched:
            _add(sums, key, value)
    many(
        connection,
        "DELETE FROM county_hour WHERE start = ? AND county = ? AND kind = ? AND parameter = ?",
        sorted(touched),
    )
    many(
        connection,
        "INSERT INTO county_hour (start, county, kind, parameter, count, total, low, high) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*key, int(held[0]), *held[1:]) for key, held in sums.items()],
    )


def _good_of(
    connection: Connection, touched: Iterable[tuple[int, str, str, int]], book: Book
) -> Iterator[tuple[int, int, int, float]]:
    """The good values of the hours, stations and parameters of these sums."""
    places = {(county, kind) for _, county, kind, _ in touched}
    members = sorted(station for station, place in book.places.items() if place in places)
    parameters = sorted({parameter for *_, parameter in touched})
    for start in sorted({start for start, *_ in touched}):
        found = _all(
            connection,
            f"SELECT start, station, parameter, value FROM reading WHERE start = {start:d} "
            f"AND station IN ({', '.join(map(str, members))}) "
            f"AND parameter IN ({', '.join(map(str, parameters))}) "
            f"AND period = {HOUR} AND flag = {GOOD} AND value IS NOT NULL",
        )
        yield from found


Series = tuple[int, int, int, int]
"""Day, station, parameter, period."""


def _remake_days(connection: Connection, rows: Sequence[ReadingRow], book: Book) -> None:
    made: defaultdict[Series, list[tuple[int, float | None]]] = defaultdict(list)
    offsets: dict[Series, int | None] = {}
    for row in rows:
        series = (book.day_of(row.start), *row[1:4])
        offset = row.start % row.period if row.period > 0 else None
        offsets[series] = offset if offsets.get(series, offset) == offset else None
    keys: list[Key] = []
    for series, offset in offsets.items():
        starts = _starts(series, offset, book)
        if starts is None:
            made[series] = _of_day(connection, series, book)
        else:
            keys += ((start, *series[1:]) for start in starts)
    for start, station, parameter, period, value, _, flag, *_ in exactly(connection, keys):
        made[book.day_of(start), station, parameter, period].append((flag, value))
    sums = []
    for series in offsets:
        found = made[series]
        good = [value for flag, value in found if flag == GOOD and value is not None]
        low, high = (min(good), max(good)) if good else (None, None)
        sums.append((len(good), len(found), sum(good), low, high, *series))
    many(
        connection,
        "UPDATE station_day SET valid = ?, received = ?, total = ?, low = ?, high = ? "
        "WHERE day = ? AND station = ? AND parameter = ? AND period = ?",
        sums,
    )


def _starts(series: Series, offset: int | None, book: Book) -> list[int] | None:
    """The starts of a series in its day; None where they do not follow from its period."""
    day, _, _, period = series
    # Periods are counted from the full hour; an instrument that samples when it likes follows no such count.
    if offset is None or (offset and period < _SHORTEST_DAY):
        return None
    first = day + (offset - day) % period
    return [start for start in range(first, day + _LONGEST_DAY, period) if book.day_of(start) == day]


def _of_day(connection: Connection, series: Series, book: Book) -> list[tuple[int, float | None]]:
    """Flag and value of everything that a series has in its day."""
    day, station, parameter, period = series
    found = _all(
        connection,
        f"SELECT start, flag, value FROM reading WHERE start >= {day:d} AND start < {day + _LONGEST_DAY:d} "
        f"AND station = {station:d} AND parameter = {parameter:d} AND period = {period:d}",
    )
    return [(flag, value) for start, flag, value in found if book.day_of(start) == day]
