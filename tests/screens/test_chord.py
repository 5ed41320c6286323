"""A key that was meant for what the key before it would have opened: dropped where that was refused."""

from __future__ import annotations

import pytest

from tests.screens.test_task_page import Walk, open_page, walk
from tests.screens.test_typeahead import burst

__all__ = ["walk"]


async def test_a_digit_after_a_refused_key_goes_nowhere(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    walk.to("DISPATCHED")
    # However slow the machine is.
    monkeypatch.setattr("screens.chord.STRIKE", 600.0)
    async with open_page(walk) as here:
        await here.press("v")
        await here.sees("还没有反馈可核查")
        await here.press("4")
        await here.settle()
        assert here.screen.NAME == "task"
        assert "还没有反馈可核查" in here.text
        # Whoever has read it and waited goes where the digit says.
        monkeypatch.setattr("screens.chord.STRIKE", -1.0)
        await here.press("4")
        await here.until(lambda: here.screen.NAME == "tasks")


async def test_another_key_between_ends_it(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("v", "j", "4")
        await here.until(lambda: here.screen.NAME == "tasks")


async def test_a_digit_after_a_dialog_was_left_goes_where_it_says(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("p", "escape", "4")
        await here.until(lambda: here.screen.NAME == "tasks")


async def test_a_reason_typed_for_a_refused_form_is_no_act(walk: Walk) -> None:
    walk.to("DISPATCHED")
    before = len(walk.page.timeline)
    async with open_page(walk) as here:
        await burst(here, "O", *"amN", "enter")
        await here.sees("▴")
        assert here.screen.NAME == "task"
    assert len(walk.page.timeline) == before


async def test_a_key_of_another_screen_says_that_it_does_nothing_here(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.to("DISPATCHED")
    # However slow the machine is.
    monkeypatch.setattr("screens.chord.STRIKE", 600.0)
    async with open_page(walk) as here:
        await here.press("6", "d")
        assert "d（派发）在这个画面不起作用" in here.lines[-1]
        # The digit was meant for the list that the key opens elsewhere.
        await here.press("1")
        assert here.screen.NAME == "duty"
        await here.press("j")
        assert "不起作用" not in here.text
        await here.press("L", "d")
        assert "d (Dispatch) does nothing on this screen" in here.lines[-1]
        # What is typed to filter is none of it.
        await here.press("slash", "d", "enter")
        assert "does nothing" not in here.text
