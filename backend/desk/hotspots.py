"""Hot grids 热点网格 and hot hours 热点时段, for screens and commands: the door to `backend.analysis.hotspots`.

An instant ``at`` is the start of an analysis step (an hour, or less where stations stand close). What the job has
judged is read from the store; what it has not (cells, another store's hours) is judged now, which takes some hundred
milliseconds at the first question of a day: ask from a worker's thread. Nothing that ends after the step is used.

========================  ==========================================================================
`parameters`              the parameters that there are hot grids of, and the sizes of cells
`hours_available`         the hours that can be shown, the newest first
`hot_grids`               what stands out in an hour, with the evidence
`cell_map`                an hour as a map of cells, or of grids drawn in cells
`hot_hours`               when a place is hot: by hour of day and weekday
`under`                   what lies under a place
`lists`, `ladder`         the three monthly lists; who is on the ladder and who is next (`desk.hotlists`)
========================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from backend.analysis.hotspots import place
from backend.analysis.hotspots.tables import HotGrid as HotGridTable
from backend.analysis.hotspots.tables import HotHour as HotHourTable
from backend.city.called import said
from backend.city.registry import City
from backend.clock import begun
from backend.desk.desk import Desk
from backend.desk.hotlists import ladder, lists
from backend.desk.hotmaking import (
    Working,
    class_bounds,
    listed_not,
    map_notes,
    maps_first,
    newest_step,
    of_place,
    order,
    shown_network,
)
from backend.desk.hotspotrows import HEATS, CellMap, HotGridRow, HotHour, HotHours, MapStation, Under
from backend.desk.hottargets import with_targets
from backend.desk.hotunder import hot_hours_of, under_place
from backend.desk.scope import scope_of
from backend.store import table
from backend.tasks.tables import Task

if TYPE_CHECKING:
    from backend.analysis.hotspots.maps import Drawn
    from backend.analysis.hotspots.place import HotPlace
    from backend.analysis.hotspots.seen import Seen
    from backend.analysis.hotspots.work import Worker

__all__ = [
    "cell_map",
    "hot_grids",
    "hot_hours",
    "hours_available",
    "ladder",
    "lists",
    "parameters",
    "under",
]
GRID, HOUR, TASK = table(HotGridTable), table(HotHourTable), table(Task)
LEVELS_KEPT = (3, 4)


def parameters(desk: Desk) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The codes of the parameters that there are hot grids of, most measured first; and the sides of the cells that
    a map is offered in, metres, widest first.
    """
    from backend.analysis.hotspots.ground import sizes

    with desk.store.read() as conn, Working(desk, conn) as worker:
        networks = worker.watch.networks.values()
        codes = [one.code for network in maps_first(networks) for one in network.parameters]
        spacing = next((network.spacing for network in maps_first(networks)), float("nan"))
        return tuple(dict.fromkeys(codes)), sizes(spacing)


def hours_available(desk: Desk, parameter: str = "", *, limit: int = 72) -> list[HotHour]:
    """The hours that hot grids are kept of, the newest first.

    Where no job has run yet, the steps that have readings, with ``made`` 0 and nothing counted.

    Args:
        parameter: only of this one (code); of the first there is where empty.
        limit: so many at most.
    """
    with desk.store.read() as conn:
        city = City.read(conn)
        wanted = city.parameter(parameter) if parameter else None
        query = select(HOUR).order_by(HOUR.c.at.desc(), HOUR.c.network).limit(limit * 4)
        if wanted is not None:
            query = query.where(HOUR.c.parameter == wanted.id)
        found = _hours(city, conn.execute(query).all())
        if not found:
            return _unjudged(desk, conn, parameter, limit)
    return [found[at] for at in sorted(found, reverse=True)[:limit]]


def _hours(city: City, rows: Sequence[Any]) -> dict[int, HotHour]:
    """Kept steps of the network that a map shows, and what is hot in them in any network, as the map's list has it."""
    if not rows:
        return {}
    wanted = rows[0].parameter
    sizes = {row.network: row.expected for row in rows if row.parameter == wanted}
    shown = "air" if "air" in sizes else max(sizes, key=lambda name: sizes[name])
    found: dict[int, HotHour] = {}
    step = next(row.step for row in rows if row.parameter == wanted and row.network == shown)
    others: dict[tuple[int, str], tuple[int, int]] = {}
    for row in rows:
        if row.parameter != wanted:
            continue
        if row.network == shown:
            code = city.parameters[row.parameter].code
            found[row.at] = HotHour(
                row.at, row.step, code, row.made, row.stations, row.expected, row.hot, row.strong
            )
        else:
            # One that is looked at more often counts once in a step.
            key = begun(row.at, step, city.zone), row.network
            others[key] = max(others.get(key, (0, 0)), (row.hot, row.strong))
    for (at, _name), (hot, strong) in others.items():
        if at in found:
            found[at] = replace(found[at], hot=found[at].hot + hot, strong=found[at].strong + strong)
    return found


def _unjudged(desk: Desk, conn: Connection, parameter: str, limit: int) -> list[HotHour]:
    with Working(desk, conn) as worker:
        network = shown_network(worker, parameter)
        if network is None:
            return []
        one = next((row for row in network.parameters if row.code == parameter), network.parameters[0])
        newest = newest_step(conn, network, one, desk.now, worker.watch.city.zone)
        if newest is None:
            return []
        step, expected = network.step, len(network.stations)
        return [
            HotHour(at, step, one.code, 0, 0, expected, 0, 0)
            for at in range(newest, newest - limit * step, -step)
        ]


def hot_grids(
    desk: Desk,
    *,
    parameter: str = "",
    at: int | None = None,
    level: int = 4,
    cell: int = 0,
    everywhere: bool = False,
) -> list[HotGridRow]:
    """What stands out in an hour, the hottest first; empty where nothing does or nothing was measured.

    Args:
        parameter: code; every parameter where empty.
        at: the start of the step; the newest whole one where None.
        level: 2 county, 3 township, 4 below.
        cell: metres of a side, instead of a level.
        everywhere: also outside the grid of whoever sits at the desk.
    """
    with desk.store.read() as conn:
        kept = None
        if not cell and level in LEVELS_KEPT:
            kept = _kept(desk, conn, City.read(conn), parameter, at, (level,))
        if kept is None:
            with Working(desk, conn) as worker:
                kept = _judged(desk, conn, worker, parameter, at, level, cell)
        if not everywhere:
            scope = scope_of(conn, desk.actor.grid)
            kept = [row for row in kept if scope.level <= 1 or _inside(conn, row, scope.grid)]
        counts = _tasks(conn, {row.code for row in kept})
    return [replace(row, tasks=counts[row.code]) if row.code in counts else row for row in kept]


def _inside(conn: Connection, row: HotGridRow, grid: str) -> bool:
    from backend.access import lineage

    return grid in (row.county, row.township, row.code) or grid in lineage(conn, row.code)


def _tasks(conn: Connection, codes: set[str]) -> dict[str, int]:
    """Open tasks by grid, of its own and of all below it."""
    found: dict[str, int] = {}
    rows = conn.execute(
        select(TASK.c.county, TASK.c.township, TASK.c.grid, func.count())
        .where(TASK.c.closed.is_(None))
        .group_by(TASK.c.county, TASK.c.township, TASK.c.grid)
    )
    for county, township, grid, count in rows:
        for code in {county, township, grid} & codes:
            found[code] = found.get(code, 0) + count
    return found


def _kept(
    desk: Desk,
    conn: Connection,
    city: City,
    parameter: str,
    at: int | None,
    levels: Sequence[int],
    codes: Collection[str] = (),
) -> list[HotGridRow] | None:
    """What the job has kept of the hour, or of these grids in it; None where it has not judged it."""
    wanted = city.parameter(parameter) if parameter else None
    if parameter and wanted is None:
        return []
    hours = select(func.max(HOUR.c.at))
    if wanted is not None:
        hours = hours.where(HOUR.c.parameter == wanted.id)
    if at is not None:
        hours = hours.where(HOUR.c.at == at)
    start = conn.execute(hours).scalar_one_or_none()
    if start is None:
        return None
    query = select(GRID).where(GRID.c.at == start, GRID.c.level.in_(levels))
    if codes:
        query = query.where(GRID.c.grid.in_(sorted(codes)))
    if wanted is not None:
        query = query.where(GRID.c.parameter == wanted.id)
    return _as_rows(desk, conn, city, [place.of_row(city, row) for row in conn.execute(query)])


def _judged(
    desk: Desk, conn: Connection, worker: Worker, parameter: str, at: int | None, level: int, cell: int
) -> list[HotGridRow]:
    seen = _seen(desk, conn, worker, parameter, at)
    return _as_rows(desk, conn, worker.watch.city, worker.hot(conn, seen, levels=(level,), side=cell))


def _as_rows(desk: Desk, conn: Connection, city: City, found: Sequence[HotPlace]) -> list[HotGridRow]:
    rows = [of_place(desk, city, one) for one in found]
    # What was traced is told by the station that shows a place most, whatever the place.
    traced = with_targets(desk, conn, rows, found, found[0].start) if found else rows
    return sorted(traced, key=order)


def _seen(desk: Desk, conn: Connection, worker: Worker, parameter: str, at: int | None) -> list[Seen]:
    wanted = (parameter,) if parameter else ()
    if at is not None:
        return worker.watch.look(conn, at, parameters=wanted)
    found: list[Seen] = []
    for network in worker.watch.networks.values():
        for one in network.parameters:
            if parameter not in ("", one.code):
                continue
            newest = newest_step(conn, network, one, desk.now, worker.watch.city.zone)
            if newest is not None:
                found += worker.watch.look(conn, newest, parameters=(one.code,), names=(network.name,))
    return found


def _judged_there(
    desk: Desk, conn: Connection, worker: Worker, parameter: str, at: int | None, codes: Collection[str]
) -> list[HotPlace]:
    """What is hot of these grids, where the job has not judged the hour."""
    if at is not None and parameter:
        found = worker.judged(conn, at, parameter, LEVELS_KEPT)
    else:
        found = worker.hot(conn, _seen(desk, conn, worker, parameter, at), levels=LEVELS_KEPT)
    return [one for one in found if one.code in codes]


def cell_map(
    desk: Desk, *, parameter: str, at: int | None = None, cell: int = 0, level: int = 0
) -> CellMap | None:
    """An hour as a map; None where the city does not measure the parameter at three places, or nothing is there.

    Args:
        parameter: code.
        at: the start of the step; the newest whole one where None.
        cell: metres of a side; the widest that is offered (`parameters`) where 0. A map that would have too many
            cells comes in wider ones: see ``CellMap.cell``.
        level: 2, 3 or 4 to give each cell what its grid shows, 0 for values of its own.
    """
    from backend.analysis.hotspots.ground import sizes
    from backend.analysis.hotspots.maps import draw

    with desk.store.read() as conn, Working(desk, conn) as worker:
        network = shown_network(worker, parameter)
        if network is None:
            return None
        one = next(row for row in network.parameters if row.code == parameter)
        start = newest_step(conn, network, one, desk.now, worker.watch.city.zone) if at is None else at
        seen = worker.watch.look(conn, start, parameters=(parameter,), names=(network.name,)) if start else []
        if not seen:
            return None
        bounds = class_bounds(desk, parameter, one.unit, seen[0].start)
        drawn = draw(worker, seen[0], level=level, side=cell or sizes(network.spacing)[0], bounds=bounds)
        return _as_map(desk, worker, seen[0], drawn, level)


def _as_map(desk: Desk, worker: Worker, seen: Seen, drawn: Drawn, level: int) -> CellMap:
    from backend.analysis.hotspots.rules import rules

    network, one, city = seen.network, seen.parameter, worker.watch.city
    west, south, east, north = drawn.box
    return CellMap(
        parameter=one.code,
        unit=one.unit,
        decimals=one.decimals,
        at=seen.start,
        period=network.step,
        cell=drawn.side,
        level=level,
        columns=drawn.columns,
        rows=drawn.rows,
        west=west,
        south=south,
        east=east,
        north=north,
        network=network.name,
        values=drawn.values,
        backgrounds=drawn.backgrounds,
        mask=drawn.mask,
        classes=drawn.classes,
        heats=drawn.heats,
        bounds=drawn.bounds,
        bounds_from="data" if drawn.from_data else "iaqi",
        counties=drawn.counties,
        county=drawn.county,
        grids=drawn.grids,
        grid=drawn.grid,
        stations=[_map_station(desk, city, told) for told in drawn.stations],
        method=str(rules()["between"]["method"]),
        error=drawn.error,
        background=drawn.background,
        reach=network.reach,
        notes=[
            *map_notes(desk, city, network, seen),
            *listed_not(desk, worker, [seen], level, 0 if level else drawn.side),
        ],
        names=[_called(desk, city, code) for code in drawn.grids],
    )


def _called(desk: Desk, city: City, code: str) -> list[str]:
    """The names of a grid and of those that it lies in, from its county down."""
    path = (city.grids[one] for one in reversed(city.path(code)) if one in city.grids)
    return [said(row, desk.language) for row in path if row.level > 1][-3:]


def _map_station(desk: Desk, city: City, told: tuple[int, int, int, float | None, int]) -> MapStation:
    row = city.stations[told[0]]
    return MapStation(row.code, said(row, desk.language), told[1], told[2], told[3], HEATS[told[4]])


def hot_hours(
    desk: Desk, code: str, *, parameter: str, at: int | None = None, days: int = 7, network: str = ""
) -> HotHours | None:
    """When a place is hot 热点时段, by hour of day and weekday, over the days up to an hour; None for an unknown place.

    Args:
        code: of a grid, of a cell (``<metres>:<column>:<row>``), or of a station.
        parameter: code.
        at: the start of the last hour looked at; the newest one where None.
        days: so many.
        network: whose stations say so (`HotGridRow.network`); a station's own, else the one that a map shows, where
            empty.
    """
    with desk.store.read() as conn, Working(desk, conn) as worker:
        stations = _hours_by(worker, parameter, code, network)
        if stations is None:
            return None
        one = next(row for row in stations.parameters if row.code == parameter)
        start = newest_step(conn, stations, one, desk.now, worker.watch.city.zone) if at is None else at
        return None if start is None else hot_hours_of(desk, conn, worker, stations, one, code, start, days)


def _hours_by(worker: Worker, parameter: str, code: str, name: str) -> Any:
    """The network whose stations tell when a place is hot."""
    networks = worker.watch.networks
    station = worker.watch.city.by_code.get(code)
    if not name and station is not None:
        name = next((key for key, one in networks.items() if station.id in one.column), "")
    named = networks.get(name)
    if named is not None and any(one.code == parameter for one in named.parameters):
        return named
    return shown_network(worker, parameter)


def under(desk: Desk, lon: float, lat: float, at: int | None = None, parameter: str = "") -> Under:
    """What lies under a place: grids, the nearest stations and sources, open tasks, what is hot there.

    Args:
        lon: degrees.
        lat: degrees.
        at: the hour of the stations' values and of what is hot; the newest where None.
        parameter: whose values the stations show (code).
    """
    with desk.store.read() as conn, Working(desk, conn) as worker:
        found = under_place(desk, conn, worker, lon, lat, at, parameter)
        codes = {code for _level, code, _name in found.path}
        # The worker's city is as new as any: a cursor that rests does not wait for another to be read.
        city = worker.watch.city
        hot = _kept(desk, conn, city, parameter, at, LEVELS_KEPT, codes) if codes else []
        if hot is None:
            hot = _as_rows(desk, conn, city, _judged_there(desk, conn, worker, parameter, at, codes))
        counts = _tasks(conn, codes) if hot else {}
    return replace(found, hot=[replace(row, tasks=counts.get(row.code, row.tasks)) for row in hot])
