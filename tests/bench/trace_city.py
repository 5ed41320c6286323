"""Tracing in the whole city: the product's Heze pack, days of the demo's replay, its planted episodes all traced.

The episodes are the demo's own (`backend.demo.episodes`: another plume, another wind); the inventory has some 5,250
sources, power pairs and site dust instruments speak too. Each episode of a source is asked about at the station that
shows it most, when it ends. What the hot stations of one hour cost: `tests.bench.hot_hour`.

    nice -n 15 python -m tests.bench.trace_city [--days 3] [--seeds 5 21 22 23] [--rate 3]

Figures of 2026-11-23, 2 cores AMD EPYC, 24 GB, Debian 12, Python 3.11.7, among up to 150 candidates each; 359 episodes
of 4 times 3 days (before: as it was a day earlier, on the same episodes):

=========  ===  =====  ======  =====  ======  =========  ======  ==========================  ==========
kind       n    top-1  before  top-3  before  log score  before  first answer stated, true   before
=========  ===  =====  ======  =====  ======  =========  ======  ==========================  ==========
works      106  0.34   0.24    0.71   0.47    -2.33      -2.96   0.28, 0.27                  0.23, 0.16
site dust  137  0.94   0.92    0.99   0.97    -0.38      -0.50   0.78, 0.93                  0.71, 0.91
straw      72   0.62   0.53    0.79   0.78    -1.89      -2.25   0.36, 0.61                  0.27, 0.47
road       44   0.82   0.75    0.84   0.84    -2.24      -2.14   0.37, 0.45                  0.35, 0.57
all        359  0.69   0.62    0.85   0.77    -1.48      -1.78   0.49, 0.62                  0.44, 0.56
=========  ===  =====  ======  =====  ======  =========  ======  ==========================  ==========

Since then a release from a height is weighed too, and three numbers were changed (`temper` and `most` of
profiles.toml, `own_station` of sources.toml): what they should be was seen on seeds 41 and 42 and held against 43 (55
episodes, 2 days; log score -1.15 to -0.98, straw -1.34 to -1.08, roads -1.41 to -0.92, dust -0.59 to -0.47, works
-1.69 both), where more brought still more; `own_station` was then moved by 0.4 in place of the 0.6 of that trial. As
they stand, ``--days 3 --seeds 22 23 43`` (2026-11-23, none of the three numbers was chosen on 22 and 23):

=========  ===  =====  =====  =========  =========================
kind       n    top-1  top-3  log score  first answer stated, true
=========  ===  =====  =====  =========  =========================
works      78   0.36   0.72   -2.17      0.32, 0.31
site dust  104  0.92   0.98   -0.38      0.79, 0.92
straw      54   0.61   0.80   -1.85      0.41, 0.54
road       31   0.77   0.87   -1.89      0.43, 0.52
all        267  0.68   0.85   -1.37      0.54, 0.62
=========  ===  =====  =====  =========  =========================

Are works overstated? On 32 episodes of 2 days of seeds 43 and 44 they were stated at 0.35 and true in 0.22, which was
chance: on these 78 it is 0.32 and 0.31, and wherever a works comes first (89 answers, of whatever kind the episode was)
0.28 and 0.31; by what was stated 0.22 true 0.18 (45), 0.37 true 0.45 (20), 0.63 true 0.88 (8). What is understated is a
field or a road that comes first (0.44 true 0.85 of 39, 0.38 true 0.96 of 25): the demo plants them far more often than
one of 150 candidates that are nearly all works, and no city's share of them is known, so nothing was fitted to that.

Asked by the place and not by the station (one day of seed 31, 31 episodes, before the three numbers changed): first
0.58 and log score -2.01; 0.45 and -2.56 as long as the instrument at the very place was only a witness. Asked by the
station on the same day: 0.71 and -1.28.

Why works lost (359 episodes above): of 106, 68 went to other works in the same line of wind (all stand in estates,
and the two or three air stations within reach see that line from one end), 10 to a site, 3 to a field; and joineries,
furniture and concrete works were held against for a ratio of dust of their own process, where a boiler made the plume
(up to e^1.5 times less likely). What helped: the instruments of the sites around bear witness, each with the doubt
that a rise there is the site's own dust (all of them from -1.78 to -1.46; taken for plain stations, as was tried
before, they lead astray), and a works' episode may look like that of works at large (to -1.43). What "nothing
happened" gained in calm hours costs some roads (-1.48), whose dust instruments swing most in a quiet time. Heights of
stacks: `trace_scenes`.
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
    parser.add_argument("--seeds", type=int, nargs="+", default=[5, 21, 22, 23])
    parser.add_argument("--rate", type=float, default=3.0)
    given = parser.parse_args()
    every: defaultdict[str, list[Told]] = defaultdict(list)
    for seed in given.seeds:
        with tempfile.TemporaryDirectory() as folder:
            store = Store.open(str(Path(folder) / "city.db"))
            begun = time.perf_counter()
            city, episodes, first = fill(store, given.days, seed, given.rate)
            took = time.perf_counter() - begun
            print(f"{len(episodes)} episodes in {given.days} days, filled in {took:.0f} s")
            for kind, several in ask(store, city, episodes, first + given.days * 24 * HOUR).items():
                every[kind] += several
            store.close()
    for kind, several in every.items():
        print(f"{kind:10} {report(several)}")


if __name__ == "__main__":
    main()
