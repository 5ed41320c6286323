"""Which alarms a seat sees: its own, those of a region that it is part of, and the outage of feeds it hangs on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, update

from backend.alarms.tables import Alarm
from backend.city.tables import Person
from backend.clock import ManualClock
from backend.desk import alarmacts, alarms, operator, overview
from backend.desk.around import around
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words import word
from tests.screens import seat_city as city

ALARM = table(Alarm)
CITY, MUDAN, DINGTAO = "371700", "371702", "371703"
REGION, COUNTY_REGION, OUTAGE, OTHER_OUTAGE = 21, 22, 23, 24


@pytest.fixture
def filled(store: Store) -> Store:
    """The city's region, one county's region, the outage of a feed of all, and of one that only 牡丹区 has."""
    city.build(store)
    person = {"pinyin": "", "initials": "", "department": "", "phone": "", "active": True, "from_pack": True,
              "made_up": True, "role": "seat", "centre": ""}  # fmt: skip
    with store.write() as connection:
        connection.execute(
            insert(table(Person)),
            [
                {**person, "code": "DT-S1", "name": "赵云", "grid": DINGTAO},
                {**person, "code": "CJ-S1", "name": "孙丽", "grid": "371703100"},
                {**person, "code": "CJ-M1", "name": "钱进", "grid": "371703100-01"},
            ],
        )
    city.alarm(store, 1, station=1)
    wide(store, REGION, rule="regional", grid=CITY, priority="critical")
    wide(store, COUNTY_REGION, rule="regional", grid=MUDAN, county=MUDAN)
    wide(store, OUTAGE, rule="feed_outage", grid=CITY, feed="air")
    wide(store, OTHER_OUTAGE, rule="feed_outage", grid=CITY, feed="power")
    return store


def wide(store: Store, number: int, *, grid: str, county: str = "", feed: str = "", **more: Any) -> None:
    """An alarm of no station."""
    city.alarm(store, number, **more)
    with store.write() as connection:
        connection.execute(
            update(ALARM)
            .where(ALARM.c.id == number)
            .values(station=None, source="", grid=grid, county=county, township="", feed=feed)
        )


def seen(desk: Desk) -> set[int]:
    return {row.id for row in alarms.board(desk)}


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("HZ-V1", {1, REGION, COUNTY_REGION, OUTAGE, OTHER_OUTAGE}),
        ("MD-S1", {1, REGION, COUNTY_REGION, OUTAGE, OTHER_OUTAGE}),
        ("DT-S1", {REGION, OUTAGE}),
        ("CJ-S1", {REGION, OUTAGE}),
        ("CJ-M1", {REGION, OUTAGE}),
        ("DC-M1", {1, REGION, COUNTY_REGION, OUTAGE}),
    ],
)
def test_a_seat_sees_what_covers_it(
    filled: Store, clock: ManualClock, person: str, expected: set[int]
) -> None:
    desk = city.desk(filled, person, clock)
    assert seen(desk) == expected
    assert {int(need.id) for need in overview.needs(desk)} == expected
    assert alarms.counts(desk)["waiting"] == len(expected)
    assert around(desk).alarms == len(expected)
    assert operator.load(desk).waiting == len(expected)


def test_what_is_of_more_than_the_county_is_acted_on_above(filled: Store, clock: ManualClock) -> None:
    desk = city.desk(filled, "MD-S1", clock)
    rows = {row.id: row for row in alarms.board(desk)}
    assert [number for number, row in sorted(rows.items()) if row.outside] == [REGION, OUTAGE, OTHER_OUTAGE]
    refusals = alarmacts.refusals(desk, rows[REGION])
    assert {"acknowledge", "shelve", "triage"} <= set(refusals)
    assert "菏泽市" in word(refusals["acknowledge"].code, "zh", **refusals["acknowledge"].args)
    assert not alarms.acknowledge(desk, REGION).ok
    assert "acknowledge" not in alarmacts.refusals(desk, rows[COUNTY_REGION])
    assert alarms.acknowledge(desk, COUNTY_REGION).ok
    above = city.desk(filled, "HZ-V1", clock)
    assert alarms.acknowledge(above, REGION).ok


def test_the_bell_rings_where_it_can_be_answered(filled: Store, clock: ManualClock) -> None:
    assert around(city.desk(filled, "MD-S1", clock)).critical == 0
    assert around(city.desk(filled, "HZ-V1", clock)).critical == 1


def test_how_many_a_board_lists_is_data(
    filled: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk.open(filled, "MD-S1", clock=clock)
    every = [one.id for one in alarms.board(desk)]
    held = operator.Limits.read()
    assert (held.listed, held.past) == (alarms.most(), alarms.most(past=True)) == (5000, 2000)
    monkeypatch.setattr(operator.Limits, "read", lambda: replace(held, listed=2, past=1))
    assert [one.id for one in alarms.board(desk)] == every[:2]
    assert len(alarms.board(desk, newest=True)) == 1
    assert len(alarms.board(desk, limit=3)) == 3
