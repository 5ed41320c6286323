"""Activity 活动证据: what is known of candidates besides the air: do they run, do their own instruments ring, what are
they allowed, what was found there before.

Nothing that ends after the instant in question is looked at: not a reading, not an alarm, not a finding.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from backend.alarms.tables import Alarm, Passage
from backend.analysis.field import starts_in
from backend.analysis.sources.candidates import Candidate
from backend.analysis.sources.numbers import raw
from backend.analysis.sources.reasons import Reason, reason
from backend.city.geometry import distance_km
from backend.city.registry import City, StationRow
from backend.city.tables import PowerPoint, StandingOrder
from backend.incidents.tables import Incident
from backend.standards.flags import Flag
from backend.store import table
from backend.store.reading_rows import all_of
from backend.store.tables import CountyHour
from backend.tasks.tables import Task

ALARM, COUNTY_HOUR, INCIDENT, ORDER = table(Alarm), table(CountyHour), table(Incident), table(StandingOrder)
PASSAGE, POINT, TASK = table(Passage), table(PowerPoint), table(Task)
HOUR, DAY = 3600, 86400
OWN = ("pm10", "pm25", "tsp")
FOUND_SOMETHING = ("rectified", "transfer_enforcement", "in_hand")
STOPPING = ("stop_work", "declared_stop", "stop")
Found = defaultdict[str, list[Reason]]


def activity(
    conn: Connection, city: City, candidates: Sequence[Candidate], parameter: str, start: int, end: int
) -> Mapping[str, Sequence[Reason]]:
    """Evidence about each candidate, by its code; nothing for those of which nothing is known.

    Args:
        parameter: what rose.
        start, end: the window; nothing later is looked at.
    """
    options = raw()["activity"]
    found: Found = defaultdict(list)
    by_code = {one.code: one for one in candidates}
    at: defaultdict[str, list[StationRow]] = defaultdict(list)
    for station in city.stations.values():
        if station.source in by_code:
            at[station.source].append(station)
    for one in candidates:
        weight = float(options.get(f"grade_{one.grade.lower()}", 0.0)) if one.grade else 0.0
        if weight:
            found[one.code].append(reason("grade", weight, grade=one.grade))
    running = _power(conn, city, by_code, options, start, end, found)
    _own_dust(conn, city, at, options, parameter, start, end, found)
    _alarms(conn, by_code, at, options, start, end, found)
    _orders(conn, by_code, options, end, running, found)
    _findings(conn, by_code, options, end, found)
    _traffic(conn, city, candidates, options, start, end, found)
    return found


def total(reasons: Iterable[Reason]) -> float:
    """How many times likelier all of them make a source, as a natural logarithm, within bounds."""
    most = _most()
    return max(-most, min(most, sum(one.weight for one in reasons)))


def bounded(reasons: Sequence[Reason]) -> list[Reason]:
    """Those, and a word where together they count for less than their product, so that a reader can do the sum."""
    if total(reasons) == sum(one.weight for one in reasons):
        return list(reasons)
    return [*reasons, reason("bounded", times=round(math.exp(_most())))]


def _most() -> float:
    return float(raw()["activity"]["most"])


def _power(
    conn: Connection,
    city: City,
    by_code: Mapping[str, Candidate],
    options: Mapping[str, Any],
    start: int,
    end: int,
    found: Found,
) -> dict[str, bool]:
    """Pairs of power meters: does production run, and treatment with it. Gives who runs."""
    produced, treated = city.parameter("power_prod"), city.parameter("power_treat")
    if produced is None:
        return {}
    points = _in(conn, select(POINT), POINT.c.source, by_code)
    carrying = {}
    for row in points:
        station = city.station(row.station or row.code)
        if station is not None:
            carrying[station.id] = row
    if not carrying:
        return {}
    wanted = [one.id for one in (produced, treated) if one is not None]
    sums: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for number, what, at, lasts, value in _readings(conn, list(carrying), wanted, start - HOUR, end):
        if at + lasts <= end and at + lasts > start - HOUR:
            sums[number, what].append(value)
    state: dict[str, bool] = {}
    for number, row in carrying.items():
        values = sums.get((number, produced.id))
        if not values:
            continue
        mean = sum(values) / len(values)
        rated = row.production_kw or max(values)
        runs = mean > options["on_share"] * rated if rated else mean > 0
        state[row.source] = state.get(row.source, False) or runs
        if runs:
            found[row.source].append(reason("running", options["running"], kw=round(mean), point=row.code))
            other = sums.get((number, treated.id), []) if treated is not None else []
            full = row.treatment_kw
            if other and full and sum(other) / len(other) < options["on_share"] * full:
                weight = options["treatment_off"]
                found[row.source].append(reason("treatment_off", weight, point=row.code))
    for code, runs in state.items():
        if not runs:
            found[code].append(reason("stopped", options["stopped"]))
    return state


def _own_dust(
    conn: Connection,
    city: City,
    at: Mapping[str, Sequence[StationRow]],
    options: Mapping[str, Any],
    parameter: str,
    start: int,
    end: int,
    found: Found,
) -> None:
    """The source's own dust instrument against its county's mean, where particles rose."""
    pm10 = city.parameter("pm10")
    if pm10 is None or parameter not in OWN:
        return
    own = {one.id: (code, one) for code, several in at.items() for one in several if one.kind == "site_dust"}
    if not own:
        return
    values: defaultdict[int, list[float]] = defaultdict(list)
    for station, _what, at_, lasts, value in _readings(conn, list(own), [pm10.id], start - HOUR, end):
        if at_ + lasts <= end:
            values[station].append(value)
    means = _county_means(conn, pm10.id, start, end)
    for number, several in values.items():
        code, station_row = own[number]
        background = means.get(station_row.county)
        if background is None:
            continue
        above = max(several) - background
        if above >= options["own_high_value"]:
            found[code].append(
                reason("own_high", options["own_high"], value=round(above), station=station_row.code)
            )
        elif above <= options["own_low_value"]:
            found[code].append(
                reason("own_low", options["own_low"], value=round(above), station=station_row.code)
            )


def _county_means(conn: Connection, parameter: int, start: int, end: int) -> dict[str, float]:
    kinds = ("air", "township_air")
    rows = conn.execute(
        select(COUNTY_HOUR.c.county, func.sum(COUNTY_HOUR.c.total), func.sum(COUNTY_HOUR.c.count))
        .where(
            COUNTY_HOUR.c.start >= start - HOUR, COUNTY_HOUR.c.start + HOUR <= end,
            COUNTY_HOUR.c.parameter == parameter, COUNTY_HOUR.c.kind.in_(kinds),
        )
        .group_by(COUNTY_HOUR.c.county)
    )  # fmt: skip
    return {county: summed / count for county, summed, count in rows if count}


def _alarms(
    conn: Connection,
    by_code: Mapping[str, Candidate],
    at: Mapping[str, Sequence[StationRow]],
    options: Mapping[str, Any],
    start: int,
    end: int,
    found: Found,
) -> None:
    """Alarms that rang in the window at the source itself."""
    of_station = {one.id: code for code, several in at.items() for one in several}
    told: set[tuple[str, str]] = set()
    when = and_(ALARM.c.presented < end, or_(ALARM.c.cleared.is_(None), ALARM.c.cleared > start))
    query = select(ALARM.c.rule, ALARM.c.station, ALARM.c.source).where(when)
    for row in conn.execute(query):
        code = row.source if row.source in by_code else of_station.get(row.station, "")
        if code and (code, row.rule) not in told:
            told.add((code, row.rule))
            weight = options["alarm"] if sum(one == code for one, _ in told) == 1 else 0.0
            found[code].append(reason("alarm", weight, rule=row.rule))


def _orders(
    conn: Connection,
    by_code: Mapping[str, Candidate],
    options: Mapping[str, Any],
    end: int,
    running: Mapping[str, bool],
    found: Found,
) -> None:
    """Orders that hold for the source: kept ones make it less likely, broken ones more."""
    held = and_(
        ORDER.c.starts < end, or_(ORDER.c.ends.is_(None), ORDER.c.ends > end), ORDER.c.scope_kind == "source"
    )
    for row in conn.execute(select(ORDER).where(held, ORDER.c.withdrawn.is_(None))):
        for code in filter(None, row.scope.split("|")):
            if code not in by_code:
                continue
            stops = any(word in row.kind for word in STOPPING)
            runs = running.get(code)
            weight = 0.0 if not stops else options["order_broken"] if runs else options["order_kept"]
            name = "order_broken" if stops and runs else "order"
            found[code].append(reason(name, weight, title=row.title, order=row.code))


def _findings(
    conn: Connection, by_code: Mapping[str, Candidate], options: Mapping[str, Any], end: int, found: Found
) -> None:
    """What verified tasks found at the source before."""
    since = end - options["found_days"] * DAY
    query = (
        select(INCIDENT.c.source, TASK.c.result, func.count(), func.max(TASK.c.closed))
        .join(TASK, TASK.c.incident == INCIDENT.c.id)
        .where(TASK.c.closed >= since, TASK.c.closed < end, TASK.c.state == "CLOSED")
        .group_by(INCIDENT.c.source, TASK.c.result)
    )
    for row in _in(conn, query, INCIDENT.c.source, by_code):
        code, result, count, _newest = row
        if result in FOUND_SOMETHING:
            weight = min(options["found_most"], options["found_once"] * count)
            found[code].append(reason("found", weight, count=count))
        elif result == "no_problem":
            found[code].append(reason("found_nothing", options["found_nothing"], count=count))


def _traffic(
    conn: Connection,
    city: City,
    candidates: Sequence[Candidate],
    options: Mapping[str, Any],
    start: int,
    end: int,
    found: Found,
) -> None:
    """Vehicles that passed a remote-sensing set beside a road."""
    roads = [one for one in candidates if one.kind == "road"]
    sets = [one for one in city.stations.values() if one.kind == "remote_sensing" and one.lon is not None]
    if not roads or not sets:
        return
    query = select(PASSAGE.c.station, func.count()).where(PASSAGE.c.at >= start, PASSAGE.c.at < end)
    counts = {row[0]: row[1] for row in conn.execute(query.group_by(PASSAGE.c.station))}
    hours = max(1.0, (end - start) / HOUR)
    for road in roads:
        for one in sets:
            if one.lon is None or one.lat is None or counts.get(one.id, 0) / hours < options["busy_vehicles"]:
                continue
            if distance_km(road.lon, road.lat, one.lon, one.lat) * 1000 <= options["near_metres"]:
                count = round(counts[one.id] / hours)
                found[road.code].append(reason("traffic", options["traffic"], count=count, station=one.code))
                break


def _readings(
    conn: Connection, stations: Sequence[int], parameters: Sequence[int], since: int, until: int
) -> Iterable[tuple[int, int, int, int, float]]:
    """Station, parameter, start, period and value of good readings of a few stations: a seek for each."""
    starts = ", ".join(f"{at:d}" for at in starts_in(conn, since, until))
    wanted = ", ".join(f"{number:d}" for number in parameters)
    for first in range(0, len(stations) if starts else 0, 400):
        some = ", ".join(f"{number:d}" for number in sorted(stations[first : first + 400]))
        yield from all_of(
            conn,
            f"SELECT station, parameter, start, period, value FROM reading WHERE start IN ({starts}) "
            f"AND station IN ({some}) AND parameter IN ({wanted}) AND flag = {int(Flag.GOOD)} "
            f"AND value IS NOT NULL AND start + period <= {until:d}",
        )


def _in(conn: Connection, query: Any, column: Any, codes: Iterable[str]) -> Iterable[Any]:
    every = sorted(codes)
    for first in range(0, len(every), 400):
        yield from conn.execute(query.where(column.in_(every[first : first + 400])))
