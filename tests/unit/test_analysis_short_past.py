"""What is usual where the past is short: an episode that was there from the beginning must not become the usual."""

from __future__ import annotations

import numpy as np
import pytest

from backend.analysis.hotspots.excess import Peers, usual
from backend.analysis.hotspots.heat import HOT
from backend.analysis.hotspots.look import Watch
from backend.store import Store
from tests.unit.hot_city import MIDDLE, SPACING, city, fill, hours, square
from tests.unit.small_city import HOUR, T

FULL = 336


def test_a_short_past_makes_no_episode_the_usual() -> None:
    x, y = square()
    peers = Peers.of(x, y, SPACING)
    values = hours(3)["pm25"].astype(np.float32)
    values[:, MIDDLE] *= 2.5
    clock = np.arange(len(values)) % 24
    whole = usual(values, clock, peers)
    short = usual(values, clock, peers, FULL)
    assert whole.offset[:, MIDDLE].mean() == pytest.approx(np.log(2.5), abs=0.4)
    assert short.offset[:, MIDDLE].mean() < 0.75 * whole.offset[:, MIDDLE].mean()
    assert (short.scale[:, MIDDLE] <= 2 * np.median(short.scale, axis=1)).all()
    # A whole past is believed as it is.
    long = np.tile(values, (5, 1))
    again = usual(long, np.arange(len(long)) % 24, peers, FULL)
    assert np.array_equal(again.offset, usual(long, np.arange(len(long)) % 24, peers).offset)


def test_an_episode_from_the_beginning_is_found_and_a_quiet_beginning_is_not_hot(store: Store) -> None:
    of = city(store)
    values = {code: array[-12:] for code, array in hours(6).items()}
    values["pm25"][:, MIDDLE] += 90
    values["pm10"][:, MIDDLE] += 140
    fill(store, of, values)
    with store.read() as conn:
        seen = Watch.of(conn, of).look(conn, T - HOUR, parameters=["pm25"])[0]
    hot = np.flatnonzero(seen.heat.level[-1] >= HOT).tolist()
    assert hot == [MIDDLE]


@pytest.mark.parametrize("back", [0, 3, 9])
def test_on_a_first_day_a_watch_that_goes_on_comes_to_what_a_fresh_one_does(store: Store, back: int) -> None:
    of = city(store)
    values = {code: array[-34:] for code, array in hours(6).items()}
    values["pm25"][-8:, MIDDLE] += 90
    fill(store, of, values)
    last = T - (1 + back) * HOUR
    with store.read() as conn:
        goes_on = Watch.of(conn, of)
        for at in range(last - 14 * HOUR, last + 1, HOUR):
            one = goes_on.look(conn, at, parameters=["pm25"])
        fresh = Watch.of(conn, of).look(conn, last, parameters=["pm25"])
    assert np.array_equal(one[0].heat.level[-1], fresh[0].heat.level[-1])
    assert np.allclose(one[0].heat.z[-1], fresh[0].heat.z[-1], equal_nan=True)
