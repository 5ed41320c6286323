"""What an hour costs for the whole city: hot grids of all networks, parameters and levels, and their sources.

    python -m tests.bench.hot_hour [--times N] [--days N]

The city is the Heze pack; readings are made up, ten stations hot at the end. With ``--times`` each of its air and dust
stations stands there so often, a few hundred metres beside itself, and each source. Times are of the thread's
processor, the best of several: other work on the machine counts not.

Figures of 2026-11-22, 2 cores (AMD EPYC, shared with other work: load 6), Python 3.11, numpy 2.4:

===============================================  ==============  =========
stations of air and dust                         1,229           12,290
===============================================  ==============  =========
sources                                          5,254           52,540
readings in an hour                              4,206           42,060
**an hour: read, compare, judge, 18 rankings**   **52-74 ms**    437 ms
of it stations: read, compare, judge             34 ms           250 ms
**sources of 1 / 3 / 10 / 20 hot stations**      **23 / 45 /     111 / 214
                                                 103 / 160 ms**  / 326 /
                                                                 403 ms
**both, ten hot stations**                       **155-177 ms**  763 ms
the first ranking (reads the inventory)          53 ms           524 ms
to write hot grids                               19 ms           31 ms
the first hour of a day (learns what is usual)   1.2 s           18 s
memory beside the readings of a day              4 MB            580 MB
===============================================  ==============  =========

On 2026-11-23, the sites hearing and releases from a height weighed (load 3, better of two runs): an hour 57
ms; 20 / 45 / 104 / 164 ms for 1 / 3 / 10 / 20 hot stations; without the heights 19 / 42 / 98 / 156 ms. Later
that day, a failing instrument told apart (0.1 to 0.5 ms of an answer), on a machine where twenty programs
shared the two cores, one run: an hour 93 ms, 25 / 59 / 145 / 255 ms; at ten times the city an hour 462 ms,
126 / 247 / 383 / 488 ms (both, ten hot stations: 846 ms), the first ranking 372 ms, the first hour of a day
19 s, 532 MB.

It grows less than the stations do. What is usual is learned once a day (here of three days; a fortnight takes longer)
by the job, a parameter at a time in a thread of its own, and kept: where it is, another process's or a screen's first
hour takes 0.6 s.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import time
from collections.abc import Callable, Sequence
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Connection

from backend.analysis.hotspots.aftermath import leads
from backend.analysis.hotspots.keep import keep, stamps
from backend.analysis.hotspots.look import Watch
from backend.analysis.hotspots.place import HEATS, HotPlace
from backend.analysis.hotspots.recall import Recall
from backend.analysis.hotspots.work import Worker
from backend.analysis.sources.candidates import read_candidates
from backend.analysis.sources.many import Tracer
from backend.city.load import load_pack
from backend.city.packs import heze_path
from backend.city.registry import City
from backend.store import Store

HOUR = 3600
T = 1793692800
LEVELS = {"pm25": 60.0, "pm10": 110.0, "so2": 12.0, "no2": 40.0, "co": 0.9, "o3": 50.0, "tsp": 180.0}
HOT, LASTS = 10, 4
"""Stations that are made hot at the end, and for how many hours."""
KINDS = ("air", "township_air", "road_dust", "site_dust")


def fill(path: str, city: City, hours: int) -> int:
    """Write hours of readings; gives how many there are in one."""
    dice = np.random.default_rng(1)
    cells = [
        (station.id, measure.parameter, LEVELS[code], station.lon or 0.0, station.lat or 0.0)
        for station in city.stations.values()
        if station.kind in KINDS and station.placed
        for measure in city.measures[station.id]
        if (code := city.parameters[measure.parameter].code) in LEVELS
    ]
    base, lon, lat = np.array([c[2] for c in cells]), *np.array([c[3:] for c in cells]).T
    winds = [
        (station.id, measure.parameter, {"wind_speed": 2.5, "wind_dir": 220.0}[code])
        for station in city.stations.values()
        if station.kind == "weather"
        for measure in city.measures[station.id]
        if (code := city.parameters[measure.parameter].code) in ("wind_speed", "wind_dir")
    ]
    own = dict.fromkeys({c[0] for c in cells}, 0.0)
    own = {number: float(dice.normal(0, 0.15)) for number in own}
    apart = np.array([own[c[0]] for c in cells])
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    # Some stations far from each other are hot at the end, in particles.
    chosen = sorted({c[0] for c in cells if city.stations[c[0]].kind == "township_air"})[
        :: max(1, len(own) // 10)
    ]
    particles = {one.id for code in ("pm25", "pm10") if (one := city.parameter(code)) is not None}
    hot = np.array([c[0] in chosen[:HOT] and c[1] in particles for c in cells])
    region = 0.0
    for back in range(hours, 0, -1):
        region = 0.95 * region + dice.normal(0, 0.1)
        slope = dice.normal(0, 0.15, 2)
        values = base * np.exp(
            region
            + slope[0] * (lon - 115.5)
            + slope[1] * (lat - 35.2)
            + apart
            + dice.normal(0, 0.2, len(cells))
        )
        values[hot] *= 1.0 + 3.0 * (back <= LASTS)
        database.executemany(
            "INSERT INTO reading VALUES (?, ?, ?, 3600, ?, '', 1, '', 0, 1)",
            [(T - back * HOUR, cell[0], cell[1], cell[2] + dice.normal(0, 0.1)) for cell in winds],
        )
        database.executemany(
            "INSERT INTO reading VALUES (?, ?, ?, 3600, ?, '', 1, '', 0, 1)",
            [
                (T - back * HOUR, cell[0], cell[1], value)
                for cell, value in zip(cells, values.round(1).tolist(), strict=True)
            ],
        )
    database.execute(
        "INSERT INTO county_hour SELECT r.start, s.county, s.kind, r.parameter, COUNT(*), SUM(value), MIN(value), "
        "MAX(value) FROM reading r JOIN station s ON s.id = r.station GROUP BY 1, 2, 3, 4"
    )
    database.commit()
    database.close()
    return len(cells)


def multiply(path: str, times: int) -> None:
    """Let each air and dust station stand so often, beside itself."""
    database = sqlite3.connect(path)
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    names = [row[1] for row in database.execute("PRAGMA table_info(station)") if row[1] not in ("id", "code")]
    listed = ", ".join(names)
    for turn in range(1, times):
        east, north = 0.004 * np.cos(turn * 2.4) * turn**0.5, 0.004 * np.sin(turn * 2.4) * turn**0.5
        told = listed.replace("lon", f"lon + {east}").replace("lat", f"lat + {north}", 1)
        database.execute(
            f"INSERT INTO station (code, {listed}) SELECT code || '-{turn}', {told} FROM station "
            f"WHERE kind IN ({kinds}) AND code NOT LIKE '%-x%' AND id <= (SELECT MAX(station) FROM station_parameter)"
        )
    database.execute(
        "INSERT INTO station_parameter SELECT n.id, m.parameter, m.period, m.feed, m.upstream FROM station n "
        "JOIN station o ON n.code LIKE o.code || '-_' AND o.id < n.id JOIN station_parameter m ON m.station = o.id "
        "WHERE n.id > (SELECT MAX(station) FROM station_parameter)"
    )
    names = [row[1] for row in database.execute("PRAGMA table_info(source)") if row[1] != "code"]
    listed = ", ".join(names)
    for turn in range(1, times):
        told = listed.replace("lon", f"lon + {0.003 * np.cos(turn * 2.4) * turn**0.5}")
        told = told.replace(" lat", f" lat + {0.003 * np.sin(turn * 2.4) * turn**0.5}", 1)
        database.execute(
            f"INSERT INTO source (code, {listed}) SELECT code || '~{turn}', {told} FROM source "
            "WHERE code NOT LIKE '%~%'"
        )
    database.commit()
    database.close()


def timed(do: Callable[[], object]) -> float:
    """Milliseconds of the thread's processor."""
    began = time.thread_time()
    do()
    return (time.thread_time() - began) * 1000


def measure(times: int, days: int) -> dict[str, object]:
    """Build the city, look at it hour by hour."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/city.db"
        store = Store.open(path)
        load_pack(store, heze_path(), T)
        if times > 1:
            multiply(path, times)
        with store.read() as conn:
            city = City.read(conn)
        readings = fill(path, city, days * 24)
        with store.read() as conn:
            worker = Worker(Watch.of(conn, city))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            first = timed(lambda: worker.find(conn, T - 16 * HOUR))
            looks, finds = [], []
            for back in range(15, 0, -1):
                start = T - back * HOUR
                if back % 2:
                    finds.append(timed(lambda start=start: worker.find(conn, start)))  # type: ignore[misc]
                else:
                    looks.append(timed(lambda start=start: worker.watch.look(conn, start)))  # type: ignore[misc]
            found = worker.find(conn, T - HOUR)
            seen = worker.watch.look(conn, T - HOUR)
            ranking = ranked(conn, worker, city, found)
            made = {}
            for network in worker.watch.networks.values():
                made.update(stamps(conn, network, T - HOUR, T)[0])
        write = _written(store, seen, found, made)
        stations = sum(len(network.stations) for network in worker.watch.networks.values())
        store.close()
    return {
        "stations": stations,
        "readings_an_hour": readings,
        "hot_rows": len(found),
        "first_hour_of_a_day_ms": round(first),
        "an_hour_ms": round(min(finds), 1),
        "of_it_stations_ms": round(min(looks), 1),
        "write_ms": round(write, 1),
        **ranking,
        "memory_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024),
    }


def ranked(conn: Connection, worker: Worker, city: City, found: Sequence[HotPlace]) -> dict[str, object]:
    """What ranking the sources of the hour's hot stations costs, the best of several."""
    order = sorted(found, key=lambda one: (-HEATS.index(one.heat), -(one.z or 0.0)))
    asked = leads(city, order)
    tracer, recall = Tracer(city), Recall(worker.watch)
    spent: dict[str, object] = {"hot_stations": len({station for station, _code in asked})}
    spent["sources"] = len(read_candidates(conn, "zh"))
    spent["first_ranking_ms"] = round(timed(lambda: tracer.answers(conn, T, asked[:1], fetch=recall)))
    for count in (1, 3, 10, 20):
        spans = [timed(lambda: tracer.answers(conn, T, asked[:count], fetch=recall)) for _ in range(9)]  # noqa: B023
        spent[f"ranking_of_{min(count, len(asked))}_ms"] = round(min(spans), 1)
    return spent


def _written(store: Store, seen: object, found: object, made: object) -> float:
    with store.bulk() as conn:
        return timed(lambda: keep(conn, seen, found, made, T))  # type: ignore[arg-type]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--days", type=int, default=3)
    args = parser.parse_args()
    print(json.dumps(measure(args.times, args.days), indent=1))


if __name__ == "__main__":
    main()
