"""What a reading is, and how stored ones are found: as plain tuples, by few statements, however many they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

GOOD = 1
HOUR = 3600
INVALID = 4
"""Flags from here on (fail, missing) are of no value that could be compared with others."""
PERSON = "person:"
"""What the code of a person's verdict begins with, among a reading's reasons: no check may overrule it, and the same
value sent again does not undo it. Another value is another matter, and opens it again."""
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


COLUMNS = "start, station, parameter, period, value, qualifier, flag, reason, revision, feed"


def many(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement with ``?`` places for many rows of plain tuples, the quickest way that both databases have."""
    if rows:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        # The driver binds exact tuples half again as fast as named ones.
        connection.exec_driver_sql(statement.replace("?", mark), list(map(tuple, rows)))


def all_of(connection: Connection, statement: str) -> list[Any]:
    """Every row as the driver's own plain tuple: a third of the time of rows with names."""
    answer = connection.exec_driver_sql(statement)
    found = list(answer.cursor.fetchall())
    answer.close()
    return found


def near(connection: Connection, starts: Iterable[int], low: int, high: int) -> list[Row]:
    """What stations ``low`` to ``high`` have at these starts; cheapest where they are few."""
    where = ", ".join(map(str, starts))
    return all_of(
        connection,
        f"SELECT {COLUMNS} FROM reading WHERE start IN ({where}) AND station BETWEEN {low:d} AND {high:d}",
    )


def values_near(
    connection: Connection, starts: Iterable[int], low: int, high: int
) -> list[tuple[int, int, int, int, float]]:
    """Start, station, parameter, period and value of the plain values among them: measured, and not invalid but by a
    person's word, which takes a value out of the sums and not out of the run that it was seen in."""
    where = ", ".join(map(str, starts))
    return all_of(
        connection,
        f"SELECT start, station, parameter, period, value FROM reading WHERE start IN ({where}) "
        f"AND station BETWEEN {low:d} AND {high:d} AND (flag < {INVALID} OR REPLACE(reason, '{PERSON}', '') <> reason) "
        "AND qualifier = '' AND value IS NOT NULL",
    )


def exactly(connection: Connection, keys: Iterable[Key]) -> list[Row]:
    """What is stored of exactly these keys, by one seek each."""
    found: list[Row] = []
    wanted = list(keys)
    columns = ", ".join(f"r.{name}" for name in COLUMNS.split(", "))
    for first in range(0, len(wanted), _SEEKS):
        places = ", ".join(f"({a:d}, {b:d}, {c:d}, {d:d})" for a, b, c, d in wanted[first : first + _SEEKS])
        found += all_of(
            connection,
            f"WITH w (start, station, parameter, period) AS (VALUES {places}) SELECT {columns} "
            "FROM w CROSS JOIN reading AS r WHERE r.start = w.start AND r.station = w.station "
            "AND r.parameter = w.parameter AND r.period = w.period",
        )
    return found


def of_feed(connection: Connection, feed: int, period: int, start: int) -> list[Row]:
    """Everything that a feed has of one start and period."""
    return all_of(
        connection,
        f"SELECT {COLUMNS} FROM reading WHERE start = {start:d} AND period = {period:d} AND feed = {feed:d}",
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
