"""Wrong packs: what is done to the example pack, and which fault must be told, in which file, on which line."""

# One case on one line reads as the table that it is.
# ruff: noqa: E501

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

Change = Callable[[Path], object]


class Case(NamedTuple):
    """One wrong input."""

    name: str
    change: Change
    """Done to the folder of a correct pack."""
    kind: str
    file: str
    line: int
    hint: str = ""
    """What the English hint must hold."""


def swap(file: str, old: str, new: str) -> Change:
    """Put one text in the place of another."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def put(file: str, text: str | bytes) -> Change:
    """Write a file anew."""
    raw = text.encode() if isinstance(text, str) else text
    return lambda folder: (folder / file).write_bytes(raw)


def recode(file: str, encoding: str) -> Change:
    """Save a file in another encoding."""

    def change(folder: Path) -> None:
        path = folder / file
        path.write_bytes(path.read_text("utf-8").encode(encoding))

    return change


def drop(file: str) -> Change:
    """Take a file away."""
    return lambda folder: (folder / file).unlink()


def both(*changes: Change) -> Change:
    """Several changes."""

    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


ORDERS = "code,kind,level,title,scope_kind,scope,starts,ends,issued_by,text,made_up\n"
LOADS = "code,kind,level,title,scope_kind,scope,starts,ends,issued_by,text,allowed_load,made_up\n"
CAMERAS = "code,name,source,grid,lon,lat,address,state,made_up\n"
VEHICLES = "plate,kind,fuel,stage,source,grid,made_up\n"
PARAMETERS = "code,name,name_en,unit,decimals,hj212,low,high,suspect_above\n"
SQUARE = '"coordinates":[[[115.00,35.00],[115.40,35.00],[115.40,35.30],[115.00,35.30],[115.00,35.00]]]'

CASES = (
    # the folder and its files
    Case("no such folder", shutil.rmtree, "no_folder", "", 0),
    Case("city.toml is gone", drop("city.toml"), "missing_file", "city.toml", 0, "template"),
    Case("grids.csv is gone", drop("grids.csv"), "missing_file", "grids.csv", 0),
    Case("a file with a misspelt name", put("station.csv", "x"), "unknown_file", "station.csv", 0, "stations.csv"),
    Case("ESC in a file's name", put("x\x1b[2J.csv", "x"), "unknown_file", "x␛[2J.csv", 0),
    Case("a folder where a file should be", lambda f: (f / "cameras.csv").mkdir(), "unknown_file", "cameras.csv", 0),
    Case("a table plain and zipped", put("stations.csv.gz", gzip.compress(b"x")), "twice_file", "stations.csv.gz", 0),
    Case("a zip that is none", put("vehicles.csv.gz", b"PK\x03\x04"), "gzip", "vehicles.csv.gz", 0),
    Case("a zip cut short", put("vehicles.csv.gz", gzip.compress(b"plate\n" * 99)[:-9]), "gzip", "vehicles.csv.gz", 0),
    Case("GBK instead of UTF-8", recode("people.csv", "gbk"), "gbk", "people.csv", 2, "iconv -f GB18030"),
    Case("UTF-16 from a spreadsheet", recode("people.csv", "utf-16"), "not_utf8", "people.csv", 1),
    Case("an empty file", put("stations.csv", ""), "no_header", "stations.csv", 1, "code,name"),
    # the shape of a table
    Case("semicolons", put("departments.csv", "code;name;phone\nA;b;1\n"), "delimiter", "departments.csv", 1),
    Case("tabs", put("departments.csv", "code\tname\nA\tb\n"), "delimiter", "departments.csv", 1),
    Case("a column twice", swap("stations.csv", "name_en", "name"), "twice_column", "stations.csv", 1),
    Case("a misspelt column", swap("stations.csv", "upstream", "upstraem"), "misspelt_column", "stations.csv", 1, "upstream"),
    Case("a column in capitals", swap("grids.csv", "parent", "PARENT"), "misspelt_column", "grids.csv", 1, "parent"),
    Case("a column of another system", swap("grids.csv", "aliases", "备注一栏"), "unknown_column", "grids.csv", 1),
    Case("a needed column is missing", swap("centres.csv", "tier", "等级"), "missing_column", "centres.csv", 1, "tier"),
    Case("a comma too many", swap("centres.csv", "SF01,", "SF01,,"), "cells", "centres.csv", 4),
    Case("a quote that is not closed", swap("centres.csv", "西河镇指挥", '"西河镇指挥'), "csv", "centres.csv", 5),
    # cells
    Case("an empty name", swap("grids.csv", "西河镇,Xihe", ",Xihe"), "empty", "grids.csv", 5, "name"),
    Case("ESC in a name", swap("stations.csv", "南桥空气站", "南桥\x1b[2J站"), "control", "stations.csv", 3),
    Case("a bidi mark in a name", swap("people.csv", "席示例", "席\u202e示例"), "control", "people.csv", 4),
    Case("a zero-width space in a code", swap("people.csv", "SL-S1", "SL\u200b-S1"), "code", "people.csv", 4),
    Case("a line end in a name", swap("stations.csv", "南桥空气站", '"南桥\n站"'), "control", "stations.csv", 3),
    Case("a name without end", swap("stations.csv", "南桥空气站", "长" * 401), "long", "stations.csv", 3),
    Case("a blank in a code", swap("stations.csv", "KQ02", "KQ 02"), "code", "stations.csv", 3),
    Case("codes separated by blanks", swap("stations.csv", "SB-0001", "SB-1 SB-2"), "codes", "stations.csv", 6, "|"),
    Case("a level in words", swap("grids.csv", ",4,南桥", ",四,南桥"), "integer", "grids.csv", 7),
    Case("a decimal comma", swap("power_points.csv", "120,15", '"1,2",15'), "number", "power_points.csv", 2),
    Case("a unit in a number", swap("power_points.csv", "120,15", "120kW,15"), "number", "power_points.csv", 2),
    Case("not a number", swap("stations.csv", "115.35", "NaN"), "number", "stations.csv", 3),
    Case("full-width digits", swap("stations.csv", "115.35", "１１５.35"), "number", "stations.csv", 3),
    Case("level 5", swap("grids.csv", ",4,南桥", ",5,南桥"), "range", "grids.csv", 7),
    Case("a negative rating", swap("power_points.csv", "120,15", "-120,15"), "range", "power_points.csv", 2),
    Case("a flag in words", swap("stations.csv", "air,,,,1,1", "air,,,,在用,1"), "flag", "stations.csv", 2),
    Case("a date with slashes", swap("incident_types.csv", "2026-01-01", "2026/1/1"), "date", "incident_types.csv", 2, "2026-11-03"),
    Case("the 30th of February", swap("incident_types.csv", "2026-01-01", "2026-02-30"), "date", "incident_types.csv", 2),
    Case("a time with a zone", put("orders.csv", ORDERS + "Z1,stop,,停,grid,990100,2026-11-03T08:00Z,,,,1\n"), "instant", "orders.csv", 2),
    Case("a quarter past 24", swap("duty.csv", "00:00,24:00,市", "00:00,24:15,市"), "minute", "duty.csv", 2),
    Case("six days", swap("duty.csv", "SL,1111111", "SL,111111"), "days", "duty.csv", 2),
    Case("a role that is none", swap("people.csv", "supervisor", "supervisior"), "choice", "people.csv", 3, "supervisor"),
    Case("a grade that is none", swap("sources.csv", "木材加工,C", "木材加工,E"), "choice", "sources.csv", 3),
    Case("a camera's state", put("cameras.csv", CAMERAS + "V1,门,,,,,,on,1\n"), "choice", "cameras.csv", 2, "online"),
    # between rows and files
    Case("a code twice", swap("stations.csv", "KQ02", "KQ01"), "duplicate", "stations.csv", 3),
    Case("a plate twice", put("vehicles.csv", VEHICLES + "A1,,,,,,1\nA1,,,,,,1\n"), "duplicate", "vehicles.csv", 3),
    Case("a code twice, in two files of a table", put("centres-b.csv", "code,grid,tier,name\nSF,990101,C,x\n"), "duplicate", "centres.csv", 3),
    Case("a grid that is not there", swap("stations.csv", "990101001-02", "990101001-20"), "unknown_code", "stations.csv", 3, "990101001-02"),
    Case("a department that is not there", swap("incident_types.csv", "SHJ,CGJ", "SHJ,CGJ|XYZ"), "unknown_code", "incident_types.csv", 3),
    Case("a person on duty who is not there", swap("duty.csv", "SF01-M02", "SF01-M22"), "unknown_code", "duty.csv", 11, "SF01-M02"),
    Case("a duty line of the wrong kind", swap("duty.csv", "centre,SL,", "department,SL,"), "unknown_code", "duty.csv", 2, "departments.csv"),
    Case("a feed that is not there", swap("measures.csv", "µg/m³,air,", "µg/m³,airs,"), "unknown_code", "measures.csv", 2, "feeds.toml"),
    Case("a parameter that is not there", swap("measures.csv", "air,no2", "air,nox"), "unknown_code", "measures.csv", 5),
    Case("a vehicle of an unknown firm", put("vehicles.csv", VEHICLES + "A1,,,,QY-9,,1\n"), "unknown_code", "vehicles.csv", 2, "QY-001"),
    Case("an order for an unknown grid", put("orders.csv", ORDERS + "Z1,stop,,停,grid,990199,2026-11-03 08:00,,,,1\n"), "unknown_code", "orders.csv", 2),
    Case("an order whose scope is of the other kind", put("orders.csv", ORDERS + "Z1,stop,,停,source,990100,2026-11-03 08:00,,,,1\n"), "unknown_code", "orders.csv", 2, "sources.csv"),
    Case("only a longitude", swap("stations.csv", "115.35,35.14", "115.35,"), "half_position", "stations.csv", 3),
    Case("latitude before longitude", swap("stations.csv", "115.35,35.14", "35.14,115.35"), "range", "stations.csv", 3),
    Case("lon and lat swapped", both(swap("city.toml", "115.00, 35.00, 115.40, 35.30", "70.0, 35.0, 80.0, 36.0"), swap("stations.csv", "115.35,35.14", "35.14,75.35")), "swapped", "stations.csv", 3),
    Case("a station in another city", swap("stations.csv", "115.35,35.14", "116.35,39.9"), "outside", "stations.csv", 3, "bounds"),
    Case("no city among the grids", swap("grids.csv", "990100,,1,", "990100,,2,"), "no_root", "grids.csv", 0),
    Case("two cities", swap("grids.csv", "990101,990100,2,", "990101,,1,"), "two_roots", "grids.csv", 3),
    Case("another city's code", swap("city.toml", '"990100"', '"990200"'), "city_code", "grids.csv", 2),
    Case("a parent for the city", swap("grids.csv", "990100,,1,", "990100,990101,1,"), "cycle", "grids.csv", 2),
    Case("a parent for the city, no ring", both(swap("grids.csv", "990101,990100,2,", "990101,,2,"), swap("grids.csv", "990100,,1,", "990100,990101,1,")), "root_parent", "grids.csv", 2),
    Case("a county without a city", swap("grids.csv", "990101,990100,2,", "990101,,2,"), "no_parent", "grids.csv", 3),
    Case("a level skipped", swap("grids.csv", "990101001-01,990101001,4", "990101001-01,990101,4"), "parent_level", "grids.csv", 6, "level 3"),
    Case("its own ancestor", swap("grids.csv", "990101100,990101,3", "990101100,990101100-01,3"), "cycle", "grids.csv", 5),
    Case("a county's centre at a township", swap("centres.csv", "SF,990101,C", "SF,990101001,C"), "tier", "centres.csv", 3),
    Case("two centres for a grid", swap("centres.csv", "SF02,990101100", "SF02,990101001"), "two_centres", "centres.csv", 5),
    Case("a member for a whole county", swap("people.csv", "member,990101001-01", "member,990101"), "member_grid", "people.csv", 9),
    Case("a seat without a centre", swap("people.csv", "seat,990101,SF", "seat,990101,"), "no_centre", "people.csv", 6),
    Case("a type that ends before it begins", swap("incident_types.csv", "2026-01-01,,空气", "2026-01-01,2025-01-01,空气"), "period", "incident_types.csv", 2),
    Case("an order that ends before it begins", put("orders.csv", ORDERS + "Z1,stop,,停,grid,990100,2026-11-03 08:00,2026-11-02 08:00,,,1\n"), "period", "orders.csv", 2),
    Case("an allowed load above a hundred per cent", put("orders.csv", LOADS + "Z1,heavy_pollution,orange,预警,grid,990100,2026-11-03 08:00,,,,120,1\n"), "range", "orders.csv", 2),
    Case("an allowed load that is no number", put("orders.csv", LOADS + "Z1,heavy_pollution,orange,预警,grid,990100,2026-11-03 08:00,,,,half,1\n"), "integer", "orders.csv", 2),
    Case("an allowed load of a stop-work order", put("orders.csv", LOADS + "Z1,stop_work,,停,grid,990100,2026-11-03 08:00,,,,50,1\n"), "load_kind", "orders.csv", 2),
    Case("two versions of a type at once", swap("incident_types.csv", "straw_burning,2026-01-01", "air_quality,2026-02-01"), "overlap", "incident_types.csv", 3, "valid_to"),
    Case("a parameter without room", put("parameters.csv", PARAMETERS + "voc,VOC,VOC,ppb,0,,5,5,\n"), "low_high", "parameters.csv", 2),
    Case("a measure in another unit", swap("measures.csv", "air,co,3600,mg/m³", "air,co,3600,µg/m³"), "unit", "measures.csv", 6, "feeds.toml"),
    Case("one upstream name for two stations", swap("stations.csv", "air,,,,1,1\nKQ03", "air,,,SB-0001,1,1\nKQ03"), "alias", "stations.csv", 6),
    Case("a station that measures nothing", swap("stations.csv", "35.14,air,", "35.14,,"), "no_measures", "stations.csv", 3),
    Case("a station nowhere", swap("stations.csv", "air,990101001-02,115.35,35.14", "air,,,"), "nowhere", "stations.csv", 3),
    Case("a power point at a building site", swap("power_points.csv", "QY-001", "GD-001"), "power_source", "power_points.csv", 2),
    Case("a power point with a station's code", swap("power_points.csv", "YD-001", "KQ01"), "power_code", "power_points.csv", 2),
    Case("one meter for both", swap("power_points.csv", "DB-0002", "DB-0001"), "same_meter", "power_points.csv", 2),
    # TOML
    Case("city.toml with a quote missing", swap("city.toml", '"示例市"', '"示例市'), "toml", "city.toml", 3),
    Case("policy.toml that is no TOML", put("policy.toml", "[target\n"), "toml", "policy.toml", 1),
    Case("rules.toml that is no TOML", put("rules.toml", "a = 1\na = 2\n"), "toml", "rules.toml", 2),
    Case("no zone", swap("city.toml", "zone =", "# zone ="), "missing_key", "city.toml", 0, "zone"),
    Case("a misspelt key", swap("city.toml", "bounds =", "bound ="), "unknown_key", "city.toml", 7, "bounds"),
    Case("bounds the wrong way round", swap("city.toml", "[115.00, 35.00, 115.40, 35.30]", "[115.40, 35.00, 115.00, 35.30]"), "key_type", "city.toml", 7),
    Case("a zone that is none", swap("city.toml", "Asia/Shanghai", "Asia/Heze"), "zone", "city.toml", 5),
    Case("positions of a Chinese map", swap("city.toml", '"WGS-84"', '"BD-09"'), "datum", "city.toml", 6, "AMap"),
    Case("words in a third language", swap("city.toml", "[words.zh]", "[words.fr]"), "word_language", "city.toml", 12, "words.en"),
    Case("words with a lone brace", swap("city.toml", '"乡镇"', '"乡镇{"'), "word_text", "city.toml", 13),
    Case("TOML without end", put("feeds.toml", "a = " + "[" * 5000), "toml", "feeds.toml", 0),
    Case("GeoJSON without end", put("boundaries.geojson", "[" * 200_000), "json", "boundaries.geojson", 0),
    Case("a number without end", put("boundaries.geojson", "1" * 5000), "json", "boundaries.geojson", 0),
    Case("seconds beyond all bounds", swap("feeds.toml", "every = 600", "every = 99999999999999999999"), "key_type", "feeds.toml", 10),
    Case("a feed twice", swap("feeds.toml", "\n[[feed]]\n", '\n[[feed]]\ncode = "air"\nadapter = "mapped"\n[[feed]]\n'), "duplicate", "feeds.toml", 8),
    Case("a feed without an adapter", swap("feeds.toml", "adapter", "# adapter"), "missing_key", "feeds.toml", 5),
    Case("[feed] instead of [[feed]]", put("feeds.toml", '[feed]\ncode = "air"\n'), "key_type", "feeds.toml", 1),
    # GeoJSON
    Case("GeoJSON cut short", swap("boundaries.geojson", "]}}\n]}", "]}}"), "json", "boundaries.geojson", 9),
    Case("a single Feature", put("boundaries.geojson", '{"type":"Feature"}'), "not_features", "boundaries.geojson", 1),
    Case("an outline without a code", swap("boundaries.geojson", '"code":"990101",', ""), "shape_code", "boundaries.geojson", 2),
    Case("an outline of an unknown grid", swap("boundaries.geojson", '"990101001"', '"990101009"'), "unknown_code", "boundaries.geojson", 3, "grids.csv"),
    Case("two outlines for a grid", swap("boundaries.geojson", '"990101100"', '"990101001"'), "duplicate", "boundaries.geojson", 4),
    Case("points for outlines", swap("boundaries.geojson", '"Polygon"', '"Point"'), "geometry", "boundaries.geojson", 2),
    Case("coordinates that are text", swap("boundaries.geojson", "[115.00,35.00]", '["115","35"]'), "coordinates", "boundaries.geojson", 2),
    Case("a ring that is not closed", swap("boundaries.geojson", ",[115.00,35.00]]]", "]]"), "ring_open", "boundaries.geojson", 2, "115.0, 35.0"),
    Case("a ring without area", swap("boundaries.geojson", SQUARE, '"coordinates":[[[115.0,35.0],[115.4,35.0],[115.0,35.0]]]'), "ring_short", "boundaries.geojson", 2),
    Case("a ring that crosses itself", swap("boundaries.geojson", SQUARE, '"coordinates":[[[115.0,35.0],[115.4,35.3],[115.4,35.0],[115.0,35.2],[115.0,35.0]]]'), "ring_crosses", "boundaries.geojson", 2),
    Case("outlines in another city", swap("boundaries.geojson", SQUARE, '"coordinates":[[[118.0,35.0],[118.4,35.0],[118.4,35.3],[118.0,35.0]]]'), "shape_outside", "boundaries.geojson", 2),
    Case("outlines with latitude first", swap("boundaries.geojson", SQUARE, '"coordinates":[[[35.0,115.0],[35.0,115.4],[35.3,115.4],[35.0,115.0]]]'), "shape_swapped", "boundaries.geojson", 2),
    Case("outlines of Baidu's map", swap("boundaries.geojson", '"features"', '"datum":"BD-09","features"'), "datum", "boundaries.geojson", 1),
)  # fmt: skip
