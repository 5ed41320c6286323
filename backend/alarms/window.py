"""The last few periods of every station, read once for a whole evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from statistics import median

from sqlalchemy import Connection

from backend.city.geometry import distance_km
from backend.city.registry import NEAREST, NEAREST_KM, City, StationRow
from backend.quality.reasons import EARLY, HIGH, HUMID, LATE, OUTLIER, RATE
from backend.standards.flags import Flag

FEW_STARTS = 64
"""Up to so many starts are asked for one by one, more as a span."""
_STILL_TOLD = frozenset({HIGH, LATE, EARLY, HUMID, RATE, OUTLIER})
"""A value that is only unusually high, or came up faster than usual, is what a rule is there for: it rings, marked as
suspect."""


Sample = tuple[int, float | None, int, str, int, int]
"""Start, value, flag and reason of one reading, then its station and parameter.

A plain tuple: tens of thousands are looked at each hour, and objects with names would wake the cycle collector, which
stops every thread of the process for as long as it looks.
"""


def tells(sample: Sample) -> bool:
    """Whether a rule may look at a reading's value: good, or suspect for nothing but being high."""
    _, value, flag, reason, _, _ = sample
    if value is None or flag == Flag.GOOD:
        return value is not None
    return flag == Flag.SUSPECT and _STILL_TOLD.issuperset(reason.split())


class Window:
    """Readings of one period length, by station and parameter, oldest first."""

    def __init__(self, period: int, within: int) -> None:
        self.period, self.within = period, within
        self.samples: dict[tuple[int, int], list[Sample]] = {}
        self._usable: dict[tuple[int, int], list[Sample]] = {}

    @classmethod
    def read(
        cls,
        conn: Connection,
        period: int,
        within: int,
        starts: Sequence[int],
        parameters: Collection[int],
        stations: Collection[int] | None = None,
    ) -> Window:
        """The readings of these starts (of these stations, where given), in one statement."""
        window = cls(period, within)
        # PostgreSQL knows no empty list; the stations are none where all that sent are still unplaced.
        if not starts or not parameters or (stations is not None and not stations):
            return window
        if len(starts) <= FEW_STARTS:
            when = f"start IN ({', '.join(map(str, starts))})"
        else:
            when = f"start BETWEEN {min(starts):d} AND {max(starts):d}"
        if stations is not None:
            when += f" AND station IN ({', '.join(map(str, sorted(stations)))})"
        answer = conn.exec_driver_sql(
            f"SELECT start, value, flag, reason, station, parameter FROM reading WHERE {when} "
            f"AND period = {period:d} AND parameter IN ({', '.join(map(str, sorted(parameters)))}) "
            "ORDER BY station, parameter, start"
        )
        rows: list[Sample] = list(answer.cursor.fetchall())
        answer.close()
        begin = 0
        for end, (station, parameter) in _borders(rows):
            window.samples[station, parameter] = rows[begin:end]
            begin = end
        return window

    def usable(self, station: int, parameter: int) -> list[Sample]:
        """The values that rules may look at, oldest first, of the last ``within`` periods that have one."""
        key = (station, parameter)
        found = self._usable.get(key)
        if found is None:
            several = self.samples.get(key, [])
            if not all(map(tells, several)):
                several = [one for one in several if tells(one)]
            if several:
                oldest = several[-1][0] - (self.within - 1) * self.period
                if several[0][0] < oldest:
                    several = [one for one in several if one[0] >= oldest]
            found = self._usable[key] = several
        return found


def _borders(rows: Sequence[Sample]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Where the rows of one station's parameter end, and whose they were."""
    station = parameter = -1
    for index, row in enumerate(rows):
        if row[5] != parameter or row[4] != station:
            if index:
                yield index, (station, parameter)
            station, parameter = row[4], row[5]
    if rows:
        yield len(rows), (station, parameter)


class Network:
    """What the stations of a group have of one parameter at each start, county by county."""

    def __init__(self, window: Window, parameter: int, stations: Sequence[StationRow]) -> None:
        self.stations = stations
        self.values: dict[int, dict[str, dict[int, float]]] = {}
        """By start, county, station."""
        for station in stations:
            for start, value, *_ in window.usable(station.id, parameter):
                if value is not None:
                    counties = self.values.setdefault(start, {})
                    counties.setdefault(station.county, {})[station.id] = value
        self._medians: dict[tuple[int, str], float | None] = {}
        self._near: dict[int, list[StationRow]] = {}

    def others(self, start: int, station: StationRow, least: int) -> list[float]:
        """The values of the others in a station's county; of the nearest where the county has too few."""
        counties = self.values.get(start, {})
        county = counties.get(station.county, {})
        found = [value for who, value in county.items() if who != station.id]
        if len(found) >= least:
            return found
        near = (counties.get(one.county, {}).get(one.id) for one in self._nearest(station))
        return [value for value in near if value is not None][:NEAREST]

    def _nearest(self, station: StationRow) -> list[StationRow]:
        """The others of the network no further away than those one can be compared with, nearest first."""
        found = self._near.get(station.id)
        if found is None:
            far = []
            if station.lon is not None and station.lat is not None:
                for one in self.stations:
                    if one.id != station.id and one.lon is not None and one.lat is not None:
                        far.append((distance_km(station.lon, station.lat, one.lon, one.lat), one.id, one))
            found = self._near[station.id] = [one for km, _, one in sorted(far) if km <= NEAREST_KM]
        return found

    def middle(self, start: int, county: str, least: int) -> float | None:
        """The median of the county, of the whole city where the county has too few values."""
        key = (start, county)
        if key not in self._medians:
            counties = self.values.get(start, {})
            found = list(counties.get(county, {}).values())
            if len(found) < least:
                found = [value for some in counties.values() for value in some.values()]
            self._medians[key] = median(found) if found else None
        return self._medians[key]

    def mean(self, start: int, county: str) -> float | None:
        """The mean of the county, None where no station has a value."""
        found = self.values.get(start, {}).get(county)
        return sum(found.values()) / len(found) if found else None


def on_duty(city: City, kinds: Collection[str], counties: Collection[str] | None = None) -> list[StationRow]:
    """The stations that rules look at: of these kinds (and counties, where given), placed and in service."""
    return [
        station
        for kind in sorted(kinds)
        for station in city.by_kind.get(kind, ())
        if station.placed and station.county and (counties is None or station.county in counties)
    ]
