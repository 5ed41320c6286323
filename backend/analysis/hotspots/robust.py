"""Middles and spreads that a gap or a liar does not move; NaN means that nothing was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
MAD = 1.4826
"""Median absolute deviation to standard deviation of a normal distribution."""


def quantile(values: Floats, share: float) -> Floats:
    """The quantile over the last axis of what is there (linear between ranks); NaN where nothing is."""
    return of_sorted(np.sort(values, axis=-1), share)


def of_sorted(ordered: Floats, share: float) -> Floats:
    """The same of what is sorted already."""
    count = np.isfinite(ordered).sum(axis=-1)
    return _at(ordered, np.maximum(count - 1, 0) * share)


def _at(ordered: Floats, rank: NDArray[np.float64]) -> Floats:
    """The value at a rank that may lie between two; NaN sorts last and stays."""
    low = np.floor(rank).astype(np.intp)
    high = np.ceil(rank).astype(np.intp)
    lower = np.take_along_axis(ordered, low[..., None], axis=-1)[..., 0]
    upper = np.take_along_axis(ordered, high[..., None], axis=-1)[..., 0]
    return np.asarray(lower + (upper - lower) * (rank - low))


def median(values: Floats) -> Floats:
    """The median over the last axis of what is there; NaN where nothing is."""
    return quantile(values, 0.5)


def low(values: Floats, percent: float) -> Floats:
    """A low percentile over the last axis, but never the very lowest of three or more: one that lies low is passed."""
    ordered = np.sort(values, axis=-1)
    count = np.isfinite(ordered).sum(axis=-1)
    rank = np.maximum(count - 1, 0) * percent / 100.0
    return _at(ordered, np.where(count >= 3, np.maximum(rank, 1.0), rank))


def spread(values: Floats) -> Floats:
    """The robust standard deviation (1.4826 MAD) over the last axis."""
    middle = median(values)
    return np.asarray(MAD * median(np.abs(values - middle[..., None])))


def running(values: Floats, steps: int, enough: float) -> Floats:
    """Means over the last ``steps`` rows, this one included; NaN where fewer than the share ``enough`` has values."""
    known = np.isfinite(values)
    total = np.cumsum(np.where(known, values, 0.0), axis=0, dtype=np.float64)
    count = np.cumsum(known, axis=0, dtype=np.float64)
    total[steps:] -= total[:-steps].copy()
    count[steps:] -= count[:-steps].copy()
    good = count >= max(1.0, enough * steps)
    return np.where(good, total / np.maximum(count, 1.0), np.nan)
