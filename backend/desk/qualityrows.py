"""Flagged values as spans 数据质量: neighbouring periods of one series that carry the same flag for the same reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from backend.access.rights import by_role
from backend.alarms.tables import Alarm
from backend.city.called import called
from backend.city.kept import kept
from backend.city.tables import Parameter, Station
from backend.desk.desk import Desk
from backend.desk.qualityspan import Built, SpanKey
from backend.desk.scope import grid_names, scope_of
from backend.quality.reasons import FLAGS, by_hand
from backend.quality.review import review
from backend.quality.tables import QualityFinding
from backend.standards.flags import Flag
from backend.store import table
from backend.store.reading_rows import all_of
from backend.store.tables import FLAGGED, CountyHour
from backend.words import Message

ALARM, COUNTY_HOUR, FINDING = table(Alarm), table(CountyHour), table(QualityFinding)
PARAMETER, STATION = table(Parameter), table(Station)
DAY, HOUR = 86400, 3600
REVIEW, OVERRULE = "quality.review", "quality.overrule"
WAITING, INVALID = "waiting", "invalid"
MISSING = "missing"
"""The cause of a period in which nothing came."""
BREAK = 2
"""So many periods may lie between two values of one span: a gap does not make two questions of one."""


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A line of the review board."""

    key: SpanKey
    station: str
    name: str
    kind: str
    county: str
    township: str
    parameter: str
    unit: str
    decimals: int
    period: int
    since: int
    until: int
    """The end of the last period."""
    count: int
    flag: int
    """SUSPECT or FAIL; of a finding, SUSPECT."""
    reason: str
    """Codes, separated by spaces."""
    value: float | None
    """The one furthest from the county's mean, else the largest."""
    low: float | None
    high: float | None
    beside: float | None
    """The mean of its kind in the county in that hour; of a finding, the neighbours'."""
    alarms: int
    incidents: int
    tasks: int
    """What was built on these values."""
    grid: str
    made_up: bool
    found: Mapping[str, Any] = field(default_factory=dict)
    """The numbers of a finding."""
    task: str = ""
    """The work order made of a finding."""
    refusals: Mapping[str, Message] = field(default_factory=dict)
    """By act of the table of actions: why this person may not."""


@dataclass(slots=True)
class _Run:
    """A span in the making."""

    key: tuple[int, int, int]
    flag: int
    reason: str
    starts: list[int]
    values: list[float | None]


def spans(
    desk: Desk, only: str = WAITING, *, at: int | None = None, days: int | None = None
) -> list[SpanRow]:
    """The flagged spans of the jurisdiction that nobody has decided about, the newest first.

    Args:
        only: ``waiting``: suspect values and findings, which are for a person to judge; ``invalid``: what the checks
            and the instruments themselves exclude, which a supervisor can overrule.
        at: the instant up to which is looked; now where None.
        days: how far back; as ``data/review.toml`` says where None.
    """
    until = desk.now if at is None else at
    since = until - (review()["look"]["days"] if days is None else days) * DAY
    with desk.store.read() as connection:
        runs = _runs(connection, desk, since, until, Flag.SUSPECT if only == WAITING else Flag.FAIL)
        rows = _rows(connection, desk, runs, since, until)
        if only == WAITING:
            rows += _findings(connection, desk, since, until)
    return sorted(rows, key=lambda row: (-row.until, row.station, row.parameter))


def count(desk: Desk) -> int:
    """How many spans wait for a person in the jurisdiction: the rows of `spans`, without what is told of each."""
    since = desk.now - review()["look"]["days"] * DAY
    with desk.store.read() as connection:
        known = set(connection.execute(select(PARAMETER.c.id)).scalars())
        stations = stations_of(connection, desk)
        runs = _runs(connection, desk, since, desk.now, Flag.SUSPECT)
        found = [run.key[:2] for run in runs]
        found += [(row.station, row.parameter) for row in _open(connection, since, desk.now)]
    return sum(station in stations and parameter in known for station, parameter in found)


def _runs(connection: Connection, desk: Desk, since: int, until: int, flag: Flag) -> list[_Run]:
    stations = stations_of(connection, desk)
    found: dict[tuple[int, int, int, str], _Run] = {}
    done: list[_Run] = []
    objected = _Objected()
    read = all_of(
        connection,
        # The condition of the partial index, in its own words.
        f"SELECT start, station, parameter, period, value, flag, reason FROM reading WHERE {FLAGGED} "
        f"AND start >= {since:d} AND start < {until:d} ORDER BY start",
    )
    for start, station, parameter, period, value, said, reason in read:
        if said != flag or value is None or station not in stations or (reason := objected[reason]) is None:
            continue
        key = (station, parameter, period, reason)
        run = found.get(key)
        if run is not None and start - run.starts[-1] <= BREAK * max(period, 1):
            run.starts.append(start)
            run.values.append(value)
            continue
        if run is not None:
            done.append(run)
        found[key] = _Run(key[:3], said, reason, [start], [value])
    return [*done, *found.values()]


def objections(reason: str) -> str:
    """What of a reason is an objection: that a value came late parts no span."""
    return " ".join(code for code in reason.split() if FLAGS.get(code) is not Flag.GOOD)


class _Objected(dict[str, str | None]):
    """The objections of a reason, None where a person has judged: ten thousands of values have a dozen of reasons."""

    def __missing__(self, reason: str) -> str | None:
        found = self[reason] = None if by_hand(reason) is not None else objections(reason)
        return found


def _rows(connection: Connection, desk: Desk, runs: Sequence[_Run], since: int, until: int) -> list[SpanRow]:
    stations = stations_of(connection, desk)
    parameters = {row.id: row for row in connection.execute(select(PARAMETER))}
    means = _means(connection, runs)
    built = Built(connection, since, until)
    names = grid_names(connection, desk.language)
    found = []
    for run in runs:
        number, parameter, period = run.key
        station, what = stations[number], parameters.get(parameter)
        if what is None:
            continue
        value, beside = _telling(run, station, parameter, period, means)
        key = SpanKey(*run.key, run.starts[0], run.starts[-1] + period)
        on = built.on(key)
        measured = [one for one in run.values if one is not None]
        found.append(
            SpanRow(
                key=key,
                **_place(station, names),
                parameter=what.code,
                unit=what.unit,
                decimals=what.decimals,
                period=period,
                since=key.since,
                until=key.until,
                count=len(run.starts),
                flag=run.flag,
                reason=run.reason,
                value=value,
                low=min(measured, default=None),
                high=max(measured, default=None),
                beside=beside,
                alarms=len(on.alarms),
                incidents=len(on.incidents),
                tasks=len(on.tasks),
                refusals=refusals(desk, run.flag),
            )
        )
    return found


def _findings(connection: Connection, desk: Desk, since: int, until: int) -> list[SpanRow]:
    stations = stations_of(connection, desk)
    parameters = {row.id: row for row in connection.execute(select(PARAMETER))}
    names = grid_names(connection, desk.language)
    rows = _open(connection, since, until)
    built = Built(connection, min((row.since for row in rows), default=since), until)
    found = []
    for row in rows:
        station, what = stations.get(row.station), parameters.get(row.parameter)
        if station is None or what is None:
            continue
        key = SpanKey(row.station, row.parameter, row.period, row.since, row.until, row.id)
        told = json.loads(row.evidence)
        on = built.on(key)
        found.append(
            SpanRow(
                key=key,
                **_place(station, names),
                parameter=what.code,
                unit=what.unit,
                decimals=what.decimals,
                period=row.period,
                since=row.since,
                until=row.until,
                count=(row.until - row.since) // max(1, row.period),
                flag=int(Flag.SUSPECT),
                reason=row.kind,
                value=told.get("mean"),
                low=None,
                high=None,
                beside=told.get("neighbours"),
                alarms=len(on.alarms),
                incidents=len(on.incidents),
                tasks=len(on.tasks),
                found=told,
                task=row.task,
                refusals=refusals(desk, int(Flag.SUSPECT)),
            )
        )
    return found


def _open(connection: Connection, since: int, until: int) -> Sequence[Any]:
    """The findings that nobody has decided about."""
    undecided = FINDING.c.state == "open", FINDING.c.at <= until, FINDING.c.until > since
    return connection.execute(select(FINDING).where(*undecided)).all()


def refusals(desk: Desk, flag: int, *, decided: bool = False) -> dict[str, Message]:
    """Why the person may not confirm, overturn, or take a verdict back; what they may is missing."""
    found: dict[str, Message] = {}
    why = by_role(desk.actor, REVIEW)
    overrule = by_role(desk.actor, OVERRULE)
    if why is not None:
        found |= {"confirm": why, "order": why}
    if (why or overrule if flag == Flag.FAIL else why) is not None:
        found["overturn"] = (why or overrule) if flag == Flag.FAIL else why  # type: ignore[assignment]
    if not decided:
        found["reopen"] = Message("review.off.undecided")
    elif overrule is not None:
        found["reopen"] = overrule
    return found


def stations_of(connection: Connection, desk: Desk) -> Mapping[int, Any]:
    """The stations of the jurisdiction, by number, with what they are called."""
    grid, language = desk.actor.grid, desk.language

    def read() -> dict[int, Any]:
        scope = scope_of(connection, grid)
        query = select(STATION, called(STATION, language).label("called")).where(scope.covers(STATION))
        return {row.id: row for row in connection.execute(query)}

    return kept(connection, ("stations of", grid, language), read)


def is_there(desk: Desk, code: str) -> bool:
    """Whether the jurisdiction has a station of this code."""
    with desk.store.read() as connection:
        return any(row.code == code for row in stations_of(connection, desk).values())


def _place(station: Any, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "station": station.code,
        "name": station.called,
        "kind": station.kind,
        "county": names.get(station.county, ""),
        "township": names.get(station.township, ""),
        "grid": station.grid or station.county,
        "made_up": station.made_up,
    }


Means = Mapping[tuple[int, str, str, int], float]
"""By start, county, kind and parameter."""


def _means(connection: Connection, runs: Sequence[_Run]) -> Means:
    starts = sorted({start for run in runs if run.key[2] == HOUR for start in run.starts})
    found: dict[tuple[int, str, str, int], float] = {}
    for first in range(0, len(starts), 400):
        rows = connection.execute(
            select(
                COUNTY_HOUR.c.start,
                COUNTY_HOUR.c.county,
                COUNTY_HOUR.c.kind,
                COUNTY_HOUR.c.parameter,
                COUNTY_HOUR.c.total / func.nullif(COUNTY_HOUR.c.count, 0),
            ).where(COUNTY_HOUR.c.start.in_(starts[first : first + 400]))
        )
        found.update({(row[0], row[1], row[2], row[3]): row[4] for row in rows if row[4] is not None})
    return found


def _telling(
    run: _Run, station: Any, parameter: int, period: int, means: Means
) -> tuple[float | None, float | None]:
    """The value of a span that tells most, and what the others of its kind in the county said then."""
    pairs = [
        (value, means.get((start, station.county, station.kind, parameter)) if period == HOUR else None)
        for start, value in zip(run.starts, run.values, strict=True)
        if value is not None
    ]
    compared = [(abs(value - mean), value, mean) for value, mean in pairs if mean is not None]
    if compared:
        _, value, mean = max(compared)
        return value, mean
    return (max(value for value, _ in pairs), None) if pairs else (None, None)
