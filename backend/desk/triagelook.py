"""A closer look at one row of the triage desk: all that a decision rests on, read at once and bounded.

Two days of what rings beside the stations around it, what those say now, the wind, what happened at the place in the
last weeks, cameras near by, orders in force, whom to call, and whom one would send.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from backend.city.tables import Department
from backend.desk import alarms
from backend.desk.alarms import ALARM, AlarmRow
from backend.desk.desk import Desk
from backend.desk.judging import GOOD, HOUR
from backend.desk.leading import leading
from backend.desk.naming import names, type_names
from backend.desk.orderrows import OrderRow, touching
from backend.desk.scope import scope_of
from backend.desk.sending import HolderRow, Sending, candidates
from backend.desk.station import Point, Series
from backend.desk.stationfacts import source_of
from backend.desk.triage import TASK, Item
from backend.desk.triagerules import TriageRules, triage_rules
from backend.desk.vicinity import READINGS, CameraRow, Neighbour, Place, Winds, place_of, winds
from backend.desk.vicinity import cameras as cameras_of
from backend.desk.vicinity import neighbours as neighbours_of
from backend.incidents.masking import hide_text
from backend.incidents.near import near_incident
from backend.incidents.rules import rules as rules_of_incidents
from backend.incidents.tables import IncidentReport
from backend.store import table
from backend.store.tables import Latest
from backend.tasks.policy import Policy, policy_at
from backend.tasks.states import LIVE
from backend.tasks.workorders import FAULT_OF_RULE, contractor_of

DEPARTMENT, REPORT, LATEST = table(Department), table(IncidentReport), table(Latest)
HOURS, DAY = 48, 86400
QUARTER = 900
"""Seconds: hours of a zone begin at one of UTC's quarters."""
PEERS = 8
"""The nearest stations whose median is drawn."""
SAID = 3
"""Reports by people that are told, the newest."""


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened at the place before."""

    at: int
    kind: str
    """``alarm`` or ``task``."""
    what: str
    """A rule, or the name of an incident type."""
    state: str
    code: str
    """A task's result, or the reason for which it was dismissed."""
    key: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for the source."""

    source: str
    name: str
    kind: str
    grade: str
    person: str
    phone: str
    department: str


@dataclass(frozen=True, slots=True)
class Beside:
    """An open task near by that may be about the very same thing."""

    task: str
    type_name: tuple[str, str]
    place: str
    km: float | None
    last: int
    """When its incident was last reported or measured."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom one would send."""

    sending: Sending
    department: str
    """The name of the department that leads; empty where none does."""
    co: tuple[str, ...]
    """The names of those that help 协办."""
    contractor: HolderRow | None
    """The maintenance contractor of the station, where one is known."""
    fault: bool
    """What rings is the instrument's fault: it is the contractor's, and no member's."""


@dataclass(frozen=True, slots=True)
class TriageLook:
    """All that is shown of a row."""

    key: str
    read_at: int
    lead: AlarmRow | None
    """The alarm that leads; None where a person started it."""
    series: Series | None
    neighbours: Sequence[Neighbour]
    winds: Winds | None
    past: Sequence[Past]
    past_counts: tuple[int, int]
    """Alarms and tasks of the last weeks."""
    past_days: int
    cameras: Sequence[CameraRow]
    orders: Sequence[OrderRow]
    contact: Contact | None
    said: Sequence[tuple[int, str, str]]
    """When people reported it, how it came, and what they said."""
    whom: Whom
    beside: Sequence[Beside] = ()
    """Open tasks near by that may be about the very same thing; the nearest first."""


def look(desk: Desk, item: Item) -> TriageLook:
    """The look at an item of the queue."""
    rules = triage_rules(datetime.fromtimestamp(desk.now, desk.zone).date())
    with desk.store.read() as connection:
        place = place_of(connection, station=item.station, incident=item.incident, grid=item.grid)
        raw = lead = None
        if item.alarms:
            raw = connection.execute(select(ALARM).where(ALARM.c.id == item.alarms[0])).first()
            lead = alarms.numbered(connection, desk, item.alarms[0])
        parameter = raw.parameter if raw is not None else None
        most = max(PEERS, rules.neighbours)
        near = neighbours_of(connection, place, parameter, rules, desk.language, most)
        past, counts = _past(connection, desk, item, place, rules)
        return TriageLook(
            key=item.key,
            read_at=desk.now,
            lead=lead,
            series=_series(connection, desk, raw, lead, near),
            neighbours=near[: rules.neighbours],
            winds=winds(connection, place, rules, desk.now, desk.language),
            past=past,
            past_counts=counts,
            past_days=rules.history // DAY,
            cameras=cameras_of(connection, place, rules),
            orders=[one for one in touching(connection, desk, desk.now) if _holds(one, place)],
            contact=_contact(connection, desk, place.source),
            said=_said(connection, item.incident),
            whom=whom(connection, desk, item, place, policy_at(connection, desk.now)),
            beside=_beside(connection, desk, item),
        )


def _beside(connection: Connection, desk: Desk, item: Item) -> list[Beside]:
    """What it could be merged into at once: somebody is at it already."""
    held = rules_of_incidents(desk.now, desk.zone)
    found = near_incident(connection, desk.zone, item.incident, desk.now) if item.incident else []
    found = [one for one in found if held.alike(item.type, one.type)]
    if not found:
        return []
    rows = connection.execute(
        select(TASK.c.id, TASK.c.incident).where(
            TASK.c.incident.in_([one.incident for one in found]),
            TASK.c.closed.is_(None),
            TASK.c.state.in_(sorted(LIVE)),
            scope_of(connection, desk.actor.grid).covers(TASK),
        )
    )
    tasks, types = {row.incident: row.id for row in rows}, type_names(connection)
    return [
        Beside(tasks[one.incident], types.get(one.type, (one.type, one.type)), one.place, one.km, one.last)
        for one in found
        if one.incident in tasks
    ]


def _series(
    connection: Connection, desk: Desk, raw: Any, lead: AlarmRow | None, near: Sequence[Neighbour]
) -> Series | None:
    """Two days of what rings, with the median of the nearest stations."""
    if raw is None or lead is None or raw.station is None or raw.parameter is None:
        return None
    period = raw.period or HOUR
    newest = max(raw.last, raw.began)
    last = newest if desk.now - newest <= 2.5 * period else desk.now - period
    last -= (last - _begins(connection, raw, period)) % period
    starts = range(last - (HOURS * HOUR // period) * period + period, last + period, period)
    peers = [one.id for one in near[:PEERS]] if period >= HOUR else []
    asked = {
        "starts": list(starts),
        "stations": [raw.station, *peers],
        "parameter": raw.parameter,
        "period": period,
    }
    own: list[Point] = []
    others: defaultdict[int, list[float]] = defaultdict(list)
    for start, who, value, flag in connection.execute(READINGS, asked):
        if who == raw.station:
            own.append(Point(start, value, flag))
        elif flag == GOOD and value is not None:
            others[start].append(value)
    medians = {start: statistics.median(values) for start, values in others.items()}
    return Series(lead.parameter, period, sorted(own), medians, starts.start, starts.stop)


def _begins(connection: Connection, raw: Any, period: int) -> int:
    """The start of the newest of the readings that ring: theirs are counted from there, whatever the zone."""
    newest = select(LATEST.c.start).where(
        LATEST.c.station == raw.station, LATEST.c.parameter == raw.parameter, LATEST.c.period == period
    )
    return int(connection.execute(newest).scalar() or 0) // QUARTER * QUARTER


def _past(
    connection: Connection, desk: Desk, item: Item, place: Place, rules: TriageRules
) -> tuple[list[Past], tuple[int, int]]:
    """Alarms and tasks of the place in the last weeks, without those that are decided on now."""
    since = desk.now - rules.history
    of = ALARM.c.station == place.station.id if place.station is not None else ALARM.c.grid == item.grid
    rings = connection.execute(
        select(ALARM.c.id, ALARM.c.rule, ALARM.c.state, ALARM.c.presented, ALARM.c.incident)
        .where(of, ALARM.c.presented > since, ALARM.c.id.not_in(item.alarms[:50]))
        .order_by(ALARM.c.presented.desc())
        .limit(200)
    ).all()
    incidents = sorted({row.incident for row in rings} - {"", item.incident})[:100]
    where = TASK.c.incident.in_(incidents)
    work = connection.execute(
        select(TASK.c.id, TASK.c.type, TASK.c.state, TASK.c.close_code, TASK.c.result, TASK.c.opened)
        .where(
            where if place.station is not None else or_(where, TASK.c.grid == item.grid),
            TASK.c.opened > since,
            TASK.c.id != item.task,
        )
        .order_by(TASK.c.opened.desc())
        .limit(200)
    ).all()
    types, english = type_names(connection), desk.language == "en"
    found = [Past(row.presented, "alarm", row.rule, row.state, "", str(row.id)) for row in rings]
    for row in work:
        name = types.get(row.type, (row.type, row.type))[english] or row.type
        found.append(Past(row.opened, "task", name, row.state, row.result or row.close_code, row.id))
    # What came of it is worth more than that it rang.
    found.sort(key=lambda one: (one.kind != "task", -one.at))
    return found[: rules.past], (len(rings), len(work))


def _holds(order: OrderRow, place: Place) -> bool:
    """Whether an order holds for the place."""
    if order.scope_kind == "source":
        return place.source in order.codes
    return not place.lineage.isdisjoint(order.codes)


def _contact(connection: Connection, desk: Desk, code: str) -> Contact | None:
    one = source_of(connection, desk, code)
    if one is None:
        return None
    return Contact(one.code, one.name, one.kind, one.grade, one.contact, one.phone, one.department)


def _said(connection: Connection, incident: str) -> list[tuple[int, str, str]]:
    """What people reported; nobody's name or number in it."""
    if not incident:
        return []
    query = select(REPORT).where(REPORT.c.incident == incident).order_by(REPORT.c.id.desc()).limit(SAID)
    return [
        (row.at, row.channel, hide_text(row.text, row.caller, row.caller_phone))
        for row in connection.execute(query)
    ]


def whom(connection: Connection, desk: Desk, item: Item, place: Place, policy: Policy) -> Whom:
    """Whom one would send to an item: members and duty rooms, or the contractor where an instrument fails."""
    charged = leading(connection, desk, item.type)
    leads = charged.lead
    called_by = names(connection, [leads, *charged.co], desk.language)
    maintained = item.type in policy.limits.maintenance
    found = candidates(connection, desk, item.grid, leads)
    if maintained:
        rows = [row for row in found.rows if row.kind != "member"]
        found = Sending(rows, found.known, found.vacant)
    rule = None
    if item.alarms:
        rule = connection.execute(
            select(ALARM.c.rule).where(ALARM.c.id == item.alarms[0])
        ).scalar_one_or_none()
    return Whom(
        sending=found,
        department=called_by.get(leads, ""),
        co=tuple(called_by[code] for code in charged.co if code in called_by),
        contractor=_contractor(connection, desk, place),
        fault=maintained or rule in FAULT_OF_RULE,
    )


def _contractor(connection: Connection, desk: Desk, place: Place) -> HolderRow | None:
    code = contractor_of(connection, place.station.id) if place.station is not None else ""
    row = connection.execute(select(DEPARTMENT).where(DEPARTMENT.c.code == code)).first() if code else None
    if row is None:
        return None
    name = names(connection, [code], desk.language).get(code, code)
    return HolderRow("contractor", code, name, row.phone, "", True, False, 0, ())
