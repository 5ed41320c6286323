"""Make a model of a history: weights, residuals held out in time, and what the model is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backend.analysis.forecast import features, scoring, training
from backend.analysis.forecast.features import HOURS, Array
from backend.analysis.forecast.history import HOUR, History
from backend.analysis.forecast.model import GENERIC, Model, Part, Skill
from backend.analysis.forecast.model import prior as shipped
from backend.analysis.forecast.rules import rules
from backend.analysis.forecast.training import Sample, Solution

FOLDS, FOLD_DAYS = 3, 10
_CHECKED_HOURS = 48
Told = Callable[[str, int, int], None]


def train(
    history: History, *, prior: Model | None = None, told: Told = lambda *_: None, check: bool = True
) -> Model:
    """Learn from a whole history; what has too little of it keeps the prior's part.

    Args:
        told: called with each parameter, how many are done, and of how many.
        check: also forecast the last days with what was known before them (`Skill`).
    """
    base = shipped() if prior is None else prior
    parts = {GENERIC: base.part(GENERIC)}
    codes = sorted(history.values)
    for done, code in enumerate(codes):
        told(code, done, len(codes))
        parts[code] = train_part(history, code, base.part(code), check=check)
    told("", len(codes), len(codes))
    end = history.start + len(history.times) * HOUR
    return Model(end, parts, len(history.times) / HOURS, history.seen, check)


def train_part(history: History, code: str, prior: Part, *, check: bool) -> Part:
    """One parameter's model."""
    told = rules()["training"]
    blown = _weather_days(history) >= told["weather_days"]
    sample = training.draw(
        history, code, int(told["states"]), int(told["leads"]), seed=int(told["seed"]), use_weather=blown
    )
    if sample is None:
        return prior
    if blown and not _weather_helps(sample, prior):
        blown = False
        sample = _without_weather(sample)
    start = _padded(prior.weights, sample.design.shape[1])
    weights, residual, kept = held_out_residuals(sample, start, float(told["pull"]))
    days = sample.instants / HOURS
    knowing = prior.ahead
    if sample.coming.shape[1] and _weather_days(history) >= float(rules()["ahead"]["days"]):
        knowing = fit_ahead(sample, prior, float(told["pull"]))
    share = days / (days + float(rules()["interval"]["prior_days"]))
    table = training.residual_table(residual, sample.lead[kept], sample.solar[kept], share, prior.residuals)
    part = Part(weights.astype(np.float32), table, days, blown, knowing)
    return replace(part, skill=_checked(history, code, sample, part, prior)) if check else part


def fit_ahead(sample: Sample, prior: Part, pull: float | Solution) -> Array:
    """Weights that know the weather to come.

    They learn from the weather that was, made as uncertain as a forecast of it (`ahead.doubted`). How far they miss is
    learned from issues that knew real forecasts (`lessons`).
    """
    base = _without_weather(sample)
    base = replace(
        base, design=np.concatenate([base.design, features.faded(sample.coming, sample.lead)], axis=1)
    )
    start = _padded(prior.weights if prior.ahead is None else prior.ahead, base.design.shape[1])
    weights, _ = training.fit(base, start, pull)
    return weights.astype(np.float32)


def _weather_days(history: History) -> float:
    if not history.weather:
        return 0.0
    return max(float(np.isfinite(series).sum()) for series in history.weather.values()) / HOURS


def _padded(weights: Array, width: int) -> Solution:
    """A prior's weights for a design that may have weather besides: of that it knows nothing."""
    base = weights.astype(np.float64)[:width]
    return np.concatenate([base, np.zeros(width - len(base))])


def _without_weather(sample: Sample) -> Sample:
    return replace(sample, design=np.ascontiguousarray(sample.design[:, : features.WIDTH]))


def _weather_helps(sample: Sample, prior: Part) -> bool:
    """Whether the history's last quarter was forecast better with the weather than without it, by what came before."""
    last = int(np.quantile(sample.origin, 0.75))
    before, after = sample.take(sample.valid < last), sample.take(sample.origin >= last)
    if not len(before.truth) or not len(after.truth):
        return False
    pull = float(rules()["training"]["pull"])
    found = []
    for part in (lambda one: one, _without_weather):
        early, late = part(before), part(after)
        weights, _ = training.fit(early, _padded(prior.weights, early.design.shape[1]), pull)
        error = late.centre + late.spread * (late.design @ weights.astype(np.float32)) - late.truth
        found.append(float(np.mean(2 * np.tanh(np.abs(error) / 2))))
    return found[0] < found[1]


def _folds(sample: Sample) -> list[NDArray[np.bool_]]:
    turn = sample.origin // (FOLD_DAYS * HOURS) % FOLDS
    return [turn == fold for fold in range(FOLDS)]


def held_out_residuals(
    sample: Sample, prior: Solution, pull: float | Solution
) -> tuple[Solution, Array, NDArray[np.bool_]]:
    """Weights; residuals, in units of the spread, of pairs whose ten days the weights had not seen; which pairs."""
    weights, solutions = training.fit(sample, prior, pull, _folds(sample))
    residual = np.full(len(sample.truth), np.nan, np.float32)
    for fold, fewer in zip(_folds(sample), solutions, strict=True):
        said = sample.design[fold] @ fewer.astype(np.float32)
        residual[fold] = (sample.truth[fold] - sample.centre[fold]) / sample.spread[fold] - said
    kept = np.isfinite(residual)
    return weights, residual[kept], kept


def _checked(history: History, code: str, sample: Sample, part: Part, prior: Part) -> Skill:
    """Forecast the last days, one issue each, by weights that learned only from what came before them."""
    from backend.analysis.forecast.predicting import issue_part

    days = int(rules()["skill"]["days"])
    hours = len(history.times)
    first = hours - (days + 2) * HOURS
    known = int(np.flatnonzero(np.isfinite(history.regions[code]))[0])
    if first < known + 2 * HOURS:
        days = (hours - known) // HOURS - 4
        first = hours - (days + 2) * HOURS
    if days < 2:
        return Skill()
    early = sample.take(sample.valid < first)
    weights = _padded(prior.weights, sample.design.shape[1])
    if len(early.truth) >= _CHECKED_HOURS:
        weights, _ = training.fit(early, weights, float(rules()["training"]["pull"]))
    as_then = replace(part, weights=weights.astype(np.float32))
    tally = scoring.Tally()
    for day in range(days):
        at = first + day * HOURS
        issued = issue_part(history, code, as_then, at, _CHECKED_HOURS)
        truth = history.values[code][at : at + _CHECKED_HOURS].T
        tally.add(
            issued,
            truth,
            scoring.persistence(history, code, at, truth.shape[1]),
            scoring.climatology(history, code, at, truth.shape[1]),
        )
    return tally.skill()
