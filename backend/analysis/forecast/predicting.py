"""An issue 起报: what each series will be in the hours after an instant, with its distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.forecast import features, lessons, optimum, training
from backend.analysis.forecast.ahead import Coming
from backend.analysis.forecast.features import BLOCK, Array
from backend.analysis.forecast.history import HOUR, History
from backend.analysis.forecast.model import QUANTILES, Model, Part
from backend.analysis.forecast.points import points
from backend.analysis.forecast.rules import rules


@dataclass(frozen=True)
class Issued:
    """One parameter's forecast; (S, H) over the history's stations, NaN where a station never measured it."""

    value: Array
    low: Array
    high: Array
    quantiles: Array
    """(S, H, Q) at `QUANTILES`."""
    knowing: NDArray[np.bool_]
    """(H,) at which of the hours the weather to come was known and used."""


@dataclass(frozen=True)
class Issue:
    """All parameters' forecasts from one instant."""

    at: int
    """The start of the first valid hour: everything known had ended by then."""
    hours: int
    codes: tuple[str, ...]
    """The stations'."""
    parts: dict[str, Issued]
    model: Model

    @property
    def trained(self) -> int:
        """What the model learned from had ended by then."""
        return self.model.trained

    @property
    def weather_hours(self) -> int:
        """At how many of the hours the weather to come was known and used."""
        return max((int(part.knowing.sum()) for part in self.parts.values()), default=0)


def issue(
    history: History,
    model: Model,
    at: int,
    hours: int,
    only: Sequence[str] = (),
    coming: Coming | None = None,
    earlier: Mapping[int, Coming] | None = None,
) -> Issue:
    """Forecast from an instant with what had ended by then, whatever else the history holds.

    Args:
        coming: the weather to come, as it was said by then.
        earlier: the same of earlier instants: what issues that knew it are worth is learned from them.
    """
    index = history.index(at)
    before = {history.index(then): said for then, said in (earlier or {}).items()}
    codes = [code for code in history.values if not only or code in only]
    parts = {
        code: issue_part(history, code, model.part(code), index, hours, coming=coming, earlier=before)
        for code in codes
    }
    return Issue(history.start + index * HOUR, hours, history.codes, parts, model)


def issue_part(
    history: History,
    code: str,
    part: Part,
    at: int,
    hours: int,
    *,
    adapt: bool = True,
    coming: Coming | None = None,
    earlier: Mapping[int, Coming] | None = None,
) -> Issued:
    """One parameter from index ``at``; the history may go on behind it, and none of that is used.

    Args:
        adapt: by what the last weeks teach (`lessons`), or by the weights at their word.
    """
    stations = history.values[code].shape[1]
    known = history.logs[code][:at]
    row = np.flatnonzero(np.isfinite(known).any(axis=0))
    shape = (stations, hours)
    value = np.full(shape, np.nan, np.float32)
    quantiles = np.full((*shape, len(QUANTILES)), np.nan, np.float32)
    knowing = np.zeros(hours, np.bool_)
    if row.size:
        taught = lessons.learn(history, code, part, at, earlier) if adapt else lessons.none()
        pairs, lead = np.repeat(np.arange(row.size), hours), np.tile(np.arange(hours), row.size)
        known_by_then = None if coming is None else {at: coming}
        said = points(history, code, part, np.full(row.size, at), row, pairs, lead, known_by_then)
        point, widened = taught.point(said, lead), taught.wide(said, lead)
        around = part.residuals[training.lead_bin(lead), training.part_of_day(said.solar)]
        around = around * (widened * _silence(np.isfinite(known[:, row]))[pairs])[:, None]
        lines = point[:, None] + said.spread[:, None] * around
        lines = np.sort(lines, axis=1).reshape(row.size, hours, len(QUANTILES))
        known_block = features.blocks(history.logs[code], np.full(row.size, at), row)
        moved = optimum.moved(known_block, lines, optimum.share_of(code))
        knowing = said.knowing[:hours]
        value[row] = np.exp(point.reshape(row.size, hours) + moved)
        value[row] = _nothing(
            value[row], history.values[code][max(0, at - BLOCK) : at, row], history.floors[code]
        )
        quantiles[row] = np.exp(lines)
    half = (1 - float(rules()["interval"]["share"])) / 2
    low = np.minimum(quantiles[..., _place(half)], value)
    high = np.maximum(quantiles[..., _place(1 - half)], value)
    return Issued(value, low, high, quantiles, knowing)


def _silence(known: Array) -> Array:
    """By how much each station's interval is wider because it has been silent (T, S) -> (S,); 1 where it spoke last."""
    told = rules()["interval"]
    silent = np.argmax(known[::-1], axis=0)
    return np.asarray(1 + told["silent_wider"] * np.minimum(1, silent / told["silent_hours"]), np.float32)


def _nothing(value: Array, last: Array, floor: float) -> Array:
    """Values (S, H) that are no more than the least that is told from nothing are 0 at stations that say 0 rather than
    that (T, S): a logarithm knows no 0."""
    least = 1.5 * floor
    said = (last >= 0) & (last < least)
    zeros = 2 * (last == 0).sum(axis=0) > said.sum(axis=0)
    found: Array = np.where(zeros[:, None] & (value < least), 0, value)
    return found


def _place(share: float) -> int:
    return int(np.argmin([abs(share - one) for one in QUANTILES]))
