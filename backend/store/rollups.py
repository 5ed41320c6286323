"""The rollups beside the readings: hours of counties and days of stations.

They grow by what is new; where something stored was corrected, the sums that it was part of are made again from the
readings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from backend.store.reading_rows import GOOD, HOUR, Book, Key, ReadingRow, Row, all_of, exactly, many

_LONGEST_DAY = 26 * HOUR
_SHORTEST_DAY = 22 * HOUR
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


def grow(connection: Connection, rows: Sequence[Row], book: Book) -> None:
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


def remake(connection: Connection, rows: Sequence[ReadingRow], book: Book) -> None:
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
        found = all_of(
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
    found = all_of(
        connection,
        f"SELECT start, flag, value FROM reading WHERE start >= {day:d} AND start < {day + _LONGEST_DAY:d} "
        f"AND station = {station:d} AND parameter = {parameter:d} AND period = {period:d}",
    )
    return [(flag, value) for start, flag, value in found if book.day_of(start) == day]
