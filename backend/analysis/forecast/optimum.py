"""The value that is expected to lose least: where the last days' own values say more than a straight line can.

SMAPE is lost at ``2 tanh(|ln F - ln A| / 2)``, which is bounded: where the air has two states (ozone 臭氧 at night is
either used up by NO or blown in from above) the least is lost near one of them, not between. A straight
regression lands between. So the distribution that it gives is mixed with the station's own values at the same hour in
the last days, and the point is moved by as much as the mixture's optimum lies from that of the distribution alone.

Distributions are masses on a common grid of logarithms, so that the expected loss of every candidate is one product
of matrices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.analysis.forecast.features import BLOCK, HOURS, Array
from backend.analysis.forecast.model import QUANTILES
from backend.analysis.forecast.rules import rules

_EDGES = np.concatenate([[0.0], (np.array(QUANTILES[1:]) + np.array(QUANTILES[:-1])) / 2, [1.0]])
_MARGIN = 2


def share_of(parameter: str) -> float:
    """How much a parameter's own days count in the mixture; 0 where the regression is as good without them."""
    told = rules()["optimum"]["shares"]
    return float(told.get(parameter, told["other"]))


def moved(block: Array, lines: Array, share: float) -> Array:
    """By how much, in logarithms, the points must move: (N, H); 0 where nothing is known of a station's hour.

    Args:
        block: (N, 28, 24) the logarithms before the instant (`features.blocks`).
        lines: (N, H, Q) the logarithms at `QUANTILES`.
        share: of the own days in the mixture, 0 to 1.
    """
    count, hours = lines.shape[:2]
    if not share or not count or not np.isfinite(block).any():
        return np.zeros((count, hours), np.float32)
    step = float(rules()["optimum"]["step"])
    low = min(float(np.nanmin(block)), float(np.nanmin(lines))) - _MARGIN * step
    high = max(float(np.nanmax(block)), float(np.nanmax(lines))) + _MARGIN * step
    cells = int((high - low) / step) + 2
    apart = np.abs(np.arange(cells)[:, None] - np.arange(cells)) * step
    loss = (2 * np.tanh(apart / 2)).astype(np.float32)
    values, weight = _own(block)
    own, known = _masses(values, weight, low, step, cells)
    weights = np.broadcast_to(np.diff(_EDGES).astype(np.float32), (count * hours, len(QUANTILES)))
    said, _ = _masses(lines.reshape(count * hours, -1), weights, low, step, cells)
    hour = np.arange(hours) % HOURS
    lost = said @ loss
    own_lost = (own @ loss).reshape(count, HOURS, cells)[:, hour].reshape(count * hours, cells)
    mixed = (1 - share) * lost + share * own_lost
    found = np.where(
        known.reshape(count, HOURS)[:, hour],
        ((_least(mixed) - _least(lost)) * step).reshape(count, hours),
        0,
    )
    return found.astype(np.float32)


def _own(block: Array) -> tuple[Array, Array]:
    """A station's values at each hour of day and the hours beside it, with their weights: (N * 24, 84) each."""
    told = rules()["optimum"]
    flat = block.reshape(len(block), BLOCK)
    none = np.full((len(block), 1), np.nan, np.float32)
    later, sooner = np.concatenate([flat[:, 1:], none], 1), np.concatenate([none, flat[:, :-1]], 1)
    days = block.shape[1]
    by_hour = [one.reshape(len(block), days, HOURS).transpose(0, 2, 1) for one in (flat, later, sooner)]
    values = np.concatenate(by_hour, axis=2).reshape(len(block) * HOURS, 3 * days)
    age = np.exp(-np.arange(days)[::-1] / float(told["days"]))
    beside = float(told["beside"])
    weight = np.concatenate([age, beside * age, beside * age]).astype(np.float32)
    return values, np.broadcast_to(weight, values.shape)


def _masses(
    values: Array, weights: Array, low: float, step: float, cells: int
) -> tuple[Array, NDArray[np.bool_]]:
    """(M, cells) the mass at each cell, every value's parted between its two; and which rows have any."""
    known = np.isfinite(values)
    place = np.clip((np.where(known, values, low) - low) / step, 0, cells - 1.001)
    cell = place.astype(np.intp)
    beyond = place - cell
    mass = np.where(known, weights, 0)
    at = (np.arange(len(values)) * cells)[:, None] + cell
    size = len(values) * cells
    total = np.bincount(at.ravel(), (mass * (1 - beyond)).ravel(), size)
    total += np.bincount(at.ravel() + 1, (mass * beyond).ravel(), size)
    rows = total.reshape(len(values), cells)
    whole = rows.sum(axis=1)
    return (rows / np.maximum(whole, 1e-9)[:, None]).astype(np.float32), whole > 0


def _least(lost: Array) -> Array:
    """Where each row is least, between the cells too (a parabola through the least and its neighbours)."""
    cell = np.clip(np.argmin(lost, axis=1), 1, lost.shape[1] - 2)
    row = np.arange(len(lost))
    before, least, after = lost[row, cell - 1], lost[row, cell], lost[row, cell + 1]
    bend = before - 2 * least + after
    turn = np.where(bend > 1e-9, (before - after) / 2 / np.maximum(bend, 1e-9), 0)
    found: Array = cell + np.clip(turn, -1, 1)
    return found
