"""Stations that are not where they say: told, and not used blindly.

A position outside the city, or far outside the grid that its station is of, makes neighbours of strangers. A whole pack
whose positions are GCJ-02 read as WGS-84 (火星坐标) lies some 500 m beside its own outlines: that is found by trying.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.hotspots.ground import Ground
from backend.analysis.hotspots.rules import rules
from backend.city.datum import to_gcj02, to_wgs84
from backend.city.registry import City, StationRow


@dataclass(frozen=True)
class Misplaced:
    """What is wrong with positions."""

    outside: tuple[str, ...] = ()
    """Codes of stations outside the city's bounds: not used."""
    far: tuple[tuple[str, int], ...] = ()
    """Codes of stations far outside their own grid, and metres: not used."""
    beside: tuple[tuple[str, int], ...] = ()
    """Codes of stations a little outside their own grid, and metres: used."""
    shifted: str = ""
    """``to_wgs84`` where the positions look like GCJ-02, ``to_gcj02`` where they look converted once too often."""

    @property
    def unused(self) -> frozenset[str]:
        """Codes of the stations that must not be used."""
        return frozenset((*self.outside, *(code for code, _ in self.far)))


def look(ground: Ground, city: City, stations: Sequence[StationRow], spacing: float) -> Misplaced:
    """Judge where stations stand, against the city's bounds and the outlines of their own grids."""
    told = rules()["placing"]
    box = city.bounds
    outside, far, beside = [], [], []
    limit = max(told["least"], told["far"] * spacing) if spacing == spacing else told["least"]
    for row in stations:
        if row.lon is None or row.lat is None:
            continue
        if box is not None and not (box[0] <= row.lon <= box[2] and box[1] <= row.lat <= box[3]):
            outside.append(row.code)
            continue
        metres = _outside(ground, city, row, row.lon, row.lat)
        if metres is not None and metres > limit:
            far.append((row.code, round(metres)))
        elif metres is not None and metres > told["told"]:
            beside.append((row.code, round(metres)))
    return Misplaced(tuple(outside), tuple(far), tuple(beside), _shift(ground, city, stations))


def _outside(ground: Ground, city: City, row: StationRow, lon: float, lat: float) -> float | None:
    """Metres outside the finest outlined grid that the station is of."""
    for code in city.path(row.grid):
        if code in ground.rings:
            x, y = ground.plane.xy(lon, lat)
            return ground.metres_outside(code, float(x), float(y))
    return None


def _shift(ground: Ground, city: City, stations: Sequence[StationRow]) -> str:
    """Whether far fewer stations would lie outside their grids if all positions were turned into the other datum."""
    told = rules()["placing"]
    every = [(row, row.lon, row.lat) for row in stations if row.lon is not None and row.lat is not None]
    # A shift is common to all: some dozens of stations show it as well as thousands.
    some = every[:: max(1, len(every) // told["sample"])]
    least = told["told"] / 4
    now = sum((_outside(ground, city, row, lon, lat) or 0.0) > least for row, lon, lat in some)
    if now < told["few"]:
        return ""
    for name, turn in (("to_wgs84", to_wgs84), ("to_gcj02", to_gcj02)):
        then = sum((_outside(ground, city, row, *turn(lon, lat)) or 0.0) > least for row, lon, lat in some)
        if then <= told["shifted"] * now:
            return name
    return ""
