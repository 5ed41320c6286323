"""What stands around every screen: counts of one's own jurisdiction, and the orders that touch it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from backend.city.tables import StandingOrder
from backend.clock import ManualClock
from backend.desk.around import around
from backend.store import Store, table
from tests.screens import seat_city

NOW = seat_city.NOW


@pytest.fixture
def city(store: Store) -> Store:
    """The small city with its alarms."""
    seat_city.build(store)
    seat_city.alarms(store)
    return store


def _order(store: Store, code: str, **more: Any) -> None:
    row = {
        "code": code,
        "kind": "warning",
        "level": "orange",
        "title": code,
        "scope_kind": "grid",
        "scope": "371702",
        "starts": NOW - 3600,
        "ends": NOW + 3600,
        "issued_by": "",
        "text": "",
        "made_up": False,
    }
    with store.write() as connection:
        connection.execute(insert(table(StandingOrder)), [row | more])


def test_counts_are_of_ones_own_grid_and_below(city: Store) -> None:
    from backend.desk import overview

    desk = seat_city.desk(city, "MD-S1", ManualClock(NOW))
    found = around(desk)
    waiting = [need for need in overview.needs(desk) if need.kind == "alarm"]
    assert found.alarms == len(waiting)
    assert found.alarms > 0
    assert found.critical == sum(need.priority == "critical" for need in waiting)
    assert found.centre
    assert sum(found.feeds.values()) > 0
    assert not found.flood


def test_orders_in_force_that_touch_the_grid(city: Store) -> None:
    _order(city, "COUNTY")
    _order(city, "CITY", scope="371700")
    _order(city, "TOWNSHIP", scope="371702001")
    _order(city, "ELSEWHERE", scope="371703")
    _order(city, "PAST", ends=NOW)
    _order(city, "FUTURE", starts=NOW + 1)
    _order(city, "OPEN-ENDED", ends=None, starts=NOW - 7200)
    _order(city, "SITE", scope_kind="source", scope="GD-S1|nobody")
    found = around(seat_city.desk(city, "MD-S1", ManualClock(NOW)))
    assert {order.code for order in found.orders} == {"COUNTY", "CITY", "TOWNSHIP", "OPEN-ENDED", "SITE"}
    assert next(order.scope for order in found.orders if order.code == "COUNTY") == "牡丹区"


def test_no_orders_no_lines(city: Store) -> None:
    assert around(seat_city.desk(city, "MD-S1", ManualClock(NOW))).orders == []
