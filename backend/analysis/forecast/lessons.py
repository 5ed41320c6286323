"""What the last weeks teach an issue: how far to trust its departures, and how wide its intervals must be.

An issue is replayed from the same hour of each of the last days, as it would have been made then. Two lessons are
drawn, each for some hours to come (`EDGES`) and day by day from what earlier days taught:

- a mean of a few plain variations of the point (a departure that goes further or less far, one drawn to the last
  week's median, one that is a little higher or lower), each weighing by what it would have lost lately (exponentially
  weighted forecasters; Cesa-Bianchi and Lugosi 2006, *Prediction, Learning, and Games*, ch. 2);
- a width that grows after days that lay outside of the interval too often and shrinks after days that lay inside
  (adaptive conformal inference; Gibbs and Candes 2021, NeurIPS 34).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from backend.analysis.forecast import features, training
from backend.analysis.forecast.ahead import Coming
from backend.analysis.forecast.features import HOURS, Array, Index
from backend.analysis.forecast.history import History
from backend.analysis.forecast.model import QUANTILES, Part
from backend.analysis.forecast.points import Points, points
from backend.analysis.forecast.rules import rules

EDGES = (0, 6, 12, 24, 48)
"""The hours to come that learn together lie between these; what lies beyond the last learns with the last."""
_BANDS = tuple(pairwise(EDGES))
_LEADS = (0, 2, 4, 6, 8, 10, 13, 16, 19, 22, 25, 29, 33, 37, 41, 45)
_STATIONS = 40
_FEW = 10
"""Values of a day that teach anything."""


@dataclass(frozen=True)
class Lessons:
    """By the hours to come: (B,) each, at the middle of each pair of `EDGES`."""

    departure: Array
    """The share of the point's departure from what is usual."""
    week: Array
    """The share of the last week's median."""
    shift: Array
    """What is added, logarithms."""
    width: Array
    """By how much the interval is wider (or narrower)."""
    ahead: Lessons | None = None
    """Those of issues that knew the weather to come, where there were any: they hold where it is known."""

    def at(self, lead: Index) -> tuple[Array, Array, Array, Array]:
        """All four at some leads, straight between the middles."""
        middles = (np.array(EDGES[1:]) + np.array(EDGES[:-1])) / 2
        told = (self.departure, self.week, self.shift, self.width)
        one, two, three, four = (np.interp(lead, middles, line).astype(np.float32) for line in told)
        return one, two, three, four

    def point(self, said: Points, lead: Index) -> Array:
        """The points as these lessons change them; where the weather to come is known and no earlier issue knew it,
        they stay."""
        knowing = said.point if self.ahead is None else self.ahead._changed(said, lead)
        found: Array = np.where(said.knowing, knowing, self._changed(said, lead))
        return found

    def _changed(self, said: Points, lead: Index) -> Array:
        departure, week, shift, _ = self.at(lead)
        usual = (1 - week) * said.centre + week * said.week
        found: Array = usual + departure * (said.point - said.centre) + shift
        return found

    def wide(self, said: Points, lead: Index) -> Array:
        """By how much the intervals are wider."""
        knowing = self.at(lead)[3] if self.ahead is None else self.ahead.at(lead)[3]
        found: Array = np.where(said.knowing, knowing, self.at(lead)[3])
        return found


def none() -> Lessons:
    """Of an issue that takes its weights at their word."""
    one = np.ones(len(EDGES) - 1, np.float32)
    return Lessons(one, 0 * one, 0 * one, one)


def learn(
    history: History, code: str, part: Part, at: int, earlier: Mapping[int, Coming] | None = None
) -> Lessons:
    """The lessons of the days before index ``at``; nothing behind it is looked at.

    Args:
        earlier: by index, the weather to come as it was known at earlier instants. How wide the interval of an issue
            that knows it must be is learned from the days that knew it too, and is not less before there are any.
    """
    told = rules()["lessons"]
    days = int(told["days"])
    begun = np.flatnonzero(np.isfinite(history.regions[code][:at]))
    # What the first days would have said teaches nothing: their spread was not their own.
    first = int(begun[0]) + features.SURE_DAYS * HOURS if begun.size else at
    instants = at - HOURS * np.arange(days, 0, -1)
    instants = instants[instants >= first]
    alive = np.flatnonzero(np.isfinite(history.logs[code][max(0, at - days * HOURS) : at]).any(axis=0))
    if not instants.size or not alive.size:
        cold = none()
        return replace(cold, width=cold.width * float(told["cold"]))
    chosen = alive[:: -(-alive.size // _STATIONS)]
    plain = _replayed(history, code, part, at, instants, chosen)
    if plain is None:
        return none()
    taught = Lessons(*np.array([_lesson(plain, hours) for hours in _BANDS], np.float32).T)
    then = {one: said for one, said in (earlier or {}).items() if one in instants}
    known = _replayed(history, code, part, at, np.array(sorted(then)), chosen, then) if then else None
    if known is None:
        return taught
    wide = [_lesson(known, hours, float(start)) for hours, start in zip(_BANDS, taught.width, strict=True)]
    return replace(taught, ahead=Lessons(*np.array(wide, np.float32).T))


@dataclass(frozen=True)
class _Replayed:
    """Issues of earlier days against what came: pairs (M,), ordered by day."""

    said: Points
    truth: Array
    around: Array
    """(M, Q) residuals, in units of the spread."""
    day: Index
    lead: Index
    days: int


def _replayed(
    history: History,
    code: str,
    part: Part,
    at: int,
    instants: Index,
    stations: Index,
    coming: Mapping[int, Coming] | None = None,
) -> _Replayed | None:
    """Issues from ``instants`` at ``stations``, of what had come by index ``at``; where ``coming`` is given, of hours
    whose weather was known. None where nothing can be compared."""
    when, which = np.repeat(instants, stations.size), np.tile(stations, instants.size)
    row, lead = np.repeat(np.arange(when.size), len(_LEADS)), np.tile(_LEADS, when.size)
    inside = when[row] + lead < at
    row, lead = row[inside], lead[inside]
    truth = history.logs[code][when[row] + lead, which[row]]
    known = np.isfinite(truth)
    row, lead, truth = row[known], lead[known], truth[known]
    if not row.size:
        return None
    said = points(history, code, part, when, which, row, lead, coming)
    told = said.knowing if coming is not None else np.ones(row.size, np.bool_)
    if not told.any():
        return None
    said, row, lead, truth = said.take(told), row[told], lead[told], truth[told]
    around = part.residuals[training.lead_bin(lead), training.part_of_day(said.solar)]
    return _Replayed(said, truth, around, np.searchsorted(instants, when[row]), lead, instants.size)


def _lesson(
    replayed: _Replayed, hours: tuple[int, int], start: float = 1.0
) -> tuple[float, float, float, float]:
    """Departure, week, shift and width of some hours to come: day by day, each with what earlier days taught; the
    width from ``start`` on."""
    told, said = rules()["lessons"], replayed.said
    these = (replayed.lead >= hours[0]) & (replayed.lead < hours[1])
    kinds = np.array(told["members"], np.float64)
    prior = kinds[:, 3] / kinds[:, 3].sum()
    mixing = np.stack([(1 - kinds[:, 1]) * kinds[:, 0], kinds[:, 1], (1 - kinds[:, 1]) * kinds[:, 2]], axis=1)
    half = (1 - float(rules()["interval"]["share"])) / 2
    low, high = replayed.around[these, _place(half)], replayed.around[these, _place(1 - half)]
    truth, day, spread = replayed.truth[these], replayed.day[these], said.spread[these]
    centre, gone = said.centre[these], (said.point - said.centre)[these]
    towards = (said.week - said.centre)[these]
    memory = float(np.exp(-1 / float(told["memory_days"])))
    lost, width = np.zeros(len(kinds)), float(np.log(start))
    begins = np.searchsorted(day, np.arange(replayed.days + 1))
    for turn in range(replayed.days):
        some = slice(int(begins[turn]), int(begins[turn + 1]))
        lost *= memory
        if some.stop - some.start < _FEW:
            continue
        departure, week, shift = _weights(prior, lost, float(told["rate"])) @ mixing
        error = truth[some] - centre[some] - departure * gone[some] - week * towards[some] - shift
        edge = np.where(error >= 0, high[some], -low[some]) * spread[some]
        outside = float((np.abs(error) > np.exp(width) * np.maximum(edge, 0.05 * spread[some])).mean())
        width += float(told["step"]) * (outside - 2 * half)
        each = (
            (truth - centre)[some, None]
            - gone[some, None] * mixing[:, 0]
            - towards[some, None] * mixing[:, 1]
            - mixing[:, 2]
        )
        lost += (2 * np.tanh(np.abs(each) / 2)).mean(axis=0)
    departure, week, shift = _weights(prior, lost, float(told["rate"])) @ mixing
    wide = float(np.clip(np.exp(width), float(told["narrowest"]), float(told["widest"])))
    return float(departure), float(week), float(shift), wide


def _weights(prior: Array, lost: Array, rate: float) -> Array:
    raw = prior * np.exp(-rate * (lost - lost.min()))
    found: Array = raw / raw.sum()
    return found


def _place(share: float) -> int:
    return int(np.argmin([abs(share - one) for one in QUANTILES]))
