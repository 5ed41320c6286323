"""What stands above the background: the part of readings that a source near by can have made.

The background of an instant is a low quantile over the stations; each station's own lasting difference to it (its
surroundings, its zero) is a low quantile over the window and the time before it. What is left, less the usual scatter
of a quiet hour, is the increment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.sources.numbers import IncrementNumbers


@dataclass(frozen=True)
class Increments:
    """The increments of a window, (T, S), NaN where nothing was measured."""

    times: NDArray[np.int64]
    period: int
    above: Floats
    """Over background and the station's own level; may be negative."""
    background: Floats
    """(T,)."""
    scatter: Floats
    """The usual scatter of a quiet time, by station, (S,)."""

    @property
    def clear(self) -> Floats:
        """What exceeds the scatter too; never negative."""
        return np.asarray(np.maximum(self.above - self.scatter, 0.0))


def increments(
    times: NDArray[np.int64],
    period: int,
    values: Floats,
    start: int,
    end: int,
    numbers: IncrementNumbers,
    sited: NDArray[np.bool_] | None = None,
) -> Increments:
    """The increments of ``start <= t < end``.

    Args:
        times, values: the window and what was before it, (T,) and (T, S).
        sited: stations that stand at a source of their own, (S,): they are no background of others.
    """
    values = np.asarray(values, np.float64)
    free = values if sited is None or sited.all() else values[:, ~sited]
    enough = np.isfinite(free).sum(axis=1) >= 2
    background = np.full(len(times), np.nan)
    if enough.any():
        background[enough] = _quantiles(free[enough], (numbers.quantile,), axis=1)[0]
    known = np.isfinite(free).any(axis=1)
    lone = known & ~enough
    if lone.any():
        # A station alone is its own background: the low end of its own time.
        background[lone] = float(np.nanquantile(free[known], numbers.own_quantile))
    apart = values - background[:, None]
    own = _quantiles(apart, (numbers.own_quantile,), axis=0)[0]
    # Where the stations are few, the quantile over them lies among the lowest: what is left is centred again.
    above = apart - own
    inside = (times >= start) & (times < end)
    before = above[times < start]
    quiet = before if np.isfinite(before).sum() >= 3 * above.shape[1] else above
    scatter = _scatter(quiet, None if free is values else sited)
    return Increments(times[inside], period, above[inside], background[inside], scatter)


def _scatter(quiet: Floats, left: NDArray[np.bool_] | None = None) -> Floats:
    """The scatter of a quiet time: from the lower half, for the upper may hold episodes.

    Args:
        left: stations that the network's own scatter leaves out, (S,).
    """
    if not quiet.size:
        return np.zeros(quiet.shape[1])
    middle, low = _quantiles(quiet, (0.5, 0.16), axis=0)
    own = np.maximum(middle - low, 0.0)
    known = np.isfinite(own)
    usual = known if left is None or not (known & ~left).any() else known & ~left
    whole = float(np.median(own[usual])) if usual.any() else 0.0
    # A station's own scatter, drawn to the network's: a day tells it roughly.
    return np.where(known, (own + whole) / 2, whole) + np.where(known, np.maximum(middle, 0.0), 0.0)


def _quantiles(values: Floats, shares: Sequence[float], *, axis: int) -> list[Floats]:
    """Quantiles that leave NaN out, by sorting once (NumPy's own are slow where NaN may be)."""
    ordered = np.sort(values, axis=axis)
    count = np.isfinite(ordered).sum(axis=axis)
    last = np.maximum(count - 1, 0)
    across = np.arange(len(count))
    found = []
    for share in shares:
        place = last * share
        low = np.floor(place).astype(np.intp)
        high = np.minimum(low + 1, last)
        pairs = ((low, across), (high, across)) if axis == 0 else ((across, low), (across, high))
        one, other = ordered[pairs[0]], ordered[pairs[1]]
        found.append(np.where(count > 0, one + (other - one) * (place - low), np.nan))
    return found
