"""How an alarm is told in a cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from backend.clock import ManualClock
from backend.desk import alarms
from backend.store import Store
from backend.words.say import Language
from screens import alarm_cells
from screens.look import Look
from tests.screens import seat_city as city


@pytest.mark.parametrize(("cleared", "told"), [(None, "3h"), (city.NOW - 2 * 3600, "1h")])
def test_a_silence_lasts_until_something_came(
    store: Store, clock: ManualClock, cleared: int | None, told: str
) -> None:
    city.build(store)
    city.alarm(store, 1, rule="offline", value=None, parameter=None, threshold=None)
    row = alarms.board(city.desk(store, "MD-S1", clock))[0]
    silent = replace(row, last=city.NOW - 3 * 3600 - 1, cleared=cleared)
    assert alarm_cells.reading(silent, Look("zh", UTC, city.NOW)).startswith(f"{told}00 ")


@pytest.mark.parametrize(
    ("began", "last", "period", "chinese", "english"),
    [
        (-3600, -3600, 3600, "15:00 至 16:00 的数据", "data of 15:00 to 16:00"),
        # An hour before midnight ends at 24:00 of its own day.
        (7 * 3600, 7 * 3600, 3600, "23:00 至 24:00 的数据", "data of 23:00 to 24:00"),
        (6 * 3600, 9 * 3600, 3600, "22:00 至 11-04 02:00 的数据", "data of 22:00 to 11-04 02:00"),
        (-16 * 3600, -16 * 3600, 86400, "11-03 全天的数据", "data of the whole of 11-03"),
        (-40 * 3600, -16 * 3600, 86400, "11-02 至 11-03 各全天的数据", "data of whole days, 11-02 to 11-03"),
        (-3600, -7200, 3600, "15:00 起", "since 15:00"),
    ],
)
def test_the_time_that_rings_ends_where_its_last_period_does(
    store: Store, clock: ManualClock, began: int, last: int, period: int, chinese: str, english: str
) -> None:
    city.build(store)
    city.alarm(store, 1)
    row = alarms.board(city.desk(store, "MD-S1", clock))[0]
    told = replace(row, began=city.NOW + began, last=city.NOW + last, period=period)
    zone = ZoneInfo("Asia/Shanghai")
    spoken: tuple[tuple[Language, str], ...] = (("zh", chinese), ("en", english))
    for language, words in spoken:
        assert alarm_cells.span(told, Look(language, zone, city.NOW)) == words
