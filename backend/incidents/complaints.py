"""Complaints 群众诉求: each keeps its number, and somebody waits for the answer: replied to, and called back.

The incident may end while the caller still waits, and the caller may be answered while work goes on: two clocks.
Whoever was called back and is not satisfied waits again, with a new time to be answered in.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, select

from backend.incidents.rules import rules
from backend.incidents.tables import ComplaintAct, Incident, IncidentReport
from backend.store.model import table
from backend.text import clean
from backend.words import Message, Outcome

INCIDENT, REPORT, COMPLAINT_ACT = table(Incident), table(IncidentReport), table(ComplaintAct)
REPLIES = ("rectified", "in_hand", "no_problem", "not_found", "not_ours")
"""What a caller is told (peers: solved, not found, not ours and refused are never one and the same)."""
CALLS = ("satisfied", "not_satisfied", "not_reached")
"""What a caller says when called back 回访."""
LONGEST = 2000


def waiting() -> ColumnElement[bool]:
    """The condition on complaints that have not been replied to; the partial index can answer it."""
    return REPORT.c.reply_due.is_not(None) & REPORT.c.replied.is_(None)


def to_call() -> ColumnElement[bool]:
    """The condition on complaints that have been replied to, and whose caller has not been heard yet."""
    return REPORT.c.reply_due.is_not(None) & REPORT.c.replied.is_not(None) & REPORT.c.called_back.is_(None)


def call_due(channel: str, priority: str, replied: int, zone: ZoneInfo) -> int:
    """Until when whoever was replied to is to be called back 回访时限."""
    return replied + rules(replied, zone).call.get(channel, {}).get(priority, 0)


def reply(conn: Connection, report: int, result: str, text: str, *, actor: str, now: int) -> Outcome:
    """Note what the caller was told; a second time only where they were not satisfied."""
    row = conn.execute(select(REPORT).where(REPORT.c.id == report)).first()
    if row is None or row.reply_due is None:
        return Outcome.refused("complaint.refused.none")
    if result not in REPLIES:
        return Outcome.refused("complaint.refused.result", result=clean(result, limit=40))
    if why := _wrong(text):
        return Outcome(False, why)
    if row.replied is not None:
        return Outcome.refused("complaint.refused.replied", number=row.number, at=row.replied)
    told = clean(text, limit=LONGEST, lines=40)
    values = {
        "replied": now,
        "replied_by": actor,
        "reply_result": result,
        "reply": told,
        "called_back": None,
        "called_by": "",
        "call_result": "",
        "call_note": "",
    }
    conn.execute(REPORT.update().where(REPORT.c.id == report).values(**values))
    _note(conn, report, "reply", actor, now, result, told)
    return Outcome.done("complaint.done.replied", number=row.number)


def call_back(
    conn: Connection, report: int, result: str, text: str, *, actor: str, now: int, zone: ZoneInfo
) -> Outcome:
    """Note what the caller said; one who was not reached is called again, one not satisfied is replied to again."""
    row = conn.execute(select(REPORT).where(REPORT.c.id == report)).first()
    if row is None or row.reply_due is None:
        return Outcome.refused("complaint.refused.none")
    if result not in CALLS:
        return Outcome.refused("complaint.refused.result", result=clean(result, limit=40))
    if row.replied is None:
        return Outcome.refused("complaint.refused.not_replied", number=row.number)
    if result == "not_satisfied" and (why := _wrong(text)):
        return Outcome(False, why)
    if len(text) > LONGEST:
        return Outcome(False, _long(text))
    if row.called_back is not None:
        return Outcome.refused("complaint.refused.called", number=row.number, at=row.called_back)
    told = clean(text, limit=LONGEST, lines=40)
    values = {
        "called_back": now if result == "satisfied" else None,
        "called_by": actor,
        "call_result": result,
        "call_note": told,
    }
    if result == "not_satisfied":
        # What they were told did not help: they wait again. What was told and said stands in the acts.
        priority = conn.execute(select(INCIDENT.c.priority).where(INCIDENT.c.id == row.incident)).scalar_one()
        again = rules(now, zone).reply_due(row.channel, priority, now)
        values |= {
            "replied": None,
            "replied_by": "",
            "reply_result": "",
            "reply": "",
            "reply_due": again or now,
        }
    conn.execute(REPORT.update().where(REPORT.c.id == report).values(**values))
    _note(conn, report, "call_back", actor, now, result, told)
    return Outcome.done(f"complaint.done.{result}", number=row.number)


def _wrong(text: str) -> Message | None:
    if not text.strip():
        return Message("complaint.refused.text")
    return _long(text) if len(text) > LONGEST else None


def _long(text: str) -> Message:
    return Message("incident.refused.long_text", {"length": len(text), "longest": LONGEST})


def _note(conn: Connection, report: int, act: str, actor: str, now: int, result: str, text: str) -> None:
    conn.execute(
        COMPLAINT_ACT.insert().values(report=report, at=now, act=act, actor=actor, result=result, text=text)
    )
