"""Hot grids of a span of time for the command line: judged from the readings alone, whatever the job has kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sqlalchemy import Connection, func, select

from backend.analysis.known import as_then
from backend.city.registry import City
from backend.clock import begun
from backend.desk.desk import Desk
from backend.desk.hotmaking import Working, listed_not, network_notes, of_place, order
from backend.desk.hotspotrows import HotGridRow
from backend.desk.leftout import left_out
from backend.standards.flags import Flag
from backend.store import table
from backend.store.tables import Reading
from backend.words import Message

READING = table(Reading)
SEEN_BACK = 30 * 86400
"""How far back the newest value is looked for, of what nobody measures now."""
_METRES = 111_194.9
"""Of a degree of latitude."""


@dataclass(frozen=True)
class Asked:
    """What is asked for."""

    parameter: str = ""
    """Code; all where empty."""
    since: int | None = None
    """Steps that begin from here on; only the last one before ``until`` where None."""
    until: int | None = None
    """Steps that end by here; by the newest reading where None."""
    level: int = 0
    cell: int = 0
    """Both 0: the finest grids of level 3 or 4, else cells."""


def known(desk: Desk) -> tuple[str, ...]:
    """The codes of the parameters that hot grids can be told of."""
    with desk.store.read() as conn, Working(desk, conn) as worker:
        codes = [one.code for network in worker.watch.networks.values() for one in network.parameters]
    return tuple(dict.fromkeys(codes))


def hot_span(desk: Desk, asked: Asked) -> tuple[list[HotGridRow], list[Message]]:
    """What stands out in each step, the earliest step first and the hottest first in it; and what was left out."""
    found: list[HotGridRow] = []
    notes: list[Message] = []
    with as_then(), desk.store.read() as conn, Working(desk, conn) as worker:
        city = worker.watch.city
        for network in worker.watch.networks.values():
            codes = [one.code for one in network.parameters if asked.parameter in ("", one.code)]
            if not codes:
                continue
            notes += network_notes(desk, city, network)
            level, side = _places(worker, network, asked)
            most = dict.fromkeys(codes, 0)
            steps = _starts(conn, network, asked, desk.now, city.zone)
            for start in steps:
                seen = worker.watch.look(conn, start, parameters=codes, names=(network.name,))
                for one in seen:
                    most[one.parameter.code] = max(most[one.parameter.code], int(one.there.sum()))
                hot = worker.hot(conn, seen, levels=(level,), side=side)
                found += [of_place(desk, city, one) for one in hot]
                if len(steps) == 1:
                    notes += listed_not(desk, worker, seen, level, side)
            until = steps[-1] + int(network.step) if steps else (asked.until or desk.now)
            notes += _silent(conn, network, [code for code in codes if not most[code]], until)
            notes += _few(most)
            notes += _left_out(conn, city, network, codes, steps)
        if asked.level and not any(
            one.level == asked.level and one.in_service for one in city.grids.values()
        ):
            notes.append(Message("hotspots.note.no_grids", {"level": asked.level}))
    if not found and not _any(desk, asked):
        notes.append(Message("hotspots.no_readings", {"at": asked.until or desk.now}))
    return sorted(found, key=lambda row: (row.at, *order(row))), notes


def _few(most: Mapping[str, int]) -> list[Message]:
    """Of what too few measured to be held against each other: that nothing is hot says little."""
    from backend.analysis.hotspots.rules import rules

    least = int(rules()["background"]["least"])
    return [
        Message("hotspots.note.few", {"parameter": code, "count": count, "least": least})
        for code, count in most.items()
        if 0 < count < least
    ]


def _left_out(
    conn: Connection, city: City, network: Any, codes: Sequence[str], steps: Sequence[int]
) -> list[Message]:
    """What came in these steps and had no say, by parameter."""
    if not steps:
        return []
    numbers = {one.code: one.id for one in network.parameters}
    stations = {row.id: row.code for row in network.stations}
    step = int(network.step)
    found = []
    for code in codes:
        told = left_out(conn, city, numbers[code], stations, steps[0], steps[-1] + step, step)
        if told is not None:
            found.append(Message("hotspots.note.left_out", {"parameter": code, **told}))
    return found


def _silent(conn: Connection, network: Any, codes: Sequence[str], until: int) -> list[Message]:
    """Of what nobody had a value, by parameter: where nothing was seen, that nothing is hot says nothing."""
    numbers = {one.code: one.id for one in network.parameters}
    notes = []
    for code in codes:
        query = select(func.max(READING.c.start + READING.c.period)).where(
            READING.c.start >= until - SEEN_BACK,
            READING.c.start < until,
            READING.c.start + READING.c.period <= until,
            READING.c.station.in_([row.id for row in network.stations]),
            READING.c.parameter == numbers[code],
            READING.c.flag == Flag.GOOD,
            READING.c.value.is_not(None),
        )
        newest = conn.execute(query).scalar_one_or_none()
        days = SEEN_BACK // 86400
        told = {"parameter": code} | ({"at": int(newest)} if newest is not None else {"days": days})
        kind = "silent_since" if newest is not None else "silent_long"
        notes.append(Message(f"hotspots.note.{kind}", told))
    return notes


def _places(worker: Any, network: Any, asked: Asked) -> tuple[int, int]:
    from backend.analysis.hotspots.ground import sizes

    if asked.cell or asked.level:
        return asked.level, asked.cell
    for level in (4, 3):
        places = worker.places(network, level)
        if len(places) > 2 and (places.of_station >= 0).any():
            return level, 0
    return 0, sizes(network.spacing)[0]


def _starts(conn: Connection, network: Any, asked: Asked, now: int, zone: tzinfo) -> Sequence[int]:
    step = int(network.step)
    if asked.until is None:
        query = select(func.max(READING.c.start + READING.c.period)).where(
            READING.c.start > (select(func.max(READING.c.start)).scalar_subquery() - 86400),
            READING.c.start <= now,
            READING.c.station.in_([row.id for row in network.stations]),
            READING.c.parameter.in_([one.id for one in network.parameters]),
        )
        newest = conn.execute(query).scalar_one_or_none()
        until = now if newest is None else min(int(newest), now)
    else:
        until = asked.until
    last = begun(until, step, zone) - step
    if asked.since is None:
        return (last,)
    return range(begun(asked.since + step - 1, step, zone), last + 1, step)


def _any(desk: Desk, asked: Asked) -> bool:
    """Whether there is any reading at all up to the end that is asked for."""
    until = desk.now if asked.until is None else asked.until
    with desk.store.read() as conn:
        return (
            conn.execute(select(READING.c.start).where(READING.c.start < until).limit(1)).first() is not None
        )


def outline(row: HotGridRow) -> dict[str, Any]:
    """GeoJSON geometry: a cell's square, a grid's middle."""
    if not row.cell:
        return {"type": "Point", "coordinates": [row.lon, row.lat]}
    high = row.cell / 2 / _METRES
    wide = high / max(0.01, math.cos(math.radians(row.lat)))
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    ring = [[round(row.lon + east * wide, 7), round(row.lat + north * high, 7)] for east, north in corners]
    return {"type": "Polygon", "coordinates": [ring]}
