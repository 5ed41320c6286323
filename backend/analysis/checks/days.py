"""A civil day of every series: its spread, its usual step, and how it went beside its neighbours. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.checks.moves import Floats
from backend.analysis.checks.near import Neighbours, together

Counts = NDArray[np.int64]
DAY = 86400


@dataclass(frozen=True, slots=True)
class Around:
    """What of a day must be seen: so many of its quarters, each with such a share of its periods."""

    quarters: int
    share: float

    def enough(self, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of (T, S) the columns that were seen around the clock."""
        edges = np.arange(len(known)) * 4 // len(known)
        parts = [known[edges == quarter] for quarter in range(4)]
        seen = [part.sum(axis=0) >= max(1.0, self.share * len(part)) for part in parts if len(part)]
        return np.asarray(np.sum(seen, axis=0) >= min(self.quarters, len(seen)))


@dataclass(frozen=True)
class Day:
    """One day of one parameter, (S,) each; see `backend.quality.tables.QualityDay`."""

    count: Counts
    low: Floats
    middle: Floats
    high: Floats
    step: Floats
    pairs: Counts
    ratio: Floats
    own: Floats
    other: Floats
    own2: Floats
    other2: Floats
    product: Floats


def day_of(values: Floats, near: Neighbours, least: int, floor: float, around: Around) -> Day:
    """The figures of a day's values (T, S).

    Args:
        least: neighbours that must have a value for a pair.
        floor: values, own or the neighbours', at or below which a ratio says nothing.
        around: what of a day must be seen for a ratio, so that no hour of day stands for all.
    """
    known = np.isfinite(values)
    count = known.sum(axis=0)
    some = count > 0
    low, middle, high = (np.full(values.shape[1], np.nan) for _ in range(3))
    if some.any():
        low[some], middle[some], high[some] = np.nanpercentile(values[:, some], [25, 50, 75], axis=0)
    steps = np.abs(np.diff(values, axis=0))
    step = np.full(values.shape[1], np.nan)
    moves = np.isfinite(steps).any(axis=0)
    if moves.any():
        step[moves] = np.nanmedian(steps[:, moves], axis=0)
    others, many = together(values, near)
    paired = known & (many >= least)
    mine, theirs = np.where(paired, values, 0.0), np.where(paired, others, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(paired & (values > floor) & (others > floor), np.log(values) - np.log(others), np.nan)
    ratio = np.full(values.shape[1], np.nan)
    said = around.enough(np.isfinite(logs))
    if said.any():
        ratio[said] = np.nanmedian(logs[:, said], axis=0)
    return Day(
        count=count,
        low=low,
        middle=middle,
        high=high,
        step=step,
        pairs=paired.sum(axis=0),
        ratio=ratio,
        own=mine.sum(axis=0),
        other=theirs.sum(axis=0),
        own2=(mine * mine).sum(axis=0),
        other2=(theirs * theirs).sum(axis=0),
        product=(mine * theirs).sum(axis=0),
    )


@dataclass(frozen=True)
class Days:
    """Several days of one parameter and period, (D, S) each, oldest first; zero or NaN where there is none."""

    days: Counts
    count: Floats
    low: Floats
    middle: Floats
    high: Floats
    step: Floats
    pairs: Floats
    ratio: Floats
    own: Floats
    other: Floats
    own2: Floats
    other2: Floats
    product: Floats
