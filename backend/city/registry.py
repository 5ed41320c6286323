"""The city in memory: what ingest, rules and boards look up a thousand times a second.

A snapshot; ask for it again where a pack may have been loaded or a feed may have brought an unknown station.
Vehicles, cameras, people and sources are not in it: they are asked for a page at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, select

from backend.city.geometry import distance_km
from backend.city.kept import kept
from backend.city.tables import CityFact, Grid, Parameter, Station, StationParameter
from backend.store import table
from backend.words.say import Language

PEERS_IN_COUNTY = 3
"""So many others of a kind in a county are its peers (domain 3.3)."""
NEAREST, NEAREST_KM = 8, 15.0
"""Where a county has fewer: so many of the nearest, no further than this."""


class GridRow(NamedTuple):
    """A grid 网格 as boards and rules see it."""

    code: str
    parent: str
    level: int
    name: str
    name_en: str
    initials: str
    county: str
    township: str
    lon: float | None
    lat: float | None
    in_service: bool
    made_up: bool


class StationRow(NamedTuple):
    """A monitoring point 站点."""

    id: int
    code: str
    name: str
    name_en: str
    initials: str
    kind: str
    grid: str
    county: str
    township: str
    lon: float | None
    lat: float | None
    target: str
    source: str
    upstream: str
    in_service: bool
    placed: bool
    made_up: bool


class ParameterRow(NamedTuple):
    """Something that is measured 监测因子."""

    id: int
    code: str
    name: str
    name_en: str
    unit: str
    decimals: int
    hj212: str
    low: float | None
    high: float | None
    suspect_above: float | None


class Measure(NamedTuple):
    """What a station measures: parameter, period in seconds, the feed that owns it, the feed's name for it."""

    parameter: int
    period: int
    feed: str
    upstream: str


def _rows(conn: Connection, source: Table, names: tuple[str, ...]) -> Iterator[Any]:
    return iter(conn.execute(select(*(source.c[name] for name in names))).all())


class City:
    """An immutable look at the city."""

    def __init__(
        self,
        facts: Mapping[str, str],
        grids: Mapping[str, GridRow],
        stations: Mapping[int, StationRow],
        parameters: Mapping[int, ParameterRow],
        measures: Mapping[int, tuple[Measure, ...]],
    ) -> None:
        self.facts = facts
        self.grids = grids
        self.stations = stations
        """By number."""
        self.parameters = parameters
        """By number."""
        self.measures = measures
        """By the station's number."""
        self.by_code = {station.code: station for station in stations.values()}
        """By code and by every name that feeds use; a station's own code goes first."""
        for station in stations.values():
            for alias in station.upstream.split("|") if station.upstream else ():
                self.by_code.setdefault(alias, station)
        self._parameters = {parameter.code: parameter for parameter in parameters.values()}
        self._peers: dict[int, tuple[int, ...]] = {}
        self._inside: dict[str, frozenset[str]] = {}

    @classmethod
    def read(cls, conn: Connection) -> City:
        """The city as this connection sees it now: read once for each version of it, and shared by all that ask.

        To read it anew costs tens of milliseconds, and what is worked out of it (peers, jurisdictions) as much again.
        """
        return kept(conn, "city", lambda: cls.read_anew(conn))

    @classmethod
    def read_anew(cls, conn: Connection) -> City:
        """The city from the tables, whatever is kept of it."""
        facts = {row.key: row.value for row in _rows(conn, table(CityFact), ("key", "value"))}
        grids = {row[0]: GridRow._make(row) for row in _rows(conn, table(Grid), GridRow._fields)}
        stations = {row[0]: StationRow._make(row) for row in _rows(conn, table(Station), StationRow._fields)}
        parameters = {
            row[0]: ParameterRow._make(row) for row in _rows(conn, table(Parameter), ParameterRow._fields)
        }
        found: dict[int, list[Measure]] = {}
        for row in _rows(conn, table(StationParameter), ("station", *Measure._fields)):
            found.setdefault(row[0], []).append(Measure._make(row[1:]))
        measures = {station: tuple(sorted(several)) for station, several in found.items()}
        return cls(facts, grids, stations, parameters, measures)

    @property
    def name(self) -> str:
        """The city's name."""
        return self.facts.get("name", "")

    @property
    def name_en(self) -> str:
        """The city's name in English, the Chinese one where there is none."""
        return self.facts.get("name_en") or self.name

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the city's times are shown and its days begin."""
        return ZoneInfo(self.facts.get("zone") or "Asia/Shanghai")

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north."""
        box = json.loads(self.facts.get("bounds") or "null")
        return None if box is None else (box[0], box[1], box[2], box[3])

    @cached_property
    def words(self) -> Mapping[tuple[str, Language], str]:
        """The city's own words by code and language, for `backend.words.override`."""
        return {
            (code, language): said for code, language, said in json.loads(self.facts.get("words") or "[]")
        }

    @property
    def is_demo(self) -> bool:
        """Whether the pack says of itself that it is for demonstration."""
        return self.facts.get("demo") == "1"

    @cached_property
    def counties(self) -> tuple[GridRow, ...]:
        """The grids of level 2 that are in service, in order of code."""
        return self._of_level(2)

    @cached_property
    def townships(self) -> tuple[GridRow, ...]:
        """The grids of level 3 that are in service, in order of code."""
        return self._of_level(3)

    def _of_level(self, level: int) -> tuple[GridRow, ...]:
        found = (grid for grid in self.grids.values() if grid.level == level and grid.in_service)
        return tuple(sorted(found, key=lambda grid: grid.code))

    @cached_property
    def root(self) -> str:
        """The code of the level-1 grid."""
        return next((grid.code for grid in self.grids.values() if grid.level == 1), "")

    def station(self, name: str | int) -> StationRow | None:
        """A station by number, by code, or by a name that feeds use."""
        return self.stations.get(name) if isinstance(name, int) else self.by_code.get(name)

    def parameter(self, name: str | int) -> ParameterRow | None:
        """A parameter by number or code."""
        return self.parameters.get(name) if isinstance(name, int) else self._parameters.get(name)

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[StationRow, ...]]:
        """Stations in service by kind, in order of code."""
        kinds: dict[str, list[StationRow]] = {}
        for station in self.stations.values():
            if station.in_service:
                kinds.setdefault(station.kind, []).append(station)
        return {kind: tuple(sorted(rows, key=lambda row: row.code)) for kind, rows in kinds.items()}

    @cached_property
    def _by_county(self) -> Mapping[tuple[str, str], tuple[StationRow, ...]]:
        groups: dict[tuple[str, str], list[StationRow]] = {}
        for rows in self.by_kind.values():
            for row in rows:
                if row.placed:
                    groups.setdefault((row.kind, row.county), []).append(row)
        return {key: tuple(rows) for key, rows in groups.items()}

    def owner(self, station: int, parameter: int, period: int) -> str:
        """The feed that owns a station's parameter, empty where none does."""
        for measure in self.measures.get(station, ()):
            if measure.parameter == parameter and measure.period == period:
                return measure.feed
        return ""

    def peers(self, station: int) -> tuple[int, ...]:
        """The stations to compare one with: its kind within its county, else the nearest of its kind.

        In service and placed, without itself. At least `PEERS_IN_COUNTY` in the county, else at most `NEAREST`
        within `NEAREST_KM`, nearest first; what is found then may be fewer, or none.
        """
        found = self._peers.get(station)
        if found is None:
            found = self._peers[station] = self._find_peers(station)
        return found

    def _find_peers(self, number: int) -> tuple[int, ...]:
        own = self.stations[number]
        neighbours = self._by_county.get((own.kind, own.county), ()) if own.county else ()
        county = [row.id for row in neighbours if row.id != number]
        if len(county) >= PEERS_IN_COUNTY:
            return tuple(county)
        if own.lon is None or own.lat is None:
            return tuple(county)
        near = []
        for row in self.by_kind.get(own.kind, ()):
            if row.id != number and row.placed and row.lon is not None and row.lat is not None:
                far = distance_km(own.lon, own.lat, row.lon, row.lat)
                if far <= NEAREST_KM:
                    near.append((far, row.id))
        return tuple(number for _far, number in sorted(near)[:NEAREST])

    def path(self, grid: str) -> tuple[str, ...]:
        """A grid and those it lies in, from itself up to the city."""
        steps: list[str] = []
        while grid in self.grids and grid not in steps:
            steps.append(grid)
            grid = self.grids[grid].parent
        return tuple(steps)

    def inside(self, grid: str, ancestor: str) -> bool:
        """Whether ``grid`` is ``ancestor`` or lies in it: the test of jurisdiction 管辖."""
        found = self._inside.get(grid)
        if found is None:
            found = self._inside[grid] = frozenset(self.path(grid))
        return ancestor in found
