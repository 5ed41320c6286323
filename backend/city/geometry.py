"""Distances, areas and point-in-outline on the sphere's surface, for places a few hundred kilometres apart."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import asin, atan2, cos, degrees, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
Point = Sequence[float]
"""Longitude and latitude, degrees."""


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance between two positions in degrees, kilometres (haversine)."""
    a, b = radians(lat1), radians(lat2)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def ring_area_km2(ring: Sequence[Point]) -> float:
    """The area that a closed ring encloses, square kilometres, without sign (spherical excess)."""
    total = 0.0
    for (lon1, lat1, *_), (lon2, lat2, *_) in itertools.pairwise(ring):
        total += radians(lon2 - lon1) * (2 + sin(radians(lat1)) + sin(radians(lat2)))
    return abs(total) * EARTH_KM**2 / 2


def area_km2(polygons: Sequence[Sequence[Sequence[Point]]]) -> float:
    """The area of GeoJSON MultiPolygon coordinates, square kilometres."""
    return sum(
        ring_area_km2(polygon[0]) - sum(ring_area_km2(hole) for hole in polygon[1:]) for polygon in polygons
    )


def in_ring(lon: float, lat: float, ring: Sequence[Point]) -> bool:
    """Whether a position lies within a closed ring."""
    within = False
    for (x1, y1, *_), (x2, y2, *_) in itertools.pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            within = not within
    return within


def in_polygons(lon: float, lat: float, polygons: Sequence[Sequence[Sequence[Point]]]) -> bool:
    """Whether a position lies within GeoJSON MultiPolygon coordinates, holes left out."""
    return any(
        in_ring(lon, lat, polygon[0]) and not any(in_ring(lon, lat, hole) for hole in polygon[1:])
        for polygon in polygons
    )


def bearing(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The direction from the first position to the second, degrees clockwise from north, 0 to 360."""
    a, b, turn = radians(lat1), radians(lat2), radians(lon2 - lon1)
    angle = atan2(sin(turn) * cos(b), cos(a) * sin(b) - sin(a) * cos(b) * cos(turn))
    return degrees(angle) % 360.0
