"""Alarms: the board, one alarm's history, and the acts on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Select, String, case, cast, func, or_, select

from backend import alarms as room
from backend.access import may
from backend.alarms.load import Limits
from backend.alarms.tables import Alarm, AlarmAct
from backend.city.called import called
from backend.city.tables import Grid, Parameter, Source, Station
from backend.desk.desk import Desk
from backend.desk.faces import Face as Face
from backend.desk.faces import grid_faces as grid_faces
from backend.desk.faces import incident_faces as incident_faces
from backend.desk.naming import named
from backend.desk.naming import names as names_of
from backend.desk.scope import WAITING as WAITING
from backend.desk.scope import Scope, grid_names, scope_of, standing
from backend.duty.tables import Claim
from backend.feeds.tables import Feed
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Outcome

if TYPE_CHECKING:
    from backend.desk.putaway import WindowRow

ALARM, ACT, CLAIM, FEED, GRID = table(Alarm), table(AlarmAct), table(Claim), table(Feed), table(Grid)
PARAMETER, SOURCE, STATION, TASK = table(Parameter), table(Source), table(Station), table(Task)
STANDING = ("UNACK", "ACKED", "RTN_UNACK", "SHELVED", "SUPPRESSED", "OUT_OF_SERVICE")
PRIORITIES = ("critical", "high", "medium", "low")
VIEWS: Mapping[str, tuple[str, ...]] = {
    "standing": ("UNACK", "RTN_UNACK", "ACKED"),
    "waiting": WAITING,
    "shelved": ("SHELVED",),
    "put_away": ("SUPPRESSED", "OUT_OF_SERVICE"),
    "past": ("NORM",),
}
"""What a board can show: what was put away 搁置、抑制、停用 has registers of its own (ISA-18.2)."""
WEEK = 7 * 86400


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
    """The name of the station, the feed or, where it is a region's, the grid."""
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
    """Who else has it open."""
    acked_name: str = ""
    claimed_name: str = ""
    parameter_names: tuple[str, str] = ("", "")
    """What is measured, in Chinese and English."""
    initials: str = ""
    """What else the station is found by: pinyin initials, the Chinese name where the English one is shown."""
    feed: str = ""
    shelve_reason: str = ""
    shelved_by: str = ""
    outside: bool = False
    """It is not of the person's own grid: a region's or a feed's, which a tier above acts on."""
    marks: tuple[str, ...] = ()
    """What makes it a nuisance: ``chatter`` 抖动, ``fleeting`` 瞬时, ``stale`` 长期."""
    shelved_name: str = ""
    """Who put it away."""
    subject: str = ""
    """What rings where it is no station: a vehicle's plate."""
    kept_by: str = ""
    """What keeps it from ringing: ``order:<code>``, ``window:<number>``, else the alarm or incident that speaks."""


@dataclass(frozen=True, slots=True)
class AlarmStep:
    """One thing that happened to an alarm."""

    at: int
    act: str
    actor: str
    from_state: str
    to_state: str
    reason: str
    actor_name: str = ""


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """An alarm with its history."""

    row: AlarmRow
    steps: Sequence[AlarmStep]
    evidence: Mapping[str, Any]
    regional: str = ""
    """The key of the alarm that speaks for it and keeps it from ringing."""
    contact: str = ""
    """Who answers for the source at which the station stands, and their phone."""
    faces: Sequence[Face] = ()
    """Where one can go from here: station, task, source, grids, feed."""


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
            STATION.c.name_en.label("station_name_en"),
            STATION.c.kind.label("station_kind"),
            STATION.c.initials.label("station_initials"),
            PARAMETER.c.code.label("parameter_code"),
            PARAMETER.c.name.label("parameter_name"),
            PARAMETER.c.name_en.label("parameter_name_en"),
            PARAMETER.c.unit,
            PARAMETER.c.decimals,
            FEED.c.name.label("feed_name"),
            task.c.task,
            task.c.state.label("task_state"),
            CLAIM.c.person.label("claimed_by"),
            CLAIM.c.until.label("claimed_until"),
        )
        .select_from(ALARM)
        .outerjoin(STATION, STATION.c.id == ALARM.c.station)
        .outerjoin(PARAMETER, PARAMETER.c.id == ALARM.c.parameter)
        .outerjoin(FEED, FEED.c.code == ALARM.c.feed)
        .outerjoin(task, task.c.incident == ALARM.c.incident)
        .outerjoin(CLAIM, (CLAIM.c.kind == "alarm") & (CLAIM.c.item == cast(ALARM.c.id, String)))
    )


def _rows(connection: Connection, query: Select[Any], desk: Desk) -> list[AlarmRow]:
    found = connection.execute(query).all()
    scope = scope_of(connection, desk.actor.grid)
    names = grid_names(connection, desk.language)
    codes = {code for row in found for code in (row.acked_by, row.claimed_by, row.shelved_by) if code}
    people = names_of(connection, codes, desk.language)
    return [_row(row, names, people, desk, scope) for row in found]


def _row(row: Any, names: Mapping[str, str], people: Mapping[str, str], desk: Desk, scope: Scope) -> AlarmRow:
    held = row.claimed_by and row.claimed_by != desk.actor.person and row.claimed_until > desk.now
    claimed = row.claimed_by if held else ""
    name, name_en = row.station_name or "", (row.station_name_en or "") if desk.language == "en" else ""
    return AlarmRow(
        id=row.id,
        rule=row.rule,
        state=row.state,
        priority=row.priority,
        station=row.station_code or "",
        place=f"{row.subject} {name_en or name}".strip()
        or row.feed_name
        or row.feed
        or names.get(row.grid, row.grid),
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
        claimed_by=claimed,
        acked_name=people.get(row.acked_by, row.acked_by),
        claimed_name=people.get(claimed, claimed),
        parameter_names=(row.parameter_name or "", row.parameter_name_en or ""),
        initials=f"{row.station_initials or ''} {name if name_en else ''}".strip(),
        feed=row.feed,
        shelve_reason=row.shelve_reason,
        shelved_by=row.shelved_by,
        outside=not scope.holds(row),
        marks=marks(row, desk.now),
        shelved_name=people.get(row.shelved_by, row.shelved_by),
        subject=row.subject,
        kept_by=row.inhibited_by,
    )


def marks(row: Any, now: int) -> tuple[str, ...]:
    """What makes an alarm a nuisance, of a row of the table."""
    nuisance = Limits.read().nuisance
    stands = row.state in VIEWS["standing"] and row.presented
    return tuple(
        name
        for name, holds in (
            ("chatter", row.activations >= nuisance.activations),
            ("fleeting", row.fleeting),
            ("stale", stands and now - row.presented > nuisance.stale),
        )
        if holds
    )


def board(
    desk: Desk, *, states: Sequence[str] = STANDING, limit: int = 5000, newest: bool = False
) -> list[AlarmRow]:
    """Alarms that the person sees in these states: those that wait first, by priority, the oldest first.

    Args:
        states: ISA-18.2 states; `VIEWS` has the boards' own.
        limit: rows at most.
        newest: the newest first instead, for a register of the past.
    """
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=ALARM.c.priority, else_=9)
    waiting = case((ALARM.c.state.in_(WAITING), 0), else_=1)
    order = (
        (ALARM.c.presented.desc(), ALARM.c.id.desc())
        if newest
        else (waiting, rank, ALARM.c.presented, ALARM.c.id)
    )
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = _query().where(ALARM.c.state.in_(states), scope.sees(ALARM)).order_by(*order).limit(limit)
        if "NORM" not in states:
            query = query.where(standing(ALARM))
        return _rows(connection, query, desk)


def of(connection: Connection, desk: Desk, *conditions: Any, limit: int = 50) -> list[AlarmRow]:
    """Alarms that fulfil the conditions: those that stand, then those of the last week, the newest first."""
    ended = case((standing(ALARM), 0), else_=1)
    query = (
        _query()
        .where(*conditions, or_(standing(ALARM), ALARM.c.presented > desk.now - WEEK))
        .order_by(ended, ALARM.c.presented.desc(), ALARM.c.id.desc())
        .limit(limit)
    )
    return _rows(connection, query, desk)


def counts(desk: Desk) -> dict[str, int]:
    """How many of the alarms that the person sees each of `VIEWS` but the past has."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        found = connection.execute(
            select(ALARM.c.state, func.count())
            .where(standing(ALARM), scope.sees(ALARM))
            .group_by(ALARM.c.state)
        )
        by_state = {row[0]: row[1] for row in found}
    return {
        view: sum(by_state.get(state, 0) for state in states)
        for view, states in VIEWS.items()
        if view != "past"
    }


def page(desk: Desk, alarm: int) -> AlarmPage | None:
    """One alarm with all that happened to it; None where there is none."""
    with desk.store.read() as connection:
        query = _query().where(ALARM.c.id == alarm)
        raw = connection.execute(query).first()
        if raw is None:
            return None
        row = _rows(connection, query, desk)[0]
        steps = connection.execute(select(ACT).where(ACT.c.alarm == alarm).order_by(ACT.c.id)).all()
        people = names_of(connection, [step.actor for step in steps], desk.language)
        source = connection.execute(
            select(
                SOURCE.c.code, called(SOURCE, desk.language).label("name"), SOURCE.c.contact, SOURCE.c.phone
            ).where(SOURCE.c.code == raw.source)
        ).first()
        faces = _faces(connection, desk, row, raw, source)
    evidence = msgspec.json.decode(raw.evidence, type=dict[str, Any]) if raw.evidence else {}
    return AlarmPage(
        row,
        [
            AlarmStep(
                step.at,
                step.act,
                step.actor,
                step.from_state,
                step.to_state,
                step.reason,
                people.get(step.actor, step.actor),
            )
            for step in steps
        ],
        evidence,
        regional=raw.inhibited_by,
        contact=" ".join(filter(None, (source.contact, source.phone))) if source else "",
        faces=faces,
    )


def _faces(connection: Connection, desk: Desk, row: AlarmRow, raw: Any, source: Any) -> list[Face]:
    faces = [Face("station", row.station, row.place)] if row.station else []
    tasks = connection.execute(
        select(TASK.c.id)
        .where(TASK.c.incident == row.incident, TASK.c.incident != "")
        .order_by(TASK.c.id.desc())
    ).scalars()
    faces += [Face("task", name, name) for name in tasks]
    faces += incident_faces(connection, desk, row.incident)
    if source:
        faces.append(Face("source", source.code, source.name))
    faces += grid_faces(connection, desk, (raw.grid, raw.township, raw.county))
    # Whoever speaks for it is told by its key, and by its incident as soon as it has one.
    speaks = connection.execute(
        select(ALARM.c.id, ALARM.c.rule).where(
            ALARM.c.station.is_(None),
            or_(ALARM.c.key == raw.inhibited_by, ALARM.c.incident == raw.inhibited_by),
            standing(ALARM),
        )
    ).first()
    faces += [Face("alarm", str(speaks.id), speaks.rule)] if raw.inhibited_by and speaks else []
    return [*faces, Face("feed", raw.feed, raw.feed_name or raw.feed)] if raw.feed else faces


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
        by = str(outcome.message.args.get("by") or "")
        people = names_of(connection, [by], desk.language)
        return replace(outcome, message=named(outcome.message, people))


def shelved(desk: Desk) -> list[AlarmRow]:
    """The register of shelved alarms 搁置登记 in the person's grid and all below it: who, why, until when."""
    return sorted(board(desk, states=VIEWS["shelved"]), key=lambda row: (row.shelved_until or 0, row.id))


def windows(desk: Desk, *, over: bool = False) -> list[WindowRow]:
    """The maintenance windows 维护窗口 that run or are to come; with ``over`` those of the last week too."""
    from backend.desk import putaway

    return putaway.windows(desk, over=over)


def faces(desk: Desk, alarm: int) -> Sequence[Face]:
    """Where one can go from an alarm: its station, task, source, grids, feed."""
    found = page(desk, alarm)
    return found.faces if found else ()
