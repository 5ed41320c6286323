"""What a parameter of one network shows at a step, judged: values beside the background, and how hot each place is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.analysis.field import Values
from backend.analysis.geo import Floats
from backend.analysis.hotspots.excess import Excess, Usual
from backend.analysis.hotspots.gi import of_pairs
from backend.analysis.hotspots.heat import Heat, judge
from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.robust import Scores, low, scores
from backend.analysis.hotspots.rules import material, rules
from backend.city.registry import ParameterRow

KEEP = 24
"""Steps that are judged: for how long a place has stood out is told up to here."""


@dataclass(frozen=True, slots=True)
class Newest:
    """What each station shows in the newest step, as plain lists: a verdict asks for one number at a time."""

    there: list[bool]
    value: list[float]
    increment: list[float]
    """NaN for none."""
    level: list[int]
    z: list[float]
    """0 for none."""
    gi: list[float]
    ratio: list[float]
    """NaN for none."""
    agrees: list[int]
    could: list[int]
    neighbours: list[bool]
    who: list[int]
    """The stations' numbers."""


@dataclass(frozen=True)
class Seen:
    """One parameter of one network at one step; arrays are in the order of the network's stations."""

    network: Network
    parameter: ParameterRow
    start: int
    values: Floats
    """(S,), NaN for the silent."""
    background: Floats
    """The regional background at each station, (S,)."""
    increments: Floats
    """Above it, at least 0, in the last `KEEP` steps, (K, S)."""
    excess: Excess
    """Of the last `KEEP` steps."""
    heat: Heat
    gi: Floats
    """Gi* of the step's increments, (S,)."""
    ratio: Floats
    """Leave-one-out ratio to the mean of the peers, (S,)."""
    material: float
    """The excess that counts, in the parameter's unit."""
    known: NDArray[np.bool_]
    """Stations with enough of a past, (S,)."""
    others: tuple[str, ...]
    """The codes of the parameters that could agree, in the order of `Heat.agrees`."""

    @cached_property
    def hours(self) -> Scores:
        """What the hot score is made of."""
        return scores(self.increments)

    @cached_property
    def newest(self) -> Newest:
        """The newest step's numbers."""
        heat = self.heat
        return Newest(
            self.there.tolist(),
            self.values.tolist(),
            self.increments[-1].tolist(),
            heat.level[-1].tolist(),
            np.nan_to_num(heat.z[-1]).tolist(),
            self.gi.tolist(),
            self.ratio.tolist(),
            heat.agrees[-1].tolist(),
            heat.could[-1].tolist(),
            heat.neighbours[-1].tolist(),
            [row.id for row in self.network.stations],
        )

    @cached_property
    def there(self) -> NDArray[np.bool_]:
        """Stations that report."""
        return np.isfinite(self.values)


class Remembered(NamedTuple):
    """A parameter's last `KEEP` steps, the judged one last, and what is usual there."""

    values: Values
    background: Floats
    learned: Usual


def see(
    network: Network, one: ParameterRow, start: int, last: Remembered, excesses: Mapping[str, Excess]
) -> Seen:
    """Judge the step that begins at ``start``.

    Args:
        excesses: by parameter, those of every one that could agree among them.
    """
    counts = material(one.code, one.unit)
    counts = last.learned.material if counts is None else counts
    codes = tuple(code for code in rules()["agreement"].get(one.code, ()) if code in excesses)
    others = [excesses[code] for code in codes]
    heat = judge(excesses[one.code], network.peers, network.near, network.patience, counts, others)
    values = last.values[-1].astype(np.float64)
    increments = np.maximum(last.values - last.background, 0.0)
    return Seen(
        network,
        one,
        start,
        values,
        last.background[-1].astype(np.float64),
        increments,
        excesses[one.code],
        heat,
        _gi(network, increments[-1]),
        _ratio(network, values),
        counts,
        last.learned.known,
        codes,
    )


def background(network: Network, values: Values) -> Floats:
    """The regional background at each station, (T, S): a robust low percentile around anchors, blended between them."""
    told = rules()["background"]
    members, between, weight = network.anchors
    anchors = low(values[:, members], told["percentile"])
    known = np.isfinite(anchors)
    part = np.where(known, anchors, 0.0)[:, between] * weight
    share = (known[:, between] * weight).sum(axis=2)
    mixed = part.sum(axis=2) / np.where(share > 0, share, 1.0)
    return np.where(share > 0, mixed, np.nan).astype(np.float32)


def _gi(network: Network, increments: Floats) -> Floats:
    if np.isfinite(increments).sum() < rules()["gi"]["least"]:
        return np.full(len(increments), np.nan)
    return of_pairs(*network.pairs, increments)


def _ratio(network: Network, values: Floats) -> Floats:
    """Value over the mean of the peers: without itself, and at least three of them (domain 3.3.2)."""
    around = network.peers.of_values(values)
    known = np.isfinite(around)
    count = known.sum(axis=1)
    mean = np.where(known, around, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(
        (count >= rules()["background"]["least"]) & (mean > 0), values / np.where(mean > 0, mean, 1.0), np.nan
    )
