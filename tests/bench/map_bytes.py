"""What the map of hot grids costs on the line: a paint, a step of the cursor, an hour's step, a day that is played.

The product's city in the product's own console and a real terminal: 173 air stations with two days of hours in which
three plumes drift, squares of 3 km. ``paint``: all bytes from the key that opens the map until it is whole, the list
and the text beside it included. ``step``: what an arrow key brings at once, ``rest``: what follows when the cursor
rests (stations, sources and tasks there). ``hour``: one hour back, list and text included. ``play``: bytes a second
while the day is played; with ``late`` the share of hours that a line of 64 kbit/s would still have been sent when the
next was due. Also: milliseconds from an arrow to its last byte while hours are being read for the first time.

    python -m tests.bench.map_bytes [--form colours|letters] [--size 120x40|80x24]

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, quiet, Debian 12, Python 3.11.7, in colours. Bytes as paint / step /
rest / hour / play a second: 120x40 8,349 / 138 / 363 / 1,882 / 1,763; 80x24 4,635 / 175 / 252 / 951 / 958. No hour
was late on 64 kbit/s. An arrow 33 ms at the middle; while an hour was being read for the first time 34, 71 at the
worst. The day before, when every cell had its own borders' ink: 19,943 / 145 / 672 / 3,940 / 3,136 and 12,285 /
155 / 655 / 2,575 / 2,267; in letters then 12,292 / 146 / 1,229 / 3,101 / 2,315 and 8,168 / 242 / 651 / 1,460 / 1,595.
"""

from __future__ import annotations

import argparse
import math
import os
import select
import statistics
import sys
import tempfile
import time
from typing import Any

from tests.bench.pressing import Pressed
from tests.bench.start import city_store, surroundings
from tests.bench.ttybench import key_bytes

HOUR = 3600
HOURS = 48
FORMS = {"colours": (), "letters": ("--lite",)}
SIZES = {"120x40": (120, 40), "80x24": (80, 24)}
PLUMES = ((115.48, 35.26, 80.0, 0.05), (115.9, 35.4, 60.0, 0.07), (116.1, 34.85, 45.0, 0.06))
FUNCTION = {"f6": b"\x1b[17~", "f8": b"\x1b[19~"}
QUIET = 1.2
"""Seconds without a byte after which an answer is whole, what is read for it included."""
READ = 2.5
"""The same where an hour has to be read."""
BACK = 12
"""Hours that are gone through."""
RATE = 8_000
"""Bytes a second of a line of 64 kbit/s."""


def value(base: float, lon: float, lat: float, hour: int) -> float:
    """An hour's value at a place: a day's course, the region's slope, plumes that drift and come and go."""
    found = base * (1 + 0.25 * math.sin(hour / 4) + 0.3 * (lon - 115.5))
    for number, (x, y, more, width) in enumerate(PLUMES):
        far = (lon - x - 0.01 * (hour % 24)) ** 2 + (lat - y) ** 2
        found += (
            more * base / 40 * math.exp(-far / 2 / width**2) * max(0.0, math.sin((hour + 5 * number) / 5))
        )
    return max(0.0, found)


def fill(path: str) -> None:
    """Two days of hours of all air stations, up to the last whole hour."""
    from backend.city.registry import City
    from backend.store import Store
    from backend.store.readings import Book, ReadingRow, write

    store = Store.open(path)
    with store.read() as connection:
        city = City.read(connection)
    now = int(time.time())
    newest = now // HOUR * HOUR - HOUR
    bases = {"pm25": 40.0, "pm10": 75.0, "no2": 30.0}
    rows: list[ReadingRow] = []
    for kind in ("air", "township_air"):
        for station in city.by_kind.get(kind, ()):
            for measure in city.measures.get(station.id, ()):
                base = bases.get(city.parameters[measure.parameter].code)
                if base is None or station.lon is None or station.lat is None:
                    continue
                for back in range(HOURS):
                    start = newest - back * HOUR
                    told = round(value(base, station.lon, station.lat, start // HOUR), 1)
                    rows.append(ReadingRow(start, station.id, measure.parameter, HOUR, told, "", 1, "", 0, 1))
    places = {one.id: (one.county, one.kind) for one in city.stations.values() if one.placed}
    rows.sort()
    with store.bulk() as connection:
        write(connection, rows, Book(places, lambda at: (at + 8 * HOUR) // 86400 * 86400 - 8 * HOUR), now)
    store.close()


class Counted(Pressed):
    """A program whose answers are counted and timed."""

    def send(self, key: str) -> None:
        """Press a key."""
        os.write(self.handle, FUNCTION.get(key) or key_bytes(key))

    def count(self, silence: float, longest: float = 60.0) -> tuple[int, float]:
        """Bytes until so long nothing has come, and milliseconds to the last of them."""
        begun = last = time.perf_counter()
        got = 0
        while time.perf_counter() - begun < longest and select.select([self.handle], [], [], silence)[0]:
            got += self.read()
            last = time.perf_counter()
        return got, (last - begun) * 1000

    def answer(self, key: str, silence: float) -> tuple[int, float]:
        """The same for a key."""
        self.send(key)
        return self.count(silence)


def measure(path: str, person: str, form: str, size: str, environ: dict[str, str]) -> dict[str, Any]:
    """The figures of one form and one size."""
    command = [sys.executable, "-m", "console", "--store", path, "--as", person, "--lang", "zh", *FORMS[form]]
    line = Counted(command, environ, *SIZES[size])
    try:
        line.count(4.0)
        line.send(";")
        paint, _ms = line.count(6.0)
        steps, rests, times = [], [], []
        for key in ("right", "right", "down", "left", "down", "right", "up", "left") * 2:
            got, ms = line.answer(key, 0.1)
            steps.append(got)
            times.append(ms)
            rests.append(line.count(QUIET)[0])
        hours = [line.answer("{", READ)[0] for _ in range(BACK)]
        # The same hours once more, forwards: they have been read.
        begun = time.perf_counter()
        played, _ms = line.answer("f8", READ)
        seconds = max(1.0, time.perf_counter() - begun - READ)
        # Keys while an hour is read for the first time: of another pollutant.
        line.send("f6")
        busy = [line.answer(key, 0.05)[1] for key in ("right", "left") * 10]
    finally:
        line.close()
    middle = statistics.median
    return {
        "paint": paint,
        "step": middle(steps),
        "step max": max(steps),
        "rest": middle(rests),
        "hour": middle(hours),
        "hour max": max(hours),
        "play B/s": round(played / seconds),
        "late": f"{max(0.0, played / RATE / seconds - 1):.0%}",
        "key ms": round(middle(times)),
        "busy ms": f"{middle(busy):.0f}/{max(busy):.0f}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--form", choices=list(FORMS), default="")
    parser.add_argument("--size", choices=list(SIZES), default="")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, person = city_store(folder)
        fill(path)
        for form in (args.form,) if args.form else FORMS:
            for size in (args.size,) if args.size else SIZES:
                told = measure(path, person, form, size, surroundings(folder))
                print(form, size, " ".join(f"{name} {figure}" for name, figure in told.items()), flush=True)


if __name__ == "__main__":
    main()
