"""Hot grids on controlled releases: METEC 2022, a well pad with 8 methane sensors by the minute, 7 releases in 3 days.

Through the product as a stranger would use it: every minute is looked at with what was known then. The first release
was on when the sensors began to record, so that nothing is known of before it.

    nice -n 15 python -m tests.bench.hot_tracer

Figures of 2026-11-22, 2 cores, 24 GB, Debian 12, Python 3.11.7: 7 of 7 releases are found, after 58, 10, 2, 44, 4, 15
and 25 minutes, and are hot for 0.05, 0.47, 0.51, 0.17, 0.92, 0.70 and 0.55 of their minutes (sensors are hit in gusts);
of the minutes from an hour after a release to ten before the next 0.16 are hot too, in 42 spells of 39 hours: methane
of the site itself, that no release explains. Before a short past was told apart from a usual one: 5 of 7, and 0.18.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

from backend.analysis.hotspots.heat import HOT
from backend.analysis.hotspots.look import Watch
from backend.city.registry import City
from backend.store import Store
from tests.bench.trace_tracer import loaded, windows
from tests.tools import stranger

BEFORE, AFTER = 600, 3600
"""Seconds before a release, and after it, that are no quiet time."""


def hot_steps(store: Store) -> tuple[dict[int, bool], int]:
    """Whether any sensor is hot, step by step; and the seconds of a step."""
    record = stranger.rows("sensors_1min.csv")
    first, last = stranger.at(record[0]["time_utc"]), stranger.at(record[-1]["time_utc"])
    found: dict[int, bool] = {}
    with store.read() as conn:
        watch = Watch.of(conn, City.read(conn))
        step = next(iter(watch.networks.values())).step
        for at in range(first // step * step, last, step):
            found[at] = any(bool((one.heat.level[-1] >= HOT).any()) for one in watch.look(conn, at))
    return found, step


def quiet(found: Mapping[int, bool]) -> list[int]:
    """The steps in which nothing was released, nor shortly before."""
    releases = list(windows(0))
    return [at for at in found if not any(one.start - BEFORE <= at < one.end + AFTER for one in releases)]


def main() -> None:
    """Print the figures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = loaded(Path(folder), 60)
        found, step = hot_steps(store)
        store.close()
    for one in windows(0):
        inside = [found.get(at, False) for at in range(one.start // step * step, one.end, step)]
        after = inside.index(True) * step // 60 if any(inside) else None
        print(f"{one.source:16} hot {sum(inside) / len(inside):.2f} of it, first after {after} min")
    calm = quiet(found)
    begun = sum(found[at] and not found.get(at - step, False) for at in calm)
    print(f"quiet: hot {sum(found[at] for at in calm) / len(calm):.2f} of {len(calm)} steps, {begun} spells")


if __name__ == "__main__":
    main()
