"""Orders as the rules see them: which hold for a station now, and what the source at which it stands may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, or_, select

from backend.alarms.rules import Orders as Meaning
from backend.city.registry import City, StationRow
from backend.city.tables import PowerPoint, Source, StandingOrder
from backend.store import table

ORDER, SOURCE, POINT = table(StandingOrder), table(Source), table(PowerPoint)


class OrderInForce(NamedTuple):
    """An order 指令 that holds now."""

    code: str
    kind: str
    level: str
    title: str
    starts: int
    ends: int | None
    allowed: int | None = None
    """Per cent of its usual load that a source may run under it 允许负荷; None where its plan or its grade says."""


class Site(NamedTuple):
    """What rules ask of a source 污染源."""

    kind: str
    grade: str


@dataclass(frozen=True, slots=True)
class Sites:
    """The sources of a city and the rated power of its meters; read once for each snapshot of the city."""

    by_source: Mapping[str, Site]
    rated: Mapping[str, tuple[float | None, float | None]]
    """By the station that carries the readings: kW of production and treatment."""

    @classmethod
    def read(cls, conn: Connection) -> Sites:
        """The sources as they are in the store now."""
        sources = conn.execute(select(SOURCE.c.code, SOURCE.c.kind, SOURCE.c.grade))
        points = conn.execute(
            select(POINT.c.code, POINT.c.station, POINT.c.production_kw, POINT.c.treatment_kw)
        )
        return cls(
            {row[0]: Site(row[1], row[2].upper()) for row in sources},
            {row.station or row.code: (row.production_kw, row.treatment_kw) for row in points},
        )


_sites: WeakKeyDictionary[City, Sites] = WeakKeyDictionary()


def sites_of(conn: Connection, city: City) -> Sites:
    """What is kept of the sources for this snapshot of the city."""
    found = _sites.get(city)
    if found is None:
        found = _sites[city] = Sites.read(conn)
    return found


@dataclass(slots=True)
class InForce:
    """The orders that hold at one instant."""

    meaning: Meaning
    city: City
    sites: Callable[[], Sites]
    of_grids: dict[str, list[OrderInForce]] = field(default_factory=dict)
    of_sources: dict[str, list[OrderInForce]] = field(default_factory=dict)

    @classmethod
    def read(cls, conn: Connection, city: City, meaning: Meaning, now: int) -> InForce:
        """Those of the kinds that the rules know a meaning of."""
        found = cls(meaning, city, lambda: sites_of(conn, city))
        kinds = (meaning.warning, meaning.stop, meaning.declared)
        rows = conn.execute(
            select(ORDER)
            .where(
                ORDER.c.kind.in_(kinds),
                ORDER.c.starts <= now,
                or_(ORDER.c.ends.is_(None), ORDER.c.ends > now),
            )
            .order_by(ORDER.c.starts, ORDER.c.code)
        )
        for row in rows:
            held = OrderInForce(
                row.code, row.kind, row.level, row.title, row.starts, row.ends, row.allowed_load
            )
            into = found.of_sources if row.scope_kind == "source" else found.of_grids
            for code in filter(None, row.scope.split("|")):
                into.setdefault(code, []).append(held)
        return found

    def __bool__(self) -> bool:
        return bool(self.of_grids or self.of_sources)

    def _on(self, station: StationRow, kind: str) -> list[OrderInForce]:
        """The orders of a kind on a station: on its source first, then on its grid and those around it."""
        found = [one for one in self.of_sources.get(station.source, ()) if one.kind == kind]
        if self.of_grids:
            for grid in self.city.path(station.grid or station.county):
                found += [one for one in self.of_grids.get(grid, ()) if one.kind == kind]
        return found

    def warning(self, station: StationRow) -> OrderInForce | None:
        """The heavy-pollution warning that holds here: one that says what load is allowed, else the highest.

        What was ordered of the very source goes before what was ordered of all in its grid, the strictest first.
        """
        levels = self.meaning.levels
        known = [one for one in self._on(station, self.meaning.warning) if one.level in levels]
        of_source = self.of_sources.get(station.source, ())
        loads = [one for one in known if one.allowed is not None]
        if loads:
            return min([one for one in loads if one in of_source] or loads, key=lambda one: one.allowed or 0)
        return max(known, key=lambda one: levels.index(one.level), default=None)

    def stop(self, station: StationRow) -> OrderInForce | None:
        """The stop-work order that the source at a station is under."""
        if not station.source:
            return None
        for one in self._on(station, self.meaning.stop):
            if one in self.of_sources.get(station.source, ()):
                return one
            site = self.sites().by_source.get(station.source)
            if site is not None and site.kind in self.meaning.stop_sources:
                return one
        return None

    def declared(self, station: StationRow) -> OrderInForce | None:
        """The stop that the source at a station has declared 停运申报; one for a grid means every source in it."""
        if not station.source:
            return None
        return next(iter(self._on(station, self.meaning.declared)), None)
