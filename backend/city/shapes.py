"""Read a pack's outlines (GeoJSON) and judge them."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.city.datum import Datum, to_wgs84
from backend.city.faults import Faults
from backend.city.files import other_file, read_text
from backend.city.settings import Box

Ring = list[list[float]]
FILE = "boundaries.geojson"
_WGS84_NAMES = ("CRS84", "4326", "4490", "WGS", "CGCS2000")
_GCJ02_NAMES = ("GCJ-02", "GCJ02")


@dataclass(slots=True)
class Outline:
    """The outline of one grid: polygons, each an outer ring and its holes."""

    grid: str
    line: int
    polygons: list[list[Ring]]
    made_up: bool


def read_shapes(folder: Path, bounds: Box | None, datum: Datum, faults: Faults) -> list[Outline]:
    """Every outline of ``boundaries.geojson`` in WGS-84, faults noted.

    Args:
        bounds: where positions may lie, WGS-84.
        datum: what the pack's positions are given in, where the file does not say its own (``crs``, ``datum``).
    """
    path = other_file(folder, FILE)
    text = read_text(path, faults) if path else None
    if text is None or path is None:
        return []
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        faults.add(path.name, error.lineno, "json", error=error.msg)
        return []
    except (RecursionError, ValueError) as error:
        faults.add(path.name, 0, "json", error=str(error))
        return []
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        faults.add(path.name, 1, "not_features")
        return []
    crs = json.dumps(document.get("crs", "")) + json.dumps(document.get("datum", ""))
    if any(name in crs.upper() for name in _GCJ02_NAMES):
        datum = "GCJ-02"
    elif any(name in crs for name in _WGS84_NAMES):
        datum = "WGS-84"
    elif len(crs) > 4:
        faults.add(path.name, _find(text, "crs") or _find(text, "datum"), "datum", value=crs.strip('"'))
    outlines: list[Outline] = []
    seen: dict[str, int] = {}
    lines = _feature_lines(text)
    for index, feature in enumerate(features):
        line = lines[index] if index < len(lines) else 0
        outline = _read_feature(path.name, line, feature, bounds, datum, faults)
        if outline is None:
            continue
        if outline.grid in seen:
            value = outline.grid
            faults.add(path.name, line, "duplicate", value=value, file=path.name, line=seen[value])
            continue
        seen[outline.grid] = line
        outlines.append(outline)
    return outlines


def _find(text: str, key: str) -> int:
    place = text.find(f'"{key}"')
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


def _feature_lines(text: str) -> list[int]:
    """On which line each feature begins, by its type member."""
    lines, last, line = [], 0, 1
    for match in re.finditer(r'"type"\s*:\s*"Feature"', text):
        line += text.count("\n", last, match.start())
        last = match.start()
        lines.append(line)
    return lines


def _read_feature(
    file: str, line: int, feature: Any, bounds: Box | None, datum: Datum, faults: Faults
) -> Outline | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str | int) or not str(code):
        faults.add(file, line, "shape_code")
        return None
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates: Any = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        coordinates = [coordinates]
    elif kind != "MultiPolygon":
        faults.add(file, line, "geometry", code=str(code), found=str(kind))
        return None
    if not _is_polygons(coordinates):
        faults.add(file, line, "coordinates", code=str(code))
        return None
    if datum == "GCJ-02":
        coordinates = [
            [[list(to_wgs84(*point[:2])) for point in ring] for ring in polygon] for polygon in coordinates
        ]
    for polygon in coordinates:
        for ring in polygon:
            _judge_ring(file, line, str(code), ring, bounds, faults)
    return Outline(str(code), line, coordinates, bool(properties and properties.get("made_up")))


def _is_polygons(value: Any) -> bool:
    def is_point(point: Any) -> bool:
        return (
            isinstance(point, list)
            and len(point) >= 2
            and all(isinstance(part, int | float) and not isinstance(part, bool) for part in point[:2])
        )

    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(polygon, list)
            and bool(polygon)
            and all(isinstance(ring, list) and bool(ring) and all(map(is_point, ring)) for ring in polygon)
            for polygon in value
        )
    )


def _judge_ring(file: str, line: int, code: str, ring: Ring, bounds: Box | None, faults: Faults) -> None:
    if ring[0][:2] != ring[-1][:2]:
        faults.add(file, line, "ring_open", code=code, first=f"{ring[0][0]}, {ring[0][1]}")
        return
    if len(ring) < 4 or area(ring) == 0:
        faults.add(file, line, "ring_short", code=code, points=len(ring))
        return
    if bounds is None:
        return
    outside = [point for point in ring if not inside_box(point[0], point[1], bounds)]
    if outside:
        lon, lat = outside[0][:2]
        kind = "shape_swapped" if inside_box(lat, lon, bounds) else "shape_outside"
        faults.add(file, line, kind, code=code, lon=lon, lat=lat, points=len(outside))
        return
    crossing = _crossing(ring)
    if crossing:
        faults.add(file, line, "ring_crosses", code=code, lon=crossing[0], lat=crossing[1])


def inside_box(lon: float, lat: float, box: Box) -> bool:
    """Whether a position lies in a box."""
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


def area(ring: Ring) -> float:
    """The area that a closed ring encloses, square degrees."""
    pairs = itertools.pairwise(ring)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _crossing(ring: Ring) -> tuple[float, float] | None:
    """A vertex next to where the ring crosses itself; None where it doesn't.

    Sides are sorted by their west end, so that a side is tried only against those that it can meet.
    """
    sides = [(a, b, index) for index, (a, b) in enumerate(itertools.pairwise(ring)) if a != b]
    last = len(ring) - 2
    order = sorted(sides, key=lambda side: min(side[0][0], side[1][0]))
    for place, (a, b, index) in enumerate(order):
        east = max(a[0], b[0])
        for c, d, other in order[place + 1 :]:
            if min(c[0], d[0]) > east:
                break
            if abs(index - other) <= 1 or {index, other} == {0, last}:
                continue
            if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
                return a[0], a[1]
    return None


def _turn(a: list[float], b: list[float], c: list[float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
