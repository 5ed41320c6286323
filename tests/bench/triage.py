"""Fifty alarms decided on at the triage desk by keyboard, in a real terminal of 80x24: keys and bytes for each.

The store holds the product's city with two days of readings, and fifty alarms of building sites of one county, each its
own incident. Decisions in turn: dispatch to whom is suggested, acknowledge, dismiss, shelve, dispatch by Enter, merge.
Bytes are all that went to the terminal for an alarm: the answers to its keys, the next row and its look.

    python -m tests.bench.triage [--alarms 50] [--lite]

Figures of 2026-11-22, 2 cores, 24 GB, Debian 12, Python 3.11.7; keys, bytes, ms to the last byte of the last key's
answer: the desk opens 1, 10,437, 100; dispatch 2, 15,131, 32; acknowledge 1, 5,072, 10; dismiss 3, 11,671, 33; shelve
2, 9,476, 27; merge 3, 14,326, 30; an alarm on average 2.14 keys, 11,354 bytes, 29 ms; none left undecided. Before what
stands in the terminal was remembered an alarm took 83,770 bytes.
"""

from __future__ import annotations

import argparse
import os
import select
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.pressing import NEVER, SILENCE, Pressed
from tests.bench.start import city_store, surroundings
from tests.bench.ttybench import key_bytes

COLUMNS, LINES = 80, 24
COUNTY = "371702"
DECISIONS = {
    "dispatch, 1": ("d", "1"),
    "acknowledge": ("a",),
    "dismiss, 1, y": ("X", "1", "y"),
    "shelve, 1": ("z", "1"),
    "dispatch, Enter": ("d", "enter"),
    "merge, 1, y": ("M", "1", "y"),
}
REST = 0.8
"""Seconds after a decision in which the next row's look comes."""


class Counted(Pressed):
    """A program whose answers are counted as well as timed."""

    def answer(self, key: str) -> tuple[float, int]:
        """Milliseconds to the last byte of a key's answer, and its bytes."""
        begun = time.perf_counter()
        os.write(self.handle, key_bytes(key))
        last, got = begun, 0
        while select.select([self.handle], [], [], SILENCE if got else NEVER)[0]:
            got += self.read()
            last = time.perf_counter()
        return (last - begun) * 1000, got


def fill(path: str, alarms: int) -> tuple[str, list[int]]:
    """Put the alarms into a store that has the city; gives a seat of the county, and the alarms' numbers."""
    from sqlalchemy import select as query
    from sqlalchemy import update

    from backend.alarms.tables import Alarm
    from backend.city.tables import Person, Station
    from backend.desk.desk import Desk
    from backend.store import Store, table
    from tests.tools.triage_city import alarm_at

    person, station, alarm = table(Person), table(Station), table(Alarm)
    store = Store.open(path)
    with store.write() as connection:
        connection.execute(update(alarm).values(state="NORM"))
        seat = connection.execute(
            query(person.c.code)
            .where(person.c.role == "seat", person.c.grid == COUNTY)
            .order_by(person.c.code)
        ).scalars()
        who = str(next(iter(seat)))
        sites = (
            query(station.c.code)
            .where(station.c.kind == "site_dust", station.c.county == COUNTY, station.c.township != "")
            .order_by(station.c.code)
            .limit(alarms)
        )
        codes = list(connection.execute(sites).scalars())
    desk = Desk.open(store, who)
    put = [
        alarm_at(
            desk, code, rule="site_dust", parameter="pm10", type="site_dust", minutes=60 * (alarms - number)
        )
        for number, code in enumerate(codes)
    ]
    store.close()
    return who, put


def measure(command: list[str], environ: dict[str, str], alarms: int) -> None:
    """Decide on all, and print what it took."""
    line = Counted(command, environ, COLUMNS, LINES)
    try:
        while line.drain(2.0):
            pass
        took, got = line.answer("0")
        opened = got + line.drain(1.5)
        print(f"{'the desk':18}{1:6}{opened:8}{took:9.0f}")
        keys: dict[str, list[int]] = {name: [] for name in DECISIONS}
        sizes: dict[str, list[int]] = {name: [] for name in DECISIONS}
        waits: dict[str, list[float]] = {name: [] for name in DECISIONS}
        for number in range(alarms):
            name = list(DECISIONS)[number % len(DECISIONS)]
            answers = [line.answer(key) for key in DECISIONS[name]]
            keys[name].append(len(answers))
            sizes[name].append(sum(size for _, size in answers) + line.drain(REST))
            waits[name].append(answers[-1][0])
    finally:
        line.close()
    for name in DECISIONS:
        took = statistics.median(waits[name])
        print(f"{name:18}{max(keys[name]):6}{statistics.median(sizes[name]):8.0f}{took:9.0f}")
    every = [size for one in sizes.values() for size in one]
    pressed = sum(sum(one) for one in keys.values())
    late = sorted(wait for one in waits.values() for wait in one)
    print(
        f"{'an alarm':18}{pressed / alarms:6.2f}{statistics.mean(every):8.0f}{statistics.median(late):9.0f}"
    )
    print(f"most of one alarm: {max(every)} bytes, {late[-1]:.0f} ms")


def left(path: str, put: list[int]) -> int:
    """How many of these alarms still wait; the city raises some of its own meanwhile."""
    from sqlalchemy import func
    from sqlalchemy import select as query

    from backend.alarms.tables import Alarm
    from backend.store import Store, table

    alarm = table(Alarm)
    store = Store.open(path)
    with store.read() as connection:
        waits = query(func.count()).where(alarm.c.state == "UNACK", alarm.c.id.in_(put))
        found = connection.execute(waits).scalar_one()
    store.close()
    return int(found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--alarms", type=int, default=50)
    parser.add_argument("--lite", action="store_true", help="a pointer instead of a full-row bar")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, _ = city_store(folder, readings=60_000)
        who, put = fill(path, args.alarms)
        program = str(Path(sys.executable).with_name("gridseat"))
        command = [program, "--store", path, "--as", who, "--lang", "zh", *(["--lite"] if args.lite else [])]
        print(f"{'':18}{'keys':>6}{'bytes':>8}{'last ms':>9}")
        measure(command, surroundings(folder), args.alarms)
        print(f"left undecided: {left(path, put)} of {args.alarms}")


if __name__ == "__main__":
    main()
