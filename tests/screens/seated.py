"""A console over a real store: the tests' own seat, sat down at by keyboard like anybody's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any, cast

from textual._context import active_app

from backend.clock import ManualClock
from backend.desk.desk import Desk
from backend.escalation.sweep import sweep
from backend.store import Store
from backend.words.say import Language
from console.app import GridseatApp, Options
from console.wiring import Wiring, wire
from tests.screens.conftest import Seen

LONGEST = 120.0
"""Seconds after which a screen that has not come never will."""

WALKS: tuple[tuple[Language, tuple[int, int]], ...] = (("zh", (120, 40)), ("en", (80, 24)))
"""The same walk in both languages and both sizes. `tests.screens.test_tasks_loop` goes all four ways."""


def wiring(store: Store, clock: ManualClock, person: str) -> Wiring:
    """The real calls, for a person's desk at a store that stays open."""
    made = wire(lambda: Desk.open(store, person, clock=clock, replay=True))
    return replace(made, close=lambda desk: None)  # noqa: ARG005 - the test closes its own store


class Seat(Seen):
    """A running console and the clock that the test moves."""

    def __init__(self, app: GridseatApp, pilot: Any, store: Store, clock: ManualClock) -> None:
        super().__init__(app, pilot, cast(Any, None))
        self.store, self.clock = store, clock
        self.keys = 0
        """Keys pressed so far."""

    async def settle(self) -> None:
        # Where two consoles run, the framework takes the one that was started last for the one that is meant.
        active_app.set(self.app)
        await super().settle()

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await super().press(*keys)

    async def type(self, text: str) -> None:
        """Type a text, a key at a time."""
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is to be seen; the console looks for news meanwhile, twice a second or less."""
        end = monotonic() + LONGEST
        while monotonic() < end:
            for _ in range(25):
                await self.settle()
                if seen():
                    return
                await asyncio.sleep(0.02)
            self.app._tick()
        raise AssertionError(f"never came; {self.app.faults}:\n{self.text}")

    async def sees(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        await self.until(lambda: all(word in self.text for word in words))

    async def pass_time(self, minutes: float) -> None:
        """Let time pass, the sweep run, and the console look."""
        self.clock.move(round(minutes * 60))
        sweep(self.store, self.clock.now())
        await self.tick()


@asynccontextmanager
async def seat(
    store: Store,
    clock: ManualClock,
    person: str,
    *,
    size: tuple[int, int] = (120, 40),
    language: Language = "zh",
    lite: bool = False,
) -> AsyncIterator[Seat]:
    """Open the console as somebody."""
    app = GridseatApp(wiring(store, clock, person), Options(language=language, lite=lite), clock=clock)
    async with app.run_test(size=size) as pilot:
        seen = Seat(app, pilot, store, clock)
        await seen.settle()
        yield seen
        if app.return_code is None:
            app.hang_up()
    assert app.faults == []
