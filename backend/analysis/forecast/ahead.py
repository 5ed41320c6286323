"""Weather to come 预报气象, as regressors: how wind, temperature, pressure and humidity of a valid hour will depart.

Each is the mean of some hours up to the valid one, less its own median at that hour of day in the last 28 days, in
units of its own spread there: so a model's weather and a station's are the same to it. A training knows no forecasts,
only what the weather turned out to be; it is made as uncertain as forecasts are (errors in variables: noise that grows
with the lead), which shrinks the weights as much as forecasts deserve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from backend.analysis.field import read_field
from backend.analysis.forecast.features import BLOCK, HOURS, Array, Index, blocks, sorted_quantiles
from backend.analysis.forecast.history import DAY, HOUR, WEATHER, WEATHER_NAMES, regional
from backend.analysis.forecast.rules import rules
from backend.city.registry import City
from backend.store import table
from backend.store.tables import WeatherAhead

AHEAD = table(WeatherAhead)
WINDOWS = (3, 12, 24)
NAMES = ("speed", "east", "north", "temp", "pressure", "rh")
WIDTH = len(NAMES) * len(WINDOWS)
_BEFORE = BLOCK + HOURS
_LIMIT = 4.0


@dataclass(frozen=True)
class Coming:
    """The region's weather about one instant: what was measured before it, and what was said by then of the rest."""

    series: Mapping[str, Array]
    """(BLOCK + 24 + leads,) by name."""

    def __post_init__(self) -> None:
        lead = np.arange(int(rules()["ahead"]["hours"]))
        found = departures(self.series, np.full(len(lead), _BEFORE, np.int64), lead)
        object.__setattr__(self, "known", np.asarray(np.isfinite(found).all(axis=1), np.bool_))
        object.__setattr__(self, "regressors", np.nan_to_num(found))

    regressors: Array = field(init=False, repr=False)
    """(hours, WIDTH) at every hour to come."""
    known: NDArray[np.bool_] = field(init=False, repr=False)
    """(hours,) at which of them the weather is known."""


def departures(weather: Mapping[str, Array], at: Index, lead: Index) -> Array:
    """(M, WIDTH) of pairs of an instant (index of the first hour not known) and a lead; NaN where not known."""
    size = min((len(series) for series in weather.values()), default=0)
    valid = at + lead
    inside = valid < size
    instants, place = np.unique(at, return_inverse=True)
    found = np.full((len(at), WIDTH), np.nan, np.float32)
    if not size:
        return found
    for turn, name in enumerate(NAMES):
        series = weather.get(name)
        if series is None:
            continue
        for number, window in enumerate(WINDOWS):
            mean = _running(series, window)
            low, centre, high = sorted_quantiles(blocks(mean, instants), (1 / 6, 0.5, 5 / 6))
            known = np.isfinite(centre)
            whole = np.where(known, (high - low) / 2, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
            spread = np.maximum(whole, _least(name))
            hour = lead % HOURS
            now = mean[np.minimum(valid, size - 1)]
            told = (now - centre[place, hour]) / spread[place]
            found[:, turn * len(WINDOWS) + number] = np.where(inside, told, np.nan)
    limited: Array = np.clip(found, -_LIMIT, _LIMIT)
    return limited


def _least(name: str) -> float:
    return float(rules()["ahead"]["least"][name])


def _running(series: Array, window: int) -> Array:
    """(T,) the mean of the hours up to each, where half of them are known."""
    known = np.isfinite(series)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, series, 0), dtype=np.float64)])
    count = np.concatenate([[0], np.cumsum(known)])
    last = np.arange(1, len(series) + 1)
    first = np.maximum(last - window, 0)
    many = count[last] - count[first]
    mean = (total[last] - total[first]) / np.maximum(many, 1)
    return np.where(2 * many >= window, mean, np.nan).astype(np.float32)


def doubted(regressors: Array, at: Index, lead: Index, seed: int) -> Array:
    """What was measured, as uncertain as a forecast: an error of each regressor at an instant, grown with the lead."""
    told = rules()["ahead"]
    instants, place = np.unique(at, return_inverse=True)
    error = np.random.default_rng(seed).normal(size=(len(instants), regressors.shape[1]))
    share = np.sqrt(np.clip((lead + 1) / float(told["hours"]), 0, 1))
    size = float(told["error_now"]) + (float(told["error_then"]) - float(told["error_now"])) * share
    found: Array = (regressors + error[place] * size[:, None]).astype(np.float32)
    return found


def read_coming(conn: Connection, city: City, at: int, hours: int) -> Coming | None:
    """The weather about an instant, by what was had by then; None where nobody says anything of the hours to come."""
    return _read(conn, city, [at], hours).get(at)


def read_earlier(conn: Connection, city: City, at: int, hours: int) -> dict[int, Coming]:
    """The same of the same hour of each of the last days, as it was known then; by instant, what was said only."""
    days = int(rules()["lessons"]["days"])
    return _read(conn, city, [at - back * DAY for back in range(days, 0, -1)], hours)


def _read(conn: Connection, city: City, instants: Sequence[int], hours: int) -> dict[int, Coming]:
    every = {at: _said(conn, city, at, hours) for at in instants}
    told = {at: said for at, said in every.items() if said is not None}
    if not told:
        return {}
    # The very points that speak of the future: another's thermometer hangs elsewhere.
    points = sorted({number for stations, _ in told.values() for number in stations})
    start = min(told) - _BEFORE * HOUR
    past = read_field(
        conn, city, parameters=WEATHER, start=start, end=max(told), period=HOUR, stations=points, suspect=True
    )
    found = {}
    for at, (stations, lines) in told.items():
        column = [past.column[number] for number in stations if number in past.column]
        if len(column) < len(stations):
            continue
        last = (at - start) // HOUR
        before = slice(last - _BEFORE, last)
        measured = regional({name: past.values[name][before, column] for name in WEATHER})
        coming = regional(lines)
        series = {name: np.concatenate([measured[name], coming[name]]) for name in WEATHER_NAMES}
        found[at] = Coming(series)
    return found


def _said(conn: Connection, city: City, at: int, hours: int) -> tuple[Sequence[int], dict[str, Array]] | None:
    """The newest saying of each point that was had by an instant and is not old: (hours, points) by parameter."""
    numbers = {known.id: code for code in WEATHER if (known := city.parameter(code)) is not None}
    since = at - int(rules()["ahead"]["oldest_hours"]) * HOUR
    found = conn.execute(
        select(AHEAD.c.issued, AHEAD.c.station, AHEAD.c.parameter, AHEAD.c.start, AHEAD.c.hours)
        .where(AHEAD.c.issued > since, AHEAD.c.issued <= at, AHEAD.c.parameter.in_(list(numbers)))
        .order_by(AHEAD.c.issued)
    ).all()
    stations = sorted({row.station for row in found if row.station in city.stations})
    if not stations:
        return None
    lines = {name: np.full((hours, len(stations)), np.nan, np.float32) for name in WEATHER}
    for row in found:
        if row.station not in city.stations:
            continue
        series = np.frombuffer(row.hours, "<f4")
        place = (row.start - at) // HOUR + np.arange(len(series))
        some = (place >= 0) & (place < hours) & np.isfinite(series)
        # Later sayings come later and stand before those of the same hour.
        lines[numbers[row.parameter]][place[some], stations.index(row.station)] = series[some]
    return stations, lines
