"""An instrument that fails 仪器异常: one station jumps or drifts away, whatever the wind does, and nobody else follows.

What it shows keeps to a step or a straight line far better than what a plume brings, which comes and goes with gusts
and turns of the wind. Without this such a rise was told to be a source that nobody has listed, beside the station.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.sources.numbers import LocateNumbers

Small = NDArray[np.float32]
_ONSETS = 5
_HEIGHTS = np.exp(np.linspace(np.log(0.35), np.log(2.0), 7)).astype(np.float32)
"""Parts of the height that fits best, so that this one pays for its freedom as a source's rate does."""


def courses(blocks: int) -> Small:
    """How a failing instrument leaves its level over the blocks: at once, from an onset on, or evenly, (K, B)."""
    onsets = sorted({blocks * part // (2 * (_ONSETS - 1)) for part in range(_ONSETS)})
    steps = [np.arange(blocks) >= onset for onset in onsets]
    return np.stack([*steps, np.arange(1, blocks + 1) / blocks]).astype(np.float32)


def failing(
    above: Small, weight: Small, variance: Small, nothing: Small, told: float, numbers: LocateNumbers
) -> float:
    """The log evidence that one of the instruments failed, against "nothing happened".

    Args:
        above: increments in blocks, (B, S), and what each counts for.
        variance: of a quiet time, (S,).
        nothing: the log density of each value where nothing happened, (B, S).
        told: the discount of evidence (`locate.discount`).
    """
    shape = courses(len(above))
    high = weight * above
    best = np.maximum(shape @ high, 0.0) / np.maximum((shape**2) @ weight, 1e-9)
    expected = shape[:, None, :, None] * best[:, None, None, :] * _HEIGHTS[None, :, None, None]
    spread = variance + (numbers.steady * expected) ** 2
    tail = np.float32(numbers.tail)
    off = above - expected
    log = -(tail + 1) / 2 * np.log1p(off * off / (tail * spread)) - 0.5 * np.log(spread) - nothing
    words: Floats = told * np.einsum("khbs,bs->khs", log, weight).astype(np.float64)
    each = words.reshape(-1, words.shape[-1])
    share = weight.sum(axis=0).astype(np.float64)
    share = share / max(float(share.sum()), 1e-9)
    top = float(each.max())
    return float(top + np.log((np.exp(each - top).mean(axis=0) * share).sum()))
