"""Footprints 足迹: what one unit of a source's rate adds at a place, from where the place's air has been.

The density of the air's earlier places (a Gaussian about each step of the path back), over the depth into which a
release is mixed by then: the receptor-oriented form of a Gaussian puff model. It knows curved paths, travel times and
calm, where the air stays and the spread grows round about.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.sources.numbers import FootprintNumbers
from backend.analysis.sources.trajectory import Paths, back
from backend.analysis.sources.wind import Winds

Small = NDArray[np.float32]
_FAR = 4.5
"""Standard deviations beyond which nothing is counted."""


def footprints(
    winds: Winds,
    x: Floats,
    y: Floats,
    times: Floats,
    sources: tuple[Floats, Floats],
    spacing: float,
    numbers: FootprintNumbers,
    *,
    turns: Sequence[float] = (0.0,),
    since: float | None = None,
    paths: Paths | None = None,
    touch: Floats | None = None,
) -> list[Small]:
    """Seconds a cubic metre: what one unit a second at each source adds at each place and instant.

    Args:
        x, y: the places, metres, (S,).
        times: instants, (T,).
        sources: x and y, metres, (C,).
        turns: degrees by which the whole wind is turned clockwise; an answer for each.
        since: when the release began; air that passed a source before that brought little. For ever where None.
        paths: back from each instant and place, (K, T x S), where they are known already.
        touch: how far from each source its plume adds most at the ground, metres, (C,): nought near the ground.

    Returns:
        For each turn an array (T, S, C), NaN where the wind is not known.
    """
    shape = (len(times), len(x))
    every = np.broadcast_to(np.asarray(times, np.float64)[:, None], shape).ravel()
    here_x, here_y = np.broadcast_to(x, shape).ravel(), np.broadcast_to(y, shape).ravel()
    if paths is None:
        paths = back(winds, here_x, here_y, every, spacing, numbers)
    young = None if since is None else np.maximum(every - since, 0.0)
    gain = _gain(paths, numbers, young, max(numbers.mixed_first, numbers.mixed_part * spacing))
    groups = _by_touch(len(sources[0]), touch)
    gains = [_from_height(gain, paths, way) for way, _which in groups]
    found = []
    for turn in turns:
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        dx, dy = paths.x - here_x, paths.y - here_y
        away_x, away_y = here_x + dx * c + dy * s, here_y - dx * s + dy * c
        total = np.zeros((away_x.shape[1], len(sources[0])), np.float32)
        for strong, (_way, which) in zip(gains, groups, strict=True):
            mine = sources[0][which], sources[1][which]
            _density(away_x, away_y, paths.spread, strong, mine, total[:, which])
        total[~np.isfinite(paths.spread[0])] = np.nan
        found.append(total.reshape(*shape, len(sources[0])))
    return found


def _gain(paths: Paths, numbers: FootprintNumbers, young: Floats | None, first: float) -> Floats:
    """What a step adds where its middle is, (K, N); nought where the wind is not known."""
    known = np.isfinite(paths.spread)
    wide = np.where(known, paths.spread, 1.0)
    # What no wind has carried further than its spread is mixed as far up as it has gone aside.
    gone = np.maximum(np.where(known, paths.travelled, 0.0), wide)
    depth = np.minimum(first + numbers.mixed_slope * gone, numbers.mixed_most)
    gain = np.where(known, np.where(known, paths.lasts, 0.0) / (2 * np.pi * wide**2 * depth), 0.0)
    if young is None:
        return np.asarray(gain)
    # Half of what passed just when it began, and never quite nothing: nobody knows the minute.
    age = np.where(known, paths.age, 1.0)
    late = np.clip((age - young) / np.maximum(0.5 * age, 1.0), 0.0, 1.0)
    return np.asarray(gain * (1.0 - (1.0 - numbers.before) * late))


def _by_touch(count: int, touch: Floats | None) -> list[tuple[float, slice]]:
    """Runs of sources that are alike in where their plumes come down."""
    if touch is None or not touch.any():
        return [(0.0, slice(0, count))]
    edges = [0, *(np.flatnonzero(np.diff(touch)) + 1).tolist(), count]
    return [(float(touch[first]), slice(first, last)) for first, last in pairwise(edges)]


def _from_height(gain: Floats, paths: Paths, way: float) -> Floats:
    """The gain where a release comes down so far off: exp(-(way / gone)^2) of a Gaussian plume that opens evenly."""
    if way <= 0:
        return gain
    known = np.isfinite(paths.spread)
    gone = np.maximum(np.where(known, paths.travelled, 0.0), np.where(known, paths.spread, 1.0))
    return np.asarray(gain * np.exp(-((way / gone) ** 2)))


def _density(
    x: Floats, y: Floats, spread: Floats, gain: Floats, sources: tuple[Floats, Floats], total: Small
) -> None:
    """Add up what the steps of the paths give at the sources, into (N, C)."""
    sx, sy = sources[0].astype(np.float32), sources[1].astype(np.float32)
    far, other = np.empty(total.shape, np.float32), np.empty(total.shape, np.float32)
    inverse = np.where(np.isfinite(spread), -0.5 / np.maximum(spread, 1e-3) ** 2, 0.0).astype(np.float32)
    px, py = np.nan_to_num(x).astype(np.float32), np.nan_to_num(y).astype(np.float32)
    strong = gain.astype(np.float32)
    for step in range(len(x)):
        np.subtract(px[step][:, None], sx, out=far)
        np.multiply(far, far, out=far)
        np.subtract(py[step][:, None], sy, out=other)
        np.multiply(other, other, out=other)
        far += other
        far *= inverse[step][:, None]
        np.maximum(far, np.float32(-_FAR * _FAR), out=far)
        np.exp(far, out=far)
        far *= strong[step][:, None]
        total += far


def round_about(
    x: Floats, y: Floats, sources: tuple[Floats, Floats], spacing: float, numbers: FootprintNumbers
) -> Small:
    """Where no wind is known: what is near adds more, whichever way it lies, (S, C)."""
    far = np.hypot(x[:, None] - sources[0], y[:, None] - sources[1])
    far = np.maximum(far, max(numbers.size * spacing, numbers.size_metres))
    depth = np.minimum(numbers.mixed_first + numbers.mixed_slope * far, numbers.mixed_most)
    return np.asarray(1.0 / (2 * np.pi * far * depth), np.float32)
