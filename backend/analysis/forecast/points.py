"""What the weights alone say of some hours to come: the point, how far it may miss, and what was usual there."""

from __future__ import annotations

from dataclasses import dataclass

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
    wide: Array
    """By how much residuals are narrower because the weather to come is known; 1 where it is not."""
    knowing: NDArray[np.bool_]
    """Where it is known."""


def points(
    history: History,
    code: str,
    part: Part,
    at: Index,
    which: Index,
    row: Index,
    lead: Index,
    coming: Coming | None = None,
) -> Points:
    """The points of series ``which`` at instants ``at``; ``row`` says which of these a pair is of."""
    made = training.batch(history, code, at, which, use_weather=part.weather)
    design = features.design(made, row, lead)
    width = min(design.shape[1], len(part.weights))
    centre, spread = made.centre(row, lead)
    centre = np.where(np.isfinite(centre), centre, _usual(history, code, int(at.max()), which)[row])
    told, wide = design[:, :width] @ part.weights[:width], np.ones(len(row), np.float32)
    knowing = np.zeros(len(row), np.bool_)
    if coming is not None and part.ahead is not None:
        weather, sure = coming.regressors(np.arange(int(lead.max()) + 1))
        by_weather = np.concatenate(
            [design[:, : features.WIDTH], features.faded(weather[lead], lead)], axis=1
        )
        knowing = sure[lead]
        told = np.where(knowing, by_weather @ part.ahead, told)
        wide = np.where(knowing, np.float32(part.narrower), wide)
    week = centre + spread * made.own.profiles[row, lead % features.HOURS, _WEEK]
    return Points(centre + spread * told, centre, week, spread, made.solar(row, lead), wide, knowing)


def _usual(history: History, code: str, at: int, which: Index) -> Array:
    """The logarithm of all that is known of a station: for one whose whole region has been silent for weeks."""
    logs = history.logs[code][:at][:, which]
    found = features.median(logs.T)
    return np.where(
        np.isfinite(found), found, np.float32(np.nanmedian(logs) if np.isfinite(logs).any() else 0)
    )
