"""Seats of one store see each other's work at once, and a store in which nothing happens is not asked anything."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import pytest

from backend.clock import ManualClock
from backend.desk import acts, overview
from backend.desk.desk import Desk
from backend.store import Store
from console.core import TICK
from tests.screens import seat_city as city
from tests.screens.seated import seat
from tests.screens.test_task_page import Walk, walk

__all__ = ["walk"]


@pytest.fixture
def filled(store: Store) -> Store:
    """The small piece of Heze with its alarms."""
    city.build(store)
    city.alarms(store)
    return store


async def test_the_board_shows_at_once_who_has_an_alarm_open(filled: Store, clock: ManualClock) -> None:
    assert TICK <= 1.0
    async with seat(filled, clock, "MD-S1") as seen:
        await seen.press("3")
        await seen.sees("锦绣花园工地")
        other = city.desk(filled, "HZ-V1", clock)
        acts.claim(other, "alarm", "2")
        await seen.tick()
        await seen.sees("王强")
        acts.release(other, "alarm", "2")
        await seen.tick()
        await seen.until(lambda: "王强" not in seen.text)


async def test_so_does_the_tasks_board(walk: Walk, store: Store, clock: ManualClock) -> None:
    walk.to("DISPATCHED")
    async with seat(store, clock, "P-990000-V") as seen:
        await seen.press("4")
        await seen.sees("样11镇")
        acts.claim(walk.desk(), "task", walk.id)
        await seen.tick()
        await seen.sees("样1县坐席一")


async def test_a_store_in_which_nothing_happens_is_not_asked(filled: Store, clock: ManualClock) -> None:
    asked: list[int] = []
    async with seat(filled, clock, "MD-S1") as seen:
        await seen.press("3")
        await seen.tick()
        stamp = seen.app.wiring.stamp

        def count(desk: Desk) -> Hashable:
            asked.append(1)
            return stamp(desk)

        seen.app.wiring = replace(seen.app.wiring, stamp=count)
        for _ in range(5):
            await seen.tick()
        assert asked == []
        with filled.bulk() as connection:
            connection.exec_driver_sql("UPDATE city_fact SET value = value || ' '")
        await seen.tick()
        assert asked == [1]


def test_renewing_a_claim_changes_nothing_that_is_seen(filled: Store, clock: ManualClock) -> None:
    mine, other = city.desk(filled, "MD-S1", clock), city.desk(filled, "HZ-V1", clock)
    before = overview.stamp(mine)
    acts.claim(mine, "alarm", "1")
    assert overview.stamp(mine) == before
    acts.claim(other, "alarm", "2")
    claimed = overview.stamp(mine)
    assert claimed != before
    clock.move(60)
    acts.claim(other, "alarm", "2")
    assert overview.stamp(mine) == claimed
    clock.move(130)
    assert overview.stamp(mine) == before
