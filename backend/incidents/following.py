"""Alarms find their incident, or open one.

One incident for a place and a type; stations of one county within a few kilometres that show the same pollutant in
the same hours are one place; a region is one incident, whatever the number of its stations.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select

from backend.alarms.evaluation import Findings
from backend.alarms.machine import State
from backend.alarms.rules import higher
from backend.alarms.standing import Standing
from backend.alarms.tables import Alarm
from backend.city.geometry import distance_km
from backend.city.registry import City
from backend.incidents.ids import mint
from backend.incidents.tables import Incident
from backend.incidents.titles import title
from backend.store import table

INCIDENT, ALARM = table(Incident), table(Alarm)
NEAR_KM = 3.0
"""Neighbours so near, in the same hours and with the same pollutant, are one place (domain paper 3.3 rule 10)."""
FEW = 400
"""So many incidents are asked for by their numbers, more are read with all that are open."""
CELL = 0.05
"""Degrees of the cells in which neighbours are looked for: no less than `NEAR_KM` anywhere in the country."""
PLATE = "plate:"
"""What the source of an incident begins with that is one vehicle's."""
SAME_HOURS = 2
"""So many periods may lie between."""


@dataclass(slots=True)
class Opened:
    """What became of alarms that began to ring."""

    opened: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    """Incidents that were open already and got a further alarm."""


@dataclass(slots=True)
class _Open:
    """An open incident, as far as matching needs it."""

    id: str
    type: str
    county: str
    grid: str
    station: int | None
    parameter: int | None
    source: str
    regional: bool
    lon: float | None
    lat: float | None
    last: int
    priority: str
    merged_into: str
    signal: str = ""
    row: dict[str, Any] | None = None
    """The whole row of one that is new."""


_NAMES = ("id", "type", "county", "grid", "station", "parameter", "source", "regional", "lon", "lat", "last")


def open_for(conn: Connection, city: City, findings: Findings, now: int) -> Opened:
    """Give every alarm that rings an incident, and keep the open ones in step with their alarms.

    In the caller's transaction, after `backend.alarms.evaluate` or `sweep` in the same one.
    """
    opened = Opened()
    if not findings.standing and not findings.raised:
        return opened
    columns = [INCIDENT.c[name] for name in (*_NAMES, "priority", "merged_into", "signal")]
    query = select(*columns).where(INCIDENT.c.state == "open")
    followed = {alarm.incident for alarm in findings.standing}
    if not findings.raised and len(followed) <= FEW:
        query = query.where(INCIDENT.c.id.in_(sorted(followed)))
    held = [_Open(*row) for row in conn.execute(query)]
    index = _Index()
    for one in held:
        index.add(one)
    by_id = {one.id: one for one in held}
    before = {one.id: (one.last, one.priority, one.merged_into) for one in held}
    linked: list[tuple[Standing, _Open]] = []
    joined: dict[str, None] = {}
    fresh: list[_Open] = []
    # What rings against an order names the incident, before what rings for the same dust by its amount.
    for alarm in sorted(findings.raised, key=lambda one: (not one.seen.get("order"), one.id)):
        if alarm.incident in by_id:
            continue
        found = index.match(city, alarm)
        if found is None:
            found = _fresh(city, alarm, now, len(fresh))
            fresh.append(found)
            index.add(found)
        elif found.row is None:
            joined[found.id] = None
        linked.append((alarm, found))
        _grow(found, alarm)
    _insert(conn, city, fresh, now)
    opened.opened, opened.joined = [one.id for one in fresh], list(joined)
    _link(conn, linked)
    _keep_step(conn, findings.standing, by_id, before)
    return opened


def _type(alarm: Standing) -> str:
    return str(alarm.seen.get("type", "")) or alarm.rule


def _source(alarm: Standing) -> str:
    """The source that an incident is at; two feeds of one city are two incidents, and so are two vehicles."""
    if alarm.subject:
        return f"{PLATE}{alarm.subject}"
    return alarm.source or (f"feed:{alarm.feed}" if alarm.station is None and alarm.feed else "")


class _Index:
    """Open incidents by what an alarm can be matched with, so that a storm of alarms finds each of its own at once."""

    def __init__(self) -> None:
        self._exact: dict[tuple[str, str, object], _Open] = {}
        self._near: dict[tuple[str, str, int | None, int, int], list[_Open]] = {}

    def add(self, one: _Open) -> None:
        """Let an incident be found, by its type and by the one that signals know it by."""
        for kind in {one.type, one.signal} - {""}:
            self._add(kind, one)

    def _add(self, kind: str, one: _Open) -> None:
        if one.source.startswith(PLATE):
            self._exact.setdefault((kind, "source", one.source), one)
            return
        if one.regional:
            self._exact.setdefault((kind, "region", (one.grid, one.source)), one)
            return
        self._exact.setdefault((kind, "station", one.station), one)
        if one.source:
            self._exact.setdefault((kind, "source", one.source), one)
        if one.lon is not None and one.lat is not None:
            cell = (kind, one.county, one.parameter, *_cell(one.lon, one.lat))
            self._near.setdefault(cell, []).append(one)

    def match(self, city: City, alarm: Standing) -> _Open | None:
        """The open incident that an alarm belongs to."""
        kind = _type(alarm)
        if alarm.subject:
            return self._exact.get((kind, "source", _source(alarm)))
        if alarm.station is None:
            return self._exact.get((kind, "region", (alarm.grid, _source(alarm))))
        found = self._exact.get((kind, "station", alarm.station))
        if found is None and alarm.source:
            found = self._exact.get((kind, "source", alarm.source))
        station = city.stations.get(alarm.station)
        if found is not None or station is None or station.lon is None or station.lat is None:
            return found
        east, north = _cell(station.lon, station.lat)
        cells = ((east + x, north + y) for x in (-1, 0, 1) for y in (-1, 0, 1))
        candidates = (
            one for cell in cells for one in self._near.get((kind, alarm.county, alarm.parameter, *cell), ())
        )
        return next((one for one in candidates if _neighbours(city, one, alarm)), None)


def _cell(lon: float, lat: float) -> tuple[int, int]:
    """The cell that a point lies in."""
    return math.floor(lon / CELL), math.floor(lat / CELL)


def _neighbours(city: City, one: _Open, alarm: Standing) -> bool:
    station = city.stations.get(alarm.station or 0)
    if one.county != alarm.county or one.parameter != alarm.parameter or alarm.parameter is None:
        return False
    if station is None or station.lon is None or station.lat is None or one.lon is None or one.lat is None:
        return False
    if alarm.began > one.last + SAME_HOURS * alarm.period:
        return False
    return distance_km(one.lon, one.lat, station.lon, station.lat) <= NEAR_KM


def _fresh(city: City, alarm: Standing, now: int, number: int) -> _Open:
    station = city.stations.get(alarm.station or 0)
    code, args = title(city, alarm)
    place = station.name if station is not None else alarm.feed or _grid_name(city, alarm.grid)
    source = _source(alarm)
    lon, lat = (station.lon, station.lat) if station is not None else (None, None)
    row: dict[str, Any] = {
        "type": _type(alarm),
        "state": "open",
        "priority": alarm.priority,
        "title_code": code,
        "title_args": json.dumps(args, ensure_ascii=False),
        "grid": alarm.grid,
        "county": alarm.county,
        "township": alarm.township,
        "place": place,
        "lon": lon,
        "lat": lat,
        "station": alarm.station,
        "parameter": alarm.parameter,
        "source": source,
        "regional": alarm.station is None,
        "opened": now,
        "closed": None,
        "last": alarm.last,
        "merged_into": "",
        "origin": "alarm",
    }
    return _Open(
        id=f"#{number}",
        type=_type(alarm),
        county=alarm.county,
        grid=alarm.grid,
        station=alarm.station,
        parameter=alarm.parameter,
        source=source,
        regional=alarm.station is None,
        lon=lon,
        lat=lat,
        last=alarm.last,
        priority=alarm.priority,
        merged_into="",
        row=row,
    )


def _grid_name(city: City, code: str) -> str:
    grid = city.grids.get(code)
    return grid.name if grid is not None else code


def _grow(found: _Open, alarm: Standing) -> None:
    """An incident is as urgent, and as recent, as the most of its alarms."""
    found.last = max(found.last, alarm.last)
    found.priority = higher(found.priority, alarm.priority)
    if found.row is not None:
        found.row["last"], found.row["priority"] = found.last, found.priority


def _insert(conn: Connection, city: City, fresh: Sequence[_Open], now: int) -> None:
    if not fresh:
        return
    for one, number in zip(fresh, mint(conn, city.zone, now, len(fresh)), strict=True):
        one.id = number
    conn.execute(INCIDENT.insert(), [{**(one.row or {}), "id": one.id} for one in fresh])


def _link(conn: Connection, linked: Sequence[tuple[Standing, _Open]]) -> None:
    if not linked:
        return
    changes = []
    for alarm, one in linked:
        alarm.incident = one.id
        changes.append({"which": alarm.id, "to": alarm.incident})
    conn.execute(
        ALARM.update().where(ALARM.c.id == bindparam("which")).values(incident=bindparam("to")), changes
    )
    spoken = [{"by": alarm.key, "to": alarm.incident} for alarm, _ in linked if alarm.station is None]
    if spoken:
        conn.execute(
            ALARM.update()
            .where(ALARM.c.inhibited_by == bindparam("by"), ALARM.c.state == State.SUPPRESSED.value)
            .values(inhibited_by=bindparam("to")),
            spoken,
        )


def _keep_step(
    conn: Connection,
    standing: Iterable[Standing],
    by_id: dict[str, _Open],
    before: dict[str, tuple[int, str, str]],
) -> None:
    """Open incidents follow their alarms; a county's is part of the city's while the city's alarm speaks for it."""
    by_key = {alarm.key: alarm for alarm in standing}
    speaks_for_itself: set[str] = set()
    for alarm in by_key.values():
        one = by_id.get(alarm.incident)
        if one is None:
            continue
        _grow(one, alarm)
        if alarm.station is not None:
            continue
        if alarm.state is State.SUPPRESSED:
            over = by_key.get(alarm.inhibited_by)
            one.merged_into = over.incident if over is not None else alarm.inhibited_by
        else:
            speaks_for_itself.add(one.id)
    for number in speaks_for_itself:
        by_id[number].merged_into = ""
    changes = [
        {"which": one.id, "at": one.last, "urgency": one.priority, "into": one.merged_into}
        for one in by_id.values()
        if before[one.id] != (one.last, one.priority, one.merged_into)
    ]
    if changes:
        conn.execute(
            INCIDENT.update()
            .where(INCIDENT.c.id == bindparam("which"))
            .values(last=bindparam("at"), priority=bindparam("urgency"), merged_into=bindparam("into")),
            changes,
        )
