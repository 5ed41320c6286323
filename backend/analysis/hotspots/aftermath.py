"""After an hour's hot grids are found: whose air it is, kept beside them, and told to whom it concerns.

The newest hour first; what was not traced yet, or was judged again, follows in later turns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from backend.analysis.hotspots.place import HEATS, HotPlace, of_row
from backend.analysis.hotspots.recall import Recall
from backend.analysis.hotspots.tables import HotGrid, HotHour
from backend.analysis.hotspots.telling import families_of, take_back, tell
from backend.analysis.hotspots.work import Worker
from backend.analysis.sources import kept
from backend.analysis.sources.many import Asked, Tracer
from backend.analysis.sources.numbers import raw
from backend.city.registry import City
from backend.store import Store, table

GRID, HOUR = table(HotGrid), table(HotHour)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step of a network whose hot stations are to be traced."""

    at: int
    step: int
    network: str
    stamps: tuple[tuple[int, str], ...]
    """Parameter number, and the stamp that was judged."""


def waiting(conn: Connection, now: int) -> list[Waiting]:
    """Judged steps of the last days that were not traced as they stand, the newest first."""
    told = raw()["hot"]
    query = (
        select(HOUR.c.at, HOUR.c.step, HOUR.c.network, HOUR.c.parameter, HOUR.c.stamp)
        .where(HOUR.c.at >= now - (told["steps"] + 1) * 3600, HOUR.c.traced != HOUR.c.stamp)
        .order_by(HOUR.c.at.desc(), HOUR.c.network, HOUR.c.parameter)
    )
    found: defaultdict[tuple[int, int, str], list[tuple[int, str]]] = defaultdict(list)
    for at, step, network, parameter, stamp in conn.execute(query):
        found[at, step, network].append((parameter, stamp))
    return [Waiting(*key, tuple(several)) for key, several in found.items()]


def work_off(store: Store, worker: Worker, tracer: Tracer, now: int) -> int:
    """Trace and tell what waits; returns how many stations were traced."""
    with store.read() as conn:
        chosen = waiting(conn, now)
    count = 0
    turns = sorted({one.at for one in chosen}, reverse=True)[: raw()["hot"]["at_once"]]
    for one in chosen:
        if one.at in turns:
            count += follow(store, worker, tracer, one, now)
    return count


def follow(store: Store, worker: Worker, tracer: Tracer, one: Waiting, now: int) -> int:
    """Trace the hot stations of a step, keep what was found, tell it; returns how many stations were traced."""
    city = worker.watch.city
    with store.read() as conn:
        found = places(conn, city, one)
        asked = leads(city, found)
        answers = tracer.answers(conn, one.at + one.step, asked, fetch=Recall(worker.watch)) if asked else {}
    numbers = {code: row.id for _station, code in answers if (row := city.parameter(code)) is not None}
    judged = [number for number, _stamp in one.stamps]
    with store.bulk() as conn:
        kept.forget(conn, one.at, one.network, judged)
        by_number = {(station, numbers[code]): answer for (station, code), answer in answers.items()}
        kept.keep(conn, one.at, one.network, now, by_number)
        take_back(conn, one.network, one.at, families_of(city, judged), found, now)
        tell(conn, city, found, kept.read(conn, one.at, judged), now)
        for number, stamp in one.stamps:
            conn.execute(
                update(HOUR)
                .where(
                    HOUR.c.at == one.at, HOUR.c.network == one.network, HOUR.c.parameter == number,
                    HOUR.c.stamp == stamp,
                )
                .values(traced=stamp)
            )  # fmt: skip
    return len(answers)


def places(conn: Connection, city: City, one: Waiting) -> list[HotPlace]:
    """The hot grids that were kept of a step, the hottest first."""
    rows = conn.execute(
        select(GRID).where(
            GRID.c.at == one.at, GRID.c.network == one.network, GRID.c.heat.in_(HEATS[2:]),
            GRID.c.parameter.in_([number for number, _stamp in one.stamps]),
        )
    )  # fmt: skip
    found = [of_row(city, row) for row in rows]
    return sorted(found, key=lambda it: (-HEATS.index(it.heat), -(it.z or 0.0), it.code))


def leads(city: City, found: Sequence[HotPlace]) -> list[Asked]:
    """The stations that show hot places most, each with its parameter, no more than are traced of a step."""
    wanted: dict[Asked, None] = {}
    for place in found:
        lead = place.lead
        if lead is not None and lead.station in city.stations:
            wanted[lead.station, city.parameters[place.parameter].code] = None
    return list(wanted)[: raw()["hot"]["stations"]]
