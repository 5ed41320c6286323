"""Make ``backend/analysis/data/forecast_prior.json``: what a forecast knows before a city has a history of its own.

``python -m tests.tools.build_forecast_prior`` reads ../shared/data/air/beijing_multisite (UCI data set 501, CC BY 4.0)
and nothing else; the other data sets say by it how well a forecast trained in one place and year does in another.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.analysis.forecast import features, training
from backend.analysis.forecast.features import Array
from backend.analysis.forecast.history import HOUR, History
from backend.analysis.forecast.making import fit_ahead, held_out_residuals
from backend.analysis.forecast.model import GENERIC, LEADS, PARTS_OF_DAY, QUANTILES, Model, Part, save
from backend.analysis.forecast.training import Sample
from tests.shared import SHARED
from tests.tools.stranger_air import multisite

STATES, DRAWN_LEADS, SEED, PULL, COMPANIONS_PULL = 12_000, 8, 501, 100.0, 2000.0
TARGET = Path(__file__).parents[2] / "backend" / "analysis" / "data" / "forecast_prior.json"


def learn(
    history: History,
    *,
    without: tuple[int, int] | None = None,
    states: int = STATES,
    only: Sequence[str] = (),
) -> Model:
    """A prior from a history, ``only`` of some parameters where they are named.

    Args:
        without: indices; what lies within ten days of them is left out.
    """
    parts: dict[str, Part] = {}
    samples: list[Sample] = []
    for code in sorted(only or history.values):
        sample = training.draw(history, code, states, DRAWN_LEADS, seed=SEED)
        if sample is None:
            continue
        if without is not None:
            near = (sample.valid >= without[0] - 240) & (sample.origin < without[1] + 28 * 24)
            sample = sample.take(~near)
        samples.append(sample)
        parts[code] = _part(sample)
    few = [_some(sample) for sample in samples]
    arrays = {name: np.concatenate([getattr(one, name) for one in few]) for name in training.COLUMNS}
    parts[GENERIC] = _part(Sample(**arrays, instants=few[0].instants))
    return Model(history.start + len(history.times) * HOUR, parts, len(history.times) / 24)


def _some(sample: Sample) -> Sample:
    kept: NDArray[np.bool_] = np.arange(len(sample.truth)) % 6 == 0
    return sample.take(kept)


def _part(sample: Sample) -> Part:
    start = np.zeros(sample.design.shape[1])
    weights, residual, kept = held_out_residuals(sample, start, _pull(sample.design.shape[1]))
    flat = np.zeros((len(LEADS) + 1, PARTS_OF_DAY, len(QUANTILES)), np.float32)
    table = training.residual_table(residual, sample.lead[kept], sample.solar[kept], 1.0, flat)
    part = Part(weights.astype(np.float32), table, 0.0)
    wide = sample.coming.shape[1] * len(features.KNOTS)
    if not wide:
        return part
    return replace(part, ahead=fit_ahead(sample, part, _pull(features.WIDTH + wide)))


def _pull(width: int) -> Array:
    """How strongly each weight is drawn to nothing: those of the other pollutants more."""
    pull = np.full(width, PULL)
    pull[features.OWN * len(features.KNOTS) : features.WIDTH] = COMPANIONS_PULL
    return pull


def main() -> int:
    """Write the file."""
    history = multisite(SHARED / "air" / "beijing_multisite" / "hourly_201503_201602.csv").history()
    save(learn(history), TARGET)
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
