"""Hours that no public record gives: dust sites, roads, water, power meters, vehicle remote sensing. Made up.

Dust rides on the carried PM10 of the same hour and follows work, traffic, wind and rain. Water wanders slowly
about a level that belongs to the section. Power follows the shifts of the enterprise. Every number is in
``data/demo.toml``; the same seed gives the same values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from backend.demo import dice
from backend.demo.carry import HOUR, CarriedHour, Carry, settings
from backend.demo.places import Site

Values = dict[str, float]
"""Parameter code: value in the product's unit."""
DAY = 86_400
_GASES = ("so2", "no2", "co", "o3")
WEATHER = frozenset(("temp", "rh", "pressure", "rain", "wind_speed", "wind_dir"))


class Generator:
    """What every kind of station measures over one period when nothing out of the ordinary happens."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry
        self._options = settings()
        self._makers = {
            "air": self._air,
            "township_air": self._air,
            "weather": self._weather,
            "site_dust": self._site_dust,
            "road_dust": self._road_dust,
            "water": self._water,
            "power": self._power,
            "remote_sensing": self._remote_sensing,
        }

    def values(self, site: Site, start: int) -> Values:
        """All that a site measures over the period that begins at `start`; nothing for an unknown kind."""
        make = self._makers.get(site.kind)
        return make(site, start) if make else {}

    def _hour(self, start: int) -> CarriedHour:
        return self._carry.hour(start - start % HOUR)

    def _draw(self, site: Site, name: str, low: float, high: float) -> float:
        return _lasting(self._carry.seed, site.code, name, low, high)

    def _noise(self, site: Site, start: int, name: str, deviation: float) -> float:
        return dice.about(dice.lasting(self._carry.seed, site.code, name), deviation, start)

    def _air(self, site: Site, start: int) -> Values:
        whole = start - start % HOUR
        names = [measure.parameter for measure in site.measures]
        out = {
            name: self._carry.value(site.code, site.kind, name, whole)
            for name in ("pm25", "pm10", *_GASES)
            if name in names
        }
        return out | self._weather_of(site, whole)

    def _weather_of(self, site: Site, whole: int) -> Values:
        """The weather that a station measures beside its own kind's."""
        names = {measure.parameter for measure in site.measures} & WEATHER
        found = self._carry.weather(site.code, whole) if names else {}
        return {name: found[name] for name in sorted(names)}

    def _weather(self, site: Site, start: int) -> Values:
        return self._carry.weather(site.code, start - start % HOUR)

    def _dust(self, site: Site, start: int, options: Mapping[str, Any], activity: float) -> float:
        hour = self._hour(start)
        lasting = options["dust"] * dice.about(
            dice.lasting(self._carry.seed, site.code, "dust"), options["dust_deviation"]
        )
        wet = hour.recorded.weather["rain"] >= options["rain"]
        lift = 1 + options["wind"] * max(0.0, hour.wind.speed - 1)
        return 0.1 * lasting if wet else float(lasting * activity * lift)

    def _site_dust(self, site: Site, start: int) -> Values:
        options = self._options["site_dust"]
        hour = self._hour(start)
        work = options["work"][hour.hour] * (options["sunday"] if hour.weekday == 6 else 1.0)
        dust = self._dust(site, start, options, work)
        share = self._draw(site, "share", *options["share"])
        noise = self._noise(site, start, "dust", options["noise"])
        air10 = self._carry.value(site.code, site.kind, "pm10", hour.start)
        air25 = self._carry.value(site.code, site.kind, "pm25", hour.start)
        pm10 = (air10 * share + dust) * noise
        quiet, loud = options["hum"]
        return {
            "pm10": pm10,
            "pm25": min((air25 * share + dust * options["fine"]) * noise, pm10 * 0.95),
            "tsp": pm10 * options["coarse"],
            "noise": quiet + (loud - quiet) * work + 2 * dice.normal(dice.lasting(site.code, "hum"), start),
            **self._weather_of(site, hour.start),
        }

    def _road_dust(self, site: Site, start: int) -> Values:
        options = self._options["road_dust"]
        hour = self._hour(start)
        dust = self._dust(site, start, options, options["traffic"][hour.hour])
        share = self._draw(site, "share", *options["share"])
        noise = self._noise(site, start, "dust", options["noise"])
        out = self._air(site, start)
        pm10 = (self._carry.value(site.code, site.kind, "pm10", hour.start) * share + dust) * noise
        pm25 = self._carry.value(site.code, site.kind, "pm25", hour.start) * share * noise
        return out | {"pm10": pm10, "pm25": min(pm25 + 0.08 * dust, pm10 * 0.95), "tsp": pm10 * 1.7}

    def _wave(self, site: Site, name: str, start: int) -> float:
        options = self._options["water"]
        base = dice.lasting(self._carry.seed, site.code, name, "wave")
        days = start / DAY
        turns = [
            math.sin(2 * math.pi * (days / period + dice.unit(base, index)))
            for index, period in enumerate(options["periods"])
        ]
        return math.exp(options["slow"] * sum(turns)) * dice.about(base, options["noise"], start)

    def _water(self, site: Site, start: int) -> Values:
        options = self._options["water"]
        hour = self._hour(start)
        limits = options["limits"].get(site.target, options["limits"]["III"])
        out = {}
        for name in ("codmn", "nh3n", "tp"):
            level = self._draw(site, name, *options["share"])
            out[name] = limits[name] * level * self._wave(site, name, start)
        for name, (low, high) in options["other"].items():
            wave = self._wave(site, name, start)
            # pH is a logarithm already: a tenth of the wave is what a river shows.
            out[name] = self._draw(site, name, low, high) * (wave**0.1 if name == "ph" else wave)
        air = hour.recorded.weather["temp"]
        out["water_temp"] = max(0.5, 0.6 * air + 5.0) * (0.97 + 0.06 * self._draw(site, "depth", 0, 1))
        # Oxygen: at saturation as GB 3838 gives it (468 / (31.6 + T)), times a share, highest in the afternoon.
        day = 1 + 0.04 * math.sin(2 * math.pi * (hour.hour - 9) / 24)
        full = 468 / (31.6 + out["water_temp"])
        out["do"] = full * self._draw(site, "do", 0.72, 0.95) * day * self._wave(site, "do", start) ** 0.4
        return out

    def _works(self, site: Site, hour: CarriedHour) -> bool:
        options = self._options["power"]
        drawn = self._draw(site, "shift", 0, 1)
        base = dice.lasting(self._carry.seed, site.code, "sunday")
        for shift in options["shifts"]:
            drawn -= shift["share"]
            if drawn < 0:
                open_today = hour.weekday < 6 or shift["to"] == 24 or dice.unit(base) < options["sunday"]
                return bool(open_today and shift["from"] <= hour.hour < shift["to"])
        return True

    def _power(self, site: Site, start: int) -> Values:
        options = self._options["power"]
        rated, treating = site.rated
        base = dice.lasting(self._carry.seed, site.code, "load")
        if not self._works(site, self._hour(start)):
            idle = options["idle"] * dice.between(base, (0.5, 1.5), start)
            return {"power_prod": rated * idle, "power_treat": treating * idle}
        load = self._draw(site, "load", *options["load"]) * dice.about(base, options["noise"], start)
        treat = self._draw(site, "treat", *options["treat_load"]) * dice.about(
            base, options["noise"], start + 1
        )
        return {"power_prod": rated * load, "power_treat": treating * treat}

    def _remote_sensing(self, site: Site, start: int) -> Values:
        options = self._options["remote_sensing"]
        return {
            name: self._draw(site, name, *options[name]) * self._noise(site, start, name, options["noise"])
            for name in ("no_ppm", "opacity")
        }


@cache
def _lasting(seed: int, code: str, name: str, low: float, high: float) -> float:
    return dice.between(dice.key(seed, code, name), (low, high))
