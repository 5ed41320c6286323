"""Keys struck before the desk is open: what was open last time does not cover what they called up."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from textual import events

from backend.clock import ManualClock
from backend.desk import session
from backend.desk.desk import Desk
from backend.store import Store
from console.app import GridseatApp, Options
from console.session import SLOT, VERSION
from screens.dialogs.help import Help
from screens.dialogs.sure import Sure
from tests.screens import seat_city as city
from tests.screens.seated import Seat, wiring

LAST = {
    "version": VERSION,
    "screen": "alarms",
    "pages": [["alarm", "2"]],
    "slots": {},
    "drafts": {},
    "open_form": "",
}


@asynccontextmanager
async def slow(store: Store, clock: ManualClock) -> AsyncIterator[tuple[Seat, threading.Event]]:
    """A console whose desk opens when the test lets it; an alarm's page was open when it was last left."""
    city.build(store)
    city.alarms(store)
    session.save(city.desk(store, "MD-S1", clock), SLOT, json.dumps(LAST))
    ready = threading.Event()
    made = wiring(store, clock, "MD-S1")

    def opened() -> Desk:
        assert ready.wait(120)
        return made.open()

    app = GridseatApp(replace(made, open=opened), Options(), clock=clock)
    async with app.run_test(size=(120, 40)) as pilot:
        seen = Seat(app, pilot, store, clock)
        yield seen, ready
        ready.set()
        if app.return_code is None:
            app.hang_up()
    assert app.faults == []


async def wait(held: Callable[[], bool]) -> None:
    """Wait for something while a worker is still at it."""
    for _ in range(12_000):
        if held():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never came")


def kept(store: Store, clock: ManualClock) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(session.load(city.desk(store, "MD-S1", clock), SLOT) or "{}")
    return found


async def test_the_question_stays_and_what_was_open_comes_after_it(store: Store, clock: ManualClock) -> None:
    async with slow(store, clock) as (seen, ready):
        seen.app.post_message(events.Key("q", None))
        await wait(lambda: isinstance(seen.app.screen, Sure))
        ready.set()
        await wait(lambda: seen.app.desk is not None)
        await seen.settle()
        assert isinstance(seen.app.screen, Sure)
        await seen.press("n")
        await seen.until(lambda: seen.screen.NAME == "alarm")


async def test_leaving_at_once_forgets_nothing(store: Store, clock: ManualClock) -> None:
    async with slow(store, clock) as (seen, ready):
        seen.app.post_message(events.Key("q", None))
        await wait(lambda: isinstance(seen.app.screen, Sure))
        ready.set()
        await wait(lambda: seen.app.desk is not None)
        await seen.settle()
        seen.app.post_message(events.Key("q", None))
        await wait(lambda: seen.app.return_code == 0)
    assert kept(store, clock)["pages"] == [["alarm", "2"]]


async def test_who_went_elsewhere_stays_there(store: Store, clock: ManualClock) -> None:
    async with slow(store, clock) as (seen, ready):
        seen.app.post_message(events.Key("2", None))
        await wait(lambda: seen.app.current_mode == "stations")
        ready.set()
        await seen.until(lambda: seen.screen.NAME == "stations" and seen.board.count > 0)
        assert len(seen.app.screen_stack) == 1


async def test_what_needs_the_desk_is_done_as_soon_as_it_is_open(store: Store, clock: ManualClock) -> None:
    """No key is lost: the one that must wait is done first, and those after it are meant for where it leads."""
    async with slow(store, clock) as (seen, ready):
        for key in ("0", "question_mark"):
            seen.app.post_message(events.Key(key, None))
        await wait(lambda: seen.app.current_mode == "overview" and "请稍候" in seen.text)
        ready.set()
        await seen.until(lambda: isinstance(seen.app.screen, Help))
        await seen.press("escape")
        await seen.until(lambda: seen.screen.NAME == "triage")
