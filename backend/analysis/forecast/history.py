"""The hours that a forecast learns from: concentrations by station, and the region's weather.

Everything is cut at the instant of the forecast: an hour that ends after it is not read. Values of flag GOOD and
SUSPECT both count, since whether a value becomes suspect may only be known from later ones; medians bear the false.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import Connection

from backend.analysis.field import Instants, read_field
from backend.analysis.forecast import rules
from backend.analysis.forecast.features import Array, median
from backend.city.registry import City
from backend.clock import begun

HOUR, DAY = 3600, 86400
WEATHER = ("temp", "pressure", "rh", "wind_speed", "wind_dir")


@dataclass(frozen=True)
class History:
    """Hours (T,) of stations (S,)."""

    times: Instants
    """Starts of the hours, every one, ascending."""
    codes: tuple[str, ...]
    """The stations'."""
    lon: Array
    """(S,) degrees."""
    values: Mapping[str, Array]
    """(T, S) by parameter, NaN where unknown; in the parameter's unit."""
    floors: Mapping[str, float]
    """The smallest value of a parameter that is told from nothing: the logarithm's end."""
    weather: Mapping[str, Array] = field(default_factory=dict)
    """(T,) by name: temp, pressure, rh, speed, east, north; empty where none is known."""
    slow: bool = False
    """Whether some stations' readings are coarser than an hour: an hour may then be known from one that ended later, so
    that such a history must be read anew for an earlier instant, not cut."""
    south: bool = False
    """Whether the stations lie south of the equator."""

    def __post_init__(self) -> None:
        logs = {code: logarithm(values, self.floors[code]) for code, values in self.values.items()}
        object.__setattr__(self, "logs", logs)
        object.__setattr__(self, "regions", {code: median(values) for code, values in logs.items()})

    logs: Mapping[str, Array] = field(init=False, repr=False)
    """(T, S) natural logarithms."""
    regions: Mapping[str, Array] = field(init=False, repr=False)
    """(T,) the stations' median logarithm."""
    memo: dict[str, tuple[Array, Array]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What was last worked out of the whole region, with the instants it is of: asked again for each pollutant."""

    @property
    def start(self) -> int:
        """The first hour; 0 where there is none."""
        return int(self.times[0]) if len(self.times) else 0

    @property
    def seen(self) -> int:
        """How many values are known."""
        return sum(int(np.isfinite(values).sum()) for values in self.values.values())

    def index(self, at: int) -> int:
        """The index of the hour that begins at or after an instant's own hour; may lie one beyond the last."""
        return (at - self.start) // HOUR

    def until(self, at: int) -> History:
        """The same as it was known at an instant: hours that had ended."""
        return self._lines(slice(0, max(0, min(self.index(at), len(self.times)))))

    def since(self, at: int) -> History:
        """The hours from an instant on."""
        return self._lines(slice(max(0, self.index(at)), None))

    def _lines(self, lines: slice) -> History:
        return replace(
            self,
            times=self.times[lines],
            values={code: values[lines] for code, values in self.values.items()},
            weather={name: values[lines] for name, values in self.weather.items()},
        )


def logarithm(values: Array, floor: float) -> Array:
    """The natural logarithm; what is negative is unknown, what is below the floor is the floor."""
    with np.errstate(invalid="ignore"):
        return np.log(np.maximum(np.where(values >= 0, values, np.nan), floor)).astype(np.float32)


def read_history(conn: Connection, city: City, start: int, end: int, only: Sequence[str] = ()) -> History:
    """Read the hours of ``[start, end)`` that the store has, ``only`` of some parameters where they are named."""
    chosen = rules.stations(city)
    wanted = [row.code for row in rules.parameters(city) if not only or row.code in only]
    first, last = begun(start + HOUR - 1, HOUR, city.zone), begun(end, HOUR, city.zone)
    times = np.arange(first, max(first, last), HOUR, dtype=np.int64)
    values = {code: np.full((len(times), len(chosen)), np.nan, np.float32) for code in wanted}
    weather = {name: np.full(len(times), np.nan, np.float32) for name in WEATHER_NAMES}
    step = int(rules.rules()["history"]["chunk_days"]) * DAY
    slow = {row.id for row in chosen if rules.step_of(city, row) > HOUR}
    groups = [group for group in ([row.id for row in chosen if row.id not in slow], sorted(slow)) if group]
    place = {row.id: column for column, row in enumerate(chosen)}
    # One that lasts beyond a part's end is read with it, where it had ended by then.
    over = int(rules.rules()["cadence"]["coarsest"])
    for begin in range(first, last, step):
        stop = min(begin + step, last)
        lines = slice((begin - first) // HOUR, (stop - first) // HOUR)
        for group in groups:
            coarse = group[0] in slow
            until = min(stop + over, last) if coarse else stop
            part = read_field(
                conn, city, parameters=wanted, start=begin, end=until, period=HOUR, stations=group,
                suspect=True, spread=coarse,
            )  # fmt: skip
            columns = [part.column[number] for number in group]
            for code in wanted:
                hours = part.values[code][: (stop - begin) // HOUR, columns]
                values[code][lines, [place[number] for number in group]] = hours
        blown = read_field(conn, city, parameters=WEATHER, start=begin, end=stop, period=HOUR, suspect=True)
        for name, series in regional(blown.values).items():
            weather[name][lines] = series
    kept = {code: array for code, array in values.items() if np.isfinite(array).any()}
    floors = {}
    for code in kept:
        row = city.parameter(code)
        floors[code] = floor_of(0 if row is None else row.decimals)
    known = {name: series for name, series in weather.items() if np.isfinite(series).any()}
    lon = np.array([row.lon for row in chosen], np.float32)
    south = sum(row.lat or 0.0 for row in chosen) < 0
    return History(times, tuple(row.code for row in chosen), lon, kept, floors, known, bool(slow), south)


WEATHER_NAMES = ("temp", "pressure", "rh", "speed", "east", "north")


def regional(values: Mapping[str, Array]) -> dict[str, Array]:
    """The region's weather from that of points and stations: medians, and the mean wind as a vector."""
    if not values["temp"].shape[1]:
        return {}
    angle = np.radians(values["wind_dir"])
    speed = values["wind_speed"]
    return {
        "temp": median(values["temp"]),
        "pressure": median(values["pressure"]),
        "rh": median(values["rh"]),
        "speed": median(speed),
        "east": median((-speed * np.sin(angle)).astype(np.float32)),
        "north": median((-speed * np.cos(angle)).astype(np.float32)),
    }


def floor_of(decimals: int) -> float:
    """The least value that is told from nothing: one unit of the last place that the parameter is written with."""
    return 10.0 ** -max(0, decimals)
