"""The data quality board by keyboard: what waits, a span with its neighbours, confirm and overturn, rates."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text

from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import acts
from backend.desk.desk import Desk
from backend.feeds.record import Page, Record
from backend.feeds.tables import Feed
from backend.ingest import ingest
from backend.store import Store, table
from screens import quality_columns
from tests.screens import loop_city as city
from tests.screens.seated import seat

HOUR = 3600
SIZES = ((120, 40), (80, 24))
SUPERVISOR = "P-990001-V"


@pytest.fixture
def flat(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    """A station that said the same for five hours, with an alarm and a task built on it."""
    city.build(store, tmp_path, clock.now())
    first = (clock.now() - HOUR) // HOUR * HOUR
    with store.read() as connection:
        known = City.read(connection)
        feed = connection.execute(
            select(table(Feed).c.id).where(table(Feed).c.code == "township_air")
        ).scalar_one()
    records = [Record(city.STATION, "pm25", first - back * HOUR, HOUR, 420.0) for back in range(4, 0, -1)]
    outcome = acts.from_alarm(Desk.open(store, city.SEAT, clock=clock), city.alarms(store)[0])
    assert outcome.ok
    ingest(store, known, feed, Page(records), clock.now())
    return store


def readings(store: Store) -> list[tuple[int, str]]:
    """Flag and reason of the station's readings."""
    with store.read() as connection:
        rows = connection.execute(
            text(
                "SELECT r.flag, r.reason FROM reading r JOIN station s ON s.id = r.station "
                "JOIN parameter p ON p.id = r.parameter WHERE s.code = :s AND p.code = 'pm25' ORDER BY start"
            ),
            {"s": city.STATION},
        )
        return [(row.flag, row.reason) for row in rows]


@pytest.mark.parametrize("size", SIZES)
async def test_a_flat_line_is_confirmed_and_its_task_is_in_doubt(
    flat: Store, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with seat(flat, clock, city.SEAT, size=size) as here:
        await here.press("percent_sign")
        await here.sees("待审核 1", "恒值", "420")
        await here.press("enter")
        await here.sees("逐条数据", "相关报警", "相关任务")
        await here.press("f2")
        await here.sees("确认：判定 1 段数据无效", "仪器故障")
        await here.press("1", "f2")
        await here.sees("已判定 5 条数据无效")
        await here.sees("审核记录", "数据存疑")
        assert readings(flat) == [(4, "flat person:bad")] * 5
        await here.press("escape", "right", "right")
        await here.sees("判定无效", "仪器故障")
    with flat.read() as connection:
        assert connection.execute(text("SELECT suspect_data FROM task")).scalars().all() == [True]
        assert connection.execute(text("SELECT act FROM audit")).scalars().all() == ["quality.bad"]


@pytest.mark.parametrize("size", SIZES)
async def test_one_value_is_overturned_in_english(
    flat: Store, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with seat(flat, clock, SUPERVISOR, size=size, language="en") as here:
        await here.press("percent_sign")
        await here.sees("To review 1", "flat line")
        await here.press("ctrl+w")
        await here.sees("Overturn: 1 span is valid", "real pollution")
        await here.press("1", "tab", "tab")
        # Only up to the second hour.
        await here.press("end", *["backspace"] * 5)
        await here.type("13:00")
        await here.press("f2")
        await here.sees("2 values are valid")
        assert [flag for flag, _ in readings(flat)] == [1, 1, 3, 3, 3]


async def test_the_tabs(flat: Store, clock: ManualClock) -> None:
    async with seat(flat, clock, SUPERVISOR) as here:
        await here.press("percent_sign")
        await here.sees("待审核 1")
        await here.press("right")
        await here.sees("没有符合条件的数据")
        await here.press("right", "right")
        await here.sees("有效数")
        await here.press("right")
        await here.sees("捕获率", "传输有效率")
        await here.press("right")
        await here.sees("县区")
        await here.press("right")
        await here.sees("运维单位")
        # What is no span has nothing to confirm.
        await here.press("f2")
        await here.sees("运维单位")
        assert [flag for flag, _ in readings(flat)] == [3] * 5


def test_what_is_online_of_thousands_is_not_cut() -> None:
    column = next(one for one in quality_columns.RATE if one.key == "online")
    assert column.width >= len("3000/3000 100%")
