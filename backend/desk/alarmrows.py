"""Alarms as rows: what every list of them shows of one, and the alarms of one signal folded into one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, case, cast, func, or_, select

from backend.alarms.load import Limits
from backend.alarms.rules import rules_at
from backend.alarms.tables import Alarm
from backend.city.tables import Parameter, Station
from backend.desk.desk import Desk
from backend.desk.naming import names as names_of
from backend.desk.scope import WAITING, Scope, grid_names, scope_of, standing
from backend.duty.tables import Claim
from backend.feeds.tables import Feed
from backend.store import table
from backend.tasks.tables import Task

ALARM, CLAIM, FEED = table(Alarm), table(Claim), table(Feed)
PARAMETER, STATION, TASK = table(Parameter), table(Station), table(Task)
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
    beside: tuple[int, ...] = ()
    """Other alarms of the same signal that this line speaks for too (`folded`)."""
    rules: tuple[str, ...] = ()
    """The rules of all of them, the leading one first; empty where it is one alone."""
    against_order: bool = False
    """It rings because an order is not kept: of two that are as urgent, such a one says more."""
    period: int = 3600
    """Seconds that a value of it speaks for."""
    kept_by: str = ""
    """What keeps it from ringing: ``order:<code>``, ``window:<number>``, else the alarm or incident that speaks."""


def query() -> Select[Any]:
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
            FEED.c.name_en.label("feed_name_en"),
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


@cache
def _numbered() -> Select[Any]:
    """The statement for one alarm, put together once: it has eight tables, and a look at the triage desk asks it."""
    recent = or_(standing(ALARM), ALARM.c.presented > bindparam("since"))
    return query().where(ALARM.c.id == bindparam("number"), recent)


def numbered(connection: Connection, desk: Desk, number: int) -> AlarmRow | None:
    """One alarm, where it stands or is of the last week."""
    asked = {"number": number, "since": desk.now - WEEK}
    return next(iter(rows(connection, _numbered(), desk, asked)), None)


def rows(
    connection: Connection, query: Select[Any], desk: Desk, asked: Mapping[str, Any] | None = None
) -> list[AlarmRow]:
    found = connection.execute(query, asked).all()
    scope = scope_of(connection, desk.actor.grid)
    names = grid_names(connection, desk.language)
    codes = {code for row in found for code in (row.acked_by, row.claimed_by, row.shelved_by) if code}
    people = names_of(connection, codes, desk.language)
    broken = rules_at(connection, desk.now).against_orders if found else frozenset()
    return [_row(row, names, people, desk, scope, broken) for row in found]


def _row(
    row: Any,
    names: Mapping[str, str],
    people: Mapping[str, str],
    desk: Desk,
    scope: Scope,
    broken: frozenset[str],
) -> AlarmRow:
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
        or (row.feed_name_en if desk.language == "en" else "")
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
        against_order=row.rule in broken,
        period=row.period,
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


def of(connection: Connection, desk: Desk, *conditions: Any, limit: int = 50) -> list[AlarmRow]:
    """Alarms that fulfil the conditions: those that stand, then those of the last week, the newest first."""
    ended = case((standing(ALARM), 0), else_=1)
    wanted = (
        query()
        .where(*conditions, or_(standing(ALARM), ALARM.c.presented > desk.now - WEEK))
        .order_by(ended, ALARM.c.presented.desc(), ALARM.c.id.desc())
        .limit(limit)
    )
    return rows(connection, wanted, desk)


def folded(found: Sequence[AlarmRow]) -> list[AlarmRow]:
    """Alarms that ring at one station for one incident as one line, which names all rules.

    What stands for different things stays apart: another station, another incident (an instrument's fault is its
    contractor's, the dust is the site's), and what somebody has acknowledged from what nobody has. The line is where
    its first alarm was, and as urgent as the most urgent.
    """
    together: defaultdict[tuple[Any, ...], list[AlarmRow]] = defaultdict(list)
    for row in found:
        of = row.incident and row.station
        key = (row.incident, row.station, row.subject, row.state in WAITING) if of else (row.id,)
        together[key].append(row)
    lines = []
    for several in together.values():
        lead = min(several, key=lambda row: (PRIORITIES.index(row.priority), not row.against_order))
        if len(several) > 1:
            others = [row for row in several if row is not lead]
            lead = replace(
                lead,
                beside=tuple(row.id for row in others),
                rules=tuple(dict.fromkeys((lead.rule, *(row.rule for row in others)))),
                presented=min(row.presented for row in several),
            )
        lines.append(lead)
    return lines
