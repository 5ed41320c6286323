"""What the weights alone say of some hours to come: the point, how far it may miss, and what was usual there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from backend.analysis.forecast import features, training
from backend.analysis.forecast.ahead import Coming
from backend.analysis.forecast.features import SPANS, Array, Index
from backend.analysis.forecast.history import History
from backend.analysis.forecast.model import Part

_WEEK = SPANS.index(7)


@dataclass(frozen=True)
class Points:
    """Pairs (M,) of a series at an instant and a lead; logarithms."""

    point: Array
    centre: Array
    """The usual value of the hour of day."""
    week: Array
    """The median of that hour in the last seven days."""
    spread: Array
    solar: Array
    """Local solar hour."""
    knowing: NDArray[np.bool_]
    """Where the weather to come is known."""

    def take(self, which: NDArray[np.bool_]) -> Points:
        """Some of the pairs."""
        return Points(**{one.name: getattr(self, one.name)[which] for one in fields(self)})


def points(
    history: History,
    code: str,
    part: Part,
    at: Index,
    which: Index,
    row: Index,
    lead: Index,
    coming: Mapping[int, Coming] | None = None,
) -> Points:
    """The points of series ``which`` at instants ``at``; ``row`` says which of these a pair is of.

    Args:
        coming: by instant (index), the weather to come as it was said by then.
    """
    made = training.batch(history, code, at, which, use_weather=part.weather)
    design = features.design(made, row, lead)
    width = min(design.shape[1], len(part.weights))
    centre, spread = made.centre(row, lead)
    centre = np.where(np.isfinite(centre), centre, _usual(history, code, int(at.max()), which)[row])
    told = design[:, :width] @ part.weights[:width]
    knowing = np.zeros(len(row), np.bool_)
    for instant, said in (coming or {}).items():
        if part.ahead is None:
            break
        sure = said.known[lead] & (at[row] == instant)
        weather = features.faded(said.regressors[lead[sure]], lead[sure])
        told[sure] = np.concatenate([design[sure, : features.WIDTH], weather], axis=1) @ part.ahead
        knowing |= sure
    week = centre + spread * made.own.profiles[row, lead % features.HOURS, _WEEK]
    return Points(centre + spread * told, centre, week, spread, made.solar(row, lead), knowing)


def _usual(history: History, code: str, at: int, which: Index) -> Array:
    """The logarithm of all that is known of a station: for one whose whole region has been silent for weeks."""
    logs = history.logs[code][:at][:, which]
    found = features.median(logs.T)
    return np.where(
        np.isfinite(found), found, np.float32(np.nanmedian(logs) if np.isfinite(logs).any() else 0)
    )
