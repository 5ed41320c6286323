"""The Heze pack: the reported numbers, the tree, the outlines, and a mark on everything that is made up."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from backend.city.geometry import area_km2, in_polygons
from backend.city.load import load_pack
from backend.city.pack import Pack, read_pack
from backend.city.packs import heze_path
from backend.city.registry import City
from backend.desk.packs import check
from backend.store import Store
from tests.shared import shared_data

ZONES = {"371771", "371772"}
REAL_STATIONS = {"1718A", "1719A", "1720A", "3374A", "3647A"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack as it lies in the product."""
    return read_pack(heze_path())


def rows(pack: Pack, table: str) -> list[dict[str, Any]]:
    return pack.rows(table).rows


def test_it_has_no_fault() -> None:
    assert check(heze_path()) == []


def test_it_has_the_reported_numbers(pack: Pack) -> None:
    assert Counter(row["level"] for row in rows(pack, "grids")) == {1: 1, 2: 11, 3: 172, 4: 1045}
    assert Counter(row["tier"] for row in rows(pack, "centres")) == {"M": 1, "C": 11, "T": 172}
    assert Counter(row["kind"] for row in rows(pack, "departments")) == {"bureau": 14, "contractor": 1}
    kinds = Counter(row["kind"] for row in rows(pack, "stations"))
    assert kinds["air"] == 21
    assert kinds["township_air"] == 152
    assert kinds["road_dust"] == 56
    assert kinds["water"] == 30
    assert kinds["site_dust"] == 1000
    assert kinds["remote_sensing"] == 6
    assert len(rows(pack, "cameras")) == 2000
    sources = Counter(row["kind"] for row in rows(pack, "sources"))
    assert sources["enterprise"] == 4000
    assert sources["site"] == 1000
    assert len(rows(pack, "power_points")) == 3000
    assert len({row["source"] for row in rows(pack, "power_points")}) == 3000
    assert len(rows(pack, "vehicles")) == 70_000
    members = [row for row in rows(pack, "people") if row["role"] == "member"]
    assert len({row["grid"] for row in members}) == 1045, "a member for every level-4 grid"


def test_all_that_is_named_on_a_screen_has_an_english_name(pack: Pack) -> None:
    for table in ("grids", "centres", "departments", "incident_types", "stations", "sources"):
        for row in rows(pack, table):
            assert row["name_en"], (table, row["name"])
            assert not re.search(r"[\u4e00-\u9fff]", row["name_en"]), (table, row["name_en"])
    grids = {row["name"]: row["name_en"] for row in rows(pack, "grids") if row["level"] < 4}
    counties = "牡丹区 定陶区 曹县 单县 成武县 巨野县 郓城县 鄄城县 东明县"
    said = "Mudan Dingtao Caoxian Shanxian Chengwu Juye Yuncheng Juancheng Dongming"
    assert [grids[name].split()[0] for name in counties.split()] == said.split()
    # What the dictionary reads otherwise.
    assert grids["都司镇"] == "Dusi Town"
    assert grids["什集镇"] == "Shiji Town"
    assert grids["郓州街道"] == "Yunzhou Subdistrict"


def test_every_centre_and_department_answers_at_every_minute(pack: Pack) -> None:
    minutes: dict[str, list[tuple[int, int]]] = {}
    for row in rows(pack, "duty"):
        if row["body_kind"] != "member" and row["days"] == "1111111":
            minutes.setdefault(row["body"], []).append((row["start"], row["end"]))
    bodies = {row["code"] for table in ("centres", "departments") for row in rows(pack, table)}
    assert set(minutes) == bodies
    for body, spans in minutes.items():
        for minute in range(0, 1440, 30):
            held = [a <= minute < b if a < b else minute >= a or minute < b for a, b in spans]
            assert any(held), (body, minute)


def test_everything_made_up_is_marked(pack: Pack) -> None:
    unmarked = {
        name: {row[table.spec.key[0]] for row in table.rows if not row["made_up"]}
        for name, table in pack.tables.items()
        if "made_up" in table.spec.names and name not in ("grids", "stations", "sources") and table.spec.key
    }
    assert not any(unmarked.values()), unmarked
    assert all(row["made_up"] for row in rows(pack, "duty"))
    assert {row["code"] for row in rows(pack, "stations") if not row["made_up"]} == REAL_STATIONS
    assert {row["kind"] for row in rows(pack, "sources") if not row["made_up"]} == {"power_plant"}
    real = [row for row in rows(pack, "grids") if not row["made_up"]]
    assert Counter(row["level"] for row in real) == {1: 1, 2: 11, 3: 167}
    for row in rows(pack, "grids"):
        if row["level"] == 3:
            assert row["made_up"] == row["name"].endswith("（虚构）")
    for outline in pack.outlines:
        county = len(outline.grid) == 6 and outline.grid not in ZONES
        assert outline.made_up is not county, outline.grid


def test_made_up_phones_and_plates_are_impossible(pack: Pack) -> None:
    assert all(row["phone"].startswith("139-0000-") for row in rows(pack, "people"))
    lines = [row["phone"] for table in ("centres", "departments", "sources") for row in rows(pack, table)]
    assert all(line.startswith("0530-00") for line in lines if line)
    assert all(row["plate"].startswith("鲁RO") for row in rows(pack, "vehicles")), "no plate has the letter O"
    assert all(".invalid/" in row["address"] for row in rows(pack, "cameras"))


def test_codes_and_names_are_those_of_the_register(pack: Pack) -> None:
    grids = {row["code"]: row for row in rows(pack, "grids")}
    with shared_data("admin/heze_streets.csv").open(encoding="utf-8-sig") as file:
        streets = list(csv.DictReader(file))
    assert len(streets) == 167
    for street in streets:
        grid = grids[street["code"]]
        assert grid["parent"] == street["areaCode"]
        assert street["name"].endswith(grid["name"])
    with shared_data("admin/heze_villages.csv").open(encoding="utf-8-sig") as file:
        villages = Counter(row["streetCode"] for row in csv.DictReader(file))
    grouped: Counter[str] = Counter()
    for grid in grids.values():
        if grid["level"] == 4 and grid["aliases"]:
            grouped[grid["parent"]] += len(grid["aliases"].split("|"))
    assert grouped == villages, "every village stands in one grid of its own township"


def test_every_parent_is_right(pack: Pack) -> None:
    for row in rows(pack, "grids"):
        expected = {1: "", 2: "371700", 3: row["code"][:6], 4: row["code"][:9]}[row["level"]]
        assert row["parent"] == expected


def _areas(polygons_of: dict[str, Any]) -> dict[str, float]:
    return {code: area_km2(polygons) for code, polygons in polygons_of.items()}


def test_counties_have_the_area_of_their_source(pack: Pack) -> None:
    path = shared_data("boundary/heze_counties_tianditu.geojson")
    document = json.loads(path.read_text("utf-8"))
    source = {f["properties"]["code"]: f["geometry"]["coordinates"] for f in document["features"]}
    own = _areas({outline.grid: outline.polygons for outline in pack.outlines if len(outline.grid) == 6})
    for code, expected in _areas(source).items():
        found = own[code] + (own["371771"] + own["371772"] if code == "371702" else 0)
        assert found == pytest.approx(expected, rel=0.01)


def test_cells_fill_what_they_lie_in(pack: Pack) -> None:
    polygons = {outline.grid: outline.polygons for outline in pack.outlines}
    areas = _areas(polygons)
    parts: Counter[str] = Counter()
    for row in rows(pack, "grids"):
        if row["level"] > 2:
            parts[row["parent"]] += areas[row["code"]]  # type: ignore[assignment]
    assert len(parts) == 11 + 172
    for code, total in parts.items():
        assert total == pytest.approx(areas[code], rel=0.002), code


def test_points_lie_in_their_own_cells(pack: Pack) -> None:
    polygons = {outline.grid: outline.polygons for outline in pack.outlines}
    for row in rows(pack, "grids"):
        if row["level"] > 2:
            assert in_polygons(row["lon"], row["lat"], polygons[row["code"]]), row["code"]
    outside = [
        row["code"]
        for table in ("stations", "sources")
        for row in rows(pack, table)
        if row["grid"] and not in_polygons(row["lon"], row["lat"], polygons[row["grid"]])
    ]
    # Coordinates are rounded to a metre, so that a point on a border may fall to the other side.
    assert len(outside) <= 5, outside


def test_it_loads_and_is_read(store: Store) -> None:
    report = load_pack(store, heze_path(), 1793692800)
    assert report.ok
    with store.read() as conn:
        city = City.read(conn)
    assert city.is_demo
    assert (len(city.counties), len(city.townships)) == (11, 172)
    assert len(city.by_kind["power"]) == 3000
    dust = city.by_kind["site_dust"][0]
    assert len(dust.upstream) == 24, "an HJ 212 MN"
    assert city.station(dust.upstream) is dust
    assert city.inside("371721001-01", "371721")
    assert city.station("1718A") is not None
    air = city.by_kind["township_air"][0]
    assert len(city.peers(air.id)) >= 3


def test_the_pack_is_small() -> None:
    size = sum(path.stat().st_size for path in Path(heze_path()).iterdir())
    assert size < 4_000_000
