"""Groups, maintenance windows and the load strip, as a supervisor sees and does them by keyboard."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from backend.alarms.tables import MaintenanceWindow
from backend.clock import ManualClock
from backend.desk.operator import Flood as FloodRow
from backend.desk.operator import Load
from backend.store import Store, table
from backend.words import LANGUAGES
from backend.words.say import Language
from screens.load_line import load_lines
from screens.look import Look
from tests.screens import seat_city as city
from tests.screens.seated import seat
from tests.unit.test_desk_putaway import incident

WINDOW = table(MaintenanceWindow)
HOUR = 3600


@pytest.fixture
def filled(store: Store) -> Store:
    city.build(store)
    city.alarms(store)
    return store


async def test_a_window_is_planned_by_a_key_listed_and_ended(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.press("3")
        await seen.sees("工地扬尘超标")
        await seen.press("left_parenthesis")
        # The station of the alarm under the cursor comes first.
        await seen.sees("登记维护窗口", "站点 锦绣花园工地", "最长 72 小时")
        await seen.press("f2")
        await seen.sees("原因: 必须填写")
        await seen.type("更换采样泵")
        await seen.press("f2")
        await seen.sees("维护窗口 1 已登记")
        with filled.read() as connection:
            row = connection.execute(select(WINDOW)).one()
        assert (row.scope_kind, row.scope, row.starts, row.ends) == (
            "station", "GD001", clock.now(), clock.now() + 4 * HOUR,
        )  # fmt: skip
        await seen.press("right", "right", "right", "right")
        await seen.sees("进行中", "站点 锦绣花园工地", "更换采样泵", "王强", "维护窗口 1")
        await seen.press("right_parenthesis")
        await seen.sees("结束维护窗口 1？")
        await seen.press("y")
        await seen.sees("已提前结束", "已结束")


async def test_a_seat_that_may_not_is_told_at_once(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        await seen.press("3")
        await seen.sees("工地扬尘超标")
        # Its key is off as the others are that are not allowed: it takes no room from those that work.
        assert "( 维护窗口" not in seen.lines[-1]
        await seen.press("left_parenthesis")
        await seen.sees("您的角色（坐席员）无权")
        await seen.press("right_parenthesis")
        await seen.sees("这里没有选中的维护窗口")


async def test_alarms_of_one_cause_are_one_line_that_opens_their_list(
    filled: Store, clock: ManualClock
) -> None:
    for number in (11, 12, 13):
        incident(filled, number, "equipment")
    for number, station in ((11, 7), (12, 8), (13, 9)):
        city.alarm(filled, number, station=station, rule="instrument", feed="dust", incident=f"I{number}")
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.press("3", "right", "right")
        await seen.sees("dust 接口 3 个站点")
        line = next(one for one in seen.lines if "dust 接口" in one)
        assert "仪器异常" in line
        await seen.until(lambda: seen.board.row is not None)
        for _ in range(9):
            if seen.board.row.rule == "instrument":
                break
            await seen.press("down")
        await seen.press("enter")
        await seen.sees("中华路站", "锦绣花园工地", "滨河小区工地")
        await seen.until(lambda: len(seen.board.everything()) == 3)


async def test_a_group_is_acknowledged_when_it_is_armed_and_meant(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.press("3", "right", "right")
        await seen.until(lambda: seen.board.row is not None)
        await seen.press("a")
        await seen.sees("确认 1 条报警？", "共 1 组")
        await seen.press("y")
        await seen.sees("报警 2 已确认")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_load_tells_the_flood_from_to(language: Language) -> None:
    look = Look(language, ZoneInfo("Asia/Shanghai"), city.NOW)
    calm = Load(
        last_ten_minutes=1, last_hour=3, standing=9, waiting=2, shelved=1, oldest=None, by_priority={}
    )
    over = replace(calm, chatter=2, fleeting=3, flood=FloodRow(city.NOW - 2 * HOUR, city.NOW - HOUR, 31, 84))
    told = "".join(cell.text for cell in load_lines(over, look, tall=False)[0])
    assert "14:00" in told
    assert "15:00" in told
    assert all(number in told for number in ("31", "84", "2", "3", "1/2/10"))
    lasting = replace(calm, flood_since=city.NOW - 600, flood=FloodRow(city.NOW - 600, None, 31, 84))
    told = "".join(cell.text for cell in load_lines(lasting, look, tall=False)[0])
    assert "15:50" in told
    assert "31" not in told


async def test_in_a_flood_the_board_begins_with_groups(filled: Store, clock: ManualClock) -> None:
    for number in range(20, 32):
        city.alarm(filled, number, station=1, incident="I20", presented=clock.now() - number)
    incident(filled, 20)
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("报警泛滥", "自 15:59 泛滥")
        await seen.press("3")
        await seen.until(lambda: seen.screen.NAME == "alarms" and seen.board.view.facet == "groups")
        await seen.until(
            lambda: any("空气超标" in one and "菏泽学院" in one and " 12 " in one for one in seen.lines)
        )
        await seen.press("left", "left")
        # Twelve of the sixteen ring at one station for one thing: one line.
        await seen.sees("全部 16", "12条：")
        await seen.until(lambda: len(seen.board.everything()) == 5)


async def test_what_is_kept_quiet_says_by_what(filled: Store, clock: ManualClock) -> None:
    for number, kept in enumerate(("order:SB-7", "window:3", "regional|air|371702", ""), 41):
        state = "OUT_OF_SERVICE" if kept in ("window:3", "") else "SUPPRESSED"
        city.alarm(filled, number, station=1, state=state, inhibited_by=kept)
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.press("3", "left", "left", "left")
        await seen.sees("抑制、停用 4", "指令 SB-7", "维护窗口 3", "区域或数据源报警", "人工停用")
        for number in (41, 42):
            seen.app.open_page("alarm", str(number))
            await seen.sees("只记录、不响")
            await seen.press("escape")
