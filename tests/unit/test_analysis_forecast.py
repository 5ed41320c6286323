"""Forecasts: nothing later is used, distributions are sane, models are kept safely, bad input is borne."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from backend.analysis.forecast import features, levels, model, packing, rules, scoring
from backend.analysis.forecast.history import DAY, HOUR, History
from backend.analysis.forecast.making import train
from backend.analysis.forecast.model import Model, ModelError, load, parse, prior, save, written
from backend.analysis.forecast.predicting import Issue, issue
from backend.standards import aqi

START = 1_514_764_800
"""2018-01-01T00:00Z."""


def made(
    days: int = 40, stations: int = 6, *, seed: int = 1, codes: tuple[str, ...] = ("pm25", "o3")
) -> History:
    """A region with a daily course, spells of several days, and stations that differ a little."""
    dice = np.random.default_rng(seed)
    hours = days * 24
    values = {}
    for turn, code in enumerate(codes):
        spell = np.zeros(hours)
        for hour in range(1, hours):
            spell[hour] = 0.97 * spell[hour - 1] + dice.normal(0, 0.12)
        course = 0.5 * np.sin((np.arange(hours) - 6 * turn) * 2 * np.pi / 24)
        lines = 3.5 + course[:, None] + spell[:, None] + dice.normal(0, 0.1, (hours, stations))
        values[code] = np.exp(lines + dice.normal(0, 0.2, stations)).astype(np.float32)
    lon = np.linspace(116, 117, stations).astype(np.float32)
    times = START + HOUR * np.arange(hours, dtype=np.int64)
    return History(times, tuple(f"S{n}" for n in range(stations)), lon, values, dict.fromkeys(codes, 1.0))


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few samples and days to check: what is proved here hangs on neither."""
    monkeypatch.setitem(rules.rules()["training"], "states", 400)
    monkeypatch.setitem(rules.rules()["skill"], "days", 5)


@cache
def usual() -> tuple[History, Model]:
    """Forty days and what they teach: for tests that only look at them."""
    history = made()
    return history, train(history, check=False)


@cache
def file() -> str:
    """A model's file."""
    return written(train(made(10), check=False))


def same(one: Issue, other: Issue) -> bool:
    return all(
        np.array_equal(getattr(part, name), getattr(other.parts[code], name), equal_nan=True)
        for code, part in one.parts.items()
        for name in ("value", "low", "high", "quantiles")
    )


def test_what_comes_later_changes_nothing() -> None:
    whole = made(40)
    at = START + 33 * DAY
    cut = whole.until(at)
    assert len(cut.times) == 33 * 24
    learned = train(whole.until(at))
    assert written(learned) == written(train(cut))
    one = issue(whole, learned, at, 72)
    assert same(one, issue(cut, learned, at, 72))
    other = {code: values.copy() for code, values in whole.values.items()}
    for values in other.values():
        values[33 * 24 :] *= 9
    later = History(whole.times, whole.codes, whole.lon, other, whole.floors)
    assert same(one, issue(later, learned, at, 72))


def test_every_hour_has_a_value_within_its_interval() -> None:
    history, learned = usual()
    told = issue(history, learned, START + 40 * DAY, 72)
    for part in told.parts.values():
        assert part.value.shape == (6, 72)
        assert np.isfinite(part.value).all()
        assert (part.low <= part.value).all()
        assert (part.value <= part.high).all()
        assert (part.low > 0).all()
        assert (np.diff(part.quantiles, axis=2) >= 0).all()


def test_it_learns_what_persists(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a region whose spells last for days, it beats the same hour's median clearly, and its intervals hold."""
    monkeypatch.setitem(rules.rules()["skill"], "days", 14)
    history = made(70, seed=3, codes=("pm25",))
    skill = train(history).parts["pm25"].skill
    assert skill.days >= 10
    assert skill.ours is not None
    assert skill.climatology is not None
    assert skill.ours < 0.9 * skill.climatology
    assert skill.coverage is not None
    assert 0.6 < skill.coverage < 0.97


@pytest.mark.parametrize("days", [0, 1, 2, 5, 15])
def test_a_cold_start_falls_back_on_the_prior(days: int) -> None:
    history = made(max(days, 1)).until(START + days * DAY)
    told = train(history)
    cut = issue(history, told, START + days * DAY, 24)
    if days:
        assert np.isfinite(cut.parts["pm25"].value).all()
    else:
        assert not any(np.isfinite(part.value).any() for part in cut.parts.values())


def test_gaps_a_dead_pollutant_and_a_dead_station_are_borne() -> None:
    history = made(40)
    values = {code: array.copy() for code, array in history.values.items()}
    values["pm25"][20 * 24 : 32 * 24] = np.nan
    values["pm25"][-30:, 2] = np.nan
    values["pm25"][:, 4] = np.nan
    values["o3"][10 * 24 :] = np.nan
    broken = History(history.times, history.codes, history.lon, values, history.floors)
    cut = issue(broken, train(broken), START + 40 * DAY, 72)
    known = np.isfinite(cut.parts["pm25"].value).all(axis=1)
    assert known.tolist() == [True, True, True, True, False, True]
    ozone = cut.parts["o3"]
    assert np.isfinite(ozone.value).all()
    assert (ozone.value < 400).all()


def test_negative_values_and_zeros_are_borne() -> None:
    history = made(30)
    values = {code: array.copy() for code, array in history.values.items()}
    values["pm25"][::7] = -3
    values["pm25"][::5] = 0
    odd = History(history.times, history.codes, history.lon, values, history.floors)
    learned = train(odd)
    assert np.isfinite(issue(odd, learned, START + 30 * DAY, 72).parts["pm25"].value).all()


def test_a_parameter_that_nobody_knows_has_the_generic_prior() -> None:
    history = made(20, codes=("ch4",))
    assert np.isfinite(issue(history, prior(), START + 20 * DAY, 72).parts["ch4"].value).all()


def test_weather_is_used_only_where_it_helps() -> None:
    history = made(60, codes=("pm25",))
    dice = np.random.default_rng(2)
    noise = {
        name: dice.normal(0, 3, len(history.times)).astype(np.float32) for name in ("east", "north", "speed")
    }
    blown = History(history.times, history.codes, history.lon, history.values, history.floors, noise)
    told = train(blown, check=False)
    assert np.isfinite(issue(blown, told, START + 60 * DAY, 72).parts["pm25"].value).all()


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    history = made(30)
    told = train(history)
    save(told, tmp_path / "deep" / "model.txt")
    read = load(tmp_path / "deep" / "model.txt")
    at = START + 30 * DAY
    one, other = (
        issue(history, told, at, 24).parts["o3"].value,
        issue(history, read, at, 24).parts["o3"].value,
    )
    np.testing.assert_allclose(one, other, rtol=1e-3)
    assert read.parts["o3"].skill == told.parts["o3"].skill
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["model.txt"]


@pytest.mark.parametrize("damage", ["cut", "bit", "version", "shape", "empty", "none"])
def test_a_damaged_model_is_told(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "model.txt"
    text = file()
    path.write_text(text, "utf-8")
    if damage == "none":
        path.unlink()
    elif damage in ("version", "shape"):
        body = text.partition("\n")[2].rstrip("\n")
        body = (
            body.replace(f'"version":{model.VERSION}', '"version":99')
            if damage == "version"
            else body.replace("[[[", "[[", 1)
        )
        path.write_text(hashlib.sha256(body.encode()).hexdigest() + "\n" + body + "\n", "utf-8")
    else:
        path.write_text(
            {"cut": text[: len(text) // 2], "bit": text.replace("1", "2", 5), "empty": ""}[damage], "utf-8"
        )
    with pytest.raises(ModelError):
        load(path)


def test_the_prior_is_whole() -> None:
    told = prior()
    assert {"pm25", "pm10", "o3", "no2", "co", "so2", model.GENERIC} <= told.parts.keys()
    with pytest.raises(ModelError):
        parse("nothing\n{}")


def test_smape_is_the_tasks() -> None:
    forecast = np.array([0.0, 10.0, 30.0, 5.0, 5.0], np.float32)
    truth = np.array([0.0, 10.0, 10.0, np.nan, -2.0], np.float32)
    found = scoring.smape(forecast, truth)
    np.testing.assert_allclose(found[:3], [0, 0, 1])
    assert np.isnan(found[3:]).all()


def test_climatology_is_the_same_hours_median_of_seven_days() -> None:
    history = made(12)
    values = history.values["pm25"]
    at = 10 * 24
    said = scoring.climatology(history, "pm25", at, 48)
    expected = np.median([values[at - 24 * back + 5, 3] for back in range(1, 8)])
    assert said[3, 5] == pytest.approx(expected)
    assert said[3, 29] == pytest.approx(expected)


def test_quantiles_leave_out_what_is_missing() -> None:
    values = np.array([[3.0, np.nan, 1.0, 2.0], [np.nan] * 4, [5.0, np.nan, np.nan, np.nan]], np.float32)
    found = features.median(values)
    assert found[0] == 2
    assert np.isnan(found[1])
    assert found[2] == 5


def test_packing_keeps_a_third_of_a_thousandth() -> None:
    lines = [np.array([0.0, 0.5, 33.3, 1800.0, np.nan], np.float32) * factor for factor in (1, 0.5, 2)]
    found = packing.unpack(packing.pack(*lines))
    np.testing.assert_allclose(found, np.stack(lines), rtol=4e-4, atol=2e-4)


@pytest.mark.parametrize("edition", ["2012", "2026"])
def test_indices_of_many_are_those_of_one(edition: str) -> None:
    for item in aqi.items(edition, "daily"):
        _key, table = item.reads[0]
        values = np.array([0, 0.04, 0.5, 1, 34.5, 35, 60, 75.49, 115, 149.5, 260, 799, 801, 5000], np.float32)
        many = levels.sub_index(edition, table, values)
        for value, index in zip(values.tolist(), many.tolist(), strict=True):
            one = aqi.sub_index(edition, table, round(value, 4))
            assert (one is None) == np.isnan(index)
            assert one is None or one == index


def test_level_probabilities_are_whole_and_follow_the_air() -> None:
    from zoneinfo import ZoneInfo

    history = made(40, codes=("pm25", "pm10"))
    values = {code: array.copy() for code, array in history.values.items()}
    values["pm25"][:, 0] *= 8
    dirty = History(history.times, history.codes, history.lon, values, history.floors)
    cut = issue(dirty, prior(), START + 40 * DAY - 6 * HOUR, 72)
    days = levels.day_levels(dirty, cut, ZoneInfo("Asia/Shanghai"))
    assert len(days) == 3
    assert [day.known for day in days] == [2, 0, 0]
    for day in days:
        np.testing.assert_allclose(day.shares.sum(axis=1), 1, atol=1e-5)
        assert (day.index[:, 1] <= day.index[:, 0]).all()
        assert (day.index[:, 0] <= day.index[:, 2]).all()
        assert day.index[0, 0] > day.index[1:, 0].max()
    assert days[1].primary[0] == "pm25"
