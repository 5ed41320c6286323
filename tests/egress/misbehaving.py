"""A console that does what none should: ``python -m tests.egress.misbehaving WORD [stock]``."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

from backend.clock import SystemClock
from console.app import GridseatApp, Options
from console.terminal import prepare
from tests.egress.corpus import MORE, PROBES
from tests.screens.demo_screens import demo_page, demo_screen
from tests.screens.harness import fake_desk, fake_wiring


def pwned() -> Exception:
    """An error whose words hold bytes for the terminal."""
    return RuntimeError("\x1b]2;pwned\x07 \x1b[2J pwned")


async def misbehave(app: GridseatApp, word: str) -> None:
    """Do it, once the first board is there."""
    for _ in range(6000):
        if app.desk is not None and not app.owing:
            break
        await asyncio.sleep(0.02)
    driver: Any = app._driver
    match word:
        case "raise":
            app.call_later(_raise)
        case "raise-in-key":
            app.screen.key_j = _raise  # type: ignore[attr-defined]
            app.screen.call_later(_raise)
        case "thread":
            driver.run_input_thread = _raise
            driver.exit_event.set()
            await asyncio.to_thread(driver._key_thread.join)
            driver.exit_event.clear()
            driver._run_input_thread()
        case "exit":
            app.exit(0)
        case "sys-exit-in-handler":
            app.call_later(sys.exit, 3)
        case "os-exit-by-interpreter":
            asyncio.get_running_loop().call_soon(asyncio.get_running_loop().stop)
        case "write":
            for text in [*PROBES.values(), *MORE.values()]:
                driver.write(text)
            driver.write("\x1b[38;2;1")
            await asyncio.sleep(0.3)
            app.exit(0)
        case "doors":
            app.bell()
            app.copy_to_clipboard("抄给我")
            await asyncio.sleep(0.3)
            app.exit(0)
        case "told":
            app.ledger.note("osc", "\x1b]2;x")
            app._tick()


def _raise(*_words: Any) -> None:
    raise pwned()


def main(words: list[str]) -> int:
    """Open it in this terminal."""
    prepare()
    word = words[0]
    options = Options(language="en", bell=False, stock_terminal="stock" in words)
    wiring = fake_wiring(fake_desk(40, clock=SystemClock(), critical=0))
    app = GridseatApp(wiring, options, screens=demo_screen, pages=demo_page)

    async def pilot(_pilot: Any) -> None:
        await misbehave(app, word)

    if word == "slow-start":
        # The time in which a signal meets nobody who listens to it.
        app.on_mount = lambda: time.sleep(3)  # type: ignore[method-assign]
    try:
        code = app.run(mouse=False, auto_pilot=None if word == "slow-start" else pilot)
    except RuntimeError:
        # The loop was stopped under the app.
        os.write(1, b"")
        return 4
    return code or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
