"""The weather's side: Open-Meteo's hourly forecast answer for points, past days and today.

An hour that has come is the replay's own; one that has not is a forecast, here yesterday's same hour. Like the real
service it knows whole days only, so that it always tells more than was asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.demo.places import Places, Site
from backend.demo.upstream import Upstreams

FEED = "weather"
HOUR, DAY = 3600, 86_400
VARIABLES = {
    "wind_speed_10m": ("wind_speed", "m/s", 0),
    "wind_direction_10m": ("wind_dir", "°", 0),
    "temperature_2m": ("temp", "°C", 0),
    "relative_humidity_2m": ("rh", "%", 0),
    "surface_pressure": ("pressure", "hPa", 0),
    "precipitation": ("rain", "mm", HOUR),
}
"""Name: our parameter, unit, how long before its label the value's hour begins."""
_MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Hourly:
    """A reading on an answer: site, parameter, start, value."""

    site: Site
    parameter: str
    start: int
    at: int
    """Its label."""
    value: float


def answer(upstreams: Upstreams, query: Mapping[str, str], now: int) -> tuple[Any, list[Hourly]]:
    """The answer, one object for each point (bare for one point), and its hours that have come.

    Raises:
        ValueError: coordinates or names that can't be read.
    """
    lats = [float(part) for part in query["latitude"].split(",")]
    lons = [float(part) for part in query["longitude"].split(",")]
    names = [name for name in query.get("hourly", "").split(",") if name in VARIABLES]
    past = min(int(query.get("past_days", "0")), _MOST_DAYS)
    ahead = min(int(query.get("forecast_days", "7")), 16)
    midnight = now // DAY * DAY
    times = range(midnight - past * DAY, midnight + ahead * DAY, HOUR)
    told: list[Hourly] = []
    found = []
    for lat, lon in zip(lats, lons, strict=True):
        site = _nearest(upstreams.places, lat, lon)
        columns = {name: [_value(upstreams, site, name, at, now) for at in times] for name in names}
        for name in names:
            parameter, _, before = VARIABLES[name]
            told += [
                Hourly(site, parameter, at - before, at, value)
                for at, value in zip(times, columns[name], strict=True)
                if at <= now
            ]
        units = {name: VARIABLES[name][1] for name in names}
        found.append(
            {
                "latitude": round(lat, 2),
                "longitude": round(lon, 2),
                "utc_offset_seconds": 0,
                "timezone": "GMT",
                "hourly_units": {"time": "unixtime", **units},
                "hourly": {"time": list(times), **columns},
            }
        )
    return (found[0] if len(found) == 1 else found), told


def _value(upstreams: Upstreams, site: Site, name: str, at: int, now: int) -> float:
    parameter, _, before = VARIABLES[name]
    known = at if at <= now else at - -(-(at - now) // DAY) * DAY
    return round(upstreams.carry.weather(site.code, known - before)[parameter], 1)


def _nearest(places: Places, lat: float, lon: float) -> Site:
    sites: Sequence[Site] = places.feeds.get(FEED, ())
    if not sites:
        raise ValueError("no point")
    return min(sites, key=lambda site: math.hypot(site.lat - lat, site.lon - lon))
