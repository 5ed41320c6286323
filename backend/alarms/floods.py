"""Floods 报警泛滥: times in which more alarms come to a seat than can be read, told for every grid with a centre.

Counted by the instants at which alarms were presented to a person, as the log of acts has them: what a region, a feed,
a declared stop or a maintenance window speaks for was never presented.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from backend.alarms.load import TEN_MINUTES, Limits, floods
from backend.alarms.tables import Alarm, AlarmAct, Flood
from backend.city.registry import City
from backend.store import table, upsert

ALARM, ACT, FLOOD = table(Alarm), table(AlarmAct), table(Flood)
LEVELS = (1, 2, 3)
"""The grids that have a centre."""


class Shown(NamedTuple):
    """An alarm that was presented to a person."""

    at: int
    county: str
    township: str
    grid: str
    station: int | None


def shown(conn: Connection, since: int) -> list[Shown]:
    """The alarms that were presented after an instant, oldest first."""
    rows = conn.execute(
        select(ACT.c.at, ALARM.c.county, ALARM.c.township, ALARM.c.grid, ALARM.c.station)
        .join(ALARM, ALARM.c.id == ACT.c.alarm)
        .where(ACT.c.at > since, ACT.c.to_state == "UNACK", ACT.c.from_state != "UNACK")
        .order_by(ACT.c.at, ACT.c.id)
    )
    return [Shown(*row) for row in rows]


def keep(conn: Connection, city: City, now: int, limits: Limits | None = None) -> None:
    """Bring the table of floods up to an instant, for every grid with a centre; the same look twice changes nothing."""
    limits = limits if limits is not None else Limits.read()
    lasting = select(FLOOD.c.grid, func.min(FLOOD.c.began)).where(FLOOD.c.ended.is_(None))
    open_ones = {row[0]: int(row[1]) for row in conn.execute(lasting.group_by(FLOOD.c.grid))}
    # A look is due each minute: an hour back is told all the same where none was for a while.
    since = min([now - 6 * TEN_MINUTES, *(began - TEN_MINUTES for began in open_ones.values())])
    recent = shown(conn, since)
    if len(recent) <= limits.flood_starts and not open_ones:
        return
    rows = []
    for grid, instants in _by_grid(city, recent).items():
        if len(instants) <= limits.flood_starts and grid not in open_ones:
            continue
        for span in floods(instants, now, limits):
            rows.append({"grid": grid, **span._asdict()})
    if rows:
        upsert(conn, FLOOD, rows, keys=["grid", "began"])


def _by_grid(city: City, several: Iterable[Shown]) -> Mapping[str, list[int]]:
    """When which alarm was presented in each grid: its own, and those of a region or a feed around it."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    wide: list[Shown] = []
    for one in several:
        if one.station is None:
            wide.append(one)
        for code in {city.root, one.county, one.township}:
            if code and (one.station is not None or code == city.root):
                found[code].append(one.at)
    if wide:
        for grid in city.grids.values():
            if grid.level not in LEVELS[1:]:
                continue
            found[grid.code] += [one.at for one in wide if city.inside(grid.code, one.grid or city.root)]
            found[grid.code].sort()
    return found
