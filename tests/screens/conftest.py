"""A console in a test: run headless, waited for, and seen as plain text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from console import core
from console.app import GridseatApp, Options
from screens import tasks
from screens.widgets import filter_line
from tests.screens.demo_screens import demo_page, demo_screen
from tests.screens.harness import FakeDesk, fake_desk, fake_wiring
from tests.screens.stillness import still


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


Console = Callable[..., AbstractAsyncContextManager[Seen]]


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """Opens a console over made-up rows: ``async with console(rows=50, size=(80, 24)) as seen``."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    # The tests tick by hand.
    monkeypatch.setattr(core, "TICK", 3600.0)
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
