"""The duty screen by keyboard: sign in, stand in, be away, call, keep a silent township's board until it signs in."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.desk import duty, dutylines, dutyrows
from backend.desk.desk import Desk
from backend.duty import watch
from backend.notify import notices
from backend.store import Store
from backend.words.message import Scalar
from tests.screens import loop_city as city
from tests.screens.seated import seat

SIZES = ((120, 40), (80, 24))
TOWN_SEAT = "P-990001001-S1"


@pytest.mark.parametrize("size", SIZES)
async def test_a_seat_signs_in_and_others_see_it(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT, size=size) as here:
        await here.press("6")
        await here.sees("值班室", "样1县中心", "电话值守", "05300000000")
        await here.press("W")
        await here.sees("已签到")
        await here.press("l")
        await here.sees("样1县坐席一", "在席", "16:00")
    city_desk = Desk.open(store, city.CITY_SEAT, clock=clock)
    rows = {row.code: row for row in dutyrows.room_board(city_desk)}
    assert rows["C-990001"].state == "manned"
    assert rows["C-990001"].seats == ("样1县坐席一",)


@pytest.mark.parametrize("size", SIZES)
async def test_a_stand_in_and_a_vacancy(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT, size=size) as here:
        await here.press("6")
        await here.press("V", "1")
        await here.type("Zhao Si")
        await here.press("enter")
        await here.type("1390")
        await here.press("enter")
        await here.type("20:00")
        await here.press("enter")
        await here.type("19:00")
        await here.press("enter")
        # An end before the beginning is told, not taken.
        await here.sees("须晚于开始")
        await here.press("ctrl+u")
        await here.type("11-04 08:00")
        await here.press("enter")
        await here.type("flu")
        await here.press("enter")
        await here.sees("由Zhao Si值守")
        await here.press("V", "2", "enter")
        await here.type("11-04 12:00")
        await here.press("enter")
        await here.type("moving")
        await here.press("enter")
        await here.sees("空缺。")
        # The tab of vacancies, then that of changes; one is taken back.
        await here.press("h", "h", "h")
        await here.sees("16:00 - 11-04 12:00")
        await here.press("l")
        await here.sees("Zhao Si", "flu", "moving")


async def test_a_member_is_ill(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT) as here:
        await here.press("6", "l", "l")
        await here.sees("网格员11", "在岗")
        await here.press("V", "2")
        await here.type("8h")
        await here.press("enter", "enter")
        await here.sees("网格员11 病假至 11-04 00:00")
        await here.press("enter")
        await here.sees("24 小时值守", "空缺：无人值守", "网格员11 05300000000")
        await here.press("escape")
        await here.press("V", "4")
        await here.sees("销假")


@pytest.mark.parametrize("size", SIZES)
async def test_a_silent_townships_board_is_kept_until_it_signs_in(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT, size=size) as here:
        await here.press("6")
        await here.press("slash")
        await here.type("样11")
        await here.press("enter")
        await here.until(lambda: "样12镇中心" not in here.text)
        # Its room answers by the book: it is called first.
        await here.press("J")
        await here.sees("请先打电话")
        await here.press("p", "2")
        await here.sees("无人接听", "无人应答")
        await here.press("J")
        await here.sees("已代管 样11镇中心", "代管")
        await here.press("enter")
        await here.sees("16:00 - 至今", "样1县中心")
        await here.press("escape")
        async with seat(store, clock, TOWN_SEAT, size=size) as town:
            await town.press("6", "W")
            await town.sees("已签到")
        await here.tick()
        await here.sees("有坐席")
        await here.press("J")
        await here.sees("正在该中心当班")
        await here.press("N")
        await here.sees("已在 样11镇中心 签到")


@pytest.mark.parametrize("size", SIZES)
async def test_nobody_is_at_a_seat_below(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    town = Desk.open(store, TOWN_SEAT, clock=clock)
    assert duty.sign_in(town).ok
    async with seat(store, clock, city.SEAT, size=size) as here:
        # The station's alarm is critical, and nobody acknowledges it: a quarter of an hour without a key there.
        clock.move(16 * 60)
        with store.write() as connection:
            watch.tell(connection, watch.findings(connection, town.zone, clock.now()), clock.now())
        await here.tick()
        await here.sees("无人")
        await here.press("N")
        await here.sees("样11镇中心")
        await here.press("escape", "6")
        await here.sees("席位无人")


async def test_the_bell_rings_for_a_seat_that_nobody_is_at(
    store: Store, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.build(store, tmp_path, clock.now(), stations=())
    async with seat(store, clock, city.SEAT) as here:
        rung: list[int] = []
        monkeypatch.setattr(here.app, "bell", lambda: rung.append(clock.now()))
        await here.tick()
        assert not rung
        with store.write() as connection:
            args: dict[str, Scalar] = {"holder": "C-990001001", "since": 0, "alarms": 1, "tasks": 0}
            notices.post(
                connection, "x", clock.now(), "notice.duty.silent", args, grid="990001", priority="critical"
            )
        # What is told is noticed by the next minute at the latest.
        clock.move(60)
        await here.tick()
        await here.tick()
        assert rung
        await here.press("N", "a")
        clock.move(60)
        await here.tick()
        rung.clear()
        await here.tick()
        assert not rung


@pytest.mark.parametrize("size", SIZES)
async def test_a_standing_line_is_changed_and_another_added(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, "P-990001-V", size=size) as here:
        await here.press("6", "l", "l", "l")
        await here.sees("固定排班", "样1县中心", "每天", "00:00-24:00", "值班室")
        await here.press("V", "1")
        await here.sees("修改固定班次")
        # The name, the number, the days and the hours are those of the line.
        await here.press("ctrl+u")
        await here.type("王班长")
        await here.press("enter", "enter", "enter")
        await here.press("ctrl+u")
        await here.type("08:00")
        await here.press("enter", "ctrl+u")
        await here.type("20:00")
        await here.press("enter", "enter", "enter")
        # Nobody at night: told, and asked.
        await here.sees("仍要这样排班", "无人值守")
        await here.press("y")
        await here.sees("2026-11-04 起改为每天 08:00-20:00 由王班长值守")
        await here.press("l")
        await here.sees("11-04 00:00 - 08:00")
    rows = [
        row for row in dutylines.board(Desk.open(store, "P-990001-V", clock=clock)) if row.body == "C-990001"
    ]
    assert [(row.name, row.last, row.here) for row in rows] == [
        ("值班室", "2026-11-03", True),
        ("王班长", "", True),
    ]


async def test_a_seat_sees_why_it_may_not_change_standing_lines(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT) as here:
        await here.press("6", "V")
        await here.sees("新增固定班次", "无权进行此操作")
