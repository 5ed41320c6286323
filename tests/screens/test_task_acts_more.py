"""Acts that are asked for, arbitrations that are settled, data that are vouched for, and work orders, by keyboard."""

from __future__ import annotations

from sqlalchemy import select, update

from backend.alarms.tables import Alarm
from backend.desk import acts
from backend.escalation.sweep import sweep
from backend.store import Store, table
from backend.tasks.tables import Task
from screens.dialogs.sure import Sure
from tests.screens import loop_city as city
from tests.screens.seated import seat
from tests.screens.test_task_acts import COUNTY_SUPERVISOR
from tests.screens.test_task_page import Walk, open_page, walk

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
        await here.press("d")
        assert "请直接裁定任务" in here.lines[-1]
        await here.press("v")
        await here.sees(
            f"任务 {offered} 由谁承办", "their site", "由移交方继续承办", "由接收方承办  样城生态环境局"
        )
        await here.press("2")
        await here.type("their permit")
        await here.press("enter")
        assert isinstance(here.screen, Sure)
        await here.press("y")
        await here.sees("已办结", "裁定：由接收方承办", "their permit")
    walk.id = offered
    assert walk.page.row.holder == "D1"
    assert walk.page.row.state == "ACCEPTED"


async def test_an_arbitration_waits_on_the_board_and_leaves_the_task_with_its_holder(walk: Walk) -> None:
    offered = in_arbitration(walk)
    async with seat(walk.store, walk.clock, city.SEAT) as here:
        await here.press("4", "l", "l")
        await here.sees("移交裁定")
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
