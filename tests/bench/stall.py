"""Does a busy feed make the person wait? The event loop's longest stall while 100,000 readings are taken in.

Opens the console on a full city store in a pseudo terminal, and in the same process takes 100,000 readings in through
the product's own way (checks, store, rules) in a worker's thread, as the jobs do. A ticker in the event loop notes
the longest gap; meanwhile a person holds the arrow key, and the time from each press to the last byte of its answer is
taken outside.

    python -m tests.bench.stall [--readings 100000] [--screen 2]
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

TICK = 0.005
WARM = 4.0
DOWN = b"\x1b[B"


def seat(store: str, report: str, readings: int) -> None:
    """The process under test: the console with a busy feed in it."""
    from console.terminal import prepare

    prepare()
    from backend.clock import ManualClock
    from console.app import GridseatApp
    from console.core import Options
    from console.wiring import wire

    clock = ManualClock(int(time.time()))

    def open_desk() -> object:
        from backend.desk.desk import Desk

        return Desk.open(store, "HZ-S1", clock=clock)

    class Seat(GridseatApp):
        gaps: list[float]

        def on_ready(self) -> None:
            self.gaps, self.last, self.busy = [], 0.0, False
            self.set_interval(TICK, self.tick)
            threading.Thread(target=self.feed, daemon=True).start()

        def tick(self) -> None:
            now = time.perf_counter()
            if self.last and self.busy:
                self.gaps.append((now - self.last) * 1000)
            self.last = now

        def feed(self) -> None:
            time.sleep(WARM)
            Path(report + ".go").touch()
            self.busy = True
            began = time.perf_counter()
            counts = take_in(store, readings, clock.now())
            self.busy = False
            gaps = sorted(self.gaps)
            told = {
                **counts,
                "seconds": time.perf_counter() - began,
                "gap_p99_ms": gaps[int(len(gaps) * 0.99)],
                "gap_max_ms": gaps[-1],
            }
            Path(report).write_text(json.dumps(told))

    Seat(wire(open_desk), Options(language="zh"), clock=clock).run(mouse=False)  # type: ignore[arg-type]


def take_in(path: str, readings: int, now: int) -> dict[str, int]:
    """Pages of 5,000 records of the city's stations, oldest hour first."""
    from backend.city.registry import City
    from backend.feeds.record import Page, Record
    from backend.ingest import ingest
    from backend.store import Store

    store = Store.open(path)
    with store.read() as connection:
        city = City.read(connection)
        feeds = {row[1]: row[0] for row in connection.exec_driver_sql("SELECT id, code FROM feed")}
    hour = now - now % 3600
    kinds = ("air", "township_air", "road_dust", "site_dust")
    subjects = [
        (member.code, city.parameters[measure.parameter].code, measure.feed)
        for kind in kinds
        for member in city.by_kind[kind]
        for measure in city.measures[member.id]
        if measure.period == 3600
    ]
    pages: dict[str, list[Record]] = {}
    taken = alarms = 0
    hours = readings // len(subjects) + 1
    for back in range(hours, 0, -1):
        for number, (code, parameter, feed) in enumerate(subjects):
            records = pages.setdefault(feed, [])
            records.append(Record(code, parameter, hour - back * 3600, 3600, 10.0 + (number * back) % 37))
            if len(records) == 5000 or (back == 1 and number == len(subjects) - 1):
                report = ingest(store, city, feeds[feed], Page(records=records), now)
                taken, alarms = taken + report.written, alarms + report.alarms_raised
                pages[feed] = []
            if taken >= readings:
                break
    store.close()
    return {"readings": taken, "alarms": alarms}


def drive(store: str, readings: int, screen: str) -> dict[str, float]:
    """Press keys from outside while the feed is busy."""
    report = f"{store}.report"
    command = [
        sys.executable,
        "-m",
        "tests.bench.stall",
        "--seat",
        store,
        report,
        "--readings",
        str(readings),
    ]
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(
            {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "120", "LINES": "40"}
        )
        os.execv(command[0], command)
    pressed: list[float] = []
    try:
        _drain(terminal, WARM / 2)
        os.write(terminal, screen.encode())
        _until(terminal, lambda: Path(report + ".go").exists())
        while not Path(report).exists():
            begun = time.perf_counter()
            os.write(terminal, DOWN)
            answered = _answer(terminal)
            if answered is not None:
                pressed.append((answered - begun) * 1000)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)
    told: dict[str, float] = json.loads(Path(report).read_text())
    pressed.sort()
    return {
        **told,
        "keys": len(pressed),
        "key_p50_ms": statistics.median(pressed),
        "key_p99_ms": pressed[int(len(pressed) * 0.99)],
    }


def _answer(terminal: int) -> float | None:
    """When the last byte of the answer to a key came; None where none came."""
    last = None
    while select.select([terminal], [], [], 0.03 if last else 0.5)[0]:
        os.read(terminal, 65536)
        last = time.perf_counter()
    return last


def _drain(terminal: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            os.read(terminal, 65536)


def _until(terminal: int, come: object) -> None:
    assert callable(come)
    until = time.monotonic() + 60
    while not come():
        if time.monotonic() > until:
            raise TimeoutError("the console never became busy")
        _drain(terminal, 0.05)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readings", type=int, default=100_000)
    parser.add_argument("--screen", default="2", help="the key of the screen that is shown")
    parser.add_argument("--seat", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.seat:
        seat(args.seat[0], args.seat[1], args.readings)
        return
    from tests.bench.start import city_store

    with tempfile.TemporaryDirectory() as folder:
        store, _person = city_store(folder)
        for name, value in drive(store, args.readings, args.screen).items():
            print(f"{name:14} {value:12,.1f}")


if __name__ == "__main__":
    main()
