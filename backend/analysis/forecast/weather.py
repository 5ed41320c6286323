"""The weather before an instant, as regressors: wind, its turn, what pressure, temperature and humidity did."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backend.analysis.forecast.features import Array, Index

WIDTH = 14
_LIMIT = 4.0


def regressors(weather: Mapping[str, Array], at: Index) -> Array:
    """(N, WIDTH) at each index of the first hour not known; 0 where nothing is known (each is a departure)."""
    if not weather:
        return np.zeros((len(at), 0), np.float32)
    found = []
    for hours in (3, 12):
        for name, usual in (("east", 0.0), ("north", 0.0), ("speed", 2.0)):
            found.append((_mean(weather, name, at, hours) - usual) / 3)
    found.append((_mean(weather, "speed", at, 24) - 2.0) / 3)
    for name, scale in (("temp", 5.0), ("pressure", 8.0)):
        found.append((_mean(weather, name, at, 3) - _mean(weather, name, at, 27, 24)) / scale)
        found.append((_mean(weather, name, at, 24) - _mean(weather, name, at, 192, 24)) / scale)
    found.append((_mean(weather, "pressure", at, 3) - _mean(weather, "pressure", at, 9, 6)) / 4)
    found.append((_mean(weather, "rh", at, 6) - 50) / 25)
    found.append((_mean(weather, "rh", at, 24) - 50) / 25)
    return np.clip(np.nan_to_num(np.stack(found, axis=1)), -_LIMIT, _LIMIT).astype(np.float32)


def _mean(weather: Mapping[str, Array], name: str, at: Index, since: int, until: int = 0) -> Array:
    """The mean from ``since`` to ``until`` hours before each instant; NaN where nothing is known."""
    series = weather.get(name)
    if series is None:
        return np.full(len(at), np.nan, np.float32)
    lines = at[:, None] - np.arange(until + 1, since + 1)[None, :]
    values = np.where(
        (lines >= 0) & (lines < len(series)), series[np.clip(lines, 0, len(series) - 1)], np.nan
    )
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
