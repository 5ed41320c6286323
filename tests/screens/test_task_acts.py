"""The rarer acts by keyboard: levels, holders, time, and those that can't be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from backend.desk import acts, tasks
from backend.store import Store
from screens.dialogs.sure import Sure
from tests.screens import loop_city as city
from tests.screens.seated import seat
from tests.screens.test_task_page import CITY_SUPERVISOR, Walk, open_page, walk

COUNTY_SUPERVISOR = "P-990001-V"
ADMINISTRATOR = "P-990000-A"
__all__ = ["walk"]


async def test_a_township_is_settled_and_doubtful_data_are_confirmed(walk: Walk, store: Store) -> None:
    desk = walk.desk()
    made = acts.from_alarm(desk, city.alarms(store)[0], file=False)
    assert made.ok
    assert walk.do("mark_suspect", reason="sensor").ok
    assert walk.page.row.state == "OPEN"
    async with open_page(walk) as here:
        await here.sees("数据存疑")


async def test_a_suspect_alarm_is_filed_only_once_somebody_has_confirmed(walk: Walk, store: Store) -> None:
    from sqlalchemy import update

    from backend.alarms.tables import Alarm
    from backend.store import table

    city.exceed(store, walk.clock.now(), stations=("TA12",))
    alarm = table(Alarm)
    newest = city.alarms(store)[-1]
    with store.write() as connection:
        connection.execute(update(alarm).where(alarm.c.id == newest).values(suspect=True))
    task = str(acts.from_alarm(walk.desk(), newest).data["task"])
    walk.id = task
    assert walk.page.row.state == "DRAFT"
    async with open_page(walk) as here:
        await here.press("t")
        await here.sees("数据存疑。已人工核实，仍要立项？")
        await here.press("n", "t", "y")
        await here.sees("待派发")


async def test_escalated_by_hand_and_taken_charge_of(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("e")
        await here.type("no answer")
        await here.press("enter")
        await here.sees("县级", "no answer", "上级确认")
        await here.press("c")
        await here.sees("已确认接手")
        assert walk.page.row.level == "C"
        await here.press("E")
        await here.type("fine now")
        await here.press("enter")
        await here.sees("乡镇级")


async def test_given_back_and_sent_to_another(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("b")
        await here.type("on leave")
        await here.press("enter")
        await here.sees("已退回", "on leave")
        await here.press("d")
        await here.sees("刚退回过")
        await here.press("1")
        await here.sees("待签收", "样11镇中心")


async def test_ones_own_duty_room_reports_without_a_reason(walk: Walk) -> None:
    """What one's own room does is no word on somebody's behalf, and a room has no distance to a place."""
    walk.to("OPEN")
    assert walk.do("dispatch", holder=walk.desk().actor.centre, holder_kind="centre").ok
    assert walk.do("accept").ok
    async with open_page(walk) as here:
        await here.press("p", "1")
        await here.sees("处置中")
    assert walk.page.row.state == "ON_SITE"
    last = walk.page.timeline[-1]
    assert (last.kind, last.on_behalf, last.channel) == ("arrive", "", "seat")


async def test_handed_to_a_department_that_takes_it(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("T")
        await here.type("生态")
        await here.press("enter")
        await here.type("their site")
        await here.press("enter")
        await here.sees("移交待接收")
        await here.press("K", "1")
        await here.sees("待到场", "样城生态环境局")
    assert walk.page.timeline[-1].on_behalf == "D1"


async def test_a_department_declines_with_a_reason(walk: Walk) -> None:
    walk.to("DISPATCHED")
    assert walk.do("transfer", receiver="D1", receiver_kind="department", reason="x").ok
    async with open_page(walk) as here:
        await here.press("K", "2")
        await here.type("not ours")
        await here.press("enter")
        await here.sees("待签收", "not ours")


async def test_a_suspension_is_asked_for_and_granted_armed(walk: Walk) -> None:
    walk.to("ON_SITE")
    async with open_page(walk) as here:
        await here.press("u", "enter")
        await here.type("5")
        await here.press("enter", "enter")
        await here.sees("申请挂账")
    async with open_page(walk, COUNTY_SUPERVISOR) as here:
        await here.press("u")
        await here.sees("样1县坐席一 的申请", "须由市级")
    assert walk.page.row.asked == "suspend"
    async with open_page(walk, CITY_SUPERVISOR) as here:
        await here.press("u", "1")
        assert isinstance(here.screen, Sure)
        await here.press("y")
        await here.sees("挂账", "解除挂账")
        await here.press("U", "y")
        await here.sees("处置中")


async def test_a_wish_is_denied_with_a_reason(walk: Walk) -> None:
    walk.to("ON_SITE")
    assert walk.do("ask_extend", reason="rain", seconds=600).ok
    async with open_page(walk, COUNTY_SUPERVISOR) as here:
        await here.press("x", "2")
        await here.type("no need")
        await here.press("enter")
        await here.sees("不批准", "no need")
    assert walk.page.row.asked == ""


async def test_merged_into_another_once_armed(walk: Walk) -> None:
    desk = walk.desk()
    other = acts.propose(desk, type="complaint", grid="99000100101", text="the same smoke")
    async with open_page(walk) as here:
        await here.press("M")
        await here.sees(str(other.data["task"]))
        await here.press("enter")
        assert isinstance(here.screen, Sure)
        await here.press("y")
        await here.sees("已并案")
    assert walk.page.row.state == "MERGED"


async def test_a_draft_is_dismissed_for_a_known_reason_once_armed(walk: Walk, store: Store) -> None:
    city.exceed(store, walk.clock.now(), stations=("TA12",))
    made = acts.from_alarm(walk.desk(), city.alarms(store)[-1], file=False)
    walk.id = str(made.data["task"])
    person = COUNTY_SUPERVISOR if walk.page.row.priority == "critical" else city.SEAT
    async with open_page(walk, person) as here:
        await here.press("X")
        await here.sees("误报", "仪器故障")
        await here.press("1")
        assert isinstance(here.screen, Sure)
        await here.press("y")
        await here.sees("已作废", "误报")


async def test_closed_work_is_reopened_with_new_evidence(walk: Walk) -> None:
    walk.to("REPORTED")
    assert walk.do("verify_ok", person=city.OTHER_SEAT).ok
    async with open_page(walk, city.OTHER_SEAT) as here:
        await here.sees("已结束，不会再提级")
        await here.press("O")
        await here.type("VID-9")
        await here.press("enter")
        await here.type("smoke again")
        await here.press("enter", "y")
        await here.sees("返工", "VID-9")
    assert walk.page.row.state == "REWORK"


async def test_what_is_written_down(walk: Walk) -> None:
    async with open_page(walk) as here:
        await here.press("m", "2")
        await here.type("called back")
        await here.press("enter")
        await here.sees("通话记录", "called back")
        await here.press("m", "5", "down", "enter")
        await here.type("school nearby")
        await here.press("enter")
        # Lowering is a supervisor's: the seat is told, and nothing changes.
        await here.sees("降低紧急程度须由监管员办理")
    assert walk.page.row.priority == "critical"


async def test_supervision_moves_verification_up(walk: Walk) -> None:
    walk.to("REPORTED")
    async with open_page(walk, CITY_SUPERVISOR) as here:
        await here.press("D", "y")
        await here.sees("督办", "样城监管员")
    async with open_page(walk, city.OTHER_SEAT) as here:
        await here.press("v")
        assert "须由市级" in here.lines[-1]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_is_passed_is_named_before_it_is(walk: Walk, size: tuple[int, int]) -> None:
    walk.to("REPORTED")
    async with open_page(walk, city.OTHER_SEAT, size=size) as here:
        await here.press("v", "1")
        await here.sees(f"核查通过 {walk.id}？", "待核查")


async def test_several_are_urged_at_once_armed(walk: Walk, store: Store) -> None:
    desk = walk.desk()
    for place in ("99000100201", "99000100301"):
        assert acts.propose(desk, type="complaint", grid=place, text="x").ok
    async with seat(store, walk.clock, city.SEAT) as here:
        await here.press("4")
        await here.sees("群众诉求")
        await here.press("space", "space", "w")
        assert isinstance(here.screen, Sure)
        await here.press("y")
        await here.sees("2 个任务：催办，已完成")
        assert not here.board.marks
    urged = [
        act.kind for row in tasks.board(desk) for act in _page(walk, row.id).timeline if act.kind == "urge"
    ]
    assert len(urged) == 2


def _page(walk: Walk, task: str) -> Any:
    page = tasks.page(walk.desk(), task)
    assert page is not None
    return page


async def test_what_was_sent_from_the_alarms_can_be_taken_back_there(walk: Walk, store: Store) -> None:
    city.exceed(store, walk.clock.now(), stations=("TA12",))
    async with seat(store, walk.clock, city.SEAT) as here:
        await here.press("3")
        await here.sees("样12镇站")
        await here.until(lambda: here.screen.row is not None and not here.screen.row.task)
        await here.press("d", "1")
        await here.sees("R 撤回（10 秒内）")
        await here.press("R")
        await here.sees("已撤回")
