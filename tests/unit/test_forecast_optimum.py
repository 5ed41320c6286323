"""The value that is expected to lose least, and the season that ozone runs ahead with."""

from __future__ import annotations

import numpy as np

from backend.analysis.forecast import optimum
from backend.analysis.forecast.features import Array, season
from backend.analysis.forecast.model import QUANTILES


def two_states(low: float, high: float, share: float) -> Array:
    """(1, 28, 24) days of which ``share`` are high, the rest low, all alike by the hour."""
    found: Array = np.full((1, 28, 24), np.log(low), np.float32)
    found[0, np.arange(28) % 10 < 10 * share] = np.log(high)
    return found


def lines(value: float, wide: float = 1.0) -> Array:
    """(1, 3, Q) a distribution about a value."""
    spread = wide * (np.array(QUANTILES) - 0.5) * 2
    return np.broadcast_to(np.log(value) + spread, (1, 3, len(QUANTILES))).astype(np.float32)


def test_a_point_between_two_states_moves_to_the_likelier() -> None:
    between = 12.0
    down = optimum.moved(two_states(2, 60, 0.2), lines(between), 0.5)
    up = optimum.moved(two_states(2, 60, 0.8), lines(between), 0.5)
    assert down.shape == (1, 3)
    assert (down < -0.1).all()
    assert (up > 0.1).all()


def test_the_move_loses_less_over_the_days_that_were() -> None:
    block = two_states(2, 60, 0.7)
    move = float(optimum.moved(block, lines(12.0), 0.6)[0, 0])

    def error(point: float) -> float:
        return float(np.mean(2 * np.tanh(np.abs(point - block) / 2)))

    assert error(float(np.log(12.0)) + move) < error(float(np.log(12.0)))


def test_nothing_known_and_no_share_move_nothing() -> None:
    assert not optimum.moved(np.full((1, 28, 24), np.nan, np.float32), lines(9), 0.5).any()
    assert not optimum.moved(two_states(2, 60, 0.5), lines(9), 0.0).any()
    half = two_states(2, 60, 0.2)
    # An hour with silent ones on both sides.
    half[:, :, 23] = np.nan
    half[:, :, :2] = np.nan
    moved = optimum.moved(half, lines(12.0), 0.5)
    assert moved[0, 0] == 0
    assert moved[0, 2] != 0


def test_only_ozone_is_moved() -> None:
    assert optimum.share_of("o3") > 0
    assert optimum.share_of("pm25") == optimum.share_of("made_up") == 0


def test_the_sun_rises_in_spring_and_sinks_in_autumn() -> None:
    march, september = 1_521_500_000, 1_537_500_000
    noon = np.array([12.0, 0.0], np.float32)
    spring, autumn = (season(np.array([at, at]), noon) for at in (march, september))
    assert spring.shape == (2, 3)
    assert (spring[:, 0] > 0.4).all()
    assert (autumn[:, 0] < -0.4).all()
    # By day and by night apart.
    assert spring[0, 1] * spring[1, 1] < 0
