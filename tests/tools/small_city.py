"""A made-up city of two counties, small enough for a test to replay hours of it over HTTP through every adapter."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from backend.city.packs import heze_path

Tables = dict[str, list[tuple[object, ...]]]
HEADERS = {
    "grids": "code parent level name lon lat",
    "centres": "code grid tier name",
    "departments": "code name",
    "people": "code name role grid centre phone",
    "duty": "body_kind body start end name phone",
    "incident_types": "code valid_from name name_en department priority results",
    "measures": "set parameter period feed",
    "stations": "code name kind grid lon lat measures source made_up",
    "sources": "code kind name grid lon lat made_up",
    "power_points": "code source measures production_meter treatment_meter production_kw treatment_kw",
}
MEASURES = {
    "air": ("air", 3600, "pm25 pm10 so2 no2 co o3"),
    "township": ("township_air", 3600, "pm25 pm10 no2"),
    "road": ("road_dust", 3600, "pm10 pm25"),
    "site": ("site_dust", 3600, "pm10 pm25 tsp"),
    "water": ("water", 14400, "ph do codmn nh3n tp"),
    "sensing": ("remote_sensing", 3600, "no_ppm opacity"),
    "power": ("power", 900, "power_prod power_treat"),
    "weather": ("weather", 3600, "temp rh pressure wind_speed wind_dir rain"),
}
"""Set of measures: its feed, its period, its parameters."""
OTHERS = (
    ("air", "AQ", "air"),
    ("water", "WQ", "water"),
    ("remote_sensing", "RS", "sensing"),
    ("weather", "WX", "weather"),
)
"""One station of each further kind in every county: kind, code, measures."""
CITY = """
code = "990000"
name = "样城"
name_en = "Sample"
zone = "Asia/Shanghai"
datum = "WGS-84"
bounds = [115.0, 35.0, 115.6, 35.4]
demo = true
"""
PHONE = "05300000000"


def write_small_city(folder: Path) -> Path:
    """Write the pack into ``folder``; gives the folder. Its incident types and feeds are those of the Heze pack."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(CITY, "utf-8")
    feeds = (heze_path() / "feeds.toml").read_text("utf-8")
    # A test can't wait for two days of hours.
    (folder / "feeds.toml").write_text(re.sub(r"lookback = \d+", "lookback = 7200", feeds), "utf-8")
    tables: Tables = {name: [] for name in HEADERS}
    tables["departments"].append(("D1", "样城生态环境局"))
    for measured, (feed, period, names) in MEASURES.items():
        tables["measures"] += [(measured, name, period, feed) for name in names.split()]
    with (heze_path() / "incident_types.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            kept = (row["code"], row["valid_from"], row["name"], row["name_en"])
            tables["incident_types"].append((*kept, "D1", row["priority"], row["results"]))
    tables["grids"].append(("990000", "", 1, "样城", 115.3, 35.2))
    _centre(tables, "990000", "M", "样城")
    for county in (1, 2):
        _county(tables, county)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([HEADERS[name].split(), *rows])
    return folder


def _county(tables: Tables, county: int) -> None:
    code, lon = f"99000{county}", 114.85 + 0.3 * county
    tables["grids"].append((code, "990000", 2, f"样{county}县", lon, 35.2))
    _centre(tables, code, "C", f"样{county}县")
    for town in (1, 2, 3):
        _town(tables, code, f"{county}{town}", lon, 35.05 + 0.1 * town)
    tables["sources"].append((f"R{county}", "road", f"样路{county}", f"{code}001", lon + 0.01, 35.16, 1))
    at = (f"{code}001", lon + 0.012, 35.162)
    tables["stations"].append((f"RD{county}", f"样路{county}", "road_dust", *at, "road", "", 1))
    for kind, name, measured in OTHERS:
        at = (f"{code}002", lon + 0.005, 35.255)
        tables["stations"].append((f"{name}{county}", f"样站{name}{county}", kind, *at, measured, "", 1))


def _town(tables: Tables, county: str, mark: str, lon: float, lat: float) -> None:
    """A township: an air station and a building site in its middle, eight enterprises about it, a field."""
    code = f"{county}{int(mark[1]):03d}"
    village, member = f"{code}01", f"P-{code}01-M"
    tables["grids"] += [
        (code, county, 3, f"样{mark}镇", lon, lat),
        (village, code, 4, f"样{mark}村", lon, lat),
    ]
    _centre(tables, code, "T", f"样{mark}镇")
    tables["people"].append((member, f"网格员{mark}", "member", village, "", PHONE))
    tables["duty"].append(("member", member, "00:00", "24:00", f"网格员{mark}", PHONE))
    tables["stations"] += [
        (f"TA{mark}", f"样{mark}镇站", "township_air", code, lon, lat, "township", "", 1),
        (f"SD{mark}", f"样工地{mark}", "site_dust", code, lon - 0.01, lat, "site", f"S{mark}", 1),
    ]
    for number in range(8):
        x, y = lon + 0.03 * (number % 4 - 1.5), lat + 0.03 * (number // 4 * 2 - 1)
        tables["sources"].append((f"E{mark}{number}", "enterprise", f"样厂{mark}{number}", code, x, y, 1))
    tables["sources"] += [
        (f"F{mark}", "field", f"样田{mark}", code, lon + 0.02, lat + 0.01, 1),
        (f"S{mark}", "site", f"样工地{mark}", code, lon - 0.01, lat, 1),
    ]
    tables["power_points"].append((f"P{mark}", f"E{mark}0", "power", f"M{mark}1", f"M{mark}2", 200, 30))


def _centre(tables: Tables, grid: str, tier: str, name: str) -> None:
    """A centre with two seats, a supervisor and a duty room that is always manned."""
    centre = f"C-{grid}"
    tables["centres"].append((centre, grid, tier, f"{name}中心"))
    for mark, title, role in (
        ("S1", "坐席一", "seat"),
        ("S2", "坐席二", "seat"),
        ("V", "监管员", "supervisor"),
    ):
        tables["people"].append((f"P-{grid}-{mark}", f"{name}{title}", role, grid, centre, PHONE))
    tables["duty"].append(("centre", centre, "00:00", "24:00", "值班室", PHONE))
