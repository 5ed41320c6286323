"""Whose neighbours are whose, what they say together, and whether anybody else saw what a station says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from backend.analysis import geo
from backend.analysis.checks.moves import Floats
from backend.analysis.checks.numbers import Numbers
from backend.city.registry import StationRow

Neighbours = NDArray[np.intp]
"""The columns of each station's neighbours, nearest first (S, count); -1 where there are fewer."""


def neighbours(stations: Sequence[StationRow], numbers: Numbers) -> Neighbours:
    """The nearest of the same network, within reach; a station that stands nowhere has none."""
    rule = numbers.near
    found = np.full((len(stations), rule["count"]), -1, dtype=np.intp)
    groups: dict[frozenset[str], list[int]] = defaultdict(list)
    for column, row in enumerate(stations):
        if row.placed and row.lon is not None and row.lat is not None:
            groups[numbers.network(row.kind)].append(column)
    for members in groups.values():
        lon = np.array([stations[column].lon for column in members], dtype=np.float64)
        lat = np.array([stations[column].lat for column in members], dtype=np.float64)
        x, y = geo.Plane.about(lon, lat).xy(lon, lat)
        who, far = geo.nearest(x, y, rule["count"])
        reach = rule["spacings"] * geo.spacing(x, y)
        columns = np.array([*members, -1])
        found[members] = np.where(far <= reach, columns[who], -1)
    return found


def together(values: Floats, near: Neighbours) -> tuple[Floats, Floats]:
    """The median of each station's neighbours, and of how many it is; both (T, S)."""
    times, count = values.shape
    middle, many = np.full((times, count), np.nan), np.zeros((times, count))
    padded = np.column_stack([values, np.full(times, np.nan)])
    has = (near >= 0).any(axis=1)
    for first in range(0, times, 96):
        part = padded[first : first + 96][:, near[has]]
        known = np.isfinite(part).sum(axis=2)
        some = known > 0
        medians = np.full(known.shape, np.nan)
        medians[some] = np.nanmedian(part[some], axis=1)
        middle[first : first + 96, has] = medians
        many[first : first + 96, has] = known
    return middle, many


def agreed(
    at: int,
    column: int,
    change: float,
    before: Mapping[str, Floats],
    bound: Mapping[str, Floats],
    parameter: str,
    near: Neighbours,
    numbers: Numbers,
) -> bool:
    """Whether the neighbours, or a companion at the station, changed the same way.

    Args:
        change: what the value changed by.
        before: the changes of every parameter (T, S), by code.
        bound: what stands out, of every parameter (S,), by code.
    """
    rule = numbers.agree
    own = before[parameter]
    others = [own[at, one] for one in near[column] if one >= 0 and np.isfinite(own[at, one])]
    alike = sum(other * change > 0 and abs(other) >= rule["part"] * abs(change) for other in others)
    if others and alike >= max(1, rule["share"] * len(others)):
        return True
    for code in rule["companions"].get(parameter, ()):
        name = code.lstrip("-")
        if name not in before:
            continue
        moved = before[name][at, column] * (-1 if code.startswith("-") else 1)
        if moved * change > 0 and abs(moved) >= rule["companion"] * bound[name][column]:
            return True
    return False
