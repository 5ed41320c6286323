"""``gridseat agent``: run the jobs (feeds, clocks, escalation) where no console is open."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from backend import heap
from backend.words import Message, say
from console.ending import Ending, end_commands
from console.exit import Exit
from console.settings import load


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("agent", help="run the jobs without a screen")
    parser.add_argument("--once", action="store_true", help="run what is due now, and end")


def run(args: argparse.Namespace) -> int:
    """Run until told to stop, and end within seconds then; another process that holds the lease is waited for."""
    from backend.clock import SystemClock
    from backend.scheduler import Scheduler
    from backend.store import Store

    heap.settle()
    settings = load(vars(args))
    store = Store.open(settings.store)
    scheduler = Scheduler(store, SystemClock())
    try:
        if args.once:
            scheduler.run_due()
            return Exit.OK
        stop = threading.Event()
        ending = Ending(end_commands)

        def told(*_: object) -> None:
            ending.begin(cut=True)
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, told)
        scheduler.start()
        sys.stderr.write(say(Message("scheduler.agent"), settings.speaks) + "\n")
        stop.wait()
    finally:
        scheduler.stop()
        store.close()
    return Exit.OK
