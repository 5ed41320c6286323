"""Places that can be hot: the administrative grids of a level, or square cells; who stands in each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.hotspots.ground import Cells, Ground, cells
from backend.analysis.hotspots.interpolate import Weights
from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.robust import Scores
from backend.analysis.hotspots.rules import rules
from backend.city.registry import City

Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Places:
    """Places of one kind, for one network."""

    level: int
    """3 or 4 (or whatever the pack has); 0 for cells."""
    cell: int
    """Metres of a side; 0 for grids."""
    codes: tuple[str, ...]
    grids: tuple[str, ...]
    """The grid that each is, or that its middle lies in; empty for none."""
    counties: tuple[str, ...]
    x: Floats
    """Middles, metres."""
    y: Floats
    of_station: Numbers
    """The place that each station stands in, -1 for none."""
    weights: Weights

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def stations(self) -> list[list[int]]:
        """Columns of the stations in each place."""
        order = np.argsort(self.of_station, kind="stable")
        ends = np.searchsorted(self.of_station[order], np.arange(len(self.codes) + 1))
        columns = order.tolist()
        return [columns[one:other] for one, other in itertools.pairwise(ends.tolist())]


def grid_places(city: City, ground: Ground, network: Network, level: int) -> Places:
    """The grids of a level that have a middle."""
    rows = [row for row in ground.grids.values() if row.level == level]
    rows.sort(key=lambda row: row.code)
    middles = [_middle(ground, row.code, row.lon, row.lat) for row in rows]
    kept = [(row, at) for row, at in zip(rows, middles, strict=True) if at is not None]
    x = np.array([at[0] for _, at in kept])
    y = np.array([at[1] for _, at in kept])
    number = {row.code: index for index, (row, _) in enumerate(kept)}
    of_station = np.full(len(network.stations), -1, dtype=np.intp)
    for column, station in enumerate(network.stations):
        for code in city.path(station.grid):
            if code in number:
                of_station[column] = number[code]
    lost = np.flatnonzero(of_station < 0)
    if len(lost) and ground.fine and ground.fine[0].level == level:
        # A station that names only its county or township stands in the finest grid that holds it.
        found = ground.fine_of(network.x[lost], network.y[lost])
        for lost_one, fine in zip(lost, found, strict=True):
            of_station[lost_one] = number.get(ground.fine[fine].code, -1) if fine >= 0 else -1
    return Places(
        level,
        0,
        tuple(row.code for row, _ in kept),
        tuple(row.code for row, _ in kept),
        tuple(row.county for row, _ in kept),
        x,
        y,
        of_station,
        network.weights(f"level {level}", x, y),
    )


def _middle(ground: Ground, code: str, lon: float | None, lat: float | None) -> tuple[float, float] | None:
    if lon is not None and lat is not None:
        x, y = ground.plane.xy(lon, lat)
        return float(x), float(y)
    rings = ground.rings.get(code)
    if not rings:
        return None
    longest = max(rings, key=len)
    return float(longest[:-1, 0].mean()), float(longest[:-1, 1].mean())


def cell_places(ground: Ground, network: Network, side: int) -> tuple[Places, Cells]:
    """Square cells over the ground."""
    grid = cells(ground, side, network.reach)
    inside = np.flatnonzero(grid.county >= 0) if ground.outlined else np.arange(len(grid.x))
    number = np.full(len(grid.x), -1, dtype=np.intp)
    number[inside] = np.arange(len(inside))
    at = grid.at(network.x, network.y)
    of_station = np.where(at >= 0, number[np.maximum(at, 0)], -1)
    x, y = grid.x[inside], grid.y[inside]
    fine = [ground.fine[one].code if one >= 0 else "" for one in grid.fine[inside]]
    county = [
        ground.counties[one].code if 0 <= one < len(ground.counties) else "" for one in grid.county[inside]
    ]
    return Places(
        0,
        grid.side,
        tuple(f"{grid.side}:{index % grid.columns}:{index // grid.columns}" for index in inside),
        tuple(fine),
        tuple(county),
        x,
        y,
        of_station,
        network.weights(f"cell {grid.side}", x, y),
    ), grid


@dataclass(frozen=True)
class Standing:
    """What each place shows of one parameter at one step, (P,)."""

    value: Floats
    """Mean of its own stations (the median of three or more), else interpolated; NaN where nobody sees it."""
    background: Floats
    increment: Floats
    measured: NDArray[np.bool_]
    score: Floats
    """The hot score, 0 to 100 (domain 3.3.5); NaN where there is no value."""
    rank: NDArray[np.int64]
    """1 is the hottest; 0 where there is no value."""
    count: int
    """So many are ranked."""

    @cached_property
    def highest(self) -> NDArray[np.int64]:
        """By the increment of this very step, of the places with a station: 1 is the highest; 0 for the others."""
        order = np.flatnonzero(self.measured & np.isfinite(self.increment))
        order = order[np.argsort(-self.increment[order], kind="stable")]
        found = np.zeros(len(self.value), dtype=np.int64)
        found[order] = np.arange(1, len(order) + 1)
        return found


def ranked(values: Floats) -> Floats:
    """The share of the others that lie below each, 0 to 1 (ties share the middle); NaN stays."""
    known = np.flatnonzero(np.isfinite(values))
    found = np.full(len(values), np.nan)
    if not len(known):
        return found
    ordered = np.sort(values[known])
    below = np.searchsorted(ordered, values[known], side="left")
    upto = np.searchsorted(ordered, values[known], side="right")
    found[known] = (below + upto - 1) / 2 / max(len(known) - 1, 1)
    return found


def standing(
    places: Places, values: Floats, background: Floats, hours: Scores, reach_spacing: float
) -> Standing:
    """What places show: their own stations first, else what the others around them say, where they can.

    Args:
        values: of the stations, (S,).
        background: at the stations, (S,).
        hours: the `scores` of the stations.
        reach_spacing: the network's spacing, metres.
    """
    there = np.isfinite(values) & np.isfinite(background)
    weights = places.weights.among(there)
    seen = ~weights.blind(reach_spacing)
    parts = [
        np.where(seen, weights.apply(np.where(there, part, np.nan)), np.nan)
        for part in (values, background, *hours)
    ]
    measured = np.zeros(len(places), dtype=bool)
    own = np.flatnonzero((places.of_station >= 0) & there)
    at = places.of_station[own]
    measured[at] = True
    count = np.bincount(at, minlength=len(places))
    for number, part in enumerate((values, background, *hours)):
        mean = np.bincount(at, np.nan_to_num(part[own]), minlength=len(places)) / np.maximum(count, 1)
        parts[number] = np.where(measured, mean, parts[number])
    # Three or more in one place: the one that lies must not make the mean.
    many = count >= 3
    if many.any():
        order = np.lexsort((values[own], at))
        first = np.searchsorted(at[order], np.arange(len(places)))
        ranked_values = values[own][order]
        lower = ranked_values[(first + (count - 1) // 2)[many]]
        parts[0][many] = (lower + ranked_values[(first + count // 2)[many]]) / 2
    value, below, mean, often, longest = parts
    told = rules()["score"]
    score = 100.0 * (
        told["increment"] * ranked(mean) + told["often"] * ranked(often) + told["longest"] * ranked(longest)
    )
    known = np.isfinite(value) & np.isfinite(score)
    rank = np.zeros(len(places), dtype=np.int64)
    order = np.flatnonzero(known)
    order = order[np.lexsort((-np.maximum(value - below, 0.0)[order], -score[order]))]
    rank[order] = np.arange(1, len(order) + 1)
    return Standing(value, below, np.maximum(value - below, 0.0), measured, score, rank, len(order))
