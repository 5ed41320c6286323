"""What was not known yet at an instant of the doubts that stand in the store: checks that waited for later values.

A spike is one when the next value is down again, and a sudden change is lifted where the next one bears it out; a
flat line is one when it has lasted for hours, and then from its beginning. Whoever asks what was known at an instant
(`as_then`) is answered as if it were now: until then these values were as good as any. What is judged again because a
doubt came up, and what a person looks back at, goes by the doubts as they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection

from backend.city.registry import City
from backend.quality.checks import load_checks
from backend.quality.reasons import FLAGS, FLAT, RATE, SPIKE
from backend.standards.flags import Flag
from backend.store.reading_rows import all_of
from backend.store.tables import FLAGGED

Key = tuple[int, int, int, int]
"""Start, station, parameter, period."""
NOTES = frozenset(code for code, flag in FLAGS.items() if flag is Flag.GOOD)
NEXT = frozenset({SPIKE, RATE})
"""What the next value decides."""
Doubted = tuple[int, int, int, int, float, str]
_then: ContextVar[bool] = ContextVar("as_then", default=False)


@contextmanager
def as_then() -> Iterator[None]:
    """What is read in here is read as it was known at the end of what is asked for."""
    token = _then.set(True)
    try:
        yield
    finally:
        _then.reset(token)


def unsettled(
    conn: Connection,
    city: City,
    parameters: Collection[int],
    stations: Collection[int],
    end: int,
    period: int,
) -> list[Key]:
    """The readings that are doubted for nothing but what came after ``end``, in order; none outside of `as_then`.

    Args:
        parameters, stations: their numbers.
        period: seconds; of the readings that are asked about, or longer.
    """
    if not _then.get() or not parameters or not stations:
        return []
    # A flat line that is not over yet is counted from its beginning: no more than twice what makes one.
    reach = 2 * period * max(2, *(_flat(city, number, period) for number in parameters))
    rows: list[Doubted] = all_of(
        conn,
        f"SELECT start, station, parameter, period, value, reason FROM reading WHERE {FLAGGED} "
        f"AND start >= {end - reach:d} AND start < {end:d} AND start + period <= {end:d} "
        f"AND parameter IN ({', '.join(f'{one:d}' for one in sorted(parameters))}) "
        f"AND flag = {int(Flag.SUSPECT)} AND value IS NOT NULL",
    )
    chosen = set(stations)
    series: defaultdict[tuple[int, int, int], list[Doubted]] = defaultdict(list)
    for row in rows:
        if row[1] in chosen:
            series[row[1], row[2], row[3]].append(row)
    found: list[Key] = []
    for (_, parameter, lasts), several in series.items():
        long = _flat(city, parameter, lasts)
        several.sort()
        for place, row in enumerate(several):
            codes = set(row[5].split()) - NOTES
            if not codes or codes - NEXT - {FLAT}:
                continue
            if codes & NEXT and row[0] + 2 * lasts <= end:
                continue
            if FLAT in codes and (row[0] + long * lasts <= end or _run(several, place) >= long):
                continue
            found.append(row[:4])
    return sorted(found)


def _flat(city: City, parameter: int, period: int) -> int:
    """So many equal values are a flat line; 0 where none is."""
    return load_checks().limits(city.parameters[parameter], period).flat


def _run(rows: Sequence[Doubted], place: int) -> int:
    """How many equal values in a row, this one among them, are held to be a flat line; of one series, in order."""
    value, period = rows[place][4], rows[place][3]
    first = last = place
    while first and _follows(rows[first - 1], rows[first], value, period):
        first -= 1
    while last + 1 < len(rows) and _follows(rows[last], rows[last + 1], value, period):
        last += 1
    return last - first + 1


def _follows(one: Doubted, other: Doubted, value: float, period: int) -> bool:
    return (
        other[0] - one[0] == period
        and one[4] == other[4] == value
        and FLAT in one[5].split()
        and FLAT in other[5].split()
    )
