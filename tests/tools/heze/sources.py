"""What can pollute: made-up enterprises, building sites, roads and fields; power plants as listed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from random import Random
from typing import Any

from tests.tools.heze import planar
from tests.tools.heze.grids import Place
from tests.tools.heze.names import initials
from tests.tools.heze.planar import Point
from tests.tools.heze.write import Writer

Row = dict[str, Any]
ENTERPRISES, WITH_POWER, SITES, ROADS, FIELDS = 4000, 3000, 1000, 62, 150
INDUSTRIES = (
    # industry, English, weight, rated production kW, share of it for the treatment
    ("木材加工", "Wood processing", 20, 90, 0.14),
    ("家具制造", "Furniture", 9, 60, 0.16),
    ("砖瓦建材", "Bricks and building materials", 9, 260, 0.12),
    ("商砼", "Ready-mixed concrete", 7, 220, 0.10),
    ("沥青搅拌", "Asphalt mixing", 3, 300, 0.15),
    ("铸造", "Foundry", 5, 420, 0.16),
    ("机械加工", "Machinery", 9, 80, 0.10),
    ("化工", "Chemicals", 8, 480, 0.18),
    ("医药制造", "Pharmaceuticals", 3, 350, 0.20),
    ("橡胶塑料", "Rubber and plastics", 6, 160, 0.14),
    ("包装印刷", "Packaging and printing", 6, 100, 0.18),
    ("工业涂装", "Industrial coating", 5, 130, 0.22),
    ("食品加工", "Food processing", 8, 120, 0.10),
    ("纺织印染", "Textiles and dyeing", 5, 200, 0.14),
    ("玻璃制品", "Glass", 3, 520, 0.14),
    ("供热锅炉", "Heating boilers", 3, 300, 0.20),
)
TREATED = 12
"""Industries listed before this one stand at power meters first."""
GRADES, GRADE_SHARES = ("A", "B", "C", "D"), (2, 14, 34, 50)
WORKS = ("房屋建筑", "道路改造", "拆迁", "管网", "水利")
FUELS = {
    "Coal": "燃煤发电",
    "Wind": "风电",
    "Hydro": "水电",
    "Biomass": "生物质发电",
    "Landfill gas": "填埋气发电",
    "": "余热、垃圾发电",
}


@dataclass(frozen=True)
class Made:
    """A source and where it stands."""

    row: Row
    point: Point
    county: Place | None
    town: Place | None


def build(city: Place, shared: Path) -> dict[str, list[Made]]:
    """Every source by kind."""
    random = Random("heze sources")
    return {
        "enterprise": _enterprises(city, random),
        "site": _sites(city, random),
        "road": _roads(city, random),
        "field": _fields(city, random),
        "power_plant": _power_plants(city, shared),
    }


def write(sources: dict[str, list[Made]], writer: Writer) -> None:
    """``sources.csv`` and ``power_points.csv``."""
    writer.table("sources", (made.row for kind in sources.values() for made in kind), zipped=True)
    writer.table("power_points", _power_points(sources["enterprise"]), zipped=True)


def locate(city: Place, point: Point) -> tuple[Place, Place, Place] | None:
    """County, township and grid in which a point lies; None outside the city."""
    for county in city.children:
        if any(planar.within(point, ring) for ring in county.region):
            town = county.nearest(point)
            return county, town, town.nearest(point)
    return None


def _row(code: str, kind: str, name: str, name_en: str, point: Point, grid: str, **more: Any) -> Row:
    lon, lat = planar.to_degrees(point)
    return {
        "code": code,
        "kind": kind,
        "name": name,
        "name_en": name_en,
        "initials": initials(name),
        "grid": grid,
        "lon": lon,
        "lat": lat,
        "made_up": True,
        **more,
    }


def _pick_grid(towns: list[tuple[Place, Place]], weights: list[float], random: Random) -> tuple[Place, ...]:
    county, town = random.choices(towns, weights)[0]
    return county, town, random.choice(town.children)


def _towns(city: Place) -> list[tuple[Place, Place]]:
    return [(county, town) for county in city.children for town in county.children]


def _enterprises(city: Place, random: Random) -> list[Made]:
    """Names say that they are made up: place, industry and number, as no firm is called."""
    towns = _towns(city)
    weights = [random.uniform(0.5, 2.0) for _ in towns]
    shares = [industry[2] for industry in INDUSTRIES]
    found: list[Made] = []
    numbers = dict.fromkeys((county.centre for county in city.children), 0)
    for _ in range(ENTERPRISES):
        county, town, grid = _pick_grid(towns, weights, random)
        numbers[county.centre] += 1
        number = numbers[county.centre]
        industry = random.choices(INDUSTRIES, shares)[0]
        point = planar.random_point(grid.region, random)
        name = f"{town.short}{industry[0]}{number:04d}号企业"
        row = _row(
            f"Q-{county.centre}{number:04d}",
            "enterprise",
            name,
            f"{town.short_en} {industry[1].lower()} No. {number:04d}",
            point,
            grid.code,
            industry=industry[0],
            grade=random.choices(GRADES, GRADE_SHARES)[0],
            department="SHJ",
            contact="企业值班",
            phone=f"0530-001{len(found) + 1:04d}",
        )
        found.append(Made(row, point, county, town))
    return sorted(found, key=lambda made: str(made.row["code"]))


def _sites(city: Place, random: Random) -> list[Made]:
    towns = _towns(city)
    weights = [4.0 if town.street else 1.0 for _county, town in towns]
    found: list[Made] = []
    numbers = dict.fromkeys((county.centre for county in city.children), 0)
    for _ in range(SITES):
        county, town, grid = _pick_grid(towns, weights, random)
        numbers[county.centre] += 1
        number = numbers[county.centre]
        works = random.choices(WORKS, (60, 15, 8, 12, 5))[0]
        point = planar.random_point(grid.region, random)
        name = f"{town.short}{works}{number:03d}号工地"
        lead = {"道路改造": "JTJ", "水利": "SWJ", "拆迁": "CGJ"}.get(works, "ZJJ")
        row = _row(
            f"G-{county.centre}{number:03d}",
            "site",
            name,
            f"{town.short_en} building site No. {number:03d}",
            point,
            grid.code,
            industry=works,
            department=lead,
            contact="工地扬尘专管员",
            phone=f"0530-002{len(found) + 1:04d}",
        )
        found.append(Made(row, point, county, town))
    return sorted(found, key=lambda made: str(made.row["code"]))


def _roads(city: Place, random: Random) -> list[Made]:
    """Stretches of road by county, the larger counties with one more."""
    found = []
    order = sorted(city.children, key=lambda county: -len(county.children))
    for index in range(ROADS):
        county = order[index % len(order)]
        number = index // len(order) + 1
        town = random.choice(county.children)
        point = planar.random_point(town.region, random)
        grid = town.nearest(point)
        name = f"{county.short}道路{number:02d}号路段"
        row = _row(
            f"L-{county.centre}{number:02d}",
            "road",
            name,
            f"{county.short_en} road section {number:02d}",
            point,
            grid.code,
            industry="道路",
            department="CGJ" if town.street else "JTJ",
        )
        found.append(Made(row, point, county, town))
    return sorted(found, key=lambda made: made.row["code"])


def _fields(city: Place, random: Random) -> list[Made]:
    """Fields on which straw may be burnt, one in each of the rural townships that are drawn."""
    rural = [(county, town) for county, town in _towns(city) if not town.street]
    numbers: dict[str, int] = {}
    found = []
    picks = rural + [random.choice(rural) for _ in range(FIELDS - len(rural))]
    for county, town in picks[:FIELDS]:
        numbers[county.centre] = number = numbers.get(county.centre, 0) + 1
        grid = random.choice(town.children)
        point = planar.random_point(grid.region, random)
        row = _row(
            f"T-{county.centre}{number:02d}",
            "field",
            f"{town.short}{number:02d}号农田片区",
            f"{town.short_en} fields {number:02d}",
            point,
            grid.code,
            industry="农田",
            department="NYJ",
        )
        found.append(Made(row, point, county, town))
    return sorted(found, key=lambda made: made.row["code"])


def _power_plants(city: Place, shared: Path) -> list[Made]:
    """The Global Power Plant Database's plants; what two of its sources list twice is one plant.

    Twice means: the same fuel, less than a kilometre apart. The entry of the larger database (GCPT) is kept.
    """
    path = shared / "sources/power_plants_heze_and_around.csv"
    kept: list[tuple[Point, dict[str, str]]] = []
    for row in csv.DictReader(path.open(encoding="utf-8-sig")):
        point = planar.to_plane(float(row["lon"]), float(row["lat"]))
        if not any(
            hypot(point[0] - at[0], point[1] - at[1]) < 1.0 and _same_fuel(row, other) for at, other in kept
        ):
            kept.append((point, row))
    return [_power_plant(city, point, row) for point, row in kept]


def _same_fuel(one: dict[str, str], two: dict[str, str]) -> bool:
    return one["fuel"] == two["fuel"] or not one["fuel"] or not two["fuel"]


def _power_plant(city: Place, point: Point, row: dict[str, str]) -> Made:
    place = locate(city, point)
    industry = f"{FUELS[row['fuel']]} {float(row['capacity_mw']):g} MW"
    name = " ".join(row["name"].split())
    made = _row(
        f"D-{row['id']}",
        "power_plant",
        name,
        name,
        point,
        place[2].code if place else "",
        industry=industry,
        department="SHJ" if place else "",
        initials="",
        made_up=False,
    )
    return Made(made, point, place[0] if place else None, place[1] if place else None)


def _power_points(enterprises: list[Made]) -> list[Row]:
    """One pair of meters at each of so many enterprises, those of industries with treatment first."""
    random = Random("heze power")
    order = {industry[0]: number for number, industry in enumerate(INDUSTRIES)}
    ranked = sorted(
        enterprises,
        key=lambda made: (order[made.row["industry"]] >= TREATED, made.row["grade"], made.row["code"]),
    )
    rows = []
    for made in sorted(ranked[:WITH_POWER], key=lambda made: made.row["code"]):
        _name, _en, _weight, rated, share = INDUSTRIES[order[made.row["industry"]]]
        production = max(5, round(rated * random.lognormvariate(0, 0.6)))
        number = made.row["code"].removeprefix("Q-")
        rows.append(
            {
                "code": f"P-{number}",
                "source": made.row["code"],
                "measures": "power",
                "production_meter": f"DB-{number}-1",
                "treatment_meter": f"DB-{number}-2",
                "production_kw": production,
                "treatment_kw": max(1, round(production * share * random.uniform(0.8, 1.3))),
                "made_up": True,
            }
        )
    return rows
