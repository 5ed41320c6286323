"""Data quality 数据质量: what waits for a person, one span in detail, what was decided. The one door of the subject.

The acts are in `backend.desk.qualityacts`, the board's rows in `backend.desk.qualityrows`, a span in
`backend.desk.qualityspan`, the rates in `backend.desk.qualityrates`, what can still become valid in
`backend.desk.qualitystanding`; all are handed on from here.
"""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend.city.called import said
from backend.city.registry import City
from backend.city.tables import Parameter, Station
from backend.desk import alarms
from backend.desk.alarms import AlarmRow, Face, grid_faces
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.qualityacts import judge, order
from backend.desk.qualityrates import RateRow, rates
from backend.desk.qualityrows import (
    INVALID,
    WAITING,
    SpanRow,
    count,
    objections,
    refusals,
    spans,
    stations_of,
)
from backend.desk.qualityspan import On, SpanKey, built_on, readings_of
from backend.desk.qualitystanding import StandingRow, standings
from backend.desk.station import Point, Series
from backend.quality.marking import BAD, GOOD, OPEN
from backend.quality.reasons import by_hand
from backend.quality.review import causes, review
from backend.quality.tables import QualityFinding, QualityVerdict
from backend.standards.flags import Flag
from backend.store import table
from backend.store.readings import exactly
from backend.tasks.rows import TASK
from backend.words import Message

__all__ = [
    "BAD",
    "GOOD",
    "INVALID",
    "OPEN",
    "WAITING",
    "Detail",
    "RateRow",
    "SpanKey",
    "SpanRow",
    "StandingRow",
    "ValueLine",
    "VerdictRow",
    "causes",
    "count",
    "decided",
    "faces",
    "judge",
    "order",
    "page",
    "rates",
    "spans",
    "standings",
]

FINDING, VERDICT = table(QualityFinding), table(QualityVerdict)
PARAMETER, STATION = table(Parameter), table(Station)
DAY = 86400


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What a person decided."""

    id: int
    at: int
    key: SpanKey
    station: str
    name: str
    parameter: str
    verdict: str
    """``bad``, ``good`` or ``open``."""
    cause: str
    note: str
    actor: str
    actor_name: str
    since: int
    until: int
    count: int
    alarms: int
    incidents: int
    tasks: int
    finding: int
    refusals: Mapping[str, Message]


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A reading of a span."""

    start: int
    value: float | None
    qualifier: str
    flag: int
    reason: str
    revision: int
    beside: float | None
    """The neighbours' median of the same period."""


@dataclass(frozen=True, slots=True)
class HotOn:
    """A hot grid that rests on a span's values."""

    at: int
    """The start of its hour."""
    code: str
    name: str
    heat: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One span, with what stands for it and against it."""

    row: SpanRow
    series: Series
    values: Sequence[ValueLine]
    """The span's readings, oldest first."""
    peers: int
    alarms: Sequence[AlarmRow]
    tasks: Sequence[tuple[str, str, bool]]
    """Code, state and whether it is marked 存疑."""
    hot: Sequence[HotOn]
    """Hot grids that the station is a witness of, the newest first."""
    verdicts: Sequence[VerdictRow]
    """What was decided about any of these values, newest first."""
    faces: Sequence[Face]


def page(desk: Desk, raw: str) -> Detail | None:
    """A span by its key; None where there is nothing of the kind in the jurisdiction."""
    key = SpanKey.read(raw)
    if key is None:
        return None
    with desk.store.read() as connection:
        stations = stations_of(connection, desk)
        station = stations.get(key.station)
        what = connection.execute(select(PARAMETER).where(PARAMETER.c.id == key.parameter)).one_or_none()
        if station is None or what is None or key.period <= 0:
            return None
        city = City.read(connection)
        peers = city.peers(key.station)
        series = _series(connection, key, what.code, peers, desk.now)
        rows = readings_of(connection, key)
        on = built_on(connection, [key])
        finding = connection.execute(select(FINDING).where(FINDING.c.id == key.finding)).one_or_none()
        told = alarms.of(connection, desk, alarms.ALARM.c.id.in_(on.alarms[:50]))
        verdicts = _verdicts(
            connection,
            desk,
            VERDICT.c.station == key.station,
            VERDICT.c.parameter == key.parameter,
            VERDICT.c.period == key.period,
            VERDICT.c.since < key.until,
            VERDICT.c.until > key.since,
        )
        tasks = connection.execute(
            select(TASK.c.id, TASK.c.state, TASK.c.suspect_data).where(TASK.c.id.in_(on.tasks[:50]))
        ).all()
        hot = _hot(desk, connection, city, key)
        grids = grid_faces(connection, desk, (station.grid, station.township, station.county))
    values = [
        ValueLine(row.start, row.value, row.qualifier, row.flag, row.reason, row.revision, series.peers.get(row.start))
        for row in rows
    ]  # fmt: skip
    return Detail(
        row=_row(desk, key, station, what, values, on, finding),
        series=series,
        values=values,
        peers=len(peers),
        alarms=told,
        tasks=[(row.id, row.state, bool(row.suspect_data)) for row in tasks],
        hot=hot,
        verdicts=verdicts,
        faces=[
            Face("station", station.code, station.called),
            *(Face("alarm", str(row.id), row.rule) for row in told[:5]),
            *(Face("task", row.id, row.id) for row in tasks),
            *grids,
        ],
    )


def _hot(desk: Desk, connection: Connection, city: City, key: SpanKey) -> list[HotOn]:
    from backend.analysis.hotspots.rested import rest_on

    found = rest_on(connection, key.station, key.parameter, key.since, key.until)
    return [
        HotOn(one.at, one.grid, said(city.grids[one.grid], desk.language), one.heat)
        for one in found
        if one.grid in city.grids
    ]


def _row(
    desk: Desk, key: SpanKey, station: Any, what: Any, values: Sequence[ValueLine], on: On, finding: Any
) -> SpanRow:
    measured = [line.value for line in values if line.value is not None]
    flagged = [line for line in values if line.flag in (Flag.SUSPECT, Flag.FAIL)]
    worst = max((line.flag for line in flagged), default=int(Flag.GOOD))
    hand = any(by_hand(line.reason) is not None for line in values)
    told = {} if finding is None else json.loads(finding.evidence)
    extreme = max(
        (line for line in values if line.value is not None and line.beside is not None),
        key=lambda line: abs((line.value or 0) - (line.beside or 0)),
        default=None,
    )
    codes = sorted({code for line in flagged for code in objections(line.reason).split()})
    return SpanRow(
        key=key,
        station=station.code,
        name=station.called,
        kind=station.kind,
        county=station.county,
        township=station.township,
        parameter=what.code,
        unit=what.unit,
        decimals=what.decimals,
        period=key.period,
        since=key.since,
        until=key.until,
        count=len(values),
        flag=int(Flag.SUSPECT) if finding is not None and finding.state == "open" else worst,
        reason=" ".join(codes) if finding is None else finding.kind,
        value=extreme.value if extreme is not None else max(measured, default=None),
        low=min(measured, default=None),
        high=max(measured, default=None),
        beside=None if extreme is None else extreme.beside,
        alarms=len(on.alarms),
        incidents=len(on.incidents),
        tasks=len(on.tasks),
        grid=station.grid or station.county,
        made_up=station.made_up,
        found=told,
        task="" if finding is None else finding.task,
        refusals=refusals(desk, worst, decided=hand),
    )


def _series(connection: Connection, key: SpanKey, code: str, peers: Sequence[int], now: int) -> Series:
    """The span with some periods around it, and the neighbours' medians."""
    look = review()["look"]
    period = key.period
    until = min(key.until + look["around"] * period, now - (now - key.since) % period)
    since = max(key.since - look["around"] * period, until - look["most"] * period)
    starts = range(since, until, period)
    own: list[Point] = []
    others: defaultdict[int, list[float]] = defaultdict(list)
    who = [key.station, *peers]
    for station in who:
        for row in exactly(connection, [(at, station, key.parameter, period) for at in starts]):
            if station == key.station:
                own.append(Point(row[0], row[4], row[6]))
            elif row[6] == Flag.GOOD and row[4] is not None:
                others[row[0]].append(row[4])
    medians = {start: statistics.median(values) for start, values in others.items()}
    return Series(code, period, sorted(own), medians, since, max(until, since + period))


def decided(desk: Desk, *, days: int | None = None) -> list[VerdictRow]:
    """What people decided in the jurisdiction, the newest first."""
    since = desk.now - (30 if days is None else days) * DAY
    with desk.store.read() as connection:
        return _verdicts(connection, desk, VERDICT.c.at >= since)


def _verdicts(connection: Connection, desk: Desk, *conditions: Any) -> list[VerdictRow]:
    stations = stations_of(connection, desk)
    parameters = {row.id: row.code for row in connection.execute(select(PARAMETER.c.id, PARAMETER.c.code))}
    rows = connection.execute(
        select(VERDICT).where(*conditions).order_by(VERDICT.c.id.desc()).limit(2000)
    ).all()
    who = names(connection, [row.actor for row in rows], desk.language)
    return [
        VerdictRow(
            id=row.id,
            at=row.at,
            key=SpanKey(row.station, row.parameter, row.period, row.since, row.until),
            station=stations[row.station].code,
            name=stations[row.station].called,
            parameter=parameters.get(row.parameter, ""),
            verdict=row.verdict,
            cause=row.cause,
            note=row.note,
            actor=row.actor,
            actor_name=who.get(row.actor, row.actor),
            since=row.since,
            until=row.until,
            count=row._mapping["count"],
            alarms=row.alarms,
            incidents=row.incidents,
            tasks=row.tasks,
            finding=row.finding or 0,
            refusals=refusals(desk, int(Flag.SUSPECT), decided=row.verdict != OPEN),
        )
        for row in rows
        if row.station in stations
    ]


def faces(desk: Desk, raw: str) -> Sequence[Face]:
    """Where one can go from a span: its station, the alarms and tasks built on it, its grids."""
    found = page(desk, raw)
    return () if found is None else found.faces
