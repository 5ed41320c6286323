"""The city at a glance: the air and the work of the grids right below a person's own.

It is the first board that a person sees, so it imports no more than it reads by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select

from backend.alarms.tables import Alarm
from backend.city.called import called, found_by
from backend.city.tables import Grid, Parameter, Station
from backend.desk import judging
from backend.desk.desk import Desk
from backend.desk.judging import AIR_KINDS, GOOD, HOUR, Air, Value
from backend.desk.measured import unmonitored
from backend.desk.scope import WAITING, Scope, scope_of, standing
from backend.store import table
from backend.store.tables import Latest
from backend.tasks.tables import Task
from backend.words.say import Language

ALARM, GRID, LATEST = table(Alarm), table(Grid), table(Latest)
PARAMETER, STATION, TASK = table(Parameter), table(Station), table(Task)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One of the grids right below the person's own: its air and its work."""

    grid: str
    name: str
    aqi: int | None
    level: int
    primary: tuple[str, ...]
    stations: int
    """Air stations with a good value of the newest hours."""
    worst: str
    """The station with the highest index."""
    waiting: int
    """Alarms that wait for a person."""
    tasks: int
    overdue: int
    """Open tasks that have missed a clock."""
    name_en: str = ""
    newest: int | None = None
    """The newest hour that enters."""
    worst_code: str = ""
    worst_aqi: int | None = None
    worst_level: int = 0
    initials: str = ""


def missed(now: int) -> ColumnElement[bool]:
    """The condition on open tasks that have missed a clock."""
    return TASK.c.closed.is_(None) & ((TASK.c.breaches != "") | (TASK.c.due < now))


def areas(desk: Desk) -> list[AreaRow]:
    """The grids right below the person's own (a township shows its level-4 grids), in the order of their codes."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        below = {1: "county", 2: "township"}.get(scope.level, "grid")
        # A grid with nothing below it shows itself.
        own = GRID.c.code == desk.actor.grid if scope.level == 4 else GRID.c.parent == desk.actor.grid
        children = connection.execute(
            select(GRID.c.code, GRID.c.name, GRID.c.name_en, GRID.c.initials)
            .where(own, GRID.c.in_service)
            .order_by(GRID.c.code)
        ).all()
        air = newest_by(connection, scope, below, desk.language)
        waiting = _count(connection, below, ALARM, ALARM.c.state.in_(WAITING) & standing(ALARM))
        open_tasks = _count(connection, below, TASK, TASK.c.closed.is_(None))
        overdue = _count(connection, below, TASK, missed(desk.now))
    rows = []
    for child in children:
        area = index_of(air.get(child.code, ()), desk)
        rows.append(
            AreaRow(
                grid=child.code,
                name=child.name,
                aqi=area.air.index,
                level=area.air.level,
                primary=area.air.primary,
                stations=area.stations,
                worst=area.worst.name if area.worst else "",
                waiting=waiting.get(child.code, 0),
                tasks=open_tasks.get(child.code, 0),
                overdue=overdue.get(child.code, 0),
                name_en=child.name_en,
                newest=area.newest,
                worst_code=area.worst.code if area.worst else "",
                worst_aqi=area.worst_air.index,
                worst_level=area.worst_air.level,
                initials=found_by(child, desk.language),
            )
        )
    return rows


def _count(connection: Connection, below: str, of: Table, condition: ColumnElement[bool]) -> dict[str, int]:
    query = select(of.c[below], func.count()).where(condition).group_by(of.c[below])
    return {row[0]: row[1] for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Newest:
    """A station's newest good values."""

    code: str
    name: str
    values: Mapping[str, Value]
    unmonitored: frozenset[str] = frozenset()
    """What it never measures of what the AQI is made of."""

    @property
    def start(self) -> int:
        """The newest period among them."""
        return max(value.start for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Area:
    """The air of a grid."""

    air: Air = field(default_factory=Air)
    newest: int | None = None
    stations: int = 0
    worst: Newest | None = None
    worst_air: Air = field(default_factory=Air)


def newest_by(
    connection: Connection, scope: Scope, below: str, language: Language
) -> Mapping[str, Sequence[Newest]]:
    """The newest good hour of every air station of a scope, by the grid of a level (``below``) that it lies in."""
    rows = connection.execute(
        select(
            STATION.c[below],
            STATION.c.id,
            STATION.c.code,
            called(STATION, language),
            PARAMETER.c.code,
            LATEST.c.value,
            LATEST.c.start,
        )
        .select_from(LATEST)
        .join(STATION, STATION.c.id == LATEST.c.station)
        .join(PARAMETER, PARAMETER.c.id == LATEST.c.parameter)
        .where(
            scope.covers(STATION),
            STATION.c.kind.in_(sorted(AIR_KINDS)),
            STATION.c.placed,
            STATION.c.in_service,
            LATEST.c.period == HOUR,
            LATEST.c.flag == GOOD,
            LATEST.c.value.is_not(None),
        )
    )
    held: defaultdict[tuple[str, int, str, str], dict[str, Value]] = defaultdict(dict)
    for area, number, code, name, parameter, value, start in rows:
        held[area, number, code, name][parameter] = Value(parameter, value, GOOD, "", "", start)
    never = unmonitored(connection, scope.covers(STATION))
    found: defaultdict[str, list[Newest]] = defaultdict(list)
    for (area, number, code, name), values in held.items():
        found[area].append(Newest(code, name, values, never.get(number, frozenset())))
    return found


def index_of(stations: Sequence[Newest], desk: Desk) -> Area:
    """The index of the mean concentrations of a grid's stations, and the station with the highest one.

    A station that has not reported the newest hour yet enters with the hour before it.
    """
    if not stations:
        return Area()
    newest = max(station.start for station in stations)
    recent = [station for station in stations if station.start >= newest - HOUR]
    day = datetime.fromtimestamp(newest, UTC).astimezone(desk.zone).date()
    held: defaultdict[str, list[float]] = defaultdict(list)
    worst: tuple[int, Newest | None, Air] = (-1, None, Air())
    for station in recent:
        for code, value in station.values.items():
            if value.start == station.start and value.value is not None:
                held[code].append(value.value)
        own = judging.air(station.values, station.start, day, station.unmonitored)
        if own.index is not None and own.index > worst[0]:
            worst = (own.index, station, own)
    means = {code: Value(code, sum(many) / len(many), GOOD, "", "", newest) for code, many in held.items()}
    # What none of them measures is not measured in the grid; what one of them should have sent is missing.
    never = frozenset.intersection(*(station.unmonitored for station in stations))
    return Area(judging.air(means, newest, day, never), newest, len(recent), worst[1], worst[2])
