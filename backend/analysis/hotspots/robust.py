"""Middles and spreads that a gap or a liar does not move; NaN means that nothing was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.analysis.hotspots.rules import rules

Floats = NDArray[np.floating[Any]]
Scores = tuple[Floats, Floats, Floats]
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


def scores(increments: Floats) -> Scores:
    """Of each column of (K, S) increments: the mean, the share of steps above the window's 90th percentile, and the
    longest run of such steps; NaN where nothing was measured.
    """
    told = rules()["score"]
    window = increments[-told["window"] :]
    known = np.isfinite(window)
    count = known.sum(axis=0)
    if not known.any():
        return (np.full(window.shape[1], np.nan),) * 3
    bar = np.percentile(window[known], told["percentile"])
    high = known & (np.nan_to_num(window) > bar)
    run = longest = np.zeros(window.shape[1])
    for row in high:
        run = np.where(row, run + 1, 0)
        longest = np.maximum(longest, run)
    mean = np.where(known, window, 0.0).sum(axis=0) / np.maximum(count, 1)
    there = count > 0
    return (
        np.where(there, mean, np.nan),
        np.where(there, high.sum(axis=0) / np.maximum(count, 1), np.nan),
        np.where(there, longest, np.nan),
    )
