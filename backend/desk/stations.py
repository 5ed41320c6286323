"""Stations: the board of all kinds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from backend.alarms.tables import Alarm
from backend.city.called import found_by, said
from backend.city.tables import Parameter, Station, StationParameter
from backend.desk import judging
from backend.desk.desk import Desk
from backend.desk.judging import AIR_KINDS, DUST_KINDS, HOUR, Value, state_of
from backend.desk.measured import unmonitored
from backend.desk.scope import Scope, grid_names, scope_of, standing
from backend.store import table
from backend.store.tables import CountyHour, Latest
from backend.text import fold

ALARM, COUNTY_HOUR, LATEST = table(Alarm), table(CountyHour), table(Latest)
PARAMETER, STATION, MEASURED = table(Parameter), table(Station), table(StationParameter)
DUST = "pm10"
"""What dust is compared with the county by."""

__all__ = ["AIR_KINDS", "DUST_KINDS", "HOUR", "StationRow", "Value", "board", "counts", "kinds", "state_of"]


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
    initials: str = ""
    """What else it is found by: pinyin initials, and the Chinese name where the English one is shown."""
    excess: float | None = None
    """Dust stations: PM10 less the county's mean of the same hour."""
    water: judging.Water | None = None
    """Water sections: the class of the newest sample."""
    source: str = ""
    """The source at which it stands."""


def kinds(desk: Desk) -> list[str]:
    """The kinds of station that the city has."""
    with desk.store.read() as connection:
        return sorted(connection.execute(select(STATION.c.kind).distinct()).scalars())


def day_of(start: int, desk: Desk) -> date:
    """The city's date at an instant."""
    return datetime.fromtimestamp(start, UTC).astimezone(desk.zone).date()


def latest(connection: Connection, *conditions: Any) -> dict[int, dict[str, Value]]:
    """The newest value of each parameter of the stations that fulfil the conditions.

    Where a parameter comes by the hour and by the minute, the hour's value is shown: it is what limits are for.
    """
    query = (
        select(
            LATEST.c.station,
            PARAMETER.c.code,
            LATEST.c.value,
            LATEST.c.flag,
            LATEST.c.qualifier,
            LATEST.c.reason,
            LATEST.c.start,
            LATEST.c.period,
        )
        .join(STATION, STATION.c.id == LATEST.c.station)
        .join(PARAMETER, PARAMETER.c.id == LATEST.c.parameter)
        .where(*conditions)
        # To the last column: what is the newest, and the order in which values are told, is the same on every store.
        .order_by(
            case((LATEST.c.period == HOUR, 1), else_=0), LATEST.c.start, LATEST.c.period, LATEST.c.parameter
        )
    )
    found: defaultdict[int, dict[str, Value]] = defaultdict(dict)
    # Fetched at once: row by row costs twice as much, and a city has 10,000 of them.
    for row in connection.execute(query).all():
        found[row[0]][row[1]] = Value._make(row[1:])
    return found


def alarm_counts(connection: Connection) -> Mapping[int, int]:
    """How many alarms stand at each station."""
    # Counted here: grouping in the database walks every alarm that ever was, by station.
    rows = connection.execute(select(ALARM.c.station).where(standing(ALARM)))
    return Counter(station for station in rows.scalars() if station is not None)


def periods(connection: Connection, *conditions: Any) -> dict[int, int]:
    """The shortest period of each station that fulfils the conditions."""
    rows = connection.execute(
        select(MEASURED.c.station, func.min(MEASURED.c.period))
        .join(STATION, STATION.c.id == MEASURED.c.station)
        .where(*conditions)
        .group_by(MEASURED.c.station)
    )
    return {row[0]: row[1] for row in rows}


def county_means(
    connection: Connection, starts: Iterable[int], parameter: str
) -> dict[tuple[str, int], float]:
    """The mean of a parameter over a county's air stations, by county and hour."""
    rows = connection.execute(
        select(
            COUNTY_HOUR.c.county,
            COUNTY_HOUR.c.start,
            func.sum(COUNTY_HOUR.c.total) / func.sum(COUNTY_HOUR.c.count),
        )
        .join(PARAMETER, PARAMETER.c.id == COUNTY_HOUR.c.parameter)
        .where(
            COUNTY_HOUR.c.start.in_(sorted(set(starts))),
            COUNTY_HOUR.c.kind.in_(sorted(AIR_KINDS)),
            PARAMETER.c.code == parameter,
        )
        .group_by(COUNTY_HOUR.c.county, COUNTY_HOUR.c.start)
    )
    return {(county, start): mean for county, start, mean in rows}


@dataclass(frozen=True, slots=True)
class Around:
    """What a row is made with, besides the station itself."""

    desk: Desk
    names: Mapping[str, str]
    latest: Mapping[int, Mapping[str, Value]]
    alarms: Mapping[int, int]
    periods: Mapping[int, int]
    means: Mapping[tuple[str, int], float]
    unmonitored: Mapping[int, frozenset[str]]
    """What air stations never measure of what the AQI is made of; those that measure all of it are absent."""
    now: int

    def row(self, station: Any) -> StationRow:
        """One station's line."""
        values = self.latest.get(station.id, {})
        newest = max((value.start for value in values.values()), default=None)
        air, sample = judging.Air(), None
        if station.kind in AIR_KINDS or station.kind == "water":
            day = day_of(self.now if newest is None else newest, self.desk)
            if station.kind == "water":
                sample = judging.water_class(values, station.target, day)
            else:
                air = judging.air(values, newest, day, self.unmonitored.get(station.id, ()))
        dust = values.get(DUST) if station.kind in DUST_KINDS else None
        return StationRow(
            code=station.code,
            name=said(station, self.desk.language),
            kind=station.kind,
            county=self.names.get(station.county, ""),
            township=self.names.get(station.township, ""),
            state=state_of(
                values.values(),
                in_service=station.in_service,
                placed=station.placed,
                period=self.periods.get(station.id, HOUR),
                now=self.now,
            ),
            newest=newest,
            aqi=air.index,
            level=air.level,
            primary=air.primary,
            values=values,
            alarms=self.alarms.get(station.id, 0),
            made_up=station.made_up,
            initials=found_by(station, self.desk.language),
            excess=judging.above(dust, self.means.get((station.county, dust.start))) if dust else None,
            water=sample,
            source=station.source,
        )


def around(connection: Connection, desk: Desk, *conditions: Any) -> Around:
    """What the rows of the stations that fulfil the conditions are made with."""
    found = latest(connection, *conditions)
    starts = {values[DUST].start for values in found.values() if DUST in values}
    return Around(
        desk=desk,
        names=grid_names(connection, desk.language),
        latest=found,
        alarms=alarm_counts(connection),
        periods=periods(connection, *conditions),
        means=county_means(connection, starts, DUST) if starts else {},
        unmonitored=unmonitored(connection, *conditions),
        now=desk.now,
    )


def _within(scope: Scope, kinds: Sequence[str]) -> tuple[Any, ...]:
    return scope.covers(STATION), STATION.c.kind.in_(kinds) if kinds else STATION.c.kind != "power"


def board(desk: Desk, *, kinds: Sequence[str] = (), find: str = "", only: str = "") -> list[StationRow]:
    """The stations of the person's jurisdiction, by county, kind and code.

    Args:
        kinds: only these kinds; all but power where empty.
        find: only those whose name, code or pinyin initials hold this.
        only: ``alarm`` those with an alarm, ``trouble`` those that are not good.
    """
    with desk.store.read() as connection:
        conditions = _within(scope_of(connection, desk.actor.grid), kinds)
        query = select(STATION).where(*conditions).order_by(STATION.c.county, STATION.c.kind, STATION.c.code)
        stations = connection.execute(query).all()
        making = around(connection, desk, *conditions)
    wanted = fold(find)
    rows = []
    for station in stations:
        if wanted and not any(
            wanted in fold(part) for part in (station.name, station.name_en, station.code, station.initials)
        ):
            continue
        row = making.row(station)
        if (only == "alarm" and not row.alarms) or (only == "trouble" and row.state == "good"):
            continue
        rows.append(row)
    return rows


def counts(desk: Desk) -> dict[str, int]:
    """How many stations of each kind lie in the person's jurisdiction."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = select(STATION.c.kind, func.count()).where(scope.covers(STATION)).group_by(STATION.c.kind)
        return {row[0]: row[1] for row in connection.execute(query)}
