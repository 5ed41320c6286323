"""Open the console: settings, terminal, desk, jobs, screens; and put everything back when it ends."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from backend import heap
from backend.clock import Clock, SystemClock
from backend.words import say
from console.ending import Ending, end_commands
from console.exit import Exit
from console.leaving import Leaving
from console.output import let_go
from console.settings import Settings, load, remember

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.scheduler import Scheduler

SWITCH = 0.0005
"""Seconds after which a thread that computes lets another one (Python's own: 0.005). At 0.001 some keys took over 100
ms beside ten thousand alarms."""


def run(args: argparse.Namespace) -> int:
    """``gridseat`` without a command."""
    return open_console(load(vars(args)))


def open_console(settings: Settings, *, clock: Clock | None = None, replay: bool = False) -> int:
    """Show the console until the person leaves; returns the exit code.

    Args:
        clock: the clock that everything goes by; the machine's own where None.
        replay: the city is a replay, and every screen says so.
    """
    from console.terminal import prepare, refusal, unmovable
    from console.terminal.abilities import abilities
    from console.terminal.charset import charset, colourless

    writes = charset(os.environ)
    language = settings.speaks if writes.unicode else "en"
    can = abilities()
    why = refusal(sys.stdin.isatty(), sys.stdout.isatty(), os.environ)
    why = why or (None if can.moves else unmovable(os.environ))
    if why is not None:
        sys.stderr.write(f"gridseat: {say(why, language)}\n")
        return Exit.USAGE
    heap.settle()
    prepare()
    # What a library warns of would be printed over the screen, or behind it when the screen is gone.
    logging.getLogger().addHandler(logging.NullHandler())
    # Start-up makes what lasts: collecting it again and again costs a fifth of the time until the first board.
    gc.disable()
    # A key goes through three threads to the terminal; beside a feed that computes each waits for its turn.
    sys.setswitchinterval(SWITCH)
    from console.app import GridseatApp, Options
    from console.wiring import wire

    ticking = clock or SystemClock()
    place = _Place(settings, ticking, replay)
    ending = Ending(
        lambda: app.give_back(),
        lambda: leaving.unfinished(),
        end_commands,
        waits=lambda seconds: leaving.waits(seconds),
    )

    def ends(cut: bool) -> None:
        ending.begin(cut=cut)
        if not cut:
            ending.heed_interrupts()

    wiring = replace(wire(place.open), begin=place.begin, close=place.close, ends=ends)
    options = Options(
        language=language,
        theme=settings.theme or ("mono" if colourless(os.environ) or not can.colours else ""),
        ascii=settings.ascii or not writes.unicode or not (writes.shapes or settings.told("ascii")),
        unicode=writes.unicode,
        charset=writes.named,
        wide=settings.wide,
        lite=settings.lite if settings.told("lite") else None,
        bell=settings.bell,
        background=os.environ.get("COLORFGBG", ""),
        stock_terminal=settings.stock_terminal,
    )
    app = GridseatApp(wiring, options, clock=ticking)
    leaving = Leaving(app)
    try:
        app.run(mouse=settings.mouse)
    finally:
        ending.code = app.return_code or Exit.OK
        gc.enable()
        place.end()
    leaving.answered()
    let_go()
    return app.return_code or Exit.OK


class _Place:
    """The desk of this process and the jobs behind it."""

    def __init__(self, settings: Settings, clock: Clock, replay: bool) -> None:
        self._settings = settings
        self._clock = clock
        self._replay = replay
        self._scheduler: Scheduler | None = None
        self._turn = Lock()
        self._ended = False

    def open(self) -> Desk:
        """Sit down."""
        from backend.desk.desk import Desk

        desk = Desk.open(self._settings.store, self._settings.person, clock=self._clock, replay=self._replay)
        desk.settle()
        if self._settings.origin.get("person") == "--as" and not self._replay:
            # The machine is told once who sits here.
            remember("person", desk.actor.person)
        return desk

    def begin(self, desk: Desk) -> None:
        """Run the jobs, unless another process of this store does. Their libraries cost as much as a whole board."""
        from backend.scheduler import Scheduler

        with self._turn:
            if not self._ended:
                self._scheduler = Scheduler(desk.store, self._clock)
                self._scheduler.start()

    def close(self, desk: Desk) -> None:
        """Get up: end the jobs, then let the store go."""
        self.end()
        desk.store.close()

    def end(self) -> None:
        """End the jobs, and begin none; harmless when they have ended."""
        with self._turn:
            self._ended = True
            if self._scheduler is not None:
                self._scheduler.stop()
                self._scheduler = None
