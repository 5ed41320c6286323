"""The replay's time: at the speed that was asked for, waiting where the machine does not keep up."""

from __future__ import annotations

from typing import cast

import pytest
from sqlalchemy import insert, update

from backend.clock import ScaledClock
from backend.demo.pace import AHEAD, WINDOW, Hand, PacedClock, Pacer
from backend.demo.side import Side
from backend.feeds.fault import FeedError
from backend.feeds.tables import Feed, FeedHealth
from backend.store import Store, table
from tests.conftest import START

HEALTH = table(FeedHealth)


class Listener:
    """Stands for the city's side: notes what time it is told, or does not answer."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.gone = False
        self.waits: int | None = None

    def move(self, now: int) -> int | None:
        if self.gone:
            raise FeedError("feed.http.connect")
        self.told.append(now)
        return self.waits


@pytest.fixture
def listener() -> Listener:
    return Listener()


def pacer(store: Store, listener: Listener, speed: float) -> tuple[Pacer, PacedClock]:
    clock = PacedClock(START, 0.0, speed, hand=Hand(START))
    return Pacer(store, clock, cast(Side, listener)), clock


def feed_due(store: Store, at: int) -> None:
    with store.write() as connection:
        connection.execute(
            insert(table(Feed)).values(**Feed(id=1, code="air", adapter="mapped").model_dump())
        )
        connection.execute(insert(HEALTH).values(**FeedHealth(feed=1, next_at=at).model_dump()))


def test_both_clocks_move_together_and_nothing_of_the_time_is_lost(store: Store, listener: Listener) -> None:
    feed_due(store, START + 9 * AHEAD)
    pace, clock = pacer(store, listener, 60.0)
    left = 0.0
    for _ in range(40):
        left = pace.move(0.26 + left)
        assert listener.told[-1] == clock.now()
    assert clock.now() == START + int(40 * 0.26 * 60)


def test_the_time_waits_for_a_poll_that_is_due_and_goes_on_after_it(store: Store, listener: Listener) -> None:
    feed_due(store, START + 600)
    pace, clock = pacer(store, listener, 3600.0)
    for _ in range(5):
        pace.move(1.0)
    assert clock.now() == START + 600 + AHEAD
    with store.write() as connection:
        connection.execute(update(HEALTH).values(next_at=START + 99 * AHEAD))
    pace.move(1.0)
    assert clock.now() == START + 600 + AHEAD + 3600


def test_the_time_waits_for_a_push_that_is_on_its_way_and_goes_on_after_it(
    store: Store, listener: Listener
) -> None:
    feed_due(store, START + 99 * AHEAD)
    pace, clock = pacer(store, listener, AHEAD)
    listener.waits = START
    for _ in range(5):
        pace.move(1.0)
    assert clock.now() == START + AHEAD
    listener.waits = None
    # It asks how the push goes while it stands still, then moves on.
    pace.move(1.0)
    pace.move(1.0)
    assert clock.now() == START + 2 * AHEAD


def test_a_city_that_is_gone_while_it_pushes_holds_nothing_up(store: Store, listener: Listener) -> None:
    feed_due(store, START + 99 * AHEAD)
    pace, clock = pacer(store, listener, 3600.0)
    listener.waits = START
    pace.move(1.0)
    listener.gone = True
    pace.move(1.0)
    pace.move(1.0)
    assert clock.now() == START + 2 * 3600


def test_a_feed_that_is_off_holds_nothing_up(store: Store, listener: Listener) -> None:
    feed_due(store, START - 9 * AHEAD)
    with store.write() as connection:
        connection.execute(update(table(Feed)).values(enabled=False))
    pace, clock = pacer(store, listener, 60.0)
    pace.move(AHEAD / 60)
    assert clock.now() == START + AHEAD


def test_it_is_told_how_fast_the_time_goes_where_it_waits_and_no_more_when_it_does_not(
    store: Store, listener: Listener
) -> None:
    feed_due(store, START + 100)
    pace, clock = pacer(store, listener, 60.0)
    for _ in range(int(WINDOW)):
        assert clock.slowed() == 0.0
        pace.move(1.0)
    # Of ten minutes that were wished for four hundred seconds went by.
    assert clock.now() == START + 100 + AHEAD
    assert clock.slowed() == pytest.approx(40.0)
    with store.write() as connection:
        connection.execute(update(HEALTH).values(next_at=START + 99 * AHEAD))
    for _ in range(int(WINDOW)):
        assert clock.slowed() == pytest.approx(40.0)
        pace.move(1.0)
    assert clock.slowed() == 0.0


def test_time_goes_on_where_the_city_does_not_answer(store: Store, listener: Listener) -> None:
    listener.gone = True
    pace, clock = pacer(store, listener, 60.0)
    pace.move(1.0)
    assert clock.now() == START + 60


def test_the_jobs_learn_the_speed_from_the_clock() -> None:
    clock = PacedClock(START, 0.0, 60.0, hand=Hand(START))
    assert isinstance(clock, ScaledClock)
    assert clock.speed == 60.0
