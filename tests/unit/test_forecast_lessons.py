"""What the last weeks teach an issue: nothing later, the right direction, and intervals that hold their share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.analysis.forecast import features, lessons, training
from backend.analysis.forecast.features import HOURS
from backend.analysis.forecast.history import HOUR, History
from backend.analysis.forecast.model import Part, prior
from backend.analysis.forecast.points import points
from backend.analysis.forecast.predicting import issue_part

START = 1_514_764_800
DAYS = 70


def made(days: int = DAYS, *, seed: int = 4, noise: float = 0.3) -> History:
    """Stations about a region whose spells last for a day or two."""
    dice = np.random.default_rng(seed)
    hours = days * HOURS
    spell = np.zeros(hours)
    for hour in range(1, hours):
        spell[hour] = 0.98 * spell[hour - 1] + dice.normal(0, 0.12)
    lines = 3.5 + spell[:, None] + dice.normal(0, noise, (hours, 8))
    times = START + HOUR * np.arange(hours, dtype=np.int64)
    codes = tuple(f"S{n}" for n in range(8))
    values = {"pm25": np.exp(lines).astype(np.float32)}
    return History(times, codes, np.full(8, 116, np.float32), values, {"pm25": 1.0})


def part(**changed: object) -> Part:
    return replace(prior().part("pm25"), **changed)  # type: ignore[arg-type]


def biased(by: float) -> Part:
    """A model that is too high or too low by as many of the spread, at every lead."""
    told = part()
    weights = told.weights.copy()
    weights[: len(features.KNOTS)] += by
    return replace(told, weights=weights)


def test_nothing_that_comes_later_is_looked_at() -> None:
    history = made()
    at = 60 * HOURS
    one = lessons.learn(history, "pm25", part(), at)
    values = history.values["pm25"].copy()
    values[at:] *= 7
    later = lessons.learn(replace(history, values={"pm25": values}), "pm25", part(), at)
    cut = lessons.learn(history.until(START + at * HOUR), "pm25", part(), at)
    for other in (later, cut):
        for name in ("departure", "week", "shift", "width"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("by", [0.6, -0.6])
def test_a_model_that_is_too_high_is_brought_down_and_one_too_low_up(by: float) -> None:
    history, at = made(), 60 * HOURS
    plain = lessons.learn(history, "pm25", part(), at)
    taught = lessons.learn(history, "pm25", biased(by), at)
    assert (np.sign(by) * (taught.shift - plain.shift) < 0).all()


def test_a_model_that_is_wrong_loses_less_by_its_lessons() -> None:
    history, wrong = made(), biased(0.6)
    lost: dict[bool, list[float]] = {True: [], False: []}
    for day in range(50, 68, 2):
        truth = history.logs["pm25"][day * HOURS : (day + 2) * HOURS].T
        for adapt, found in lost.items():
            said = np.log(issue_part(history, "pm25", wrong, day * HOURS, 48, adapt=adapt).value)
            found.append(float(np.mean(2 * np.tanh(np.abs(said - truth) / 2))))
    assert np.mean(lost[True]) < np.mean(lost[False])


@pytest.mark.parametrize("factor", [0.45, 2.0])
def test_intervals_of_the_wrong_width_come_to_hold_their_share(factor: float) -> None:
    history = made()
    told = part(residuals=(prior().part("pm25").residuals * factor).astype(np.float32))
    inside: dict[bool, list[float]] = {True: [], False: []}
    for day in range(52, 68, 2):
        truth = history.values["pm25"][day * HOURS : (day + 2) * HOURS].T
        for adapt, found in inside.items():
            said = issue_part(history, "pm25", told, day * HOURS, 48, adapt=adapt)
            found.append(float(((truth >= said.low) & (truth <= said.high)).mean()))
    assert abs(np.mean(inside[False]) - 0.8) > 0.1
    assert abs(np.mean(inside[True]) - 0.8) < 0.6 * abs(np.mean(inside[False]) - 0.8)


def test_lessons_go_over_into_each_other_from_hour_to_hour() -> None:
    line = np.array([1, 0.8, 0.6, 0.5], np.float32)
    told = lessons.Lessons(line, line, line, line)
    departure = told.at(np.arange(72))[0]
    assert departure[0] == 1
    assert departure[-1] == 0.5
    assert np.abs(np.diff(departure)).max() < 0.05
    assert (np.diff(departure) <= 0).all()


def test_where_there_are_no_days_nothing_is_taught_but_the_interval_is_wider() -> None:
    history = made(30)
    cold = lessons.learn(history, "pm25", part(), 5 * HOURS)
    assert (cold.departure == 1).all()
    assert not cold.week.any()
    assert not cold.shift.any()
    assert (cold.width > 1).all()


def test_a_silent_day_teaches_nothing_and_breaks_nothing() -> None:
    history = made()
    values = history.values["pm25"].copy()
    values[44 * HOURS : 59 * HOURS] = np.nan
    silent = replace(history, values={"pm25": values})
    told = lessons.learn(silent, "pm25", part(), 60 * HOURS)
    assert all(np.isfinite(line).all() for line in (told.departure, told.week, told.shift, told.width))
    values[:] = np.nan
    values[59 * HOURS :] = 30
    assert np.isfinite(lessons.learn(silent, "pm25", part(), 60 * HOURS).width).all()


def test_points_are_those_of_the_weights_and_the_week_is_its_median() -> None:
    history, at = made(), 40 * HOURS
    lead = np.array([3, 27], np.int64)
    said = points(history, "pm25", part(), np.array([at]), np.array([2]), np.zeros(2, np.int64), lead)
    expected = np.median(history.logs["pm25"][at - 7 * HOURS : at, 2].reshape(7, HOURS)[:, 3])
    np.testing.assert_allclose(said.week, expected, atol=0.02)
    assert not said.knowing.any()


def test_the_regions_other_pollutants_are_known_and_only_from_before() -> None:
    history = made()
    both = replace(
        history,
        values={**history.values, "no2": history.values["pm25"] * 2},
        floors={"pm25": 1.0, "no2": 1.0},
    )
    at, which = np.array([50 * HOURS]), np.array([0])
    others = training.batch(both, "pm25", at, which, use_weather=False).others[0]
    windows = len(features.COMPANION_WINDOWS)
    no2, so2 = (features.COMPANIONS.index(code) * windows for code in ("no2", "so2"))
    assert others[no2 : no2 + windows].any()
    assert not others[so2 : so2 + windows].any()
    later = {code: values.copy() for code, values in both.values.items()}
    later["no2"][50 * HOURS :] *= 5
    again = training.batch(replace(both, values=later), "pm25", at, which, use_weather=False).others[0]
    np.testing.assert_array_equal(others, again)


def test_the_sums_between_knots_are_those_over_all_columns() -> None:
    sample = training.draw(made(), "pm25", 300, 6, seed=3)
    assert sample is not None
    told = part()
    weights, without = training.fit(sample, told.weights.astype(np.float64), 500.0, [sample.origin % 2 == 0])
    target = (sample.truth - sample.centre) / sample.spread
    parts = training._between_knots(sample)
    weight = np.linspace(0.5, 2, len(target)).astype(np.float32)
    left, right = training._sums(parts, weight, target, sample.design.shape[1])
    weighted = sample.design * weight[:, None]
    np.testing.assert_allclose(left, sample.design.T @ weighted, rtol=1e-3, atol=2e-2)
    np.testing.assert_allclose(right, weighted.T @ target, rtol=1e-3, atol=2e-2)
    said = training._said(parts, weights, len(target))
    np.testing.assert_allclose(said, sample.design @ weights, rtol=1e-3, atol=1e-4)
    assert len(without) == 1
