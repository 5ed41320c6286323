"""What the console costs while nobody touches it and nothing changes: processor time, wake-ups, bytes, memory.

Opens it on a full city store with a day of readings, every feed off, the jobs running; waits until it has settled, then
watches its process for a while. Nothing may be written but a new minute's clock.

    python -m tests.bench.idle [--seconds 30] [--screens 1 2 3]

Figures of 2026-11-22, 2 cores, 24 GB, Debian 12, Python 3.11.7, load 0.2 to 1: 0.4 to 0.7 % of a core, 15 to 23
wake-ups a second, no byte between two minutes; a new minute's ages on a board of alarms 15 kB; peak 95 MB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.pressing import Pressed
from tests.bench.start import city_store, surroundings
from tests.bench.ttybench import memory_kib, usage

SETTLED = 8.0
"""Seconds after which nothing of the start is left: the jobs have had their first turns."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--screens", nargs="+", default=["1", "2", "3"], help="keys of the screens to watch")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, person = city_store(folder, readings=150_000)
        command = [str(Path(sys.executable).with_name("gridseat")), "--store", store, "--as", person]
        line = Pressed(command, surroundings(folder) | {"GRIDSEAT_BELL": "no"})
        try:
            line.drain(SETTLED)
            print(f"{'screen':8}{'cpu %':>8}{'wake-ups/s':>12}{'bytes':>8}{'peak MB':>9}")
            for screen in args.screens:
                line.press(screen)
                line.drain(SETTLED)
                before, began = usage(line.pid), time.perf_counter()
                written = line.drain(args.seconds)
                seconds, used = time.perf_counter() - began, usage(line.pid) - before
                peak = memory_kib(line.pid)[0] / 1024
                share, wakes = 100 * used.cpu_s / seconds, used.wakeups / seconds
                print(f"{screen:8}{share:8.2f}{wakes:12.1f}{written:8}{peak:9.1f}")
        finally:
            line.close()


if __name__ == "__main__":
    main()
