"""The recorded hours that the demo replays: 12 stations of Beijing, 2015-2016 (data/README.md).

What is kept of them in memory is the *regional signal*, for every hour and pollutant the median over the
stations, and every station's *deviation* from it. A value that the record lacks is left out of the median; an
hour without any is drawn straight between its neighbours.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from statistics import median

POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3")
SCALARS = ("temp", "pressure", "dew_point", "rain")
HOURS = 24
_POINTS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"]
_FLOOR = {"co": 0.1}
_DEVIATION = math.log(2.5)
"""No deviation counts for more than this factor: beyond it lies a local plume of Beijing's, not of Heze's."""


@dataclass(frozen=True, slots=True)
class Wind:
    """The mean wind of an hour: where it comes from (degrees from north) and how fast (m/s)."""

    origin: float
    speed: float


@dataclass(frozen=True, slots=True)
class RecordedHour:
    """One hour of the record."""

    regional: Mapping[str, float]
    """Pollutant: µg/m³, CO in mg/m³."""
    deviations: Sequence[Mapping[str, float]]
    """For every source station, pollutant: the logarithm of its value over the regional one."""
    wind: Wind
    winds: Sequence[Wind]
    """At every source station."""
    weather: Mapping[str, float]
    """temp and dew_point in °C, pressure in hPa, rain in mm."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of whole days of the record."""

    first: date
    hours: Sequence[RecordedHour]

    @property
    def days(self) -> int:
        """How many days it holds."""
        return len(self.hours) // HOURS


def mean_wind(winds: Sequence[tuple[Wind, float]]) -> Wind:
    """The mean of weighted winds: direction by vector, speed by plain mean, so that a veering wind is no calm."""
    angles = [math.radians(wind.origin) for wind, _ in winds]
    east = sum(math.sin(a) * wind.speed * weight for a, (wind, weight) in zip(angles, winds, strict=True))
    north = sum(math.cos(a) * wind.speed * weight for a, (wind, weight) in zip(angles, winds, strict=True))
    speed = sum(wind.speed * weight for wind, weight in winds) / sum(weight for _, weight in winds)
    return Wind(math.degrees(math.atan2(east, north)) % 360, speed)


@cache
def load() -> Mapping[str, Span]:
    """The spans by season (winter, spring, summer, autumn)."""
    packed = files("backend.demo").joinpath("data", "hours.csv.gz").read_bytes()
    rows: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    for row in csv.DictReader(io.StringIO(gzip.decompress(packed).decode())):
        rows.setdefault(row["span"], {}).setdefault(row["time"], {})[row["station"]] = row
    return {name: _span(by_time) for name, by_time in rows.items()}


def _span(by_time: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Span:
    times = sorted(by_time)
    names = sorted({name for stations in by_time.values() for name in stations})
    regional = {
        pollutant: _bridge([_middle(by_time[at], pollutant) for at in times]) for pollutant in POLLUTANTS
    }
    scalars = {name: _bridge([_middle(by_time[at], name) for at in times]) for name in SCALARS}
    hours = []
    still = Wind(0.0, 0.5)
    for index, at in enumerate(times):
        middle = {pollutant: regional[pollutant][index] for pollutant in POLLUTANTS}
        stations = [by_time[at].get(name, {}) for name in names]
        winds = [_wind(row) for row in stations]
        known = [(wind, 1.0) for wind in winds if wind is not None]
        still = mean_wind(known) if known else still
        hours.append(
            RecordedHour(
                middle,
                [_deviations(row, middle) for row in stations],
                still,
                [wind or still for wind in winds],
                {name: scalars[name][index] for name in SCALARS},
            )
        )
    return Span(date.fromisoformat(times[0][:10]), hours)


def _wind(row: Mapping[str, str]) -> Wind | None:
    if not row.get("wd") or not row.get("ws"):
        return None
    return Wind(22.5 * _POINTS.index(row["wd"]), float(row["ws"]))


def _number(text: str, name: str) -> float | None:
    if not text:
        return None
    # The record gives CO in µg/m³, the field speaks of it in mg/m³.
    return float(text) / 1000 if name == "co" else float(text)


def _middle(stations: Mapping[str, Mapping[str, str]], name: str) -> float | None:
    values = [value for row in stations.values() if (value := _number(row[name], name)) is not None]
    return median(values) if values else None


def _bridge(values: Sequence[float | None]) -> list[float]:
    known = [index for index, value in enumerate(values) if value is not None]
    out = []
    following = 0
    for index in range(len(values)):
        while following < len(known) - 1 and known[following] < index:
            following += 1
        after = known[following]
        before = after if after <= index or following == 0 else known[following - 1]
        low, high = values[before], values[after]
        assert low is not None
        assert high is not None
        share = 0.0 if after == before else (index - before) / (after - before)
        out.append(low + (high - low) * min(max(share, 0.0), 1.0))
    return out


def _deviations(row: Mapping[str, str], middle: Mapping[str, float]) -> dict[str, float]:
    out = {}
    for pollutant in POLLUTANTS:
        value = _number(row.get(pollutant, ""), pollutant)
        if value is not None:
            floor = _FLOOR.get(pollutant, 2.0)
            ratio = math.log(max(value, floor) / max(middle[pollutant], floor))
            out[pollutant] = min(max(ratio, -_DEVIATION), _DEVIATION)
    return out
