"""Does a busy feed make the person wait? The event loop's stalls while 100,000 readings are taken in, and the keys'.

Opens the console on a full city store in a pseudo terminal, and in the same process takes 100,000 readings in through
the product's own way (checks, store, rules, incidents) in a worker's thread, as the jobs do. A ticker in the event loop
notes every gap; meanwhile a person presses the arrow key again and again, and the time from each press to the last byte
of its answer is taken outside. `--idle` runs the same without the feed, to tell what the machine itself adds.

    python -m tests.bench.stall [--readings 100000] [--screen 2,right,right,right] [--idle 5]

Figures of 2026-11-22, 2 cores, 24 GB, Debian 12, Python 3.11.7, load 0.9: 100,000 readings in 5.7 s, 221 alarms;
stalls p99 20 ms, longest 30 ms, none over 50; keys meanwhile p50 4.8, p99 26, longest 36 ms. Without a feed: stalls
p99 4, longest 5 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.bench.pressing import spread, while_busy

TICK = 0.005
WARM = 4.0
TURN = 30
"""Presses in one direction, then as many in the other: never at an end of the board."""


def seat(path: str, report: str, readings: int, idle: float) -> None:
    """The process under test: the console with a busy feed in it."""
    from console.terminal import prepare

    prepare()
    from console.seat import SWITCH

    sys.setswitchinterval(SWITCH)
    from backend.clock import ManualClock
    from console.app import GridseatApp, Options
    from console.wiring import wire

    clock = ManualClock(int(time.time()))

    def open_desk() -> object:
        from backend.desk.desk import Desk

        return Desk.open(path, "HZ-S1", clock=clock)

    class Seat(GridseatApp):
        busy = False

        def on_ready(self) -> None:
            self.gaps: list[float] = []
            self.own: list[float] = []
            self.ticker = asyncio.create_task(self.tick())
            threading.Thread(target=self.feed, daemon=True).start()

        async def tick(self) -> None:
            last, used = time.perf_counter(), time.process_time()
            while True:
                await asyncio.sleep(TICK)
                now, use = time.perf_counter(), time.process_time()
                if self.busy:
                    self.gaps.append((now - last - TICK) * 1000)
                    # What the process itself has worked in the gap: the rest is the machine's other work.
                    self.own.append(min(self.gaps[-1], (use - used) * 1000))
                last, used = now, use

        def feed(self) -> None:
            time.sleep(WARM)
            Path(report + ".go").touch()
            self.busy, began = True, time.perf_counter()
            counts = {"readings": 0, "alarms": 0} if idle else busy(path, readings, clock.now())
            time.sleep(idle)
            self.busy = False
            told = {
                **counts,
                "seconds": time.perf_counter() - began,
                **spread("stall", self.gaps),
                **spread("own", self.own),
            }
            Path(report).write_text(json.dumps(told))

    Seat(wire(open_desk), Options(language="zh"), clock=clock).run(mouse=False)  # type: ignore[arg-type]


def busy(path: str, readings: int, now: int) -> dict[str, int]:
    """Take readings in, through a store of the feed's own."""
    from backend.store import Store
    from tests.bench.intake import take_in

    store = Store.open(path)
    try:
        return take_in(store, readings, now)
    finally:
        store.close()


def drive(store: str, words: list[str], screen: str, environ: dict[str, str]) -> dict[str, float]:
    """Press keys from outside while the feed is busy."""
    report = f"{store}.report"
    command = [sys.executable, "-m", "tests.bench.stall", "--seat", store, report, *words]
    pressed = while_busy(command, environ, report, screen, warm=WARM, turn=TURN)
    return {**json.loads(Path(report).read_text()), **spread("key", pressed)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readings", type=int, default=100_000)
    parser.add_argument("--screen", default="2,right,right,right", help="the keys that lead to the board")
    parser.add_argument("--idle", type=float, default=0.0, help="seconds of the same without a feed")
    parser.add_argument("--seat", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.seat:
        seat(args.seat[0], args.seat[1], args.readings, args.idle)
        return
    from tests.bench.start import city_store, surroundings

    with tempfile.TemporaryDirectory() as folder:
        store, _person = city_store(folder, readings=10_000)
        words = ["--readings", str(args.readings), "--idle", str(args.idle)]
        for name, value in drive(store, words, args.screen, surroundings(folder)).items():
            print(f"{name:16} {value:12,.1f}")


if __name__ == "__main__":
    main()
