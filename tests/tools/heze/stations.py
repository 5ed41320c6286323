"""Stations, cameras and vehicles. Five air stations are real; everything else is made up to the reported numbers."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin
from random import Random
from typing import Any

from tests.tools.heze import planar
from tests.tools.heze.grids import Place
from tests.tools.heze.names import english_river, initials
from tests.tools.heze.planar import Point
from tests.tools.heze.sources import Made, locate
from tests.tools.heze.write import Writer

Row = dict[str, Any]
AIR, TOWNSHIP_AIR, ROAD_DUST, WATER, SITE_DUST, SENSING = 21, 152, 56, 30, 1000, 6
CAMERAS, VEHICLES = 2000, 70_000
NATIONAL = (
    ("1718A", "市气象局", "Heze Meteorological Bureau", 115.4228, 35.2489),
    ("1719A", "市政协", "Heze CPPCC", 115.4747, 35.2375),
    ("1720A", "菏泽学院", "Heze University", 115.4550, 35.2700),
    ("3374A", "定陶老年大学", "Dingtao University for the Elderly", 115.5564, 35.0891),
    ("3647A", "菏泽医专", "Heze Medical College", 115.4702, 35.2706),
)
"""Codes, names and rough positions of the national stations, as published by CNEMC."""
RIVERS = {
    "371702": ("洙赵新河", "东鱼河北支", "赵王河"),
    "371703": ("万福河", "东鱼河北支", "南渠河"),
    "371721": ("东鱼河", "东鱼河南支", "太行堤河"),
    "371722": ("东鱼河", "东沟河", "惠河"),
    "371723": ("东鱼河", "万福河", "东沟河"),
    "371724": ("洙赵新河", "万福河", "洙水河"),
    "371725": ("郓城新河", "赵王河", "郓巨河"),
    "371726": ("箕山河", "赵王河", "鄄郓河"),
    "371728": ("洙赵新河", "东鱼河", "紫荆河"),
    "371771": ("东鱼河北支", "洙水河"),
    "371772": ("洙赵新河",),
}
"""Rivers of the counties; which sections are watched where is made up."""
SENSING_COUNTIES = ("371702", "371771", "371721", "371722", "371724", "371725")
WEATHER_LONS, WEATHER_LATS = (114.9, 115.3, 115.7, 116.1, 116.5), (34.6, 35.0, 35.4, 35.8)
KINDS = (
    ("小型客车", "汽油", 62),
    ("小型客车", "纯电", 9),
    ("轻型货车", "柴油", 10),
    ("重型货车", "柴油", 13),
    ("重型货车", "天然气", 3),
    ("公交客车", "纯电", 1),
    ("工程车", "柴油", 2),
)
STAGES = (("国三", 6), ("国四", 22), ("国五", 38), ("国六", 34))


def write(city: Place, sources: dict[str, list[Made]], writer: Writer) -> None:
    """``stations.csv``, ``cameras.csv.gz`` and ``vehicles.csv.gz``."""
    random = Random("heze stations")
    air = _air(city, random)
    rows = [
        *air,
        *_township_air(city, air, random),
        *_road_dust(sources["road"], city, random),
        *_water(city, random),
        *_site_dust(sources["site"], city, random),
        *_sensing(sources["road"], city),
        *_weather(city),
    ]
    writer.table("stations", rows, zipped=True)
    writer.table("cameras", _cameras(sources["site"], random), zipped=True)
    writer.table("vehicles", _vehicles(city, sources["enterprise"]), zipped=True)


def _station(city: Place, code: str, kind: str, name: str, name_en: str, point: Point, **more: Any) -> Row:
    place = locate(city, point)
    lon, lat = planar.to_degrees(point)
    return {
        "code": code,
        "kind": kind,
        "name": name,
        "name_en": name_en,
        "initials": initials(name),
        "grid": place[2].code if place else "",
        "lon": lon,
        "lat": lat,
        "measures": kind,
        "in_service": True,
        "made_up": True,
        **more,
    }


def _beside(point: Point, metres: float, city: Place, random: Random) -> Point:
    """A point so far away, still in the same grid where that can be."""
    home = locate(city, point)
    for _ in range(50):
        turn = random.uniform(0, 2 * pi)
        found = point[0] + cos(turn) * metres / 1000, point[1] + sin(turn) * metres / 1000
        if home is not None and (there := locate(city, found)) and there[2] is home[2]:
            return found
    return point


def _air(city: Place, random: Random) -> list[Row]:
    """Five national stations; sixteen made up: two for each county without one, one for 定陶 and each zone."""
    rows = [
        _station(city, code, "air", name, name_en, planar.to_plane(lon, lat), made_up=False)
        for code, name, name_en, lon, lat in NATIONAL
    ]
    number = 0
    for county in city.children:
        count = {"371702": 0, "371703": 1, "371771": 1, "371772": 0}.get(county.code, 2)
        streets = [town for town in county.children if town.street and not town.made_up]
        for index in range(count):
            number += 1
            town = streets[index % len(streets)]
            grid = town.children[index % len(town.children)]
            point = planar.random_point(grid.region, random)
            name = f"{county.short}空气站{index + 1}"
            rows.append(
                _station(
                    city,
                    f"A-{county.centre}{index + 1}",
                    "air",
                    name,
                    f"{county.short_en} air station {index + 1}",
                    point,
                )
            )
    if len(rows) != AIR:
        raise ValueError(f"{len(rows)} air stations instead of {AIR}")
    return rows


def _township_air(city: Place, air: list[Row], random: Random) -> list[Row]:
    """One in each township but twenty: those that have another air station, then the last in order of code."""
    served = {row["grid"].rpartition("-")[0] for row in air}
    towns = [town for county in city.children for town in county.children]
    left_out = [town for town in towns if town.code in served]
    spare = [town for town in towns if town.street and town.code not in served]
    left_out += spare[: len(towns) - TOWNSHIP_AIR - len(left_out)]
    rows = []
    for town in towns:
        if town in left_out:
            continue
        point = _beside(town.nearest(town.point).point, 400, city, random)
        name = f"{town.short}乡镇站"
        rows.append(
            _station(
                city, f"X-{town.centre}", "township_air", name, f"{town.short_en} township station", point
            )
        )
    if len(rows) != TOWNSHIP_AIR:
        raise ValueError(f"{len(rows)} township stations instead of {TOWNSHIP_AIR}")
    return rows


def _road_dust(roads: list[Made], city: Place, random: Random) -> Iterator[Row]:
    for made in roads[:ROAD_DUST]:
        code = f"R-{made.row['code'].removeprefix('L-')}"
        name = made.row["name"].replace("路段", "路尘站")
        point = _beside(made.point, 40, city, random)
        yield _station(
            city, code, "road_dust", name, f"{made.row['name_en']} dust", point, source=made.row["code"]
        )


def _site_dust(sites: list[Made], city: Place, random: Random) -> Iterator[Row]:
    """One monitor at each site, with the 24-digit MN under which its frames come."""
    for number, made in enumerate(sites[:SITE_DUST], 1):
        code = f"Y-{made.row['code'].removeprefix('G-')}"
        county = made.county.code if made.county else ""
        yield _station(
            city,
            code,
            "site_dust",
            made.row["name"].replace("号工地", "号扬尘"),
            f"{made.row['name_en']} dust",
            _beside(made.point, 60, city, random),
            source=made.row["code"],
            upstream=f"{county}FFFFFFFF{number:010d}",
        )


def _water(city: Place, random: Random) -> Iterator[Row]:
    pairs = [(county, river) for county in city.children for river in RIVERS[county.code]]
    for number, (county, river) in enumerate(pairs[:WATER], 1):
        point = planar.random_point(county.region, random)
        town = county.nearest(point)
        yield _station(
            city,
            f"W-{county.centre}{number:02d}",
            "water",
            f"{river}{town.short}断面",
            f"{english_river(river)} at {town.short_en}",
            point,
            target=random.choices(("III", "IV", "V"), (45, 45, 10))[0],
        )
    if len(pairs) != WATER:
        raise ValueError(f"{len(pairs)} sections instead of {WATER}")


def _sensing(roads: list[Made], city: Place) -> Iterator[Row]:
    for number, code in enumerate(SENSING_COUNTIES, 1):
        made = next(made for made in roads if made.county is not None and made.county.code == code)
        county = made.county
        if county is None:
            raise ValueError(code)
        yield _station(
            city,
            f"S-{county.centre}{number}",
            "remote_sensing",
            f"{county.short}遥感监测点",
            f"{county.short_en} remote sensing",
            made.point,
            source=made.row["code"],
        )


def _weather(city: Place) -> Iterator[Row]:
    """Points over and around the city at which a weather model is asked."""
    number = 0
    for lat in WEATHER_LATS:
        for lon in WEATHER_LONS:
            number += 1
            yield _station(
                city,
                f"M-{number:02d}",
                "weather",
                f"气象点 {lon}E {lat}N",
                f"Weather {lon}E {lat}N",
                planar.to_plane(lon, lat),
                initials=f"qxd{number:02d}",
            )


def _cameras(sites: list[Made], random: Random) -> Iterator[Row]:
    """Two at each site. Addresses end in .invalid: no network answers to them."""
    for number in range(CAMERAS):
        made = sites[number // 2]
        side = ("大门", "作业面")[number % 2]
        code = f"V-{made.row['code'].removeprefix('G-')}-{number % 2 + 1}"
        yield {
            "code": code,
            "name": f"{made.row['name']}{side}",
            "source": made.row["code"],
            "grid": made.row["grid"],
            "lon": made.row["lon"],
            "lat": made.row["lat"],
            "address": f"rtsp://{code.lower()}.camera.invalid/1",
            "state": random.choices(("online", "offline", "unknown"), (90, 7, 3))[0],
            "made_up": True,
        }


def _vehicles(city: Place, enterprises: list[Made]) -> Iterator[Row]:
    """Plates hold the letter O, which no plate has; trucks belong to enterprises here and there."""
    random = Random("heze vehicles")
    towns = [town for county in city.children for town in county.children]
    homes = sorted(
        random.choices(towns, [4.0 if town.street else 1.0 for town in towns], k=VEHICLES),
        key=lambda town: town.code,
    )
    firms: dict[str, list[str]] = {}
    for made in enterprises:
        if made.town is not None:
            firms.setdefault(made.town.code, []).append(made.row["code"])
    for number, town in enumerate(homes, 1):
        kind, fuel, _weight = random.choices(KINDS, [one[2] for one in KINDS])[0]
        stage = "" if fuel == "纯电" else random.choices(STAGES, [one[1] for one in STAGES])[0][0]
        owned = "货车" in kind and random.random() < 0.25 and town.code in firms
        yield {
            "plate": f"鲁RO{number:05d}",
            "kind": kind,
            "fuel": fuel,
            "stage": stage,
            "source": random.choice(firms[town.code]) if owned else "",
            "grid": town.code,
            "made_up": True,
        }
