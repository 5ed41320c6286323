"""The last few periods of every station, read once for a whole evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection

from backend.city.registry import City, StationRow
from backend.quality.reasons import HIGH, LATE
from backend.standards.flags import Flag
from backend.store.readings import Key, exactly

FEW_STARTS = 64
"""Up to so many starts are asked for one by one, more as a span."""
_STILL_TOLD = frozenset({HIGH, LATE})
"""A value that is only unusually high is what a rule is there for: it rings, marked as suspect."""


class Sample(NamedTuple):
    """One reading of one station's parameter."""

    start: int
    value: float | None
    flag: int
    reason: str

    @property
    def usable(self) -> bool:
        """Whether a rule may look at the value: good, or suspect for nothing but being high."""
        if self.flag == Flag.GOOD:
            return True
        return self.flag == Flag.SUSPECT and _STILL_TOLD.issuperset(self.reason.split())


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
    ) -> Window:
        """The readings of these starts, in one statement."""
        window = cls(period, within)
        if not starts or not parameters:
            return window
        if len(starts) <= FEW_STARTS:
            when = f"start IN ({', '.join(map(str, starts))})"
        else:
            when = f"start BETWEEN {min(starts):d} AND {max(starts):d}"
        answer = conn.exec_driver_sql(
            f"SELECT station, parameter, start, value, flag, reason FROM reading WHERE {when} "
            f"AND period = {period:d} AND parameter IN ({', '.join(map(str, sorted(parameters)))}) ORDER BY start"
        )
        samples = window.samples
        for station, parameter, start, value, flag, reason in answer:
            one = Sample(start, value, flag, reason)
            found = samples.get((station, parameter))
            if found is None:
                samples[station, parameter] = [one]
            else:
                found.append(one)
        return window

    @classmethod
    def of_keys(cls, conn: Connection, period: int, within: int, keys: Iterable[Key]) -> Window:
        """The readings of exactly these keys."""
        window = cls(period, within)
        for start, station, parameter, _, value, _, flag, reason, _, _ in sorted(exactly(conn, keys)):
            window.samples.setdefault((station, parameter), []).append(Sample(start, value, flag, reason))
        return window

    def usable(self, station: int, parameter: int) -> list[Sample]:
        """The values that rules may look at, oldest first, of the last ``within`` periods that have one."""
        key = (station, parameter)
        found = self._usable.get(key)
        if found is None:
            several = [one for one in self.samples.get(key, ()) if one.value is not None and one.usable]
            if several:
                oldest = several[-1].start - (self.within - 1) * self.period
                several = [one for one in several if one.start >= oldest]
            found = self._usable[key] = several
        return found

    def value_at(self, station: int, parameter: int, start: int) -> float | None:
        """The usable value of one start, None where there is none."""
        for one in self.usable(station, parameter):
            if one.start == start:
                return one.value
        return None


class Network:
    """What the stations of a group have of one parameter at each start, county by county."""

    def __init__(self, window: Window, parameter: int, stations: Iterable[StationRow]) -> None:
        self.values: dict[int, dict[str, dict[int, float]]] = {}
        """By start, county, station."""
        for station in stations:
            for one in window.usable(station.id, parameter):
                if one.value is not None:
                    counties = self.values.setdefault(one.start, {})
                    counties.setdefault(station.county, {})[station.id] = one.value
        self._medians: dict[tuple[int, str], float | None] = {}

    def others(self, start: int, county: str, station: int, least: int) -> list[float]:
        """The values of the others in the county; of the whole city where the county has too few."""
        counties = self.values.get(start, {})
        found = [value for who, value in counties.get(county, {}).items() if who != station]
        if len(found) < least:
            found = [value for some in counties.values() for who, value in some.items() if who != station]
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


def on_duty(city: City, kinds: Collection[str]) -> list[StationRow]:
    """The stations that rules look at: of these kinds, placed and in service."""
    return [
        station
        for kind in sorted(kinds)
        for station in city.by_kind.get(kind, ())
        if station.placed and station.county
    ]
