"""Vehicles that pass a remote-sensing set 机动车遥感监测: two exceedances running make one alarm for the plate.

What passes is kept as it was measured. A vehicle does not comply when the same pollutant is above its limit in so many
passages in a row, none further back than so many calendar months (HJ 845-2017); one clean passage ends it.
"""

from __future__ import annotations

import calendar
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.alarms.evaluation import Findings, finish
from backend.alarms.machine import Signal, State
from backend.alarms.rule_kinds import VehicleRule
from backend.alarms.rules import Rules, rules_at
from backend.alarms.standing import Register, Standing
from backend.alarms.tables import Passage as PassageRow
from backend.city.registry import City, StationRow
from backend.city.tables import Vehicle
from backend.feeds.record import Passage, plate_of
from backend.store import insert_ignore, table
from backend.text import clean

PASSAGE, VEHICLE = table(PassageRow), table(Vehicle)
MEASURED = ("no_ppm", "opacity")
PART = 400
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Late:
    """A vehicle whose exceedances came to light too late to ring."""

    plate: str
    station: int
    """The set that saw it last."""
    at: int


@dataclass(slots=True)
class Taken:
    """What became of passages."""

    received: int = 0
    written: int = 0
    same: int = 0
    """Known already."""
    unplaced: list[str] = field(default_factory=list)
    """Names of sets that nobody knows; their passages are not kept."""
    findings: Findings = field(default_factory=Findings)
    late: list[Late] = field(default_factory=list)
    """Who exceeded twice running too long ago to ring, each plate once."""


def months_back(at: int, months: int, zone: ZoneInfo) -> int:
    """The instant so many calendar months before; the month's last day where it has no such day."""
    local = datetime.fromtimestamp(at, zone)
    count = local.year * 12 + local.month - 1 - months
    year, month = divmod(count, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return int(local.replace(year=year, month=month + 1, day=day).timestamp())


def take(
    conn: Connection,
    city: City,
    passages: Sequence[Passage],
    now: int,
    *,
    feed: str = "",
    rules: Rules | None = None,
) -> Taken:
    """Keep passages, and raise and clear the alarms of their vehicles; the same passages again change nothing."""
    rules = rules if rules is not None else rules_at(conn, now)
    taken = Taken(received=len(passages))
    rows = []
    for one in passages:
        station, plate = city.station(one.station), plate_of(one.plate)
        if station is None or not plate:
            taken.unplaced.append(clean(one.station if station is None else one.plate, limit=40))
            continue
        rows.append(
            {
                "plate": plate, "at": one.at, "station": station.id, "no_ppm": one.no_ppm, "opacity": one.opacity,
                "valid": one.valid, "fuel": clean(one.fuel, limit=20), "feed": feed,
            }
        )  # fmt: skip
    new = _unknown(conn, rows)
    taken.written, taken.same = len(new), len(rows) - len(new)
    if new:
        insert_ignore(conn, PASSAGE, new)
        came = {(row["plate"], row["at"], row["station"]) for row in new}
        taken.findings, taken.late = _judge(conn, city, rules, came, now)
    return taken


def _unknown(conn: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    plates = sorted({row["plate"] for row in rows})
    known: set[tuple[str, int, int]] = set()
    for first in range(0, len(plates), PART):
        query = select(PASSAGE.c.plate, PASSAGE.c.at, PASSAGE.c.station)
        part = conn.execute(query.where(PASSAGE.c.plate.in_(plates[first : first + PART])))
        known.update((plate, at, station) for plate, at, station in part)
    found: dict[tuple[str, int, int], dict[str, Any]] = {}
    for row in rows:
        key = (row["plate"], row["at"], row["station"])
        if key not in known:
            found.setdefault(key, row)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Seen:
    """The passages of one plate, oldest first, and what the register says of it."""

    plate: str
    passages: Sequence[Any]
    fuel: str
    source: str


def _judge(
    conn: Connection, city: City, rules: Rules, came: Collection[tuple[str, int, int]], now: int
) -> tuple[Findings, list[Late]]:
    plates = sorted({plate for plate, _, _ in came})
    on = rules.on(datetime.fromtimestamp(now, city.zone).date())
    keys = [_key(rule, plate, code) for rule in on.vehicles for plate in plates for code in rule.above]
    register = Register.of_keys(conn, keys, now)
    late: dict[str, Late] = {}
    for seen in _histories(
        conn, plates, min((_oldest(rule, now, city) for rule in on.vehicles), default=now)
    ):
        for rule in on.vehicles:
            for code, limit in rule.above.items():
                run = _look(register, city, rules, rule, seen, code, limit)
                # A further line of the past tells nothing new of exceedances that were known before it.
                if any((seen.plate, row.at, row.station) in came for row in run):
                    late[seen.plate] = Late(seen.plate, run[-1].station, run[-1].at)
    return finish(conn, register, rules), list(late.values())


def _oldest(rule: VehicleRule, now: int, city: City) -> int:
    # A file may bring what passed some time ago: as far again, so that its own months are whole.
    return months_back(now, 2 * rule.months, city.zone)


def _key(rule: VehicleRule, plate: str, code: str) -> str:
    return f"{rule.code}|{plate}|{code}"


def _histories(conn: Connection, plates: Sequence[str], since: int) -> Iterable[_Seen]:
    for first in range(0, len(plates), PART):
        part = plates[first : first + PART]
        vehicles = {
            row.plate: row
            for row in conn.execute(
                select(VEHICLE.c.plate, VEHICLE.c.fuel, VEHICLE.c.source).where(VEHICLE.c.plate.in_(part))
            )
        }
        passed: defaultdict[str, list[Any]] = defaultdict(list)
        query = select(PASSAGE).where(PASSAGE.c.plate.in_(part), PASSAGE.c.at >= since)
        for row in conn.execute(query.order_by(PASSAGE.c.plate, PASSAGE.c.at, PASSAGE.c.station)):
            passed[row.plate].append(row)
        for plate in part:
            vehicle, several = vehicles.get(plate), passed[plate]
            told = next((row.fuel for row in reversed(several) if row.fuel), "")
            fuel = vehicle.fuel if vehicle is not None and vehicle.fuel else told
            yield _Seen(plate, several, fuel, vehicle.source if vehicle is not None else "")


def _look(
    register: Register, city: City, rules: Rules, rule: VehicleRule, seen: _Seen, code: str, limit: float
) -> Sequence[Any]:
    """Raise, follow or clear one alarm; returns the exceedances that would have rung had they come in time."""
    if seen.fuel and rule.fuels and seen.fuel.lower() not in rule.fuels:
        return ()
    several = [row for row in seen.passages if row.valid and getattr(row, code) is not None]
    if not several:
        return ()
    newest = several[-1]
    alarm = register.by_key.get(_key(rule, seen.plate, code))
    if getattr(newest, code) <= limit:
        if alarm is not None and alarm.active and newest.at > alarm.last:
            register.move(alarm, Signal.CLEAR)
        return ()
    since = months_back(newest.at, rule.months, city.zone)
    run = several[-rule.consecutive :]
    running = len(run) == rule.consecutive and all(
        row.at >= since and getattr(row, code) > limit for row in run
    )
    if not running:
        return ()
    if register.now - newest.at > rules.recent["day"]:
        # What is handed over days later is history: it is told in one line with the others, and rings nobody.
        return () if alarm is not None and alarm.active else run
    if alarm is None or alarm.state is State.NORM:
        station = city.stations[newest.station]
        register.add(_alarm(register, city, rules, rule, seen, code, limit, run, station), suppressed=False)
        return ()
    if not alarm.active:
        register.move(alarm, Signal.RAISE)
    register.follow(alarm, newest.at, getattr(newest, code), alarm.priority)
    return ()


def _alarm(
    register: Register,
    city: City,
    rules: Rules,
    rule: VehicleRule,
    seen: _Seen,
    code: str,
    limit: float,
    run: Sequence[Any],
    station: StationRow,
) -> Standing:
    newest = run[-1]
    parameter = city.parameter(code)
    value: float = getattr(newest, code)
    evidence: Mapping[str, Any] = {
        "type": rule.incident_for(station.kind),
        "source": rule.source,
        "plate": seen.plate,
        "fuel": seen.fuel,
        "ratio": round(value / limit, 3) if limit else 0.0,
        "values": [[row.at, getattr(row, code)] for row in run],
        "sets": [city.stations[row.station].code for row in run if row.station in city.stations],
    }
    return Standing(
        key=_key(rule, seen.plate, code),
        rule=rule.code,
        rule_version=rules.version,
        state=State.NORM,
        priority=rule.priority or rules.priority(value / limit if limit else 1.0),
        began=run[0].at,
        presented=register.now,
        last=newest.at,
        station=station.id,
        parameter=None if parameter is None else parameter.id,
        period=HOUR,
        source=seen.source,
        grid=station.grid,
        county=station.county,
        township=station.township,
        value=value,
        peak=max(getattr(row, code) for row in run),
        threshold=limit,
        # A plate of which nobody knows the fuel may be held against the wrong limit.
        suspect=not seen.fuel,
        subject=seen.plate,
        evidence=json.dumps(evidence, ensure_ascii=False),
    )
