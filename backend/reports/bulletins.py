"""Daily reports 日报 and their way: drafted, reviewed 审核, signed 签批, issued 签发, frozen.

What is reviewed is what is signed and issued: the figures and the templates are put aside with the review. An issued
version is never changed; a correction is the next version, with its reason, and the old one stays readable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from backend.access import Actor
from backend.access.audit import append, head
from backend.reports.tables import Bulletin
from backend.store import table
from backend.text import clean
from backend.words import Message, Outcome
from backend.words.message import Scalar

BULLETIN = table(Bulletin)
STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "review": ("draft", "reviewed"),
    "sign": ("reviewed", "signed"),
    "issue": ("signed", "issued"),
}
"""Each step with the state that it wants and the one that it leads to."""
NEXT: Final = {source: step for step, (source, _) in STEPS.items()}
LONGEST: Final = 2000


def newest(connection: Connection, centre: str, day: str) -> Any:
    """The newest version of a report; None where there is none."""
    query = select(BULLETIN).where(BULLETIN.c.centre == centre, BULLETIN.c.day == day)
    return connection.execute(query.order_by(BULLETIN.c.version.desc()).limit(1)).one_or_none()


def version_of(connection: Connection, centre: str, day: str, version: int) -> Any:
    """One version of a report; None where there is none."""
    query = select(BULLETIN).where(
        BULLETIN.c.centre == centre, BULLETIN.c.day == day, BULLETIN.c.version == version
    )
    return connection.execute(query).one_or_none()


def begin(
    connection: Connection,
    centre: str,
    day: str,
    span: tuple[int, int],
    *,
    actor: Actor,
    now: int,
    reason: str = "",
) -> Outcome:
    """Begin a report 拟稿, or with a reason the correction of one that is issued."""
    last = newest(connection, centre, day)
    told = clean(reason, limit=200)
    if last is not None and last.state != "issued":
        return Outcome.refused("report.refused.begun", day=day, version=last.version, state=last.state)
    if last is not None and not told:
        return Outcome.refused("report.refused.reason")
    version = 1 if last is None else last.version + 1
    connection.execute(
        insert(BULLETIN).values(
            centre=centre,
            day=day,
            version=version,
            since=span[0],
            until=span[1],
            state="draft",
            reason=told if last is not None else "",
            remark=last.remark if last is not None else "",
            drafted=now,
            drafted_by=actor.person,
            reviewed_by="",
            signed_by="",
            issued_by="",
            facts="",
            texts="",
            audit_head="",
        )
    )
    act = "report.draft" if last is None else "report.correct"
    append(connection, actor.person, act, _subject(centre, day, version), now, reason=told)
    code = "report.begun" if last is None else "report.corrected"
    return Outcome(True, Message(code, {"day": day, "version": version}), {"version": version})


def refusal(row: Any, step: str, actor: Actor, now: int) -> Message | None:
    """Why a step can't be taken by this person now; None where it can."""
    wanted, _ = STEPS[step]
    if row.state != wanted:
        return Message("report.refused.state", {"step": step, "state": row.state})
    if step == "review" and now < row.until:
        return Message("report.refused.early", {"until": row.until})
    if step in ("review", "sign") and actor.person == row.drafted_by:
        return Message("report.refused.drafter", {"step": step})
    if step == "sign" and actor.person == row.reviewed_by:
        return Message("report.refused.reviewer")
    return None


def take(
    connection: Connection,
    row: Any,
    step: str,
    actor: Actor,
    now: int,
    *,
    facts: Mapping[str, Any] | None = None,
) -> Outcome:
    """Take a step; with the review ``facts`` are put aside."""
    why = refusal(row, step, actor, now)
    if why is not None:
        return Outcome(False, why)
    _, state = STEPS[step]
    values: dict[str, Any] = {"state": state, state: now, f"{state}_by": actor.person}
    if facts is not None:
        values["facts"] = json.dumps(facts, ensure_ascii=False)
    _change(connection, row, values)
    append(connection, actor.person, f"report.{step}", _subject(row.centre, row.day, row.version), now)
    args: dict[str, Scalar] = {"day": row.day, "version": row.version, "state": state}
    return Outcome(True, Message(f"report.done.{step}", args), {"state": state})


def freeze(connection: Connection, row: Any, texts: Mapping[str, str], audit_head: str) -> None:
    """Keep the texts of a report as they are issued, with the head of the audit chain that they print."""
    _change(connection, row, {"texts": json.dumps(texts, ensure_ascii=False), "audit_head": audit_head})


def audit_head(connection: Connection) -> str:
    """The head of the audit chain now."""
    return head(connection)


def send_back(connection: Connection, row: Any, reason: str, actor: Actor, now: int) -> Outcome:
    """Send a report that was reviewed or signed back to its drafter, with a reason."""
    told = clean(reason, limit=200)
    if row.state not in ("reviewed", "signed"):
        return Outcome.refused("report.refused.state", step="send_back", state=row.state)
    if not told:
        return Outcome.refused("report.refused.reason")
    empty = {"reviewed": None, "reviewed_by": "", "signed": None, "signed_by": "", "facts": ""}
    _change(connection, row, {"state": "draft", **empty})
    subject = _subject(row.centre, row.day, row.version)
    append(connection, actor.person, "report.send_back", subject, now, reason=told)
    return Outcome.done("report.done.send_back", day=row.day, version=row.version)


def remark(connection: Connection, row: Any, text: str, actor: Actor, now: int) -> Outcome:
    """What the drafter adds to the figures."""
    if row.state != "draft":
        return Outcome.refused("report.refused.state", step="remark", state=row.state)
    _change(connection, row, {"remark": clean(text, limit=LONGEST, lines=20)})
    append(connection, actor.person, "report.remark", _subject(row.centre, row.day, row.version), now)
    return Outcome.done("report.done.remark", day=row.day)


def versions(connection: Connection, centre: str, day: str) -> int:
    """How many versions there are."""
    query = select(func.count()).where(BULLETIN.c.centre == centre, BULLETIN.c.day == day)
    return int(connection.execute(query).scalar_one())


def _change(connection: Connection, row: Any, values: Mapping[str, Any]) -> None:
    connection.execute(
        update(BULLETIN)
        .where(
            BULLETIN.c.centre == row.centre,
            BULLETIN.c.day == row.day,
            BULLETIN.c.version == row.version,
            BULLETIN.c.state != "issued" if "texts" not in values else BULLETIN.c.texts == "",
        )
        .values(**values)
    )


def _subject(centre: str, day: str, version: int) -> str:
    return f"{centre}:{day}:{version}"
