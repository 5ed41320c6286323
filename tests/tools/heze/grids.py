"""The tree of grids: register, made-up remainder, marked points, outlines.

What is real: the codes and names of counties, townships and villages (statistical division codes of 2023) and the
county outlines. What is made up, and why: five townships (the city reports 172, the register lists 167; they are
given to the two development zones, which split townships off faster than the register follows), the positions of
townships, the grouping of villages into 1,045 grids (only their number is reported), all outlines below the county,
and the outlines of the two zones, which are cut from 牡丹区 by straight lines.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from math import atan2, cos, exp, hypot, radians, sin
from pathlib import Path
from random import Random

from tests.tools.heze import planar
from tests.tools.heze.names import english, english_place, initials, pinyin, short_place, village_stem
from tests.tools.heze.planar import Point, Ring
from tests.tools.heze.write import Writer

CITY, TOWNSHIPS, GRIDS = "371700", 172, 1045
MOTHER = "371702"
"""牡丹区, in which the zones' made-up areas lie."""
ZONES = {"371771": (115.0, 0.15), "371772": (235.0, 0.12)}
"""Zone: the direction in which it lies from the district's middle, and its share of the district's area."""
MADE_UP_TOWNSHIPS = {
    "371771": ("东兴街道（虚构）", "南苑街道（虚构）", "常青街道（虚构）"),
    "371772": ("科技街道（虚构）", "西苑街道（虚构）"),
}
ZONE_NAMES = {"371771": "开发区", "371772": "高新区"}
ZONE_NAMES_EN = {"371771": "Development Zone", "371772": "High-tech Zone"}
ZONE_INITIALS = {"371771": "kfq", "371772": "gxq"}
CENTRES = {
    "371700": "HZ",
    "371702": "MD",
    "371703": "DT",
    "371721": "CX",
    "371722": "SX",
    "371723": "CW",
    "371724": "JY",
    "371725": "YC",
    "371726": "JC",
    "371728": "DM",
    "371771": "KF",
    "371772": "GX",
}
"""Short codes of the centres, which begin the ids of people, stations and tasks."""
SEATS = {
    "371702": (115.47358, 35.23929),
    "371703": (115.56582, 35.07436),
    "371722": (116.08167, 34.79528),
    "371723": (115.88419, 34.95407),
    "371724": (116.07168, 35.38737),
    "371725": (115.93472, 35.59833),
    "371726": (115.50134, 35.56157),
    "371728": (115.09019, 35.29145),
    "371721": (115.54, 34.83),
}
"""County seats as GeoNames has them (CC BY 4.0); 曹县 is not in it and stands where every map shows it, roughly."""
ALIASES = {"371703": "定陶县|371727", CITY: "曹州"}
MADE_UP_VILLAGES = ("一", "二", "三", "四")


@dataclass
class Place:
    """A grid with what the other files need of it."""

    code: str
    parent: str
    level: int
    name: str
    name_en: str
    kind: str
    point: Point
    region: list[Ring]
    centre: str = ""
    aliases: str = ""
    made_up: bool = False
    point_made_up: bool = True
    shape_made_up: bool = True
    children: list[Place] = field(default_factory=list)

    @property
    def short(self) -> str:
        """The name as people say it."""
        return ZONE_NAMES.get(self.code) or short_place(self.name.removesuffix("（虚构）"))

    @property
    def short_en(self) -> str:
        """The same in English."""
        return ZONE_NAMES_EN.get(self.code) or english(self.short)

    @property
    def street(self) -> bool:
        """Whether it is an urban subdistrict."""
        return self.kind == "街道"

    def nearest(self, point: Point) -> Place:
        """The child in whose Voronoi cell a point lies."""
        return min(self.children, key=lambda one: hypot(one.point[0] - point[0], one.point[1] - point[1]))


def build(shared: Path) -> Place:
    """The city, with its counties, townships and grids below it."""
    random = Random("heze grids")
    rings = _county_rings(shared)
    streets = list(csv.DictReader((shared / "admin/heze_streets.csv").open(encoding="utf-8-sig")))
    villages = list(csv.DictReader((shared / "admin/heze_villages.csv").open(encoding="utf-8-sig")))
    areas = list(csv.DictReader((shared / "admin/heze_areas.csv").open(encoding="utf-8-sig")))
    everywhere = [ring for region in rings.values() for ring in region]
    city = Place(CITY, "", 1, "菏泽市", "Heze City", "市", planar.to_plane(*SEATS[MOTHER]), everywhere, "HZ")
    city.aliases, city.point_made_up, city.shape_made_up = ALIASES[CITY], False, False
    for row in areas:
        county = _county(row["code"], row["name"], rings)
        register = [
            (street["code"], street["name"].removeprefix(county.name))
            for street in streets
            if street["areaCode"] == county.code
        ]
        _townships(county, register, random)
        city.children.append(county)
    found = sum(len(county.children) for county in city.children)
    if found != TOWNSHIPS:
        raise ValueError(f"{found} townships instead of {TOWNSHIPS}")
    _level_four(city, villages, random)
    return city


def _county_rings(shared: Path) -> dict[str, list[Ring]]:
    document = json.loads((shared / "boundary/heze_counties_tianditu.geojson").read_text("utf-8"))
    rings = {}
    for feature in document["features"]:
        polygons = feature["geometry"]["coordinates"]
        rings[feature["properties"]["code"]] = [
            planar.counter_clockwise([planar.to_plane(*point) for point in polygon[0][:-1]])
            for polygon in polygons
        ]
    whole = sum(map(planar.area, rings[MOTHER]))
    for zone, (bearing, share) in ZONES.items():
        rings[zone], rings[MOTHER] = _cut_off(rings[MOTHER], bearing, share * whole)
    return rings


def _cut_off(region: list[Ring], bearing: float, wanted: float) -> tuple[list[Ring], list[Ring]]:
    """The part of a region that lies furthest in a direction and has the wanted area, and the rest."""
    a, b = sin(radians(bearing)), cos(radians(bearing))
    low, high = -200.0, 200.0
    for _ in range(60):
        middle = (low + high) / 2
        if sum(map(planar.area, planar.cut_all(region, -a, -b, -middle))) > wanted:
            low = middle
        else:
            high = middle
    return planar.cut_all(region, -a, -b, -low), planar.cut_all(region, a, b, low)


def _county(code: str, name: str, rings: dict[str, list[Ring]]) -> Place:
    name_en, kind = english_place(name)
    zone = code in ZONES
    seat = SEATS.get(code)
    point = planar.to_plane(*seat) if seat else _middle(rings[code])
    county = Place(code, CITY, 2, name, name_en, kind, point, rings[code], CENTRES[code])
    county.aliases = ALIASES.get(code, "")
    if zone:
        county.aliases = ZONE_NAMES[code]
    county.point_made_up = county.shape_made_up = zone
    return county


def _middle(region: list[Ring]) -> Point:
    random = Random("middle")
    points = [planar.random_point(region, random) for _ in range(2000)]
    return sum(x for x, _y in points) / 2000, sum(y for _x, y in points) / 2000


def _townships(county: Place, register: list[tuple[str, str]], random: Random) -> None:
    taken = {code for code, _name in register}
    made_up = []
    for number, name in enumerate(MADE_UP_TOWNSHIPS.get(county.code, ()), 1):
        code = f"{county.code}{900 + number}"
        if code in taken:
            raise ValueError(f"{code} is taken")
        made_up.append((code, name))
    towns = register + made_up
    seat = county.point

    def density(point: Point) -> float:
        return min(1.0, 0.06 + exp(-((hypot(point[0] - seat[0], point[1] - seat[1]) / 6) ** 2)))

    points = planar.spread(len(towns), county.region, random, density=density, samples=260)
    by_distance = sorted(points, key=lambda p: hypot(p[0] - seat[0], p[1] - seat[1]))
    urban = [town for town in towns if "街道" in town[1]]
    rural = [town for town in towns if "街道" not in town[1]]
    for group, part in (
        (urban, by_distance[: len(urban)]),
        (rural, by_distance[len(urban) :]),
    ):
        part.sort(key=lambda p: atan2(p[1] - seat[1], p[0] - seat[0]))
        for (code, name), point in zip(group, part, strict=True):
            name_en, kind = english_place(name.removesuffix("（虚构）"))
            place = Place(code, county.code, 3, name, name_en, kind, point, [])
            place.made_up = name.endswith("（虚构）")
            county.children.append(place)
    county.children.sort(key=lambda place: place.code)
    cells = planar.voronoi([place.point for place in county.children], county.region)
    for number, (place, cell) in enumerate(zip(county.children, cells, strict=True), 1):
        place.region = cell
        place.centre = f"{county.centre}{number:02d}"


def _level_four(city: Place, villages: list[dict[str, str]], random: Random) -> None:
    by_town: dict[str, list[str]] = {}
    for row in sorted(villages, key=lambda row: row["code"]):
        by_town.setdefault(row["streetCode"], []).append(village_stem(row["name"]))
    towns = [town for county in city.children for town in county.children]
    counts = _shares({town.code: len(by_town.get(town.code, ())) for town in towns})
    for town in towns:
        count = counts[town.code]
        stems = by_town.get(town.code) or [f"{town.short}{number}" for number in MADE_UP_VILLAGES[:count]]
        points = planar.spread(count, town.region, random, samples=90, rounds=18)
        # Neighbours in the register lie side by side: points are taken round the middle.
        points.sort(key=lambda p: atan2(p[1] - town.point[1], p[0] - town.point[0]))
        cells = planar.voronoi(points, town.region)
        names: set[str] = set()
        for number, (point, cell) in enumerate(zip(points, cells, strict=True), 1):
            group = stems[(number - 1) * len(stems) // count : number * len(stems) // count]
            stem = _grid_stem(group, names)
            names.add(stem)
            code = f"{town.code}-{number:02d}"
            grid = Place(code, town.code, 4, f"{stem}网格", f"{english(stem)} Grid", "", point, cell)
            grid.aliases, grid.made_up = "" if town.made_up else "|".join(group), True
            town.children.append(grid)


def _shares(villages: dict[str, int]) -> dict[str, int]:
    """So many grids for each township: by its villages, two at least, four where none are registered."""
    counts = {code: 4 for code, number in villages.items() if not number}
    real = {code: number for code, number in villages.items() if number}
    left = GRIDS - sum(counts.values())
    total = sum(real.values())
    exact = {code: max(2.0, left * number / total) for code, number in real.items()}
    scale = (left - 2 * sum(v == 2.0 for v in exact.values())) / sum(v for v in exact.values() if v > 2.0)
    exact = {code: v if v == 2.0 else max(2.0, v * scale) for code, v in exact.items()}
    whole = {code: int(v) for code, v in exact.items()}
    rest = sorted(exact, key=lambda code: (int(exact[code]) - exact[code], code))
    for code in rest[: left - sum(whole.values())]:
        whole[code] += 1
    counts.update(whole)
    if sum(counts.values()) != GRIDS:
        raise ValueError(f"{sum(counts.values())} grids instead of {GRIDS}")
    return counts


def _grid_stem(group: list[str], taken: set[str]) -> str:
    for name in group:
        stem = name.removesuffix("社区") if len(name) > 3 else name
        stem = stem.removesuffix("村") if len(stem) > 2 else stem
        if stem not in taken:
            return stem
    return f"{group[0]}{len(taken) + 1}"


def rows(city: Place) -> list[dict[str, object]]:
    """``grids.csv``."""
    found = []
    for place in walk(city):
        lon, lat = planar.to_degrees(place.point)
        bare = place.name.removesuffix("（虚构）")
        found.append(
            {
                "code": place.code,
                "parent": place.parent,
                "level": place.level,
                "name": place.name,
                "name_en": place.name_en,
                "pinyin": pinyin(bare),
                "initials": ZONE_INITIALS.get(place.code) or initials(bare),
                "aliases": place.aliases,
                "kind": place.kind,
                "lon": lon,
                "lat": lat,
                "made_up": place.made_up,
            }
        )
    return found


def walk(city: Place) -> list[Place]:
    """Every grid, level by level, in order of code."""
    counties = city.children
    towns = [town for county in counties for town in county.children]
    return [city, *counties, *towns, *(grid for town in towns for grid in town.children)]


def write(city: Place, writer: Writer) -> None:
    """``grids.csv`` and ``boundaries.geojson``."""
    writer.table("grids", rows(city))
    features = []
    for place in walk(city)[1:]:
        polygons = [[_closed(ring)] for ring in place.region]
        features.append((place.code, place.shape_made_up, polygons))
    writer.outlines(features)


def _closed(ring: Ring) -> list[Point]:
    corners: list[Point] = []
    for point in ring:
        rounded = planar.to_degrees(point)
        if not corners or rounded != corners[-1]:
            corners.append(rounded)
    if corners[0] != corners[-1]:
        corners.append(corners[0])
    return corners
