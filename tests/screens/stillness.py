"""Waiting until a console has nothing left to do: asked of its event loop, never guessed from the time that passed.

The framework's own `Pilot.pause` sleeps for 20 ms at least and then looks whether the process was busy meanwhile.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any, cast

from textual.app import App
from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled

SOON = 0.3
"""Seconds: what a widget does so long after a key belongs to the key (a filter that waits for the next letter)."""
LONGEST = 120.0
"""Seconds after which a console that is still busy will not become quiet."""


async def still(app: App[Any]) -> None:
    """Wait until no worker runs, no message is under way, nothing is to be drawn, and no short timer runs.

    Raises:
        WorkerFailed: a worker met an error.
    """
    # The loop's own queue; this coroutine has been taken out of it while it runs.
    ready = cast(Any, asyncio.get_running_loop())._ready
    until = monotonic() + LONGEST
    while True:
        await asyncio.gather(*(_ended(worker) for worker in app.workers))
        await asyncio.sleep(0)
        busy = ready or any(not worker.is_finished for worker in app.workers)
        if not busy and _drawn(app) and not ready:
            if not _soon(app):
                return
            await asyncio.sleep(0.005)
        assert monotonic() < until, "the console does not come to rest"


async def _ended(worker: Worker[Any]) -> None:
    # What was called off has ended, too.
    with suppress(WorkerCancelled):
        await worker.wait()


def _drawn(app: App[Any]) -> bool:
    """Draw what waits for the next frame; whether nothing did."""
    screen = app.screen_stack[-1] if app.screen_stack else None
    if screen is None or not screen.is_running or not _waits(screen):
        return True
    screen._on_timer_update()
    return _waits(screen) and bool(app._batch_count)


def _waits(screen: Screen[Any]) -> bool:
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )


def _soon(app: App[Any]) -> bool:
    """Whether something is about to happen by itself: an animation, or a timer that runs once and soon."""
    if app.animator._animations or app.animator._scheduled:
        return True
    return any(
        timer._repeat == 0 and timer._interval <= SOON and timer._task is not None and not timer._task.done()
        for node in (app, *app._registry)
        for timer in node._timers
    )
