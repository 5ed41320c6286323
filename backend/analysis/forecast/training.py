"""Training: weights that make SMAPE small on the store's own history, drawn towards what holds elsewhere.

The loss of a log error d is ``2 tanh(|d| / 2)``, which is SMAPE itself. It is made smaller by reweighted least
squares (each step solves a ridge regression; far-off hours weigh little, as they do in the score). The ridge pulls
towards the prior's weights, so that some weeks of history adapt a forecast and do not replace it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.analysis.forecast import ahead, features, weather
from backend.analysis.forecast.features import HOURS, Array, Batch, Index, State
from backend.analysis.forecast.history import HOUR, History
from backend.analysis.forecast.model import LEADS, PARTS_OF_DAY, QUANTILES
from backend.analysis.forecast.rules import rules

HORIZON = 72
_CHUNK = 8192
COLUMNS = ("design", "centre", "spread", "truth", "valid", "origin", "lead", "solar", "coming")
"""The arrays of a `Sample`."""
Solution = NDArray[Any]
"""Weights, float64."""


@dataclass(frozen=True)
class Sample:
    """Pairs of a series at an instant and a lead, with what came true."""

    design: Array
    centre: Array
    spread: Array
    truth: Array
    """The logarithm that was measured."""
    valid: Index
    """The index of the valid hour."""
    origin: Index
    lead: Index
    solar: Array
    coming: Array
    """(M, ahead.WIDTH) the weather of the valid hour as a forecast would know it; 0 wide where none is known."""
    instants: int

    def take(self, which: NDArray[np.bool_]) -> Sample:
        """Some of the pairs."""
        arrays = {name: getattr(self, name)[which] for name in COLUMNS}
        return Sample(**arrays, instants=self.instants)


def batch(history: History, code: str, at: Index, which: Index, *, use_weather: bool) -> Batch:
    """The states of series ``which`` (station indices) at instants ``at`` (indices of the first hour not known)."""
    instants, place = np.unique(at, return_inverse=True)
    region = _rows(features.state(features.blocks(history.regions[code], instants)), place)
    own = features.state(features.blocks(history.logs[code], at, which), region)
    blown = weather.regressors(history.weather if use_weather else {}, instants)
    begins = history.start + HOUR * at
    others = _companions(history, instants)[place]
    return Batch(own, region, others, blown[place], begins, history.lon[which], history.south)


def _companions(history: History, instants: Index) -> Array:
    """(N, C) the last hours' departures of the region in every one of `features.COMPANIONS`."""
    last = history.memo.get("companions")
    if last is not None and np.array_equal(last[0], instants):
        return last[1]
    windows = list(features.COMPANION_WINDOWS)
    found = np.zeros((len(instants), len(features.COMPANIONS) * len(windows)), np.float32)
    for turn, code in enumerate(features.COMPANIONS):
        if code in history.regions:
            told = features.state(features.blocks(history.regions[code], instants)).recent[:, windows]
            found[:, turn * len(windows) : (turn + 1) * len(windows)] = told
    history.memo["companions"] = (instants, found)
    return found


def _rows(state: State, place: Index) -> State:
    return State(*(getattr(state, name)[place] for name in State.__dataclass_fields__))


def draw(
    history: History, code: str, states: int, leads: int, *, seed: int, use_weather: bool = False
) -> Sample | None:
    """Draw series at random instants and some leads of each; None where there is too little history.

    A pair belongs to a training that ends at index n where ``valid < n``.
    """
    hours = len(history.times)
    alive = np.flatnonzero(np.isfinite(history.logs[code]).any(axis=0))
    known = np.flatnonzero(np.isfinite(history.regions[code]))
    if hours < 4 * HOURS or not alive.size or known.size < 2 * HOURS:
        return None
    dice = np.random.default_rng(seed)
    first = int(known[0]) + 2 * HOURS
    if first >= hours - 1:
        return None
    at = np.sort(dice.integers(first, hours - 1, states))
    which = alive[dice.integers(0, alive.size, states)]
    row = np.repeat(np.arange(states), leads)
    lead = dice.integers(0, HORIZON, states * leads)
    valid = at[row] + lead
    inside = valid < hours
    row, lead, valid = row[inside], lead[inside], valid[inside]
    truth = history.logs[code][valid, which[row]]
    told = np.isfinite(truth)
    row, lead, valid, truth = row[told], lead[told], valid[told], truth[told]
    if len(row) < HORIZON:
        return None
    made = batch(history, code, at, which, use_weather=use_weather)
    centre, spread = made.centre(row, lead)
    sure = np.isfinite(centre)
    row, lead, valid, truth, centre, spread = (a[sure] for a in (row, lead, valid, truth, centre, spread))
    design = features.design(made, row, lead)
    solar, when = made.solar(row, lead), at[row]
    coming = _coming(history, when, lead, seed)
    return Sample(design, centre, spread, truth, valid, when, lead, solar, coming, len(known))


def _coming(history: History, at: Index, lead: Index, seed: int) -> Array:
    if any(name not in history.weather for name in ahead.NAMES):
        return np.zeros((len(at), 0), np.float32)
    was = np.nan_to_num(ahead.departures(history.weather, at, lead))
    return ahead.doubted(was, at, lead, seed)


def fit(
    sample: Sample, prior: Solution, pull: float | Solution, folds: Sequence[NDArray[np.bool_]] = ()
) -> tuple[Solution, list[Solution]]:
    """Weights for a sample, and for it without each fold (from the last step's sums, at no cost).

    Args:
        pull: towards the prior's weights, of all or of each.
    """
    told = rules()["training"]
    soft = float(told["soft"]) ** 2
    width = sample.design.shape[1]
    weights: Solution = prior.astype(np.float64)
    ridge = pull * np.eye(width)
    target = (sample.truth - sample.centre) / sample.spread
    parts = _between_knots(sample)
    left, right = np.zeros((width, width)), np.zeros(width)
    pull_of = np.zeros(len(target), np.float32)
    for step in range(int(told["steps"])):
        error = sample.spread * (_said(parts, weights, len(target)) - target)
        size = np.sqrt(error * error + soft)
        # The first step is least absolute error: from there on the loss need not be convex.
        slope = 1 / np.cosh(np.minimum(size, 20) / 2) ** 2 / size if step else 1 / size
        pull_of = (slope * sample.spread**2).astype(np.float32)
        left, right = _sums(parts, pull_of, target, width)
        weights = np.linalg.solve(left + ridge, right + ridge @ prior)
    without = []
    for fold in folds:
        less, fewer = _sums(parts, pull_of * fold, target, width)
        without.append(np.linalg.solve(left - less + ridge, right - fewer + ridge @ prior))
    return weights, without


Between = tuple[Index, Index, Array]
"""Pairs whose leads lie between two knots: which, the columns that are not 0 for them, and what stands in these."""


def _between_knots(sample: Sample) -> list[Between]:
    """A sample's design by the knots that its leads lie between: only these two have any weight there, so that sums
    over a quarter of the columns, a sixteenth of the work, are the sums over all."""
    knots = len(features.KNOTS)
    first = np.clip(np.searchsorted(features.KNOTS, sample.lead, side="right") - 1, 0, knots - 2)
    knot = np.arange(sample.design.shape[1]) % knots
    found = []
    for begin in range(knots - 1):
        rows, columns = np.flatnonzero(first == begin), np.flatnonzero((knot == begin) | (knot == begin + 1))
        if rows.size:
            found.append((rows, columns, sample.design[np.ix_(rows, columns)]))
    return found


def _said(parts: Sequence[Between], weights: Solution, count: int) -> Array:
    found = np.zeros(count, np.float32)
    for rows, columns, design in parts:
        found[rows] = design @ weights[columns].astype(np.float32)
    return found


def _sums(parts: Sequence[Between], weight: Array, target: Array, width: int) -> tuple[Solution, Solution]:
    left, right = np.zeros((width, width)), np.zeros(width)
    for rows, columns, design in parts:
        for first in range(0, len(rows), _CHUNK):
            some = slice(first, first + _CHUNK)
            weighted = design[some] * weight[rows[some], None]
            left[np.ix_(columns, columns)] += design[some].T @ weighted
            right[columns] += weighted.T @ target[rows[some]]
    return left, right


def residual_table(residual: Array, lead: Index, solar: Array, weight: float, prior: Array) -> Array:
    """Quantiles of residuals by lead and part of the day, a bin with few of them drawn to the whole and to the prior.

    Args:
        residual: in units of the spread.
        weight: how much own residuals count against the prior's, 0 to 1.
    """
    table = prior.copy()
    if not len(residual):
        return table
    bins, parts = lead_bin(lead), part_of_day(solar)
    for b in range(len(LEADS) + 1):
        for p in range(PARTS_OF_DAY):
            mine = residual[(bins == b) & (parts == p)]
            if len(mine) >= 30:
                own = np.quantile(mine, QUANTILES)
                share = weight * min(1.0, len(mine) / 200)
                table[b, p] = share * own + (1 - share) * prior[b, p]
    return table.astype(np.float32)


def lead_bin(lead: Index) -> Index:
    """The row of `LEADS` that a lead is in."""
    return np.searchsorted(np.array(LEADS), lead, side="right")


def part_of_day(solar: Array) -> Index:
    """The part of the solar day, from midnight on."""
    found: Index = (solar // (HOURS / PARTS_OF_DAY)).astype(np.intp) % PARTS_OF_DAY
    return found
