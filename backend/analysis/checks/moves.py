"""Values against those before and after, and against the series' own past. Pure; arrays are (T, S), NaN where nothing.

Every function says where something stands out; whether anybody else saw it is asked of `near`, for those alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.checks.numbers import Numbers
from backend.city.registry import ParameterRow

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Usual:
    """What each series usually does (S,); NaN where its past is too short to say."""

    middle: Floats
    mad: Floats
    """The median absolute deviation from it."""
    step: Floats
    """The median absolute change from one period to the next."""

    @classmethod
    def unknown(cls, count: int) -> Usual:
        """Of series without a past."""
        nothing = np.full(count, np.nan)
        return cls(nothing, nothing, nothing)


def usual(low: Floats, middle: Floats, high: Floats, step: Floats, least: int) -> Usual:
    """From the quartiles and steps of days, all (D, S)."""
    enough = np.isfinite(middle).sum(axis=0) >= least
    nothing = np.full(middle.shape[1], np.nan)
    if not enough.any():
        return Usual(nothing, nothing, nothing)
    middles, mads, steps = nothing.copy(), nothing.copy(), nothing.copy()
    middles[enough] = np.nanmedian(middle[:, enough], axis=0)
    around = np.abs(np.concatenate([low, middle, high])[:, enough] - middles[enough])
    mads[enough] = np.nanmedian(around, axis=0)
    held = enough & np.isfinite(step).any(axis=0)
    steps[held] = np.nanmedian(step[:, held], axis=0)
    return Usual(middles, mads, steps)


def bounds(numbers: Numbers, parameter: ParameterRow, past: Usual) -> Floats:
    """The change of one period from which on it stands out (S,); infinite where nothing can be said."""
    floor = numbers.floor(parameter)
    if floor is not None:
        return np.asarray(np.fmax(floor, numbers.spike["steps"] * past.step))
    own = numbers.spike["own"]
    found = np.fmax(own["share"] * np.abs(past.middle), own["steps"] * past.step)
    # A series that never moves has no measure of its own.
    return np.asarray(np.where(np.isfinite(found) & (found > 0), found, np.inf))


def changes(values: Floats) -> tuple[Floats, Floats]:
    """What each value differs by from the one before it and from the one after it."""
    before, after = np.full_like(values, np.nan), np.full_like(values, np.nan)
    before[1:] = values[1:] - values[:-1]
    after[:-1] = values[:-1] - values[1:]
    return before, after


def spikes(values: Floats, bound: Floats, share: float) -> Marks:
    """Up and down again (or down and up) within one value, by more than the bound and a share of what is around it."""
    before, after = changes(values)
    with np.errstate(invalid="ignore"):
        smaller = np.fmin(np.abs(before), np.abs(after))
        around = np.fmax(np.abs(values - before), np.abs(values - after))
        found = (before * after > 0) & (smaller > bound) & (smaller > share * around)
    return np.asarray(found & np.isfinite(before) & np.isfinite(after))


def rates(values: Floats, bound: Floats, share: float, factor: float) -> Marks:
    """Changed by far more than ever within one period, and nothing has come after it yet."""
    before, after = changes(values)
    with np.errstate(invalid="ignore"):
        found = np.abs(before) > factor * bound
        found &= np.abs(before) > share * np.abs(values - before)
    return np.asarray(found & np.isnan(after))


def outliers(
    values: Floats, past: Usual, floor: Floats, numbers: Numbers, others: Floats, count: Floats
) -> Marks:
    """Far outside of the series' own days, and of what its neighbours say.

    Args:
        floor: the smallest MAD (S,).
        others: the neighbours' median (T, S).
        count: how many neighbours it is of (T, S).
    """
    rule = numbers.outlier
    mad = np.fmax(past.mad, floor)
    with np.errstate(invalid="ignore"):
        off = np.abs(values - past.middle) / mad
        apart = np.abs(values - others) / mad
        told = count >= numbers.near["least"]
        found = np.where(told, (off > rule["mad"]) & (apart > rule["mad"]), off > rule["alone"])
        # What lasts is an event, unless it is beyond belief: the value before or after is off the same way.
        away = values - past.middle
        beside = np.full((2, *values.shape), np.nan)
        beside[0, 1:], beside[1, :-1] = away[:-1], away[1:]
        lasts = ((beside * away > 0) & (np.abs(beside) >= 0.5 * np.abs(away))).any(axis=0)
        found &= ~lasts | (off > rule["lasting"])
    return np.asarray(found & np.isfinite(values) & np.isfinite(off))
