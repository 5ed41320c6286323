"""Data validity on the screens: the station's line, its hours by Enter, and the board of what can still count."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from backend.city.registry import City
from backend.clock import ManualClock
from backend.feeds.record import Page, Record
from backend.ingest import ingest
from backend.store import Store
from tests.screens import loop_city as city
from tests.screens.seated import seat

HOUR = 3600
SIZES = ((120, 40), (80, 24))


@pytest.fixture
def short(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    """A station with ten hours of ozone, of which two did not come and one is beyond what there is."""
    city.build(store, tmp_path, clock.now())
    last = (clock.now() - HOUR) // HOUR * HOUR
    with store.read() as connection:
        known = City.read(connection)
    records = [
        Record(city.STATION, "o3", last - back * HOUR, HOUR, 9e4 if back == 6 else 60.0 + back)
        for back in range(10)
        if back not in (4, 5)
    ]
    ingest(store, known, 1, Page(records), clock.now())
    return store


@pytest.mark.parametrize("size", SIZES)
async def test_from_a_station_to_its_hours_with_what_took_of_them(
    short: Store, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with seat(short, clock, city.SEAT, size=size) as here:
        here.app.open_page("station", city.STATION)
        await here.settle()
        await here.press("end")
        await here.sees("近 8 小时 5/6 时 已不可能有效（缺数 2 小时、超出量程 1 小时）", "回车看逐时")
        await here.press("enter")
        await here.settle()
        await here.sees(
            "表4：",
            "小时须有 45 分钟",
            "8 小时须有 6 时",
            "有效分钟",
            "60/60",
            "0/60",
            "超出量程",
            "缺数",
            "无效",
        )
        assert all(cell_len(line) <= size[0] for line in here.lines)
        # To another parameter and back, and out to the station again.
        await here.press("right")
        await here.settle()
        await here.press("left")
        await here.sees("8 小时有效性")
        await here.press("escape")
        await here.sees("回车看逐时")


@pytest.mark.parametrize("size", SIZES)
async def test_the_board_of_validity_says_why_and_opens_the_hours(
    short: Store, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with seat(short, clock, city.SEAT, size=size, language="en") as here:
        await here.press("percent_sign", "right", "right", "right")
        await here.settle()
        here.screen.filter("O3")
        await here.settle()
        await here.sees("8 hours", "not valid any more", "nothing came")
        rows = here.board.everything()
        place = next(n for n, row in enumerate(rows) if row.station == city.STATION and row.kind == "8h")
        await here.press(*["down"] * place, "enter")
        await here.settle()
        await here.sees("an hour needs 45 min", "8-h mean", "nothing came")
        await here.press("y")
        assert "nothing came" in here.app.clipboard
        assert all(cell_len(line) <= size[0] for line in here.lines)
