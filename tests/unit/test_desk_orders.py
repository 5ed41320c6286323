"""Orders from above: who issues which, what holds when and where, what its history says, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from backend.access.audit import verify
from backend.access.tables import AuditRow
from backend.clock import ManualClock
from backend.desk import orders
from backend.desk.desk import Desk
from backend.notify.tables import Notice
from backend.store import Store, table
from backend.words import Message, Outcome, say
from tests.screens import seat_city

NOW, HOUR = seat_city.NOW, 3600
WARNING: dict[str, Any] = {
    "kind": "heavy_pollution",
    "title": "重污染天气橙色预警",
    "level": "orange",
    "scope_kind": "grid",
    "scope": "371700",
    "starts": NOW - 60,
    "ends": NOW + 72 * HOUR,
}
INSTRUCTION: dict[str, Any] = {
    "kind": "instruction",
    "title": "夜间加密巡查",
    "scope_kind": "grid",
    "scope": "371702001|371702002",
    "starts": NOW,
    "ends": None,
}
STOP: dict[str, Any] = {
    "kind": "declared_stop",
    "title": "鲁西化工检修停产",
    "scope_kind": "source",
    "scope": ("QY-S1",),
    "starts": NOW + HOUR,
    "ends": NOW + 5 * HOUR,
    "text": "2 号炉停炉检修，治污设施不开",
}
At = Callable[[str], Desk]


@pytest.fixture
def at(store: Store, clock: ManualClock) -> At:
    """Somebody's desk in the small city."""
    seat_city.build(store, hours=2)
    return lambda person: seat_city.desk(store, person, clock)


def _says(outcome: Outcome) -> str:
    return say(outcome.message, "zh")


def test_an_order_shows_where_it_holds_and_no_longer_than_it_holds(at: At, clock: ManualClock) -> None:
    city, county = at("HZ-V1"), at("MD-S1")
    issued = orders.issue(city, **WARNING)
    assert issued.ok
    assert issued.data["order"] == "ZL20261103-01"
    (row,) = orders.in_force(county)
    assert (row.kind, row.level, row.scope, row.issued_by) == (
        "heavy_pollution",
        "orange",
        "菏泽市",
        "市指挥中心",
    )
    assert not orders.in_force(county, NOW - 3600)
    clock.move(72 * HOUR)
    assert not orders.in_force(county)
    assert [one.state for one in orders.board(county)] == ["ended"]


def test_a_seat_enters_what_it_is_told_and_a_supervisor_binds_others(at: At) -> None:
    seat = at("MD-S1")
    assert orders.issue(seat, **INSTRUCTION).ok
    assert orders.issue(seat, **STOP).ok
    refused = orders.issue(seat, **(WARNING | {"scope": "371702"}))
    assert _says(refused) == "您的角色（坐席员）无权进行此操作，请找监管员。"
    beyond = orders.issue(seat, **(INSTRUCTION | {"scope": "371703100"}))
    assert not beyond.ok
    assert beyond.message.code == "access.outside"
    assert not orders.issue(at("DC-M1"), **INSTRUCTION).ok


def test_a_declared_stop_is_of_a_source_and_of_its_time(at: At, clock: ManualClock) -> None:
    seat = at("MD-S1")
    orders.issue(seat, **STOP)
    assert not orders.in_force(seat)
    assert [row.state for row in orders.board(seat)] == ["coming"]
    clock.move(HOUR)
    (row,) = orders.in_force(seat)
    assert (row.scope_kind, row.codes, row.scope) == ("source", ("QY-S1",), "鲁西化工")


def test_amending_and_withdrawing_stay_in_the_history_and_in_the_audit_chain(
    at: At, clock: ManualClock
) -> None:
    city = at("HZ-V1")
    code = str(orders.issue(city, **WARNING).data["order"])
    clock.move(HOUR)
    assert orders.amend(city, code, level="red", title="重污染天气红色预警").ok
    clock.move(HOUR)
    assert _says(orders.withdraw(city, code, " ")) == "撤销要写明原因。"
    assert orders.withdraw(city, code, "空气质量转好").ok
    page = orders.page(city, code)
    assert page is not None
    assert [step.act for step in page.steps] == ["issue", "amend", "withdraw"]
    assert page.steps[0].actor_name == "王强"
    assert page.steps[1].body == {"level": "red", "title": "重污染天气红色预警"}
    assert page.steps[2].body == {"reason": "空气质量转好"}
    assert page.row.state == "withdrawn"
    assert not orders.in_force(city)
    # What held an hour ago still says so.
    assert [row.code for row in orders.in_force(city, NOW + HOUR)] == [code]
    over = orders.amend(city, code, title="再改")
    assert _says(over) == f"指令 {code} 已于 11-03 18:00 结束，不能再改。"
    with city.store.read() as connection:
        acts = connection.execute(select(table(AuditRow).c.act, table(AuditRow).c.actor)).all()
        assert verify(connection) is None
    assert [act for act in acts if act.act.startswith("order.")] == [
        ("order.issue", "HZ-V1"),
        ("order.amend", "HZ-V1"),
        ("order.withdraw", "HZ-V1"),
    ]


def test_whoever_works_on_an_order_hears_that_it_was_withdrawn(at: At, clock: ManualClock) -> None:
    city = at("HZ-V1")
    issued = orders.issue(city, **{**INSTRUCTION, "due": NOW + 5 * HOUR})
    clock.move(HOUR)
    assert orders.withdraw(city, str(issued.data["order"]), "空气质量转好").ok
    notice = table(Notice)
    with city.store.read() as connection:
        rows = connection.execute(select(notice).where(notice.c.code == "notice.act.order_over")).all()
    assert {row.task for row in rows} == set(str(issued.data["tasks"]).split())
    assert {row.grid for row in rows} >= {"371702001", "371702002"}
    for row in rows:
        told = Message(row.code, json.loads(row.args))
        assert "空气质量转好" in say(told, "zh")
        assert "{" not in say(told, "en")


def test_an_order_of_another_jurisdiction_is_changed_by_nobody_else(at: At) -> None:
    code = str(orders.issue(at("HZ-V1"), **(INSTRUCTION | {"scope": "371700"})).data["order"])
    seat = at("MD-S1")
    assert orders.withdraw(seat, code, "不要了").message.code == "access.outside"
    mine = str(orders.issue(seat, **INSTRUCTION).data["order"])
    assert orders.amend(seat, mine, scope="371703100").message.code == "access.outside"
    assert orders.amend(seat, "ZL0", title="x").message.code == "order.refused.unknown"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"level": ""}, "重污染天气预警要写明级别：黄色、橙色或红色。"),
        ({"title": "  "}, "指令要有标题。"),
        ({"title": "长" * 81}, "标题 81 字，最多 80 字；详情写在内容里。"),
        ({"text": "长" * 10_000}, "内容 10000 字，最多 2000 字。"),
        ({"ends": NOW - 1}, "结束时间 11-03 15:59 不晚于开始或现在。"),
        ({"allowed_load": 101}, "允许负荷写 0 至 100 的整数百分比。"),
        ({"kind": "stop_work", "level": "", "allowed_load": 0},
         "只有重污染天气预警可以写允许负荷；停产请下达停工令。"),
        ({"due": NOW}, "办结时限 11-03 16:00 已经过了。"),
        ({"lead": "NOBODY"}, "没有部门 NOBODY。"),
        ({"scope": ""}, "请给出范围：网格或污染源的代码。"),
        ({"scope": "999999"}, "范围里的 999999 不存在或已停用。"),
        ({"kind": "warming", "level": ""}, "没有指令类别 warming，可用：重污染天气预警、停工令、申报停产、上级指示。"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_order_is_said(at: At, wrong: dict[str, Any], words: str) -> None:
    desk = at("HZ-A1").seated(at("HZ-A1").actor)
    outcome = orders.issue(desk, **(WARNING | wrong))
    if wrong.get("scope") == "999999":
        # Nobody has a jurisdiction over what does not exist; the system itself is told what is wrong.
        from dataclasses import replace

        outcome = orders.issue(desk.seated(replace(desk.actor, role="system")), **(WARNING | wrong))
    assert _says(outcome) == words
    assert not orders.board(desk)


def test_control_characters_are_shown_and_never_sent(at: At) -> None:
    desk = at("HZ-V1")
    assert orders.issue(desk, **(WARNING | {"title": "预警\x1b[2J", "text": "一\x1b]52;c;x\x07"})).ok
    (row,) = orders.board(desk)
    assert "\x1b" not in row.title + row.text
    assert "\x07" not in row.text
