"""The byte budgets of the map of hot grids: its paint and a cursor step, at both sizes, in both looks.

What is told beneath once the cursor rests never comes: that is no part of a step. Only bytes are counted, so the
machine does not matter.
"""

from __future__ import annotations

from statistics import median

import pytest
from rich.color import ColorSystem

from backend.clock import ManualClock
from backend.store import Store
from screens import hotspots_map, hotspots_reading
from screens.hotspots import Hotspots
from tests.screens import hot_store
from tests.screens.seated import seat
from tests.screens.test_budgets import BAR, LITE, PAINT, pressed, truecolor
from tests.terminal.watched import XTERM, watch

AROUND = ("down", "right", "right", "down", "left", "up", "pagedown", "up", "right", "down")
__all__ = ["truecolor"]


@pytest.mark.usefixtures("truecolor")
@pytest.mark.parametrize("lite", [False, True])
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_map_keeps_to_its_bytes(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], lite: bool
) -> None:
    monkeypatch.setattr(hotspots_map, "REST", 3600.0)
    monkeypatch.setattr(hotspots_reading, "FRESH", 3600.0)
    hot_store.build(store, clock.now())
    sent = watch(monkeypatch, XTERM, ColorSystem.STANDARD if lite else ColorSystem.TRUECOLOR)
    async with seat(store, clock, hot_store.SEAT, size=size, lite=lite) as seen:
        sent.bytes()
        await seen.press("semicolon")
        screen = seen.screen
        assert isinstance(screen, Hotspots)
        await seen.until(lambda: screen.under is not None)
        assert screen.map.lettered == lite
        assert 1000 < sent.bytes() <= PAINT
        most = (LITE if lite else BAR)["step"]
        found = [step for key in AROUND for step in await pressed(seen, sent, key, 1)]
        assert median(found) <= most, found
        if lite:
            assert max(found) <= most, found
        # Nothing that is the same is sent, and what is shown is what is meant.
        screen.map.relook()
        await seen.settle()
        assert sent.bytes() == 0
        sent.judge(seen.app)
