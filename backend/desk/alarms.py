"""Alarms: the board, one alarm's history, and the acts on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, case, func, or_, select

from backend import alarms as room
from backend.access import may
from backend.alarms.load import Limits
from backend.alarms.tables import Alarm, AlarmAct
from backend.city.called import called
from backend.city.tables import Grid, Source
from backend.desk.alarmrows import PRIORITIES as PRIORITIES
from backend.desk.alarmrows import VIEWS as VIEWS
from backend.desk.alarmrows import AlarmRow as AlarmRow
from backend.desk.alarmrows import folded as folded
from backend.desk.alarmrows import marks as marks
from backend.desk.alarmrows import numbered as numbered
from backend.desk.alarmrows import of as of
from backend.desk.alarmrows import query, rows
from backend.desk.desk import Desk
from backend.desk.faces import Face as Face
from backend.desk.faces import grid_faces as grid_faces
from backend.desk.faces import incident_faces as incident_faces
from backend.desk.keeping import spoken_for
from backend.desk.naming import named
from backend.desk.naming import names as names_of
from backend.desk.scope import WAITING as WAITING
from backend.desk.scope import scope_of, standing
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Outcome

if TYPE_CHECKING:
    from backend.desk.putaway import WindowRow

ALARM, ACT, GRID, SOURCE, TASK = table(Alarm), table(AlarmAct), table(Grid), table(Source), table(Task)
STANDING = ("UNACK", "ACKED", "RTN_UNACK", "SHELVED", "SUPPRESSED", "OUT_OF_SERVICE")


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
    for_name: str = ""
    """The silent centre for which it was done, whose board the actor's keeps."""


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
    beside: Sequence[AlarmRow] = ()
    """What else rings at the station, of this incident and of others."""
    faces: Sequence[Face] = ()
    """Where one can go from here: station, task, source, grids, feed."""


def most(*, past: bool = False) -> int:
    """How many alarms a tab of the board lists."""
    limits = Limits.read()
    return limits.past if past else limits.listed


def board(
    desk: Desk, *, states: Sequence[str] = STANDING, limit: int = 0, newest: bool = False
) -> list[AlarmRow]:
    """Alarms that the person sees in these states: those that wait first, by priority, the oldest first.

    Args:
        states: ISA-18.2 states; `VIEWS` has the boards' own.
        limit: rows at most; as many as a board lists where none is given.
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
        wanted = query().where(ALARM.c.state.in_(states), scope.sees(ALARM)).order_by(*order)
        wanted = wanted.limit(limit or most(past=newest))
        if "NORM" not in states:
            wanted = wanted.where(standing(ALARM))
        return rows(connection, wanted, desk)


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
        wanted = query().where(ALARM.c.id == alarm)
        raw = connection.execute(wanted).first()
        if raw is None:
            return None
        row = rows(connection, wanted, desk)[0]
        steps = connection.execute(select(ACT).where(ACT.c.alarm == alarm).order_by(ACT.c.id)).all()
        people = names_of(connection, [step.actor for step in steps], desk.language)
        spoke = spoken_for(connection, desk, raw.township, [(step.actor, step.at) for step in steps])
        source = connection.execute(
            select(
                SOURCE.c.code, called(SOURCE, desk.language).label("name"), SOURCE.c.contact, SOURCE.c.phone
            ).where(SOURCE.c.code == raw.source)
        ).first()
        faces = _faces(connection, desk, row, raw, source)
        near = (ALARM.c.station == raw.station) & (ALARM.c.subject == raw.subject) & (ALARM.c.id != alarm)
        rings = standing(ALARM) & ALARM.c.state.in_(VIEWS["standing"])
        beside = of(connection, desk, near, rings) if raw.station is not None else []
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
                spoke.get((step.actor, step.at), ""),
            )
            for step in steps
        ],
        evidence,
        regional=raw.inhibited_by,
        contact=" ".join(filter(None, (source.contact, source.phone))) if source else "",
        beside=beside,
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
    if not raw.feed:
        return faces
    english = raw.feed_name_en if desk.language == "en" else ""
    return [*faces, Face("feed", raw.feed, english or raw.feed_name or raw.feed)]


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
