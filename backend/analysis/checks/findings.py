"""What days together show: a station unlike its neighbours 邻站不一致; slow drift is in `drift`. Pure.

No value is flagged by it: a person gets it with its numbers, and decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.analysis.checks.days import Days
from backend.analysis.checks.moves import Floats
from backend.analysis.checks.near import Neighbours
from backend.analysis.checks.numbers import Numbers
from backend.quality.reasons import PEERS

_STILL = 1e-9
"""The share of a mean square that is rounding and no variance."""
_SCALE = 0.6745
"""Makes the median absolute deviation one standard deviation of a normal distribution (Iglewicz and Hoaglin)."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something about a series, by its column."""

    kind: str
    column: int
    since: int
    """The day from which on it shows."""
    evidence: dict[str, Any]


def correlation(days: Days, last: int) -> tuple[Floats, Floats]:
    """Pearson's correlation with the neighbours' median over the last days, and the pairs that it rests on (S,)."""
    n = np.nansum(days.pairs[-last:], axis=0)
    own, other, own2, other2, product = (
        np.nansum(one[-last:], axis=0) for one in (days.own, days.other, days.own2, days.other2, days.product)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        cross = product - own * other / n
        spread = np.sqrt((own2 - own**2 / n) * (other2 - other**2 / n))
        r = np.where((n > 2) & (spread > 0), cross / spread, np.nan)
    return np.asarray(r), np.asarray(n)


def unlike(days: Days, near: Neighbours, numbers: Numbers, per_day: float) -> list[Suspicion]:
    """Series unlike their neighbours over the last days.

    Args:
        per_day: periods of a whole day.
    """
    rule = numbers.peers
    last = int(rule["days"])
    if len(days.days) < last:
        return []
    r, n = correlation(days, last)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(days.own[-last:], axis=0) / n
        # What said one and the same value all week goes with nothing; where it is low it is no flat line of hours.
        own2 = np.nansum(days.own2[-last:], axis=0) / n
        r = np.where(np.isnan(r) & (n > 2) & (own2 - mean**2 <= _STILL * own2), 0.0, r)
        # How much the neighbours themselves went up and down: a still week says nothing.
        other = np.nansum(days.other[-last:], axis=0) / n
        variance = np.nansum(days.other2[-last:], axis=0) / n - other**2
        moving = np.sqrt(np.fmax(variance, 0)) >= rule["variation"] * np.abs(other)
    enough = n >= rule["pairs"] * last * per_day
    found = []
    for column in np.flatnonzero(enough & moving & (r < rule["correlation"])):
        theirs = [one for one in near[column] if one >= 0 and enough[one]]
        if len(theirs) < numbers.near["least"]:
            continue
        coherent = float(np.median(r[theirs]))
        if not coherent >= rule["coherent"]:
            continue
        middle = float(np.median(mean[theirs]))
        mad = max(float(np.median(np.abs(mean[theirs] - middle))), rule["spread"] * abs(middle))
        z = _SCALE * (float(mean[column]) - middle) / mad if mad > 0 else 0.0
        if abs(z) > rule["z"] or r[column] < rule["alone"]:
            evidence = {
                "days": last,
                "correlation": round(float(r[column]), 3),
                "others": round(coherent, 3),
                "z": round(z, 2),
                "mean": round(float(mean[column]), 3),
                "neighbours": round(middle, 3),
                "count": len(theirs),
                "pairs": int(n[column]),
            }
            found.append(Suspicion(PEERS, int(column), int(days.days[-last]), evidence))
    return found
