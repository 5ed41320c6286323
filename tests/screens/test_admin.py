"""The administrator's screen by keyboard: people, policies, keys, channels, audit; off for all others, with why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.access import actor_of
from backend.clock import ManualClock
from backend.desk import audit, channels, machinekeys, policies
from backend.desk.desk import Desk
from backend.store import Store
from screens.dialogs.told import Told
from tests.screens import loop_city as city
from tests.screens.seated import seat
from tests.unit.test_notify_channels import Receiver, receiving

SIZES = ((120, 40), (80, 24))
ADMIN = city.ADMIN


@pytest.fixture
def desk(store: Store, clock: ManualClock, tmp_path: Path) -> Desk:
    return city.build_for_admin(store, tmp_path, clock)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.mark.parametrize("person", [city.SEAT, "P-990000-V"])
async def test_others_are_told_why_it_is_off(desk: Desk, clock: ManualClock, person: str) -> None:
    async with seat(desk.store, clock, person) as here:
        await here.press("8")
        await here.sees("无权进行此操作")


@pytest.mark.parametrize("size", SIZES)
async def test_a_person_from_the_books_to_off_the_books(
    desk: Desk, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with seat(desk.store, clock, ADMIN, size=size) as here:
        await here.press("8")
        await here.sees("人员", "规程", "密钥", "通知渠道", "审计", "管理员一")
        await here.press("ctrl+g")
        await here.sees("登记人员")
        await here.type("p-zhang")
        await here.press("enter")
        await here.type("Zhang San")
        await here.press("enter", "2")
        await here.type("990001")
        await here.press("enter", "enter", "enter", "enter", "enter")
        await here.sees("已登记 Zhang San")
        with desk.store.read() as connection:
            made = actor_of(connection, "P-ZHANG")
        assert made is not None
        assert (made.role, made.grid) == ("supervisor", "990001")
        await here.press("slash")
        await here.type("p-zhang")
        await here.press("enter")
        await here.sees("P-ZHANG")
        await here.press("ctrl+t")
        await here.sees("停用 Zhang San？")
        await here.press("y")
        await here.sees("已停用")
        await here.press("ctrl+e")
        await here.sees("变更 Zhang San")
        await here.press("escape")
    with desk.store.read() as connection:
        assert actor_of(connection, "P-ZHANG") is None
    assert [line.act for line in audit.board(desk)][:2] == ["person.off", "person.add"]


async def test_what_is_refused_is_told(desk: Desk, clock: ManualClock) -> None:
    async with seat(desk.store, clock, ADMIN) as here:
        await here.press("8", "slash")
        await here.type(ADMIN)
        await here.press("enter", "ctrl+t", "y")
        await here.sees("不能停用自己")
        await here.press("delete")
        await here.sees("没有此操作")


@pytest.mark.parametrize("size", SIZES)
async def test_a_policy_is_looked_at_tried_and_put_in_force(
    desk: Desk, clock: ManualClock, size: tuple[int, int]
) -> None:
    own = policies.text_of(desk, policies.versions(desk)[0].version)
    assert own is not None
    assert policies.add(desk, own.replace("\n", "\n# 冬季\n", 1), desk.now + 3600, "冬季").ok
    async with seat(desk.store, clock, ADMIN, size=size) as here:
        await here.press("8", "l")
        await here.sees("待生效", "冬季")
        await here.press("ctrl+r")
        await here.sees("试算", "2026-10", "文本")
        await here.press("escape", "ctrl+g")
        await here.sees("规程定期生效", "已立项的任务仍按原版")
        await here.press("escape")
        clock.move(7200)
        await here.tick()
        await here.sees("现行")


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_is_shown_once_and_revoked(desk: Desk, clock: ManualClock, size: tuple[int, int]) -> None:
    async with seat(desk.store, clock, ADMIN, size=size) as here:
        await here.press("8", "l", "l", "ctrl+g")
        await here.sees("生成设备密钥")
        await here.press("enter")
        await here.type("dust site 7")
        await here.press("enter")
        await here.sees("密钥只显示这一次")
        (row,) = machinekeys.board(desk)
        assert f"{row.id}." in here.text
        await here.press("2")
        await here.sees("dust site 7", "有效")
        assert f"{row.id}." not in here.text
        await here.press("delete")
        await here.sees("吊销密钥")
        # A grave act: the characters that only the box shows.
        nonce = here.app.screen.nonce  # type: ignore[attr-defined]
        await here.type(nonce.lower())
        await here.sees("已吊销")
    assert machinekeys.board(desk)[0].revoked is not None


@pytest.mark.parametrize("size", SIZES)
async def test_a_channel_is_added_tried_and_switched_off(
    desk: Desk, clock: ManualClock, receiver: Receiver, size: tuple[int, int]
) -> None:
    async with seat(desk.store, clock, ADMIN, size=size) as here:
        await here.press("8", "l", "l", "l", "ctrl+g")
        await here.sees("增设 Webhook 渠道", "只能在这台机器上")
        await here.type("duty")
        await here.press("enter")
        await here.type(receiver.url)
        await here.press("enter", "1", "enter", "enter")
        await here.sees("已增设渠道 duty")
        await here.press("ctrl+r")
        await here.sees("测试通知已由 duty 送达", "正常")
        await here.press("ctrl+t", "y")
        await here.sees("已停用")
        await here.press("enter")
        await here.press("escape")
    assert len(receiver.got) == 1
    assert channels.board(desk)[0].state == "off"


@pytest.mark.parametrize("size", SIZES)
async def test_the_audit_is_searched_and_its_chain_looked_at(
    desk: Desk, clock: ManualClock, size: tuple[int, int]
) -> None:
    assert machinekeys.mint(desk, machinekeys.scopes(desk)[0][0], "x").ok
    async with seat(desk.store, clock, ADMIN, size=size) as here:
        await here.press("8", "h")
        await here.sees("生成密钥", "审计链完整")
        await here.press("slash")
        await here.type("nothing like it")
        await here.press("enter")
        await here.until(lambda: "生成密钥" not in here.text)


@pytest.mark.parametrize("size", SIZES)
async def test_a_row_without_a_page_is_shown_whole(
    desk: Desk, clock: ManualClock, size: tuple[int, int]
) -> None:
    note = "extraordinarily long note of a key that no column of a small board shows whole"
    assert machinekeys.mint(desk, machinekeys.scopes(desk)[0][0], note).ok
    (line,) = audit.board(desk)[:1]
    async with seat(desk.store, clock, ADMIN, size=size) as here:
        await here.press("8", "enter")
        await here.until(lambda: isinstance(here.app.screen, Told))
        await here.press("escape", "l", "l")
        await here.sees("extraordinarily")
        await here.press("enter")
        await here.until(lambda: note.replace(" ", "") in "".join(here.text.split()).replace("│", ""))
        await here.press("escape", "l", "l")
        await here.sees("审计链完整")
        await here.press("enter")
        await here.until(lambda: line.digest in here.text)


async def test_in_english(desk: Desk, clock: ManualClock) -> None:
    assert machinekeys.mint(desk, machinekeys.scopes(desk)[0][0], "x").ok
    async with seat(desk.store, clock, ADMIN, language="en") as here:
        await here.press("8")
        await here.sees("People", "Jurisdiction", "Duty book 6")
        for words in (("In force from", "in force"), ("Opens", "lives"), ("None: Ctrl+G adds one",),
                      ("key made", "The audit chain holds")):  # fmt: skip
            await here.press("l")
            await here.sees(*words)
