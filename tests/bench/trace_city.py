"""Tracing in the whole city: the product's Heze pack, days of the demo's replay, its planted episodes all traced.

The episodes are the demo's own (`backend.demo.episodes`: another plume, another wind); the inventory has some 5,250
sources, power pairs and site dust instruments speak too. Each episode of a source is asked about at the station that
shows it most, when it ends. What the hot stations of one hour cost: `tests.bench.hot_hour`.

    nice -n 15 python -m tests.bench.trace_city [--days 3] [--seed 5] [--rate 1.5]

Figures of 2026-11-22, 2 cores, 24 GB, Debian 12, Python 3.11.7, among up to 150 candidates each; 49 episodes of 3 days:
top-1 0.61, top-3 0.76, log score -1.71, first answer stated 0.42, true 0.55. By kind: site dust 0.94 and 1.00 of 18,
straw 0.56 and 0.89 of 9, road 0.67 and 0.78 of 9, works 0.15 and 0.31 of 13. Works stand in estates among others whose
PM2.5 is like theirs, and most are asked about at a site's dust instrument, which measures no gas to tell them apart by.
Letting the other sites' instruments bear witness there brings works to 0.54 in top-3 and straw down to 0.44 in top-1,
all of them from -1.71 to -1.75: left out.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import insert, select

from backend.analysis.sources import trace as tracing
from backend.city.load import load_pack
from backend.city.packs import heze_path
from backend.city.registry import City
from backend.demo.carry import HOUR, Carry
from backend.demo.episodes import Episode, Episodes
from backend.demo.generate import Generator
from backend.demo.places import Places
from backend.feeds.tables import Feed
from backend.store import Store, table
from backend.store.readings import Book, write
from tests.bench.calibration import Told, report
from tests.conftest import START

KINDS = ("air", "township_air", "road_dust", "site_dust", "weather", "power")
LEAD = 26
"""Hours before the first day."""


def fill(store: Store, days: int, seed: int, rate: float) -> tuple[City, list[Episode], int]:
    """A city with days of readings and planted episodes; gives the city, the episodes, and the first hour."""
    assert load_pack(store, heze_path(), START).ok
    places = Places.read(heze_path())
    carry = Carry(places.zone, seed)
    generator = Generator(carry)
    episodes = Episodes(places, carry, generator, rate=rate)
    with store.write() as connection:
        city = City.read(connection)
        feed = connection.execute(select(table(Feed).c.id)).scalar()
        if feed is None:
            row = {"code": "x", "name": "x", "adapter": "file", "options": "", "every": 0, "enabled": False}
            feed = connection.execute(
                insert(table(Feed)).values(row).returning(table(Feed).c.id)
            ).scalar_one()
    sites = places.of_kind(*KINDS)
    book = Book(
        {one.id: (one.county, one.kind) for one in city.stations.values()},
        lambda at: at - (at + 28800) % 86400,
    )
    first = START - START % HOUR
    for hour in range(-LEAD, days * 24):
        start = first + hour * HOUR
        if hour >= 0:
            episodes.plan(start)
        rows = []
        for site in sites:
            station = city.station(site.code)
            if station is None:
                continue
            values = generator.values(site, start)
            shown = episodes.apply(site, start, values) if hour >= 0 else values
            for name, value in (shown or {}).items():
                parameter = city.parameter(name)
                if parameter is not None:
                    rows.append(
                        (start, station.id, parameter.id, HOUR, float(value), "", 1, "", 0, int(feed))
                    )
        with store.bulk() as connection:
            write(connection, rows, book, start + HOUR)
    # What began before the first hour is not in the store as a whole.
    return city, [one for one in episodes.planned() if one.begins >= first], first


def ask(store: Store, city: City, episodes: Sequence[Episode], last: int) -> dict[str, list[Told]]:
    """Each episode of a source, asked about where it shows most."""
    found: defaultdict[str, list[Told]] = defaultdict(list)
    for one in episodes:
        if not one.source or one.fault or not one.shown:
            continue
        best = max(
            (
                (len(hours), code, name)
                for code, by_name in one.shown.items()
                for name, hours in by_name.items()
            ),
            key=lambda it: (it[2] in ("pm25", "pm10"), it[0], it[1]),
        )
        _count, code, name = best
        end = max(one.shown[code][name]) + HOUR
        station = city.station(code)
        if station is None or end > last:
            continue
        with store.read() as connection:
            answer = tracing.trace(connection, city, tracing.Question(name, end, None, station.id))
        if answer is not None:
            told = Told(one.source, {row.source.code: row.probability for row in answer.ranked}, answer.none)
            found[one.kind].append(told)
            found["all"].append(told)
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1.5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(str(Path(folder) / "city.db"))
        begun = time.perf_counter()
        city, episodes, first = fill(store, given.days, given.seed, given.rate)
        print(f"{len(episodes)} episodes in {given.days} days, filled in {time.perf_counter() - begun:.0f} s")
        last = first + given.days * 24 * HOUR
        for kind, several in ask(store, city, episodes, last).items():
            print(f"{kind:10} {report(several)}")
        store.close()


if __name__ == "__main__":
    main()
