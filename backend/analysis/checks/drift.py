"""A series that departs slowly from its neighbours 缓慢漂移. Pure.

Each day is one number: how far the series lies from its neighbours' median, as a logarithm (`days.Day.ratio`), of days
that were seen around the clock, so that the hour of day says nothing. The middle of the last days is held against the
middle of weeks that ended a fortnight, four or six weeks before. A change is a drift where it is large beside the days'
own scatter, beside how far the ratios of the other stations wandered over the same weeks (when a season turns, all
wander), where part of the way was gone halfway (a step is none), and where it shows for some days running.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from backend.analysis.checks.days import DAY, Counts, Days
from backend.analysis.checks.findings import Suspicion
from backend.analysis.checks.moves import Floats
from backend.analysis.checks.numbers import Numbers
from backend.quality.reasons import DEPARTS

_NORMAL = 1.4826
"""Makes the median absolute deviation one standard deviation of a normal distribution."""


def span(numbers: Numbers) -> int:
    """The days that the check looks back over at most."""
    rule = numbers.departs
    return int(rule["base"] + max(rule["lags"]) + rule["hold"])


def departing(days: Days, numbers: Numbers, networks: Sequence[Hashable]) -> list[Suspicion]:
    """Series whose ratio to their neighbours went one way slowly, and have shown it for some days.

    Args:
        networks: what each column's station is compared with; the scatter is that of its own network.
    """
    rule = numbers.departs
    which, ratio = _calendar(days, span(numbers))
    hold = int(rule["hold"])
    change, scatter, wander, lag, shows = _shown(ratio, networks, numbers)
    steady = shows[-hold:].all(axis=0) if len(shows) >= hold else np.zeros(ratio.shape[1], dtype=bool)
    found = []
    for column in np.flatnonzero(steady):
        away, over = float(change[-1, column]), int(lag[-1, column])
        line = ratio[:, column]
        before = float(np.nanmedian(line[-over - int(rule["base"]) :][: int(rule["base"])]))
        evidence = {
            "percent": round(100 * float(np.expm1(away)), 1),
            "before": round(float(np.exp(before)), 3),
            "now": round(float(np.exp(before + away)), 3),
            "scatter": round(100 * float(np.expm1(scatter[-1, column])), 1),
            "days": int(np.isfinite(line).sum()),
            "over": over,
            "wander": round(100 * float(np.expm1(wander[-1, column])), 1),
        }
        since = _onset(line - before, np.sign(away), float(scatter[-1, column]))
        found.append(Suspicion(DEPARTS, int(column), int(which[since]), evidence))
    return found


def _calendar(days: Days, most: int) -> tuple[Counts, Floats]:
    """The last days of the calendar, one after the other: a day without a row is a line without a number."""
    whole = np.round((days.days - days.days[-1]) / DAY).astype(np.int64)
    keep = whole > -most
    ratio = np.full((most, days.ratio.shape[1]), np.nan)
    ratio[whole[keep] + most - 1] = days.ratio[keep]
    which = days.days[-1] + DAY * np.arange(1 - most, 1, dtype=np.int64)
    which[whole[keep] + most - 1] = days.days[keep]
    return which, ratio


def _shown(
    ratio: Floats, networks: Sequence[Hashable], numbers: Numbers
) -> tuple[Floats, Floats, Floats, Counts, np.ndarray]:
    """Of the last days that must all show it (H, S): the change, the two scatters, over how many days, and whether."""
    rule = numbers.departs
    base, recent, hold = int(rule["base"]), int(rule["recent"]), int(rule["hold"])
    count = ratio.shape[1]
    now = _middle(ratio[-hold - recent + 1 :], recent, recent // 2 + 1)
    change, scatter, wander = (np.full((hold, count), np.nan) for _ in range(3))
    over, shows = np.zeros((hold, count), dtype=np.int64), np.zeros((hold, count), dtype=bool)
    for lag in rule["lags"]:
        weeks = ratio[-hold - lag - base + 1 : -lag]
        before = _middle(weeks, base, base // 2)
        spread = np.fmax(_spread(weeks, before, base), rule["scatter"])
        halfway = ratio[-hold - lag // 2 - recent + 1 : -(lag // 2)]
        part = _middle(halfway, recent, recent // 2 + 1) - before
        moved = now - before
        others = _wandering(moved, networks, rule)
        large = np.abs(moved) >= np.fmax(
            rule["change"], np.fmax(rule["own"] * spread, rule["network"] * others)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            gone = part / moved
        here = large & (gone >= rule["slope"]) & (gone <= rule["most"])
        better = here & (~shows | (np.abs(moved) > np.abs(change)))
        for kept, one in ((change, moved), (scatter, spread), (wander, others)):
            kept[better] = one[better]
        over[better] = lag
        shows |= here
    return change, scatter, wander, over, shows


def _wandering(moved: Floats, networks: Sequence[Hashable], rule: Mapping[str, Any]) -> Floats:
    """How far the ratios of a network's stations went over the same weeks: what a ratio does by itself (H, S)."""
    columns: dict[Hashable, list[int]] = defaultdict(list)
    for column, network in enumerate(networks):
        columns[network].append(column)
    found = np.full(moved.shape, float(rule["alone"]))
    for mine in columns.values():
        part = moved[:, mine]
        known = np.isfinite(part).sum(axis=1)
        if len(mine) <= rule["fewest"] or not (known > rule["fewest"]).any():
            continue
        middle = _median(part)[:, None]
        spread = np.where(known > rule["fewest"], _NORMAL * _median(np.abs(part - middle)), np.nan)
        found[:, mine] = max(float(np.nanmedian(spread)), rule["floor"])
    return found


def _middle(values: Floats, length: int, least: int) -> Floats:
    """The median of each run of so many days (T - length + 1, S); NaN where fewer than some are known."""
    if len(values) < length:
        return np.full((0, values.shape[1]), np.nan)
    return _median(sliding_window_view(values, length, axis=0), least)


def _spread(values: Floats, middle: Floats, length: int) -> Floats:
    """The robust scatter of the days of each run about its median."""
    runs = sliding_window_view(values, length, axis=0)
    return _NORMAL * _median(np.abs(runs - middle[..., None]), length // 2)


def _median(values: Floats, least: int = 1) -> Floats:
    """The median of what is known along the last axis, as `numpy.nanmedian` but for its speed and its warnings."""
    ordered = np.sort(values, axis=-1)
    known = np.isfinite(ordered).sum(axis=-1)
    low = np.maximum(known - 1, 0) // 2
    high = np.minimum(known // 2, ordered.shape[-1] - 1)
    pair = np.take_along_axis(ordered, np.stack([low, high], axis=-1), axis=-1)
    return np.where(known >= max(least, 1), pair.mean(axis=-1), np.nan)


def _onset(away: Floats, sign: float, scatter: float) -> int:
    """The line at which it began: the day after the one-sided CUSUM (Page 1954) was last at nought."""
    total, since = 0.0, 0
    for at, one in enumerate(away):
        if not np.isfinite(one):
            continue
        total = max(0.0, total + sign * float(one) - scatter)
        if total == 0.0:
            since = min(at + 1, len(away) - 1)
    return since
