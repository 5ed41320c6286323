"""A place's nearest station beside its neighbours and the regional background 区域背景, over some hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from backend.analysis.field import Field, Values, read_field
from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.rules import kinds_of, network_of, rules
from backend.analysis.hotspots.seen import background
from backend.city.registry import City, StationRow

Points = list[tuple[int, float | None]]
"""Starts of periods with their values; None where none came."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Three lines over the same periods, in the parameter's own unit."""

    station: StationRow
    """The one that was asked for, or the nearest one that has reported in these hours."""
    metres: float
    """From the place to it."""
    period: int
    """Seconds."""
    own: Points
    neighbours: Points
    """The median of the nearest others of its network."""
    others: int
    """How many they are."""
    background: Points
    """The regional background at the station: a low percentile of those that stand for the region (domain 3.3.5)."""
    percentile: int


def beside(
    connection: Connection,
    city: City,
    parameter: str,
    at: int,
    lon: float,
    lat: float,
    seconds: int,
    station: str = "",
    networks: Mapping[str, Network] | None = None,
) -> Beside | None:
    """What the stations around a place said; None where none of them reported.

    Args:
        connection: to the store.
        city: its registry.
        parameter: code.
        at: the end: nothing that ends after this instant is read.
        lon: of the place, degrees.
        lat: of the place, degrees.
        seconds: how far back.
        station: the code of the one to be told of; the nearest that reported where empty, or where it did not report.
        networks: of a watch: the background is then the one that hot grids are held against there.
    """
    field = read_field(connection, city, parameters=[parameter], start=at - seconds, end=at)
    values = field.values[parameter]
    if not len(field.times) or not field.stations:
        return None
    reported: NDArray[np.bool_] = np.asarray(np.isfinite(values).any(axis=0))
    x, y = field.plane.xy(np.array([lon]), np.array([lat]))
    far = np.hypot(field.x - x[0], field.y - y[0])
    order = [int(column) for column in np.argsort(far, kind="stable") if reported[column]]
    if not order:
        return None
    asked = next((column for column in order if field.stations[column].code == station), order[0])
    nearest, told = asked, rules()
    kinds = kinds_of(network_of(field.stations[nearest].kind))
    network = [column for column in order if field.stations[column].kind in kinds]
    others = [column for column in network if column != nearest][: int(told["peers"]["count"])]
    percentile, least = int(told["background"]["percentile"]), int(told["background"]["least"])
    low = _regional(field, values, nearest, networks or {})
    if low is None:
        low = _over(values[:, network], percentile, least)
    return Beside(
        field.stations[nearest],
        float(far[nearest]),
        field.period,
        _line(field.times, values[:, nearest]),
        _line(field.times, _over(values[:, others], 50, 1)),
        len(others),
        _line(field.times, low),
        percentile,
    )


def _regional(field: Field, values: Values, column: int, networks: Mapping[str, Network]) -> Values | None:
    """The regional background at a station, as `background` tells it; None where its network is not known."""
    station = field.stations[column]
    network = networks.get(network_of(station.kind))
    if network is None or station.id not in network.column:
        return None
    own = {row.id: at for at, row in enumerate(field.stations)}
    padded = np.column_stack([values, np.full(len(values), np.nan, dtype=np.float32)])
    theirs = padded[:, [own.get(row.id, -1) for row in network.stations]]
    return np.asarray(background(network, theirs)[:, network.column[station.id]], dtype=np.float32)


def _over(values: NDArray[np.float32], percent: int, least: int) -> NDArray[np.float32]:
    """A percentile across stations, where at least so many report."""
    enough = np.isfinite(values).sum(axis=1) >= max(1, least)
    found = np.full(len(values), np.nan, dtype=np.float32)
    if enough.any():
        found[enough] = np.nanpercentile(values[enough], percent, axis=1)
    return found


def _line(times: Sequence[int] | NDArray[np.int64], values: NDArray[np.float32]) -> Points:
    return [
        (int(start), float(value) if np.isfinite(value) else None)
        for start, value in zip(times, values, strict=True)
    ]
