"""Readings that a watch remembers anyway, for those who ask for the same hours: nothing is read twice in an hour."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from backend.analysis.field import Field, Values, read_field, stations_of
from backend.analysis.geo import Plane
from backend.analysis.hotspots.look import Watch
from backend.city.registry import City, StationRow
from backend.clock import begun


@dataclass(frozen=True)
class Recall:
    """Reads as `read_field` does: from what a watch remembers where it holds all of it, else from the store."""

    watch: Watch

    def __call__(
        self,
        conn: Connection,
        city: City,
        *,
        parameters: Sequence[str],
        start: int,
        end: int,
        period: int,
        stations: Collection[int],
        suspect: bool = False,
    ) -> Field:
        """See `read_field`."""
        first = begun(start, period, city.zone)
        rows = max(0, (end - first) // period)
        chosen = stations_of(city, stations)
        values: dict[str, Values] = {}
        for code in parameters:
            part = None if suspect else self._of(conn, code, first, rows, period, chosen)
            if part is None:
                return read_field(
                    conn, city, parameters=parameters, start=start, end=end, period=period, stations=stations,
                    suspect=suspect,
                )  # fmt: skip
            values[code] = part
        times = np.arange(first, first + rows * period, period, dtype=np.int64)
        lon = np.array([row.lon for row in chosen], dtype=np.float64)
        lat = np.array([row.lat for row in chosen], dtype=np.float64)
        plane = Plane.about(lon, lat)
        return Field(first, end, period, times, chosen, lon, lat, plane, *plane.xy(lon, lat), values)

    def _of(
        self, conn: Connection, code: str, first: int, rows: int, period: int, chosen: Sequence[StationRow]
    ) -> Values | None:
        """A parameter's values (T, S); None where the watch does not hold them."""
        found = np.full((rows, len(chosen)), np.nan, dtype=np.float32)
        missing = {row.id for row in chosen}
        for network in self.watch.networks.values():
            column = network.column
            mine = [index for index, row in enumerate(chosen) if row.id in column]
            missing -= {chosen[index].id for index in mine}
            if not mine or all(one.code != code for one in network.parameters):
                continue
            held = self.watch.held(network.name, code, first, rows) if network.step == period else None
            if held is None:
                return None
            found[:, mine] = held[:, [column[chosen[index].id] for index in mine]]
        if missing and rows:
            more = read_field(
                conn, self.watch.city, parameters=(code,), start=first, end=first + rows * period, period=period,
                stations=missing,
            )  # fmt: skip
            place: Mapping[int, int] = {row.id: index for index, row in enumerate(chosen)}
            found[:, [place[row.id] for row in more.stations]] = more.values[code]
        return found
