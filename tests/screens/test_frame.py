"""The frame: going about, words in both languages, why a key is off, and what of the framework is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from textual import _time
from textual.geometry import Region

from backend.words import Message
from console import ticking
from console.app import GridseatApp, Options
from screens.actions import MAIN, offered
from screens.frame import GridScreen
from screens.widgets.cells import CUT
from screens.widgets.line import Line
from tests.screens.conftest import Console
from tests.screens.harness import fake_desk, fake_wiring


async def test_who_sits_here_and_that_it_is_a_replay(console: Console) -> None:
    async with console() as seen:
        top = seen.lines[0]
        for part in ("牡丹区指挥中心", "李敏 坐席员", "通知 4", "数据迟到 1", "回放 REPLAY", "16:00"):
            assert part in top
        assert "管控令  重污染天气橙色预警" in seen.lines[1]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
async def test_the_header_draws_together_and_keeps_what_matters(
    console: Console, width: int, language: Any
) -> None:
    async with console(size=(width, 24), options=Options(language=language)) as seen:
        top = seen.lines[0]
        assert "回放" in top or "REPLAY" in top
        assert "16:00" in top
        assert " 12 " in top
        assert "~" not in top or width < 80
        keys = [top.index(str(number)) for number in range(1, 6)] if width >= 80 else []
        assert keys == sorted(keys)


async def test_the_header_does_not_jump_to_and_fro(console: Console) -> None:
    async with console(size=(80, 24), feeds="late", feeds_bad=12, options=Options(language="en")) as seen:
        tabs = seen.lines[0][:24]
        for feeds in ("ok", "late", "ok"):
            seen.desk.facts = replace(seen.desk.facts, feeds=feeds)
            seen.desk.changes += 1
            await seen.tick()
            assert seen.lines[0][:24] == tabs


async def test_who_sits_is_told_again_when_there_is_room_again(console: Console) -> None:
    async with console(size=(80, 24), notices=1, options=Options(language="en")) as seen:
        first = seen.desk.facts
        crowd = replace(first, flood=True, missing=13, notices=88, feeds="failing", feeds_bad=12)
        for facts, told in ((first, True), (crowd, False), (first, True)):
            seen.desk.facts = facts
            seen.desk.changes += 1
            await seen.tick()
            assert ("李敏" in seen.lines[0]) is told, seen.lines[0]
            assert ("13 empty" in seen.lines[0]) is not told


@pytest.mark.parametrize(("width", "said"), [(200, "REPLAY slowed to 23x"), (80, "REPLAY 23x")])
async def test_a_replay_that_this_machine_slows_says_how_fast_it_is(
    console: Console, width: int, said: str
) -> None:
    async with console(size=(width, 24), options=Options(language="en")) as seen:
        assert said not in seen.text
        seen.desk.facts = replace(seen.desk.facts, slowed=(23, 60))
        seen.desk.changes += 1
        await seen.tick()
        assert said in seen.lines[0]
        assert "can't keep up with 60x" in seen.text
        seen.desk.facts = replace(seen.desk.facts, slowed=None)
        seen.desk.changes += 1
        await seen.tick()
        assert said not in seen.text
        assert "REPLAY" in seen.lines[0]


async def test_no_orders_no_line(console: Console) -> None:
    async with console(orders=()) as seen:
        assert "管控令" not in seen.text
        assert "全部" in seen.lines[1]


async def test_digits_go_to_the_main_screens_and_keep_where_one_was(console: Console) -> None:
    async with console() as seen:
        await seen.press("j", "j", "j", "3")
        assert seen.app.current_mode == "alarms"
        assert seen.board.cursor == 0
        await seen.press("1")
        assert seen.board.cursor == 3


async def test_enter_opens_a_page_and_esc_leaves_it(console: Console) -> None:
    async with console() as seen:
        await seen.press("j", "enter")
        assert "定陶区马集镇00001" in seen.lines[2]
        assert seen.screen.slot == "alarm:1"
        await seen.press("2", "1")
        assert seen.screen.slot == "alarm:1"
        await seen.press("1")
        assert len(seen.app.screen_stack) == 1
        await seen.press("enter")
        assert seen.screen.slot == "alarm:1"
        await seen.press("escape", "escape")
        assert len(seen.app.screen_stack) == 1
        assert seen.board.cursor == 1


async def test_both_languages_while_running(console: Console) -> None:
    async with console() as seen:
        await seen.press("L")
        assert "Overview" in seen.lines[0]
        assert "Level" in seen.lines[3]
        assert "critical" in seen.lines[2]
        assert "Help" in seen.lines[-1]
        chinese = re.compile("[\u4e00-\u9fff]")
        assert not chinese.search(seen.lines[2] + seen.lines[3] + seen.lines[-1].replace("中文", ""))
        await seen.press("L")
        assert "总览" in seen.lines[0]


async def test_a_key_that_is_off_says_why_and_does_nothing(console: Console) -> None:
    async with console() as seen:
        await seen.press("j", "a")
        assert "一般级别不需确认" in seen.lines[-1]
        assert seen.desk.acts == []
        await seen.press("k")
        assert "回车 打开" in seen.lines[-1]
        await seen.press("a")
        assert seen.desk.acts == [("ack", 0)]
        assert "已执行 ack 0" in seen.lines[-1]


async def test_acts_wait_for_the_desk(console: Console) -> None:
    async with console() as seen:
        desk, seen.app.desk = seen.app.desk, None
        await seen.press("a")
        assert "数据正在打开" in seen.lines[-1]
        seen.app.desk = desk


async def test_help_has_every_key_of_the_screen(console: Console) -> None:
    async with console(size=(120, 150)) as seen:
        known = seen.screen.actions()
        assert set(known) < set(offered(*seen.screen.scopes()))
        await seen.press("question_mark")
        for one in known:
            if one.keys:
                assert one.help("zh") in seen.text, one.id
        assert CUT not in seen.text.partition("按键")[2].partition("Esc 关闭")[0]
        await seen.press("L")
        assert seen.app.language == "zh"
        await seen.press("escape")
        assert len(seen.app.screen_stack) == 1


async def test_help_fits_a_small_terminal_and_scrolls(console: Console) -> None:
    async with console(size=(80, 24)) as seen:
        await seen.press("question_mark")
        assert "关闭" in seen.text
        assert "标志" not in seen.text
        await seen.press(*["pagedown"] * 4)
        assert "标志" in seen.text
        assert "关闭" in seen.text


async def test_commands_by_name_in_either_language(console: Console) -> None:
    async with console() as seen:
        await seen.press("colon", *"stations", "enter")
        assert seen.app.current_mode == "stations"
        await seen.press("ctrl+p", *"语言")
        assert "没有符合的" in seen.text
        await seen.press("escape", "colon", *"lang", "enter")
        assert seen.app.language == "en"
        await seen.press("colon", *"filter", "space", *"0001", "enter")
        assert seen.board.view.filter == "0001"
        await seen.press("colon", *"theme", "space", *"light", "enter")
        assert seen.app.dressed == "light"


async def test_a_command_that_is_off_stays_in_the_list_with_its_reason(console: Console) -> None:
    async with console() as seen:
        await seen.press("j", "colon", *"ack")
        assert "一般级别不需确认" in seen.text
        await seen.press("enter")
        assert seen.desk.acts == []


async def test_leaving_asks_first(console: Console) -> None:
    async with console() as seen:
        await seen.press("q")
        assert "退出 Gridseat" in seen.text
        await seen.press("n")
        assert seen.app.is_running
        assert len(seen.app.screen_stack) == 1
        await seen.press("ctrl+c", "ctrl+c")
        assert seen.app.return_code == 0
    assert seen.desk.closed


async def test_a_grave_act_wants_what_only_its_box_shows(console: Console) -> None:
    async with console() as seen:
        await seen.press("4", "ctrl+x")
        nonce = seen.screen.nonce
        assert len(nonce) == 2
        assert nonce in seen.text
        await seen.press("y", "enter", "z")
        assert seen.desk.acts == []
        await seen.press(*nonce.lower())
        assert seen.desk.acts == [("void", 0)]
        await seen.press("ctrl+x", "escape")
        assert len(seen.desk.acts) == 1


async def test_the_minute_changes_the_clock_and_sends_a_few_cells(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console() as seen:
        sent: list[Region] = []
        refresh = Line.refresh

        def record(self: Line, *regions: Region, **options: bool) -> Line:
            sent.extend(regions)
            return refresh(self, *regions, **options)

        monkeypatch.setattr(Line, "refresh", record)
        seen.desk.clock.move(60)  # type: ignore[attr-defined]
        await seen.tick()
        assert "16:01" in seen.lines[0]
        assert [region.width for region in sent] == [1]


async def test_what_stands_around_follows_the_desk(console: Console) -> None:
    async with console() as seen:
        seen.desk.facts = replace(seen.desk.facts, notices=9, feeds="ok", orders=())
        seen.desk.changes += 1
        await seen.tick()
        assert "通知 9" in seen.lines[0]
        assert "数据正常" in seen.lines[0]
        assert "管控令" not in seen.text


async def test_the_bell_rings_for_a_critical_alarm_and_again(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(ticking, "RING_EVERY", 5)
    monkeypatch.setattr(GridseatApp, "bell", lambda self: rung.append(self.now()))
    async with console() as seen:
        for _ in range(ticking.RING_EVERY):
            await seen.tick()
        assert len(rung) == 1
        await seen.tick()
        assert len(rung) == 2
        seen.desk.facts = replace(seen.desk.facts, critical=0)
        seen.desk.changes += 1
        await seen.tick()
        rung.clear()
        for _ in range(ticking.RING_EVERY + 1):
            await seen.tick()
        assert rung == []
    async with console(options=Options(bell=False)) as seen:
        await seen.tick()
        assert rung == []


async def test_an_error_of_ours_is_told_and_kept_without_locals(console: Console, tmp_path: Any) -> None:
    async with console(faults=True) as seen:

        def broken() -> None:
            secret = "token-4711"
            raise ValueError(f"bad {secret[:3]}\x1b[2J")

        seen.app.work(broken, lambda _: None)
        await seen.settle()
        assert any("程序出错（ValueError）" in line for line in seen.lines[-2:])
        log = next(tmp_path.rglob("errors.log"))
        kept = log.read_text()
        assert "ValueError" in kept
        assert "token-4711" not in kept.replace('secret = "token-4711"', "")
        assert "\x1b" not in kept
        assert log.stat().st_mode & 0o077 == 0


async def test_what_of_the_framework_is_not_there(console: Console) -> None:
    async with console() as seen:
        app = seen.app
        assert not app.use_command_palette
        assert app.devtools is None
        bound = {
            binding.action
            for node in (app, *app.screen_stack)
            for bindings in node._bindings.key_to_bindings.values()
            for binding in bindings
        }
        assert all(action.startswith("perform(") for action in bound)
        app.open_url("http://example.com")
        app.action_suspend_process()
        app.deliver_screenshot()
        assert app._driver is not None


async def test_copies_are_plain_text_and_csv(console: Console, tmp_path: Any) -> None:
    async with console(rows=5) as seen:
        await seen.press("space", "space", "y")
        assert seen.app.clipboard.splitlines()[0].startswith("级别    地点")
        assert len(seen.app.clipboard.splitlines()) == 3
        assert "已复制 2 行" in seen.lines[-1]
        await seen.press("Y")
        saved = next(tmp_path.rglob("*.csv"))
        lines = saved.read_text("utf-8-sig").splitlines()
        assert len(lines) == 6
        assert lines[0] == "级别,地点,类型,数值,开始,已过"
        assert saved.stat().st_mode & 0o077 == 0


async def test_every_main_screen_has_its_bindings(console: Console) -> None:
    async with console() as seen:
        for number, name in enumerate(MAIN, 1):
            await seen.press(str(number))
            assert isinstance(seen.app.screen, GridScreen)
            assert name == seen.app.screen.NAME


async def test_a_desk_that_will_not_open_ends_the_program_with_the_reason() -> None:
    class Closed(Exception):
        message = Message("ui.demo.low")

    def refuse() -> Any:
        raise Closed

    from tests.screens.demo_screens import demo_page, demo_screen

    desk = fake_desk(1)
    wiring = replace(fake_wiring(desk), open=refuse)
    app = GridseatApp(wiring, clock=desk.clock, screens=demo_screen, pages=demo_page)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()
    assert app.return_value == 3
    assert app.parting == Message("ui.demo.low")


async def test_a_crash_shows_no_locals_and_keeps_the_seat(
    console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    desk = fake_desk(10)
    async with console(desk=desk) as seen:
        await seen.press("j", "j")
        monkeypatch.setattr(seen.app, "_close_messages_no_wait", lambda: None)
        try:
            secret = "token-" + "4711"
            raise KeyError(secret)
        except KeyError as error:
            seen.app._exception = error
            seen.app._fatal_error()
            seen.app._exception = None
        assert seen.app._exit_renderables == []
        assert seen.app.parting is not None
        assert seen.app.parting.args["error"] == "KeyError"
        log = next(tmp_path.rglob("errors.log")).read_text()
        assert "KeyError" in log
        assert "secret =" not in log.replace('secret = "token-" + "4711"', "")
    assert desk.memory


async def test_what_is_to_come_in_a_moment_comes_however_late_the_machine_is(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The framework drops a timer whose time is over before it has begun to wait: a second passes at each look."""
    passed, clock = count(), _time.get_time
    async with console() as seen:
        monkeypatch.setattr(_time, "get_time", lambda: clock() + min(next(passed), 60))
        done: list[str] = []
        seen.app.set_timer(0.01, lambda: done.append("app"))
        seen.screen.set_timer(0.01, lambda: done.append("screen"))
        await seen.settle()
        assert sorted(done) == ["app", "screen"]
        passed = count()
        await seen.press("2", "slash", *"0002")
        assert 0 < seen.board.count < 200
