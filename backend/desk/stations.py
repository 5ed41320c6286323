"""Stations: the board of all kinds, and one station's page with its trend and its peers."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text

from backend.alarms.tables import Alarm
from backend.city.tables import Parameter, Source, Station, StationParameter
from backend.desk.desk import Desk
from backend.desk.scope import Scope, grid_names, scope_of
from backend.standards import aqi
from backend.store import table
from backend.store.tables import Latest
from backend.text import fold

ALARM, LATEST = table(Alarm), table(Latest)
PARAMETER, SOURCE, STATION, MEASURED = (
    table(Parameter),
    table(Source),
    table(Station),
    table(StationParameter),
)
AIR_KINDS = frozenset({"air", "township_air"})
GOOD, MISSING = 1, 9


class Value(NamedTuple):
    """A station's newest reading of one parameter."""

    parameter: str
    value: float | None
    flag: int
    qualifier: str
    reason: str
    start: int


@dataclass(frozen=True, slots=True)
class StationRow:
    """A line of the stations board."""

    code: str
    name: str
    kind: str
    county: str
    township: str
    state: str
    """``good``, ``suspect``, ``invalid``, ``no_value`` (came without a value), ``silent`` (nothing came),
    ``off`` (out of service), ``unplaced``: the absences differ."""
    newest: int | None
    """The start of the newest period that anything is known of."""
    aqi: int | None
    level: int
    """AQI level 1 to 6; 0 where there is none."""
    primary: tuple[str, ...]
    values: Mapping[str, Value]
    alarms: int
    """Alarms that stand."""
    made_up: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One parameter of a station over time, with the median of its peers beside it."""

    parameter: str
    unit: str
    decimals: int
    period: int
    points: Sequence[tuple[int, float | None, int]]
    """start, value, flag; oldest first; hours in which nothing came are absent."""
    peers: Mapping[int, float]
    """The peers' median by start."""


@dataclass(frozen=True, slots=True)
class StationPage:
    """All that a person needs of one station."""

    row: StationRow
    grid: str
    lon: float | None
    lat: float | None
    source: str
    source_name: str
    parameters: Mapping[str, tuple[str, str, str, int]]
    """Code to Chinese name, English name, unit, decimals."""
    series: Sequence[Series] = field(default_factory=list)


def _when(start: int, desk: Desk) -> datetime:
    return datetime.fromtimestamp(start, UTC).astimezone(desk.zone)


def _latest(connection: Connection, scope: Scope, kinds: Iterable[str]) -> dict[int, dict[str, Value]]:
    wanted = list(kinds)
    query = (
        select(
            LATEST.c.station,
            PARAMETER.c.code,
            LATEST.c.value,
            LATEST.c.flag,
            LATEST.c.qualifier,
            LATEST.c.reason,
            LATEST.c.start,
        )
        .join(STATION, STATION.c.id == LATEST.c.station)
        .join(PARAMETER, PARAMETER.c.id == LATEST.c.parameter)
        .where(scope.covers(STATION))
        # The hourly value is what a board compares; a minute value of the same hour must not hide it.
        .order_by(LATEST.c.start)
    )
    if wanted:
        query = query.where(STATION.c.kind.in_(wanted))
    found: defaultdict[int, dict[str, Value]] = defaultdict(dict)
    for station, code, value, flag, qualifier, reason, start in connection.execute(query):
        found[station][code] = Value(code, value, flag, qualifier, reason, start)
    return found


def _standing(connection: Connection) -> dict[int, int]:
    rows = connection.execute(
        select(ALARM.c.station, func.count()).where(ALARM.c.state != "NORM").group_by(ALARM.c.station)
    )
    return {station: count for station, count in rows if station is not None}


def _periods(connection: Connection) -> dict[int, int]:
    rows = connection.execute(
        select(MEASURED.c.station, func.min(MEASURED.c.period)).group_by(MEASURED.c.station)
    )
    return {row[0]: row[1] for row in rows}


def state_of(values: Iterable[Value], *, in_service: bool, placed: bool, period: int, now: int) -> str:
    """One word for what a station's newest readings are worth."""
    if not placed:
        return "unplaced"
    if not in_service:
        return "off"
    newest = list(values)
    if not newest:
        return "silent"
    start = max(value.start for value in newest)
    # A value is due when its period has ended, and feeds are given one period and a half more.
    if now - start > 2.5 * period + 600:
        return "silent"
    flags = [value.flag for value in newest if value.start == start]
    if all(flag == MISSING for flag in flags):
        return "no_value"
    present = [flag for flag in flags if flag != MISSING]
    if all(flag == GOOD for flag in present):
        return "good"
    return "invalid" if all(flag > 3 for flag in present) else "suspect"


def _air(values: Mapping[str, Value], newest: int, desk: Desk) -> tuple[int | None, int, tuple[str, ...]]:
    good = {
        code: value.value
        for code, value in values.items()
        if value.flag == GOOD and value.start == newest and value.value is not None
    }
    if not good:
        return None, 0, ()
    result = aqi.realtime(good, _when(newest, desk).date())
    return result.aqi, result.level.number if result.level else 0, tuple(result.primary)


def board(desk: Desk, *, kinds: Sequence[str] = (), find: str = "", only: str = "") -> list[StationRow]:
    """The stations of the person's jurisdiction, by county, kind and code.

    Args:
        kinds: only these kinds; all but power where empty.
        find: only those whose name, code or pinyin initials hold this.
        only: ``alarm`` those with an alarm, ``trouble`` those that are not good.
    """
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        names = grid_names(connection)
        query = (
            select(STATION)
            .where(scope.covers(STATION))
            .order_by(STATION.c.county, STATION.c.kind, STATION.c.code)
        )
        query = query.where(STATION.c.kind.in_(kinds) if kinds else STATION.c.kind != "power")
        stations = connection.execute(query).all()
        latest = _latest(connection, scope, kinds)
        standing = _standing(connection)
        periods = _periods(connection)
    wanted = fold(find)
    rows = []
    for station in stations:
        if wanted and not any(
            wanted in fold(part) for part in (station.name, station.code, station.initials)
        ):
            continue
        values = latest.get(station.id, {})
        row = _row(
            station, values, names, standing.get(station.id, 0), periods.get(station.id, 3600), now, desk
        )
        if (only == "alarm" and not row.alarms) or (only == "trouble" and row.state == "good"):
            continue
        rows.append(row)
    return rows


def _row(
    station: Any,
    values: Mapping[str, Value],
    names: Mapping[str, str],
    alarms: int,
    period: int,
    now: int,
    desk: Desk,
) -> StationRow:
    newest = max((value.start for value in values.values()), default=None)
    index, level, primary = (
        _air(values, newest, desk) if newest is not None and station.kind in AIR_KINDS else (None, 0, ())
    )
    return StationRow(
        code=station.code,
        name=station.name,
        kind=station.kind,
        county=names.get(station.county, ""),
        township=names.get(station.township, ""),
        state=state_of(
            values.values(), in_service=station.in_service, placed=station.placed, period=period, now=now
        ),
        newest=newest,
        aqi=index,
        level=level,
        primary=primary,
        values=values,
        alarms=alarms,
        made_up=station.made_up,
    )


_SERIES = text(
    "SELECT r.start, r.station, r.parameter, r.period, r.value, r.flag FROM reading r "
    "WHERE r.start IN :starts AND r.station IN :stations"
).bindparams(bindparam("starts", expanding=True), bindparam("stations", expanding=True))


def page(desk: Desk, code: str, *, hours: int = 48) -> StationPage | None:
    """A station with the last ``hours`` of each of its parameters; None where there is no such station."""
    with desk.store.read() as connection:
        station = connection.execute(select(STATION).where(STATION.c.code == code)).one_or_none()
        if station is None:
            return None
        names = grid_names(connection, level=4)
        latest = _latest(connection, Scope("", 1), [station.kind]).get(station.id, {})
        period = _periods(connection).get(station.id, 3600)
        alarms = _standing(connection).get(station.id, 0)
        parameters = {row.id: row for row in connection.execute(select(PARAMETER))}
        peers = _peers(connection, station)
        newest = max((value.start for value in latest.values()), default=desk.now - desk.now % period)
        starts = range(newest - hours * 3600 + period, newest + period, period)
        readings = connection.execute(
            _SERIES, {"starts": list(starts), "stations": [station.id, *peers]}
        ).all()
        source = connection.execute(
            select(SOURCE.c.name).where(SOURCE.c.code == station.source)
        ).scalar_one_or_none()
    return StationPage(
        row=_row(station, latest, names, alarms, period, desk.now, desk),
        grid=names.get(station.grid, ""),
        lon=station.lon,
        lat=station.lat,
        source=station.source,
        source_name=source or "",
        parameters={p.code: (p.name, p.name_en, p.unit, p.decimals) for p in parameters.values()},
        series=_series(station.id, readings, parameters),
    )


def _peers(connection: Connection, station: Any) -> list[int]:
    rows = connection.execute(
        select(STATION.c.id).where(
            STATION.c.kind == station.kind,
            STATION.c.county == station.county,
            STATION.c.id != station.id,
            STATION.c.in_service,
            STATION.c.placed,
        )
    )
    return [row.id for row in rows][:200]


def _series(station: int, readings: Sequence[Any], parameters: Mapping[int, Any]) -> list[Series]:
    own: defaultdict[tuple[int, int], list[tuple[int, float | None, int]]] = defaultdict(list)
    others: defaultdict[tuple[int, int], defaultdict[int, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for start, who, parameter, period, value, flag in readings:
        if who == station:
            own[parameter, period].append((start, value, flag))
        elif flag == GOOD and value is not None:
            others[parameter, period][start].append(value)
    return [
        Series(
            parameter=parameters[parameter].code,
            unit=parameters[parameter].unit,
            decimals=parameters[parameter].decimals,
            period=period,
            points=sorted(points),
            peers={start: statistics.median(values) for start, values in others[parameter, period].items()},
        )
        for (parameter, period), points in sorted(own.items())
        if parameter in parameters
    ]
