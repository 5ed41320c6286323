"""Direction tables: the conditional probability function 条件概率函数 and the polar table, as openair defines them.

CPF = m / n by wind sector: n values with wind from the sector, m of them above a percentile of all values that have a
direction (Ashbaugh et al. 1985, Atmos. Environ. 19, 1263-1270; openair ``percentileRose(method = "cpf")``): strictly
above, the percentile by R's type 7, each sector from its lower edge (not of it) to its upper one (of it). A calm has no
direction and is left out. A sector with fewer values than the least is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.field import Field
from backend.analysis.geo import Floats
from backend.analysis.sources.numbers import CpfNumbers
from backend.analysis.sources.wind import Winds


@dataclass(frozen=True)
class Cpf:
    """A conditional probability function."""

    threshold: float
    """The percentile of all values that have a direction."""
    count: NDArray[np.intp]
    """Values by sector, the first about north, clockwise, (K,)."""
    above: NDArray[np.intp]
    """Values above the threshold."""
    share: Floats
    """above / count; NaN where the sector has too few."""
    calm: int
    """Values that had no direction."""


def sector(origin: Floats, sectors: int) -> NDArray[np.intp]:
    """The sector of a direction: each is centred on its direction, the first on north; its upper edge belongs to it."""
    return np.asarray(np.ceil(origin / (360.0 / sectors) - 0.5), dtype=np.intp) % sectors


def cpf(
    values: Floats, speed: Floats, origin: Floats, *, percentile: float, sectors: int, least: int, calm: float
) -> Cpf:
    """The function of values with their wind, all (N,).

    Args:
        percentile: 0 to 1.
        least: values that a sector must have.
        calm: m/s below which a wind has no direction.
    """
    known = np.isfinite(values) & np.isfinite(speed)
    turned = known & (speed >= calm) & (speed > 0) & np.isfinite(origin)
    threshold = float(np.quantile(values[turned], percentile)) if turned.any() else float("nan")
    place = sector(origin[turned], sectors)
    high = values[turned] > threshold
    count = np.bincount(place, minlength=sectors)
    above = np.bincount(place[high], minlength=sectors)
    share = np.where(count >= least, above / np.maximum(count, 1), np.nan)
    return Cpf(threshold, count, above, share, int(known.sum() - turned.sum()))


@dataclass(frozen=True)
class Polar:
    """Means by class of speed and sector, (V, K); NaN where there are too few values."""

    edges: Floats
    mean: Floats
    count: NDArray[np.intp]


def polar(
    values: Floats, speed: Floats, origin: Floats, *, edges: tuple[float, ...], sectors: int, least: int
) -> Polar:
    """The mean by direction and speed: what a polar plot shows. The last class has no upper end.

    Args:
        edges: lower ends of the classes of speed, m/s, ascending; below the first is a calm.
    """
    known = np.isfinite(values) & np.isfinite(speed) & np.isfinite(origin) & (speed >= edges[0])
    classes = np.searchsorted(np.asarray(edges), speed[known], side="right") - 1
    place = classes * sectors + sector(origin[known], sectors)
    size = len(edges) * sectors
    count = np.bincount(place, minlength=size)
    total = np.bincount(place, values[known], minlength=size)
    mean = np.where(count >= least, total / np.maximum(count, 1), np.nan)
    shape = (len(edges), sectors)
    return Polar(np.asarray(edges), mean.reshape(shape), count.reshape(shape))


@dataclass(frozen=True, slots=True)
class Directions:
    """The direction tables of a station: its past weeks by wind."""

    parameter: str
    days: int
    threshold: float | None
    percentile: float
    calm: int
    """Values in calms, which have no direction."""
    sectors: tuple[tuple[int, int, float | None], ...]
    """By sector from north: values, values above the threshold, and their share; None where too few."""
    speeds: tuple[float, ...]
    """The edges of the classes of speed, m/s."""
    polar: tuple[tuple[float | None, ...], ...]
    """Mean by class of speed and sector; None where nothing was measured."""


def of_station(field: Field, winds: Winds, parameter: str, options: CpfNumbers) -> Directions | None:
    """The tables of the only station of a field; None where there is no wind or nothing was measured."""
    values = field.values[parameter][:, 0].astype(np.float64)
    if not winds.known or np.isfinite(values).sum() < options.least:
        return None
    at = (field.times + field.period / 2).astype(np.float64)
    u, v, _ = winds.at(np.full(len(at), field.x[0]), np.full(len(at), field.y[0]), at)
    speed, origin = np.hypot(u, v), np.degrees(np.arctan2(-u, -v)) % 360.0
    calm = winds.numbers.calm
    told = cpf(
        values,
        speed,
        origin,
        percentile=options.percentile,
        sectors=options.sectors,
        least=options.least,
        calm=calm,
    )
    table = polar(values, speed, origin, edges=options.speeds, sectors=options.sectors, least=1)
    shares = [None if not np.isfinite(one) else float(one) for one in told.share]
    return Directions(
        parameter,
        max(1, round((field.end - int(field.times[np.isfinite(values)][0])) / 86400)),
        told.threshold,
        options.percentile,
        told.calm,
        tuple(zip(told.count.tolist(), told.above.tolist(), shares, strict=True)),
        tuple(options.speeds),
        tuple(tuple(None if not np.isfinite(one) else float(one) for one in row) for row in table.mean),
    )
