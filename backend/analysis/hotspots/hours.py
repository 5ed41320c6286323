"""Hot hours 热点时段: the hours of day at which a place stands above the region, and its weekdays (domain 3.3.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection

from backend.analysis.field import read_field
from backend.analysis.geo import Floats
from backend.analysis.hotspots.excess import Hours
from backend.analysis.hotspots.look import Watch
from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.seen import background
from backend.city.registry import ParameterRow

_DAY = 24


@dataclass(frozen=True)
class Hour:
    """An hour of the day."""

    hour: int
    increment: float | None
    days: int
    high: int
    hot: bool


@dataclass(frozen=True)
class Profile:
    """Days of a place, folded."""

    hours: tuple[Hour, ...]
    weekdays: tuple[float | None, ...]
    """Mean increments, Monday first."""
    gap_days: int
    """Days of which too little is known."""


def profile(
    conn: Connection,
    watch: Watch,
    network: Network,
    one: ParameterRow,
    columns: Sequence[int],
    start: int,
    days: int,
) -> Profile:
    """Fold the days up to a step, the mean increment of some stations.

    Args:
        columns: of the stations in the network.
        start: the last step that is looked at.
        days: so many; weekdays are of four times as many, where there are any.
    """
    step = max(network.step, 3600)
    end = start + network.step
    long = max(days, rules()["hot_hours"]["weekday_days"]) * 86400
    read = read_field(
        conn,
        watch.city,
        parameters=[one.code],
        start=end - long,
        end=end,
        period=step,
        stations=[row.id for row in network.stations],
    )
    values = read.values[one.code]
    known = np.isfinite(values[:, columns])
    count = known.sum(axis=1)
    above = np.maximum(values - background(network, values), 0.0)[:, columns]
    mean = np.where(count > 0, np.where(known, above, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
    local = [datetime.fromtimestamp(int(at), UTC).astimezone(watch.city.zone) for at in read.times]
    hour_of = np.array([at.hour for at in local], dtype=np.int64)
    # A day is the 24 hours that end with the step, so that no day is cut in two by midnight.
    day_of = (end - 1 - read.times) // 86400
    weekday_of = np.array([at.weekday() for at in local], dtype=np.int64)
    return fold(mean, hour_of, day_of, weekday_of, days)


def fold(mean: Floats, hour_of: Hours, day_of: Hours, weekday_of: Hours, days: int) -> Profile:
    """Fold hourly increments: an hour is hot where its mean lies above the day's course by one standard deviation,
    and so it does itself on most of the days.

    Args:
        mean: the increment of each hour, NaN where nothing was measured.
        hour_of: its hour of day.
        day_of: its day, 0 the newest.
        weekday_of: 0 Monday.
        days: so many days are folded.
    """
    told = rules()["hot_hours"]
    table = np.full((days, _DAY), np.nan)
    recent = (day_of < days) & np.isfinite(mean)
    table[day_of[recent], hour_of[recent]] = mean[recent]
    known = np.isfinite(table)
    full = known.sum(axis=1) >= told["hours"]
    there = known & full[:, None]
    count = there.sum(axis=0)
    total = np.where(there, table, 0.0).sum(axis=0)
    curve = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    seen = np.isfinite(curve)
    bar = float(curve[seen].mean() + told["deviations"] * curve[seen].std()) if seen.any() else np.nan
    # A profile that is all but flat has no hot hour.
    flat = not seen.any() or float(curve[seen].std()) <= told["flat"] * max(float(curve[seen].mean()), 1e-9)
    day_mean = np.where(there, table, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    high = (there & (table > bar) & (table > day_mean[:, None])).sum(axis=0)
    need = told["days"] * days
    hours = tuple(
        Hour(
            hour,
            float(f"{curve[hour]:.4g}") if seen[hour] else None,
            int(count[hour]),
            int(high[hour]),
            bool(seen[hour] and not flat and curve[hour] > bar and high[hour] >= need),
        )
        for hour in range(_DAY)
    )
    weekdays = tuple(_mean(mean[(weekday_of == day) & np.isfinite(mean)]) for day in range(7))
    return Profile(hours, weekdays, int(days - full.sum()))


def _mean(values: Floats) -> float | None:
    return float(f"{values.mean():.4g}") if len(values) else None
