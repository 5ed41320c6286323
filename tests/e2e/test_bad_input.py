"""Spoilt data through hot grids, tracing, forecast and quality: no crash, no false confidence, and told why.

Each city is loaded by the command line from a pack and a file; what is spoilt is said in each test, and the same city
unspoilt is held against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e import bad_city as city
from tests.e2e.bad_city import BURNS, HOT, Loaded
from tests.tools.stranger_air import Air

GAP = (15, 19)
"""Days of which nothing came: from the first to the second."""
INSIDE = 6 * 24
"""Hours before the end that lie in the gap, three days into it."""


@pytest.fixture(scope="module", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with city.on_our_own(tmp_path_factory.mktemp("config")):
        yield


def spoilt(folder: Path, change: Callable[[Air], None]) -> Loaded:
    """The city with its data changed first."""
    data = city.air()
    change(data)
    return city.load(folder, data)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The city as it is."""
    return city.load(tmp_path_factory.mktemp("whole"), city.air())


def hot(asked: Loaded, back: float = 0) -> tuple[list[dict[str, Any]], str]:
    """What is hot at an instant, and what is told beside it."""
    answer = asked.ask("hotspots", "--at", asked.at(back), "--json")
    assert answer.code == 0, answer.err
    return answer.json, answer.err


def traced(asked: Loaded, back: float = 0) -> tuple[dict[str, float], dict[str, Any]]:
    """The probability of each source for PM2.5 at the hot station, and the whole answer."""
    answer = asked.ask("trace", "--station", HOT, "--parameter", "pm25", "--at", asked.at(back), "--json")
    assert answer.code == 0, answer.err
    found = {one["code"]: one["probability"] for one in answer.json["sources"]}
    assert math.isclose(sum(found.values()) + answer.json["none"]["probability"], 1, abs_tol=0.01)
    return found, answer.json


def noted(answer: dict[str, Any]) -> set[str]:
    """What an answer's reader is told."""
    return {one["code"].removeprefix("sources.note.") for one in answer["notes"]}


def forecast(asked: Loaded, back: float = 0, *more: str) -> tuple[dict[str, float], str]:
    """How wide the intervals are (logarithm), by parameter, and what is told beside them; rows are held to reason."""
    answer = asked.ask("forecast", "--at", asked.at(back), "--csv", *more)
    assert answer.code == 0, answer.err
    wide: dict[str, list[float]] = {}
    for row in answer.csv:
        value, low, high = (float(row[name]) for name in ("value", "low", "high"))
        assert 0 <= low <= value <= high
        assert math.isfinite(high)
        wide.setdefault(row["parameter"], []).append(math.log(max(high, 0.1) / max(low, 0.1)))
    return {code: float(np.mean(several)) for code, several in wide.items()}, answer.err


def findings(asked: Loaded) -> set[tuple[str, str, str]]:
    """What the checks over days find in all of it: station, parameter and kind."""
    assert asked.ask("quality", "check", "--at", asked.at()).code == 0
    answer = asked.ask("quality", "--at", asked.at(), "--from", asked.at(23 * 24), "--json")
    assert answer.code == 0, answer.err
    return {(row["station"], row["parameter"], row["reason"]) for row in answer.json}


def test_unspoilt_the_fire_is_found_and_named(whole: Loaded) -> None:
    rows, told = hot(whole)
    assert rows[0]["heat"] in ("hot", "strong")
    assert "no station had" not in told
    sources, answer = traced(whole)
    assert max(sources, key=lambda code: sources[code]) == BURNS
    assert sources[BURNS] > 0.5
    assert answer["none"]["probability"] < 0.2
    wide, told = forecast(whole)
    assert set(wide) == {"pm25", "no2", "o3"}
    assert "said" not in told
    assert not [one for one in findings(whole) if one[2] in ("peers", "departs")]


def test_a_gap_of_days(whole: Loaded, tmp_path: Path) -> None:
    def gap(data: Air) -> None:
        for values in (*data.values.values(), *data.weather.values()):
            values[GAP[0] * 24 : GAP[1] * 24] = np.nan

    holed = spoilt(tmp_path, gap)
    # Within it: nothing is hot, and that is because nobody saw.
    rows, told = hot(holed, INSIDE)
    assert rows == []
    assert all(
        f"{code}: no station had a valid value then, the newest ended 2018-01-16" in told
        for code in ("pm25", "o3")
    )
    sources, answer = traced(holed, INSIDE)
    assert {"no_readings", "no_wind"} <= noted(answer)
    assert "suspect" not in noted(answer)
    assert max(sources.values(), default=0) < 0.5
    # Less sure than when it knew the hours before, and says so.
    wide, told = forecast(holed, INSIDE)
    sure, _ = forecast(whole, INSIDE)
    assert all(wide[code] > 1.05 * sure[code] for code in wide)
    assert "no station has said anything for 73 h" in told
    hours = holed.ask(
        "quality", "hours", "--station", HOT, "--parameter", "o3", "--at", holed.at(INSIDE), "--json"
    )
    assert {row["state"] for row in hours.json[:20]} == {"lost"}
    assert hours.json[0]["causes"] == {"missing": 60}
    # After it all is as it was.
    assert hot(holed)[0][0]["heat"] in ("hot", "strong")
    assert traced(holed)[0][BURNS] > 0.5
    assert not [one for one in findings(holed) if one[2] in ("peers", "departs")]
    rates = holed.ask("quality", "rates", "--at", holed.at(), "--from", holed.at(23 * 24), "--json")
    assert 0.75 < max(row["capture"] for row in rates.json) < 0.88


@pytest.mark.parametrize("without", ["calm", "no wind"])
def test_calm_air_and_no_wind_at_all(whole: Loaded, tmp_path: Path, without: str) -> None:
    def still(data: Air) -> None:
        speed = data.weather["wind_speed"][-30:]
        speed[:] = np.where(np.isfinite(speed) & (without == "calm"), 0.1, np.nan)
        if without == "no wind":
            data.weather["wind_dir"][-30:] = np.nan

    held = spoilt(tmp_path, still)
    sources, answer = traced(held)
    assert {"calm": "calm", "no wind": "no_wind"}[without] in noted(answer)
    # Without a direction nobody is named with confidence, and an unknown source is the likelier the less is known.
    assert max(sources.values()) < 0.5
    assert answer["none"]["probability"] > 0.4 > traced(whole)[1]["none"]["probability"]
    assert hot(held)[0][0]["heat"] in ("hot", "strong")
    assert forecast(held)[0].keys() == {"pm25", "no2", "o3"}
    assert not [one for one in findings(held) if one[2] in ("peers", "departs")]


def test_one_dead_pollutant(whole: Loaded, tmp_path: Path) -> None:
    def dead(data: Air) -> None:
        data.values["no2"][10 * 24 :] = np.nan

    held = spoilt(tmp_path, dead)
    rows, told = hot(held)
    assert {row["parameter"] for row in rows} == {"pm25"}
    assert "no2: no station had a valid value then, the newest ended 2018-01-11" in told
    assert "pm25:" not in told
    sources, answer = traced(held)
    assert sources[BURNS] > 0.5
    dead_ = next(one for one in answer["notes"] if one["code"] == "sources.note.dead")
    assert "no2" in str(dead_)
    wide, told = forecast(held)
    sure, _ = forecast(whole)
    assert "no2: no station has said anything for 337 h" in told
    assert wide["no2"] > 1.05 * sure["no2"]
    assert "pm25" not in told.replace("training", "").split("no2: ")[1].split("\n")[0]
    hours = held.ask(
        "quality", "hours", "--station", "S00", "--parameter", "no2", "--at", held.at(), "--json"
    )
    assert {(row["state"], row["value"]) for row in hours.json[:20]} == {("lost", None)}


def test_an_instrument_that_is_stuck(tmp_path: Path) -> None:
    def stuck(data: Air) -> None:
        data.values["no2"][10 * 24 :] = 17.0

    held = spoilt(tmp_path, stuck)
    assert {row["parameter"] for row in hot(held)[0]} == {"pm25"}
    assert "no2: no station had a valid value then" in hot(held)[1]
    assert ("S00", "no2", "flat") in findings(held)
    assert traced(held)[0][BURNS] > 0.5
    assert forecast(held)[0].keys() == {"pm25", "no2", "o3"}


def test_a_station_that_lies(tmp_path: Path) -> None:
    def lie(data: Air) -> None:
        values, column = data.values["pm25"], list(data.stations).index("S01")
        values[-10 * 24 :, column] = 3 * values[2 * 24 : 12 * 24, column][::-1]

    held = spoilt(tmp_path, lie)
    rows, _ = hot(held)
    # What it says alone is watched at most; the fire, which two pollutants show, comes first.
    liar = [row for row in rows if row["stations"][0]["code"] == "S01"]
    assert all(row["heat"] == "watch" for row in liar)
    assert max(rows, key=lambda row: ["watch", "hot", "strong"].index(row["heat"]))["increment"] > 0
    assert traced(held)[0][BURNS] > 0.5
    # From the liar's own place nobody is named without doubt: first look at the instrument.
    answer = held.ask("trace", "--station", "S01", "--parameter", "pm25", "--at", held.at(8), "--json")
    assert answer.code == 0
    assert "lone" in noted(answer.json) or answer.json["none"]["probability"] > 0.3
    assert ("S01", "pm25", "peers") in findings(held)
    wide, _ = forecast(held)
    assert set(wide) == {"pm25", "no2", "o3"}


def test_positions_of_a_chinese_map(whole: Loaded, tmp_path: Path) -> None:
    def declared(pack: Path) -> None:
        city.shift_all(pack)
        text = (pack / "city.toml").read_text("utf-8")
        (pack / "city.toml").write_text(text.replace('datum = "WGS-84"', 'datum = "gcj02"'), "utf-8")

    def right(pack: Path) -> None:
        del pack

    # Declared, the answers are those of the same city in WGS-84.
    held = city.load(tmp_path / "declared", city.air(), spoil=declared)
    assert "given in GCJ-02 and have been converted" in held.loading[1].err
    mine, theirs = traced(held)[0], traced(whole)[0]
    assert all(math.isclose(mine[code], theirs[code], abs_tol=0.02) for code in mine)
    assert [row["code"] for row in hot(held)[0]] == [row["code"] for row in hot(whole)[0]]
    # Stations of one map and sources of another: told where anything can tell it, and no crash where nothing can.
    mixed = city.load(tmp_path / "mixed", city.air(), spoil=city.shift_stations)
    assert mixed.loading[1].code == 0
    sources, answer = traced(mixed)
    assert math.isclose(sum(sources.values()) + answer["none"]["probability"], 1, abs_tol=0.01)
    told = city.load(tmp_path / "told", city.air(), spoil=city.shift_stations_at_sources).loading[0].err
    assert "all miss the sources they stand at" in told


def test_a_station_far_from_where_it_says(tmp_path: Path) -> None:
    def swapped(pack: Path) -> None:
        path = pack / "stations.csv"
        lines = path.read_text("utf-8").splitlines()
        names = lines[0].split(",")
        row = dict(zip(names, lines[3].split(","), strict=True))
        row["lon"], row["lat"] = row["lat"], row["lon"]
        lines[3] = ",".join(row[name] for name in names)
        path.write_text("\n".join(lines) + "\n", "utf-8")

    held = city.load(tmp_path, city.air(days=1), spoil=swapped)
    loaded = held.loading[1]
    assert loaded.code == 1
    assert "stations.csv" in loaded.out
    assert "4" in loaded.out
