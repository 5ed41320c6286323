"""The board in a console: its cursor stays on its row, news wait, a failed read takes nothing away."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from textual.geometry import Region

from backend.words import Message
from screens.look import Look
from screens.rows import View
from screens.widgets.board import Board
from tests.screens.conftest import Console
from tests.screens.harness import Item, fake_desk


async def test_rows_their_headings_and_where_one_is(console: Console) -> None:
    async with console(rows=200) as seen:
        assert "级别" in seen.lines[3]
        assert "牡丹区南城街道00000" in seen.lines[4]
        assert seen.lines[-2].strip() == "1/200"
        await seen.press("j", "j", "k")
        assert seen.board.key == 1
        assert seen.lines[-2].strip() == "2/200"
        assert seen.lines[5].startswith("▸")


async def test_moving_about_by_keys(console: Console) -> None:
    async with console(rows=500) as seen:
        for key, place in (("G", 499), ("g", 0), ("end", 499), ("home", 0)):
            await seen.press(key)
            assert seen.board.cursor == place
        await seen.press("pagedown")
        assert seen.board.cursor == seen.board.height_of_rows - 1
        await seen.press("ctrl+d")
        assert seen.board.cursor == seen.board.height_of_rows - 1 + seen.board.height_of_rows // 2
        await seen.press("up", "down", "k", "j")
        assert seen.board.row.id == seen.board.cursor


async def test_seventy_thousand_rows_and_only_the_window_is_made(console: Console) -> None:
    async with console(rows=70_000) as seen:
        made: list[int] = []
        column = seen.board.columns[1]
        show = column.show

        def record(row: Item, look: Look) -> object:
            made.append(row.id)
            return show(row, look)

        object.__setattr__(column, "show", record)
        try:
            seen.board.relook()
            await seen.press("G")
            assert "69999" in seen.text
            # What is held, a window and what is read around it, is measured at either end; the rest never.
            assert len(set(made)) <= 5 * seen.board.height_of_rows
        finally:
            object.__setattr__(column, "show", show)


async def test_new_rows_wait_until_they_are_let_in(console: Console) -> None:
    async with console(rows=50) as seen:
        await seen.press("j", "j", "j")
        before = seen.lines[4:12]
        seen.desk.put(Item(900, "新来的地方", "国控站", "critical", 1.0, seen.desk.clock.now()))
        await seen.tick()
        assert seen.lines[4:12] == before
        assert "+1 条新 (n)  ✖ 特急" in seen.lines[-2]
        assert "新来的地方" not in seen.text
        line = next(number for number, text in enumerate(seen.lines) if text.startswith("▸"))
        await seen.press("n")
        assert "新来的地方" in seen.text
        assert "条新" not in seen.lines[-2]
        assert seen.board.key == 3
        # The cursor's row has moved by one in the order, and not on the screen, as far as the top allows.
        assert abs(next(n for n, text in enumerate(seen.lines) if text.startswith("▸")) - line) <= 1


async def test_a_changed_value_repaints_its_row_only(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(rows=50) as seen:
        regions: list[Region] = []
        refresh = Board.refresh

        def record(self: Board[Item], *asked: Region, **options: bool) -> Board[Item]:
            regions.extend(asked or [Region(0, 0, 999, 999)])
            return refresh(self, *asked, **options)

        monkeypatch.setattr(Board, "refresh", record)
        seen.desk.put(replace(seen.desk.rows[5], value=777.7))
        await seen.tick()
        assert "777.7" in seen.text
        rows = [region for region in regions if region.y not in (0, seen.board.size.height - 1)]
        assert rows == [Region(0, 6, 120, 1)]


async def test_nothing_is_painted_when_nothing_has_changed(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(rows=50) as seen:
        shown: list[object] = []
        display = type(seen.app)._display

        def record(self: object, screen: object, renderable: object) -> None:
            shown.append(renderable)
            display(self, screen, renderable)  # type: ignore[arg-type]

        monkeypatch.setattr(type(seen.app), "_display", record)
        await seen.tick()
        await seen.tick()
        assert not [one for one in shown if one is not None]


async def test_a_failed_read_keeps_the_rows_and_says_of_when_they_are(console: Console) -> None:
    async with console(rows=50) as seen:
        seen.desk.failure = Message("ui.demo.low")
        seen.desk.changes += 1
        await seen.tick()
        assert "牡丹区南城街道00000" in seen.text
        assert "数据停在" in seen.lines[-2]
        seen.desk.failure = None
        seen.desk.changes += 1
        await seen.tick()
        assert "数据停在" not in seen.text


async def test_a_first_read_that_fails_says_so_in_the_board(console: Console) -> None:
    desk = fake_desk(50)
    desk.failure = Message("ui.demo.low")
    async with console(desk=desk) as seen:
        assert "一般级别不需确认" in seen.text
        assert "按 r 重试" in seen.text
        desk.failure = None
        await seen.press("r")
        assert "牡丹区南城街道00000" in seen.text


async def test_an_empty_board_says_so_and_takes_its_first_rows_in(console: Console) -> None:
    async with console(rows=0) as seen:
        assert "没有记录" in seen.text
        await seen.press("j", "G", "enter", "space")
        seen.desk.put(Item(1, "第一个", "国控站", "high", 2.0, seen.desk.clock.now()))
        await seen.tick()
        assert "第一个" in seen.text


async def test_a_row_that_is_no_more_stays_until_the_order_is_asked_for(console: Console) -> None:
    async with console(rows=10) as seen:
        await seen.press("j", "j", "space")
        assert "已标记 1" in seen.text
        gone = seen.desk.rows.pop(2)
        seen.desk.changes += 1
        await seen.tick()
        line = next(text for text in seen.lines if gone.place in text)
        assert line[1] == "x"
        # There is nothing left of it to act on: it is marked no more, and cannot be.
        assert not seen.board.marks
        assert "已标记" not in seen.text
        await seen.press("k", "space")
        assert "不能标记" in seen.lines[-1]
        assert not seen.board.marks
        line = next(text for text in seen.lines if gone.place in text)
        assert line[1] == "x"
        await seen.press("n")
        assert gone.place not in seen.text
        assert seen.lines[-2].strip().startswith("3/9")


async def test_filter_by_typing_and_esc(console: Console) -> None:
    async with console(rows=200) as seen:
        await seen.press("slash", *"0001")
        assert seen.board.view.filter == "0001"
        assert seen.board.count == 11
        await seen.press("enter")
        assert "筛选：0001" in seen.lines[-2]
        assert seen.board.has_focus
        await seen.press("escape")
        assert seen.board.count == 200
        await seen.press("slash", "9", "escape")
        assert seen.board.view.filter == ""


async def test_letters_typed_into_the_filter_are_no_commands(console: Console) -> None:
    async with console(rows=20) as seen:
        await seen.press("slash", *"qaL?:1")
        assert len(seen.app.screen_stack) == 1
        assert seen.desk.acts == []
        assert seen.app.language == "zh"
        assert seen.app.current_mode == "overview"


async def test_sorting_goes_round_and_back(console: Console) -> None:
    async with console(rows=30) as seen:
        await seen.press("s")
        assert "级别▴" in seen.lines[3]
        levels = [row.level for row in seen.board.shown()]
        assert levels == sorted(levels, key=("critical", "high", "medium", "low").index)
        await seen.press("S")
        assert "级别▾" in seen.lines[3]
        for _ in seen.board.columns:
            await seen.press("s")
        assert seen.board.view.sort == ""
        assert [row.id for row in seen.board.shown()][:3] == [0, 1, 2]


async def test_the_cursor_stays_on_its_row_through_sort_and_filter(console: Console) -> None:
    async with console(rows=300) as seen:
        await seen.press(*["j"] * 40)
        assert seen.board.key == 40
        await seen.press("s")
        assert seen.board.key == 40
        assert seen.board.row.id == 40
        await seen.press("slash", *"0004", "enter")
        assert seen.board.row.id == 40


async def test_marks_and_what_is_selected(console: Console) -> None:
    async with console(rows=30) as seen:
        assert seen.screen.selected() == [0]
        await seen.press("space", "space")
        assert set(seen.screen.selected()) == {0, 1}
        assert "已标记 2" in seen.lines[-2]
        assert seen.lines[4][1] == "*"
        await seen.press("minus")
        assert seen.screen.selected() == [2]


async def test_tabs_narrow_the_rows(console: Console) -> None:
    async with console(rows=30) as seen:
        await seen.press("right")
        assert seen.board.view.facet == "critical"
        assert {row.level for row in seen.board.shown()} == {"critical"}
        await seen.press("left", "left")
        assert seen.board.view.facet == "low"


async def test_a_resize_keeps_the_cursor_in_view(console: Console) -> None:
    async with console(rows=300) as seen:
        await seen.press(*["j"] * 33)
        await seen.pilot.resize_terminal(80, 24)
        await seen.settle()
        assert any(text.startswith("▸") for text in seen.lines)
        assert seen.board.key == 33
        assert "已过" in seen.text
        await seen.pilot.resize_terminal(40, 24)
        await seen.settle()
        assert "已过" not in seen.text
        assert "数值" in seen.text


async def test_a_window_that_was_small_hides_no_rows_when_it_is_large_again(console: Console) -> None:
    async with console(rows=12) as seen:
        await seen.press("G")
        await seen.pilot.resize_terminal(80, 12)
        await seen.settle()
        assert seen.board.top > 0
        await seen.pilot.resize_terminal(120, 40)
        await seen.settle()
        assert (seen.board.key, seen.board.top) == (11, 0)
        assert all(row.place in seen.text for row in seen.board.shown())


async def test_foreign_text_in_a_row_is_drawn_as_text(console: Console) -> None:
    desk = fake_desk(3)
    nasty = "[@click=app.quit]看[/] [/b] \x1b]52;c;aGk=\x07\x1b[2J\u202e[link=http://x]"
    desk.rows[0] = replace(desk.rows[0], place=nasty)
    async with console(desk=desk) as seen:
        line = seen.lines[4]
        assert "[@click=app.quit]看[/] [/b]" in line
        assert "\x1b" not in seen.text
        assert "\u202e" not in seen.text
        for x in range(0, 120, 3):
            await seen.pilot.click(offset=(x, 4))
        assert seen.app.is_running
        assert seen.desk.acts == []


async def test_what_was_asked_for_whoever_sat_here_before_is_never_shown(console: Console) -> None:
    async with console(rows=20) as seen:
        board, load, go = seen.board, seen.board._load, threading.Event()
        shown: list[str] = []

        def slow(view: View) -> Any:
            go.wait(20)
            shown.append("read")
            return load(view)

        settled = board.told_settled

        def told() -> None:
            shown.append("settled")
            settled()

        object.__setattr__(board, "told_settled", told)
        board.attach(slow)
        board.attach(load)
        go.set()
        await seen.press("k")
        assert board.row is not None
        # What the one before had asked for was read, and nobody was told of it.
        assert shown[:1] == ["read"]
        assert shown.count("settled") == 1
