"""Complaints, incidents and orders by keyboard: replied to, called back, gone about, issued, amended, withdrawn."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.access.tables import AuditRow
from backend.clock import ManualClock
from backend.desk import complaints, intake, orders
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words.say import Language
from tests.screens import loop_city as city
from tests.screens.seated import WALKS, Seat, seat

SIZES = ((120, 40), (80, 24))
SUPERVISOR = "P-990000-V"
CALLER, PHONE = "王小明", "13812345678"


@pytest.fixture(autouse=True)
def _city(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    """The small city, where somebody has called about a building site."""
    city.build(store, tmp_path, clock.now())
    desk = Desk.open(store, city.SEAT, clock=clock)
    done = intake.enter(
        desk,
        type="site_dust",
        place="source:S11",
        channel="12345",
        number="W-1",
        text=f"{CALLER}反映夜里施工，回电 {PHONE}",
        caller=CALLER,
        caller_phone=PHONE,
    )
    assert done.ok


def _opened(store: Store) -> int:
    with store.read() as connection:
        audit = table(AuditRow)
        return len(connection.execute(select(audit.c.id).where(audit.c.act == "complaint.open")).all())


def _hidden(here: Seat) -> bool:
    return CALLER not in here.text and PHONE not in here.text


@pytest.mark.parametrize(("language", "size"), WALKS)
async def test_a_caller_is_answered_and_called_back(
    store: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    waits, replied, satisfied = {
        "zh": ("待回复", "已整改", "满意"),
        "en": ("to reply", "put right", "satisfied"),
    }[language]
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("C")
        await here.sees("W-1", waits)
        assert _hidden(here)
        assert _opened(store) == 0
        await here.press("enter")
        await here.sees(CALLER, PHONE, "W-1")
        assert _opened(store) == 1
        copied: list[str] = []
        here.app.copy = copied.append  # type: ignore[assignment,method-assign]
        await here.press("y")
        assert "W-1" in copied[0]
        assert CALLER not in copied[0]
        assert PHONE not in copied[0]
        # A call back before the reply is refused in words; the reply then goes through.
        await here.press("less_than_sign")
        await here.sees("W-1")
        await here.press("greater_than_sign", "1")
        await here.type("done")
        await here.press("enter")
        await here.sees(replied, "done")
        await here.press("less_than_sign", "1", "f2")
        await here.sees(satisfied)
        # However often it was read anew, it was opened once.
        assert _opened(store) == 1
        await here.press("escape")
        assert _hidden(here)


async def test_a_reply_from_the_list_can_be_called_back_at_once(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.press("C")
        await here.sees("W-1", "待回复")
        await here.press("greater_than_sign", "1")
        await here.type("done")
        await here.press("enter")
        # It is of the tab no more, and stays under the cursor as what it is now.
        await here.sees("W-1", "待回访")
        await here.press("less_than_sign", "1", "f2")
        await here.sees("W-1", "满意")


async def test_a_late_reply_needs_somebody_now(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.pass_time(73 * 60)
        await here.press("n")
        await here.sees("诉求", "回复超时", "W-1")
        assert _hidden(here)
        here.screen.needs.select("complaint:1")
        await here.settle()
        await here.press("a")
        await here.sees("这是群众诉求")
        await here.press("enter")
        await here.sees(CALLER)


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((80, 24), "en")])
async def test_a_caller_who_is_not_satisfied_waits_again_and_a_late_one_is_the_supervisors(
    store: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    desk = Desk.open(store, city.SEAT, clock=clock)
    assert complaints.reply(desk, 1, result="rectified", text="已整改").ok
    assert complaints.call_back(desk, 1, result="not_satisfied", text="还在冒烟").ok
    again, late, tab = {
        "zh": ("待再回复", "回复超时", "诉求 1"),
        "en": ("reply again", "late", "Callers 1"),
    }[language]
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("C")
        await here.sees("W-1", again)
        assert _hidden(here)
    clock.move(73 * 3600)
    async with seat(store, clock, SUPERVISOR, size=size, language=language) as here:
        await here.press("7", "l", "l", "l")
        await here.sees(tab, "W-1", late)
        assert _hidden(here)
        await here.press("enter")
        await here.sees(CALLER)


@pytest.mark.parametrize(("language", "size"), WALKS)
async def test_an_incident_is_reached_from_its_task_and_takes_evidence(
    store: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    incident, happened, proof = {
        "zh": ("事件", "经过", "证据"),
        "en": ("incident", "What happened", "proof"),
    }[language]
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("4", "enter")
        await here.sees("C-990001-0001F")
        assert _hidden(here)
        await here.press("o")
        await here.type("INC")
        await here.sees(incident)
        await here.press("enter")
        await here.sees("INC20261103-000", "W-1", "C-990001-0001F")
        assert _hidden(here)
        await here.press("t")
        await here.sees("C-990001-0001F")
        await here.press("m")
        await here.type("IMG-7")
        await here.press("enter", "2", "f2")
        await here.sees("IMG-7", proof)
        await here.press("l")
        await here.sees(happened, "IMG-7")
        assert _hidden(here)
        await here.press("h", "o")
        await here.sees("C-990001-0001F")


async def test_an_incident_is_reached_from_its_alarm(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.press("3", "enter", "o")
        await here.type("INC")
        await here.press("enter")
        await here.sees("构成", "空气超标", "办理中")
        await here.press("t")
        await here.sees("待派发", "任务")


async def test_a_complaint_is_joined_by_its_number(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.press("i", "2")
        await here.type("W-1")
        await here.sees("并入：工地扬尘", "12345 转办")
        await here.press("enter", "f2")
        await here.sees("已并入事件")
    desk = Desk.open(store, city.SEAT, clock=clock)
    rows = complaints.board(desk)
    assert [row.incident for row in rows] == [rows[0].incident] * 2


@pytest.mark.parametrize(("language", "size"), WALKS)
async def test_an_order_with_a_time_is_a_supervised_task_on_top(
    store: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    warning, task = {
        "zh": ("重污染天气预警", "督办"),
        "en": ("heavy-pollution warning", "supervised"),
    }[language]
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("9", "plus")
        await here.sees(warning)
        # A warning binds others: a seat enters what it is told, an instruction or a declared stop.
        await here.press("2")
        await here.type("990001")
        await here.press("enter")
        await here.type("wet")
        await here.press("tab", "tab", "tab", "tab")
        await here.type("3h")
        await here.press("f2")
        await here.sees("wet", task)
        await here.press("escape")
        await here.sees("wet")
        await here.press("4")
        await here.sees({"zh": "上级交办", "en": "Order from"}[language])
        assert here.board.row.order == "ZL20261103-01"
    desk = Desk.open(store, city.SEAT, clock=clock)
    (order,) = orders.in_force(desk)
    assert (order.kind, order.due, order.codes) == ("instruction", clock.now() + 3 * 3600, ("990001",))


async def test_an_order_is_amended_and_withdrawn_with_its_history(store: Store, clock: ManualClock) -> None:
    desk = Desk.open(store, city.SEAT, clock=clock)
    orders.issue(
        desk,
        kind="instruction",
        title="夜查",
        scope_kind="grid",
        scope="990001",
        starts=clock.now(),
        ends=None,
    )
    async with seat(store, clock, city.SEAT) as here:
        await here.press("9", "enter")
        await here.sees("夜查", "下达", "执行中")
        await here.press("equals_sign", "ctrl+u")
        await here.type("all night")
        await here.press("f2")
        await here.sees("all night", "变更")
        await here.press("exclamation_mark")
        await here.type("over")
        await here.press("enter")
        await here.sees("撤销这条指令？")
        await here.press("y")
        await here.sees("已撤销", "over")
        await here.press("equals_sign")
        await here.sees("已于 11-03 16:00 结束，不能再改")
        await here.press("escape", "l")
        await here.sees("all night", "已撤销")


def test_nothing_that_is_kept_of_a_screen_tells_who_called(store: Store, clock: ManualClock) -> None:
    desk = Desk.open(store, city.SEAT, clock=clock)
    from screens.complaints import COLUMNS
    from screens.copies import as_csv
    from screens.look import Look

    rows: list[Any] = complaints.board(desk, view="all")
    text = as_csv(COLUMNS, rows, Look(now=clock.now()))
    assert "W-1" in text
    assert CALLER not in text
    assert PHONE not in text
    assert CALLER not in str([dataclasses.asdict(row) for row in rows])


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((80, 24), "en")])
async def test_a_warning_says_what_load_is_allowed(
    store: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    supervisor = "P-990001-V"
    done = orders.issue(
        Desk.open(store, supervisor, clock=clock), kind="heavy_pollution", level="orange", title="橙色预警",
        scope_kind="grid", scope="990001", starts=clock.now(), ends=None, allowed_load=50,
    )  # fmt: skip
    assert done.ok, done
    async with seat(store, clock, supervisor, size=size, language=language) as here:
        await here.press("9", "enter")
        await here.sees("50%", {"zh": "允许负荷", "en": "Load"}[language])
        await here.press("equals_sign", *["tab"] * 6, "ctrl+u")
        await here.type("140")
        await here.press("f2")
        await here.sees({"zh": "0 至 100", "en": "0 to 100"}[language])
        await here.press("ctrl+u")
        await here.type("40")
        await here.press("f2")
        await here.sees("40%")
