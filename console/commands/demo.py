"""``gridseat demo``: a replayed city on this machine, at a county seat; or the same without a screen, counted."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from backend import heap
from backend.words import Message, say
from backend.words.say import Language
from console.exit import Exit
from console.output import let_go, tell
from console.settings import Settings, data_folder, load

if TYPE_CHECKING:
    from backend.demo.headless import Result
    from backend.demo.run import Demo, DemoOptions

FASTEST = 3600.0
"""An hour a second."""
SPEED = 60.0
"""An hour a minute: the main path is walked in a few minutes."""
LONGEST = 24 * 400
"""Hours of a headless run."""


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "demo",
        help="a replayed city on this machine",
        description="Start a replayed city and its HTTP side on this machine and open the console as a county "
        "seat. Air and wind are recorded hours (Beijing, UCI, CC BY 4.0); everything else is made up.",
    )
    parser.add_argument("--as", dest="person", default=argparse.SUPPRESS, help="who sits here")
    parser.add_argument("--lang", dest="language", choices=["zh", "en"], default=argparse.SUPPRESS)
    parser.add_argument(
        "--speed", type=_speed, default=SPEED, help="seconds of the city in a second, 1 to 3600 (60)"
    )
    parser.add_argument("--dir", type=Path, help="the demo's own folder")
    parser.add_argument("--pack", type=Path, help="another city pack than Heze's")
    parser.add_argument("--seed", type=int, default=1, help="what chance is drawn from (1)")
    parser.add_argument("--rate", type=float, default=1.0, help="times the number of planted episodes (1)")
    parser.add_argument("--headless", action="store_true", help="no screen: play the people, count, print")
    parser.add_argument("--hours", type=_hours, default=24, help="hours of a headless run (24)")
    parser.add_argument("--json", action="store_true", help="headless: one JSON object on standard output")


def _speed(text: str) -> float:
    with suppress(ValueError):
        if 1 <= (speed := float(text)) <= FASTEST:
            return speed
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {FASTEST:.0f}")


def _hours(text: str) -> int:
    with suppress(ValueError):
        if 1 <= (hours := int(text)) <= LONGEST:
            return hours
    raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {LONGEST}")


def run(args: argparse.Namespace) -> int:
    """Open the console on a replayed city, or run it without a screen."""
    heap.settle()
    settings = load(vars(args))
    from backend.demo.run import DemoOptions

    folder = args.dir or data_folder() / ("demo-headless" if args.headless else "demo")
    person = getattr(args, "person", None) or ""
    options = DemoOptions(folder.resolve(), seed=args.seed, speed=args.speed, rate=args.rate, person=person)
    if args.pack is not None:
        options = replace(options, pack=args.pack.resolve())
    if args.headless:
        return _headless(replace(options, speed=0.0), args, settings)
    return _seat(options, settings)


def _running(options: DemoOptions, progress: Callable[[Message], None]) -> AbstractContextManager[Demo]:
    from backend.demo.run import running

    return running(options, progress)


def _seat(options: DemoOptions, settings: Settings) -> int:
    from backend.demo.run import backfill, time_running
    from console.seat import open_console
    from console.terminal import refusal

    language = settings.speaks
    # Asked before anything is fetched: the console would refuse only after the wait.
    why = refusal(sys.stdin.isatty(), sys.stdout.isatty(), os.environ)
    if why is not None:
        tell(why, language)
        return Exit.USAGE
    with _running(options, _teller(language)) as demo:
        backfill(demo, _teller(language))
        seat = replace(settings, store=str(options.folder / "demo.db"), person=demo.person)
        with time_running(demo):
            code = open_console(seat, clock=demo.clock, replay=True)
    with suppress(OSError):
        # Whose line was cut is told nothing.
        _say(Message("demo.ended"), language)
    let_go()
    return code


def _headless(options: DemoOptions, args: argparse.Namespace, settings: Settings) -> int:
    from backend.demo.headless import play
    from backend.scheduler import Scheduler

    language = settings.speaks
    began = time.monotonic()
    with _running(options, _teller(language)) as demo:
        # One feed after the other: the same seed gives the same run.
        scheduler = Scheduler(demo.store, demo.clock, parallel=1)
        try:
            result = play(demo, args.hours, scheduler.run_due, _teller(language))
        finally:
            scheduler.stop()
    if args.json:
        sys.stdout.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")
    else:
        _summary(result, options.seed, time.monotonic() - began, language)
    return Exit.FAILED if result.lost or result.doubled else Exit.OK


def _summary(result: Result, seed: int, seconds: float, language: Language) -> None:
    states = ", ".join(
        f"{say(Message(f'task.state.{name}'), language)} {count}" for name, count in result.tasks.items()
    )
    lines = (
        Message("demo.sum.title", {"hours": result.hours, "seed": seed, "seconds": round(seconds, 1)}),
        Message(
            "demo.sum.readings",
            {"served": result.served, "readings": result.readings, "good": result.flags.get("good", 0)},
        ),
        *(Message("demo.sum.pushed", counts) for counts in result.pushed.values()),
        Message("demo.sum.alarms", {"alarms": result.alarms}),
        Message("demo.sum.episodes", {"planted": result.planted, "found": result.found}),
        Message(
            "demo.sum.tasks",
            {"total": sum(result.tasks.values()), "states": states, "escalations": result.escalations},
        ),
        Message("demo.sum.acts", {"acts": result.acts, "refused": sum(result.refused.values())}),
        Message("demo.sum.balance", {"lost": result.lost, "doubled": result.doubled}),
    )
    for line in lines:
        print(say(line, language))


def _teller(language: Language) -> Callable[[Message], None]:
    return lambda message: _say(message, language)


def _say(message: Message, language: Language) -> None:
    sys.stderr.write(say(message, language) + "\n")
    sys.stderr.flush()
