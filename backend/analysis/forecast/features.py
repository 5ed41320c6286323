"""What a forecast knows at its instant: the last 28 days of a series, of its region, of the weather.

Every feature is a function of the block of hours *before* the instant and of nothing else, so that no later value
can ever enter one. Work is done on the logarithm of concentrations (SMAPE is a function of the log error alone:
``2 tanh(|ln F - ln A| / 2)``) and on departures from the same-hour profile 同时刻廓线, in units of its own spread.

A block is (N, 28, 24): N series, days (oldest first), hours counted from the instant's own hour of day; its column k
is the hour of day of the leads k, k + 24 and k + 48.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""Of float32, unless it is said otherwise."""
Index = NDArray[Any]
"""Of whole numbers."""
DAYS, HOURS = 28, 24
BLOCK = DAYS * HOURS
SPANS = (1, 3, 7, 14)
"""Days of the shorter profiles."""
WINDOWS = (1, 3, 6, 12, 24, 48, 168)
"""Hours of the mean departures before the instant."""
KNOTS = (0.0, 3.0, 7.0, 12.0, 18.0, 26.0, 40.0, 72.0)
"""Leads, in hours, between which every weight is straight."""
SPREAD_LOW, SPREAD_USUAL, SPREAD_HIGH = 0.15, 0.6, 1.5
SURE_DAYS = 10
"""Days after which a series' own spread counts alone."""
COMPANIONS = ("pm25", "pm10", "so2", "no2", "co", "o3")
"""Pollutants of which each forecast knows how the region departs from the usual: they tell what kind of air it is."""
COMPANION_WINDOWS = (1, 4)
"""Which of `WINDOWS` it knows of them."""
OWN = 32
"""Regressors of the pollutant itself."""
WIDTH = (OWN + len(COMPANIONS) * len(COMPANION_WINDOWS)) * len(KNOTS)
"""Of a design without the weather."""
LAG = 14
"""Days that the middle of the usual profile lies behind."""
TILT, EQUINOX, YEAR = 23.44, 80.0, 365.2425
"""The sun's declination 赤纬: its greatest, degrees; the day of the year that it is 0 on; days of a year."""
_CLIP = 4.0


def sorted_quantiles(values: Array, shares: tuple[float, ...]) -> list[Array]:
    """Quantiles along the second axis, NaN left out; NaN where nothing is left."""
    ordered = np.sort(values, axis=1)
    count = np.isfinite(values).sum(axis=1)
    found = []
    for share in shares:
        place = np.maximum(count - 1, 0) * share
        low = place.astype(np.intp)
        high = np.minimum(low + 1, np.maximum(count - 1, 0))
        weight = (place - low).astype(np.float32)
        a = np.take_along_axis(ordered, low[:, None], axis=1)[:, 0]
        b = np.take_along_axis(ordered, high[:, None], axis=1)[:, 0]
        found.append((a * (1 - weight) + b * weight).astype(np.float32))
    return found


def median(values: Array) -> Array:
    """The median along the second axis, NaN left out."""
    return sorted_quantiles(values, (0.5,))[0]


@dataclass(frozen=True)
class State:
    """What a batch of series says at its instants."""

    centre: Array
    """(N, 24) the usual logarithm at each hour of day."""
    spread: Array
    """(N, 24) how far it usually departs from that."""
    profiles: Array
    """(N, 24, len(SPANS)) shorter profiles, as departures in units of spread."""
    before: Array
    """(N, 24) the day before the last one, likewise."""
    tails: Array
    """(N, 24, 2) where the lower and upper sixth begin, likewise."""
    recent: Array
    """(N, len(WINDOWS) + 1) mean departures before the instant, and the last turn."""
    level: Array
    """(N,) the middle of the usual day."""


def state(block: Array, fallback: State | None = None) -> State:
    """Features of a block (N, 28, 24) of logarithms; where a series has no history the ``fallback`` (its region's,
    one row or N) speaks for it."""
    low, centre, high = sorted_quantiles(block, (1 / 6, 0.5, 5 / 6))
    shift = np.zeros(len(block), np.float32)
    if fallback is not None:
        with np.errstate(invalid="ignore"):
            shift = _mean(centre - fallback.centre)
        centre = np.where(np.isfinite(centre), centre, fallback.centre + np.nan_to_num(shift)[:, None])
    centre = np.where(np.isfinite(centre), centre, _mean(centre)[:, None])
    spread = (high - low) / 2
    spread = _mean(np.stack([np.roll(spread, 1, 1), spread, np.roll(spread, -1, 1)], axis=2), axis=2)
    if fallback is not None:
        both = np.stack([spread, np.broadcast_to(fallback.spread, spread.shape)], axis=2)
        spread = _mean(both, axis=2)
    spread = np.clip(np.nan_to_num(spread, nan=SPREAD_USUAL), SPREAD_LOW, SPREAD_HIGH)
    # A few days say little about how far the air can depart from them.
    sure = np.minimum(np.isfinite(block).sum(axis=1) / SURE_DAYS, 1)
    spread = sure * spread + (1 - sure) * np.maximum(spread, SPREAD_USUAL)
    departure = (block - centre[:, None, :]) / spread[:, None, :]
    profiles = np.stack([median(departure[:, -days:]) for days in SPANS], axis=2)
    for index in range(len(SPANS) - 2, -1, -1):
        profiles[..., index] = np.where(
            np.isfinite(profiles[..., index]), profiles[..., index], profiles[..., index + 1]
        )
    tails = np.stack([(low - centre) / spread, (high - centre) / spread], axis=2)
    return State(
        centre.astype(np.float32),
        spread.astype(np.float32),
        _tame(profiles),
        _tame(departure[:, -2]),
        _tame(tails),
        _recent(departure.reshape(len(block), BLOCK)),
        np.nan_to_num(_mean(centre)).astype(np.float32),
    )


def _recent(departure: Array) -> Array:
    found: list[Array] = []
    longer: Array | None = None
    for hours in reversed(WINDOWS):
        mean = _mean(departure[:, -hours:])
        longer = mean if longer is None else np.where(np.isfinite(mean), mean, longer)
        found.insert(0, longer)
    turn = _mean(departure[:, -2:]) - _mean(departure[:, -8:-2])
    return _tame(np.stack([*found, turn], axis=1))


def _mean(values: Any, axis: int = 1) -> Array:
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0).sum(axis=axis)
    result: Array = np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
    return result


def _tame(values: Array) -> Array:
    found: Array = np.clip(np.nan_to_num(values), -_CLIP, _CLIP).astype(np.float32)
    return found


def blocks(series: Array, at: Index, which: Index | None = None) -> Array:
    """The block before each instant ``at`` (index of the first hour not known), of series (T,) or column ``which``
    of (T, S); what lies before the record is NaN."""
    lines = at[:, None] + np.arange(-BLOCK, 0)[None, :]
    known = lines >= 0
    safe = np.maximum(lines, 0)
    values = series[safe] if which is None else series[safe, which[:, None]]
    found: Array = np.where(known, values, np.nan).reshape(len(at), DAYS, HOURS).astype(np.float32)
    return found


def hats(lead: Array) -> Array:
    """(N, len(KNOTS)) how much of each knot's weight holds at a lead."""
    knots = np.array(KNOTS, np.float32)
    index = np.clip(np.searchsorted(knots, lead, side="right") - 1, 0, len(knots) - 2)
    share = np.clip((lead - knots[index]) / (knots[index + 1] - knots[index]), 0, 1)
    found = np.zeros((len(lead), len(knots)), np.float32)
    rows = np.arange(len(lead))
    found[rows, index] = 1 - share
    found[rows, index + 1] += share
    return found


def season(start: Index, solar: Array) -> Array:
    """(M, 3) by how much the sun has risen since the middle of the usual profile (its declination, tens of degrees),
    by day and by night: spring's ozone runs ahead of what was usual, autumn's behind.

    Args:
        start: epoch seconds of the valid hours.
        solar: their local solar hour.
    """

    def declination(day: Array) -> Array:
        found: Array = TILT * np.sin(2 * np.pi * (day - EQUINOX) / YEAR)
        return found

    day = start / 86_400.0
    risen = (declination(day) - declination(day - LAG)) / 10
    angle = solar * (2 * np.pi / HOURS)
    return np.stack([risen, risen * np.cos(angle), risen * np.sin(angle)], axis=1).astype(np.float32)


@dataclass(frozen=True)
class Batch:
    """The states of a batch of series at their instants, with what is known beside them."""

    own: State
    region: State
    others: Array
    """(N, C) how the region departs from the usual in the `COMPANIONS`; 0 where nothing is known."""
    weather: Array
    """(N, W) the weather before the instants; W is 0 where none is used."""
    begins: Index
    """(N,) epoch seconds of the instants."""
    lon: Array
    """(N,) the series' longitudes, degrees."""
    south: bool
    """Whether the seasons are those of the southern half of the earth."""

    def solar(self, row: Index, lead: Index) -> Array:
        """Local mean solar time of some pairs, hours."""
        utc = self.begins[row] // 3600 % HOURS + lead
        found: Array = ((utc + self.lon[row] / 15.0) % HOURS).astype(np.float32)
        return found

    def centre(self, row: Index, lead: Index) -> tuple[Array, Array]:
        """The usual logarithm and its spread at the leads of some pairs."""
        hour = lead % HOURS
        return self.own.centre[row, hour], self.own.spread[row, hour]


def design(batch: Batch, row: Index, lead: Index) -> Array:
    """The regressors of some (series, lead) pairs: (M, K); those of the weather come last.

    Each is a departure that is 0 where nothing is unusual, `faded`.

    Args:
        row: (M,) which series of the batch each pair is of.
        lead: (M,) hours after the instant.
    """
    own, region, hour = batch.own, batch.region, lead % HOURS
    plain = [
        np.ones((len(row), 1), np.float32),
        own.profiles[row, hour],
        region.profiles[row, hour],
        own.before[row, hour][:, None],
        own.tails[row, hour],
        np.nan_to_num(own.centre[row, hour] - own.level[row])[:, None],
        own.recent[row],
        region.recent[row],
        season(batch.begins[row] + 3600 * lead, batch.solar(row, lead)) * (-1 if batch.south else 1),
        batch.others[row],
        batch.weather[row],
    ]
    flat = np.concatenate(plain, axis=1)
    return faded(flat, lead)


def faded(flat: Array, lead: Index) -> Array:
    """(M, K * knots) regressors (M, K) times the knots of the lead: the weight of each may fade with it."""
    found: Array = (flat[:, :, None] * hats(lead.astype(np.float32))[:, None, :]).reshape(len(flat), -1)
    return found
