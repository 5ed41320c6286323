"""Acts that are asked for, arbitrations that are settled, data that are vouched for, and work orders, by keyboard."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from sqlalchemy import select, update

from backend.alarms.tables import Alarm
from backend.desk import acts, workorders
from backend.escalation.sweep import sweep
from backend.store import Store, table
from backend.tasks.tables import Task
from screens.dialogs.sure import Sure
from tests.screens import loop_city as city
from tests.screens.seated import seat
from tests.screens.test_task_acts import COUNTY_SUPERVISOR
from tests.screens.test_task_page import Walk, open_page, walk
from tests.tools.triage_city import contractor

__all__ = ["walk"]


def drafted(walk: Walk, store: Store) -> None:
    """Walk on with the critical draft of another alarm."""
    city.exceed(store, walk.clock.now(), stations=("TA12",))
    alarm = table(Alarm)
    newest = city.alarms(store)[-1]
    with store.write() as connection:
        connection.execute(update(alarm).where(alarm.c.id == newest).values(priority="critical"))
    walk.id = str(acts.from_alarm(walk.desk(), newest, file=False).data["task"])
    row = walk.page.row
    assert (row.state, row.priority) == ("DRAFT", "critical")


async def test_a_seat_asks_to_dismiss_a_critical_draft_and_the_supervisor_grants_it(
    walk: Walk, store: Store
) -> None:
    drafted(walk, store)
    async with open_page(walk) as here:
        await here.press("X")
        await here.sees("申请不予受理：原因", "误报", "监管员")
        await here.press("1")
        await here.sees("已为线索", "申请不予受理")
        assert walk.page.row.asked == "dismiss"
        await here.press("X")
        assert "已经申请不予受理" in here.lines[-1]
    async with open_page(walk, COUNTY_SUPERVISOR) as here:
        await here.press("X")
        await here.sees("样1县坐席一 的申请", "申请不予受理：误报")
        await here.press("1")
        assert isinstance(here.screen, Sure)
        await here.press("y")
        await here.sees("已作废")
    assert walk.page.row.state == "CANCELLED"


async def test_a_seat_asks_to_void_and_the_supervisor_refuses_with_a_reason(walk: Walk) -> None:
    async with open_page(walk) as here:
        await here.press("ctrl+x")
        await here.sees("申请作废", "坐席员无权进行此操作")
        await here.type("entered twice")
        await here.press("enter")
        await here.sees("待批", "entered twice")
        assert walk.page.row.asked == "void"
        await here.press("ctrl+x")
        assert "已经申请作废" in here.lines[-1]
    async with open_page(walk, COUNTY_SUPERVISOR) as here:
        await here.press("ctrl+x")
        await here.sees("样1县坐席一 的申请", "申请作废：entered twice")
        await here.press("2")
        await here.type("it is another")
        await here.press("enter")
        await here.sees("不批准", "it is another")
    row = walk.page.row
    assert (row.state, row.asked) == ("OPEN", "")


async def test_what_has_ended_or_is_filed_says_why_it_is_neither_dismissed_nor_voided(walk: Walk) -> None:
    async with open_page(walk, COUNTY_SUPERVISOR) as here:
        await here.press("X")
        assert "只有待研判的线索可以不予受理" in here.lines[-1]
    walk.to("REPORTED")
    assert walk.do("verify_ok", person=city.OTHER_SEAT).ok
    async with open_page(walk) as here:
        await here.press("ctrl+x")
        assert "只有已立项、未结束的任务可以作废" in here.lines[-1]


async def test_a_person_vouches_for_doubtful_data(walk: Walk) -> None:
    assert walk.do("mark_suspect", reason="sensor").ok
    async with open_page(walk) as here:
        await here.sees("数据存疑")
        await here.press("m")
        await here.sees("4  确认数据")
        await here.press("4")
        await here.type("calibrated today")
        await here.press("enter")
        await here.sees("确认数据", "calibrated today")
        assert "数据存疑" not in here.lines[1]
    assert not walk.page.row.suspect


def in_arbitration(walk: Walk) -> str:
    """Offer the task to a department that does not answer; walk on with the arbitration about it."""
    walk.to("DISPATCHED")
    assert walk.do("transfer", receiver="D1", receiver_kind="department", reason="their site").ok
    due = walk.page.row.due
    assert due is not None
    walk.clock.move(due + 60 - walk.clock.now())
    assert not sweep(walk.store, walk.clock.now()).faults
    offered, task = walk.id, table(Task)
    with walk.store.read() as connection:
        walk.id = connection.execute(select(task.c.id).where(task.c.about == offered)).scalar_one()
    return offered


async def test_an_arbitration_is_settled_for_the_receiver_once_armed(walk: Walk) -> None:
    offered = in_arbitration(walk)
    async with open_page(walk) as here:
        await here.sees("移交裁定", "网格员11 ▸ 样城生态环境局", "v 裁定")
        # It awaits a verdict: nobody is sent, and the key's name is what it does.
        await here.sees("待裁定")
        assert "v 裁定" in here.lines[-1]
        assert "核查" not in here.lines[-1]
        await here.press("d")
        assert "请直接裁定任务" in here.lines[-1]
        for key in ("M", "x", "ctrl+x"):
            await here.press(key)
            assert "只能裁定任务" in here.lines[-1], key
        await here.press("T")
        assert "不派发、不移交" in here.lines[-1]
        await here.press("v")
        await here.sees(
            f"任务 {offered} 由谁承办", "their site", "由移交方继续承办", "由接收方承办：样城生态环境局"
        )
        await here.press("2")
        await here.type("their permit")
        await here.press("enter")
        assert isinstance(here.screen, Sure)
        # What is confirmed is the verdict, by name.
        await here.sees("由接收方承办：样城生态环境局")
        await here.press("y")
        await here.sees("已办结", "裁定：由接收方承办", "their permit")
    walk.id = offered
    assert walk.page.row.holder == "D1"
    assert walk.page.row.state == "ACCEPTED"


async def test_an_arbitration_waits_on_the_board_and_leaves_the_task_with_its_holder(walk: Walk) -> None:
    offered = in_arbitration(walk)
    async with seat(walk.store, walk.clock, city.SEAT) as here:
        await here.press("4", "l", "l")
        await here.sees("移交裁定", "待裁定", "v 裁定")
        await here.press("v")
        await here.sees("由移交方继续承办")
        await here.press("1")
        await here.type("it is yours")
        await here.press("enter", "y")
        await here.until(lambda: walk.page.row.closed is not None)
    walk.id = offered
    assert walk.page.row.holder == city.MEMBER
    assert walk.page.timeline[-1].kind == "keep"


async def test_an_ordinary_task_has_nothing_to_settle(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("v")
        assert "还没有反馈可核查" in here.lines[-1]


def ordered(walk: Walk) -> None:
    """Walk on with the work order of a station that has said nothing for two hours."""
    contractor(walk.desk())
    made = workorders.issue_for_station(
        walk.desk(), "TA12", fault="offline", since=walk.clock.now() - 2 * city.HOUR
    )
    assert made.ok
    walk.id = str(made.data["task"])


async def test_a_work_order_tells_its_down_time_and_when_the_instrument_works_again(walk: Walk) -> None:
    ordered(walk)
    async with open_page(walk) as here:
        await here.sees("样12镇站", "离线", "自 14:00 起停运，已 2h")
        await here.press("m")
        await here.sees("设备恢复", "记录疑似人为干扰")
        await here.press("6")
        await here.type("13:00")
        await here.press("enter")
        await here.sees("不能早于")
        for _ in "13:00":
            await here.press("backspace")
        await here.type("15:30")
        await here.press("enter")
        await here.sees("14:00 至 15:30，共 1h30", "设备自 15:30 起恢复")


async def test_suspected_interference_is_armed_and_goes_up_to_the_city(walk: Walk) -> None:
    ordered(walk)
    async with open_page(walk) as here:
        await here.press("m", "7")
        await here.type("inlet sprayed")
        await here.press("enter")
        assert isinstance(here.screen, Sure)
        await here.sees("将通知市级")
        await here.press("y")
        await here.sees("疑似人为干扰", "inlet sprayed", "市级")
    order = workorders.of_task(walk.desk(), walk.id)
    assert order is not None
    assert (order.interference, order.task.level) == (True, "M")


async def test_other_tasks_offer_nothing_of_an_instrument(walk: Walk) -> None:
    async with open_page(walk) as here:
        await here.press("m")
        await here.sees("调整紧急程度")
        assert not any("设备恢复" in line for line in here.lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_they_fit_the_screen_in_both_languages(
    walk: Walk, size: tuple[int, int], language: str
) -> None:
    offered = in_arbitration(walk)
    async with open_page(walk, size=size, language=language) as here:
        await here.press("v")
        await here.sees(offered, "their site")
        assert all(cell_len(line) <= size[0] for line in here.lines)
        assert "taskscreen." not in here.text
    ordered(walk)
    async with open_page(walk, size=size, language=language) as here:
        await here.sees("停运" if language == "zh" else "Down")
        await here.press("m")
        await here.sees("设备恢复" if language == "zh" else "works again")
        assert all(cell_len(line) <= size[0] for line in here.lines)
        assert "taskscreen." not in here.text
