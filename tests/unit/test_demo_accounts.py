"""The accounts of a headless run: what is lost or doubled shows, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, insert

from backend.city.tables import Parameter, Station
from backend.demo import accounts
from backend.feeds.tables import Feed, FeedHealth
from backend.store import Store, table
from backend.store.model import Row
from backend.store.tables import Reading
from backend.tasks.tables import Act
from tests.conftest import START

HOUR = 3600
SERVED: list[list[Any]] = [
    ["A1", "pm25", START, HOUR, 35.0, False],
    ["A1", "pm10", START, HOUR, 80.0, False],
    ["A1", "so2", START, HOUR, 3.0, True],
]


@pytest.fixture
def kept(store: Store) -> Store:
    """A store that holds exactly what was served, and an hour that has no value."""
    with store.write() as connection:
        _put(connection, Station(id=1, code="A1", name="站", kind="air"))
        for number, name in enumerate(("pm25", "pm10", "so2"), 1):
            _put(connection, Parameter(id=number, code=name, name=name, name_en=name))
        for number, row in enumerate(SERVED, 1):
            _put(connection, _reading(number, row[4], row[5]))
        _put(connection, _reading(1, None, False, START + HOUR))
    return store


def _put(connection: Connection, row: Row) -> None:
    connection.execute(insert(table(type(row))).values(**row.model_dump()))


def _reading(parameter: int, value: float | None, below: bool, start: int = START) -> Reading:
    return Reading(
        start=start,
        station=1,
        parameter=parameter,
        period=HOUR,
        value=value,
        qualifier="<" if below else "",
        flag=1,
        feed=1,
    )


def _balance(
    store: Store, served: list[list[Any]], offered: list[list[Any]] | None = None
) -> tuple[int, int, int]:
    balance = accounts.readings(store, served, offered or [])
    return balance.stored, balance.lost, balance.doubled


def test_what_was_served_is_there_and_nothing_else(kept: Store) -> None:
    assert _balance(kept, SERVED) == (3, 0, 0)


def test_a_reading_that_is_not_stored_is_lost(kept: Store) -> None:
    assert _balance(kept, [*SERVED, ["A1", "pm25", START + HOUR, HOUR, 40.0, False]]) == (3, 1, 0)


@pytest.mark.parametrize(
    "told", [["A1", "pm25", START, HOUR, 36.0, False], ["A1", "pm25", START, HOUR, 35.0, True]]
)
def test_a_reading_that_is_stored_otherwise_is_lost(kept: Store, told: list[Any]) -> None:
    assert _balance(kept, [told, *SERVED[1:]]) == (3, 1, 0)


def test_a_reading_that_nobody_served_is_doubled(kept: Store) -> None:
    assert _balance(kept, SERVED[1:]) == (3, 0, 1)


def test_an_hour_named_by_the_wrong_end_is_both(kept: Store) -> None:
    shifted = [[row[0], row[1], row[2] + HOUR, *row[3:]] for row in SERVED]
    assert _balance(kept, shifted) == (3, 3, 3)


def test_what_was_only_offered_may_be_stored_or_not_but_not_otherwise(kept: Store) -> None:
    assert _balance(kept, SERVED[1:], SERVED[:1]) == (3, 0, 0)
    assert _balance(kept, SERVED, [["A1", "pm25", START - HOUR, HOUR, 1.0, False]]) == (3, 0, 0)
    assert _balance(kept, SERVED[1:], [["A1", "pm25", START, HOUR, 1.0, False]]) == (3, 1, 0)


def test_an_act_that_was_answered_and_is_not_in_the_log_is_lost(kept: Store) -> None:
    with kept.write() as connection:
        for op, result in (("op-1", "applied"), ("op-2", "refused")):
            judged: dict[str, Any] = {"op": op, "task": "T-1", "kind": "file", "actor": "P", "result": result}
            _put(connection, Act(**judged, at=START, occurred=START, version=1, policy_version=1))
    balance = accounts.acts(kept, {"op-1": "file", "op-2": "file", "op-3": "ack"}, accounts.Balance())
    assert (balance.lost, balance.doubled) == (2, 0)
    assert balance.examples == ["act lost op-2 file", "act lost op-3 ack"]


@pytest.mark.parametrize(("kept_aside", "lost"), [(2, 0), (3, 0), (1, 1)])
def test_a_damaged_frame_that_left_no_trace_is_lost(store: Store, kept_aside: int, lost: int) -> None:
    with store.write() as connection:
        _put(connection, Feed(id=1, code="dust", adapter="hj212"))
        _put(connection, FeedHealth(feed=1, next_at=START, asides=kept_aside))
    balance = accounts.Balance()
    assert accounts.asides(store, {"dust": {"frames": 9, "damaged": 2}}, balance) == {
        "dust": {"frames": 9, "damaged": 2, "asides": kept_aside}
    }
    assert balance.lost == lost
