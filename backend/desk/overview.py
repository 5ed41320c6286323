"""The overview: what needs me now, the city at a glance, and whether anything changed at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, case, func, select

from backend.alarms.tables import Alarm, AlarmAct
from backend.city.tables import Grid, Parameter, Station
from backend.desk.alarms import WAITING
from backend.desk.desk import Desk
from backend.desk.scope import Scope, scope_of
from backend.feeds.tables import FeedHealth
from backend.notify.tables import Notice
from backend.standards import aqi
from backend.store import table
from backend.store.tables import Latest
from backend.tasks.tables import Act, Task

ACT, ALARM, ALARM_ACT = table(Act), table(Alarm), table(AlarmAct)
GRID, HEALTH, LATEST, NOTICE = table(Grid), table(FeedHealth), table(Latest), table(Notice)
PARAMETER, STATION, TASK = table(Parameter), table(Station), table(Task)
GOOD = 1


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One of the grids right below the person's own: its air and its work."""

    grid: str
    name: str
    aqi: int | None
    level: int
    primary: tuple[str, ...]
    stations: int
    """Air stations with a good value this hour."""
    worst: str
    """The station with the highest PM2.5 or PM10 index."""
    waiting: int
    """Alarms that wait for a person."""
    tasks: int
    overdue: int


@dataclass(frozen=True, slots=True)
class NeedRow:
    """Something that needs the person now."""

    kind: str
    """``task`` or ``alarm``."""
    id: str
    priority: str
    state: str
    what: str
    """A task's type, an alarm's rule."""
    place: str
    since: int
    due: int | None
    breached: bool


def stamp(desk: Desk) -> tuple[int, ...]:
    """Numbers that differ whenever anything on a screen may have changed; cheap enough to ask every second."""
    with desk.store.read() as connection:
        return (
            connection.execute(select(func.coalesce(func.max(ALARM_ACT.c.id), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.max(ACT.c.id), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.sum(HEALTH.c.polls), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.sum(HEALTH.c.records), 0))).scalar_one(),
        )


def needs(desk: Desk, *, limit: int = 200) -> list[NeedRow]:
    """Tasks and alarms that wait, by breach, then what is due first, then priority: a stable order."""
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        rows = [*_tasks(connection, scope, now, limit), *_alarms(connection, scope, limit)]
    rank = {"critical": 0, "high": 1, "medium": 2, "low": 3}
    late = 1 << 40
    return sorted(
        rows,
        key=lambda row: (not row.breached, row.due or late, rank.get(row.priority, 9), row.since, row.id),
    )


def _tasks(connection: Connection, scope: Scope, now: int, limit: int) -> list[NeedRow]:
    place = func.coalesce(GRID.c.name, TASK.c.grid).label("place")
    query = (
        select(TASK, place)
        .outerjoin(GRID, GRID.c.code == TASK.c.grid)
        .where(TASK.c.closed.is_(None), scope.covers(TASK))
        .order_by(TASK.c.opened)
        .limit(limit)
    )
    return [
        NeedRow(
            "task",
            row.id,
            row.priority,
            row.state,
            row.type,
            row.place,
            row.opened,
            row.due,
            bool(row.breaches) or (row.due is not None and row.due < now),
        )
        for row in connection.execute(query)
    ]


def _alarms(connection: Connection, scope: Scope, limit: int) -> list[NeedRow]:
    rank = case({"critical": 0, "high": 1, "medium": 2}, value=ALARM.c.priority, else_=3)
    query = (
        select(ALARM, func.coalesce(STATION.c.name, ALARM.c.feed).label("place"))
        .outerjoin(STATION, STATION.c.id == ALARM.c.station)
        .where(ALARM.c.state.in_(WAITING), scope.covers(ALARM))
        .order_by(rank, ALARM.c.presented)
        .limit(limit)
    )
    return [
        NeedRow(
            "alarm", str(row.id), row.priority, row.state, row.rule, row.place, row.presented, None, False
        )
        for row in connection.execute(query)
    ]


def areas(desk: Desk) -> list[AreaRow]:
    """The grids right below the person's own (a township shows its level-4 grids), in the order of their codes."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        children = connection.execute(
            select(GRID.c.code, GRID.c.name).where(GRID.c.parent == desk.actor.grid).order_by(GRID.c.code)
        ).all()
        below = {1: "county", 2: "township"}.get(scope.level, "grid")
        air = _air(connection, below)
        waiting = _count(connection, below, ALARM, ALARM.c.state.in_(WAITING))
        tasks = _count(connection, below, TASK, TASK.c.closed.is_(None))
        overdue = _count(connection, below, TASK, TASK.c.closed.is_(None) & (TASK.c.breaches != ""))
    rows = []
    for code, name in children:
        index, level, primary, stations, worst = _index(air.get(code, []), desk)
        rows.append(
            AreaRow(
                code,
                name,
                index,
                level,
                primary,
                stations,
                worst,
                waiting.get(code, 0),
                tasks.get(code, 0),
                overdue.get(code, 0),
            )
        )
    return rows


def _count(connection: Connection, below: str, of: Table, condition: ColumnElement[bool]) -> dict[str, int]:
    rows = connection.execute(select(of.c[below], func.count()).where(condition).group_by(of.c[below]))
    return {row[0]: row[1] for row in rows}


Newest = Sequence[tuple[str, str, float, int]]
"""station name, parameter, value, start."""


def _air(connection: Connection, below: str) -> Mapping[str, Newest]:
    rows = connection.execute(
        select(STATION.c[below], STATION.c.name, PARAMETER.c.code, LATEST.c.value, LATEST.c.start)
        .select_from(LATEST)
        .join(STATION, STATION.c.id == LATEST.c.station)
        .join(PARAMETER, PARAMETER.c.id == LATEST.c.parameter)
        .where(
            STATION.c.kind.in_(("air", "township_air")),
            STATION.c.placed,
            STATION.c.in_service,
            LATEST.c.flag == GOOD,
            LATEST.c.value.is_not(None),
        )
    )
    found: defaultdict[str, list[tuple[str, str, float, int]]] = defaultdict(list)
    for area, station, parameter, value, start in rows:
        found[area].append((station, parameter, value, start))
    return found


def _index(newest: Newest, desk: Desk) -> tuple[int | None, int, tuple[str, ...], int, str]:
    """The index of the mean concentrations of the newest hour that the area has."""
    if not newest:
        return None, 0, (), 0, ""
    hour = max(start for *_, start in newest)
    values: defaultdict[str, list[float]] = defaultdict(list)
    worst: tuple[float, str] = (-1.0, "")
    stations = set()
    for station, parameter, value, start in newest:
        if start != hour:
            continue
        values[parameter].append(value)
        stations.add(station)
        if parameter == "pm25":
            worst = max(worst, (value, station))
    means = {parameter: sum(found) / len(found) for parameter, found in values.items()}
    day = datetime.fromtimestamp(hour, UTC).astimezone(desk.zone).date()
    result = aqi.realtime(means, day)
    level = result.level.number if result.level else 0
    return result.aqi, level, tuple(result.primary), len(stations), worst[1]


def unseen_notices(desk: Desk) -> int:
    """How many notices for this person's grid nobody has seen."""
    with desk.store.read() as connection:
        query = select(func.count()).where(NOTICE.c.grid == desk.actor.grid, NOTICE.c.seen.is_(None))
        return int(connection.execute(query).scalar_one())
