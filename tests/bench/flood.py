"""Ten thousand alarms in a minute: is any dropped, are they grouped, and does a key still answer within 100 ms?

Opens the console on a full city store, on the alarms board, in a pseudo terminal; in the same process a worker's
thread takes in, through the product's own way, an hour in which every instrument of the city says of itself that it
is at fault: page after page over a minute, as feeds bring them. Each value is one alarm. Meanwhile a person presses
the arrow key again and again, and the time from each press to the last byte of its answer is taken outside. At the
end the store is asked what became of it: how many alarms ring, in how many groups the board shows them, how long the
flood was.

    python -m tests.bench.flood [--alarms 10000] [--seconds 60] [--screen 3]

Figures of 2026-11-23, 2 cores (AMD EPYC, 24 GB, quiet), Debian 12, Python 3.11.7: 10,000 faults in 59 s, in 40 pages
of at most 193 ms; 10,000 alarms ring, 10,091 stand, all of them in the board's 18 groups (made in 157 ms); one flood,
peak 10,091 in ten minutes. Keys meanwhile at the alarm board p50 4.6, p99 38, longest 77 ms, none of 1,611 over 100;
the event loop's longest stall 37 ms. At the triage desk (``--screen 0``), which reads its queue anew at every change,
p50 4.4, p99 45, longest 212 ms, the only one of 1,521 over 100; pages of readings at most 213 ms there. Hours before,
with the reading pane in each key: p50 18, p99 66, longest 99 ms, none of 1,179 over 100. With twice the time until a
computing thread lets another one (`console.seat.SWITCH`) 2 of 1,182 took up to 104 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.pressing import spread, while_busy

if TYPE_CHECKING:
    from backend.city.registry import City
    from backend.feeds.record import Record

TICK = 0.005
WARM = 4.0
TURN = 8
"""Steps of the cursor before it turns back. Fewer than there are rows: a key at the end of a board moves nothing, and
what is drawn next would be taken for its answer."""
PAGES = 40
"""Pages over the minute."""
PERSON = "HZ-S1"


def seat(path: str, report: str, wanted: int, seconds: float) -> None:
    """The process under test: the console, and the feeds that bring the flood."""
    from console.terminal import prepare

    prepare()
    from console.seat import SWITCH

    sys.setswitchinterval(SWITCH)
    from backend.clock import SystemClock
    from console.app import GridseatApp, Options
    from console.wiring import wire

    clock = SystemClock()

    def open_desk() -> object:
        from backend.desk.desk import Desk

        return Desk.open(path, PERSON, clock=clock)

    class Seat(GridseatApp):
        busy = False

        def on_ready(self) -> None:
            self.gaps: list[float] = []
            self.ticker = asyncio.create_task(self.tick())
            threading.Thread(target=self.feed, daemon=True).start()

        async def tick(self) -> None:
            last = time.perf_counter()
            while True:
                await asyncio.sleep(TICK)
                now = time.perf_counter()
                if self.busy:
                    self.gaps.append((now - last - TICK) * 1000)
                last = now

        def feed(self) -> None:
            time.sleep(WARM)
            told = flood(path, wanted, seconds, clock.now, lambda: self.start(report))
            self.busy = False
            Path(report).write_text(json.dumps({**told, **spread("stall", self.gaps)}))

        def start(self, report: str) -> None:
            Path(report + ".go").touch()
            self.busy = True

    Seat(wire(open_desk), Options(language="zh", bell=False), clock=clock).run(mouse=False)  # type: ignore[arg-type]


def flood(
    path: str, wanted: int, seconds: float, now: Callable[[], int], begins: Callable[[], None]
) -> dict[str, float]:
    """Take the faults in, page by page; what the store and the desk say of it afterwards."""
    from backend.alarms import sweep
    from backend.city.registry import City
    from backend.desk import alarmgroups, operator
    from backend.desk.desk import Desk
    from backend.feeds.record import Page
    from backend.incidents import open_for
    from backend.ingest import ingest
    from backend.store import Store

    store = Store.open(path)
    with store.read() as connection:
        city = City.read(connection)
        feeds = {row[1]: row[0] for row in connection.exec_driver_sql("SELECT id, code FROM feed")}
    at = now()
    by_feed = faults(city, wanted)
    # The period before says the same: one fault rings nobody, the second does.
    for feed, several in by_feed.items():
        ingest(store, city, feeds[feed], Page(records=records(several, at, 1)), at)
    begins()
    began, took, raised = time.perf_counter(), [], 0
    pages = [
        (feed, several[first :: max(1, PAGES * len(several) // wanted)])
        for feed, several in by_feed.items()
        for first in range(max(1, PAGES * len(several) // wanted))
    ]
    for number, (feed, several) in enumerate(pages):
        time.sleep(max(0.0, began + seconds * number / len(pages) - time.perf_counter()))
        begun = time.perf_counter()
        report = ingest(store, city, feeds[feed], Page(records=records(several, at, 0)), now())
        took.append(time.perf_counter() - begun)
        raised += report.alarms_raised
    whole = time.perf_counter() - began
    with store.bulk() as connection:
        open_for(connection, city, sweep(connection, city, now()), now())
    begun = time.perf_counter()
    desk = Desk.open(path, PERSON)
    groups = alarmgroups.groups(desk)
    grouping = time.perf_counter() - begun
    with store.read() as connection:
        stands = "SELECT COUNT(*), SUM(rule = 'instrument') FROM alarm WHERE state IN ('UNACK', 'ACKED', 'RTN_UNACK')"
        standing, ringing = connection.exec_driver_sql(stands).one()
    spans = operator.floods(desk)
    store.close()
    return {
        "seconds": whole,
        "raised": raised,
        "ringing": float(ringing),
        "standing": float(standing),
        "in_groups": float(sum(one.count for one in groups)),
        "groups": float(len(groups)),
        "grouping_ms": grouping * 1000,
        "page_max_ms": max(took) * 1000,
        "floods": float(len(spans)),
        "flood_peak": float(spans[0].peak if spans else 0),
    }


Subject = tuple[str, str, int]
"""Station, parameter, period."""


def faults(city: City, wanted: int) -> dict[str, list[Subject]]:
    """So many measures of the city, by feed."""
    found: defaultdict[str, list[Subject]] = defaultdict(list)
    left = wanted
    for kind in ("air", "township_air", "road_dust", "site_dust", "water", "power"):
        for member in city.by_kind[kind]:
            for measure in city.measures[member.id]:
                if left:
                    left -= 1
                    subject = (member.code, city.parameters[measure.parameter].code, measure.period)
                    found[measure.feed].append(subject)
    return found


def records(several: Sequence[Subject], at: int, back: int) -> list[Record]:
    """A period of these measures, ``back`` periods before the one that is just over, with the instruments' own flag."""
    from backend.feeds.record import Record

    return [
        Record(
            station,
            parameter,
            at - at % period - (back + 1) * period,
            period,
            20.0 + number % 17 + back,
            "",
            "D",
        )
        for number, (station, parameter, period) in enumerate(several)
    ]


def drive(store: str, words: list[str], screen: str, environ: dict[str, str]) -> dict[str, float]:
    """Press keys from outside while the flood comes."""
    report = f"{store}.report"
    command = [sys.executable, "-m", "tests.bench.flood", "--seat", store, report, *words]
    pressed = while_busy(command, environ, report, screen, warm=WARM, turn=TURN)
    keys = {**spread("key", pressed), "key_over_100": float(sum(one > 100 for one in pressed))}
    return {**json.loads(Path(report).read_text()), **keys}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--alarms", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--screen", default="3", help="the keys that lead to the board")
    parser.add_argument("--seat", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.seat:
        seat(args.seat[0], args.seat[1], args.alarms, args.seconds)
        return
    from tests.bench.start import city_store, surroundings

    with tempfile.TemporaryDirectory() as folder:
        store, _person = city_store(folder, readings=10_000)
        words = ["--alarms", str(args.alarms), "--seconds", str(args.seconds)]
        for name, value in drive(store, words, args.screen, surroundings(folder)).items():
            print(f"{name:16} {value:12,.1f}")


if __name__ == "__main__":
    main()
