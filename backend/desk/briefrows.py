"""What the situation brief counts up: what is open with who is on it, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from backend.alarms.tables import Alarm
from backend.city.called import called
from backend.city.tables import Centre, Department, Grid, Person, Station
from backend.desk import feeds
from backend.desk.desk import Desk
from backend.desk.naming import names, type_names
from backend.desk.scope import WAITING, Scope, grid_names, standing
from backend.desk.sight import sight_of
from backend.duty.book import on_duty_of
from backend.duty.calls import unanswered
from backend.duty.numbers import numbers
from backend.duty.watch import rooms
from backend.escalation.tables import Due
from backend.incidents.tables import Incident
from backend.reports.brief import Counts, Doing
from backend.store import table
from backend.tasks.arbitration import TYPE as ARBITRATION
from backend.tasks.states import told_as
from backend.tasks.tables import Task
from backend.words import Message

ALARM, CENTRE, DEPARTMENT, DUE = table(Alarm), table(Centre), table(Department), table(Due)
GRID, INCIDENT, PERSON = table(Grid), table(Incident), table(Person)
STATION, TASK = table(Station), table(Task)
READ = 60
"""Incidents that are read, the most important of each kind: more than are ever shown."""
NAMED = 4
"""Names that a line tells before it only counts."""
CALLED = 12 * 3600
"""Seconds for which a call that nobody answered is worth telling."""
_PRIORITY = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def clock(desk: Desk, at: int | None) -> str:
    """``23:05`` today, ``11-02 23:05`` on another day, in the city's zone."""
    if at is None:
        return ""
    then, now = datetime.fromtimestamp(at, desk.zone), datetime.fromtimestamp(desk.now, desk.zone)
    if then.date() == now.date():
        return then.strftime("%H:%M")
    return then.strftime("%m-%d %H:%M" if then.year == now.year else "%Y-%m-%d %H:%M")


def happening(scope: Scope) -> ColumnElement[bool]:
    """The condition on open incidents that concern a grid: what lies in it, and what is of a whole it is part of."""
    here = scope.covers(INCIDENT)
    if scope.above:
        here = or_(here, INCIDENT.c.grid.in_(scope.above))
    return and_(INCIDENT.c.state == "open", here)


def worked_on(connection: Connection, desk: Desk, scope: Scope) -> ColumnElement[bool]:
    """The condition on open tasks that the brief tells.

    Those that lie in the grid, that it owes or is offered, those that it handed on, and whatever is done about an
    incident that concerns it, in whosever hands it is.
    """
    sight = sight_of(connection, desk)
    found = sight.owes()
    if scope.level > 1:
        about = TASK.c.incident.in_(select(INCIDENT.c.id).where(happening(scope)))
        found = or_(found, sight.handed(), about)
    return and_(TASK.c.closed.is_(None), found)


def doing(
    connection: Connection, desk: Desk, scope: Scope, tasks: ColumnElement[bool]
) -> tuple[list[Doing], Counts]:
    """Everything that is open: tasks (those of `worked_on`), and incidents for which there is none yet."""
    alone = and_(happening(scope), ~exists().where(TASK.c.incident == INCIDENT.c.id, TASK.c.closed.is_(None)))
    late = or_(TASK.c.breaches != "", TASK.c.due < desk.now)
    counted: dict[str, int] = {}
    overdue = 0
    for priority, count, missed in connection.execute(
        select(TASK.c.priority, func.count(), func.sum(case((late, 1), else_=0)))
        .where(tasks)
        .group_by(TASK.c.priority)
    ):
        counted[priority] = count
        overdue += missed or 0
    for priority, count in connection.execute(
        select(INCIDENT.c.priority, func.count()).where(alone).group_by(INCIDENT.c.priority)
    ):
        counted[priority] = counted.get(priority, 0) + count
    places = grid_names(connection, desk.language, level=4)
    types = type_names(connection)
    found = [
        *_of_tasks(connection, desk, scope, tasks, places, types),
        *_of_incidents(connection, desk, scope, alone, places, types),
    ]
    return found, Counts(sum(counted.values()), overdue, counted)


Types = Mapping[str, tuple[str, str]]


def _rank(of: Any) -> ColumnElement[int]:
    return case(_PRIORITY, value=of.c.priority, else_=9)


def _of_tasks(
    connection: Connection,
    desk: Desk,
    scope: Scope,
    condition: ColumnElement[bool],
    places: Mapping[str, str],
    types: Types,
) -> list[Doing]:
    now = desk.now
    late = case((or_(TASK.c.breaches != "", TASK.c.due < now), 0), else_=1)
    rows = connection.execute(
        select(TASK)
        .where(condition)
        .order_by(_rank(TASK), late, TASK.c.due.is_(None), TASK.c.due, TASK.c.opened, TASK.c.id)
        .limit(READ)
    ).all()
    # A task that nobody was sent to is its centre's: whose duty room one can call.
    holders = [_answers(row) for row in rows]
    phones = phones_of(connection, holders, now, desk)
    known = names(connection, [code for _, code in holders], desk.language)
    homes = _homes(connection, [row.centre for row in rows if not (row.holder or row.offered_to)])
    steps = _next_steps(connection, [row.id for row in rows if row.due is None])
    found = []
    for row, (_, code) in zip(rows, holders, strict=True):
        due = row.due if row.due is not None else steps.get(row.id)
        what, what_en = types.get(row.type, (row.type, row.type))
        found.append(
            Doing(
                id=row.id,
                priority=row.priority,
                what=what,
                what_en=what_en,
                place=_where(row, scope, places, desk),
                state=told_as(row.state, row.type == ARBITRATION),
                level=row.level,
                supervised=row.supervised,
                holder="" if homes.get(code) == (row.township or row.grid) else known.get(code, code),
                phone=phones.get(code, ""),
                since=row.opened,
                since_at=clock(desk, row.opened),
                due=due,
                due_at=clock(desk, due),
                breached=bool(row.breaches) or (row.due is not None and row.due < now),
            )
        )
    return found


def _answers(row: Any) -> tuple[str, str]:
    """Whom one calls about a task, by kind and code: to whom it is offered, who holds it, the centre that owns it."""
    if row.offered_to:
        return row.offered_kind, row.offered_to
    return (row.holder_kind, row.holder) if row.holder else ("centre", row.centre)


def _of_incidents(
    connection: Connection,
    desk: Desk,
    scope: Scope,
    condition: ColumnElement[bool],
    places: Mapping[str, str],
    types: Types,
) -> list[Doing]:
    rows = connection.execute(
        select(INCIDENT)
        .where(condition)
        .order_by(_rank(INCIDENT), INCIDENT.c.opened, INCIDENT.c.id)
        .limit(READ)
    ).all()
    settled = _settled(connection, [row.id for row in rows])
    # Nobody was sent yet: the duty room of the place is whom one can call.
    rooms_of = _rooms_of(connection, {code for row in rows for code in (row.township, row.county, row.grid)})
    answers = [
        next((rooms_of[code] for code in (row.township, row.county, row.grid) if code in rooms_of), "")
        for row in rows
    ]
    phones = phones_of(connection, (("centre", code) for code in answers), desk.now, desk)
    return [
        Doing(
            id=row.id,
            priority=row.priority,
            what=types.get(row.type, (row.type, row.type))[0],
            what_en=types.get(row.type, (row.type, row.type))[1],
            place=_where(row, scope, places, desk),
            state="",
            since=row.opened,
            since_at=clock(desk, row.opened),
            settled_at=clock(desk, settled.get(row.id)),
            phone=phones.get(centre, ""),
        )
        for row, centre in zip(rows, answers, strict=True)
    ]


def _rooms_of(connection: Connection, grids: Iterable[str]) -> dict[str, str]:
    """The centre of each grid that has one."""
    wanted = sorted({grid for grid in grids if grid})
    query = select(CENTRE.c.grid, CENTRE.c.code).where(CENTRE.c.grid.in_(wanted), CENTRE.c.in_service)
    return {row[0]: row[1] for row in connection.execute(query.order_by(CENTRE.c.grid, CENTRE.c.code.desc()))}


def _settled(connection: Connection, incidents: Sequence[str]) -> dict[str, int]:
    """When the newest task of each incident was closed after its verification; those without one are missing, and those
    for which something rang since: that is not settled.
    """
    query = select(TASK.c.incident, func.max(TASK.c.closed)).where(
        TASK.c.incident.in_(incidents), TASK.c.state == "CLOSED"
    )
    found = {row[0]: row[1] for row in connection.execute(query.group_by(TASK.c.incident))}
    rings = select(ALARM.c.incident, func.max(ALARM.c.presented)).where(
        ALARM.c.incident.in_(sorted(found)), ALARM.c.state == "UNACK"
    )
    rang = {row[0]: row[1] for row in connection.execute(rings.group_by(ALARM.c.incident))} if found else {}
    return {one: at for one, at in found.items() if rang.get(one, 0) <= at}


def _homes(connection: Connection, centres: Sequence[str]) -> dict[str, str]:
    """The grid of each centre."""
    query = select(CENTRE.c.code, CENTRE.c.grid).where(CENTRE.c.code.in_(set(centres)))
    return {row[0]: row[1] for row in connection.execute(query)}


def _next_steps(connection: Connection, tasks: Sequence[str]) -> dict[str, int]:
    query = select(DUE.c.task, func.min(DUE.c.at)).where(DUE.c.done.is_(None), DUE.c.task.in_(tasks))
    return {row[0]: row[1] for row in connection.execute(query.group_by(DUE.c.task))} if tasks else {}


def _where(row: Any, scope: Scope, places: Mapping[str, str], desk: Desk) -> str:
    """The place in as few words as tell it to somebody of this scope."""
    # What went over to others lies where they are.
    beyond = not scope.holds(row)
    codes = (
        [row.county] if scope.level <= 1 or (beyond and row.county not in (scope.grid, *scope.above)) else []
    )
    codes += [row.township] if scope.level <= 2 or beyond else []
    codes += [row.grid] if scope.level >= 2 or not any(codes) else []
    told = [places[code] for code in dict.fromkeys(codes) if code in places]
    return ("" if desk.language == "zh" else " ").join(told) or places.get(row.grid, row.grid)


def phones_of(
    connection: Connection, holders: Iterable[tuple[str, str]], at: int, desk: Desk
) -> dict[str, str]:
    """The phone at which each holder, given by kind and code, is reached at an instant."""
    held = set(holders)
    found: dict[str, str] = {}
    for kind, of in (("member", PERSON), ("centre", CENTRE), ("department", DEPARTMENT)):
        codes = sorted(code for one, code in held if one == kind and code)
        if not codes:
            continue
        rows = connection.execute(select(of.c.code, of.c.phone).where(of.c.code.in_(codes)))
        found.update((code, phone) for code, phone in rows if phone)
        if kind != "member":
            for code, entries in on_duty_of(connection, kind, codes, at, desk.zone).items():
                found[code] = next((one.phone for one in entries if one.phone), found.get(code, ""))
    return found


def _some(told: Sequence[str], desk: Desk) -> str:
    join = "、" if desk.language == "zh" else ", "
    more = f" +{len(told) - NAMED}" if len(told) > NAMED else ""
    return join.join(told[:NAMED]) + more


def unknown(connection: Connection, desk: Desk, scope: Scope, worked: ColumnElement[bool]) -> list[Message]:
    """What is not known, the gravest first: who does not answer, what was not looked at, what did not come."""
    found = [*_silent_rooms(connection, desk, scope)]
    waits = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((ALARM.c.priority == "critical", 1), else_=0)), 0),
            func.min(ALARM.c.presented),
        ).where(ALARM.c.state.in_(WAITING), standing(ALARM), scope.sees(ALARM))
    ).one()
    if waits[0]:
        args = {"count": waits[0], "critical": waits[1], "at": clock(desk, waits[2])}
        found.append(Message("brief.unknown.alarms", args))
    for feed in feeds.board(desk):
        if feed.enabled and feed.state in ("late", "failing", "open"):
            told = {"name": feed.name, "state": feed.state, "at": clock(desk, feed.newest) or "--"}
            found.append(Message("brief.unknown.feed", told))
    offline = list(
        connection.execute(
            select(called(STATION, desk.language))
            .join(ALARM, ALARM.c.station == STATION.c.id)
            .where(ALARM.c.rule == "offline", standing(ALARM), scope.covers(STATION))
            .order_by(ALARM.c.presented, ALARM.c.id)
        ).scalars()
    )
    if offline:
        args = {"count": len(offline), "names": _some(offline, desk)}
        found.append(Message("brief.unknown.offline", args))
    for code, condition in (
        ("unaccepted", and_(TASK.c.state == "DISPATCHED", TASK.c.due < desk.now)),
        ("evidence", TASK.c.evidence_pending != ""),
        ("suspect", TASK.c.suspect_data),
    ):
        query = select(TASK.c.id).where(worked, condition)
        tasks = list(connection.execute(query.order_by(TASK.c.opened, TASK.c.id)).scalars())
        if tasks:
            args = {"count": len(tasks), "names": _some(tasks, desk)}
            found.append(Message(f"brief.unknown.{code}", args))
    return found


def _silent_rooms(connection: Connection, desk: Desk, scope: Scope) -> list[Message]:
    """Duty rooms where the book names nobody now, and those that were called in vain."""
    if scope.level > 3:
        return []
    query = (
        select(CENTRE.c.code, called(CENTRE, desk.language))
        .join(GRID, GRID.c.code == CENTRE.c.grid)
        .where(CENTRE.c.in_service, scope.spans())
        .order_by(CENTRE.c.code)
    )
    centres = {row[0]: row[1] for row in connection.execute(query)}
    found: list[Message] = []
    stand = {one.centre: one for one in rooms(connection, desk.zone, desk.now, list(centres))}
    idle = desk.now - numbers(desk.now).unattended
    for code, one in (
        (
            "vacant",
            [name for code, name in centres.items() if not stand[code].answers and not stand[code].manned],
        ),
        (
            "unattended",
            # Whoever reads this out is at a seat.
            [
                name
                for code, name in centres.items()
                if code != desk.actor.centre and (stand[code].last_key or desk.now) <= idle
            ],
        ),
    ):
        if one:
            found.append(Message(f"brief.unknown.{code}", {"count": len(one), "names": _some(one, desk)}))
    for call in unanswered(connection, desk.now - CALLED):
        if call.body_kind != "centre" or call.body in centres:
            name = centres.get(call.body, call.name or call.body)
            found.append(Message("brief.unknown.unanswered", {"name": name, "at": clock(desk, call.at)}))
    return found
