"""What lies around a place: stations near by with what they say now, the wind, cameras with their addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, text

from backend.city.called import called
from backend.city.geometry import bearing, distance_km
from backend.city.kept import kept
from backend.city.tables import Camera, Grid, Parameter, Source, Station
from backend.desk.judging import AIR_KINDS, DUST_KINDS, HOUR, Value
from backend.desk.triagerules import TriageRules
from backend.incidents.tables import Incident
from backend.store import table
from backend.store.tables import Latest

CAMERA, GRID, INCIDENT = table(Camera), table(Grid), table(Incident)
LATEST, PARAMETER, SOURCE, STATION = table(Latest), table(Parameter), table(Source), table(Station)
KM_A_DEGREE = 111.2
MIXED = AIR_KINDS | DUST_KINDS
"""Kinds whose stations measure the same air."""
READINGS = text(
    "SELECT start, station, value, flag FROM reading "
    "WHERE start IN :starts AND station IN :stations AND parameter = :parameter AND period = :period"
).bindparams(bindparam("starts", expanding=True), bindparam("stations", expanding=True))


class Spot(NamedTuple):
    """A position, WGS-84 degrees."""

    lon: float
    lat: float

    def km(self, row: Any) -> float:
        """How far something with ``lon`` and ``lat`` is."""
        return distance_km(self.lon, self.lat, row.lon, row.lat)

    def bearing(self, row: Any) -> float:
        """Which way it lies, degrees clockwise from north."""
        return bearing(self.lon, self.lat, row.lon, row.lat)

    def flat(self, km: float) -> Callable[[float, float], float]:
        """How far something is, in squares of so many km, as on a plane: quick, and a thousandth amiss over a city.

        What is no farther than ``km`` is no farther than 1: it is taken a hundredth longer.
        """
        up = 1.01 * km / KM_A_DEGREE
        across = up / max(0.1, cos(radians(self.lat)))
        return lambda lon, lat: ((lat - self.lat) / up) ** 2 + ((lon - self.lon) / across) ** 2

    def box(self, of: Any, km: float) -> ColumnElement[bool]:
        """The condition on what lies in a square about it."""
        up = km / KM_A_DEGREE
        across = up / max(0.1, cos(radians(self.lat)))
        return and_(
            of.c.lat.between(self.lat - up, self.lat + up),
            of.c.lon.between(self.lon - across, self.lon + across),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens."""

    spot: Spot | None
    station: Any
    """The row of the station that says so; None where a person does."""
    source: str
    """The code of the source; empty where none is known."""
    grid: str
    lineage: frozenset[str]
    """The grid and those it lies in."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A station near by that measures the same, and what it says now."""

    id: int
    code: str
    name: str
    kind: str
    km: float
    bearing: float
    """Degrees clockwise from north, from the place to the station."""
    value: Value


class Wind(NamedTuple):
    """One hour's wind."""

    start: int
    speed: float | None
    """m/s."""
    direction: float | None
    """Degrees that it blows from."""


@dataclass(frozen=True, slots=True)
class Winds:
    """The wind at the nearest weather point."""

    name: str
    km: float
    hours: Sequence[Wind]
    """This hour, then those before."""


@dataclass(frozen=True, slots=True)
class CameraRow:
    """A camera near by, and its address to copy."""

    code: str
    name: str
    km: float | None
    bearing: float | None
    state: str
    address: str


def place_of(connection: Connection, *, station: int | None, incident: str, grid: str) -> Place:
    """Where an item is: at its station, else where its incident is, at its source, in the middle of its grid."""
    at = event = source = None
    if incident:
        event = connection.execute(select(INCIDENT).where(INCIDENT.c.id == incident)).first()
    number = station if station is not None or event is None else event.station
    if number is not None:
        at = connection.execute(select(STATION).where(STATION.c.id == number)).first()
    code = (at.source if at is not None else "") or (event.source if event is not None else "")
    if code:
        source = connection.execute(select(SOURCE.c.lon, SOURCE.c.lat).where(SOURCE.c.code == code)).first()
    asked = connection.execute(select(GRID).where(or_(GRID.c.code == grid, GRID.c.level == 1))).all()
    held = next((row for row in asked if row.code == grid), None)
    spots = [
        Spot(one.lon, one.lat) for one in (at, event, source, held) if one is not None and one.lon is not None
    ]
    above = (held.code, held.parent, held.township, held.county) if held is not None else (grid,)
    top = [row.code for row in asked if row.level == 1]
    return Place(spots[0] if spots else None, at, code, grid, frozenset((*above, *top)) - {""})


class _Stood(NamedTuple):
    """Where a station stands, and what it is called."""

    id: int
    code: str
    name: str
    kind: str
    lon: float
    lat: float


def _stations(connection: Connection, language: Any) -> Sequence[_Stood]:
    """The stations in service that have a place."""

    def read() -> list[_Stood]:
        name = called(STATION, language)
        query = select(STATION.c.id, STATION.c.code, name, STATION.c.kind, STATION.c.lon, STATION.c.lat)
        rows = connection.execute(
            query.where(STATION.c.in_service, STATION.c.placed, STATION.c.lon.is_not(None))
        )
        return [_Stood._make(row) for row in rows]

    return kept(connection, ("stations that stand", language), read)


_NOW = (
    select(
        LATEST.c.station, PARAMETER.c.code, LATEST.c.value, LATEST.c.flag, LATEST.c.qualifier,
        LATEST.c.reason, LATEST.c.start, LATEST.c.period,
    )
    .join(PARAMETER, PARAMETER.c.id == LATEST.c.parameter)
    .where(
        LATEST.c.station.in_(bindparam("stations", expanding=True)),
        or_(PARAMETER.c.id == bindparam("number"), PARAMETER.c.code == bindparam("code")),
    )
)  # fmt: skip
NEAREST = 48
"""Stations whose values are asked for at once: of those around a place few are told."""


def neighbours(
    connection: Connection, place: Place, parameter: int | None, rules: TriageRules, language: Any, most: int
) -> list[Neighbour]:
    """Stations near by that measure the same (PM10 where a person started it), at least ``most``, the nearest first."""
    if place.spot is None:
        return []
    spot = place.spot
    kind = place.station.kind if place.station is not None else "air"
    kinds = MIXED if kind in MIXED else {kind}
    own = place.station.id if place.station is not None else None
    flat = spot.flat(rules.neighbours_km)
    near = [
        (far, one)
        for one in _stations(connection, language)
        if one.kind in kinds and one.id != own and (far := flat(one.lon, one.lat)) <= 1.0
    ]
    near.sort(key=lambda pair: pair[0])
    found: list[Neighbour] = []
    for start in range(0, len(near), NEAREST):
        part = [(spot.km(one), one.code, one) for _, one in near[start : start + NEAREST]]
        part.sort(key=lambda found: found[:2])
        asked = {"stations": [one.id for _, _, one in part], "number": parameter}
        newest: dict[int, Any] = {}
        for row in connection.execute(_NOW, asked | {"code": "pm10" if parameter is None else ""}):
            # Where it comes by the hour and by the minute, the hour's value is what is compared.
            if row.station not in newest or row.period == HOUR:
                newest[row.station] = row
        found += [
            Neighbour(
                one.id, one.code, one.name, one.kind, km, spot.bearing(one), Value._make(newest[one.id][1:])
            )
            for km, _, one in part
            if one.id in newest and km <= rules.neighbours_km
        ]
        if len(found) >= most:
            break
    return found


def winds(connection: Connection, place: Place, rules: TriageRules, now: int, language: Any) -> Winds | None:
    """The wind at the nearest weather point that has one: this hour and those before."""
    if place.spot is None:
        return None
    wanted = ("wind_speed", "wind_dir")
    rows = connection.execute(select(PARAMETER.c.code, PARAMETER.c.id).where(PARAMETER.c.code.in_(wanted)))
    numbers: dict[str, int] = {row[0]: row[1] for row in rows}
    if len(numbers) < len(wanted):
        return None
    points = connection.execute(
        select(
            STATION.c.id,
            called(STATION, language).label("called"),
            STATION.c.lon,
            STATION.c.lat,
            LATEST.c.start,
        )
        .join(LATEST, LATEST.c.station == STATION.c.id)
        .where(
            STATION.c.kind == "weather",
            place.spot.box(STATION, rules.wind_km),
            LATEST.c.parameter == numbers["wind_speed"],
            LATEST.c.period == HOUR,
        )
    ).all()
    if not points:
        return None
    point = min(points, key=place.spot.km)
    # Weather points come with a forecast: what is to come is no wind of now.
    newest = point.start - max(0, -((now - point.start) // HOUR)) * HOUR
    starts = [newest - back * HOUR for back in range(rules.wind_hours + 1)]
    found: defaultdict[int, dict[str, float | None]] = defaultdict(dict)
    for code, number in numbers.items():
        asked = {"starts": starts, "stations": [point.id], "parameter": number, "period": HOUR}
        for start, _, value, _ in connection.execute(READINGS, asked):
            found[start][code] = value
    hours = [
        Wind(start, found[start].get("wind_speed"), found[start].get("wind_dir"))
        for start in starts
        if start in found
    ]
    return Winds(point.called, place.spot.km(point), hours) if hours else None


def cameras(connection: Connection, place: Place, rules: TriageRules) -> list[CameraRow]:
    """The source's own, then those near by."""
    where = [CAMERA.c.source == place.source] if place.source else []
    if place.spot is not None:
        where.append(place.spot.box(CAMERA, rules.cameras_km))
    if not where:
        return []
    found = []
    for row in connection.execute(select(CAMERA).where(or_(*where))):
        km = turn = None
        if place.spot is not None and row.lon is not None:
            km, turn = place.spot.km(row), place.spot.bearing(row)
        own = bool(place.source) and row.source == place.source
        if own or (km is not None and km <= rules.cameras_km):
            told = CameraRow(row.code, row.name, km, turn, row.state, row.address)
            found.append((not own, km or 0.0, row.code, told))
    found.sort(key=lambda one: one[:3])
    return [one[3] for one in found[: rules.cameras]]
