"""Which places are hot: what a plume, a slow rise, a front and a broken instrument come to, and the statistics."""

from __future__ import annotations

import numpy as np
import pytest

from backend.analysis.hotspots.excess import Peers, usual
from backend.analysis.hotspots.gi import gi_star, of_pairs, together
from backend.analysis.hotspots.heat import HOT, NONE, STRONG, WATCH, patience
from backend.analysis.hotspots.interpolate import left_out, weigh
from backend.analysis.hotspots.robust import low, median, running, scores, spread
from backend.analysis.hotspots.rules import material, network_of, step_of
from tests.unit.hot_city import MIDDLE, SIDE, SPACING, hours, judged, square

LAST_DAY = slice(-24, None)


def test_gi_star_of_an_example_worked_by_hand() -> None:
    # n 5, mean 4, S = sqrt(130/5 - 16) = 3.16228. At x = 2 the neighbours within 1 are 2, 3, 10: (15 - 12) /
    # (S sqrt((5*3 - 9)/4)) = 3 / 3.87298; at x = 3 they are 3, 10: 5 / 3.87298; the far one is the mean itself.
    x, values = np.array([0.0, 1.0, 2.0, 3.0, 10.0]), np.array([1.0, 2.0, 3.0, 10.0, 4.0])
    found = gi_star(x, np.zeros(5), values, 1.0)
    assert found[2] == pytest.approx(0.774597, abs=1e-5)
    assert found[3] == pytest.approx(1.290994, abs=1e-5)
    assert found[4] == 0
    assert of_pairs(*together(x, np.zeros(5), 1.0), values) == pytest.approx(found)
    assert np.isnan(gi_star(x, np.zeros(5), np.full(5, 7.0), 1.0)).all(), "nothing differs: nothing is told"
    assert np.isnan(gi_star(x, np.zeros(5), values, 99.0)).all(), "everybody is everybody's neighbour"


def test_gi_star_leaves_the_silent_out() -> None:
    x, values = np.arange(6.0), np.array([1.0, 2.0, np.nan, 3.0, 10.0, 4.0])
    there = np.isfinite(values)
    known = gi_star(x[there], np.zeros(5), values[there], 1.0)
    found = of_pairs(*together(x, np.zeros(6), 1.0), values)
    assert np.isnan(found[2])
    assert found[there] == pytest.approx(known)


def test_a_middle_and_a_background_that_a_liar_does_not_move() -> None:
    nan = float("nan")
    told = np.array([[1.0, nan, 3.0, 2.0], [nan, nan, nan, nan], [5.0, nan, nan, nan]])
    assert median(told)[0] == 2
    assert np.isnan(median(told)[1])
    assert median(told)[2] == 5
    assert spread(np.array([1.0, 2.0, 3.0, 4.0, 500.0])) == pytest.approx(1.4826)
    assert low(np.array([0.0, 50, 51, 52, 53]), 20) == 50, "one that lies low makes no background"
    assert low(np.array([0.0, nan, 50, 51]), 20) == 50


def test_running_means_want_enough_values() -> None:
    nan = float("nan")
    column = np.array([[1.0], [nan], [nan], [4.0], [5.0]])
    assert running(column, 3, 0.6)[:, 0] == pytest.approx([nan, nan, nan, nan, 4.5], nan_ok=True)
    assert running(column, 1, 0.6)[:, 0] == pytest.approx([1, nan, nan, 4, 5], nan_ok=True)


def test_nothing_is_hot_where_nothing_happens() -> None:
    values = hours()
    assert (judged(values).level >= HOT).sum() == 0


def test_a_sudden_plume_is_hot_at_once_where_another_pollutant_bears_it_out() -> None:
    values = hours()
    values["pm25"][-6:, MIDDLE] += 120
    values["pm10"][-6:, MIDDLE] += 170
    heat = judged(values)
    assert heat.level[-7, MIDDLE] == NONE
    assert heat.level[-6, MIDDLE] >= HOT, "in its first hour"
    assert heat.level[-1, MIDDLE] == STRONG
    assert (np.delete(heat.level, MIDDLE, axis=1) >= HOT).sum() == 0


def test_at_the_edge_of_the_network_it_is_believed_an_hour_later() -> None:
    x, y = square()
    wait = patience(x, y, Peers.of(x, y, SPACING), 3600)
    assert wait[MIDDLE] == 1
    assert wait[0] == 2, "a front from outside is seen there first"
    values = hours()
    for code, extra in (("pm25", 120), ("pm10", 170)):
        values[code][-4:, 0] += extra
    level = judged(values).level[:, 0]
    assert level[-4] == WATCH
    assert level[-3] >= HOT


def test_one_instrument_that_reads_high_is_watched_and_not_hot() -> None:
    values = hours()
    values["pm25"][-8:, MIDDLE] *= 3
    heat = judged(values)
    assert heat.level[-1, MIDDLE] == WATCH
    assert heat.could[-1, MIDDLE]
    assert not heat.agrees[-1, MIDDLE]


def test_where_only_one_pollutant_is_measured_two_hours_must_say_so() -> None:
    values = {"pm25": hours()["pm25"]}
    values["pm25"][-3:, MIDDLE] += 150
    level = judged(values).level[:, MIDDLE]
    assert level[-3] == WATCH
    assert level[-2] >= HOT


def test_a_cloud_that_covers_the_region_is_not_hot() -> None:
    values = hours()
    for code, extra in (("pm25", 120.0), ("pm10", 150.0)):
        values[code][-10:] += extra
    assert (judged(values).level >= HOT).sum() == 0


def test_a_front_that_crosses_the_city_is_not_hot() -> None:
    values = hours()
    x, _ = square()
    lag = (x - x.min()) / 4.0 / 3600
    at = np.arange(24)[:, None] - 10 - lag[None, :]
    for code, extra in (("pm25", 100.0), ("pm10", 130.0)):
        values[code][-24:] += extra * np.clip(at + 1, 0, 1)
    assert (judged(values).level >= HOT).sum() <= 2


def test_a_weak_increment_that_lasts_is_found() -> None:
    values = hours()
    values["pm25"][-24:, MIDDLE] += 22
    values["pm10"][-24:, MIDDLE] += 33
    heat = judged(values)
    assert heat.level[-1, MIDDLE] >= HOT
    assert heat.window[-1, MIDDLE] == 3, "the day's mean says so, no single hour"


def test_a_station_that_always_reads_high_is_no_news() -> None:
    values = hours()
    for array in values.values():
        array[:, MIDDLE] *= 1.6
    assert (judged(values).level[:, MIDDLE] >= HOT).sum() == 0


def test_gaps_and_dead_pollutants_break_nothing() -> None:
    values = hours()
    values["pm10"][:] = np.nan
    values["pm25"][-80:-30] = np.nan
    values["pm25"][-24:, :30] = np.nan
    values["pm25"][-3:, MIDDLE] = 300
    heat = judged(values)
    assert heat.level.shape == (24, SIDE**2)
    assert np.isnan(heat.z[-1, 0])
    values["pm25"][:] = np.nan
    assert (judged(values).level == NONE).all()


def test_a_pollutant_that_always_reads_the_same_breaks_nothing() -> None:
    values = hours()
    values["pm10"][:] = 2.0
    values["pm25"][-3:, MIDDLE] += 120
    assert judged(values).level[-1, MIDDLE] == WATCH, "the other one is measured and does not follow"
    assert (judged(values, "pm10").level == NONE).all()


def test_scores_of_the_last_day() -> None:
    increments = np.zeros((24, 11))
    increments[10:16, 0] = 50
    increments[::4, 1] = 50
    increments[:, 2] = np.nan
    mean, often, longest = scores(increments)
    assert mean[0] == mean[1] == pytest.approx(12.5)
    assert often[0] == often[1] == pytest.approx(0.25)
    assert (longest[0], longest[1]) == (6, 1)
    assert np.isnan(mean[2])


def test_weights_between_stations() -> None:
    x, y = square()
    plane = 40 + x / 1000 + 2 * y / 1000
    weights = weigh(x, y, x, y, SPACING)
    assert weights.weight.sum(axis=1) == pytest.approx(np.ones(SIDE**2))
    assert (weights.weight >= 0).all()
    middle = np.array([x[MIDDLE] + 1500.0]), np.array([y[MIDDLE] + 1500.0])
    between = weigh(x, y, *middle, SPACING)
    told = 40 + middle[0] / 1000 + 2 * middle[1] / 1000
    assert between.apply(plane) == pytest.approx(told, abs=1.0)
    errors = np.abs(left_out(x, y, plane, SPACING) - plane)
    assert np.median(errors) < 3, "of a slope of 3 to 6 from station to station"


def test_nobody_speaks_for_what_is_far_or_on_one_side_only() -> None:
    x, y = square()
    right = float(x.max())
    to_x = np.array([right + 100, right + 1.4 * SPACING, right + 2.5 * SPACING, x[MIDDLE] + 100])
    to_y = np.full(4, float(y[MIDDLE]))
    weights = weigh(x, y, to_x, to_y, SPACING)
    assert weights.one_sided.tolist()[1:] == [True, True, False]
    assert weights.blind(SPACING).tolist() == [False, True, True, False]


def test_the_silent_are_passed_over() -> None:
    x, y = square()
    there = np.ones(SIDE**2, dtype=bool)
    there[MIDDLE] = False
    values = np.where(there, 50.0, np.nan)
    weights = weigh(x, y, x, y, SPACING).among(there)
    assert weights.apply(values)[MIDDLE] == pytest.approx(50)
    assert weights.far[MIDDLE] > 2000
    nobody = weights.among(np.zeros(SIDE**2, dtype=bool))
    assert np.isnan(nobody.apply(values)).all()
    assert nobody.blind(SPACING).all()


def test_lengths_and_steps_go_with_the_spacing() -> None:
    assert step_of(5000, 3600) == 3600
    assert step_of(float("nan"), 3600) == 3600
    assert step_of(50, 60) == 60
    assert step_of(300, 60) == 300
    assert step_of(5000, 300) == 3600
    assert step_of(50, 900) == 900


def test_figures_hold_in_their_own_unit_only() -> None:
    assert material("pm25", "µg/m³") == 30
    assert material("pm25", "ug/m3") == material("pm25", "\u03bcg/m³") == 30
    assert material("pm25", "mg/m³") is None
    assert material("ch4", "ppm") is None
    assert network_of("township_air") == "air"
    assert network_of("their_own") == "their_own"


def test_where_a_tracer_is_mostly_nothing_nothing_is_not_watched() -> None:
    """PMCH in steps of 15.6: a place at the background of 0 is on no list, whatever it showed a day before."""
    random = np.random.default_rng(3)
    values = np.where(random.random((60, 12)) < 0.06, 15.6 * random.integers(2, 40, (60, 12)), 0.0)
    x, y = np.arange(12) * 3000.0, np.zeros(12)
    peers = Peers.of(x, y, 3000.0)
    learned = usual(values.astype(np.float32), np.arange(60) % 24, peers)
    assert learned.material > 15
