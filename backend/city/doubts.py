"""What looks wrong with a pack and may be right: positions that seem to be given in another datum than it says.

A Chinese map gives positions in GCJ-02, some 500 m beside WGS-84 (`backend.city.datum`). One station may be beside its
mark by chance; all of them by the same offset are not. It shows where stations lie outside the outlines of their own
grids and would not were they turned, and where those that stand at a source miss it by just that offset. A pack without
either can not tell: it must say its ``datum``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from math import cos, hypot, radians
from statistics import median
from typing import Any

from backend.city.datum import to_gcj02, to_wgs84
from backend.city.geometry import in_polygons
from backend.city.pack import Pack
from backend.words import Message

METRES = 111_194.9
"""Of a degree of latitude."""
Turn = Callable[[float, float], tuple[float, float]]
TURNS: Mapping[str, Turn] = {"to_wgs84": to_wgs84, "to_gcj02": to_gcj02}
"""What positions would be turned by: into WGS-84 where they are GCJ-02, back where they were turned once too often."""


@cache
def rules() -> Mapping[str, Any]:
    """``data/doubts.toml``."""
    return tomllib.loads((files("backend.city") / "data" / "doubts.toml").read_text("utf-8"))


def doubts(pack: Pack) -> list[Message]:
    """What a person should look at before they trust a pack that can be loaded."""
    stations = [
        row for row in _rows(pack, "stations") if row.get("lon") is not None and row.get("lat") is not None
    ]
    found = [*_outlines(pack, stations), *_sources(pack, stations)]
    return found[:1]


def _rows(pack: Pack, name: str) -> list[dict[str, Any]]:
    return pack.tables[name].rows if name in pack.tables else []


def _outlines(pack: Pack, stations: list[dict[str, Any]]) -> Iterator[Message]:
    """Stations outside the outlines of their own grids, together."""
    shapes = {one.grid: one.polygons for one in pack.outlines}
    parents = {row["code"]: row.get("parent") or "" for row in _rows(pack, "grids")}
    placed = []
    for row in stations:
        grid = row.get("grid") or ""
        for _ in range(8):
            if not grid or grid in shapes:
                break
            grid = parents.get(grid, "")
        if grid in shapes:
            placed.append((row["lon"], row["lat"], shapes[grid]))
    outside = sum(not in_polygons(lon, lat, shape) for lon, lat, shape in placed)
    rule = rules()["outlines"]
    if outside < rule["few"]:
        return
    for name, turn in TURNS.items():
        left = sum(not in_polygons(*turn(lon, lat), shape) for lon, lat, shape in placed)
        if left <= rule["share"] * outside:
            yield Message(f"city.doubt.{name}.outlines", {"count": outside, "of": len(placed), "left": left})


def _sources(pack: Pack, stations: list[dict[str, Any]]) -> Iterator[Message]:
    """Stations beside the sources that they stand at, all by the offset between the datums."""
    where = {row["code"]: row for row in _rows(pack, "sources") if row.get("lon") is not None}
    pairs = [(row, where[row["source"]]) for row in stations if row.get("source") in where]
    rule = rules()["sources"]
    if len(pairs) < rule["few"]:
        return
    for name, turn in TURNS.items():
        missed, sizes = [], []
        for station, source in pairs:
            lon, lat = turn(source["lon"], source["lat"])
            # A station that was turned the other way than its source lies where its source would, turned back.
            east, north = 2 * source["lon"] - lon, 2 * source["lat"] - lat
            wide = METRES * cos(radians(source["lat"]))
            sizes.append(hypot((lon - source["lon"]) * wide, (lat - source["lat"]) * METRES))
            missed.append(hypot((station["lon"] - east) * wide, (station["lat"] - north) * METRES))
        if median(sizes) > 0 and median(missed) <= rule["miss"] * median(sizes):
            told = {"count": len(pairs), "metres": round(median(sizes))}
            yield Message(f"city.doubt.{name}.sources", told)
