"""A stranger's data without any wind: CAPTEX 1983, a tracer let go at Dayton and met at some 80 stations up to 1000 km
away, by three and six hours (NOAA). As a pack and readings, for tests that must get an honest answer out of it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from tests.shared import shared_data
from tests.tools.stranger import TABLES

SET = "tracer/captex1983"
SIX_HOURS = 6 * 3600
SOURCES = (
    ("DAYTON", -84.22, 39.90),
    ("SUDBURY", -81.0, 46.5),
    ("PITTSBURGH", -80.0, 40.44),
    ("CLEVELAND", -81.7, 41.5),
)


def observations(release: int) -> list[tuple[str, float, float, datetime, int, float]]:
    """Station, lon, lat, start, seconds and pg/m3 of each sample of a release."""
    found = []
    text = (shared_data(SET) / f"captex{release}_observations.txt").read_text("utf-8")
    for line in text.splitlines()[2:]:
        year, month, day, clock, lasts, lat, lon, value, station = line.split()
        begun = datetime(int(year), int(month), int(day), int(clock[:2]), int(clock[2:]), tzinfo=UTC)
        seconds = int(lasts[:2]) * 3600 + int(lasts[2:]) * 60
        found.append((station, float(lon), float(lat), begun, seconds, float(value)))
    return found


def write(folder: Path, release: int) -> None:
    """A pack in ``folder/pack`` and ``folder/readings.csv``; no wind anywhere."""
    rows = observations(release)
    places = {station: (lon, lat) for station, lon, lat, *_ in rows}
    lon, lat = fmean(one for one, _ in places.values()), fmean(one for _, one in places.values())
    tables: Mapping[str, list[Sequence[object]]] = {
        "grids": [
            ("R", "", 1, "区域", "Region", "region", lon, lat),
            ("R1", "R", 2, "片区", "Part", "region", lon, lat),
            ("R1-1", "R1", 3, "片", "Piece", "region", lon, lat),
        ],
        "centres": [("P", "R", "M", "值班中心", "Centre")],
        "departments": [("OPS", "运行部", "Operations")],
        "people": [("P-S1", "值班员", "seat", "R", "P")],
        "duty": [("centre", "P", "00:00", "24:00", "值班室", "000-0000")],
        "incident_types": [("air_quality", "1980-01-01", "异常", "Rise", "OPS", "rectified|no_problem")],
        "parameters": [("pmch", "示踪剂", "PMCH", "pg/m3", 1, 0, 1_000_000)],
        "measures": [("s", "pmch", SIX_HOURS, "pg/m3")],
        "stations": [(code, f"站 {code}", "air", "R1-1", *place, "s") for code, place in places.items()],
        "sources": [(code, "enterprise", code, "OPS", "R1-1", x, y, 10) for code, x, y in SOURCES],
    }
    (folder / "pack").mkdir(parents=True)
    for name, columns in TABLES.items():
        _csv(folder / "pack" / f"{name}.csv", columns.split(","), tables[name])
    every = [*places.values(), *((x, y) for _, x, y in SOURCES)]
    west, south = (min(one[axis] for one in every) - 1 for axis in (0, 1))
    east, north = (max(one[axis] for one in every) + 1 for axis in (0, 1))
    (folder / "pack" / "city.toml").write_text(
        'code = "R"\nname = "区域"\nname_en = "Region"\nzone = "UTC"\ndatum = "WGS-84"\n'
        f"bounds = [{west:.3f}, {south:.3f}, {east:.3f}, {north:.3f}]\n",
        encoding="utf-8",
    )
    _csv(
        folder / "readings.csv",
        ("station", "parameter", "start", "value", "period"),
        [(code, "pmch", at.isoformat(), value, lasts) for code, _x, _y, at, lasts, value in rows],
    )


def _csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
