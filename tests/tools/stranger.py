"""A stranger's data as a pack and readings: METEC's controlled methane releases (a well pad, 8 sensors by the minute).

Nothing of it is made to fit: one grid for the pad, one department, one seat, the candidates as the inventory, a weather
station with the record's wind, and readings as they were recorded.

    python -m tests.tools.stranger FOLDER [--every SECONDS]

writes ``FOLDER/pack`` and ``FOLDER/readings.csv``; then ``gridseat city load FOLDER/pack``, ``gridseat import readings
FOLDER/readings.csv --format csv`` and ``gridseat trace --parameter ch4 --from .. --to ..``.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from tests.shared import shared_data

SET = "tracer/metec_aded2022"
WIND = "WIND"
TABLES: Mapping[str, str] = {
    "grids": "code,parent,level,name,name_en,kind,lon,lat",
    "centres": "code,grid,tier,name,name_en",
    "departments": "code,name,name_en",
    "people": "code,name,role,grid,centre",
    "duty": "body_kind,body,start,end,name,phone",
    "incident_types": "code,valid_from,name,name_en,department,results",
    "parameters": "code,name,name_en,unit,decimals,low,high",
    "measures": "set,parameter,period,unit",
    "stations": "code,name,kind,grid,lon,lat,measures",
    "sources": "code,kind,name,department,grid,lon,lat,height",
}


@dataclass(frozen=True, slots=True)
class Release:
    """A controlled release: whose it was, and when."""

    source: str
    start: int
    end: int


def at(text: str) -> int:
    """The instant of a time of the record."""
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def rows(name: str) -> list[dict[str, str]]:
    """A file of the record."""
    with (shared_data(SET) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def releases() -> list[Release]:
    """The seven releases."""
    return [
        Release(row["true_source"], at(row["start_utc"]), at(row["end_utc"]))
        for row in rows("releases_truth.csv")
    ]


def write_pack(folder: Path, period: int = 60) -> None:
    """The pad as a city pack."""
    sensors, candidates = rows("sensor_locations.csv"), rows("candidate_sources.csv")
    lons, lats = [float(row["lon"]) for row in sensors], [float(row["lat"]) for row in sensors]
    lon, lat = fmean(lons), fmean(lats)
    box = [min(lons) - 0.002, min(lats) - 0.002, max(lons) + 0.002, max(lats) + 0.002]
    tables: dict[str, list[Sequence[object]]] = {
        "grids": [
            ("PAD", "", 1, "井场", "Well pad", "pad", lon, lat),
            ("PAD1", "PAD", 2, "井场区", "Pad", "pad", lon, lat),
            ("PAD1-1", "PAD1", 3, "井场段", "Pad part", "pad", lon, lat),
        ],
        "centres": [("P", "PAD", "M", "值班中心", "Centre")],
        "departments": [("OPS", "运行部", "Operations")],
        "people": [("P-S1", "值班员", "seat", "PAD", "P")],
        "duty": [("centre", "P", "00:00", "24:00", "值班室", "000-0000")],
        "incident_types": [("air_quality", "2020-01-01", "泄漏", "Leak", "OPS", "rectified|no_problem")],
        "parameters": [("ch4", "甲烷", "Methane", "ppm", 3, 0, 100_000)],
        "measures": [
            ("sensor", "ch4", period, "ppm"),
            ("wind", "wind_speed", period, ""),
            ("wind", "wind_dir", period, ""),
        ],
        "stations": [
            *(
                (row["name"], f"探头 {row['name']}", "air", "PAD1-1", row["lon"], row["lat"], "sensor")
                for row in sensors
            ),
            (WIND, "风", "weather", "PAD1-1", lon, lat, "wind"),
        ],
        "sources": [
            (row["name"], "enterprise", row["name"], "OPS", "PAD1-1", row["lon"], row["lat"], row["height"])
            for row in candidates
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in TABLES.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns.split(","))
            writer.writerows(tables[name])
    text = ", ".join(f"{edge:.6f}" for edge in box)
    (folder / "city.toml").write_text(
        f'code = "PAD"\nname = "井场"\nname_en = "Well pad"\nzone = "UTC"\ndatum = "WGS-84"\nbounds = [{text}]\n',
        encoding="utf-8",
    )


def write_readings(path: Path, period: int = 60, span: tuple[int, int] | None = None) -> int:
    """The record as a CSV of readings, averaged over periods where these are longer; how many lines it has.

    Args:
        span: only this stretch of the record.
    """
    gathered: dict[int, list[dict[str, str]]] = {}
    for row in rows("sensors_1min.csv"):
        start = at(row["time_utc"])
        if span is None or span[0] <= start < span[1]:
            gathered.setdefault(start - start % period, []).append(row)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("station", "parameter", "start", "value", "period"))
        for start, several in gathered.items():
            for station, parameter, value in _means(several):
                stamp = datetime.fromtimestamp(start, UTC).isoformat()
                writer.writerow((station, parameter, stamp, f"{value:.4f}", period))
                count += 1
    return count


def _means(several: Sequence[Mapping[str, str]]) -> Iterable[tuple[str, str, float]]:
    names = [name for name in several[0] if name not in ("time_utc", "wind_from_deg", "wind_speed_ms")]
    for name in names:
        values = [float(row[name]) for row in several if row[name] not in ("", "NA")]
        if values:
            yield name, "ch4", fmean(values)
    winds = [
        (float(row["wind_speed_ms"]), math.radians(float(row["wind_from_deg"])))
        for row in several
        if row["wind_speed_ms"] not in ("", "NA") and row["wind_from_deg"] not in ("", "NA")
    ]
    if winds:
        east, north = fmean(s * math.sin(d) for s, d in winds), fmean(s * math.cos(d) for s, d in winds)
        yield WIND, "wind_speed", math.hypot(east, north)
        yield WIND, "wind_dir", math.degrees(math.atan2(east, north)) % 360


def main() -> None:
    """Write the pack and the readings into a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=60)
    given = parser.parse_args()
    write_pack(given.folder / "pack", given.every)
    write_readings(given.folder / "readings.csv", given.every)


if __name__ == "__main__":
    main()
