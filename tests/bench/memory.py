"""How large the process that runs the jobs of a whole city grows, hour after hour.

Plays the replayed city without a screen: its instruments and upstreams are a process of their own, and this one takes
in what they serve and push, judges it, raises alarms, finds hot grids and their sources and lets time run out, in
threads that come and go as a console's do. (Forecasts are made by a process of their own.) At every few hours of the
city it tells what the kernel counts for this process: all that is resident, and what of it is its own (neither code nor
the store's file, which the kernel takes back when it likes).

    python -m tests.bench.memory [--hours 72] [--every 6] [--plain]

``--plain`` leaves the C library as it is.

Figures of 2026-11-23, 2 cores AMD EPYC, 24 GB, Debian 12, Python 3.11.7, under a load of 15 to 20: 131 MB of its own
after the backfill of two days, 179, 180 and 182 at hours 6, 12, 18 (resident 159 to 221). The console of the demo
at 60x, screens and jobs in one process: 204 MB of its own after four minutes, 200 after 36 (32 hours of the city),
resident 232 to 294 with what is mapped of the store's file. With a heap for each thread, as glibc has it: 541 MB of
its own after four minutes, and growing; 1,047 MB resident after half an hour.
"""

from __future__ import annotations

import argparse
import ctypes
import tempfile
import threading
import time
from pathlib import Path

from backend import heap
from backend.clock import ManualClock
from backend.demo.players import Players
from backend.demo.run import DemoOptions, backfill, running
from backend.demo.side import Side
from backend.scheduler import LANES, Scheduler

HOUR, STEP = 3600, 300


def resident(pid: int | str = "self") -> tuple[float, float]:
    """Megabytes of a process: all that is resident, its own alone."""
    told = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, number = line.split()[:2]
        told[name.rstrip(":")] = int(number) / 1024
    return told["Rss"], told["Anonymous"]


def turn(scheduler: Scheduler, now: int) -> None:
    """Every lane's jobs that are due, each lane in a thread of its own, as the clockwork starts them."""
    for lane in LANES:
        thread = threading.Thread(target=scheduler.run_due, args=(now, (lane,)))
        thread.start()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=int, default=72)
    parser.add_argument("--every", type=int, default=6, help="hours between two looks")
    parser.add_argument("--plain", action="store_true", help="leave the C library as it is")
    args = parser.parse_args()
    if not args.plain:
        heap.settle()
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder, running(DemoOptions(Path(folder), speed=0.0)) as demo:
        assert isinstance(demo.clock, ManualClock)
        backfill(demo)
        players, scheduler = Players(demo.store, demo.clock, 1), Scheduler(demo.store, demo.clock)
        print(f"{'hour':>6}{'resident MB':>13}{'own MB':>9}{'store MB':>10}{'CPU s':>8}{'served by MB':>14}")
        with Side(demo.server) as side:
            for step in range(args.hours * HOUR // STEP + 1):
                if step:
                    demo.clock.move(STEP)
                    side.move(demo.clock.now(), settle=True)
                    turn(scheduler, demo.clock.now())
                    players.turn()
                hour, rest = divmod(step * STEP, HOUR)
                if rest == 0 and hour % args.every == 0:
                    whole, own = resident()
                    size = (Path(folder) / "demo.db").stat().st_size / 1e6
                    other = resident(demo.server.pid)[1]
                    used = time.process_time() - began
                    print(f"{hour:6}{whole:13.0f}{own:9.0f}{size:10.0f}{used:8.0f}{other:14.0f}", flush=True)
        scheduler.stop()
        ctypes.CDLL(None).malloc_trim(0)
        print(f"  once all that is free is given back: {resident()[1]:.0f} MB of its own")


if __name__ == "__main__":
    main()
