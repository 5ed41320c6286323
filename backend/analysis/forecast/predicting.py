"""An issue 起报: what each series will be in the hours after an instant, with its distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.forecast import features, optimum, training
from backend.analysis.forecast.ahead import Coming
from backend.analysis.forecast.features import HOURS, Array, Index
from backend.analysis.forecast.history import HOUR, History
from backend.analysis.forecast.model import QUANTILES, Model, Part
from backend.analysis.forecast.rules import rules

_CHECK_STATIONS, _CHECK_STEP, _CHECK_LEADS = 40, 12, (1, 4, 9, 15, 21, 30, 40, 47)


@dataclass(frozen=True)
class Issued:
    """One parameter's forecast; (S, H) over the history's stations, NaN where a station never measured it."""

    value: Array
    low: Array
    high: Array
    quantiles: Array
    """(S, H, Q) at `QUANTILES`."""
    widened: float
    """By how much the last days made the interval wider (or narrower)."""


@dataclass(frozen=True)
class Issue:
    """All parameters' forecasts from one instant."""

    at: int
    """The start of the first valid hour: everything known had ended by then."""
    hours: int
    codes: tuple[str, ...]
    """The stations'."""
    parts: dict[str, Issued]
    trained: int
    """What the model learned from had ended by then."""


def issue(
    history: History,
    model: Model,
    at: int,
    hours: int,
    only: Sequence[str] = (),
    coming: Coming | None = None,
) -> Issue:
    """Forecast from an instant with what had ended by then, whatever else the history holds.

    Args:
        coming: the weather to come, as it was said by then.
    """
    index = history.index(at)
    codes = [code for code in history.values if not only or code in only]
    parts = {code: issue_part(history, code, model.part(code), index, hours, coming=coming) for code in codes}
    return Issue(history.start + index * HOUR, hours, history.codes, parts, model.trained)


def issue_part(
    history: History,
    code: str,
    part: Part,
    at: int,
    hours: int,
    *,
    adapt: bool = True,
    coming: Coming | None = None,
) -> Issued:
    """One parameter from index ``at``; the history may go on behind it, and none of that is used."""
    stations = history.values[code].shape[1]
    known = history.values[code][:at]
    row = np.flatnonzero(np.isfinite(known).any(axis=0))
    shape = (stations, hours)
    value = np.full(shape, np.nan, np.float32)
    quantiles = np.full((*shape, len(QUANTILES)), np.nan, np.float32)
    widened = 1.0
    if row.size:
        widened = _recent_width(history, code, part, at) if adapt else 1.0
        pairs, lead = np.repeat(np.arange(row.size), hours), np.tile(np.arange(hours), row.size)
        point, spread, solar, wide = _point(
            history, code, part, np.full(row.size, at), row, pairs, lead, coming
        )
        spread = spread * wide
        around = part.residuals[training.lead_bin(lead), training.part_of_day(solar)] * widened
        around = around * _silence(np.isfinite(known[:, row]))[pairs][:, None]
        lines = point[:, None] + spread[:, None] * around
        lines = np.sort(lines, axis=1).reshape(row.size, hours, len(QUANTILES))
        known_block = features.blocks(history.logs[code], np.full(row.size, at), row)
        moved = optimum.moved(known_block, lines, optimum.share_of(code))
        value[row] = np.exp(point.reshape(row.size, hours) + moved)
        quantiles[row] = np.exp(lines)
    half = (1 - float(rules()["interval"]["share"])) / 2
    low = np.minimum(quantiles[..., _place(half)], value)
    high = np.maximum(quantiles[..., _place(1 - half)], value)
    return Issued(value, low, high, quantiles, widened)


def _silence(known: Array) -> Array:
    """By how much each station's interval is wider because it has been silent (T, S) -> (S,); 1 where it spoke last."""
    told = rules()["interval"]
    silent = np.argmax(known[::-1], axis=0)
    return np.asarray(1 + told["silent_wider"] * np.minimum(1, silent / told["silent_hours"]), np.float32)


def _place(share: float) -> int:
    return int(np.argmin([abs(share - one) for one in QUANTILES]))


def _point(
    history: History,
    code: str,
    part: Part,
    at: Index,
    which: Index,
    row: Index,
    lead: Index,
    coming: Coming | None = None,
) -> tuple[Array, Array, Array, Array]:
    """The point forecasts' logarithms, spread, solar hour, and how wide residuals are, of (series, lead) pairs."""
    made = training.batch(history, code, at, which, use_weather=part.weather)
    solar = made.solar(row, lead)
    design = features.design(made, row, lead)
    width = min(design.shape[1], len(part.weights))
    centre, spread = made.centre(row, lead)
    centre = np.where(np.isfinite(centre), centre, _usual(history, code, int(at.max()), which)[row])
    told, wide = design[:, :width] @ part.weights[:width], np.ones(len(row), np.float32)
    if coming is not None and part.ahead is not None:
        weather, sure = coming.regressors(np.arange(int(lead.max()) + 1))
        knowing = np.concatenate([design[:, : features.WIDTH], features.faded(weather[lead], lead)], axis=1)
        told = np.where(sure[lead], knowing @ part.ahead, told)
        wide = np.where(sure[lead], np.float32(part.narrower), wide)
    return centre + spread * told, spread, solar, wide


def _usual(history: History, code: str, at: int, which: Index) -> Array:
    """The logarithm of all that is known of a station: for one whose whole region has been silent for weeks."""
    logs = history.logs[code][:at][:, which]
    found = features.median(logs.T)
    return np.where(
        np.isfinite(found), found, np.float32(np.nanmedian(logs) if np.isfinite(logs).any() else 0)
    )


def _recent_width(history: History, code: str, part: Part, at: int) -> float:
    """By how much the interval must be wider to have held its share of the last days' values; drawn towards 1."""
    told = rules()["interval"]
    days = int(told["recent_days"])
    begun = np.flatnonzero(np.isfinite(history.regions[code][:at]))
    # How wide the first days were says nothing: their spread was not their own.
    first = max(int(begun[0]) + features.SURE_DAYS * HOURS, at - days * HOURS) if begun.size else at
    instants = np.arange(at - _CHECK_STEP, first, -_CHECK_STEP)
    alive = np.flatnonzero(np.isfinite(history.logs[code][max(0, at - days * HOURS) : at]).any(axis=0))
    if not instants.size or not alive.size:
        return float(told["cold"])
    chosen = alive[:: max(1, alive.size // _CHECK_STATIONS)][:_CHECK_STATIONS]
    when, which = np.repeat(instants, chosen.size), np.tile(chosen, instants.size)
    row, lead = np.repeat(np.arange(when.size), len(_CHECK_LEADS)), np.tile(_CHECK_LEADS, when.size)
    inside = when[row] + lead < at
    row, lead = row[inside], lead[inside]
    truth = history.logs[code][when[row] + lead, which[row]]
    told_ = np.isfinite(truth)
    row, lead, truth = row[told_], lead[told_], truth[told_]
    if len(row) < 50:
        return 1.0
    point, spread, solar, _ = _point(history, code, part, when, which, row, lead)
    around = part.residuals[training.lead_bin(lead), training.part_of_day(solar)]
    half = (1 - float(told["share"])) / 2
    error = (truth - point) / spread
    edge = np.where(error >= 0, around[:, _place(1 - half)], -around[:, _place(half)])
    needed = float(np.quantile(np.abs(error) / np.maximum(edge, 0.05), float(told["share"])))
    weight = instants.size / 2 / (instants.size / 2 + float(told["recent_weight"]))
    return float(np.clip(1 + weight * (needed - 1), told["narrowest"], told["widest"]))
