"""Recorded hours of Beijing carried to a city's stations, shifted to its present.

*When.* The month picks the season's span; the civil day picks a day of the span, one day following the other
from an offset that the seed draws; the hour of the day is kept. Where two days meet that do not follow each
other in the record, the regional signal is drawn from one into the other over some hours.

*Where.* A station's value is the regional signal times the blend of a few source stations' deviations times a
factor of its own that lasts, times a little noise. Which stations, which weights and which factor: drawn once
from the seed and the station's code. The same seed gives the same city, on every machine.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from backend.demo import dice
from backend.demo.record import HOURS, POLLUTANTS, RecordedHour, Span, Wind, load, mean_wind

HOUR = 3600


@cache
def settings() -> Mapping[str, Any]:
    """``data/demo.toml``."""
    return tomllib.loads(files("backend.demo").joinpath("data", "demo.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class CarriedHour:
    """What the whole city shares in one hour."""

    start: int
    hour: int
    """Of the civil day, 0 to 23."""
    weekday: int
    """Monday 0."""
    regional: Mapping[str, float]
    recorded: RecordedHour

    @property
    def wind(self) -> Wind:
        """The city's mean wind."""
        return self.recorded.wind


class Carry:
    """The record as a city sees it from its own clock."""

    def __init__(self, zone: tzinfo, seed: int) -> None:
        self.zone = zone
        self.seed = seed
        options = settings()
        self._season = {month: name for name, months in options["seasons"].items() for month in months}
        self._options = options["carry"]
        self._spans = load()
        self._offset = {
            name: dice.key(seed, "offset", name) % span.days for name, span in self._spans.items()
        }
        self.hour = lru_cache(maxsize=512)(self._hour)
        self._blend = cache(self._draw_blend)
        self._own = cache(self._draw_own)

    def _hour(self, start: int) -> CarriedHour:
        """The hour that begins at `start` (epoch seconds, a whole hour)."""
        local = datetime.fromtimestamp(start, UTC).astimezone(self.zone)
        span, index = self._find(local)
        recorded = span.hours[index]
        regional = dict(recorded.regional)
        since = self._hours_since_joint(local, index)
        if since < self._options["joint_hours"]:
            before = self._before_joint(start, since)
            share = (since + 1) / (self._options["joint_hours"] + 1)
            regional = {name: before[name] + (regional[name] - before[name]) * share for name in POLLUTANTS}
        return CarriedHour(start, local.hour, local.weekday(), regional, recorded)

    def _find(self, local: datetime) -> tuple[Span, int]:
        name = self._season[local.month]
        span = self._spans[name]
        day = (local.date().toordinal() + self._offset[name]) % span.days
        return span, day * HOURS + local.hour

    def _hours_since_joint(self, local: datetime, index: int) -> int:
        first_of_season = (
            local.day == 1 and self._season[local.month] != self._season[(local.month - 2) % 12 + 1]
        )
        return local.hour if index < HOURS or first_of_season else HOURS

    def _before_joint(self, start: int, since: int) -> Mapping[str, float]:
        local = datetime.fromtimestamp(start - (since + 1) * HOUR, UTC).astimezone(self.zone)
        span, index = self._find(local)
        return span.hours[index].regional

    def value(self, station: str, kind: str, pollutant: str, start: int) -> float:
        """A pollutant at a station over one hour, before any planted episode, in the record's units."""
        hour = self.hour(start)
        code = dice.lasting(self.seed, station)
        deviation = self._deviation(station, pollutant, hour)
        noise = dice.about(code ^ dice.mix(start, POLLUTANTS.index(pollutant)), self._options["noise"])
        factor = self._own(station, kind, pollutant) * math.exp(self._options["kept"][pollutant] * deviation)
        value: float = hour.regional[pollutant] * factor * noise
        if pollutant == "pm10":
            coarse: float = self._options["coarse"]
            return max(value, self.value(station, kind, "pm25", start) * coarse)
        return value

    def _deviation(self, station: str, pollutant: str, hour: CarriedHour) -> float:
        deviations = hour.recorded.deviations
        total = weight = 0.0
        for index, share in self._blend(station, len(deviations)):
            known = deviations[index].get(pollutant)
            if known is not None:
                total += known * share
                weight += share
        return total / weight if weight else 0.0

    def wind(self, station: str, start: int) -> Wind:
        """The wind at a point: the city's mean, turned a little by that of one source station."""
        recorded = self.hour(start).recorded
        index, _ = self._blend(station, len(recorded.winds))[0]
        return mean_wind([(recorded.wind, 1.0), (recorded.winds[index], self._options["wind_kept"])])

    def weather(self, station: str, start: int) -> dict[str, float]:
        """temp °C, rh %, pressure hPa, rain mm, wind_speed m/s, wind_dir (from, degrees) at a point."""
        recorded = self.hour(start).recorded
        wind = self.wind(station, start)
        weather = recorded.weather
        warmer = dice.normal(dice.lasting(self.seed, station, "temp")) * 0.5
        temp, dew = weather["temp"] + warmer, weather["dew_point"]
        return {
            "temp": temp,
            "rh": min(100.0, 100.0 * _vapour(dew) / _vapour(temp)),
            "pressure": weather["pressure"],
            "rain": weather["rain"],
            "wind_speed": wind.speed,
            "wind_dir": wind.origin,
        }

    def _draw_blend(self, station: str, count: int) -> tuple[tuple[int, float], ...]:
        base = dice.key(self.seed, station, "blend")
        order = sorted(range(count), key=lambda index: dice.mix(base, index))[: self._options["blend"]]
        shares = [dice.between(base, (0.2, 1.0), 1000 + index) for index in order]
        return tuple((index, share / sum(shares)) for index, share in zip(order, shares, strict=True))

    def _draw_own(self, station: str, kind: str, pollutant: str) -> float:
        base = dice.key(self.seed, station, "own", pollutant)
        of_kind: float = self._options["kind"].get(kind, {}).get(pollutant, 1.0)
        return of_kind * dice.about(base, self._options["own"][pollutant])


def _vapour(celsius: float) -> float:
    """Saturation vapour pressure over water, hPa (Magnus, WMO-No. 8 Annex 4.B)."""
    return 6.112 * math.exp(17.62 * celsius / (243.12 + celsius))
