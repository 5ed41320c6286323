"""What a forecast is worth: SMAPE, coverage, and the forecasts that anybody could make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from backend.analysis.forecast.features import HOURS, Array, median
from backend.analysis.forecast.history import History
from backend.analysis.forecast.model import Skill

if TYPE_CHECKING:
    from backend.analysis.forecast.keeping import Kept
    from backend.analysis.forecast.predicting import Issued

_WEEK = 7


def smape(forecast: Array, truth: Array) -> Array:
    """``|F - A| / ((F + A) / 2)`` for each value: 0 where both are 0, NaN where A is missing or negative."""
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.abs(forecast - truth) / ((forecast + truth) / 2)
        error = np.where((forecast == 0) & (truth == 0), 0, error)
        found: Array = np.where(truth >= 0, error, np.nan).astype(np.float32)
    return found


def climatology(history: History, code: str, at: int, hours: int) -> Array:
    """(S, hours) the same hour's median of the last 7 days before index ``at``; the region's where it has none."""
    lines = np.arange(at - _WEEK * HOURS, at)
    values = history.values[code][np.maximum(lines, 0)]
    values = np.where((lines >= 0)[:, None] & (values >= 0), values, np.nan)
    usual = median(values.reshape(_WEEK, HOURS, -1).transpose(1, 0, 2).astype(np.float32))
    usual = np.where(np.isfinite(usual), usual, median(usual)[:, None])
    return usual[np.arange(hours) % HOURS].T.astype(np.float32)


def persistence(history: History, code: str, at: int, hours: int) -> Array:
    """(S, hours) the last value known before index ``at`` within a day."""
    last = history.values[code][max(0, at - HOURS) : at]
    known = np.isfinite(last) & (last >= 0)
    newest = len(last) - 1 - np.argmax(known[::-1], axis=0)
    value = np.where(known.any(axis=0), last[newest, np.arange(last.shape[1])], np.nan)
    return np.repeat(value[:, None], hours, axis=1).astype(np.float32)


@dataclass
class Tally:
    """Sums of several issues of one parameter."""

    days: int = 0
    sums: dict[str, list[float]] = field(default_factory=dict)

    def add(self, issued: Issued | Kept, truth: Array, persistence: Array, climatology: Array) -> None:
        """Count an issue against what came; (S, H) each, only hours where all three forecasts speak."""
        hours = truth.shape[1]
        ours = smape(issued.value[:, :hours], truth)
        last, usual = smape(persistence, truth), smape(climatology, truth)
        fair = np.isfinite(ours) & np.isfinite(last) & np.isfinite(usual)
        if not fair.any():
            return
        self.days += 1
        inside = (truth >= issued.low[:, :hours]) & (truth <= issued.high[:, :hours])
        for name, values in (
            ("ours", ours),
            ("persistence", last),
            ("climatology", usual),
            ("coverage", inside),
        ):
            self.sums.setdefault(name, []).append(float(values[fair].mean()))

    def skill(self) -> Skill:
        """Means over the days."""
        if not self.days:
            return Skill()
        means = {name: round(float(np.mean(values)), 4) for name, values in self.sums.items()}
        return Skill(self.days, means["ours"], means["persistence"], means["climatology"], means["coverage"])
