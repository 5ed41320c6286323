"""Alarms: the board, one alarm's history, and the acts on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Select, String, case, cast, func, select

from backend import alarms as room
from backend.access import may
from backend.alarms.tables import Alarm, AlarmAct
from backend.city.tables import Parameter, Station
from backend.desk.desk import Desk
from backend.desk.scope import grid_names, scope_of
from backend.duty.tables import Claim
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Outcome

ALARM, ACT, CLAIM = table(Alarm), table(AlarmAct), table(Claim)
PARAMETER, STATION, TASK = table(Parameter), table(Station), table(Task)
STANDING = ("UNACK", "ACKED", "RTN_UNACK", "SHELVED", "SUPPRESSED", "OUT_OF_SERVICE")
WAITING = ("UNACK", "RTN_UNACK")
"""States in which an alarm waits for a person."""
PRIORITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """A line of the alarms board."""

    id: int
    rule: str
    state: str
    priority: str
    station: str
    """The station's code; empty where the alarm is a feed's."""
    place: str
    """The name of the station or the feed."""
    kind: str
    county: str
    township: str
    grid: str
    parameter: str
    unit: str
    decimals: int
    value: float | None
    peak: float | None
    threshold: float | None
    background: float | None
    began: int
    presented: int
    last: int
    cleared: int | None
    acked_by: str
    acked: int | None
    shelved_until: int | None
    occurrences: int
    suspect: bool
    incident: str
    task: str
    """An open task of the same incident."""
    task_state: str
    claimed_by: str


@dataclass(frozen=True, slots=True)
class AlarmStep:
    """One thing that happened to an alarm."""

    at: int
    act: str
    actor: str
    from_state: str
    to_state: str
    reason: str


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """An alarm with its history."""

    row: AlarmRow
    steps: Sequence[AlarmStep]
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Load:
    """The load of a seat by the operator numbers of ISA-18.2."""

    last_ten_minutes: int
    last_hour: int
    standing: int
    waiting: int
    shelved: int
    oldest: int | None
    """When the oldest alarm that waits for a person was presented."""
    by_priority: Mapping[str, int]


def _query() -> Select[Any]:
    task = (
        select(TASK.c.incident, func.min(TASK.c.id).label("task"), func.min(TASK.c.state).label("state"))
        .where(TASK.c.closed.is_(None), TASK.c.incident != "")
        .group_by(TASK.c.incident)
        .subquery()
    )
    return (
        select(
            ALARM,
            STATION.c.code.label("station_code"),
            STATION.c.name.label("station_name"),
            STATION.c.kind.label("station_kind"),
            PARAMETER.c.code.label("parameter_code"),
            PARAMETER.c.unit,
            PARAMETER.c.decimals,
            task.c.task,
            task.c.state.label("task_state"),
            CLAIM.c.person.label("claimed_by"),
            CLAIM.c.until.label("claimed_until"),
        )
        .select_from(ALARM)
        .outerjoin(STATION, STATION.c.id == ALARM.c.station)
        .outerjoin(PARAMETER, PARAMETER.c.id == ALARM.c.parameter)
        .outerjoin(task, task.c.incident == ALARM.c.incident)
        .outerjoin(CLAIM, (CLAIM.c.kind == "alarm") & (CLAIM.c.item == cast(ALARM.c.id, String)))
    )


def _row(row: Any, names: Mapping[str, str], now: int) -> AlarmRow:
    return AlarmRow(
        id=row.id,
        rule=row.rule,
        state=row.state,
        priority=row.priority,
        station=row.station_code or "",
        place=row.station_name or row.feed,
        kind=row.station_kind or "",
        county=names.get(row.county, ""),
        township=names.get(row.township, ""),
        grid=row.grid,
        parameter=row.parameter_code or "",
        unit=row.unit or "",
        decimals=row.decimals or 0,
        value=row.value,
        peak=row.peak,
        threshold=row.threshold,
        background=row.background,
        began=row.began,
        presented=row.presented,
        last=row.last,
        cleared=row.cleared,
        acked_by=row.acked_by,
        acked=row.acked,
        shelved_until=row.shelved_until,
        occurrences=row.occurrences,
        suspect=row.suspect,
        incident=row.incident,
        task=row.task or "",
        task_state=row.task_state or "",
        claimed_by=row.claimed_by if row.claimed_by and row.claimed_until > now else "",
    )


def board(desk: Desk, *, states: Sequence[str] = STANDING, limit: int = 5000) -> list[AlarmRow]:
    """Alarms of the jurisdiction in these states: those that wait first, by priority, the oldest first."""
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=ALARM.c.priority, else_=9)
    waiting = case((ALARM.c.state.in_(WAITING), 0), else_=1)
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        names = grid_names(connection)
        query = (
            _query()
            .where(ALARM.c.state.in_(states), scope.covers(ALARM))
            .order_by(waiting, rank, ALARM.c.presented, ALARM.c.id)
            .limit(limit)
        )
        return [_row(row, names, desk.now) for row in connection.execute(query)]


def page(desk: Desk, alarm: int) -> AlarmPage | None:
    """One alarm with all that happened to it; None where there is none."""
    with desk.store.read() as connection:
        row = connection.execute(_query().where(ALARM.c.id == alarm)).first()
        if row is None:
            return None
        steps = connection.execute(select(ACT).where(ACT.c.alarm == alarm).order_by(ACT.c.id)).all()
        names = grid_names(connection)
    evidence = msgspec.json.decode(row.evidence, type=dict[str, Any]) if row.evidence else {}
    return AlarmPage(
        _row(row, names, desk.now),
        [
            AlarmStep(step.at, step.act, step.actor, step.from_state, step.to_state, step.reason)
            for step in steps
        ],
        evidence,
    )


def load(desk: Desk) -> Load:
    """How much comes to this seat now."""
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        recent = connection.execute(
            select(ALARM.c.presented).where(ALARM.c.presented > now - 3600, scope.covers(ALARM))
        ).scalars()
        presented = list(recent)
        standing = connection.execute(
            select(ALARM.c.state, ALARM.c.priority, func.count(), func.min(ALARM.c.presented))
            .where(ALARM.c.state != "NORM", scope.covers(ALARM))
            .group_by(ALARM.c.state, ALARM.c.priority)
        ).all()
    by_priority = dict.fromkeys(PRIORITIES, 0)
    counts: dict[str, int] = {}
    for state, priority, count, _ in standing:
        counts[state] = counts.get(state, 0) + count
        if state in WAITING:
            by_priority[priority] = by_priority.get(priority, 0) + count
    return Load(
        last_ten_minutes=sum(at > now - 600 for at in presented),
        last_hour=len(presented),
        standing=sum(counts.values()),
        waiting=sum(counts.get(state, 0) for state in WAITING),
        shelved=counts.get("SHELVED", 0),
        oldest=min((oldest for state, _, _, oldest in standing if state in WAITING), default=None),
        by_priority=by_priority,
    )


def acknowledge(desk: Desk, alarm: int) -> Outcome:
    """Acknowledge 确认: somebody has seen it; it goes on standing."""
    return _act(desk, alarm, "alarm.acknowledge", room.acknowledge)


def shelve(desk: Desk, alarm: int, *, seconds: int, reason: str) -> Outcome:
    """Shelve 搁置 for a time, after which it comes back by itself."""
    return _act(desk, alarm, "alarm.shelve", room.shelve, until=desk.now + seconds, reason=reason)


def unshelve(desk: Desk, alarm: int) -> Outcome:
    """Bring a shelved alarm back before its time."""
    return _act(desk, alarm, "alarm.shelve", room.unshelve)


def _act(desk: Desk, alarm: int, right: str, act: Any, **more: Any) -> Outcome:
    with desk.store.write() as connection:
        row = connection.execute(
            select(ALARM.c.id, ALARM.c.grid, ALARM.c.county).where(ALARM.c.id == alarm)
        ).first()
        if row is None:
            return Outcome.refused("desk.no_alarm")
        refusal = may(connection, desk.actor, right, row.grid or row.county)
        if refusal is not None:
            return Outcome(False, refusal)
        outcome: Outcome = act(connection, alarm, actor=desk.actor.person, now=desk.now, **more)
        return outcome
