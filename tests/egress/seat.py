"""The console led through all its screens: ``python -m tests.egress.seat STORE PERSON REPORT [WORD ...]``.

Words: ``looking`` performs no action; ``2/3`` takes the second third of the places; ``stock`` takes the framework's
driver; ``en`` speaks English; ``raw`` lets in what others wrote as they wrote it; ``ungated`` and ``unfiltered`` take
one of the two controls at the way out away, so that a test can see what the other one holds.
The report is JSON: where it has been, and for each picture how many bytes had been sent by then and what stood there.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import termios
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.drivers._writer_thread import WriterThread
from textual.pilot import Pilot
from textual.strip import Strip

from backend import text
from backend.clock import ManualClock
from backend.desk.desk import Desk
from console import core
from console.app import GridseatApp, Options
from console.terminal import grammar, painting
from console.wiring import wire
from screens import tasks, triage
from screens.widgets import filter_line
from tests.conftest import START
from tests.egress.city import pages
from tests.egress.tour import Walked, walk
from tests.screens.stillness import still

CLEANING = (
    "widgets.cells", "copies", "widgets.line", "widgets.gridmap_model", "widgets.gridmap", "widgets.sheet",
    "widgets.gridmap_lines",
)  # fmt: skip
"""Modules of screens that make a text safe once more before they draw it."""


class Counted:
    """Bytes that went out."""

    sent = 0


def count() -> None:
    """Count what goes to the terminal, at the last place before it, and let the kernel add nothing to it."""
    plainly, old = os.write, WriterThread.write

    def write(handle: int, data: Any) -> int:
        size = plainly(handle, data)
        Counted.sent += size if os.isatty(handle) else 0
        return size

    def by_thread(self: WriterThread, words: str) -> None:
        Counted.sent += len(words.encode())
        old(self, words)

    os.write = write
    setattr(WriterThread, "write", by_thread)  # noqa: B010
    modes = termios.tcgetattr(1)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(1, termios.TCSANOW, modes)


async def sent(app: GridseatApp) -> int:
    """How many bytes had gone out when the newest frame had."""
    last, same = -1, 0
    while same < 3:
        await still(app)
        await asyncio.sleep(0.01)
        writer: Any = app._driver._writer_thread  # type: ignore[union-attr]
        # Ours has a list and may be about to write what it took from it; the framework's has a queue.
        waits = writer._items or writer._busy if hasattr(writer, "_items") else writer._queue.qsize()
        same = same + 1 if Counted.sent == last and not waits else 0
        last = Counted.sent
    return last


def shown(app: GridseatApp) -> list[str]:
    """What the compositor means to stand on the screen, line by line: each piece in the cells that it has there."""
    compositor, ledger = app.screen._compositor, grammar.Ledger()

    def laid(strip: Strip) -> str:
        text = "".join(grammar.plain(words, ledger, app.mark) for words, _, _ in strip)
        # Letters of two texts that join into one take less than they were counted for.
        return text + " " * (strip.cell_length - cell_len(text))

    lines = compositor._render_chops(compositor.size.region, lambda _: True)
    return ["".join(map(laid, line.values())).rstrip() for line in lines]


async def lead(app: GridseatApp, acting: bool, share: tuple[int, int]) -> dict[str, Any]:
    """Walk through it; what was seen."""
    walked = Walked()
    stops: list[dict[str, Any]] = []
    await until(lambda: app.desk is not None and not app.owing)
    assert app.desk is not None
    await still(app)
    async for stop in walk(app, pages(app.desk.store), walked, acting=acting, share=share):
        for _ in range(20):
            # What a timer brings later than a quarter of a second is no part of this picture, or all of it.
            meant, size = shown(app), await sent(app)
            if shown(app) == meant:
                break
        stops.append({"name": stop.name, "action": stop.action, "sent": size, "lines": meant})
    return {
        "screens": sorted(walked.screens), "dialogs": sorted(walked.dialogs), "empty": sorted(walked.empty),
        "stops": stops, "faults": [repr(fault) for fault in app.faults], "stopped": dict(app.ledger.counts),
    }  # fmt: skip


async def until(seen: Callable[[], bool]) -> None:
    """Wait for something."""
    for _ in range(5000):
        if seen():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("never came")


def main(words: list[str]) -> int:
    """Open it in this terminal."""
    from console.terminal import prepare

    prepare()
    store, person, report, *more = words
    if "raw" in more:
        # What has come in as it was sent, by whatever way: as though nothing had been made safe there.
        text._TABLE = {}
        setattr(text, "_uncombine", lambda raw: raw)  # noqa: B010
        for name in CLEANING:
            import_module(f"screens.{name}").plain = lambda shown: shown  # type: ignore[attr-defined]
    if "ungated" in more:
        setattr(core, "guarded", lambda update, *_: update)  # noqa: B010 - not the module's own to change
        setattr(painting, "plain", lambda shown, *_: shown)  # noqa: B010
    if "unfiltered" in more:
        setattr(grammar.Filter, "passed", lambda _self, data, _door: data)  # noqa: B010
    clock = ManualClock(START)
    wiring = replace(wire(lambda: Desk.open(store, person, clock=clock)), version=lambda _desk: 0)
    app = GridseatApp(
        wiring,
        Options(language="en" if "en" in more else "zh", bell=False, stock_terminal="stock" in more),
        clock=clock,
    )
    count()
    for resting in (tasks, triage, filter_line):
        # Nobody's hands are waited for here: what comes when they rest comes at once.
        resting.PAUSE = 0.001  # type: ignore[attr-defined]

    told: dict[str, Any] = {}
    share = next((word for word in more if "/" in word), "1/1")

    async def pilot(_pilot: Pilot[Any]) -> None:
        told.update(await lead(app, "looking" not in more, (int(share[0]), int(share[2]))))
        app.exit(0)

    code = app.run(mouse="mouse" in more, auto_pilot=pilot)
    Path(report).write_text(json.dumps(told), "utf-8")
    return code or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
