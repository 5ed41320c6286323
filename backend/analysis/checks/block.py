"""A stretch of the store as arrays, with what is said of each reading already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from backend.analysis.checks.days import Counts
from backend.analysis.checks.moves import Floats
from backend.city.registry import City, StationRow
from backend.clock import begun
from backend.store.reading_rows import all_of
from backend.store.readings import Key

_AT_ONCE = 6 * 3600
"""Seconds read by one statement: other threads get their turn in between."""


@dataclass(frozen=True)
class Block:
    """Consecutive periods of one length; arrays are (T, S), NaN where there is no value that could be compared."""

    period: int
    times: Counts
    stations: tuple[StationRow, ...]
    values: Mapping[str, Floats]
    """By the parameter's code."""
    reasons: Mapping[Key, str]
    """What is said of those of which something is said."""

    def key(self, at: int, column: int, parameter: int) -> Key:
        """The reading at a place of the arrays."""
        return int(self.times[at]), self.stations[column].id, parameter, self.period


def read_block(
    connection: Connection,
    city: City,
    period: int,
    since: int,
    until: int,
    parameters: Collection[int],
    stations: Sequence[StationRow] | None = None,
) -> Block:
    """The periods that start in ``[since, until)``; directly measured values that are not invalid.

    A value below the detection limit (or above range) says only which side of it the truth lies on: it is held against
    nothing.

    Args:
        stations: the columns; by default every station that has something, by number.
    """
    first = begun(since + period - 1, period, city.zone)
    times = np.arange(first, max(first, until), period, dtype=np.int64)
    rows: list[tuple[int, int, int, float, str]] = []
    if len(times) and parameters:
        wanted = ", ".join(f"{number:d}" for number in sorted(parameters))
        for begin in range(first, until, _AT_ONCE):
            rows += all_of(
                connection,
                f"SELECT start, station, parameter, value, reason FROM reading WHERE start >= {begin:d} "
                f"AND start < {min(begin + _AT_ONCE, until):d} AND period = {period:d} "
                f"AND parameter IN ({wanted}) AND flag < 4 AND qualifier = '' AND value IS NOT NULL",
            )
    if stations is None:
        numbers = sorted({row[1] for row in rows} & city.stations.keys())
        stations = [city.stations[number] for number in numbers]
    codes = {city.parameters[number].code: number for number in parameters if number in city.parameters}
    values = _arrays(rows, codes, stations, times, period)
    reasons = {(row[0], row[1], row[2], period): row[4] for row in rows if row[4]}
    return Block(period, times, tuple(stations), values, reasons)


def _arrays(
    rows: Sequence[tuple[int, int, int, float, str]],
    codes: Mapping[str, int],
    stations: Sequence[StationRow],
    times: Counts,
    period: int,
) -> dict[str, Floats]:
    shape = (len(times), len(stations))
    values = {code: np.full(shape, np.nan) for code in codes}
    if not rows or not stations:
        return values
    starts, who, what, read = (np.array(column) for column in list(zip(*rows, strict=True))[:4])
    numbers = np.array([row.id for row in stations])
    column = np.minimum(np.searchsorted(numbers, who), len(numbers) - 1)
    own = (numbers[column] == who) & ((starts - times[0]) % period == 0)
    line = (starts - times[0]) // period
    for code, number in codes.items():
        mine = own & (what == number)
        values[code][line[mine], column[mine]] = read[mine]
    # A parameter that nobody measured in this stretch is none.
    return {code: array for code, array in values.items() if np.isfinite(array).any()}
