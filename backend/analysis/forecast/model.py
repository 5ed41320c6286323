"""A trained model: weights, residuals and what it was checked to be worth; kept as text beside the store.

The file is JSON with a checksum, written whole under another name and then put in place: no reader ever sees half of
one, and nothing in it can be run. What can't be read is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from backend.analysis.forecast.features import Array

VERSION = 4
"""Of the file and of the regressors: a model of another version is trained anew."""
QUANTILES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
LEADS = (6, 12, 24, 48)
"""Where the bins of leads end, hours; the last is open."""
PARTS_OF_DAY = 4
"""Bins of local solar time, from midnight on."""
GENERIC = "generic"
"""The prior's part for parameters that it does not know."""
LARGEST = 8 << 20
"""Bytes of a model's file, more are not read."""


@dataclass(frozen=True)
class Skill:
    """How a parameter was forecast over the days before the training, with what was known then.

    SMAPE over the first 48 hours of each day's issue, of the model and of what it must beat.
    """

    days: int = 0
    ours: float | None = None
    persistence: float | None = None
    """The last known value."""
    climatology: float | None = None
    """The same hour's median of the last 7 days."""
    coverage: float | None = None
    """The share of values inside of the 80 % interval."""


@dataclass(frozen=True)
class Part:
    """The model of one parameter."""

    weights: Array
    """(K,) or, with weather, (K + W,)."""
    residuals: Array
    """(leads, parts of the day, quantiles) in units of the spread."""
    days: float = 0.0
    """Days of own history that it learned from."""
    weather: bool = False
    ahead: Array | None = None
    """(K + A,) weights that hold instead where the weather to come is known; None where none were learned."""
    skill: Skill = field(default_factory=Skill)


@dataclass(frozen=True)
class Model:
    """Everything that an issue needs besides the history."""

    trained: int
    """Nothing that ended after this instant was learned from."""
    parts: Mapping[str, Part]
    known_days: float = 0.0
    seen: int = 0
    """Values that it learned from: another number tells that the history was added to."""
    checked: bool = True
    """Whether its `Skill` was looked for."""

    @property
    def own(self) -> bool:
        """Whether any part of it knows the store's own history."""
        return any(part.days > 0 for part in self.parts.values())

    def part(self, parameter: str) -> Part:
        """A parameter's model; the generic one where it has none of its own."""
        found = self.parts.get(parameter) or self.parts.get(GENERIC)
        if found is None:
            raise KeyError(parameter)
        return found


class ModelError(Exception):
    """A model's file can't be used."""


def _text(model: Model) -> str:
    body = {
        "version": VERSION,
        "trained": model.trained,
        "known_days": round(model.known_days, 3),
        "seen": model.seen,
        "checked": model.checked,
        "parts": {
            code: {
                "weights": [float(f"{value:.6g}") for value in part.weights],
                "residuals": [
                    [[round(float(q), 4) for q in line] for line in bin_] for bin_ in part.residuals
                ],
                "days": round(part.days, 3),
                "weather": part.weather,
                "ahead": None if part.ahead is None else [float(f"{value:.6g}") for value in part.ahead],
                "skill": asdict(part.skill),
            }
            for code, part in sorted(model.parts.items())
        },
    }
    return json.dumps(body, separators=(",", ":"), sort_keys=True)


def written(model: Model) -> str:
    """A model's whole file."""
    text = _text(model)
    return hashlib.sha256(text.encode()).hexdigest() + "\n" + text + "\n"


def save(model: Model, path: Path) -> None:
    """Put a model in place of the one before, at once and whole."""
    text = written(model)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def load(path: Path) -> Model:
    """The model of a file.

    Raises:
        ModelError: there is none, or it is damaged or of another version.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ModelError("size")
        return parse(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(str(error)) from error


def parse(text: str) -> Model:
    """A model from its text.

    Raises:
        ModelError: it is damaged or of another version.
    """
    head, _, body = text.partition("\n")
    body = body.rstrip("\n")
    if hashlib.sha256(body.encode()).hexdigest() != head.strip():
        raise ModelError("checksum")
    try:
        read = json.loads(body)
        if read["version"] != VERSION:
            raise ModelError("version")
        parts = {str(code): _part(told) for code, told in read["parts"].items()}
        return Model(
            int(read["trained"]), parts, float(read["known_days"]), int(read["seen"]), bool(read["checked"])
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(type(error).__name__) from error


def _part(told: Mapping[str, Any]) -> Part:
    weights = np.array(told["weights"], np.float32)
    residuals = np.array(told["residuals"], np.float32)
    if residuals.shape != (len(LEADS) + 1, PARTS_OF_DAY, len(QUANTILES)) or weights.ndim != 1:
        raise ModelError("shape")
    if not (np.isfinite(weights).all() and np.isfinite(residuals).all()):
        raise ModelError("not finite")
    ahead = None if told["ahead"] is None else np.array(told["ahead"], np.float32)
    if ahead is not None and not (ahead.ndim == 1 and np.isfinite(ahead).all()):
        raise ModelError("shape")
    return Part(
        weights,
        residuals,
        float(told["days"]),
        bool(told["weather"]),
        ahead,
        Skill(**told["skill"]),
    )


def prior() -> Model:
    """What is known of air before a city has any history: trained on a year of Beijing's twelve stations.

    Made by ``tests/tools/build_forecast_prior.py`` from UCI data set 501 (CC BY 4.0, see NOTICE.md).
    """
    return parse(files("backend.analysis").joinpath("data", "forecast_prior.json").read_text("utf-8"))
