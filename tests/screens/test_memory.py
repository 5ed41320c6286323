"""A dropped line and a new login: the same screen, row, filter, page and half-typed form."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from textual.events import Paste

from console import memory
from console.session import DELAY, SLOT, Session
from tests.screens.conftest import Console
from tests.screens.harness import fake_desk


async def test_the_same_screen_row_and_filter_come_back(console: Console) -> None:
    desk = fake_desk(300)
    async with console(desk=desk) as seen:
        await seen.press("3", "right", "slash", *"0002", "enter", "j", "s")
        kept = (seen.board.key, seen.board.view)
    async with console(desk=desk) as seen:
        assert seen.app.current_mode == "alarms"
        assert (seen.board.key, seen.board.view) == kept
        assert seen.board.row.id == kept[0]
        await seen.press("1")
        assert seen.board.view.filter == ""


async def test_a_page_comes_back_over_its_board(console: Console) -> None:
    desk = fake_desk(30)
    async with console(desk=desk) as seen:
        await seen.press("2", "j", "j", "enter")
    async with console(desk=desk) as seen:
        assert seen.screen.slot == "alarm:2"
        await seen.press("escape")
        assert seen.board.key == 2


async def test_what_a_slow_line_is_told_of_its_traffic_stops_no_keeping(console: Console) -> None:
    desk = fake_desk(30)
    line: Any = SimpleNamespace(measured=SimpleNamespace(flow=900.0, behind=0.0))
    async with console(desk=desk) as seen:
        await seen.press("3")
        for _ in range(4):
            await seen.press("j")
            seen.app._save()
            await seen.settle()
        seen.app._tell_traffic(line)
        assert seen.app.traffic
        await seen.press("4")
    async with console(desk=desk) as seen:
        assert seen.app.current_mode == "tasks"


async def test_a_half_typed_form_comes_back_after_a_hang_up(console: Console) -> None:
    desk = fake_desk(30)
    async with console(desk=desk) as seen:
        await seen.press("4", "j", "j", "d", *"zw", "enter", "tab", *"12")
        assert seen.screen.values == {"who": "m01", "level": "high", "hours": "12", "note": ""}
        seen.app.hang_up()
        await seen.settle()
    assert desk.acts == []
    async with console(desk=desk) as seen:
        assert seen.app.current_mode == "tasks"
        assert "派发" in seen.text
        assert seen.screen.values == {"who": "m01", "level": "high", "hours": "12", "note": ""}
        await seen.press("f2")
        assert desk.acts[0][0] == "dispatch"
        assert dict(desk.acts[0][1])["hours"] == "12"  # type: ignore[call-overload]
    async with console(desk=desk) as seen:
        await seen.press("d")
        assert seen.screen.values["who"] == ""


async def test_esc_keeps_what_was_typed(console: Console) -> None:
    async with console() as seen:
        await seen.press("d", *"zw", "enter", "escape", "j", "d")
        assert seen.screen.values["who"] == ""
        await seen.press("escape", "k", "d")
        assert seen.screen.values["who"] == "m01"


async def test_it_is_saved_within_a_second_of_a_change(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert DELAY <= 1.0
    monkeypatch.setattr(memory, "DELAY", 0.1)
    desk = fake_desk(30)
    async with console(desk=desk) as seen:
        await seen.press("j", "j")
        body = json.loads(desk.memory[f"李敏:{SLOT}"])
        assert body["slots"]["overview"]["key"] == 2


async def test_a_line_that_is_cut_while_a_screen_is_put_together_costs_nothing(console: Console) -> None:
    desk = fake_desk(300)
    async with console(desk=desk) as seen:
        await seen.press("3", "slash", *"0002", "enter", "1")
    for turn in range(3):
        async with console(desk=desk) as seen:
            seen.app._go("alarms")
            for _ in range(turn):
                await asyncio.sleep(0)
            assert turn or not seen.screen.recalled
            seen.app.hang_up()
        body = json.loads(desk.memory[f"李敏:{SLOT}"])
        assert (body["screen"], body["slots"]["alarms"]["filter"]) == ("alarms", "0002")
        desk.memory[f"李敏:{SLOT}"] = json.dumps(body | {"screen": "overview"})


@pytest.mark.parametrize("aside", [True, False])
async def test_what_a_store_that_somebody_holds_does_not_take_at_the_end_goes_beside_it(
    console: Console, aside: bool
) -> None:
    """Held for longer than anybody waits: what is on the screens is not lost, and leaving is no fault."""
    held = sqlite3.OperationalError("database is locked")
    held.sqlite_errorcode = sqlite3.SQLITE_BUSY
    beside: list[str] = []

    def save(*_: Any) -> None:
        raise OperationalError("COMMIT", (), held)

    def put(_desk: Any, _slot: str, text: str) -> bool:
        beside.append(text)
        return aside

    desk = fake_desk(30)
    with nullcontext() if aside else pytest.raises(OperationalError):
        async with console(desk=desk) as seen:
            seen.app.wiring = replace(seen.app.wiring, save=save, aside=put)
            await seen.press("j", "j")
            seen.app.exit(0)
    assert json.loads(beside[0])["slots"]["overview"]["key"] == 2
    assert desk.closed


async def test_a_memory_that_cannot_be_read_is_left_out(console: Console) -> None:
    desk = fake_desk(30)
    desk.memory[f"李敏:{SLOT}"] = (
        '{"version": 1, "screen": "nowhere", "slots": 7, "pages": [["task", "1"]], "drafts": [1]}'
    )
    async with console(desk=desk) as seen:
        assert seen.app.current_mode == "overview"
        assert len(seen.app.screen_stack) == 1
    for text in (None, "", "[]", "{", '{"version": 99}', "x" * 300_000):
        assert Session.read(text, lambda _name: True).screen == ""


async def test_forms_by_keyboard(console: Console) -> None:
    desk = fake_desk(30)
    async with console(desk=desk) as seen:
        await seen.press("d")
        # Nobody has chosen the first of them.
        await seen.press("f2")
        assert "必须填写" in seen.text
        assert desk.acts == []
        await seen.press("enter", "f2")
        assert desk.acts[0][0] == "dispatch"
        assert dict(desk.acts[0][1])["who"] == "m01"  # type: ignore[call-overload]
        await seen.press("d", *"wq", "enter")
        assert "王强不能选：庄寨网格员 休息" in seen.text
        await seen.press("ctrl+u", *"xx", "enter")
        assert '没有"xx"这一项，请在列表中选一项' in seen.text
        await seen.press("ctrl+u", *"李", "enter")
        assert seen.screen.values["who"] == "m02"
        await seen.press("tab", *"soon", "f2")
        assert "须为数字" in seen.text
        # It is told until it is so no more.
        await seen.press("shift+tab", "tab", "backspace")
        assert "须为数字" in seen.text
        await seen.press("ctrl+u", "3")
        assert "须为数字" not in seen.text
        await seen.press("enter", *"写点什么", "enter")
        assert len(desk.acts) == 2
        assert dict(desk.acts[1][1]) == {"who": "m02", "level": "critical", "hours": "3", "note": "写点什么"}  # type: ignore[call-overload]


async def test_another_person_has_their_own_screen_and_comes_back_to_it(console: Console) -> None:
    async with console(rows=100) as seen:
        await seen.press("3", "j", "j", "P", *"王", "enter")
        assert "王芳" in seen.lines[0]
        assert "现在是 王芳" in seen.lines[-1]
        await seen.press("4", *["j"] * 7, "P", *"S1", "enter")
        assert "李敏" in seen.lines[0]
        assert seen.app.current_mode == "alarms"
        assert seen.board.key == 2
        await seen.press("colon", *"person", "space", *"S2", "enter")
        assert seen.app.current_mode == "tasks"
        assert seen.board.key == 7
        await seen.press("colon", *"person", "space", *"S9", "enter")
        assert "没有编码为 S9 的人员" in seen.lines[-1]


async def test_at_a_real_seat_nobody_else_sits_down(console: Console) -> None:
    async with console(replay=False) as seen:
        await seen.press("P")
        assert "由登录身份决定" in seen.lines[-1]
        assert len(seen.app.screen_stack) == 1


async def test_a_digit_chooses_when_it_is_struck_and_not_when_it_is_pasted_or_was_left_there(
    console: Console,
) -> None:
    desk = fake_desk(30)
    async with console(desk=desk) as seen:
        await seen.press("d")
        entry = seen.app.focused
        assert entry is not None
        entry.post_message(Paste("Hongye 3"))
        await seen.pilot.pause()
        assert seen.screen.values["who"] == ""
        assert "Hongye 3" in seen.text
        await seen.press("escape", "d")
        assert "Hongye 3" in seen.text
        assert seen.screen.values["who"] == ""
        await seen.press("f2")
        assert '没有"Hongye 3"这一项' in seen.text
        assert desk.acts == []
        await seen.press("ctrl+u", "1")
        assert seen.screen.values["who"] == "m01"


async def test_what_nobody_has_touched_is_not_kept(console: Console) -> None:
    async with console(desk=fake_desk(30)) as seen:
        await seen.press("d", "tab", "tab", "tab", *"later", "escape")
        drafts = list(seen.app.session.drafts.values())
        assert drafts == [{"note": "later"}]
        await seen.press("d", "tab", "tab", "tab", "ctrl+u", "escape")
        assert not seen.app.session.drafts
