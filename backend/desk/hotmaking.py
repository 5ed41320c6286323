"""The worker behind the desk's questions about hot grids, and the rows that its answers become."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from backend.analysis.hotspots import place
from backend.analysis.hotspots.place import HotPlace, Witness
from backend.city.called import said
from backend.city.registry import City, ParameterRow
from backend.clock import begun
from backend.desk.desk import Desk
from backend.desk.hotspotrows import HEATS, HotGridRow, SeenBy
from backend.standards import aqi
from backend.store import table
from backend.store.tables import Latest
from backend.words import Message, entry

if TYPE_CHECKING:
    from backend.analysis.hotspots.seen import Seen
    from backend.analysis.hotspots.work import Worker

LATEST = table(Latest)
_IAQI = (50, 100, 150, 200, 300)
_turn = threading.Lock()
_workers: dict[str, tuple[tuple[object, ...], Worker, int]] = {}


class Working:
    """The worker of a desk's store for the length of a question: one question at a time, since it remembers."""

    def __init__(self, desk: Desk, conn: Connection) -> None:
        self._desk, self._conn = desk, conn

    def __enter__(self) -> Worker:
        from backend.analysis.hotspots.look import Watch
        from backend.analysis.hotspots.work import Worker

        _turn.acquire()
        try:
            store = self._desk.store
            version = store.version()
            key = _pack(self._conn)
            held = _workers.get(store.url)
            if held is None or held[0] != key:
                worker = Worker(Watch.of(self._conn, City.read(self._conn)))
            else:
                worker = held[1]
                if held[2] != version:
                    worker.recheck(self._conn)
            if len(_workers) > 4:
                _workers.clear()
            _workers[store.url] = (key, worker, version)
        except BaseException:
            _turn.release()
            raise
        return worker

    def __exit__(self, *_gone: object) -> None:
        _turn.release()


def _pack(conn: Connection) -> tuple[object, ...]:
    """What differs when the city was loaded again, or a feed brought a station."""
    from backend.city.tables import CityFact, Station

    fact, station = table(CityFact), table(Station)
    facts = conn.execute(select(fact.c.value).where(fact.c.key.in_(("pack", "loaded")))).scalars()
    return (*sorted(facts), conn.execute(select(func.count()).select_from(station)).scalar_one())


def maps_first(networks: Iterable[Any]) -> list[Any]:
    """Networks in the order in which a map prefers them: ``air``, then those with most parameters and stations."""
    return sorted(networks, key=lambda one: (one.name != "air", -len(one.parameters), -len(one.stations)))


def shown_network(worker: Worker, parameter: str) -> Any:
    """The network that a map of a parameter shows: the first that measures it at three places or more."""
    for network in maps_first(worker.watch.networks.values()):
        if len(network.stations) > 2 and any(one.code == parameter for one in network.parameters):
            return network
    return next(iter(maps_first(worker.watch.networks.values())), None) if not parameter else None


def newest_step(conn: Connection, network: Any, one: ParameterRow, now: int, zone: tzinfo) -> int | None:
    """The start of the newest whole step that most of the stations awake have a value of, or any where it has been over
    for a while: before the others have come an hour would be a map of nothing.
    """
    from backend.analysis.hotspots.rules import rules

    query = select(LATEST.c.start + LATEST.c.period).where(
        LATEST.c.parameter == one.id, LATEST.c.station.in_([row.id for row in network.stations])
    )
    ends = sorted((min(int(end), now) for end in conn.execute(query).scalars()), reverse=True)
    if not ends:
        return None
    step = int(network.step)
    if now - begun(ends[0], step, zone) >= rules()["work"]["wait"] * step:
        end = ends[0]
    else:
        awake = [each for each in ends if each > ends[0] - 86400]
        end = awake[(len(awake) - 1) // 2]
    return begun(end, step, zone) - step


def order(row: HotGridRow) -> tuple[int, int, str, str]:
    """The hottest first."""
    return -HEATS.index(row.heat), row.rank or 1 << 30, row.parameter, row.code


def of_place(desk: Desk, city: City, one: HotPlace) -> HotGridRow:
    """The row of a place that stands out."""
    grid, county = city.grids.get(one.grid), city.grids.get(one.county)
    parameter = city.parameters[one.parameter]
    told = {item.name: getattr(one, item.name) for item in fields(place.Judged)}
    # What has no unit, such as an index, is told by its name: 155 AQI above its surroundings.
    unit = parameter.unit or said(parameter, desk.language)
    told["reasons"] = [_named(desk, city, message, unit) for message in one.reasons]
    told["against"] = [_named(desk, city, message, unit) for message in one.against]
    return HotGridRow(
        code=one.code,
        name=said(grid, desk.language) if grid else "",
        level=one.level,
        cell=one.cell,
        county=one.county,
        county_name=said(county, desk.language) if county else "",
        township=grid.township if grid else "",
        lon=one.lon,
        lat=one.lat,
        at=one.start,
        period=one.step,
        parameter=parameter.code,
        unit=parameter.unit,
        decimals=parameter.decimals,
        network=one.network,
        hours=round(one.steps * one.step / 3600, 2),
        since=one.since,
        stations=[_seen_by(desk, city, witness) for witness in one.stations],
        **told,
    )


def _seen_by(desk: Desk, city: City, told: Witness) -> SeenBy:
    row = city.stations.get(told.station)
    return SeenBy(
        row.code if row else str(told.station),
        said(row, desk.language) if row else "",
        row.kind if row else "",
        told.metres,
        bool(told.inside),
        told.value,
        told.increment,
        told.z,
    )


def _named(desk: Desk, city: City, message: Message, unit: str = "") -> Message:
    """A message with stations and parameters called by their names, and with the unit that a value without one has."""
    args = dict(message.args)
    if unit and args.get("unit") == "":
        args["unit"] = unit
    station = city.by_code.get(str(args["station"])) if "station" in args else None
    if station is not None:
        args["station"] = said(station, desk.language)
    if "parameter" in args:
        codes = str(args["parameter"]).split()
        args["parameter"] = "、 "[desk.language == "en" :][0].join(_short(desk, city, code) for code in codes)
    return replace(message, args=args)


def _short(desk: Desk, city: City, code: str) -> str:
    row = city.parameter(code)
    return entry(f"parameter.{code}", desk.language) or (said(row, desk.language) if row else code)


def class_bounds(desk: Desk, parameter: str, unit: str, at: int) -> tuple[float, ...]:
    """The upper ends of the hourly IAQI levels 1 to 5 in the parameter's unit; empty where it has none."""
    day = datetime.fromtimestamp(at, UTC).astimezone(desk.zone).date()
    edition = aqi.edition_for(day).name
    reads = {key: name for item in aqi.items(edition, "realtime") for key, name in item.reads}
    if parameter not in reads:
        return ()
    points = aqi.breakpoints(edition, reads[parameter])
    if points.unit != unit:
        return ()
    scale = 10.0**points.decimals
    told: Mapping[int, float] = {index: steps / scale for index, steps in points.points}
    return tuple(told.get(index, float("inf")) for index in _IAQI)


def network_notes(desk: Desk, city: City, network: Any) -> list[Message]:
    """What was left out of a network, and why."""
    found = [Message("hotspots.note.misplaced", {"station": code}) for code in network.misplaced.outside]
    found += [
        Message("hotspots.note.far", {"station": code, "metres": metres})
        for code, metres in network.misplaced.far
    ]
    if network.misplaced.shifted:
        found.append(Message(f"hotspots.note.{network.misplaced.shifted}"))
    return [_named(desk, city, message) for message in found]


def listed_not(desk: Desk, worker: Worker, seen: Iterable[Seen], level: int, side: int) -> list[Message]:
    """What lies high above the background and is in no row, and why, by parameter."""
    from backend.analysis.hotspots.verdict import unlisted

    told = (unlisted(one, worker.places(one.network, level, side)) for one in seen)
    return [_named(desk, worker.watch.city, message) for message in told if message is not None]


def map_notes(desk: Desk, city: City, network: Any, seen: Seen) -> list[Message]:
    """What was left out, and what makes a map less sure."""
    silent = len(network.stations) - int(seen.there.sum())
    found = network_notes(desk, city, network)
    if silent:
        found.append(Message("hotspots.note.silent", {"count": silent, "of": len(network.stations)}))
    return found
