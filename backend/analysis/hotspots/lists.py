"""The three monthly lists 月度热点名单 and the ladder: 3 warnings in a row or 6 within a year (MEE 千里眼; domain 3.1).

A closed month warns the grids of three lists: the highest mean, the worst against last year's month, the worst against
last month. A mean that is not valid (GB 3095 Table 4) warns nobody and is compared with nothing.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, select

from backend.analysis.hotspots.rules import network_of, rules
from backend.analysis.hotspots.tables import HotEntry
from backend.city.registry import City
from backend.standards import validity
from backend.store import table
from backend.store.reading_rows import all_of

ENTRY = table(HotEntry)
KINDS = ("highest", "year", "month")
_SEEKS = 900


@dataclass(frozen=True)
class Mean:
    """A grid's mean of a month."""

    value: float
    days: int
    valid: bool


@dataclass(frozen=True)
class Entry:
    """A line of a list."""

    kind: str
    rank: int
    grid: str
    value: float
    before: float | None
    change: float | None
    """Per cent."""
    days: int
    valid: bool


@dataclass(frozen=True)
class Rung:
    """Where a grid stands on the ladder."""

    grid: str
    warned: tuple[tuple[str, tuple[str, ...]], ...]
    consecutive: int
    in_year: int
    stage: str
    """``up``, ``next`` or ``warned``."""
    needs: str
    """``consecutive`` or ``year``."""


Means = Mapping[str, Mean]
"""By grid."""


def before(month: str, count: int = 1) -> str:
    """The month so many before one (``2026-11``)."""
    year, number = int(month[:4]), int(month[5:7])
    index = year * 12 + number - 1 - count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_of(at: int, zone: ZoneInfo) -> str:
    """The civil month of an instant."""
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m")


def three_lists(means: Mapping[str, Means], month: str) -> list[Entry]:
    """The three lists of a month.

    Args:
        means: of the month itself, the one before it and the same one a year ago, by month.
    """
    told = rules()["lists"]
    now = {grid: mean for grid, mean in means.get(month, {}).items() if mean.valid}
    most = max(1, math.ceil(told["share"] * len(now)))
    highest = sorted(now.items(), key=lambda item: (-item[1].value, item[0]))[:most]
    found = [
        Entry("highest", rank, grid, mean.value, None, None, mean.days, True)
        for rank, (grid, mean) in enumerate(highest, 1)
    ]
    for kind, earlier in (("year", before(month, 12)), ("month", before(month))):
        then = means.get(earlier, {})
        worse = [
            (100.0 * (mean.value - then[grid].value) / then[grid].value, grid, mean)
            for grid, mean in now.items()
            if grid in then and then[grid].valid and then[grid].value > 0
        ]
        # Who has grown better is on no list of the worst, however few have grown worse.
        ranked = sorted((one for one in worse if one[0] > 0), key=lambda one: (-one[0], one[1]))[:most]
        found += [
            Entry(kind, rank, grid, mean.value, then[grid].value, change, mean.days, True)
            for rank, (change, grid, mean) in enumerate(ranked, 1)
        ]
    return found


def climb(warned: Mapping[str, Mapping[str, Sequence[str]]], newest: str) -> list[Rung]:
    """The ladder after a month: those that are up first, then who is next, then the others that were warned.

    Args:
        warned: by month the grids that were warned and by which lists.
        newest: the newest closed month.
    """
    told = rules()["lists"]
    year = [before(newest, back) for back in range(11, -1, -1)]
    found = []
    for grid in sorted({grid for month in year for grid in warned.get(month, {})}):
        months = [(month, tuple(warned[month][grid])) for month in year if grid in warned.get(month, {})]
        names = {month for month, _ in months}
        row = 0
        while before(newest, row) in names:
            row += 1
        # The month that comes pushes the oldest of the twelve out.
        kept = len(names - {year[0]})
        stage, needs = "warned", ""
        if row >= told["consecutive"]:
            stage, needs = "up", "consecutive"
        elif len(names) >= told["in_year"]:
            stage, needs = "up", "year"
        elif row + 1 >= told["consecutive"]:
            stage, needs = "next", "consecutive"
        elif kept + 1 >= told["in_year"]:
            stage, needs = "next", "year"
        found.append(Rung(grid, tuple(months), row, len(names), stage, needs))
    order = {"up": 0, "next": 1, "warned": 2}
    return sorted(found, key=lambda one: (order[one.stage], -one.consecutive, -one.in_year, one.grid))


def made_of(conn: Connection, city: City, network: str, parameter: int, month: str) -> str:
    """What the lists of a month are made of, in short: where it is another, readings of these months came or were
    judged since.
    """
    listed = (
        ", ".join(str(row.id) for row in city.stations.values() if network_of(row.kind) == network) or "0"
    )
    days = [day for one in (month, before(month), before(month, 12)) for day in days_of(one, city.zone)]
    found = all_of(
        conn,
        "SELECT COUNT(*), SUM(valid), SUM(total) FROM station_day "
        f"WHERE day IN ({', '.join(map(str, days))}) AND station IN ({listed}) AND parameter = {parameter:d}",
    )
    return " ".join(f"{number or 0:.9g}" for number in found[0])


def month_means(
    conn: Connection,
    city: City,
    network: str,
    parameter: int,
    level: int,
    month: str,
    until: date | None = None,
) -> dict[str, Mean]:
    """Each grid's mean of a month: of the valid days of its stations, the stations alike.

    Args:
        until: the last whole day, in a month that is still running: its means are valid where most days so far are.
    """
    told = rules()["lists"]
    days = days_of(month, city.zone)
    stations: dict[int, str] = {}
    for row in city.stations.values():
        if row.placed and row.in_service and network_of(row.kind) == network:
            grid = next((code for code in city.path(row.grid) if city.grids[code].level == level), "")
            if grid:
                stations[row.id] = grid
    first = date(int(month[:4]), int(month[5:7]), 1)
    need = float(validity.rule("month", first).need)
    if until is not None:
        need = told["running"] * max(1, min(until.day, len(days)))
    sums: dict[str, list[tuple[float, int]]] = {}
    for station, mean, count in _of_days(
        conn, list(days), sorted(stations), parameter, validity.rule("day", first).need * 3600
    ):
        sums.setdefault(stations[station], []).append((mean, count))
    found = {}
    for grid, parts in sums.items():
        good = [(mean, count) for mean, count in parts if count >= need]
        used = good or parts
        found[grid] = Mean(
            sum(mean for mean, _ in used) / len(used), max(count for _, count in used), bool(good)
        )
    return found


def days_of(month: str, zone: ZoneInfo) -> list[int]:
    """When the civil days of a month begin."""
    year, number = int(month[:4]), int(month[5:7])
    return [
        int(datetime(year, number, day, tzinfo=zone).timestamp())
        for day in range(1, monthrange(year, number)[1] + 1)
    ]


def _of_days(
    conn: Connection, days: Sequence[int], stations: Sequence[int], parameter: int, seconds: int
) -> list[tuple[int, float, int]]:
    """Station, mean of its valid days' means, and how many those are; of one that is kept by the minute and by the hour
    the period that knows more days, of two that know as many the longer.
    """
    found: dict[int, tuple[int, int, float]] = {}
    for first in range(0, len(stations), _SEEKS):
        listed = ", ".join(map(str, stations[first : first + _SEEKS]))
        for station, period, mean, count in all_of(
            conn,
            "SELECT station, period, AVG(total / valid), COUNT(*) FROM station_day "
            f"WHERE day IN ({', '.join(map(str, days))}) AND station IN ({listed}) "
            f"AND parameter = {parameter:d} AND valid > 0 AND valid * period >= {seconds:d} GROUP BY station, period",
        ):
            found[station] = max(found.get(station, (0, 0, 0.0)), (count, period, mean))
    return [(station, mean, count) for station, (count, _period, mean) in found.items()]


def entries_of(
    conn: Connection, city: City, network: str, parameter: int, level: int, month: str
) -> list[Entry]:
    """The lists of a closed month, from the readings' days."""
    means = {
        one: month_means(conn, city, network, parameter, level, one)
        for one in (month, before(month), before(month, 12))
    }
    return three_lists(means, month)


def kept_entries(conn: Connection, network: str, parameter: int, level: int, month: str) -> list[Entry]:
    """The lists of a month as they are kept."""
    columns = [
        ENTRY.c[name] for name in ("kind", "rank", "grid", "value", "before", "change", "days", "valid")
    ]
    rows = conn.execute(
        select(*columns).where(
            ENTRY.c.month == month,
            ENTRY.c.network == network,
            ENTRY.c.parameter == parameter,
            ENTRY.c.level == level,
        )
    )
    return sorted((Entry(*row) for row in rows), key=lambda one: (KINDS.index(one.kind), one.rank))


def keep_month(
    conn: Connection, city: City, network: str, parameter: int, level: int, month: str, now: int
) -> int:
    """Make the lists of a closed month again and keep them in place of those before; returns the lines."""
    found = entries_of(conn, city, network, parameter, level, month)
    conn.execute(
        delete(ENTRY).where(
            ENTRY.c.month == month,
            ENTRY.c.network == network,
            ENTRY.c.parameter == parameter,
            ENTRY.c.level == level,
        )
    )
    rows = [
        {
            "month": month,
            "network": network,
            "parameter": parameter,
            "level": level,
            "kind": one.kind,
            "rank": one.rank,
            "grid": one.grid,
            "value": one.value,
            "before": one.before,
            "change": one.change,
            "days": one.days,
            "valid": one.valid,
            "made": now,
        }
        for one in found
    ]
    if rows:
        conn.execute(ENTRY.insert(), rows)
    return len(rows)


def kept_months(
    conn: Connection, network: str, parameter: int, level: int, since: str, until: str
) -> dict[str, dict[str, list[str]]]:
    """The warnings that are kept, by month and grid: by which lists."""
    found: dict[str, dict[str, list[str]]] = {}
    rows = conn.execute(
        select(ENTRY.c.month, ENTRY.c.grid, ENTRY.c.kind)
        .where(
            ENTRY.c.network == network,
            ENTRY.c.parameter == parameter,
            ENTRY.c.level == level,
            ENTRY.c.month >= since,
            ENTRY.c.month <= until,
        )
        .order_by(ENTRY.c.month, ENTRY.c.grid, ENTRY.c.kind)
    )
    for row in rows:
        found.setdefault(row.month, {}).setdefault(row.grid, []).append(row.kind)
    return found


def networks_of(city: City, parameter: int) -> list[str]:
    """The networks whose stations measure a parameter, ``air`` first."""
    kinds = {
        row.kind
        for row in city.stations.values()
        if any(measure.parameter == parameter for measure in city.measures.get(row.id, ()))
    }
    return sorted({network_of(kind) for kind in kinds}, key=lambda name: (name != "air", name))


__all__ = [
    "KINDS",
    "Entry",
    "Mean",
    "Rung",
    "before",
    "climb",
    "days_of",
    "entries_of",
    "keep_month",
    "kept_entries",
    "kept_months",
    "made_of",
    "month_means",
    "month_of",
    "networks_of",
    "three_lists",
]
