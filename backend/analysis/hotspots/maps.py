"""A map of one parameter and step as plain bytes and arrays: values, what is known of each cell, classes, heat."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.hotspots.ground import Cells, Ground
from backend.analysis.hotspots.interpolate import left_out
from backend.analysis.hotspots.places import Places
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.seen import Seen
from backend.analysis.hotspots.verdict import heats, shown_by
from backend.analysis.hotspots.work import Worker
from backend.city.registry import City

OUTSIDE, BLIND, INTERPOLATED, MEASURED = 0, 1, 2, 3
CLASSES = 6
NO_COUNTY, NO_GRID = 255, 65535


@dataclass(frozen=True)
class Drawn:
    """The map; cells run from the north-west, row by row."""

    columns: int
    rows: int
    side: int
    box: tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    values: array[float]
    backgrounds: array[float]
    """The regional background that each cell's value is held against; NaN where none is known."""
    mask: bytes
    classes: bytes
    heats: bytes
    bounds: tuple[float, ...]
    from_data: bool
    counties: tuple[str, ...]
    county: bytes
    grids: tuple[str, ...]
    grid: array[int]
    stations: tuple[tuple[int, int, int, float | None, int], ...]
    """Station number, column, row, value, heat."""
    error: float | None
    background: float | None


def draw(worker: Worker, seen: Seen, *, level: int, side: int, bounds: Sequence[float] = ()) -> Drawn:
    """Draw what was seen.

    Args:
        level: 2 to 4 to give each cell what its grid shows; 0 for values of its own.
        side: metres of a cell.
        bounds: upper ends of all classes but the last; sixths of the data where empty.
    """
    network, ground = seen.network, worker.watch.ground
    grid = worker.cells(network, side)
    own = worker.places(network, 0, grid.side)
    places = worker.places(network, level) if level else own
    shown = shown_by(seen, places)
    heat = heats(seen, places, shown)
    of_cell = _grids_of(worker.watch.city, ground, places, grid) if level else _cells_of(own, grid)
    known = of_cell >= 0
    pick = np.maximum(of_cell, 0)
    nowhere = np.full(len(grid.x), np.nan)
    values = np.where(known, shown.value[pick], np.nan) if len(places) else nowhere
    below = np.where(known, shown.background[pick], np.nan) if len(places) else nowhere
    measured = known & shown.measured[pick] if len(places) else known
    inside = grid.county >= 0 if ground.outlined else np.ones(len(grid.x), dtype=bool)
    values = np.where(inside, values, np.nan)
    mask = np.where(
        inside, np.where(np.isnan(values), BLIND, np.where(measured, MEASURED, INTERPOLATED)), OUTSIDE
    )
    ends = np.asarray(bounds, dtype=float) if len(bounds) else _sixths(values)
    classes = np.where(np.isnan(values), 0, np.searchsorted(ends, np.nan_to_num(values), side="left") + 1)
    hot = np.where(known & inside, heat[pick], 0) if len(places) else np.zeros(len(grid.x))
    return Drawn(
        grid.columns,
        grid.rows,
        grid.side,
        _box(ground, grid),
        array("f", values.astype(np.float32).tobytes()),
        array("f", np.where(np.isnan(values), np.nan, below).astype(np.float32).tobytes()),
        mask.astype(np.uint8).tobytes(),
        classes.astype(np.uint8).tobytes(),
        hot.astype(np.uint8).tobytes(),
        tuple(float(f"{end:.4g}") for end in ends),
        not len(bounds),
        tuple(row.code for row in ground.counties),
        np.where(inside & (grid.county >= 0), grid.county, NO_COUNTY).astype(np.uint8).tobytes(),
        tuple(row.code for row in ground.fine),
        array("H", np.where(inside & (grid.fine >= 0), grid.fine, NO_GRID).astype(np.uint16).tobytes()),
        tuple(_stations(seen, grid)),
        _error(seen),
        _median(seen.background),
    )


def _cells_of(own: Places, grid: Cells) -> NDArray[np.intp]:
    """The place of each cell of the box; -1 for those that were left out."""
    found = np.full(len(grid.x), -1, dtype=np.intp)
    index = grid.at(own.x, own.y)
    found[index] = np.arange(len(own))
    return found


def _grids_of(city: City, ground: Ground, places: Places, grid: Cells) -> NDArray[np.intp]:
    number = {code: index for index, code in enumerate(places.codes)}
    turn = np.full(len(ground.fine) + 1, -1, dtype=np.intp)
    for index, row in enumerate(ground.fine):
        turn[index] = next((number[code] for code in city.path(row.code) if code in number), -1)
    return turn[grid.fine]


def _sixths(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    if not len(known):
        return np.arange(1.0, CLASSES)
    return np.asarray(np.quantile(known, np.arange(1, CLASSES) / CLASSES))


def _box(ground: Ground, grid: Cells) -> tuple[float, float, float, float]:
    width, height = grid.columns * grid.side, grid.rows * grid.side
    x, y = grid.west + width / 2, grid.north - height / 2
    lon, lat = ground.plane.lonlat(
        [grid.west, grid.west + width, x, x], [y, y, grid.north - height, grid.north]
    )
    return float(lon[0]), float(lat[2]), float(lon[1]), float(lat[3])


def _stations(seen: Seen, grid: Cells) -> list[tuple[int, int, int, float | None, int]]:
    at = grid.at(seen.network.x, seen.network.y)
    return [
        (
            station.id,
            int(at[column]) % grid.columns,
            int(at[column]) // grid.columns,
            float(f"{seen.values[column]:.5g}") if seen.there[column] else None,
            int(seen.heat.level[-1, column]),
        )
        for column, station in enumerate(seen.network.stations)
        if at[column] >= 0
    ]


def _error(seen: Seen) -> float | None:
    """The median error of leaving each station out."""
    there = seen.there
    if there.sum() < rules()["against"]["few"]:
        return None
    values = seen.values[there]
    told = left_out(seen.network.x[there], seen.network.y[there], values, seen.network.spacing)
    return _median(np.abs(told - values))


def _median(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(f"{np.median(known):.4g}") if len(known) else None
