"""Places as metres on a plane: projection, distances, neighbours, spacing. All lengths of analysis come from here.

A region of two hundred kilometres is small beside the earth: an azimuthal equidistant plane about its middle keeps
distances to some hundredths of a percent, and a well pad of three hundred metres is kept to the millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backend.city.geometry import EARTH_KM

Floats = NDArray[np.float64]
EARTH = EARTH_KM * 1000.0
"""Mean radius, metres."""
SAME_PLACE = 1.0
"""Metres within which two stations stand at one place: two inlets on one mast are no neighbours."""
_CHUNK = 512
"""Rows of a distance matrix that are held at once where only neighbours are asked for."""


@dataclass(frozen=True, slots=True)
class Plane:
    """An azimuthal equidistant plane (方位等距投影) about a middle: x metres east, y metres north of it."""

    lon: float
    lat: float

    @classmethod
    def about(cls, lon: ArrayLike, lat: ArrayLike) -> Plane:
        """The plane about the middle of the box around these positions (degrees); (0, 0) for none."""
        lons, lats = np.asarray(lon, float), np.asarray(lat, float)
        if not lons.size:
            return cls(0.0, 0.0)
        return cls(float(lons.min() + lons.max()) / 2, float(lats.min() + lats.max()) / 2)

    def xy(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Metres east and north of the middle, for positions in degrees (WGS-84 read as a sphere)."""
        turn = np.radians(np.asarray(lon, float) - self.lon)
        a, b = np.radians(self.lat), np.radians(np.asarray(lat, float))
        east = np.cos(b) * np.sin(turn)
        north = np.cos(a) * np.sin(b) - np.sin(a) * np.cos(b) * np.cos(turn)
        up = np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b) * np.cos(turn)
        sine = np.hypot(east, north)
        angle = np.arctan2(sine, up)
        # At the middle itself both vanish; their ratio goes to one.
        scale = EARTH * np.where(sine > 0, angle / np.where(sine > 0, sine, 1.0), 1.0)
        return np.asarray(scale * east), np.asarray(scale * north)

    def lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees, for metres east and north of the middle."""
        east, north = np.asarray(x, float) / EARTH, np.asarray(y, float) / EARTH
        angle = np.hypot(east, north)
        ratio = np.sinc(angle / np.pi)
        a = np.radians(self.lat)
        lat = np.arcsin(np.clip(np.cos(angle) * np.sin(a) + north * ratio * np.cos(a), -1.0, 1.0))
        lon = np.arctan2(east * ratio, np.cos(angle) * np.cos(a) - north * ratio * np.sin(a))
        return np.asarray(self.lon + np.degrees(lon)), np.asarray(np.degrees(lat))


def distances(x: Floats, y: Floats, to_x: Floats | None = None, to_y: Floats | None = None) -> Floats:
    """Metres from each of the first places (rows) to each of the second (columns), or among the first."""
    other_x, other_y = (x, y) if to_x is None or to_y is None else (to_x, to_y)
    return np.asarray(np.hypot(x[:, None] - other_x[None, :], y[:, None] - other_y[None, :]))


def bearings(x: float, y: float, to_x: ArrayLike, to_y: ArrayLike) -> Floats:
    """The directions from a place to others, degrees clockwise from north, 0 to 360."""
    turn = np.arctan2(np.asarray(to_x, float) - x, np.asarray(to_y, float) - y)
    return np.asarray(np.degrees(turn) % 360.0)


def turned(one: ArrayLike, other: ArrayLike) -> Floats:
    """How far two directions lie apart, degrees 0 to 180."""
    return np.asarray(np.abs((np.asarray(one, float) - np.asarray(other, float) + 180.0) % 360.0 - 180.0))


def nearest(x: Floats, y: Floats, count: int, *, apart: float = 0.0) -> tuple[NDArray[np.intp], Floats]:
    """The ``count`` nearest others of each place: their numbers and metres, nearest first, both (S, count).

    Where there are fewer, the number is -1 and the distance infinite.

    Args:
        apart: leave out others that are no further than this, besides the place itself.
    """
    size = len(x)
    who = np.full((size, count), -1, dtype=np.intp)
    far = np.full((size, count), np.inf)
    take = min(count, size - 1)
    if take <= 0:
        return who, far
    for first in range(0, size, _CHUNK):
        rows = np.arange(first, min(first + _CHUNK, size))
        apartness = distances(x[rows], y[rows], x, y)
        apartness[np.arange(len(rows)), rows] = np.inf
        if apart > 0:
            apartness[apartness <= apart] = np.inf
        part = np.argpartition(apartness, take - 1, axis=1)[:, :take]
        found = np.take_along_axis(apartness, part, axis=1)
        order = np.argsort(found, axis=1, kind="stable")
        who[rows, :take] = np.take_along_axis(part, order, axis=1)
        far[rows, :take] = np.take_along_axis(found, order, axis=1)
    who[~np.isfinite(far)] = -1
    return who, far


def spacing(x: Floats, y: Floats) -> float:
    """The spacing 站间距 of a network: the median distance to the nearest neighbour, metres.

    Stations at one place count once. NaN for fewer than two places.
    """
    places = np.unique(np.round(np.column_stack([x, y]) / SAME_PLACE), axis=0) * SAME_PLACE
    if len(places) < 2:
        return float("nan")
    _who, far = nearest(places[:, 0], places[:, 1], 1)
    return float(np.median(far[:, 0]))
