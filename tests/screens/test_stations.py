"""The stations board and a station's page: kinds, absences, filter, trend, reasons in words, where one can go."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from backend.clock import ManualClock
from backend.store import Store
from screens.stations import AIR, POWER, WATER
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat
from tests.screens.test_overview import CODE


@pytest.fixture
def filled(store: Store) -> Store:
    """The small piece of Heze with its alarms."""
    city.build(store)
    city.alarms(store)
    return store


async def go(seen: Seat, kind: str) -> None:
    """The board of a kind."""
    await seen.press("2")
    seen.screen.turn_to(kind)
    await seen.settle()


def keys(columns: tuple[object, ...]) -> set[str]:
    return {column.key for column in columns}  # type: ignore[attr-defined]


async def test_each_kind_has_the_columns_that_fit_it(filled: Store, clock: ManualClock) -> None:
    assert {"aqi", "level", "primary", "pm25", "co"} <= keys(AIR)
    assert {"class", "target", "deciding"} <= keys(WATER)
    assert {"power_prod", "power_treat", "ratio"} <= keys(POWER)
    async with seat(filled, clock, "HZ-V1") as seen:
        await go(seen, "air")
        await seen.sees("国省控 4", "菏泽学院", "243", "重度", "PM2.5")
        await go(seen, "site_dust")
        await seen.sees("较县均", "+197")
        await go(seen, "water")
        await seen.sees("东鱼河断面", "IV类", "III类", "高锰酸盐")
        await go(seen, "power")
        await seen.sees("鲁西化工", "320.0", "41.0", "13%")


async def test_the_three_absences_look_different(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await go(seen, "township_air")
        await seen.sees("✓ 有效", "▯ 有传输无数值", "▿ 无传输")
        await go(seen, "site_dust")
        await seen.sees("✗ 数值无效", "9000x")


@pytest.mark.parametrize(("typed", "left"), [("hzxy", ["菏泽学院"]), ("存疑", ["污水处理厂"]), ("!hzxy", 3)])
async def test_a_filter_takes_initials_names_and_states(
    filled: Store, clock: ManualClock, typed: str, left: list[str] | int
) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await go(seen, "air")
        seen.screen.filter(typed)
        await seen.settle()
        found = [row.name for row in seen.board.everything()]
        assert found == left if isinstance(left, list) else len(found) == left


async def test_a_person_sees_their_own_part_of_the_city(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        await go(seen, "air")
        assert city.codes(seen.board.everything()) == ["1234A", "1235A"]
        # The county is known to those who sit in it; the townships are not.
        assert "东城街道" in seen.text
        assert "牡丹区" not in "\n".join(seen.lines[3:])


async def test_the_board_sorts_by_a_number_with_what_has_none_at_the_end(
    filled: Store, clock: ManualClock
) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await go(seen, "air")
        while seen.board.view.sort != "aqi":
            await seen.press("s")
        await seen.press("S")
        assert [row.aqi for row in seen.board.everything()] == [243, 103, 103, None]


async def page(seen: Seat, code: str) -> None:
    seen.app.open_page("station", code)
    await seen.settle()


async def test_the_page_says_what_the_values_are_worth_and_why(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await page(seen, "1235A")
        await seen.sees("污水处理厂", "? 存疑", "不参与评价", "131?", "恒值", "同类中位", "有效")
        await page(seen, "GD002")
        await seen.sees("数值无效", "超出量程、仪器标记 D 故障", "通知运维单位")
        await page(seen, "XZ003")
        await seen.sees("▿ 无传输", "查站点供电、网络和数采仪")
        # Since when, as people tell the time.
        assert re.search(r"自 (\d\d-\d\d )?\d\d:\d\d 起没有任何传输", seen.text)


async def test_left_and_right_choose_what_the_trend_shows(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await page(seen, "1234A")
        await seen.sees("PM2.5 µg/m3 近 48 小时", "同类 2 站中位数", "空气超标")
        await seen.press("right")
        await seen.sees("PM10 µg/m3 近 48 小时")
        await seen.press("right", "right")
        await seen.sees("NO2 µg/m3 近 48 小时", "限值 200")
        await seen.press("left", "left", "left")
        await seen.sees("PM2.5 µg/m3 近 48 小时")


async def test_the_page_names_source_contact_and_class(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await page(seen, "GD001")
        await seen.sees("锦绣花园三期", "赵工 138-0000-0001", "市住建局", "PM10 较本县均值 +197", "虚拟")
        await page(seen, "SW001")
        await seen.sees("IV类", "定类因子 高锰酸盐", "超目标：高锰酸盐", "目标 III类")


async def test_one_goes_from_a_station_to_its_grid_and_source(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await page(seen, "GD001")
        await seen.press("o")
        await seen.sees("去哪里", "污染源", "网格", "接口")
        await seen.type("三期")
        await seen.press("enter")
        await seen.sees("工地", "GD-S1", "锦绣花园工地", "工地扬尘超标", "回车 打开")
        await seen.press("enter")
        await seen.sees("经过", "工地扬尘超标")


async def test_a_page_is_copied_as_plain_text(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await page(seen, "1234A")
        await seen.press("y")
        assert "菏泽学院" in seen.app.clipboard
        assert "243" in seen.app.clipboard


async def test_a_station_that_is_no_more_is_said_so(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await page(seen, "NOPE")
        await seen.sees("NOPE 已不存在")


async def test_a_new_login_brings_the_page_and_its_parameter_back(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await page(seen, "1234A")
        await seen.press("right", "right")
        await seen.sees("SO2 µg/m3 近 48 小时")
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("菏泽学院", "SO2 µg/m3 近 48 小时")


@pytest.mark.parametrize("code", [station[0] for station in city.STATIONS])
async def test_every_kind_of_page_fits_a_small_screen_in_english(
    filled: Store, clock: ManualClock, code: str
) -> None:
    async with seat(filled, clock, "HZ-V1", size=(80, 24), language="en") as seen:
        await page(seen, code)
        assert all(cell_len(line) <= 80 for line in seen.lines)
        assert CODE.search(seen.text) is None
        assert len(seen.lines) == 24
