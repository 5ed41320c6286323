"""Ingest against raw SQL that writes the same tables in the same transactions (design, decision 15).

    python -m tests.bench.bench_ingest [--json] [--rounds N]

Raw is ``sqlite3.executemany`` of plain upserts into reading, latest, county_hour and station_day, 500 readings to a
transaction. Ours is the whole way: resolve, flags by value and beside the hours stored, revisions, change log, latest,
rollups; ``rules_ms`` is what alarms and incidents of the full city come on top. Times are of one thread's processor;
a stall is the longest gap that another thread sees while the work runs.

Figures of 2026-11-22, 2 cores (AMD EPYC, shared with other work, load 2), Python 3.11.7, SQLite 3.40.1, medians of 10
full-city hours of 7,590 values, and 100,000 readings in one page:

===========================  ========  ===========================  ==========
raw SQL, an hour              44 ms    same page once more           49 ms
stored by the product         69 ms    longest stall, an hour        35 ms
**against raw (least 0.5)**  **0.63**  100,000 readings, a second    82,000
rules and incidents on top    184 ms   against raw                   **0.57**
an hour, page to alarm        252 ms   longest stall, 100,000        10 ms
===========================  ========  ===========================  ==========

Under a load of 5 to 8 on the two cores the ratio fell to 0.44 to 0.53: our time is interpreter time and suffers more
from shared caches than SQLite's own. What is left of the stalls is the cycle collector's full pass over the process.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

from backend.city.registry import City
from backend.feeds.record import Page, Record
from backend.ingest import ingest
from backend.store import Store
from tests.unit.small_city import HOUR, T, build, station

COUNTIES = tuple("ABCDEFGHIJK")
KINDS = (
    ("air", 21),
    ("township_air", 152),
    ("road_dust", 56),
    ("site_dust", 1000),
    ("water", 30),
    ("weather", 6),
)
PARAMETERS = ("pm25", "pm10", "so2", "no2", "co", "o3")
PORTION = 500


def stations() -> list[dict[str, Any]]:
    """As many stations as the city has, spread over its counties; every one measures six parameters."""
    found = []
    for kind, count in KINDS:
        for number in range(count):
            county = COUNTIES[number % len(COUNTIES)]
            where = {"lon": 114.8 + number % 97 / 60, "lat": 34.6 + number % 89 / 70}
            found.append(station(f"{kind}-{number}", kind, county, **where))
    return found


def hours(count: int, seed: int = 7) -> Iterator[list[Record]]:
    """The readings of so many hours, oldest first: a slow regional signal with local noise."""
    dice = random.Random(seed)
    codes = [row["code"] for row in stations()]
    level = {"pm25": 60.0, "pm10": 110.0, "so2": 12.0, "no2": 40.0, "co": 0.9, "o3": 50.0}
    for back in range(count, 0, -1):
        start = T - back * HOUR
        for name in level:
            level[name] *= 1 + dice.uniform(-0.12, 0.12)
        yield [
            Record(
                code, name, start, HOUR, round(level[name] * dice.uniform(0.7, 1.3), 1 if name == "co" else 0)
            )
            for code in codes
            for name in PARAMETERS
        ]


def city_store(folder: str, name: str) -> tuple[Store, City]:
    """A store with the city and its measures, as a loaded pack has them."""
    store = Store.open(f"{folder}/{name}.db")
    city = build(store, stations(), COUNTIES)
    with store.bulk() as conn:
        conn.execute(
            text(
                "INSERT INTO station_parameter (station, parameter, period, feed, upstream) "
                "SELECT s.id, p.id, 3600, 'one', '' FROM station s, parameter p "
                "WHERE p.code IN ('pm25', 'pm10', 'so2', 'no2', 'co', 'o3')"
            )
        )
        city = City.read(conn)
    return store, city


RAW_READING = (
    "INSERT INTO reading (start, station, parameter, period, value, qualifier, flag, reason, revision, feed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (start, station, parameter, period) DO UPDATE SET "
    "value = excluded.value, flag = excluded.flag, reason = excluded.reason"
)
RAW_LATEST = (
    "INSERT INTO latest (station, parameter, period, start, value, qualifier, flag, reason, received) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station, parameter, period) DO UPDATE SET "
    "start = excluded.start, value = excluded.value, flag = excluded.flag, reason = excluded.reason, "
    "received = excluded.received WHERE excluded.start >= latest.start"
)
RAW_HOUR = (
    "INSERT INTO county_hour (start, county, kind, parameter, count, total, low, high) "
    "VALUES (?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT (start, county, kind, parameter) DO UPDATE SET "
    "count = count + 1, total = total + excluded.total, low = min(low, excluded.low), high = max(high, excluded.high)"
)
RAW_DAY = (
    "INSERT INTO station_day (day, station, parameter, period, valid, received, total, low, high) "
    "VALUES (?, ?, ?, ?, 1, 1, ?, ?, ?) ON CONFLICT (day, station, parameter, period) DO UPDATE SET "
    "valid = valid + 1, received = received + 1, total = total + excluded.total, "
    "low = min(low, excluded.low), high = max(high, excluded.high)"
)


def raw_write(path: str, city: City, batches: list[list[Record]]) -> list[float]:
    """The same tables in the same transactions by sqlite3 alone, processor seconds for each batch."""
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-16000", "temp_store=MEMORY"):
        conn.execute(f"PRAGMA {pragma}")
    places = {row.code: (row.id, row.county, row.kind) for row in city.stations.values()}
    numbers = {row.code: row.id for row in city.parameters.values()}
    taken = []
    for batch in batches:
        began = time.thread_time()
        for first in range(0, len(batch), PORTION):
            _raw_part(conn, batch[first : first + PORTION], places, numbers, city)
        taken.append(time.thread_time() - began)
    conn.close()
    return taken


def _raw_part(
    conn: sqlite3.Connection,
    part: list[Record],
    places: dict[str, tuple[int, str, str]],
    numbers: dict[str, int],
    city: City,
) -> None:
    readings, latest, by_hour, by_day = [], [], [], []
    days: dict[int, int] = {}
    for one in part:
        number, county, kind = places[one.station]
        parameter, value, start = numbers[one.parameter], one.value, one.start
        if start not in days:
            local = datetime.fromtimestamp(start, city.zone)
            days[start] = int(local.replace(hour=0, minute=0, second=0).timestamp())
        readings.append((start, number, parameter, HOUR, value, "", 1, "", 0, 1))
        latest.append((number, parameter, HOUR, start, value, "", 1, "", T))
        by_hour.append((start, county, kind, parameter, value, value, value))
        by_day.append((days[start], number, parameter, HOUR, value, value, value))
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany(RAW_READING, readings)
    conn.executemany(RAW_LATEST, latest)
    conn.executemany(RAW_HOUR, by_hour)
    conn.executemany(RAW_DAY, by_day)
    conn.execute("COMMIT")


class Stalls:
    """The longest gap that another thread sees in a 1 ms beat while something runs."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat)

    def _beat(self) -> None:
        last = time.perf_counter()
        while not self._over.wait(0.001):
            now = time.perf_counter()
            self.longest = max(self.longest, now - last)
            last = now

    def __enter__(self) -> Stalls:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def cpu(run: Callable[[], Any]) -> float:
    """Seconds of this thread's processor time that a call takes: other work on the machine does not count."""
    began = time.thread_time()
    run()
    return time.thread_time() - began


def measure(rounds: int) -> dict[str, float]:
    """All figures: milliseconds, values a second, ratios (raw SQL is 1)."""
    batches = list(hours(rounds + 4))
    # What the bench itself holds would be walked by every full collection.
    gc.collect()
    gc.freeze()
    found: dict[str, float] = {"values_an_hour": len(batches[0])}
    with TemporaryDirectory() as folder:
        raw, stored = _storing(folder, batches)
        whole, again, stall = _whole(folder, batches)
        found |= {
            "raw_ms": raw * 1000,
            "store_ms": stored * 1000,
            "store_against_raw": raw / stored,
            "rules_ms": (whole - stored) * 1000,
            "whole_ms": whole * 1000,
            "same_page_ms": again * 1000,
            "hour_stall_ms": stall * 1000,
        }
        found |= _backfill(folder)
    with Stalls() as idle:
        time.sleep(1)
    found["idle_stall_ms"] = idle.longest * 1000
    return found


def _one(store: Store, city: City, batch: list[Record]) -> float:
    """One hour, when it is over."""
    return cpu(lambda: ingest(store, city, 1, Page(batch), batch[0].start + HOUR))


def _storing(folder: str, batches: list[list[Record]]) -> tuple[float, float]:
    """A full-city hour by raw SQL, and stored by the product with its checks, without the rules: medians."""
    store, city = city_store(folder, "raw")
    store.close()
    raw = raw_write(f"{folder}/raw.db", city, batches)[4:]
    store, city = city_store(folder, "stored")
    with patch("backend.ingest.run._ring"):
        ours = [_one(store, city, batch) for batch in batches][4:]
    store.close()
    return statistics.median(raw), statistics.median(ours)


def _whole(folder: str, batches: list[list[Record]]) -> tuple[float, float, float]:
    """A full-city hour from page to alarms, the same page once more, and the longest stall."""
    store, city = city_store(folder, "whole")
    with Stalls() as stalls:
        taken = [_one(store, city, batch) for batch in batches][4:]
    again = cpu(lambda: ingest(store, city, 1, Page(batches[-1]), T))
    store.close()
    return statistics.median(taken), again, stalls.longest


def _backfill(folder: str) -> dict[str, float]:
    """100,000 readings in one page, too old to ring."""
    every = [one for batch in hours(14) for one in batch][:100_000]
    gc.collect()
    gc.freeze()
    store, city = city_store(folder, "backfill")
    with Stalls() as stalls:
        ours = cpu(lambda: ingest(store, city, 1, Page(every), T + 40 * 86400))
    store.close()
    store, city = city_store(folder, "backfill-raw")
    store.close()
    raw = sum(raw_write(f"{folder}/backfill-raw.db", city, [every]))
    return {
        "backfill_values_a_second": len(every) / ours,
        "backfill_raw_values_a_second": len(every) / raw,
        "backfill_against_raw": raw / ours,
        "backfill_stall_ms": stalls.longest * 1000,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=8)
    arguments = parser.parse_args()
    found = measure(arguments.rounds)
    if arguments.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:26} {value:12,.2f}")


if __name__ == "__main__":
    main()
