"""Hot grids of one step, of every network and level that is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from sqlalchemy import Connection

from backend.analysis import geo
from backend.analysis.field import read_field
from backend.analysis.geo import Floats
from backend.analysis.hotspots.excess import Numbers
from backend.analysis.hotspots.ground import Cells
from backend.analysis.hotspots.heat import NONE
from backend.analysis.hotspots.look import Watch
from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.place import HotPlace
from backend.analysis.hotspots.places import Places, cell_places, grid_places
from backend.analysis.hotspots.seen import KEEP, Seen
from backend.analysis.hotspots.verdict import Around, hot_places
from backend.analysis.known import unsettled
from backend.city.geometry import distance_km
from backend.clock import begun
from backend.standards.flags import Flag
from backend.store.reading_rows import all_of

LEVELS = (3, 4)
"""Administrative grids that are looked at: townships and the grids below them."""
HUMIDITY = "rh"
JUDGED = 8
"""Hours that are kept as they were judged."""


@dataclass
class Worker:
    """A watch with the places that it tells of. For one thread; a new one when the pack was loaded again."""

    watch: Watch
    _places: dict[tuple[str, int, int], Places] = field(default_factory=dict)
    _cells: dict[tuple[str, int], Cells] = field(default_factory=dict)
    _judged: dict[tuple[int, str, Sequence[int]], list[HotPlace]] = field(default_factory=dict)
    _measuring: dict[int | None, tuple[Numbers, Floats, Floats]] = field(default_factory=dict)

    def recheck(self, conn: Connection) -> None:
        """Somebody has written: forget what may be other now."""
        self.watch.recheck(conn)
        self._judged.clear()

    def places(self, network: Network, level: int, cell: int = 0) -> Places:
        """The grids of a level, or the cells of a side, as a network sees them."""
        key = (network.name, level, cell)
        if key not in self._places:
            ground = self.watch.ground
            if cell:
                self._places[key], self._cells[network.name, cell] = cell_places(ground, network, cell)
            else:
                self._places[key] = grid_places(self.watch.city, ground, network, level)
        return self._places[key]

    def cells(self, network: Network, side: int) -> Cells:
        """The whole box of cells that `places` chose from."""
        self.places(network, 0, side)
        return self._cells[network.name, side]

    def hot(
        self, conn: Connection, seen: Iterable[Seen], *, levels: Sequence[int] = LEVELS, side: int = 0
    ) -> list[HotPlace]:
        """The hot places of what was seen, by parameter and level, hottest first.

        Args:
            side: metres of a cell's side, instead of levels; 0 for grids.
        """
        looked = list(seen)
        around = self.around(conn, looked)
        found: list[HotPlace] = []
        for one in looked:
            for level in (0,) if side else levels:
                places = self.places(one.network, level, side)
                if len(places):
                    found += hot_places(one, places, around, self.watch.ground.plane.lonlat)
        return found

    def find(
        self,
        conn: Connection,
        start: int,
        *,
        parameters: Collection[str] = (),
        levels: Sequence[int] = LEVELS,
        side: int = 0,
    ) -> list[HotPlace]:
        """The hot places of the step that begins at ``start``."""
        return self.hot(conn, self.watch.look(conn, start, parameters=parameters), levels=levels, side=side)

    def judged(
        self, conn: Connection, start: int, parameter: str, levels: Sequence[int] = LEVELS
    ) -> list[HotPlace]:
        """`find` for one parameter, kept until something is written: a cursor on a map asks it at each step."""
        key = start, parameter, levels
        if key not in self._judged:
            while len(self._judged) >= JUDGED:
                del self._judged[next(iter(self._judged))]
            self._judged[key] = self.find(conn, start, parameters=(parameter,), levels=levels)
        return self._judged[key]

    def nearest(self, lon: float, lat: float, parameter: int | None, most: int) -> list[tuple[float, int]]:
        """The stations nearest to a place, with the metres to each.

        Args:
            parameter: only those that measure it (number); all where None.
            most: so many.
        """
        if parameter not in self._measuring:
            self._measuring[parameter] = self._places_of(parameter)
        numbers, x, y = self._measuring[parameter]
        here = self.watch.ground.plane.xy(np.array([lon]), np.array([lat]))
        far = np.hypot(x - here[0], y - here[1])
        # On the plane some metres are other ones: the exact ones put the first few in order.
        some = numbers[np.argsort(far, kind="stable")[: 2 * most]].tolist()
        rows = [self.watch.city.stations[number] for number in some]
        exact = [(distance_km(lon, lat, row.lon or 0.0, row.lat or 0.0) * 1000, row.id) for row in rows]
        return sorted(exact)[:most]

    def _places_of(self, parameter: int | None) -> tuple[Numbers, Floats, Floats]:
        """Number and place of every station in service that measures a parameter; a power meter tells of no place."""
        city = self.watch.city
        rows = [
            row
            for row in city.stations.values()
            if row.placed and row.in_service and row.kind != "power" and None not in (row.lon, row.lat)
            if parameter is None or any(one.parameter == parameter for one in city.measures.get(row.id, ()))
        ]
        lon, lat = (
            np.array([getattr(row, side) for row in rows], dtype=np.float64) for side in ("lon", "lat")
        )
        return np.array([row.id for row in rows], dtype=np.intp), *self.watch.ground.plane.xy(lon, lat)

    def around(self, conn: Connection, seen: Sequence[Seen]) -> Around:
        """What speaks against places: suspect values of the stations that stand out, humidity there."""
        warm: dict[int, set[int]] = {}
        first, end, period = 1 << 60, 0, 3600
        for one in seen:
            for column in np.flatnonzero(one.heat.level[-1] > NONE):
                warm.setdefault(one.network.stations[column].id, set()).add(one.parameter.id)
            first = min(first, one.start - (KEEP - 1) * one.network.step)
            end = max(end, one.start + one.network.step)
            period = min(period, one.network.period)
        if not warm:
            return Around()
        zone = self.watch.city.zone
        suspects = _suspects(conn, warm, begun(first, period, zone), end, period)
        parameters = set().union(*warm.values())
        for start, station, parameter, _ in unsettled(conn, self.watch.city, parameters, warm, end, period):
            if start >= begun(first, period, zone) and (station, parameter) in suspects:
                suspects[station, parameter] -= 1
        return Around(
            {key: count for key, count in suspects.items() if count}, self._humidity(conn, warm, end)
        )

    @cached_property
    def _humid(self) -> set[int]:
        """Stations that measure humidity; those that declare nothing may."""
        city = self.watch.city
        parameter = city.parameter(HUMIDITY)
        return {
            number
            for number in city.stations
            if not (own := city.measures.get(number))
            or (parameter is not None and any(one.parameter == parameter.id for one in own))
        }

    def _humidity(self, conn: Connection, stations: Collection[int], end: int) -> dict[int, float]:
        city = self.watch.city
        parameter = city.parameter(HUMIDITY)
        if parameter is None:
            return {}
        hour = 3600
        read = read_field(
            conn, city, parameters=[HUMIDITY], start=end - 2 * hour, end=end, period=hour, spread=True,
            stations=self._humid,
        )  # fmt: skip
        if not read.stations or not len(read.times):
            return {}
        values = read.values[HUMIDITY]
        newest = np.where(np.isfinite(values[-1]), values[-1], values[0])
        known = np.flatnonzero(np.isfinite(newest))
        found = {}
        for number in stations if len(known) else ():
            row = city.stations[number]
            x, y = read.plane.xy(row.lon or 0.0, row.lat or 0.0)
            far = geo.distances(np.atleast_1d(x), np.atleast_1d(y), read.x[known], read.y[known])[0]
            found[number] = float(newest[known[int(np.argmin(far))]])
        return found


def _suspects(
    conn: Connection, warm: dict[int, set[int]], start: int, end: int, period: int
) -> dict[tuple[int, int], int]:
    stations = ", ".join(f"{number:d}" for number in sorted(warm))
    rows = all_of(
        conn,
        "SELECT station, parameter, COUNT(*) FROM reading WHERE start IN "
        f"({', '.join(str(at) for at in range(start, end, period))}) "
        f"AND station IN ({stations}) AND flag = {int(Flag.SUSPECT)} GROUP BY station, parameter",
    )
    return {(station, parameter): count for station, parameter, count in rows}
