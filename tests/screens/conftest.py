"""A console in a test: run headless, waited for, and seen as plain text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.timer import Timer

from console.app import GridseatApp, Options
from screens import tasks
from screens.widgets import filter_line
from tests.screens.demo_screens import demo_page, demo_screen
from tests.screens.harness import FakeDesk, fake_desk, fake_wiring
from tests.screens.stillness import SOON, still

NEVER = 86_400.0
"""Seconds that no test takes."""
_LATER: list[tuple[float, MessagePump, Timer]] = []
"""What the consoles of this test will do by themselves: after how many seconds, who, and what."""


class Seen:
    """A running console and its desk."""

    def __init__(self, app: GridseatApp, pilot: Pilot[int], desk: FakeDesk) -> None:
        self.app, self.pilot, self.desk = app, pilot, desk

    @property
    def text(self) -> str:
        """The screen as a person reads it."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def lines(self) -> list[str]:
        """The same in lines."""
        return self.text.split("\n")

    @property
    def screen(self) -> Any:
        """The screen on top."""
        return self.app.screen

    @property
    def board(self) -> Any:
        """Its board."""
        return self.app.screen.board  # type: ignore[attr-defined]

    async def settle(self) -> None:
        """Wait until nothing is being read, sent or drawn."""
        await still(self.app)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they bring."""
        for key in keys:
            self.app.post_message(events.Key(key, " " if key == "space" else None))
            await self.settle()

    async def let_pass(self, seconds: float) -> None:
        """Have done what the console does by itself within so many seconds: by no other way does that time pass."""
        for after, pump, timer in _LATER:
            if after <= seconds and timer._callback is not None:
                timer.stop()
                pump.call_later(timer._callback)
        _LATER[:] = [one for one in _LATER if one[0] > seconds]
        await self.settle()

    async def tick(self) -> None:
        """What the timer does; once more where it had asked already: that may be older than what is awaited."""
        asked = self.app._asking
        self.app._tick()
        await self.settle()
        if asked:
            self.app._tick()
            await self.settle()


@pytest.fixture(autouse=True)
def _no_guessed_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits longer than the console is busy, and hands rest at once: what waits for that is read at once."""

    async def pause(self: Pilot[int], _delay: float | None = None) -> None:
        await still(self.app)

    monkeypatch.setattr(Pilot, "pause", pause)
    monkeypatch.setattr(tasks, "PAUSE", 0.001)
    monkeypatch.setattr(filter_line, "PAUSE", 0.001)


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a console does by itself after a while is not done meanwhile because the machine is slow: see `let_pass`.

    It looks for news twice a second, keeps what was typed, lets keys go that have waited for long; a test ticks.
    """
    set_timer, set_interval = MessagePump.set_timer, MessagePump.set_interval
    _LATER.clear()

    def timer(self: MessagePump, delay: float, *words: Any, **named: Any) -> Timer:
        if delay <= SOON:
            return set_timer(self, delay, *words, **named)
        made = set_timer(self, NEVER, *words, **named)
        _LATER.append((delay, self, made))
        return made

    def interval(self: MessagePump, each: float, *words: Any, **named: Any) -> Timer:
        return set_interval(self, each if each <= SOON else NEVER, *words, **named)

    monkeypatch.setattr(MessagePump, "set_timer", timer)
    monkeypatch.setattr(MessagePump, "set_interval", interval)


Console = Callable[..., AbstractAsyncContextManager[Seen]]


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """Opens a console over made-up rows: ``async with console(rows=50, size=(80, 24)) as seen``."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")

    @asynccontextmanager
    async def run(
        *,
        rows: int = 200,
        size: tuple[int, int] = (120, 40),
        desk: FakeDesk | None = None,
        options: Options | None = None,
        faults: bool = False,
        **facts: Any,
    ) -> AsyncIterator[Seen]:
        desk = desk or fake_desk(rows, **facts)
        app = GridseatApp(fake_wiring(desk), options, clock=desk.clock, screens=demo_screen, pages=demo_page)
        async with app.run_test(size=size) as pilot:
            seen = Seen(app, pilot, desk)
            await seen.settle()
            yield seen
            # A test's end is no exit; in a terminal there is always one, a hang-up's too.
            if app.return_code is None:
                app.hang_up()
        assert faults or app.faults == []

    return run
