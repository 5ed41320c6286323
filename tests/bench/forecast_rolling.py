"""Forecasts by rolling origin over days: SMAPE and coverage by month on two real data sets.

``nice -n 15 python -m tests.bench.forecast_rolling [kdd] [multisite] [--every 7]``

FIGURES
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from backend.analysis.forecast import scoring
from backend.analysis.forecast.features import HOURS, Array
from backend.analysis.forecast.history import DAY, HOUR, History
from backend.analysis.forecast.making import train
from backend.analysis.forecast.model import Model, prior
from backend.analysis.forecast.predicting import issue
from tests.shared import SHARED
from tests.tools.build_forecast_prior import learn
from tests.tools.stranger_air import kdd2018, multisite

SCORED = ("pm25", "pm10", "o3")
AHEAD = 48
FIRST_DAYS = 10
"""Days of history before the first issue."""
NAMES = ("ours", "climatology", "persistence", "inside")


def months(history: History) -> Iterator[tuple[str, list[int]]]:
    """Each month, and the indices of its days' first hours whose 48 hours are in the record."""
    found: dict[str, list[int]] = {}
    first = -(-history.start // DAY) * DAY + FIRST_DAYS * DAY
    for at in range(first, history.start + len(history.times) * HOUR - AHEAD * HOUR + 1, DAY):
        found.setdefault(datetime.fromtimestamp(at, UTC).strftime("%Y-%m"), []).append(history.index(at))
    yield from found.items()


def score_day(history: History, model: Model, index: int) -> dict[str, float] | None:
    """The issue's score by the definition of the task; None where too little was measured."""
    cut = issue(history, model, history.start + index * HOUR, AHEAD)
    kept: dict[str, list[Array]] = {name: [] for name in NAMES}
    for code in SCORED:
        truth = history.values[code][index : index + AHEAD].T
        part = cut.parts[code]
        kept["ours"].append(scoring.smape(part.value, truth).ravel())
        kept["climatology"].append(
            scoring.smape(scoring.climatology(history, code, index, AHEAD), truth).ravel()
        )
        kept["persistence"].append(
            scoring.smape(scoring.persistence(history, code, index, AHEAD), truth).ravel()
        )
        inside = np.where(truth >= 0, (truth >= part.low) & (truth <= part.high), np.nan).astype(np.float32)
        kept["inside"].append(inside.ravel())
    every = {name: np.concatenate(arrays) for name, arrays in kept.items()}
    fair = np.isfinite(every["ours"]) & np.isfinite(every["climatology"])
    if fair.sum() < 100:
        return None
    return {name: float(np.nanmean(values[fair])) for name, values in every.items()}


def roll(name: str, history: History, every: int, cross: bool) -> None:
    """Print each month's line."""
    total: list[float] = []
    for month, days in months(history):
        began = time.perf_counter()
        # The prior may know nothing of the month that is judged, nor of the weeks about it.
        known = learn(history, without=(days[0], days[-1] + AHEAD), states=8000) if cross else prior()
        rows, model, last = [], None, -(10**9)
        for index in days:
            if model is None or index - last >= every * HOURS:
                model = train(history.until(history.start + index * HOUR), prior=known, check=False)
                last = index
            row = score_day(history, model, index)
            if row is not None:
                rows.append(row)
        if not rows:
            continue
        mean = {key: float(np.nanmean([row[key] for row in rows])) for key in NAMES}
        ratio = mean["ours"] / mean["climatology"]
        total.append(ratio)
        print(
            f"{name} {month} days {len(rows):3d}  ours {mean['ours']:.3f}  7-day median {mean['climatology']:.3f}  "
            f"persistence {mean['persistence']:.3f}  gain {1 - ratio:+.1%}  inside 80% {mean['inside']:.1%}  "
            f"{time.perf_counter() - began:.0f} s",
            flush=True,
        )
    print(f"{name}: mean gain {1 - float(np.mean(total)):+.1%}, worst month {1 - max(total):+.1%}")


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=[])
    parser.add_argument("--every", type=int, default=7)
    args = parser.parse_args()
    sets = args.sets or ["kdd", "multisite"]
    if "kdd" in sets:
        roll("kdd", kdd2018(SHARED / "air" / "beijing_kdd2018").history(), args.every, cross=False)
    if "multisite" in sets:
        path = SHARED / "air" / "beijing_multisite" / "hourly_201503_201602.csv"
        roll("multisite", multisite(path).history(), args.every, cross=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
