"""Thirty days of the whole city's stations: how large the store grows, and how fast it answers.

Loads the product's city pack, writes every hour of every station's parameters through the product's own path (readings,
latest, rollups; 500 rows a transaction), then asks what the screens ask. Power points report every 15 minutes
and would be four fifths of all rows: they are counted apart (``--power`` adds them).

    python -m tests.bench.month [--days 30] [--power]

Figures of 2026-11-22, 2 cores, 24 GB, Debian 12, Python 3.11.7, SQLite 3.40.1, shared with other work: 3,171,960
rows at 115,000 a second, an hour of the city in 27 ms (worst 51), 126.0 MB or 40 B a row; stations board 44 ms,
counties 8 ms, a station's 48 h 5 ms, its 7 days 6 ms, an hour of everything 4 ms, county hours of 7 days 108 ms, a
day counted 1 ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select, text

from backend.access import Actor
from backend.city.load import load_pack
from backend.city.packs import heze_path
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import overview, readings, station, stations
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.store.readings import Book, ReadingRow, write
from backend.store.tables import Reading

HOUR = 3600
START = 1793692800 - 1793692800 % 86400
PORTION = 500
REPEAT = 7


def rows_of_hour(city: City, at: int, dice: random.Random, *, power: bool) -> Iterator[ReadingRow]:
    """What every station reports in one hour."""
    for kind, members in city.by_kind.items():
        if kind == "power" and not power:
            continue
        for member in members:
            for measure in city.measures.get(member.id, ()):
                if measure.period > HOUR and at % measure.period:
                    continue
                for start in range(at, at + HOUR, min(measure.period, HOUR)):
                    value = round(dice.uniform(5, 150), 1)
                    yield ReadingRow(
                        start, member.id, measure.parameter, measure.period, value, "", 1, "", 0, 1
                    )


def fill(store: Store, city: City, days: int, *, power: bool) -> tuple[int, float, list[float]]:
    """Write the days; rows, seconds, and the milliseconds of each hour."""
    book = Book({s.id: (s.county, s.kind) for members in city.by_kind.values() for s in members}, _day)
    dice, rows, hours = random.Random(1), 0, []
    began = time.perf_counter()
    for hour in range(days * 24):
        at = START + hour * HOUR
        batch = sorted(rows_of_hour(city, at, dice, power=power))
        begun = time.perf_counter()
        for first in range(0, len(batch), PORTION):
            with store.bulk() as connection:
                write(connection, batch[first : first + PORTION], book, at + HOUR)
        hours.append((time.perf_counter() - begun) * 1000)
        rows += len(batch)
    return rows, time.perf_counter() - began, hours


def _day(at: int) -> int:
    return at - (at + 8 * HOUR) % 86400


def timed(act: Callable[[], object]) -> float:
    """The median milliseconds of an act."""
    taken = []
    for _ in range(REPEAT):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--power", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store = Store.open(path)
        begun = time.perf_counter()
        load_pack(store, heze_path(), START)
        print(f"{'load the city pack':40} {time.perf_counter() - begun:9.2f} s")
        with store.read() as connection:
            city = City.read(connection)
        empty = path.stat().st_size
        rows, seconds, hours = fill(store, city, args.days, power=args.power)
        with store.bulk() as connection:
            connection.execute(text("SELECT 1"))
        store.close()
        store = Store.open(path)
        size = (path.stat().st_size - empty) / 1e6
        print(f"{'rows written':40} {rows:9,}")
        print(f"{'rows a second':40} {rows / seconds:9,.0f}")
        print(
            f"{'an hour of the city, median / worst':40} {statistics.median(hours):9.1f} ms {max(hours):9.1f} ms"
        )
        print(f"{'size beside the city itself':40} {size:9.1f} MB  ({size * 1e6 / rows:.0f} B a row)")
        ask(store, city, args.days)
        store.close()


def ask(store: Store, city: City, days: int) -> None:
    """What the screens ask."""
    now = START + days * 24 * HOUR
    seat = Actor("bench", "", "administrator", city.root, "M")
    with store.read() as connection:
        facts = {row.key: row.value for row in connection.execute(text("SELECT key, value FROM city_fact"))}
    desk = Desk(store, ManualClock(now), seat, facts=facts)
    code = city.by_kind["air"][0].code
    reading = table(Reading)

    def one_hour() -> object:
        with store.read() as connection:
            return connection.execute(select(reading).where(reading.c.start == now - HOUR)).all()

    def county_week() -> object:
        with store.read() as connection:
            return connection.execute(
                text("SELECT * FROM county_hour WHERE start >= :since"), {"since": now - 7 * 86400}
            ).all()

    def count() -> object:
        with store.read() as connection:
            return connection.execute(select(func.count()).where(reading.c.start >= now - 86400)).scalar()

    questions: list[tuple[str, Callable[[], object]]] = [
        ("stations board, all kinds but power", lambda: stations.board(desk)),
        ("overview: the counties at a glance", lambda: overview.areas(desk)),
        ("has anything changed", lambda: overview.stamp(desk)),
        ("a station's page, 48 h with peers", lambda: station.page(desk, code)),
        ("a station's readings of 7 days", lambda: readings.of_station(desk, code, now - 7 * 86400, now)),
        ("every reading of one hour", one_hour),
        ("county hours of 7 days", county_week),
        ("count a day", count),
    ]
    for words, act in questions:
        print(f"{words:40} {timed(act):9.1f} ms")


if __name__ == "__main__":
    main()
