"""The rows of days, written and read as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import Connection

from backend.analysis.checks.days import Day, Days
from backend.city.registry import StationRow
from backend.store import Store
from backend.store.reading_rows import all_of, many

FIGURES = (
    "count",
    "low",
    "middle",
    "high",
    "step",
    "pairs",
    "ratio",
    "own",
    "other",
    "own2",
    "other2",
    "product",
)
_SUMS = frozenset({"count", "pairs", "own", "other", "own2", "other2", "product"})
_WRITE = (
    f"INSERT INTO quality_day (day, station, parameter, period, made, {', '.join(FIGURES)}) "
    f"VALUES ({', '.join('?' * (5 + len(FIGURES)))}) ON CONFLICT (day, station, parameter, period) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in ("made", *FIGURES))
)
_PORTION = 1000


def write_days(
    store: Store,
    day: int,
    period: int,
    stations: Sequence[StationRow],
    parameters: Mapping[str, int],
    made: Mapping[str, Day],
    now: int,
) -> None:
    """Keep a day of every series that had a value."""
    rows = []
    for code, one in made.items():
        figures = [getattr(one, name) for name in FIGURES]
        for column in np.flatnonzero(one.count).tolist():
            plain = [_plain(name, figure[column]) for name, figure in zip(FIGURES, figures, strict=True)]
            rows.append((day, stations[column].id, parameters[code], period, now, *plain))
    for first in range(0, len(rows), _PORTION):
        with store.bulk() as connection:
            many(connection, _WRITE, rows[first : first + _PORTION])


def _plain(name: str, value: float) -> float | int | None:
    if name in ("count", "pairs"):
        return int(value)
    return float(value) if np.isfinite(value) else None


def read_days(
    connection: Connection,
    period: int,
    since: int,
    until: int,
    stations: Sequence[StationRow],
    parameters: Mapping[str, int],
) -> dict[str, Days]:
    """The days ``since <= day <= until`` of these parameters as arrays, oldest first; a code without any is missing."""
    if not parameters or not stations:
        return {}
    wanted = ", ".join(f"{number:d}" for number in sorted(parameters.values()))
    rows = all_of(
        connection,
        f"SELECT day, station, parameter, {', '.join(FIGURES)} FROM quality_day WHERE day >= {since:d} "
        f"AND day <= {until:d} AND period = {period:d} AND parameter IN ({wanted})",
    )
    if not rows:
        return {}
    columns = list(zip(*rows, strict=True))
    day, who, what = (np.array(column) for column in columns[:3])
    figures = [np.array(column, dtype=np.float64) for column in columns[3:]]
    days = np.unique(day)
    numbers = np.array([row.id for row in stations])
    column = np.minimum(np.searchsorted(numbers, who), len(numbers) - 1)
    own = numbers[column] == who
    line = np.searchsorted(days, day)
    found = {}
    for code, number in parameters.items():
        mine = own & (what == number)
        if mine.any():
            arrays = {}
            for name, figure in zip(FIGURES, figures, strict=True):
                array = np.full((len(days), len(numbers)), 0.0 if name in _SUMS else np.nan)
                array[line[mine], column[mine]] = figure[mine]
                arrays[name] = array
            found[code] = Days(days=days.astype(np.int64), **arrays)
    return found
