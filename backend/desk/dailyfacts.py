"""What a daily report says: everything that its templates name, counted up for a centre's grid and a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from backend.alarms.tables import Alarm, Flood
from backend.city.called import called
from backend.city.tables import Grid
from backend.desk import dailyair
from backend.desk.dailyair import AirDay
from backend.desk.dailybelow import Period, below, moment
from backend.desk.desk import Desk
from backend.desk.naming import type_names
from backend.desk.orderrows import ORDER, OrderRow, span_kind, touching
from backend.desk.scope import scope_of
from backend.desk.taskrows import rows_of
from backend.incidents.tables import ComplaintAct, Incident, IncidentReport
from backend.reports.contributions import Sent, summed
from backend.reports.measures import measures_on
from backend.store import table
from backend.tasks.states import State
from backend.tasks.tables import Act, Breach, Segment, Task
from backend.words import entry, word

ACT, ALARM, BREACH, FLOOD = table(Act), table(Alarm), table(Breach), table(Flood)
GRID, INCIDENT, REPORT = table(Grid), table(Incident), table(IncidentReport)
COMPLAINT_ACT, SEGMENT, TASK = table(ComplaintAct), table(Segment), table(Task)
LISTED = 40
"""Open tasks that a report lists; all of them are counted."""


def values(connection: Connection, desk: Desk, period: Period) -> dict[str, Any]:
    """Everything that the templates name but the report's own state, in the desk's language."""
    period.scope = scope_of(connection, period.grid)
    centres = below(connection, desk, period)
    got = [one for one in centres if one.sent is not None]
    types = type_names(connection)
    return {
        "expected": len(centres),
        "sent": len(got),
        "missing_count": len(centres) - len(got),
        "missing": [{"name": one.name, "phone": one.phone or "--"} for one in centres if one.sent is None],
        "contributions": [
            {
                "name": one.name,
                "at": moment(desk, one.sent.at)
                + (word("report.daily.late", desk.language) if one.late else ""),
                "by": one.by_name,
                "text": one.sent.text or "--",
            }
            for one in got
            if one.sent is not None
        ],
        "measures": _measures(connection, desk, period, [one.sent for one in got if one.sent is not None]),
        **_tasks(connection, desk, period, types),
        **_alarms(connection, desk, period),
        **_complaints(connection, period),
        "orders": _orders(connection, desk, period),
        "tasks": _open(connection, desk, period, types),
        **_air(connection, desk, period),
    }


def _short(desk: Desk, at: int | None) -> str:
    return "--" if at is None else datetime.fromtimestamp(at, desk.zone).strftime("%m-%d %H:%M")


def _measures(
    connection: Connection, desk: Desk, period: Period, got: Sequence[Sent]
) -> list[dict[str, Any]]:
    total = summed(got)
    found = []
    for one in measures_on(connection, period.on):
        name, unit = one.said(desk.language)
        found.append({"name": name, "count": total.get(one.code, 0), "unit": unit})
    return found


# Tasks.


def _tasks(
    connection: Connection, desk: Desk, period: Period, types: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """Filed, closed, open at the end and overdue then, together and by incident type; results; breaches; reworks."""
    since, until, covers = period.since, period.until, period.scope.covers(TASK)
    earlier = SEGMENT.alias("earlier")
    filed = select(SEGMENT.c.task).where(
        SEGMENT.c.kind == "TOTAL",
        SEGMENT.c.started >= since,
        SEGMENT.c.started < until,
        ~exists().where(
            earlier.c.task == SEGMENT.c.task, earlier.c.kind == "TOTAL", earlier.c.started < since
        ),
    )
    closed = and_(TASK.c.state == State.CLOSED, TASK.c.closed >= since, TASK.c.closed < until)
    open_then = _open_then(until)
    missed = select(BREACH.c.task).where(BREACH.c.due < until)
    rows = connection.execute(
        select(
            TASK.c.type,
            func.sum(case((TASK.c.id.in_(filed), 1), else_=0)).label("opened"),
            func.sum(case((closed, 1), else_=0)).label("closed"),
            func.sum(case((open_then, 1), else_=0)).label("open"),
            func.sum(case((and_(open_then, TASK.c.id.in_(missed)), 1), else_=0)).label("overdue"),
        )
        .where(
            covers,
            TASK.c.opened < until,
            or_(TASK.c.closed.is_(None), TASK.c.closed >= since, TASK.c.opened >= since),
        )
        .group_by(TASK.c.type)
        .order_by(TASK.c.type)
    ).all()
    place = desk.language == "en"
    by_type = [
        {
            "name": types.get(row.type, (row.type, row.type))[place] or row.type,
            "opened": row.opened,
            "closed": row.closed,
            "open": row.open,
            "overdue": row.overdue,
        }
        for row in rows
        if row.opened or row.closed or row.open
    ]
    results = connection.execute(
        select(TASK.c.result, func.count())
        .where(covers, closed, TASK.c.result != "")
        .group_by(TASK.c.result)
        .order_by(func.count().desc(), TASK.c.result)
    )
    breaches = connection.execute(
        select(func.count())
        .select_from(BREACH.join(TASK, TASK.c.id == BREACH.c.task))
        .where(covers, BREACH.c.due >= since, BREACH.c.due < until)
    ).scalar_one()
    reworks = connection.execute(
        select(func.count())
        .select_from(ACT.join(TASK, TASK.c.id == ACT.c.task))
        .where(
            covers,
            ACT.c.kind == "verify_no",
            ACT.c.result == "applied",
            ACT.c.at >= since,
            ACT.c.at < until,
        )
    ).scalar_one()
    return {
        "types": by_type,
        **{key: sum(row[key] for row in by_type) for key in ("opened", "closed", "open", "overdue")},
        "results": [
            {"name": entry(f"result.{code}", desk.language) or code, "count": count}
            for code, count in results
        ],
        "breaches": breaches,
        "reworks": reworks,
    }


def _open_then(until: int) -> ColumnElement[bool]:
    """The condition on tasks that were open at an instant."""
    return and_(
        TASK.c.opened < until,
        or_(TASK.c.closed.is_(None), TASK.c.closed >= until),
        TASK.c.state != State.DRAFT,
    )


def _open(
    connection: Connection, desk: Desk, period: Period, types: Mapping[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    """The tasks open at the end that matter most, with the state that they have when the report is made."""
    rank = case(
        {name: n for n, name in enumerate(("critical", "high", "medium", "low"))},
        value=TASK.c.priority,
        else_=9,
    )
    ids = list(
        connection.execute(
            select(TASK.c.id)
            .where(period.scope.covers(TASK), _open_then(period.until))
            .order_by(rank, TASK.c.breaches == "", TASK.c.due.is_(None), TASK.c.due, TASK.c.id)
            .limit(LISTED)
        ).scalars()
    )
    language = desk.language
    return [
        {
            "task": row.id,
            "what": types.get(row.type, (row.type, row.type))[language == "en"] or row.type,
            "place": " ".join(dict.fromkeys(filter(None, (row.county, row.township, row.place)))),
            "state": word(f"task.state.{row.told_as}", language),
            "holder": row.holder_name or "--",
            "priority": word(f"task.priority.{row.priority}", language),
            "due": _short(desk, row.due),
            "late": word("report.daily.overdue", language) if row.breaches else "",
        }
        for row in rows_of(connection, desk, ids)
    ]


# Alarms, complaints, orders.


def _alarms(connection: Connection, desk: Desk, period: Period) -> dict[str, Any]:
    within = and_(
        ALARM.c.presented >= period.since, ALARM.c.presented < period.until, period.scope.covers(ALARM)
    )
    critical = func.sum(case((ALARM.c.priority == "critical", 1), else_=0))
    rows = connection.execute(
        select(
            ALARM.c.rule,
            func.count().label("count"),
            critical.label("critical"),
            func.count(ALARM.c.acked).label("acked"),
        )
        .where(within)
        .group_by(ALARM.c.rule)
        .order_by(func.count().desc(), ALARM.c.rule)
    ).all()
    floods = connection.execute(
        select(func.count()).where(
            FLOOD.c.grid == period.grid, FLOOD.c.began >= period.since, FLOOD.c.began < period.until
        )
    ).scalar_one()
    return {
        "alarms": sum(row.count for row in rows),
        "alarms_critical": sum(row.critical for row in rows),
        "alarms_acknowledged": sum(row.acked for row in rows),
        "alarm_rules": [
            {
                "name": entry(f"rule.{row.rule}", desk.language) or row.rule,
                "count": row.count,
                "critical": row.critical,
            }
            for row in rows
        ],
        "floods": floods,
    }


def _complaints(connection: Connection, period: Period) -> dict[str, Any]:
    query = (
        select(func.count())
        .select_from(REPORT.join(INCIDENT, INCIDENT.c.id == REPORT.c.incident))
        .where(period.scope.covers(INCIDENT), or_(REPORT.c.number != "", REPORT.c.channel == "12345"))
    )
    came = query.where(REPORT.c.at >= period.since, REPORT.c.at < period.until)
    # A reply that did not satisfy was a reply all the same: the acts keep it; of the line's own there are none.
    given = select(COMPLAINT_ACT.c.report).where(
        COMPLAINT_ACT.c.act == "reply", COMPLAINT_ACT.c.at >= period.since, COMPLAINT_ACT.c.at < period.until
    )
    inside = and_(REPORT.c.replied >= period.since, REPORT.c.replied < period.until)
    answered = query.where(or_(REPORT.c.id.in_(given), inside))
    return {
        "complaints": connection.execute(came).scalar_one(),
        "replied": connection.execute(answered).scalar_one(),
    }


def _orders(connection: Connection, desk: Desk, period: Period) -> list[dict[str, Any]]:
    """Orders that held at any time of the period."""
    held = {
        row[0]
        for row in connection.execute(
            select(ORDER.c.code).where(
                ORDER.c.starts < period.until,
                or_(ORDER.c.ends.is_(None), ORDER.c.ends > period.since),
                or_(ORDER.c.withdrawn.is_(None), ORDER.c.withdrawn > period.since),
            )
        )
    }
    year = datetime.fromtimestamp(period.until, desk.zone).year
    return [
        _order(one, desk, year)
        for one in touching(connection, desk, period.until - 1, over=True)
        if one.code in held
    ]


def _dated(desk: Desk, at: int | None, year: int) -> str:
    """With its year where that is another one than the report's."""
    if at is None or (told := datetime.fromtimestamp(at, desk.zone)).year == year:
        return _short(desk, at)
    return told.strftime("%Y-%m-%d %H:%M")


def _order(one: OrderRow, desk: Desk, year: int) -> dict[str, Any]:
    if one.withdrawn is not None:
        # What was taken back is due no more.
        one = replace(one, ends=one.withdrawn, due=None)
    times = {"since": one.starts, "until": one.ends, "due": one.due}
    told = {name: _dated(desk, at, year) for name, at in times.items()}
    return {
        "title": one.title,
        "scope": one.scope or "--",
        "span": word(f"order.span.{span_kind(one)}", desk.language, **told),
        "by": one.issuer or "--",
        **told,
    }


# Air.


def _air(connection: Connection, desk: Desk, period: Period) -> dict[str, Any]:
    """The area's own figures, the counties' in their rank, and where the own county stands."""
    scope, language = period.scope, desk.language
    days = dailyair.of_counties(connection, period.since, period.until, period.on)
    query = select(GRID.c.code, called(GRID, language)).where(GRID.c.level == 2, GRID.c.in_service)
    counties = {row[0]: row[1] for row in connection.execute(query)}
    home = scope.grid if scope.level == 2 else next((code for code in scope.above if code in counties), "")
    if scope.level <= 2:
        own = days.get("" if scope.level <= 1 else scope.grid, AirDay())
    else:
        own = dailyair.of_scope(connection, scope, period.since, period.until, period.on)
    order = dailyair.ranked(days, list(counties))
    mine = next((index for index, code in order if code == home), None)
    means = own.means or {}
    shown = [code for _, code in order]
    return {
        "air_index": "--" if own.index is None else own.index,
        "air_level": word(f"level.{own.level}", language) if own.level else "--",
        "air_primary": _primary(own, desk) or "--",
        "air_rank": "" if mine is None else 1 + sum(index < mine for index, _ in order),
        "air_of": len(order),
        "air_best": _told(order[0], counties) if order else "--",
        "air_worst": _told(order[-1], counties) if order else "--",
        **{code: _number(means, code) for code in dailyair.MEANT},
        "air": [
            {
                "name": counties[code],
                "index": days[code].index,
                "level": word(f"level.{days[code].level}", language),
                **{name: _number(days[code].means or {}, name) for name in ("pm25", "pm10", "o3")},
            }
            for code in shown
        ],
    }


def _primary(day: AirDay, desk: Desk) -> str:
    join = "、" if desk.language == "zh" else ", "
    return join.join(entry(f"parameter.{code}", desk.language) or code for code in day.primary)


def _told(one: tuple[int, str], counties: Mapping[str, str]) -> str:
    return f"{counties[one[1]]} {one[0]}"


def _number(means: Mapping[str, float], code: str) -> str:
    value = means.get(code)
    return "--" if value is None else f"{value:.1f}" if code == "co" else f"{value:.0f}"
