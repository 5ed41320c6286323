"""A stranger's data by the public commands: a well pad of 300 m by the minute, and a region of 200 km by the hour.

Pack folder and readings file go in by ``gridseat city`` and ``gridseat import``; hot grids, sources and forecasts come
out by ``--at``, ``--from/--to``, ``--json`` and ``--csv``. What is judged is the shape of the answers, that no instant
knows its future, and that what was there is found; how often it is found is told by the benches.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.bad_city import Loaded, load_files, on_our_own
from tests.tools import stranger
from tests.tools.stranger_air import Air, write

HOUR, DAY = 3600, 86400
TANK = 4
"""The release that is looked at."""


@pytest.fixture(scope="module", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with on_our_own(tmp_path_factory.mktemp("config")):
        yield


@pytest.fixture(scope="module")
def pad(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The pad by the minute: half a day before a release, the release, and an hour after it."""
    folder = tmp_path_factory.mktemp("pad")
    one = stranger.releases()[TANK]
    stranger.write_pack(folder / "pack")
    stranger.write_readings(folder / "readings.csv", 60, (one.start - 12 * HOUR, one.end + HOUR))
    return load_files(folder, folder / "pack", folder / "readings.csv", one.end)


LON, LAT = 117.0, 36.0
SPEED, TOWARDS = 5.0, 60.0
"""Wind of the region: m/s, and the bearing that it blows to."""
PLANTS = {
    "PLANT": (LON + 0.75, LAT + 0.55),
    "NORTH": (LON + 0.3, LAT + 1.2),
    "SOUTH": (LON + 1.4, LAT + 0.1),
    "EAST": (LON + 1.9, LAT + 0.3),
    "WEST": (LON - 0.05, LAT + 0.2),
}
DAYS, BURNS = 21, 14
"""Days of it; hours that the plant has blown at the end."""


def region() -> tuple[dict[str, tuple[float, float]], Air]:
    """Twenty stations 45 km apart; the plant's plume travels with the wind, hours from one station to the next."""
    dice = np.random.default_rng(3)
    places = {
        f"R{row * 5 + column:02}": (LON + 0.5 * column, LAT + 0.4 * row)
        for row in range(4)
        for column in range(5)
    }
    hours = DAYS * 24
    at = np.arange(hours)
    shape = (hours, len(places))
    level = np.exp(3.5 + 0.3 * np.sin(at * 2 * np.pi / 24) + 0.3 * np.sin(at / 41))[:, None]
    pm25 = level * np.exp(dice.normal(0, 0.1, len(places))) * np.exp(dice.normal(0, 0.08, shape))
    for column, (lon, lat) in enumerate(places.values()):
        east = (lon - PLANTS["PLANT"][0]) * 111_195 * math.cos(math.radians(LAT))
        north = (lat - PLANTS["PLANT"][1]) * 111_195
        turn = math.radians(TOWARDS)
        along = east * math.sin(turn) + north * math.cos(turn)
        beside = east * math.cos(turn) - north * math.sin(turn)
        if along > 0:
            wide = 0.12 * along + 4000
            strength = 250 * 40_000 / (along + 25_000) * math.exp(-((beside / wide) ** 2) / 2)
            since = hours - BURNS + along / SPEED / HOUR
            pm25[:, column] += strength * np.clip(at + 1 - since, 0, 1)
    blind = np.full(shape, np.nan, np.float32)
    speed, turned = blind.copy(), blind.copy()
    for one in (1, 7, 13, 19):
        speed[:, one] = SPEED + 0.3 * np.sin(at / 7)
        turned[:, one] = (TOWARDS + 180 + 6 * np.sin(at / 11)) % 360
    values = {"pm25": np.round(pm25, 1).astype(np.float32)}
    return places, Air(1_514_764_800, places, values, {"wind_speed": speed, "wind_dir": turned})


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The region, loaded."""
    folder = tmp_path_factory.mktemp("region")
    _, air = region()
    pack, readings = write(folder, air)
    rows = [f"{code},enterprise,{code},D1,X1,{lon},{lat}" for code, (lon, lat) in PLANTS.items()]
    text = "\n".join(["code,kind,name,department,grid,lon,lat", *rows])
    (pack / "sources.csv").write_text(text + "\n", "utf-8")
    return load_files(folder, pack, readings, air.start + air.hours * HOUR)


@pytest.fixture(params=["pad", "province"])
def stranger_city(request: pytest.FixtureRequest) -> tuple[Loaded, str]:
    """Either, with the parameter that it measures."""
    name = str(request.param)
    return request.getfixturevalue(name), {"pad": "ch4", "province": "pm25"}[name]


def test_a_folder_and_a_file_go_in_without_a_fault(stranger_city: tuple[Loaded, str]) -> None:
    city, _ = stranger_city
    for answer in city.loading:
        assert answer.code == 0, answer.err
    assert "has no faults" in city.loading[0].err
    assert "0 put aside; 0 stations created unplaced" in city.loading[2].out


def test_hot_grids_have_a_place_an_amount_and_a_reason(stranger_city: tuple[Loaded, str]) -> None:
    city, parameter = stranger_city
    answer = city.ask("hotspots", "--at", city.at(), "--json")
    assert answer.code == 0, answer.err
    hottest = answer.json[0]
    assert hottest["heat"] in ("hot", "strong")
    assert hottest["parameter"] == parameter
    assert hottest["increment"] > 0
    assert hottest["reasons"][0]["text"]
    assert hottest["at"] < city.at()
    assert -180 < hottest["lon"] < 180
    spans = city.ask("hotspots", "--from", city.at(2), "--to", city.at(), "--csv")
    assert spans.code == 0, spans.err
    assert {row["parameter"] for row in spans.csv} == {parameter}
    assert all(city.at(2) <= row["at"] < city.at() for row in spans.csv)
    assert all(row["why"] for row in spans.csv)


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_sources_are_ranked_with_a_probability_and_that_of_none(
    stranger_city: tuple[Loaded, str], form: str
) -> None:
    city, parameter = stranger_city
    true = {"ch4": "Tank", "pm25": "PLANT"}[parameter]
    answer = city.ask("trace", "--parameter", parameter, "--from", city.at(1.5), "--to", city.at(), form)
    assert answer.code == 0, answer.err
    if form == "--json":
        rows = answer.json["sources"]
        none = answer.json["none"]["probability"]
        told = " ".join(one["text"] for one in rows[0]["evidence"])
        assert answer.json["wind"]["known"]
    else:
        *rows, last = answer.csv
        assert last["code"] == "none"
        none, told = float(last["probability"]), rows[0]["evidence"]
    shares = [float(row["probability"]) for row in rows]
    assert rows[0]["code"] == true
    assert shares == sorted(shares, reverse=True)
    assert math.isclose(sum(shares) + none, 1, abs_tol=0.01)
    assert 0 < none < 1
    # In the language that was asked for.
    assert "fits wind and readings" in told
    assert all(row["code"] for row in rows)


def test_a_forecast_is_a_row_for_each_station_and_hour_within_its_interval(
    stranger_city: tuple[Loaded, str],
) -> None:
    city, parameter = stranger_city
    answer = city.ask("forecast", "--at", city.at(), "--csv")
    assert answer.code == 0, answer.err
    rows = answer.csv
    assert " ".join(rows[0]) == "issued start station parameter value low high unit weather model"
    stations = {row["station"] for row in rows}
    assert len(rows) == len(stations) * 72
    assert {row["parameter"] for row in rows} == {parameter}
    assert all(float(row["low"]) <= float(row["value"]) <= float(row["high"]) for row in rows)
    short = city.ask("forecast", "--at", city.at(), "--hours", "3", "--station", rows[0]["station"], "--json")
    assert [row["start"] for row in short.json] == [row["start"] for row in rows[:3]]


def test_an_instant_knows_nothing_of_what_came_later(pad: Loaded, tmp_path: Path) -> None:
    one = stranger.releases()[TANK]
    then = (pad.end - one.start) / 2 / HOUR
    stranger.write_pack(tmp_path / "pack")
    cut = int(pad.end - then * HOUR)
    stranger.write_readings(tmp_path / "readings.csv", 60, (one.start - 12 * HOUR, cut - cut % 60))
    short = load_files(tmp_path, tmp_path / "pack", tmp_path / "readings.csv", pad.end)
    for words in (
        ("hotspots", "--at", pad.at(then), "--json"),
        ("trace", "--parameter", "ch4", "--at", pad.at(then), "--json"),
        ("forecast", "--at", pad.at(then), "--hours", "6", "--csv"),
    ):
        whole, cut_off = pad.ask(*words), short.ask(*words)
        assert whole.code == cut_off.code == 0, whole.err + cut_off.err
        assert whole.out == cut_off.out, words[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("hotspots", "--parameter", "pm25"), "ch4"),
        (("hotspots", "--at", "tomorrow"), "tomorrow"),
        (("trace", "--parameter", "pm25"), "pm25"),
        (("trace", "--station", "NOWHERE"), "NOWHERE"),
        (("forecast", "--parameter", "pm25"), "ch4"),
        (("forecast", "--station", "NOWHERE"), "NOWHERE"),
        (("import", "readings", "readings.txt", "--format", "csv"), "readings.txt"),
    ],
)
def test_what_can_not_be_asked_is_told_with_what_can(pad: Loaded, words: tuple[str, ...], told: str) -> None:
    answer = pad.ask(*words)
    assert answer.code == 1
    assert told in answer.err
    assert "Traceback" not in answer.err
