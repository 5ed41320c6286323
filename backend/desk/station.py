"""One station: its facts, its newest values in words, its last two days beside its peers', its alarms and tasks."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text

from backend.alarms.thresholds import water_target
from backend.city.geometry import distance_km
from backend.city.registry import NEAREST, NEAREST_KM, PEERS_IN_COUNTY
from backend.city.tables import (
    Parameter,
    PowerPoint,
    Station,
    StationParameter,
)
from backend.desk import alarms, judging
from backend.desk.alarms import Face
from backend.desk.desk import Desk
from backend.desk.judging import GOOD, Value
from backend.desk.qualityhours import Mean, means_of
from backend.desk.qualityspan import SpanKey
from backend.desk.stationfacts import SourceFacts, faces_of, feeds_of, source_of
from backend.desk.stations import AIR_KINDS, DUST_KINDS, HOUR, StationRow, around, day_of
from backend.quality.review import review
from backend.standards import limits, water
from backend.store import table
from backend.store.tables import Latest

MEASURED, PARAMETER, POWER, STATION = (
    table(StationParameter),
    table(Parameter),
    table(PowerPoint),
    table(Station),
)
PEERED = AIR_KINDS | DUST_KINDS
"""Kinds whose stations say something about each other."""
QUARTER, DAY = 900, 86400
LATEST = table(Latest)
LONGEST = 600
"""Periods of one parameter that a page shows at most."""


class Point(NamedTuple):
    """A value of a period."""

    start: int
    value: float | None
    flag: int


@dataclass(frozen=True, slots=True)
class Series:
    """One parameter of a station over time, with the median of its peers beside it."""

    parameter: str
    period: int
    points: Sequence[Point]
    """Oldest first; periods of which nothing came are absent."""
    peers: Mapping[int, float]
    """The peers' median by start."""
    since: int
    until: int
    """The first period's start, and the end of the last one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a station measures, with its newest value."""

    parameter: str
    name: str
    name_en: str
    unit: str
    decimals: int
    period: int
    feed: str
    newest: Value | None
    """None where nothing ever came."""
    iaqi: int | None
    median: float | None
    """The peers' median of the same period."""
    limit: float | None
    """The limit that it is held against, where there is one for this period."""
    limit_code: str
    """Which one: ``gb3095`` or ``gb3838``."""


@dataclass(frozen=True, slots=True)
class StationPage:
    """All that a person needs of one station."""

    row: StationRow
    grid: str
    grid_name: str
    lon: float | None
    lat: float | None
    target: str
    rated: tuple[float | None, float | None]
    """Power points: rated kW of production and of treatment."""
    peers: int
    """How many stations it is compared with."""
    source: SourceFacts | None
    feeds: Sequence[tuple[str, str]]
    """Code and name of the feeds that bring its values."""
    measures: Sequence[Measure]
    series: Mapping[str, Series]
    """By parameter, of the period that `measures` names."""
    validity: Mapping[str, Sequence[Mean]]
    """How the day, the last 8 hours and the last hour of what GB 3095 counts stand, by parameter."""
    alarms: Sequence[alarms.AlarmRow]
    """Those that stand, then those of the last week."""
    faces: Sequence[Face]
    """Where one can go from here: grids, source, tasks, feeds."""


def page(desk: Desk, code: str, *, hours: int = 48) -> StationPage | None:
    """A station with its last ``hours``; None where there is no such station."""
    with desk.store.read() as connection:
        station = connection.execute(select(STATION).where(STATION.c.code == code)).one_or_none()
        if station is None:
            return None
        making = around(connection, desk, STATION.c.id == station.id)
        row = making.row(station)
        parameters = {one.id: one for one in connection.execute(select(PARAMETER))}
        periods = _periods(connection, station.id, making.latest.get(station.id, {}), parameters)
        peers = _peers(connection, station) if station.kind in PEERED else []
        series = _series(
            connection, station.id, peers, periods, parameters, row.newest or desk.now, desk.now, hours
        )
        never = making.unmonitored.get(station.id, frozenset())
        measures = _measures(station, row, periods, parameters, series, never, desk)
        source = source_of(connection, desk, station.source)
        feeds = feeds_of(connection, desk, {one.feed for one in measures})
        rated = connection.execute(
            select(POWER.c.production_kw, POWER.c.treatment_kw).where(POWER.c.station == code)
        ).first()
        counted = station.kind in review()["standing"]["kinds"] and station.in_service
        validity = means_of(connection, desk, station.id, list(series)) if counted else {}
        own_alarms = alarms.of(connection, desk, alarms.ALARM.c.station == station.id)
        faces = faces_of(connection, desk, station, source, feeds, own_alarms)
    return StationPage(
        row=row,
        grid=station.grid,
        grid_name=next((face.name for face in faces if face.key == station.grid), ""),
        lon=station.lon,
        lat=station.lat,
        target=station.target,
        rated=(rated[0], rated[1]) if rated else (None, None),
        peers=len(peers),
        source=source,
        feeds=feeds,
        measures=measures,
        series=series,
        validity=validity,
        alarms=own_alarms,
        faces=faces,
    )


def _periods(
    connection: Connection, station: int, newest: Mapping[str, Value], parameters: Mapping[int, Any]
) -> dict[int, tuple[int, str]]:
    """Parameter to the period shown, and its feed: the hour where it is measured by the hour."""
    rows = connection.execute(
        select(MEASURED.c.parameter, MEASURED.c.period, MEASURED.c.feed)
        .where(MEASURED.c.station == station)
        .order_by(MEASURED.c.parameter, MEASURED.c.period)
    ).all()
    found: dict[int, tuple[int, str]] = {}
    for parameter, period, feed in rows:
        if parameter not in found or period == HOUR:
            found[parameter] = (period, feed)
    # A station that only a feed knows has values without being told to measure anything.
    for number, parameter in parameters.items():
        if parameter.code in newest:
            found.setdefault(number, (newest[parameter.code].period, ""))
    return found


def _peers(connection: Connection, station: Any) -> list[int]:
    """The stations to compare one with, as `backend.city.registry.City.peers` picks them."""
    kin = connection.execute(
        select(STATION.c.id, STATION.c.county, STATION.c.lon, STATION.c.lat).where(
            STATION.c.kind == station.kind,
            STATION.c.id != station.id,
            STATION.c.in_service,
            STATION.c.placed,
        )
    ).all()
    county = [one.id for one in kin if station.county and one.county == station.county]
    if len(county) >= PEERS_IN_COUNTY or station.lon is None:
        return county
    near = sorted(
        (distance_km(station.lon, station.lat, one.lon, one.lat), one.id)
        for one in kin
        if one.lon is not None
    )
    return [one for far, one in near[:NEAREST] if far <= NEAREST_KM]


_READINGS = text(
    "SELECT start, station, parameter, value, flag FROM reading "
    "WHERE start IN :starts AND station IN :stations AND period = :period"
).bindparams(bindparam("starts", expanding=True), bindparam("stations", expanding=True))


def _series(
    connection: Connection,
    station: int,
    peers: Sequence[int],
    periods: Mapping[int, tuple[int, str]],
    parameters: Mapping[int, Any],
    newest: int,
    now: int,
    hours: int,
) -> dict[str, Series]:
    found: dict[str, Series] = {}
    # Hours are counted from where the station's own begin: half past UTC's in some zones.
    of = select(LATEST.c.period, func.max(LATEST.c.start)).where(LATEST.c.station == station)
    aligned = {
        row[0]: row[1] // QUARTER * QUARTER for row in connection.execute(of.group_by(LATEST.c.period))
    }
    for period in sorted({period for period, _ in periods.values()}):
        # A period that is over and not due yet is no gap.
        last = newest if now - newest <= 2.5 * period else now - period
        last -= (last - aligned.get(period, 0)) % period
        starts = range(last - min(hours * HOUR // period, LONGEST) * period + period, last + period, period)
        stations = [station, *(peers if period >= QUARTER else ())]
        answer = connection.execute(
            _READINGS, {"starts": list(starts), "stations": stations, "period": period}
        )
        own: defaultdict[int, list[Point]] = defaultdict(list)
        others: defaultdict[int, defaultdict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
        for start, who, parameter, value, flag in answer:
            if who == station:
                own[parameter].append(Point(start, value, flag))
            elif flag == GOOD and value is not None:
                others[parameter][start].append(value)
        for number, (shown, _) in periods.items():
            if shown == period and number in parameters:
                medians = {start: statistics.median(values) for start, values in others[number].items()}
                code = parameters[number].code
                found[code] = Series(code, period, sorted(own[number]), medians, starts.start, starts.stop)
    return found


def _measures(
    station: Any,
    row: StationRow,
    periods: Mapping[int, tuple[int, str]],
    parameters: Mapping[int, Any],
    series: Mapping[str, Series],
    never: frozenset[str],
    desk: Desk,
) -> list[Measure]:
    day = day_of(desk.now if row.newest is None else row.newest, desk)
    air = judging.Air()
    if station.kind in AIR_KINDS:
        air = judging.air(row.values, row.newest, day, never)
    found = []
    for number, (period, feed) in sorted(periods.items()):
        parameter = parameters.get(number)
        if parameter is None:
            continue
        newest = row.values.get(parameter.code)
        bound, code = _limit(station, parameter.code, period, day)
        line = series.get(parameter.code)
        found.append(
            Measure(
                parameter=parameter.code,
                name=parameter.name,
                name_en=parameter.name_en,
                unit=parameter.unit,
                decimals=parameter.decimals,
                period=period,
                feed=feed,
                newest=newest,
                iaqi=air.sub.get(parameter.code),
                median=line.peers.get(newest.start) if line and newest else None,
                limit=bound,
                limit_code=code,
            )
        )
    return found


def _limit(station: Any, parameter: str, period: int, day: Any) -> tuple[float | None, str]:
    """The limit that one value of this period is held against."""
    if station.kind in AIR_KINDS and period == HOUR:
        found = limits.limit(parameter, "1h", day)
        return (float(found.value()), "gb3095") if found else (None, "")
    aim = water_target(station.target) if station.kind == "water" else None
    if aim is not None:
        limit = water.water_limit(parameter, aim[1], day)
        if limit is not None and limit.sense != "within":
            return float(limit.classes[aim[0] - 1][1]), "gb3838"
    return None, ""


def faces(desk: Desk, code: str) -> list[Face]:
    """Where one can go from a station: itself, its tasks and alarms, its source, its grids, its feeds."""
    found = page(desk, code, hours=1)
    if found is None:
        return []
    alarm = [Face("alarm", str(row.id), row.rule) for row in found.alarms[:5]]
    return [Face("station", code, found.row.name), *alarm, *found.faces, *_spans(desk, found)]


def _spans(desk: Desk, page: StationPage) -> list[Face]:
    """The newest day of each parameter, to be judged by a person: also what no check objects to can be wrong."""
    with desk.store.read() as connection:
        number = connection.execute(select(STATION.c.id).where(STATION.c.code == page.row.code)).scalar_one()
        codes = {row.code: row.id for row in connection.execute(select(PARAMETER.c.code, PARAMETER.c.id))}
    return [
        Face("span", _day_of_values(number, codes[one.parameter], one), _name(one, desk))
        for one in page.measures
        if one.newest is not None and one.period > 0
    ]


def _name(measure: Measure, desk: Desk) -> str:
    return (measure.name_en if desk.language == "en" else measure.name) or measure.parameter


def _day_of_values(station: int, parameter: int, measure: Measure) -> str:
    newest = 0 if measure.newest is None else measure.newest.start
    since = newest - (DAY // measure.period - 1) * measure.period if measure.period < DAY else newest
    return SpanKey(station, parameter, measure.period, since, newest + measure.period).text
