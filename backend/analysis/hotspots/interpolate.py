"""Between stations: what a place without one would show, by weights that its surroundings give, and how good that is.

Weights depend on where stations stand and which of them report, never on what they say. A place that no station can
speak for stays blind: one that is too far, or that has stations on one side only and is not near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backend.analysis import geo
from backend.analysis.geo import Floats
from backend.analysis.hotspots.rules import rules

Method = Literal["idw", "kriging", "nearest"]
Numbers = NDArray[np.intp]
_PART = 4000
"""Places that are worked on at once."""


@dataclass(frozen=True)
class Weights:
    """For each place the stations that speak for it and how much, (P, K)."""

    who: Numbers
    weight: Floats
    """They add up to 1."""
    apart: Floats
    """Metres to each of them, (P, K)."""
    one_sided: NDArray[np.bool_]
    """All of them lie on one side: what is said there is extrapolated, (P,)."""

    def among(self, there: NDArray[np.bool_]) -> Weights:
        """The same where only some stations report: what the silent ones would have said falls to the others."""
        if there.all():
            return self
        known = there[self.who]
        weight = np.where(known, self.weight, 0.0)
        total = weight.sum(axis=1, keepdims=True)
        weight = np.where(total > 1e-9, weight / np.maximum(total, 1e-9), 0.0)
        far = np.where(known, self.apart, np.inf)
        return Weights(self.who, weight, far, self.one_sided | (total[:, 0] < 0.5))

    @property
    def far(self) -> Floats:
        """Metres to the nearest station that speaks for each place, (P,)."""
        return np.asarray(self.apart.min(axis=1))

    def apply(self, values: Floats) -> Floats:
        """What the places show, for what the stations show (NaN for the silent ones); NaN where none speaks, (P,)."""
        told = (self.weight * np.nan_to_num(values)[self.who]).sum(axis=1)
        return np.asarray(np.where((self.weight > 0).any(axis=1), told, np.nan))

    def blind(self, spacing: float) -> NDArray[np.bool_]:
        """Places for which nobody can speak: too far, or half as far where what is said is extrapolated."""
        reach = rules()["between"]["reach"] * spacing
        return np.asarray(~(self.far <= np.where(self.one_sided, reach / 2, reach)))


def weigh(
    x: Floats, y: Floats, to_x: Floats, to_y: Floats, spacing: float, *, method: Method | None = None
) -> Weights:
    """The weights of stations (x, y) for places (to_x, to_y); a station at the place itself speaks alone.

    Args:
        spacing: the network's, metres; ranges are multiples of it.
        method: as told by ``[between]`` where None.
    """
    told = rules()["between"]
    parts = [
        _weigh(x, y, to_x[at : at + _PART], to_y[at : at + _PART], spacing, method or told["method"])
        for at in range(0, max(1, len(to_x)), _PART)
    ]
    return Weights(
        np.concatenate([part.who for part in parts]),
        np.concatenate([part.weight for part in parts]),
        np.concatenate([part.apart for part in parts]),
        np.concatenate([part.one_sided for part in parts]),
    )


def _weigh(x: Floats, y: Floats, to_x: Floats, to_y: Floats, spacing: float, method: str) -> Weights:
    told = rules()["between"]
    who, far = _nearest(x, y, to_x, to_y, told["stations"], 2 * told["reach"] * spacing)
    if method == "kriging":
        weight = _kriging(x[who], y[who], far, spacing)
    elif method == "idw":
        raised = (far + told["soften"] * spacing) ** -float(told["power"])
        weight = raised / raised.sum(axis=1, keepdims=True)
    else:
        weight = np.zeros_like(far)
        weight[:, :1] = 1.0
    turn = np.arctan2(x[who] - to_x[:, None], y[who] - to_y[:, None])
    together = np.hypot((weight * np.sin(turn)).sum(axis=1), (weight * np.cos(turn)).sum(axis=1))
    return Weights(who, weight, far, together > told["one_sided"])


def _nearest(
    x: Floats, y: Floats, to_x: Floats, to_y: Floats, count: int, wide: float
) -> tuple[Numbers, Floats]:
    take = min(count, len(x))
    # Places come row by row: only stations beside these rows can be near, and most are not looked at.
    band = float(np.ptp(to_y)) if len(to_y) else 0.0
    middle = float(to_y.mean()) if len(to_y) else 0.0
    order = np.argsort(np.abs(y - middle), kind="stable")
    beside = int(np.searchsorted(np.abs(y - middle)[order], band / 2 + wide, side="right"))
    chosen = order[: max(beside, take)]
    who, far = _nearest_of(x[chosen], y[chosen], to_x, to_y, take)
    return chosen[who], far


def _nearest_of(x: Floats, y: Floats, to_x: Floats, to_y: Floats, take: int) -> tuple[Numbers, Floats]:
    apart = geo.distances(to_x, to_y, x, y).astype(np.float32)
    who = (
        np.argpartition(apart, take - 1, axis=1)[:, :take]
        if take < len(x)
        else np.broadcast_to(np.arange(len(x)), (len(to_x), len(x)))
    )
    far = np.take_along_axis(apart, who, axis=1)
    order = np.argsort(far, axis=1, kind="stable")
    return np.take_along_axis(who, order, axis=1), np.take_along_axis(far, order, axis=1).astype(np.float64)


def _kriging(x: Floats, y: Floats, far: Floats, spacing: float) -> Floats:
    """Ordinary kriging 普通克里金 with an exponential model in the nearest stations; weights may not be negative."""
    told = rules()["between"]
    reach, nugget = told["range"] * spacing, told["nugget"]
    size = x.shape[1]
    apart = np.hypot(x[:, :, None] - x[:, None, :], y[:, :, None] - y[:, None, :])
    matrix = np.ones((len(x), size + 1, size + 1))
    matrix[:, :size, :size] = (1 - nugget) * np.exp(-apart / reach)
    matrix[:, np.arange(size), np.arange(size)] = 1.0
    matrix[:, size, size] = 0.0
    right = np.ones((len(x), size + 1, 1))
    right[:, :size, 0] = (1 - nugget) * np.exp(-far / reach)
    weight = np.maximum(np.linalg.solve(matrix, right)[:, :size, 0], 0.0)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def left_out(x: Floats, y: Floats, values: Floats, spacing: float, *, method: Method | None = None) -> Floats:
    """What each station would show if only the others spoke for it, (S,): the honest test of what lies between."""
    told = rules()["between"]
    chosen = method or told["method"]
    who, far = geo.nearest(x, y, min(told["stations"], max(len(x) - 1, 1)))
    if len(x) < 2:
        return np.full(len(x), np.nan)
    if chosen == "kriging":
        weight = _kriging(x[who], y[who], far, spacing)
    elif chosen == "idw":
        raised = (far + told["soften"] * spacing) ** -float(told["power"])
        weight = raised / raised.sum(axis=1, keepdims=True)
    else:
        weight = np.zeros_like(far)
        weight[:, :1] = 1.0
    return np.asarray((values[who] * weight).sum(axis=1))
