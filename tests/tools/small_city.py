"""A made-up city of two counties, small enough for a test to replay hours of it over HTTP."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

FEEDS = """
[[feed]]
code = "township_air"
name = "乡镇空气站"
adapter = "mapped"
url = "{base}/township/hourData"
every = 600
[feed.options]
format = "json"
rows = "data.list"
station = "stationCode"
name = "stationName"
columns = [
  { column = "PM2_5", parameter = "pm25" },
  { column = "PM10", parameter = "pm10" },
  { column = "NO2", parameter = "no2" },
]
time = { column = "monitorTime", format = "%Y-%m-%d %H:%M:%S", zone = "Asia/Shanghai", label = "end" }
answer = { path = "code", ok = ["200"], message = "msg" }
request = { query = { startTime = "{since}" }, lookback = 7200 }
paging = { kind = "page", param = "pageNum", size_param = "pageSize", size = 400 }
politeness = { min_interval = 0 }

[[feed]]
code = "road_dust"
name = "道路扬尘"
adapter = "mapped"
url = "{base}/road/export.csv"
every = 600
[feed.options]
format = "csv"
encoding = "gb18030"
station = "设备编号"
columns = [
  { column = "PM10(ug/m3)", parameter = "pm10" },
  { column = "PM2.5(ug/m3)", parameter = "pm25" },
]
time = { column = "时间", format = "%Y/%m/%d %H:%M", zone = "Asia/Shanghai", label = "end" }
request = { query = { from = "{since}" }, lookback = 7200 }
"""


def write_small_city(folder: Path) -> Path:
    """Write the pack into ``folder``; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(
        'code = "990000"\nname = "样城"\nname_en = "Sample"\nzone = "Asia/Shanghai"\ndatum = "WGS-84"\n'
        "bounds = [115.0, 35.0, 115.6, 35.4]\ndemo = true\n",
        "utf-8",
    )
    (folder / "feeds.toml").write_text(FEEDS, "utf-8")
    grids = [("code", "parent", "level", "name", "lon", "lat"), ("990000", "", 1, "样城", 115.3, 35.2)]
    centres = [("code", "grid", "tier", "name"), ("C-990000", "990000", "M", "样城指挥中心")]
    people = [("code", "name", "role", "grid", "centre", "phone")]
    duty = [("body_kind", "body", "start", "end", "name", "phone")]
    stations = [("code", "name", "kind", "grid", "lon", "lat", "measures", "made_up")]
    sources = [("code", "kind", "name", "grid", "lon", "lat", "made_up")]
    people += _staff("990000", "C-990000", "市")
    duty += _watch("C-990000")
    for c in (1, 2):
        county, lon = f"99000{c}", 115.0 + 0.3 * (c - 1) + 0.15
        grids.append((county, "990000", 2, f"样{c}县", lon, 35.2))
        centres.append((f"C-{county}", county, "C", f"样{c}县指挥中心"))
        people += _staff(county, f"C-{county}", f"县{c}")
        duty += _watch(f"C-{county}")
        for t in (1, 2, 3):
            town, lat = f"{county}{t:03d}", 35.05 + 0.1 * t
            grids.append((town, county, 3, f"样{c}{t}镇", lon, lat))
            centres.append((f"C-{town}", town, "T", f"样{c}{t}镇网格办"))
            people += _staff(town, f"C-{town}", f"镇{c}{t}")
            duty += _watch(f"C-{town}")
            village = f"{town}01"
            grids.append((village, town, 4, f"样{c}{t}村", lon, lat))
            member = f"P-{village}-M"
            people.append((member, f"网格员{c}{t}", "member", village, "", "13800000000"))
            duty.append(("member", member, "00:00", "24:00", f"网格员{c}{t}", "13800000000"))
            stations.append((f"TA{c}{t}", f"样{c}{t}镇站", "township_air", town, lon, lat, "township", 1))
            for s in range(8):
                x, y = lon + 0.03 * (s % 4 - 1.5), lat + 0.03 * (s // 4 * 2 - 1)
                sources.append((f"E{c}{t}{s}", "enterprise", f"样厂{c}{t}{s}", town, x, y, 1))
        sources.append((f"R{c}", "road", f"样路{c}", f"{county}001", lon + 0.01, 35.16, 1))
        stations.append((f"RD{c}", f"样路{c}", "road_dust", f"{county}001", lon + 0.012, 35.162, "road", 1))
    measures = [("set", "parameter", "period", "feed")]
    measures += [("township", name, 3600, "township_air") for name in ("pm25", "pm10", "no2")]
    measures += [("road", name, 3600, "road_dust") for name in ("pm10", "pm25")]
    types = [("code", "valid_from", "name", "name_en", "department", "priority", "results")]
    for code, name in TYPES.items():
        types.append((code, "2020-01-01", name, code.replace("_", " "), "D1", "high", "found|not_found"))
    for file, rows in {
        "grids": grids,
        "centres": centres,
        "people": people,
        "duty": duty,
        "stations": stations,
        "sources": sources,
        "measures": measures,
        "incident_types": types,
        "departments": [("code", "name"), ("D1", "样城生态环境局")],
    }.items():
        _write(folder / f"{file}.csv", rows)
    return folder


TYPES = {
    "industrial": "工业污染",
    "site_dust": "工地扬尘",
    "road_dust": "道路扬尘",
    "straw": "秸秆焚烧",
    "equipment": "设备异常",
    "unknown_air": "空气异常",
    "regional": "区域污染",
    "surface_water": "地表水",
    "complaint": "投诉",
}


def _staff(grid: str, centre: str, name: str) -> list[tuple[str, ...]]:
    return [
        (f"P-{grid}-S1", f"{name}坐席一", "seat", grid, centre, "05300000000"),
        (f"P-{grid}-S2", f"{name}坐席二", "seat", grid, centre, "05300000000"),
        (f"P-{grid}-V", f"{name}监管员", "supervisor", grid, centre, "05300000000"),
    ]


def _watch(centre: str) -> list[tuple[str, ...]]:
    return [("centre", centre, "00:00", "24:00", "值班室", "05300000000")]


def _write(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
