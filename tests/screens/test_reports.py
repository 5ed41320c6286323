"""Reports by keyboard: who has not sent, the steps by their hands, a correction, the log of a shift, files."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from backend.city.tables import Person
from backend.clock import ManualClock
from backend.desk import acts, duty, reports, sheets
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words.say import Language
from console.exports import folder
from tests.screens import loop_city as city
from tests.screens.seated import seat

DAY = "2026-11-03"
WORDS: dict[Language, tuple[str, ...]] = {
    "zh": ("日报", "未拟稿", "0/3"),
    "en": ("Daily", "not begun", "0/3"),
}
TEXT: dict[Language, tuple[str, ...]] = {
    "zh": ("网格化监管日报", "一、空气质量", "拟稿"),
    "en": ("Daily report of grid supervision", "1. Air", "draft"),
}


def supervisor(store: Store, grid: str = "990001") -> str:
    person = table(Person)
    with store.read() as connection:
        query = select(person.c.code).where(person.c.role == "supervisor", person.c.grid == grid)
        return str(connection.execute(query).scalars().first())


def saved() -> list[str]:
    return sorted(path.suffix[1:] for path in folder().glob("daily-*"))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_list_and_a_reports_text(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int], language: Language
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("number_sign")
        await here.sees(*WORDS[language])
        await here.press("down", "right_square_bracket")
        desk = Desk.open(store, city.SEAT, clock=clock)
        await here.until(lambda: any(row.state == "draft" for row in reports.board(desk)))
        # The row under the cursor has become the draft; none is left of what was there before.
        await here.until(lambda: here.screen.board.row.state == "draft")
        assert [row.state for row in here.screen.board.everything()].count("draft") == 1
        assert not here.screen.board._gone
        await here.press("enter")
        await here.sees(*TEXT[language])
        await here.press("m")
        await here.type("third day")
        await here.press("enter")
        await here.press("G")
        await here.sees("third day")


async def test_a_report_goes_through_four_hands(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    city.build(store, tmp_path, clock.now())
    drafter = Desk.open(store, city.SEAT, clock=clock)
    assert reports.draft(drafter, DAY).ok
    async with seat(store, clock, city.OTHER_SEAT) as here:
        await here.press("number_sign", "down", "right_square_bracket")
        await here.sees("审核这份日报", "还有 3 家未报")
        await here.press("y")
        await here.sees("已审核")
        # Signing is the supervisor's.
        await here.press("right_square_bracket", "y")
        await here.sees("无权")
    async with seat(store, clock, supervisor(store)) as here:
        await here.press("number_sign", "down", "enter")
        await here.sees("下一步：签批")
        await here.press("right_square_bracket", "y")
        await here.sees("已签批", "下一步：签发")
        await here.press("right_square_bracket", "y")
        await here.sees("不再改动")
        await here.press("right_square_bracket")
        await here.sees("有误请更正")
        await here.press("tilde")
        await here.type("two late")
        await here.press("enter")
        await here.sees("第2版", "two late")
        await here.press("Y")
        await here.sees("个文件")
    assert saved() == ["md", "txt"]


async def test_a_township_sends_its_measures(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    city.build(store, tmp_path, clock.now())
    person = table(Person)
    with store.read() as connection:
        query = select(person.c.code).where(person.c.role == "seat", person.c.grid == "990001001")
        town = str(connection.execute(query).scalars().first())
    async with seat(store, clock, town, size=(80, 24)) as here:
        await here.press("number_sign", "down", "ampersand")
        await here.sees("上报 2026-11-03 措施", "出动巡查人员")
        await here.type("12")
        await here.press("enter")
        await here.type("4")
        await here.press("f2")
        await here.sees("已上报")
    county = Desk.open(store, city.SEAT, clock=clock)
    sent = [one for one in reports.owing(county, DAY) if one.sent]
    assert [dict(one.sent.measures) for one in sent if one.sent] == [{"patrols": 12, "sites_checked": 4}]
    async with seat(store, clock, city.SEAT, size=(80, 24)) as here:
        await here.press("number_sign", "l")
        await here.sees("未报")
        assert here.text.count("未报") >= 2


async def test_a_shifts_log(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    city.build(store, tmp_path, clock.now())
    desk = Desk.open(store, city.SEAT, clock=clock)
    duty.sign_in(desk)
    duty.remark(desk, "雾大")
    async with seat(store, clock, city.SEAT) as here:
        await here.press("number_sign", "l", "l", "enter")
        await here.sees("值班日志", "签到上岗", "记事：雾大")
        await here.press("escape")
        await here.sees("当班")


async def test_a_task_sheet_is_printed_and_keyed_back_in(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    city.build(store, tmp_path, clock.now())
    desk = Desk.open(store, city.SEAT, clock=clock)
    task = str(acts.from_alarm(desk, city.alarms(store)[0]).data["task"])
    async with seat(store, clock, city.SEAT, size=(80, 24)) as here:
        await here.press("4")
        await here.sees("待派发", "样11镇")
        await here.press("ctrl+o")
        await here.until(lambda: len(sheets.sheets(desk, task)) == 1)
        await here.sees("任务单")
        code = sheets.sheets(desk, task)[0][0]
        assert printed_sheet().startswith("任 务 单")
        await here.pass_time(5)
        await here.press("ctrl+k")
        await here.sees("单号")
        await here.type(code[:-1] + ("A" if code[-1] != "A" else "B"))
        await here.press("enter")
        await here.sees("校验不符")
        await here.press("backspace")
        await here.type(code[-1])
        await here.press("enter")
        await here.sees(f"录入任务单 {code}")
        await here.type("16:02")
        await here.press("enter", "2", "enter", "1", "enter")
        await here.type("covered")
        await here.press("f2")
        await here.sees("迟交证据")
        await here.until(lambda: sheets.sheets(desk, task)[0][2] is not None)
        await here.press("enter")
        await here.sees("附证据", "时间不准")


def printed_sheet() -> str:
    (made,) = folder().glob("sheet-*.txt")
    return made.read_text(encoding="utf-8")
