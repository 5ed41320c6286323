"""What a seat hands over: gathered for its centre from everything that is open, for `backend.reports.handover`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, or_, select

from backend.access.tables import SeatMemory
from backend.alarms.tables import Alarm, MaintenanceWindow
from backend.city.called import called
from backend.city.tables import Centre, Grid, Station
from backend.desk.briefrows import clock
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.orderrows import span_kind, touching
from backend.desk.scope import WAITING, Scope, grid_names, scope_of, standing
from backend.desk.sight import OFFERED
from backend.desk.taskrows import TaskRow, rows_of
from backend.duty import adopted, remarks
from backend.duty.shifts import Seated, seats
from backend.incidents.complaints import call_due, to_call, waiting
from backend.incidents.tables import Incident, IncidentReport
from backend.reports.handover import Facts, Item, OpenTask
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Message

ALARM, CENTRE, GRID, INCIDENT = table(Alarm), table(Centre), table(Grid), table(Incident)
MEMORY, REPORT, STATION, TASK = table(SeatMemory), table(IncidentReport), table(Station), table(Task)
WINDOW = table(MaintenanceWindow)
FORMS = frozenset(
    (
        "admin",
        "alarm",
        "brief",
        "duty",
        "handover",
        "incident",
        "order",
        "report",
        "review",
        "sheet",
        "window",
    )
)
"""Kinds of forms, by what the name of their slot begins with."""
OF_A_RECORD = frozenset(("approval", "complaint", "task"))
"""Those whose slot goes on with a number that people know."""
NAMED = 4
"""Places that a line tells before it only counts."""


def facts(connection: Connection, desk: Desk, shift: Seated) -> Facts:
    """Everything that the seat of a shift leaves behind."""
    scope = scope_of(connection, desk.actor.grid)
    kept = adopted.kept(connection, shift.centre)
    bodies = [shift.centre, *kept]
    own = or_(
        TASK.c.level == desk.actor.tier,
        TASK.c.centre.in_(bodies),
        TASK.c.holder == shift.centre,
        TASK.c.offered_to.in_(bodies),
    )
    # What is offered from elsewhere waits for this seat's answer, and lies outside until it is taken.
    live = TASK.c.closed.is_(None) & or_(scope.covers(TASK), TASK.c.offered_to.in_(bodies))
    manned = _manned(connection, shift.centre)
    ids: list[str] = []
    below: Counter[str] = Counter()
    reviews: dict[str, int | None] = {}
    rows = connection.execute(
        select(TASK.c.id, TASK.c.level, TASK.c.county, TASK.c.township, TASK.c.review_at, own.label("own"))
        .where(live)
        .order_by(TASK.c.id)
    )
    for row in rows:
        # What nobody is at below is this seat's to hand over: a township without a seat hands nothing over.
        if row.own or not {row.county, row.township} & manned:
            ids.append(row.id)
            reviews[row.id] = row.review_at
        else:
            below[row.level] += 1
    others = [
        *_alarms(connection, desk, scope),
        *_shelved(connection, desk, scope),
        *_windows(connection, desk, scope),
        *_orders(connection, desk),
        *_complaints(connection, desk, scope),
        *_unsent(connection, shift.person),
        *_remarks(connection, desk, shift),
    ]
    called_by = names(connection, list(kept), desk.language)
    others += [
        Item(
            "kept",
            code,
            Message(
                "handover.item.kept", {"centre": called_by.get(code, code), "since": clock(desk, one.began)}
            ),
            at=one.began,
        )
        for code, one in kept.items()
    ]
    tasks = [_task(row, desk, reviews) for row in rows_of(connection, desk, ids)]
    return Facts(tasks, others, below)


def _manned(connection: Connection, own: str) -> set[str]:
    """The grids of the other centres at which somebody sits."""
    sitting = {one.centre for one in seats(connection)} - {own}
    query = select(CENTRE.c.grid).where(CENTRE.c.code.in_(sitting))
    return set(connection.execute(query).scalars()) if sitting else set()


def _task(row: TaskRow, desk: Desk, reviews: Mapping[str, int | None]) -> OpenTask:
    return OpenTask(
        id=row.id,
        what=row.type_name[0],
        what_en=row.type_name[1],
        place=(" " if desk.language == "en" else "").join(
            dict.fromkeys(filter(None, (row.township, row.place)))
        ),
        state=row.told_as,
        # Whoever it was offered to must answer now.
        holder=(row.offered_name if row.side != OFFERED else "") or row.holder_name,
        priority=row.priority,
        due=row.due,
        due_at=clock(desk, row.due),
        breached=bool(row.breaches) or (row.due is not None and row.due < desk.now),
        review_at=clock(desk, reviews.get(row.id)),
        offered=row.side == OFFERED,
    )


def _alarms(connection: Connection, desk: Desk, scope: Scope) -> list[Item]:
    """Alarms that wait for a person: a line for each priority, since the board tells the rest."""
    rows = connection.execute(
        select(ALARM.c.priority, ALARM.c.presented, called(STATION, desk.language))
        .outerjoin(STATION, STATION.c.id == ALARM.c.station)
        .where(ALARM.c.state.in_(WAITING), standing(ALARM), scope.sees(ALARM), ALARM.c.inhibited_by == "")
        .order_by(ALARM.c.presented)
    ).all()
    found = []
    join = "、" if desk.language == "zh" else ", "
    for priority in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == priority]
        places = list(dict.fromkeys(row[2] for row in own if row[2]))
        told = join.join(places[:NAMED]) + (f" +{len(places) - NAMED}" if len(places) > NAMED else "")
        args = {
            "priority": priority,
            "count": len(own),
            "since": clock(desk, own[0][1]),
            "places": told or "--",
        }
        found.append(Item("alarm", priority, Message("handover.item.alarms", args), priority, own[0][1]))
    return found


def _shelved(connection: Connection, desk: Desk, scope: Scope) -> list[Item]:
    rows = connection.execute(
        select(
            ALARM.c.id,
            ALARM.c.rule,
            ALARM.c.priority,
            ALARM.c.shelved_until,
            ALARM.c.shelve_reason,
            called(STATION, desk.language).label("place"),
        )
        .outerjoin(STATION, STATION.c.id == ALARM.c.station)
        .where(ALARM.c.state == "SHELVED", scope.sees(ALARM))
        .order_by(ALARM.c.shelved_until)
    )
    return [
        Item(
            "shelved",
            str(row.id),
            Message(
                "handover.item.shelved",
                {
                    "place": row.place or "--",
                    "rule": row.rule,
                    "until": clock(desk, row.shelved_until),
                    "reason": row.shelve_reason or "--",
                },
            ),
            row.priority,
            row.shelved_until or 0,
        )
        for row in rows
    ]


def _windows(connection: Connection, desk: Desk, scope: Scope) -> list[Item]:
    """Maintenance windows that hold, or begin within a day."""
    now = desk.now
    rows = connection.execute(
        select(WINDOW, called(STATION, desk.language).label("station"))
        .outerjoin(STATION, (WINDOW.c.scope_kind == "station") & (STATION.c.code == WINDOW.c.scope))
        .join(GRID, GRID.c.code == WINDOW.c.grid)
        .where(WINDOW.c.ended.is_(None), WINDOW.c.ends > now, WINDOW.c.starts < now + 86400, scope.spans())
        .order_by(WINDOW.c.ends)
    )
    places = grid_names(connection, desk.language, level=4)
    return [
        Item(
            "window",
            str(row.id),
            Message(
                "handover.item.window",
                {
                    "scope": row.station or places.get(row.scope, row.scope),
                    "since": clock(desk, row.starts),
                    "until": clock(desk, row.ends),
                    "reason": row.reason,
                },
            ),
            at=row.ends,
        )
        for row in rows
    ]


def _orders(connection: Connection, desk: Desk) -> list[Item]:
    return [
        Item(
            "order",
            one.code,
            Message(
                f"handover.item.order.{span_kind(one)}",
                {
                    "title": one.title,
                    "scope": one.scope,
                    "since": clock(desk, one.starts),
                    "until": clock(desk, one.ends),
                    "due": clock(desk, one.due),
                },
            ),
            at=one.starts,
        )
        for one in touching(connection, desk, desk.now)
    ]


def _complaints(connection: Connection, desk: Desk, scope: Scope) -> list[Item]:
    """Complaints that wait for their answer, or for the call after it; the caller is not named."""
    places = grid_names(connection, desk.language, level=4)
    rows = connection.execute(
        select(
            REPORT.c.id,
            REPORT.c.channel,
            REPORT.c.number,
            REPORT.c.reply_due,
            REPORT.c.replied,
            INCIDENT.c.grid,
            INCIDENT.c.priority,
        )
        .join(INCIDENT, INCIDENT.c.id == REPORT.c.incident)
        .where(or_(waiting(), to_call()), scope.covers(INCIDENT))
    )
    found = []
    for row in rows:
        called = row.replied is not None
        due = (
            call_due(row.channel, row.priority, row.replied, desk.zone) if called else int(row.reply_due or 0)
        )
        told = {
            "channel": row.channel,
            "number": row.number or "--",
            "place": places.get(row.grid, row.grid),
            "due": clock(desk, due),
        }
        words = "handover.item.complaint_call" if called else "handover.item.complaint"
        found.append(Item("complaint", str(row.id), Message(words, told), row.priority, due))
    return sorted(found, key=lambda item: item.at)


def _unsent(connection: Connection, person: str) -> list[Item]:
    """Forms that whoever goes has begun to fill in and has not sent."""
    body = connection.execute(
        select(MEMORY.c.body).where(MEMORY.c.person == person, MEMORY.c.slot == "console")
    ).scalar_one_or_none()
    try:
        drafts = json.loads(body).get("drafts", {}) if body else {}
    except (ValueError, AttributeError):
        return []
    return [
        Item("unsent", str(slot), _form(str(slot)))
        for slot, values in sorted(drafts.items())
        if isinstance(values, dict) and any(values.values())
    ]


def _form(slot: str) -> Message:
    """What kind of form a slot of the memory is for, and of which record; what was typed is nobody else's."""
    place, _, about = slot.partition(":")
    kind = place.partition(".")[0]
    if kind in OF_A_RECORD and about:
        return Message("handover.item.draft_of", {"form": kind, "record": about.partition(":")[0]})
    return Message("handover.item.draft", {"form": kind if kind in FORMS else "other"})


def _remarks(connection: Connection, desk: Desk, shift: Seated) -> list[Item]:
    found = remarks.listed(connection, shift.centre, shift.signed_in, desk.now + 1)
    told = names(connection, [one.person for one in found], desk.language)
    return [
        Item(
            "remark",
            str(one.id),
            Message(
                "handover.item.remark",
                {"at": clock(desk, one.at), "person": told.get(one.person, one.person), "text": one.text},
            ),
            at=one.at,
        )
        for one in found
    ]
