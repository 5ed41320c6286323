"""The air of a noon-to-noon period in a few numbers: means, index and rank, from the hours' rollups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from backend.city.tables import Parameter, Station
from backend.desk.judging import AIR_KINDS, GOOD, HOUR
from backend.desk.scope import Scope
from backend.standards import aqi
from backend.store import table
from backend.store.tables import CountyHour, Reading

COUNTY_HOUR, PARAMETER, READING, STATION = (
    table(CountyHour),
    table(Parameter),
    table(Reading),
    table(Station),
)
MEANT = ("pm25", "pm10", "so2", "no2", "co", "o3")
OZONE_HOURS, OZONE_LEAST = 8, 6
"""Hours of a running mean of ozone, and how many of them must be there (GB 3095, data validity)."""
LEAST = 20
"""Hours that a mean of 24 wants (GB 3095, data validity)."""

Hours = Mapping[str, Mapping[int, float]]
"""Parameter to hour to mean."""


@dataclass(frozen=True, slots=True)
class AirDay:
    """The air of one place over a period of 24 hours."""

    index: int | None = None
    level: int = 0
    primary: tuple[str, ...] = ()
    means: Mapping[str, float] | None = None
    """Means by parameter; of ozone the highest of 8 hours."""
    hours: int = 0
    """Hours of which there is anything."""


def of_counties(connection: Connection, since: int, until: int, on: date) -> dict[str, AirDay]:
    """Each county's, and the whole city's under the empty code."""
    rows = connection.execute(
        select(
            COUNTY_HOUR.c.county,
            PARAMETER.c.code,
            COUNTY_HOUR.c.start,
            func.sum(COUNTY_HOUR.c.total),
            func.sum(COUNTY_HOUR.c.count),
        )
        .join(PARAMETER, PARAMETER.c.id == COUNTY_HOUR.c.parameter)
        .where(
            COUNTY_HOUR.c.start >= since,
            COUNTY_HOUR.c.start < until,
            COUNTY_HOUR.c.kind.in_(sorted(AIR_KINDS)),
            PARAMETER.c.code.in_(MEANT),
        )
        .group_by(COUNTY_HOUR.c.county, PARAMETER.c.code, COUNTY_HOUR.c.start)
    )
    held: defaultdict[str, defaultdict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    whole: defaultdict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for county, code, start, total, count in rows:
        if count:
            held[county][code][start] = total / count
            whole[code, start][0] += total
            whole[code, start][1] += count
    for (code, start), (total, count) in whole.items():
        held[""][code][start] = total / count
    return {county: day_of(hours, on) for county, hours in held.items()}


def of_scope(connection: Connection, scope: Scope, since: int, until: int, on: date) -> AirDay:
    """That of a township or a smaller grid, from its stations' own readings."""
    rows = connection.execute(
        select(PARAMETER.c.code, READING.c.start, func.avg(READING.c.value))
        .join(STATION, STATION.c.id == READING.c.station)
        .join(PARAMETER, PARAMETER.c.id == READING.c.parameter)
        .where(
            READING.c.start >= since,
            READING.c.start < until,
            READING.c.period == HOUR,
            READING.c.flag == GOOD,
            READING.c.value.is_not(None),
            PARAMETER.c.code.in_(MEANT),
            scope.covers(STATION),
            STATION.c.kind.in_(sorted(AIR_KINDS)),
        )
        .group_by(PARAMETER.c.code, READING.c.start)
    )
    held: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for code, start, value in rows:
        held[code][start] = value
    return day_of(held, on)


def day_of(hours: Hours, on: date) -> AirDay:
    """The index of a period's hours: means of 24 hours, of ozone the highest of 8; too few hours make none."""
    means = {
        code: sum(values.values()) / len(values)
        for code, values in hours.items()
        if code != "o3" and len(values) >= LEAST
    }
    ozone = _ozone(hours.get("o3", {}))
    if ozone is not None:
        means["o3"] = ozone
    given = {"o3_8h" if code == "o3" else code: value for code, value in means.items()}
    never = [code for code in ("so2", "no2", "co", "o3_8h") if code.removesuffix("_8h") not in hours]
    seen = max((len(values) for values in hours.values()), default=0)
    if not given:
        return AirDay(means={}, hours=seen)
    result = aqi.daily(given, on, unmonitored=never)
    return AirDay(result.aqi, result.level.number if result.level else 0, tuple(result.primary), means, seen)


def _ozone(values: Mapping[int, float]) -> float | None:
    best = None
    for last in values:
        window = [values[at] for back in range(OZONE_HOURS) if (at := last - back * HOUR) in values]
        if len(window) >= OZONE_LEAST and (best is None or sum(window) / len(window) > best):
            best = sum(window) / len(window)
    return best


def ranked(days: Mapping[str, AirDay], codes: Sequence[str]) -> list[tuple[int, str]]:
    """Index and code of those that have one, the best first."""
    found = [
        (day.index, code) for code in codes if (day := days.get(code)) is not None and day.index is not None
    ]
    return sorted(found)
