"""Complaints 群众诉求 at the desk: the list with their reply clocks, one with who called, reply and call-back.

Who called is told by `page` alone, and that somebody asked is in the audit chain; all else here is masked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from backend.access import may
from backend.access.audit import append
from backend.desk.desk import Desk
from backend.desk.naming import names, type_names
from backend.desk.scope import grid_names, scope_of
from backend.duty.answers import key_of
from backend.incidents import complaints as room
from backend.incidents.complaints import COMPLAINT_ACT, REPORT, to_call, waiting
from backend.incidents.masking import hide_name, hide_phone, hide_text
from backend.incidents.tables import Incident
from backend.notify import notices
from backend.store import table
from backend.words import Message, Outcome

INCIDENT = table(Incident)
VIEWS = ("waiting", "replied", "all")
"""To reply; to call back; all of them."""
MOST = 2000


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint in one line, its caller masked."""

    id: int
    number: str
    channel: str
    incident: str
    type_name: tuple[str, str]
    title: Message
    place: str
    county: str
    township: str
    grid: str
    priority: str
    at: int
    text: str
    caller: str
    phone: str
    reply_due: int
    call_due: int | None
    """Until when whoever was replied to is to be called back."""
    replied: int | None
    replied_by: str
    reply_result: str
    called_back: int | None
    call_result: str
    state: str
    """``waiting``, ``overdue``, ``again`` (to be replied to once more), ``replied`` (and to be called back),
    ``call_late`` or ``done``."""


@dataclass(frozen=True, slots=True)
class ComplaintStep:
    """What was done to it."""

    at: int
    act: str
    """reply or call_back."""
    by: str
    result: str
    text: str


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """A complaint with who called: the only place that tells."""

    row: ComplaintRow
    text: str
    caller: str
    phone: str
    category: str
    recorded_by: str
    steps: Sequence[ComplaintStep]


def board(desk: Desk, *, view: str = "waiting") -> list[ComplaintRow]:
    """The complaints of the jurisdiction; what is due first comes first, what is over last."""
    with desk.store.read() as connection:
        query = _query(connection, desk)
        if view == "waiting":
            query = query.where(waiting())
        elif view == "replied":
            query = query.where(to_call())
        query = query.order_by(REPORT.c.replied.is_not(None), REPORT.c.reply_due, REPORT.c.id).limit(MOST)
        return rows(connection, desk, connection.execute(query).all())


def those(desk: Desk, reports: Sequence[int]) -> list[ComplaintRow]:
    """The complaints with these ids, as they are now; what is another's is left out."""
    with desk.store.read() as connection:
        query = _query(connection, desk).where(REPORT.c.id.in_(list(reports))).order_by(REPORT.c.id)
        return rows(connection, desk, connection.execute(query).all())


def counts(desk: Desk) -> dict[str, int]:
    """How many wait for a reply, and how many to be called back."""
    with desk.store.read() as connection:
        held = _query(connection, desk).where(REPORT.c.called_back.is_(None)).subquery()
        found = connection.execute(
            select(held.c.replied.is_not(None), func.count()).group_by(held.c.replied.is_not(None))
        ).all()
    told = {bool(done): count for done, count in found}
    return {"waiting": told.get(False, 0), "replied": told.get(True, 0)}


def overdue(connection: Connection, desk: Desk, *, limit: int = 50) -> list[ComplaintRow]:
    """Those whose reply is late, or whose call back: what needs the person now."""
    query = _query(connection, desk).where(waiting(), REPORT.c.reply_due < desk.now)
    found = connection.execute(query.order_by(REPORT.c.reply_due).limit(limit)).all()
    query = _query(connection, desk).where(to_call(), REPORT.c.replied < desk.now)
    calls = [
        row
        for row in connection.execute(query.order_by(REPORT.c.replied).limit(MOST))
        if room.call_due(row.channel, row.priority, row.replied, desk.zone) < desk.now
    ]
    return rows(connection, desk, [*found, *calls[:limit]])


def late(desk: Desk) -> list[ComplaintRow]:
    """Every complaint of the jurisdiction whose reply or call back is late, for whoever supervises."""
    with desk.store.read() as connection:
        return overdue(connection, desk, limit=MOST)


def of_incident(connection: Connection, desk: Desk, incident: str) -> list[ComplaintRow]:
    """The complaints of an incident, oldest first."""
    query = _all().where(REPORT.c.incident == incident, REPORT.c.reply_due.is_not(None)).order_by(REPORT.c.id)
    return rows(connection, desk, connection.execute(query).all())


def page(desk: Desk, report: int, *, opened: bool = False) -> ComplaintPage | None:
    """A complaint with its caller; None where there is none in the jurisdiction, or the role may not look.

    Args:
        opened: somebody opens it now: that goes into the audit chain first.
    """
    with desk.store.write() if opened else desk.store.read() as connection:
        if may(connection, desk.actor, "complaint.open") is not None:
            return None
        query = _query(connection, desk).where(REPORT.c.id == report)
        found = connection.execute(query).all()
        if not found:
            return None
        one = found[0]
        if opened:
            append(connection, desk.actor.person, "complaint.open", str(report), desk.now, number=one.number)
        query_acts = (
            select(COMPLAINT_ACT).where(COMPLAINT_ACT.c.report == report).order_by(COMPLAINT_ACT.c.id)
        )
        acts = connection.execute(query_acts).all()
        called = names(connection, [one.recorded_by, *(act.actor for act in acts)], desk.language)
        (row,) = rows(connection, desk, found)
    return ComplaintPage(
        row=row,
        text=one.text,
        caller=one.caller,
        phone=one.caller_phone,
        category=one.category,
        recorded_by=called.get(one.recorded_by, one.recorded_by),
        steps=[
            ComplaintStep(act.at, act.act, called.get(act.actor, act.actor), act.result, act.text)
            for act in acts
        ],
    )


def reply(desk: Desk, report: int, *, result: str, text: str) -> Outcome:
    """Note what the caller was told; see `backend.incidents.complaints.REPLIES`."""
    with desk.store.write() as connection:
        refusal = _refusal(connection, desk, report)
        if refusal is not None:
            return Outcome(False, refusal)
        done = room.reply(connection, report, result, text, actor=desk.actor.person, now=desk.now)
        if done.ok:
            notices.withdraw(connection, key_of(report, "reply"), desk.now)
        return done


def call_back(desk: Desk, report: int, *, result: str, text: str = "") -> Outcome:
    """Note what the caller said when called back; see `backend.incidents.complaints.CALLS`."""
    with desk.store.write() as connection:
        refusal = _refusal(connection, desk, report)
        if refusal is not None:
            return Outcome(False, refusal)
        done = room.call_back(
            connection, report, result, text, actor=desk.actor.person, now=desk.now, zone=desk.zone
        )
        if done.ok and result != "not_reached":
            notices.withdraw(connection, key_of(report, "call"), desk.now)
        return done


def _refusal(connection: Connection, desk: Desk, report: int) -> Message | None:
    grid = connection.execute(
        select(INCIDENT.c.grid).join(REPORT, REPORT.c.incident == INCIDENT.c.id).where(REPORT.c.id == report)
    ).scalar_one_or_none()
    if grid is None:
        return Message("complaint.refused.none")
    return may(connection, desk.actor, "complaint.reply", grid)


def _all() -> Select[Any]:
    return select(
        REPORT,
        INCIDENT.c.type,
        INCIDENT.c.title_code,
        INCIDENT.c.title_args,
        INCIDENT.c.place,
        INCIDENT.c.county,
        INCIDENT.c.township,
        INCIDENT.c.grid,
        INCIDENT.c.priority,
    ).join(INCIDENT, INCIDENT.c.id == REPORT.c.incident)


def _query(connection: Connection, desk: Desk) -> Select[Any]:
    scope = scope_of(connection, desk.actor.grid)
    return _all().where(REPORT.c.reply_due.is_not(None), scope.covers(INCIDENT))


def rows(connection: Connection, desk: Desk, found: Sequence[Any]) -> list[ComplaintRow]:
    """Complaints as they are shown everywhere: nobody's name, no number, none of either in the text."""
    if not found:
        return []
    places, types = grid_names(connection, desk.language, level=4), type_names(connection)
    called = names(connection, [row.replied_by for row in found], desk.language)
    return [
        ComplaintRow(
            id=row.id,
            number=row.number,
            channel=row.channel,
            incident=row.incident,
            type_name=types.get(row.type, (row.type, row.type)),
            title=Message(row.title_code, json.loads(row.title_args or "{}")),
            # An incident keeps the Chinese name of its place; its grid has an English one.
            place=row.place if desk.language == "zh" else places.get(row.grid) or row.place,
            county=places.get(row.county, ""),
            township=places.get(row.township, ""),
            grid=row.grid,
            priority=row.priority,
            at=row.at,
            text=hide_text(row.text, row.caller, row.caller_phone),
            caller=hide_name(row.caller),
            phone=hide_phone(row.caller_phone),
            reply_due=row.reply_due,
            call_due=_call_due(row, desk),
            replied=row.replied,
            replied_by=called.get(row.replied_by, row.replied_by),
            reply_result=row.reply_result,
            called_back=row.called_back,
            call_result=row.call_result,
            state=_state(row, desk),
        )
        for row in found
    ]


def _call_due(row: Any, desk: Desk) -> int | None:
    if row.replied is None or row.called_back is not None:
        return None
    return room.call_due(row.channel, row.priority, row.replied, desk.zone)


def _state(row: Any, desk: Desk) -> str:
    if row.replied is None:
        late = "again" if row.call_result == "not_satisfied" else "waiting"
        return "overdue" if row.reply_due < desk.now else late
    due = _call_due(row, desk)
    if due is None:
        return "done"
    return "call_late" if due < desk.now else "replied"
