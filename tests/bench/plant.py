"""Episodes planted with a forward model of their own: puffs in a gusty wind (plain NumPy, nothing of the product).

Not the product's footprints turned round: puffs are let go every few seconds (or minutes), carried by the real wind
plus gusts that remember themselves (Ornstein-Uhlenbeck, Thomson 1987) plus an error of the vane that nobody sees, and
spread by Briggs' open-country curves of a stability drawn for the episode. What a tracer is judged with is the wind as
it was measured, and the concentrations with a real background.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SPREADS = {"B": (0.16, 0.12), "C": (0.11, 0.08), "D": (0.08, 0.06), "E": (0.06, 0.03)}
"""Briggs (1973), open country: spread across and up per metre, near the source."""


@dataclass(frozen=True)
class Air:
    """The true wind of an episode on a fine time axis."""

    times: Floats
    u: Floats
    v: Floats


def gusty(
    dice: np.random.Generator,
    times: NDArray[np.int64],
    period: int,
    u: Floats,
    v: Floats,
    step: float,
    *,
    gust: float,
    memory: float,
    turned: float,
) -> Air:
    """The true wind under a measured one: gusts (m/s, with this memory in seconds) and a turned vane (degrees)."""
    fine = np.arange(times[0], times[-1] + period, step)
    where = times + period / 2
    good = np.isfinite(u)
    mean_u, mean_v = np.interp(fine, where[good], u[good]), np.interp(fine, where[good], v[good])
    keep = np.exp(-step / memory)
    shocks = dice.normal(0, gust * np.sqrt(1 - keep**2), (2, len(fine)))
    noise = np.zeros((2, len(fine)))
    last = dice.normal(0, gust, 2)
    for index in range(len(fine)):
        last = keep * last + shocks[:, index]
        noise[:, index] = last
    angle = np.radians(turned)
    east = mean_u * np.cos(angle) + mean_v * np.sin(angle) + noise[0]
    north = -mean_u * np.sin(angle) + mean_v * np.cos(angle) + noise[1]
    return Air(fine, east, north)


def puffs(
    air: Air,
    x: float,
    y: float,
    begins: float,
    ends: float,
    rx: Floats,
    ry: Floats,
    oldest: float,
    stability: str,
    *,
    height: float = 2.0,
    mixing: float = 500.0,
    size: float = 1.0,
) -> Floats:
    """Concentration at the receptors for one unit a second, at each instant of the air's axis, (T, S)."""
    step = float(air.times[1] - air.times[0])
    across, up = SPREADS[stability]
    path_x = np.concatenate([[0.0], np.cumsum(air.u) * step])
    path_y = np.concatenate([[0.0], np.cumsum(air.v) * step])
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(air.u, air.v)) * step])
    total = np.zeros((len(air.times), len(rx)))
    most = int(oldest / step)
    for back in range(most):
        # All puffs of this age at once: each instant holds one.
        now = np.arange(back, len(air.times))
        let_go = now - back
        alive = (air.times[let_go] >= begins) & (air.times[let_go] < ends)
        if not alive.any():
            continue
        now, let_go = now[alive], let_go[alive]
        px = x + path_x[now + 1] - path_x[let_go]
        py = y + path_y[now + 1] - path_y[let_go]
        far = gone[now + 1] - gone[let_go]
        side = np.hypot(across * far / np.sqrt(1 + 1e-4 * far), size)
        deep = np.minimum(np.hypot(up * far / np.sqrt(1 + 1.5e-3 * far), size), mixing / 1.25)
        d2 = (px[:, None] - rx) ** 2 + (py[:, None] - ry) ** 2
        # A puff smears over the way that it goes in a step.
        wide = np.hypot(side, 0.5 * np.hypot(air.u[now], air.v[now]) * step)
        core = step / (2 * np.pi * side * wide) * np.exp(-(height**2) / (2 * deep**2)) / (1.2533 * deep)
        total[now] += core[:, None] * np.exp(-d2 / (2 * side * wide)[:, None])
    return total


def means(values: Floats, times: Floats, starts: NDArray[np.int64], period: int) -> Floats:
    """Means over periods, (T, S)."""
    which = np.floor((times - starts[0]) / period).astype(int)
    found = np.zeros((len(starts), values.shape[1]))
    for index in range(len(starts)):
        mine = which == index
        found[index] = values[mine].mean(axis=0) if mine.any() else np.nan
    return found
