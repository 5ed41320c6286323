"""Thousands of alarms at once at the desk: all of them counted and grouped, none left out without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from backend.alarms.tables import Alarm
from backend.city.tables import Parameter, Station
from backend.clock import ManualClock
from backend.desk import alarmgroups, alarms, triage
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words.say import Language
from tests.screens import loop_city
from tests.screens.seated import seat

ALARM, STATION, PARAMETER = table(Alarm), table(Station), table(Parameter)
COUNT = 6000


@pytest.fixture
def flooded(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    """Every instrument of a county says within a minute that it is at fault."""
    loop_city.build(store, tmp_path, clock.now(), stations=())
    with store.write() as connection:
        places = connection.execute(select(STATION).where(STATION.c.county == "990001")).all()
        named = connection.execute(select(PARAMETER.c.id).where(PARAMETER.c.code == "pm25")).scalar_one()
        connection.execute(
            insert(ALARM),
            [
                {
                    "key": f"fault/{number}",
                    "rule": "instrument",
                    "rule_version": 1,
                    "state": "UNACK",
                    "priority": ("medium", "high")[number % 2],
                    "station": (place := places[number % len(places)]).id,
                    "parameter": named,
                    "source": "",
                    "grid": place.grid,
                    "county": place.county,
                    "township": place.township,
                    "began": clock.now() - 60,
                    "presented": clock.now() - number % 60,
                    "last": clock.now(),
                    "incident": f"I-{place.code}",
                    "evidence": "{}",
                }
                for number in range(COUNT)
            ],
        )
    return store


def test_every_alarm_of_a_flood_is_counted_once(flooded: Store, clock: ManualClock) -> None:
    desk = Desk.open(flooded, loop_city.SEAT, clock=clock)
    assert alarms.counts(desk)["standing"] == COUNT
    groups = alarmgroups.groups(desk)
    assert sum(group.count for group in groups) == COUNT
    assert len(groups) <= 10
    rows = triage.queue(desk)
    assert sum(row.count for row in rows) == COUNT
    assert len(rows) < 100
    # The board lists the most urgent, and those first that have waited longest.
    listed = alarms.board(desk, limit=100)
    assert {row.priority for row in listed} == {"high"}
    assert [row.presented for row in listed] == sorted(row.presented for row in listed)


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((80, 24), "en")])
async def test_the_board_says_that_it_lists_not_all(
    flooded: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    told = {"zh": "只列出最紧急的 5,000 条，共 6,000 条", "en": "5,000 most urgent of 6,000"}[language]
    async with seat(flooded, clock, loop_city.SEAT, size=size, language=language) as here:
        # In a flood the board opens on the groups; the list is beside them.
        await here.press("3")
        await here.sees("6,000")
        assert told not in here.text
        await here.press("h")
        await here.sees(told)
