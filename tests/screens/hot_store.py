"""A small city with outlines, two dozen stations and three days of readings: one place has been hot for four hours."""

from __future__ import annotations

import csv
import json
import math
import tempfile
from functools import partial
from pathlib import Path

from backend.city.load import load_pack
from backend.city.registry import City
from backend.store import Store
from backend.store.readings import Book, ReadingRow, write
from tests.templates import filled
from tests.tools.small_city import write_small_city

HOUR = 3600
DAYS = 3
SEAT = "P-990001-S1"
WEST, SOUTH, EAST, NORTH = 115.0, 35.0, 115.6, 35.4
COLUMNS, ROWS = 6, 4
HOT = (1, 2)
"""Column and row, from the south-west, of the station that is hot."""
LASTING = 4
"""Hours for which it has been."""
BLIND = (5, 0)
"""Where no station stands."""


def place(column: int, row: int) -> tuple[float, float]:
    """Where a station stands."""
    return (
        WEST + (column + 0.5) * (EAST - WEST) / COLUMNS,
        SOUTH + (row + 0.5) * (NORTH - SOUTH) / ROWS,
    )


def build(store: Store, now: int) -> None:
    """Put the city into the store with readings up to the last whole hour."""
    filled(store, ("hot", now // HOUR), partial(_build, store, now))


def _build(store: Store, now: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        load_pack(store, _pack(Path(folder)), now)
    _read(store, now)


def _pack(folder: Path) -> Path:
    write_small_city(folder)
    middle = (WEST + EAST) / 2
    features = [
        {"type": "Feature", "properties": {"code": f"99000{county}", "made_up": True},
         "geometry": {"type": "Polygon", "coordinates": [_box(*sides)]}}
        for county, sides in ((1, (WEST, SOUTH, middle, NORTH)), (2, (middle, SOUTH, EAST, NORTH)))
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "boundaries.geojson").write_text(text, "utf-8")
    head = ["code", "name", "kind", "grid", "lon", "lat", "measures", "source", "made_up"]
    with (folder / "stations.csv").open(encoding="utf-8", newline="") as lines:
        kept = list(csv.reader(lines))[1:]
    kept = [row for row in kept if row[2] not in ("township_air", "air")]
    for column in range(COLUMNS):
        for row in range(ROWS):
            if (column, row) == BLIND:
                continue
            lon, lat = place(column, row)
            county = 1 if column < COLUMNS // 2 else 2
            code = f"H{column}{row}"
            grid, at = f"99000{county}00{row % 3 + 1}", (f"{lon:.5f}", f"{lat:.5f}")
            kept.append([code, f"热{column}{row}站", "township_air", grid, *at, "township", "", "1"])
    with (folder / "stations.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *kept])
    return folder


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _read(store: Store, now: int) -> None:
    with store.read() as connection:
        city = City.read(connection)
    newest = now // HOUR * HOUR - HOUR
    rows: list[ReadingRow] = []
    for station in city.by_kind.get("township_air", ()):
        column, row = int(station.code[1]), int(station.code[2])
        for measure in city.measures[station.id]:
            base = {"pm25": 40.0, "pm10": 75.0, "no2": 30.0}[city.parameters[measure.parameter].code]
            for back in range(DAYS * 24):
                start = newest - back * HOUR
                value = base * (
                    1 + 0.15 * math.sin(start / HOUR / 4) + 0.02 * ((column * 7 + row * 3 + back) % 5)
                )
                if (column, row) == HOT and back < LASTING:
                    value += 2.2 * base
                rows.append(
                    ReadingRow(start, station.id, measure.parameter, HOUR, round(value, 1), "", 1, "", 0, 1)
                )
    places = {one.id: (one.county, one.kind) for one in city.stations.values() if one.placed}
    with store.bulk() as connection:
        write(connection, rows, Book(places, lambda at: (at + 8 * HOUR) // 86400 * 86400 - 8 * HOUR), now)
