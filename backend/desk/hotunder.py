"""What lies under a place, and when it is hot: the parts of `backend.desk.hotspots` that look at one place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from backend.city.called import called, said
from backend.city.geometry import distance_km
from backend.city.registry import ParameterRow
from backend.city.tables import Source, Station
from backend.desk.desk import Desk
from backend.desk.hotspotrows import HotHours, NearSource, NearStation, ProfileHour, Under
from backend.store import table
from backend.store.tables import Latest
from backend.tasks.tables import Task
from backend.words import Message

if TYPE_CHECKING:
    from backend.analysis.hotspots.network import Network
    from backend.analysis.hotspots.work import Worker

LATEST, SOURCE, STATION, TASK = table(Latest), table(Source), table(Station), table(Task)
NEAREST = 8
"""Stations and sources that are listed."""


def hot_hours_of(
    desk: Desk,
    conn: Connection,
    worker: Worker,
    network: Network,
    one: ParameterRow,
    code: str,
    start: int,
    days: int,
) -> HotHours | None:
    """When a grid, a cell or a station is hot; None for an unknown one."""
    from backend.analysis.hotspots.hours import profile

    city = worker.watch.city
    columns, name = _columns(desk, worker, network, code)
    if columns is None:
        return None
    found = profile(conn, worker.watch, network, one, columns, start, days)
    hot = [hour.hour for hour in found.hours if hour.hot]
    words = [
        Message(
            "hotspots.hours.none" if not hot else "hotspots.hours.hot", {"hours": spans(hot), "days": days}
        )
    ]
    if found.gap_days:
        words.append(Message("hotspots.hours.gaps", {"count": found.gap_days}))
    return HotHours(
        code=code,
        name=name,
        parameter=one.code,
        unit=one.unit,
        at=start,
        days=days,
        hours=[ProfileHour(h.hour, h.increment, h.days, h.high, h.hot) for h in found.hours],
        weekdays=found.weekdays,
        stations=[city.stations[network.stations[column].id].code for column in columns],
        words=words,
    )


def spans(hours: list[int]) -> str:
    """Hours of day as stretches of clock time: 20:00-02:00, 07:00-09:00; stretches over midnight are one."""
    if len(hours) == 24:
        return "00:00-24:00"
    wanted = set(hours)
    begins = [hour for hour in sorted(wanted) if (hour - 1) % 24 not in wanted]
    parts = []
    for begin in begins:
        end = begin
        while end % 24 in wanted:
            end += 1
        parts.append(f"{begin:02d}:00-{(end - 1) % 24 + 1:02d}:00")
    return ", ".join(parts)


def _columns(desk: Desk, worker: Worker, network: Network, code: str) -> tuple[list[int] | None, str]:
    """The stations that speak for a place, and its name."""
    city = worker.watch.city
    station = city.by_code.get(code)
    if station is not None:
        found = [column for column, row in enumerate(network.stations) if row.id == station.id]
        return (found or None), said(station, desk.language)
    grid = city.grids.get(code)
    side = code.partition(":")[0]
    if grid is not None:
        places, name = worker.places(network, grid.level), said(grid, desk.language)
    elif side.isdigit() and code.count(":") == 2:
        places, name = worker.places(network, 0, int(side)), ""
    else:
        return None, ""
    if code not in places.codes:
        return None, name
    index = places.codes.index(code)
    own = [int(column) for column in places.stations[index]]
    if not own:
        near = places.weights
        own = [
            int(who)
            for who, metres, weight in zip(
                near.who[index], near.apart[index], near.weight[index], strict=True
            )
            if metres <= network.reach and weight > 0.1
        ]
    return (own or None), name


def under_place(
    desk: Desk, conn: Connection, worker: Worker, lon: float, lat: float, at: int | None, parameter: str
) -> Under:
    """Grids, stations, sources and tasks under a place; what is hot there is left to the caller."""
    city = worker.watch.city
    path = _path(desk, worker, lon, lat)
    tasks: list[str] = []
    for _level, code, _name in path:
        if not tasks:
            column = TASK.c.grid
            level = city.grids[code].level
            column = TASK.c.county if level == 2 else TASK.c.township if level == 3 else column
            rows = conn.execute(select(TASK.c.id).where(TASK.c.closed.is_(None), column == code).limit(20))
            tasks = [str(row.id) for row in rows] if level > 1 else []
    return Under(
        lon=lon,
        lat=lat,
        path=path,
        stations=_stations(desk, conn, worker, lon, lat, at, parameter),
        sources=_sources(desk, conn, lon, lat),
        tasks=tasks,
        hot=(),
    )


def _path(desk: Desk, worker: Worker, lon: float, lat: float) -> list[tuple[int, str, str]]:
    city = worker.watch.city
    code = worker.watch.ground.finest(lon, lat)
    return [
        (city.grids[one].level, one, said(city.grids[one], desk.language))
        for one in city.path(code)
        if one in city.grids
    ]


def _near(lat: float, degrees: float) -> tuple[float, float]:
    """Half a box's width in degrees of longitude and latitude."""
    return degrees / max(0.2, math.cos(math.radians(lat))), degrees


def _stations(
    desk: Desk, conn: Connection, worker: Worker, lon: float, lat: float, at: int | None, parameter: str
) -> list[NearStation]:
    city = worker.watch.city
    one = city.parameter(parameter) if parameter else None
    near = worker.nearest(lon, lat, one.id if one is not None else None, NEAREST)
    values = _values(conn, worker, one, [number for _, number in near], at) if one else {}
    return [
        NearStation(
            city.stations[number].code,
            said(city.stations[number], desk.language),
            city.stations[number].kind,
            round(metres, 1),
            values.get(number),
            parameter,
        )
        for metres, number in near
    ]


def _values(
    conn: Connection, worker: Worker, one: ParameterRow, stations: list[int], at: int | None
) -> dict[int, float]:
    """What stations say: now, or as the mean of the analysis step that begins at an instant, as a map shows it."""
    from backend.analysis.field import read_field

    if not stations:
        return {}
    if at is None:
        rows = conn.execute(
            select(LATEST.c.station, LATEST.c.value).where(
                LATEST.c.parameter == one.id, LATEST.c.station.in_(stations), LATEST.c.flag == 1
            )
        )
        return {row.station: row.value for row in rows if row.value is not None}
    found: dict[int, float] = {}
    for network in worker.watch.networks.values():
        own = [number for number in stations if number in network.column]
        if own and any(each.code == one.code for each in network.parameters):
            read = read_field(
                conn, worker.watch.city, parameters=[one.code], start=at, end=at + network.step, period=network.step,
                stations=own,
            )  # fmt: skip
            told = read.values[one.code][0].tolist() if len(read.times) else ()
            found |= {
                row.id: value for row, value in zip(read.stations, told, strict=False) if value == value
            }
    return found


def _sources(desk: Desk, conn: Connection, lon: float, lat: float) -> list[NearSource]:
    for degrees in (0.05, 0.5, 5.0):
        wide, high = _near(lat, degrees)
        rows = conn.execute(
            select(
                SOURCE.c.code,
                SOURCE.c.kind,
                SOURCE.c.grade,
                SOURCE.c.lon,
                SOURCE.c.lat,
                called(SOURCE, desk.language).label("name"),
            ).where(
                SOURCE.c.in_service,
                SOURCE.c.lon.between(lon - wide, lon + wide),
                SOURCE.c.lat.between(lat - high, lat + high),
            )
        ).all()
        if len(rows) >= NEAREST or degrees > 1:
            break
    near = sorted(rows, key=lambda row: distance_km(lon, lat, row.lon, row.lat))[:NEAREST]
    return [
        NearSource(
            row.code, row.name, row.kind, row.grade, round(distance_km(lon, lat, row.lon, row.lat) * 1000, 1)
        )
        for row in near
    ]
