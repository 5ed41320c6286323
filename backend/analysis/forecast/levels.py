"""AQI levels of a forecast: how probable each is, by day.

A day's level hangs on all its hours and pollutants together, so whole courses are drawn and not hours one by one: the
ranks of what the region's air did in the last four weeks, course by course, reorder each series' own distribution
(Schaake shuffle, Clark et al. 2004, J. Hydrometeorol. 5, 243). Hours that lead on from each other and
pollutants that rise together do so in every course.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from backend.analysis.forecast import features
from backend.analysis.forecast.features import BLOCK, HOURS, Array
from backend.analysis.forecast.history import HOUR, History
from backend.analysis.forecast.model import QUANTILES
from backend.analysis.forecast.predicting import Issue
from backend.standards import aqi
from backend.standards.levels import levels

_FEW = 8
_COURSES = 20
"""Courses where the region has too little past for its own: the same rank at every hour."""
_WHOLE = 20
"""Hours that make a day's mean (HJ 663 / GB 3095: 20 of 24)."""
_EIGHT, _SIX_OF_EIGHT = 8, 6


@dataclass(frozen=True)
class DayLevels:
    """A civil day at all stations."""

    day: int
    """Its start, epoch seconds."""
    known: int
    """Hours that had ended when the forecast was issued."""
    shares: Array
    """(S, 6) the probability of each level; NaN where a station has none."""
    index: Array
    """(S, 3) the AQI: median, and where the 80 % interval begins and ends."""
    primary: tuple[str, ...]
    """(S,) the pollutant that decides most often, empty where the median is 50 or less."""


def day_levels(history: History, issue: Issue, zone: ZoneInfo, *, days: int = 4) -> list[DayLevels]:
    """The civil days that an issue covers, today first with its measured hours."""
    index = history.index(issue.at)
    ranks = _ranks(history, index, issue.hours, list(issue.parts))
    found = []
    local = datetime.fromtimestamp(issue.at, zone)
    for turn in range(days):
        begins = _midnight(local.date(), zone, turn)
        ends = _midnight(local.date(), zone, turn + 1)
        one = _day(history, issue, ranks, begins, ends, datetime.fromtimestamp(begins, zone).date())
        if one is not None:
            found.append(one)
    return found


def _midnight(day: date, zone: ZoneInfo, later: int) -> int:
    moved = date.fromordinal(day.toordinal() + later)
    return int(datetime(moved.year, moved.month, moved.day, tzinfo=zone).timestamp())


def _ranks(history: History, at: int, hours: int, codes: Sequence[str]) -> dict[str, Array]:
    """(courses, hours) for each parameter: where in its distribution each course is, 0 to 1."""
    found = {}
    for code in codes:
        block = features.blocks(history.regions[code], np.array([at]))
        state = features.state(block)
        departure = ((block[0] - state.centre[0]) / state.spread[0]).reshape(BLOCK)
        starts = range(0, BLOCK - hours + 1, HOURS)
        courses = np.stack([departure[first : first + hours] for first in starts])
        found[code] = courses
    whole = np.all([np.isfinite(courses).mean(axis=1) > 0.7 for courses in found.values()], axis=0)
    if not found or whole.sum() < _FEW:
        even = (np.arange(_COURSES) + 0.5) / _COURSES
        return {code: np.repeat(even[:, None], hours, axis=1) for code in codes}
    ranks = {}
    for code, courses in found.items():
        chosen = courses[whole]
        order = np.argsort(np.argsort(np.nan_to_num(chosen), axis=0, kind="stable"), axis=0)
        ranks[code] = (order + 0.5) / len(chosen)
    return ranks


def _courses(quantiles: Array, ranks: Array) -> Array:
    """(S, R, H) a series' distribution (S, H, Q) at the ranks (R, H)."""
    shares = np.array(QUANTILES)
    place = np.clip(np.searchsorted(shares, ranks) - 1, 0, len(shares) - 2)
    weight = np.clip((ranks - shares[place]) / (shares[place + 1] - shares[place]), 0, 1).astype(np.float32)
    hours = np.arange(ranks.shape[1])[None, :]
    low, high = quantiles[:, hours, place], quantiles[:, hours, place + 1]
    found: Array = low * (1 - weight) + high * weight
    return found


def _day(
    history: History, issue: Issue, ranks: Mapping[str, Array], begins: int, ends: int, on: date
) -> DayLevels | None:
    hours = np.arange(begins, ends, HOUR)
    first, lead = history.index(begins), (hours - issue.at) // HOUR
    past, ahead = lead < 0, (lead >= 0) & (lead < issue.hours)
    if (past | ahead).sum() < _WHOLE:
        return None
    held = aqi.edition_for(on)
    edition = held.name
    subs: dict[str, Array] = {}
    for item in aqi.items(edition, "daily"):
        for key, table in item.reads:
            source = "o3" if key == "o3_8h" else key
            if source not in issue.parts:
                continue
            drawn = _courses(issue.parts[source].quantiles[:, lead[ahead]], ranks[source][:, lead[ahead]])
            line = np.full((*drawn.shape[:2], len(hours)), np.nan, np.float32)
            line[..., ahead] = drawn
            rows = first + np.flatnonzero(past)
            inside = (rows >= 0) & (rows < len(history.times))
            measured = np.full((len(rows), drawn.shape[0]), np.nan, np.float32)
            measured[inside] = history.values[source][rows[inside]]
            line[..., past] = measured.T[:, None, :]
            value = (
                _largest_eight(line)
                if key == "o3_8h"
                else line.max(-1)
                if key == "o3"
                else _mean(line, _WHOLE)
            )
            subs[item.name] = sub_index(edition, table, value)
            break
    if not subs:
        return None
    return _told(begins, int(past.sum()), held, subs)


def _told(begins: int, known: int, edition: aqi.Edition, subs: Mapping[str, Array]) -> DayLevels:
    names = list(subs)
    every = np.stack([subs[name] for name in names])
    none = ~np.isfinite(every).any(axis=0)
    index = np.where(none, np.nan, np.nanmax(np.where(np.isfinite(every), every, -1), axis=0))
    highs = np.array([level.high for level in levels(edition.name)][:-1])
    level = np.searchsorted(highs, np.nan_to_num(index), side="left")
    alive = ~none.any(axis=1)
    shares = np.stack([(level == number).mean(axis=1) for number in range(6)], axis=1)
    shares[~alive] = np.nan
    spread = np.quantile(np.nan_to_num(index), (0.5, 0.1, 0.9), axis=1).T
    spread[~alive] = np.nan
    leader = np.argmax(np.where(np.isfinite(every), every, -1), axis=0)
    counts = np.stack([(leader == number).sum(axis=1) for number in range(len(names))])
    primary = tuple(
        names[int(counts[:, station].argmax())]
        if alive[station] and spread[station, 0] > edition.primary_above
        else ""
        for station in range(len(alive))
    )
    return DayLevels(begins, known, shares.astype(np.float32), spread.astype(np.float32), primary)


def _mean(line: Array, enough: int) -> Array:
    known = np.isfinite(line)
    count = known.sum(axis=-1)
    total = np.where(known, line, 0).sum(axis=-1)
    found: Array = np.where(count >= min(enough, line.shape[-1]), total / np.maximum(count, 1), np.nan)
    return found


def _largest_eight(line: Array) -> Array:
    """The day's largest mean of 8 hours that lie in it."""
    means = [
        _mean(line[..., first : first + _EIGHT], _SIX_OF_EIGHT)
        for first in range(line.shape[-1] - _EIGHT + 1)
    ]
    every = np.stack(means)
    none = ~np.isfinite(every).any(axis=0)
    found: Array = np.where(none, np.nan, np.where(np.isfinite(every), every, -1).max(axis=0))
    return found


@cache
def _points(edition: str, table: str) -> tuple[Array, Array, int, bool]:
    column = aqi.breakpoints(edition, table)
    steps = np.array([point[1] for point in column.points], np.float64) / 10**column.decimals
    return (
        steps,
        np.array([point[0] for point in column.points], np.float64),
        column.decimals,
        column.beyond == "omit",
    )


def sub_index(edition: str, table: str, value: Array) -> Array:
    """IAQI of many concentrations, as `backend.standards.aqi.sub_index` gives for one; NaN where there is none."""
    steps, indices, decimals, omit = _points(edition, table)
    rounded = np.round(value.astype(np.float64), decimals)
    # A millionth less, so that what is whole in decimal is not rounded up for being binary.
    found: Array = np.ceil(np.interp(rounded, steps, indices) - 1e-6)
    if omit:
        found = np.where(rounded > steps[-1], np.nan, found)
    found[~np.isfinite(value)] = np.nan
    return found
