"""Getis-Ord Gi*: whether high values lie together (Getis and Ord 1992; Ord and Getis 1995; domain 3.3.6).

Gi* = (Σ w x − X Σ w) / (S √[(n Σ w² − (Σ w)²) / (n − 1)]), X the mean and S the standard deviation
(of the population) of all n values, w = 1 within the distance, the place itself included. It is a z value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.analysis import geo
from backend.analysis.geo import Floats

Numbers = NDArray[np.intp]


def together(x: Floats, y: Floats, distance: float) -> tuple[Numbers, Numbers]:
    """Pairs of places within a distance, each with itself: the first of each pair and the second."""
    pairs = []
    for first in range(0, len(x), 2048):
        part = slice(first, first + 2048)
        one, other = np.nonzero(geo.distances(x[part], y[part], x, y) <= distance)
        pairs.append((one + first, other))
    return np.concatenate([one for one, _ in pairs]), np.concatenate([other for _, other in pairs])


def of_pairs(one: Numbers, other: Numbers, values: Floats) -> Floats:
    """Gi* of places whose pairs are known, those without a value (NaN) left out."""
    there = np.isfinite(values)
    count = int(there.sum())
    if count < 2:
        return np.full(len(values), np.nan)
    told = np.where(there, values, 0.0)
    mean, deviation = float(values[there].mean()), float(values[there].std())
    total = np.bincount(one, there[other], minlength=len(values))
    above = np.bincount(one, told[other], minlength=len(values)) - mean * total
    under = deviation * np.sqrt(np.maximum(count * total - total**2, 0.0) / (count - 1))
    good = there & (under > 0)
    return np.where(good, above / np.where(good, under, 1.0), np.nan)


def gi_star(
    x: Floats,
    y: Floats,
    values: Floats,
    distance: float,
    to_x: Floats | None = None,
    to_y: Floats | None = None,
) -> Floats:
    """Gi* of places, by default of the stations themselves; NaN where values do not differ or weights take in all.

    Args:
        values: what the stations (x, y) have; none may be missing.
        distance: metres within which a weight is 1.
        to_x, to_y: places that have no value of their own: their neighbourhood is judged.
    """
    count = len(values)
    at_x, at_y = (x, y) if to_x is None or to_y is None else (to_x, to_y)
    if count < 2:
        return np.full(len(at_x), np.nan)
    mean, deviation = float(values.mean()), float(values.std())
    found = np.empty(len(at_x))
    for first in range(0, len(at_x), 4096):
        part = slice(first, first + 4096)
        weight = (geo.distances(at_x[part], at_y[part], x, y) <= distance).astype(np.float64)
        total = weight.sum(axis=1)
        under = deviation * np.sqrt(np.maximum(count * total - total**2, 0.0) / (count - 1))
        above = weight @ np.asarray(values, dtype=np.float64) - mean * total
        found[part] = np.where((under > 0) & (total > 0), above / np.where(under > 0, under, 1.0), np.nan)
    return found
