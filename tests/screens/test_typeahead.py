"""Keys that arrive together, typed fast or delivered at once by a slow line: each in its turn, none astray."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from textual import events

from backend.desk import acts
from console.inturn import LONGEST
from screens.dialogs.form import Form
from screens.tasks import Tasks
from tests.screens import loop_city as city
from tests.screens.seated import Seat, seat
from tests.screens.test_task_page import Walk, open_page, walk

__all__ = ["walk"]


async def burst(here: Seat, *keys: str) -> None:
    """Post keys without a pause between them."""
    for key in keys:
        here.app.post_message(events.Key(key, " " if key == "space" else None))
    await here.settle()
    await here.settle()


async def test_a_digit_falls_on_the_menu_that_the_key_before_it_opens(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await burst(here, "p", "1")
        await here.sees("待到场")
    assert walk.page.row.state == "ACCEPTED"


async def test_a_digit_waits_for_a_menu_that_is_still_being_read(walk: Walk) -> None:
    async with seat(walk.store, walk.clock, city.SEAT) as here:
        await here.press("4")
        await here.sees("样11镇")
        await burst(here, "d", "1")
        await here.sees("待签收")
    assert walk.page.row.state == "DISPATCHED"


async def test_a_reason_loses_no_letter_and_no_letter_is_an_act(walk: Walk) -> None:
    walk.to("DISPATCHED")
    before = len(walk.page.timeline)
    async with open_page(walk) as here:
        await burst(here, "e", *"wax_now_urgent", "enter")
        await here.sees("县级")
    assert walk.page.timeline[-1].body["reason"] == "wax_now_urgent"
    assert len(walk.page.timeline) == before + 1


async def test_a_list_to_pick_from_and_the_form_behind_it(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await burst(here, "T", *"生态", "enter", *"their_site", "enter")
        await here.sees("移交待接收", "their_site")


async def test_a_paste_keeps_its_place_among_the_keys(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        here.app.post_message(events.Key("e", "e"))
        here.app.post_message(events.Paste("no answer since noon"))
        await here.until(lambda: isinstance(here.screen, Form))
        await here.sees("no answer since noon")
        await here.press("enter")
        await here.sees("县级")
    assert walk.page.timeline[-1].body["reason"] == "no answer since noon"


async def test_a_hold_that_nobody_ends_ends_by_itself(walk: Walk) -> None:
    async with seat(walk.store, walk.clock, city.SEAT) as here:
        here.app.hold()
        await burst(here, "4")
        assert "本席" not in here.text
        await here.let_pass(LONGEST)
        await here.sees("本席", "待派发")


async def test_moves_and_screens_in_one_go(walk: Walk) -> None:
    city.exceed(walk.store, walk.clock.now(), stations=("TA12",))
    async with seat(walk.store, walk.clock, city.SEAT) as here:
        await here.press("3")
        await here.until(lambda: here.board.count == 2)
        await burst(here, *["j", "k"] * 20, "j", "4")
        await here.sees("待派发")
        await burst(here, "3")
        await here.until(lambda: here.board.cursor == 1)


async def test_a_key_waits_for_the_rows_that_it_is_meant_for(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A board that is still being read has no row to go down from, and a tab's old rows are not the new tab's."""
    free = threading.Event()
    load = Tasks.load

    def slowly(self: Tasks, *args: Any) -> Any:
        assert free.wait(120)
        return load(self, *args)

    async def strike(here: Seat, *keys: str) -> None:
        for key in keys:
            here.app.post_message(events.Key(key, None))
        for _ in range(200):
            await asyncio.sleep(0)
        free.set()
        await here.settle()

    city.exceed(walk.store, walk.clock.now(), stations=("TA12",))
    second = str(acts.from_alarm(walk.desk(), city.alarms(walk.store)[-1]).data["task"])
    assert second != walk.id
    monkeypatch.setattr(Tasks, "load", slowly)
    async with seat(walk.store, walk.clock, city.SEAT) as here:
        await strike(here, "4", "down")
        await here.until(lambda: here.board.cursor == 1)
        await here.sees(walk.id[-5:], second[-5:])
        free.clear()
        # Nothing has ended yet: there is no task to open behind that tab.
        await strike(here, "h", "enter")
        assert isinstance(here.screen, Tasks)
