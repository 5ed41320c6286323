"""What stations say over time, as arrays: the one way in which analysis reads readings.

Only what was known is read: a reading belongs to a window when its whole period lies in it, so that nothing that
ends after ``end`` ever enters an answer about ``end``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from backend.analysis import geo
from backend.analysis.geo import Floats, Plane
from backend.analysis.known import Key, unsettled
from backend.analysis.uncollected import uncollected
from backend.city.registry import City, StationRow
from backend.clock import begun
from backend.standards.flags import Flag
from backend.store.reading_rows import all_of

Instants = NDArray[np.int64]
Values = NDArray[np.float32]
ENOUGH = 0.75
"""The share of a coarser period that finer readings must cover to make its mean (HJ 663: 45 minutes of an hour)."""
JITTER = 0.05
"""A reading that begins so small a share of a period late is that period's: clocks of loggers are some seconds off."""
Reading = tuple[int, int, int, int, float]
PART = 6_000
"""Readings that are held as tuples at once: making arrays of them is one step, during which no other thread runs."""
_DAY = 86400
_GAP = 16
"""Foreign station numbers between two wanted ones that are rather read than stepped over."""
_RANGES = 24
"""So many ranges of station numbers are asked for one by one; more are read as one."""


@dataclass(frozen=True)
class Field:
    """A window of readings. Arrays are (T, S): instants down, stations across; NaN where there is no value."""

    start: int
    end: int
    """Readings whose period lies in ``start <= .. < end``."""
    period: int
    """Seconds."""
    times: Instants
    """The starts of the periods, (T,), every one of the window whether anybody reported or not."""
    stations: tuple[StationRow, ...]
    """Placed and in service, in order of number, (S,)."""
    lon: Floats
    lat: Floats
    plane: Plane
    x: Floats
    """Metres east of the plane's middle, (S,)."""
    y: Floats
    """Metres north of it, (S,)."""
    values: Mapping[str, Values]
    """By the parameter's code."""
    unsettled: int | None = None
    """The start of the earliest reading that later ones came to doubt, and that counts all the same: at ``end`` nobody
    knew (`backend.analysis.known`). Who remembers what was read reads from there on again."""

    @cached_property
    def spacing(self) -> float:
        """The median distance to the nearest neighbour 站间距, metres; NaN for fewer than two places."""
        return geo.spacing(self.x, self.y)

    @cached_property
    def column(self) -> Mapping[int, int]:
        """Each station's column, by the station's number."""
        return {station.id: index for index, station in enumerate(self.stations)}

    def row(self, start: int) -> int:
        """The row of the period that holds this instant; negative or beyond the last outside the window."""
        return (start - int(self.times[0])) // self.period if len(self.times) else -1


def read_field(
    conn: Connection,
    city: City,
    *,
    parameters: Sequence[str],
    start: int,
    end: int,
    period: int | None = None,
    kinds: Collection[str] | None = None,
    stations: Collection[int] | None = None,
    suspect: bool = False,
    spread: bool = False,
) -> Field:
    """Read a window of the store.

    Finer readings than ``period`` are averaged where they cover `ENOUGH` of it; directions (unit ``°``) go round. One
    as long as a period that begins beside one (hours that are not the city's own) stands for the period in which it
    ended: it was not known before.

    Args:
        parameters: codes; one that the city does not know is a column of nothing.
        start: the first instant, UTC; it is taken back to the beginning of its period, by the clocks of the city.
        end: nothing that ends after this instant is read.
        period: seconds; the one that most of the stations' own measures have where None.
        kinds: kinds of station; all where None.
        stations: numbers of stations; all that measure one of the parameters where None.
        suspect: admit values of flag SUSPECT besides the GOOD ones.
        spread: let coarser readings stand for every period that they cover.
    """
    numbers = {
        code: row.id for code in dict.fromkeys(parameters) if (row := city.parameter(code)) is not None
    }
    chosen = _stations(city, set(numbers.values()), kinds, stations)
    step = period or usual_period(conn, city, numbers.values(), chosen, start, end)
    first = begun(start, step, city.zone)
    times = np.arange(first, max(first, end - step + 1), step, dtype=np.int64)
    values = {code: np.full((len(times), len(chosen)), np.nan, dtype=np.float32) for code in parameters}
    flags = (int(Flag.GOOD), int(Flag.SUSPECT)) if suspect else (int(Flag.GOOD),)
    open_ = [] if suspect else unsettled(conn, city, numbers.values(), [row.id for row in chosen], end, step)
    if len(times) and chosen and numbers:
        since = first - _longest(city, chosen, set(numbers.values())) if spread else first
        span = (min(since, first - step + 1), end)
        parts = _read(conn, chosen, numbers.values(), flags, span, first, step, open_)
        round_ = {number for number in numbers.values() if city.parameters[number].unit == "°"}
        codes = {number: code for code, number in numbers.items()}
        into = {number: values[code] for number, code in codes.items()}
        more = True
        while more:
            with uncollected():
                rows = next(parts, None)
                more = rows is not None
                _fill(into, rows or [], chosen, times, step, round_, spread)
                del rows
    lon = np.array([row.lon for row in chosen], dtype=np.float64)
    lat = np.array([row.lat for row in chosen], dtype=np.float64)
    plane = Plane.about(lon, lat)
    x, y = plane.xy(lon, lat)
    earliest = min((key[0] for key in open_ if key[0] >= first - step), default=None)
    return Field(first, end, step, times, chosen, lon, lat, plane, x, y, values, earliest)


def usual_period(
    conn: Connection,
    city: City,
    parameters: Collection[int],
    stations: Sequence[StationRow],
    start: int,
    end: int,
) -> int:
    """The period, in seconds, that most of these stations' measures have; what was read where none is declared."""
    wanted = set(parameters)
    counts: Counter[int] = Counter()
    for station in stations:
        for measure in city.measures.get(station.id, ()):
            if measure.parameter in wanted:
                counts[measure.period] += 1
    if not counts and wanted:
        found = all_of(
            conn,
            f"SELECT period, COUNT(*) FROM reading WHERE start >= {start:d} AND start < {end:d} "
            f"AND parameter IN ({_listed(wanted)}) GROUP BY period",
        )
        counts.update({period: count for period, count in found if period > 0})
    if not counts:
        return 3600
    most = max(counts.values())
    return min(period for period, count in counts.items() if count == most)


def stations_of(city: City, numbers: Collection[int]) -> tuple[StationRow, ...]:
    """Those of some stations that are placed and in service, in order of their numbers."""
    return tuple(
        row
        for number in sorted(city.stations.keys() & numbers)
        if (row := city.stations[number]).placed
        and row.in_service
        and row.lon is not None
        and row.lat is not None
    )


def _stations(
    city: City, parameters: set[int], kinds: Collection[str] | None, stations: Collection[int] | None
) -> tuple[StationRow, ...]:
    found = stations_of(city, city.stations.keys() if stations is None else set(stations))
    if kinds is not None:
        found = tuple(row for row in found if row.kind in kinds)
    if stations is not None:
        return found
    measures = city.measures
    return tuple(
        row
        for row in found
        if not (own := measures.get(row.id)) or any(one.parameter in parameters for one in own)
    )


def _longest(city: City, stations: Sequence[StationRow], parameters: set[int]) -> int:
    """How far before a window a reading may begin that reaches into it, seconds."""
    periods = (
        m.period for row in stations for m in city.measures.get(row.id, ()) if m.parameter in parameters
    )
    return max(periods, default=_DAY)


def _listed(numbers: Collection[int]) -> str:
    return ", ".join(f"{number:d}" for number in sorted(numbers))


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Few ranges that hold all of these ascending numbers, and not many others."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number - ranges[-1][1] <= _GAP:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges if len(ranges) <= _RANGES else [(numbers[0], numbers[-1])]


def _read(
    conn: Connection,
    stations: Sequence[StationRow],
    parameters: Collection[int],
    flags: Sequence[int],
    span: tuple[int, int],
    first: int,
    step: int,
    unsettled: Sequence[Key] = (),
) -> Iterator[list[Reading]]:
    """Start, station, parameter, period and value of what lies in the window, in parts that no step lies across.

    Args:
        first: where a step begins.
        unsettled: readings that are admitted whatever their flag.

    A fortnight of a thousand stations as tuples would take hundreds of megabytes at once.
    """
    start, end = span
    starts = starts_in(conn, start, end)
    if not starts:
        return
    admitted = f"flag IN ({', '.join(map(str, flags))})"
    if unsettled:
        keys = ", ".join(f"({', '.join(map(str, key))})" for key in unsettled)
        admitted = f"({admitted} OR (start, station, parameter, period) IN (VALUES {keys}))"
    # Readings are clustered by time and station: each instant and range is one seek, and what stations of other
    # kinds said in the same hour (power meters are nine tenths of a city's readings) is never touched.
    for low, high in _ranges([row.id for row in stations]):
        for some in _parts(starts, first, step, max(1, PART // ((high - low + 1) * len(parameters)))):
            yield all_of(
                conn,
                f"SELECT start, station, parameter, period, value FROM reading WHERE start IN ({some}) "
                f"AND station BETWEEN {low:d} AND {high:d} AND parameter IN ({_listed(parameters)}) "
                f"AND {admitted} AND value IS NOT NULL "
                f"AND start + period <= {end:d}",
            )


def starts_in(conn: Connection, start: int, end: int) -> list[int]:
    """The instants of a window at which any reading starts: a seek for each, where reading all would take a scan."""
    return [
        row[0]
        for row in all_of(
            conn,
            "WITH RECURSIVE s (at) AS ("
            f"SELECT MIN(start) FROM reading WHERE start >= {start:d} AND start < {end:d} UNION ALL "
            f"SELECT (SELECT MIN(start) FROM reading WHERE start > s.at AND start < {end:d}) FROM s "
            "WHERE s.at IS NOT NULL) SELECT at FROM s WHERE at IS NOT NULL",
        )
    ]


def _parts(starts: Sequence[int], first: int, step: int, size: int) -> Iterator[str]:
    """About ``size`` instants at a time, those of one step together."""
    some: list[int] = []
    for start in starts:
        if len(some) >= size and (some[-1] - first) // step != (start - first) // step:
            yield ", ".join(map(str, some))
            some = []
        some.append(start)
    yield ", ".join(map(str, some))


def _fill(
    into: Mapping[int, Values],
    rows: Sequence[Reading],
    stations: Sequence[StationRow],
    times: Instants,
    step: int,
    round_: Collection[int],
    spread: bool,
) -> None:
    """Put rows into the arrays of their parameters: plainly, averaged, or spread over what they cover."""
    if not rows:
        return
    starts, who, what, lasts, read = (np.array(column) for column in zip(*rows, strict=True))
    numbers = np.array([row.id for row in stations])
    column = np.minimum(np.searchsorted(numbers, who), len(numbers) - 1)
    own = numbers[column] == who
    line = (starts - times[0]) // step
    beside = (lasts == step) & ((starts - times[0]) % step > JITTER * step)
    line[beside] += 1
    own &= (line < len(times)) & (starts + lasts > times[0])
    for number, array in into.items():
        mine = own & (what == number)
        _average(
            array, mine & (lasts < step) & (line >= 0), line, column, lasts, read, step, number in round_
        )
        if spread:
            for index in np.flatnonzero(mine & (lasts > step)):
                first = int(line[index])
                last = first + max(1, int(lasts[index]) // step)
                array[max(0, first) : max(0, last), column[index]] = read[index]
        # Last, so that a reading of the very period stands before means and what is spread.
        exact = mine & (lasts == step) & (line >= 0)
        array[line[exact], column[exact]] = read[exact]


def _average(
    array: Values,
    mine: NDArray[np.bool_],
    line: NDArray[np.int64],
    column: NDArray[np.intp],
    lasts: NDArray[np.int64],
    read: NDArray[np.float64],
    step: int,
    goes_round: bool,
) -> None:
    """Means of finer readings, weighted by their length, where they cover enough."""
    if not mine.any():
        return
    place = line[mine] * array.shape[1] + column[mine]
    weight = lasts[mine].astype(np.float64)
    covered = np.bincount(place, weight, minlength=array.size)
    if goes_round:
        angle = np.radians(read[mine])
        east = np.bincount(place, weight * np.sin(angle), minlength=array.size)
        north = np.bincount(place, weight * np.cos(angle), minlength=array.size)
        mean = np.degrees(np.arctan2(east, north)) % 360.0
    else:
        total = np.bincount(place, weight * read[mine], minlength=array.size)
        mean = total / np.where(covered > 0, covered, 1.0)
    enough = covered >= ENOUGH * step
    array.reshape(-1)[enough] = mean[enough]
