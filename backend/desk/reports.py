"""Reports at the desk: daily reports with their steps, versions and texts, contributions, and shift logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from backend.access import may
from backend.city.tables import Centre, Grid
from backend.desk import dailytext
from backend.desk.contributing import MeasureRow as MeasureRow
from backend.desk.contributing import measures as measures
from backend.desk.contributing import owing as owing
from backend.desk.contributing import send as send
from backend.desk.dailybelow import Below, Period, below, centre_of, centres_below
from backend.desk.dailybelow import span as span
from backend.desk.dailybelow import today as today
from backend.desk.dailytext import NO_REPORT
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.shiftlog import ShiftRow as ShiftRow
from backend.desk.shiftlog import shift_log as shift_log
from backend.desk.shiftlog import shifts as shifts
from backend.reports import bulletins, contributions, templates
from backend.reports.bulletins import BULLETIN, NEXT
from backend.store import table
from backend.words import Message, Outcome

CENTRE, GRID = table(Centre), table(Grid)
DAYS = 14
"""Periods that the list shows, whether there is a report of them or not."""
FORMATS = templates.FORMATS


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A version of a daily report, or a period of which there is none yet."""

    centre: str
    centre_name: str
    day: str
    """The civil day at whose noon the period ends."""
    version: int
    """0 where there is none yet."""
    state: str
    """``none``, ``draft``, ``reviewed``, ``signed`` or ``issued``."""
    newest: bool
    """No later version stands for it."""
    since: int
    until: int
    reason: str
    expected: int
    """Centres below that owe a contribution."""
    sent: int
    missing: tuple[str, ...]
    """What those are called that have not sent yet."""
    by: str
    """Who took the last step, by name."""
    at: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a report's way."""

    step: str
    """draft, review, sign or issue."""
    at: int | None
    by: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A version of a daily report with its text, its steps, and what the person may do with it."""

    row: ReportRow
    text: str
    steps: Sequence[Step]
    below: Sequence[Below]
    versions: int
    remark: str
    audit_head: str
    next: str
    """The next step; empty where it is issued."""
    refusals: Mapping[str, Message | None]
    """By act (step, send_back, correct, remark): why it is off; None where it is on."""


def board(desk: Desk, *, centre: str = "", days: int = DAYS) -> list[ReportRow]:
    """The daily reports of a centre, newest first, with the periods of the last days of which there is none."""
    with desk.store.read() as connection:
        found = centre_of(connection, desk, centre)
        if found is None:
            return []
        code, grid = found
        rows = connection.execute(
            select(BULLETIN)
            .where(BULLETIN.c.centre == code)
            .order_by(BULLETIN.c.day.desc(), BULLETIN.c.version.desc())
            .limit(400)
        ).all()
        last = date.fromisoformat(today(desk))
        wanted = [(last + timedelta(days=1 - back)).isoformat() for back in range(days + 1)]
        # The next period begins at noon: until then there is nothing to tell of it.
        wanted = [day for day in wanted if span(desk, day)[0] <= desk.now]
        begun = {row.day for row in rows}
        listed: list[tuple[str, Any]] = [(row.day, row) for row in rows]
        listed += [(day, None) for day in wanted if day not in begun]
        lines = _rows(connection, desk, code, grid, listed)
    newest: dict[str, int] = {}
    for line in lines:
        newest[line.day] = max(newest.get(line.day, 0), line.version)
    marked = [replace(line, newest=line.version == newest[line.day]) for line in lines]
    return sorted(marked, key=lambda line: (line.day, line.version), reverse=True)


def page(desk: Desk, day: str, version: int = 0, *, centre: str = "", kind: str = "txt") -> ReportPage | None:
    """A report with its text; None where the centre is not in the person's grid.

    Args:
        version: the newest where 0.
        kind: ``txt`` or ``md``.
    """
    with desk.store.read() as connection:
        found = centre_of(connection, desk, centre)
        if found is None:
            return None
        code, grid = found
        row = (
            bulletins.version_of(connection, code, day, version)
            if version
            else bulletins.newest(connection, code, day)
        )
        period = Period(code, grid, day, *span(desk, day))
        line = _rows(connection, desk, code, grid, [(day, row)])[0]
        many = bulletins.versions(connection, code, day)
        line = replace(line, newest=line.version == many)
        centres = below(connection, desk, period)
        known = names(connection, dailytext.people(row), desk.language)
        return ReportPage(
            row=line,
            text=dailytext.text(connection, desk, period, row, kind),
            steps=_steps(row, known),
            below=centres,
            versions=many,
            remark=row.remark if row is not None else "",
            audit_head=row.audit_head if row is not None else "",
            next="draft" if row is None else NEXT.get(row.state, ""),
            refusals=_refusals(connection, desk, row, grid, line.newest),
        )


# Steps.


def draft(desk: Desk, day: str, *, centre: str = "", reason: str = "") -> Outcome:
    """Begin a period's report 拟稿; with a reason, the correction of one that is issued."""
    with desk.store.write() as connection:
        found = centre_of(connection, desk, centre)
        if found is None:
            return Outcome.refused("report.refused.no_centre")
        code, grid = found
        refusal = may(connection, desk.actor, "report.draft", grid)
        if refusal is not None:
            return Outcome(False, refusal)
        since, until = span(desk, day)
        if since > desk.now:
            return Outcome.refused("report.refused.future", since=since)
        return bulletins.begin(
            connection, code, day, (since, until), actor=desk.actor, now=desk.now, reason=reason
        )


def step(desk: Desk, day: str, name: str, *, centre: str = "", seen: int = 0) -> Outcome:
    """Take a step: ``review``, ``sign`` or ``issue``.

    With the review the figures and the templates are put aside; with the issue the texts, which print the head of the
    audit chain, and the centre's own contribution goes to the tier above.

    Args:
        seen: the version that the person had before them.
    """
    with desk.store.write() as connection:
        got = _found(connection, desk, day, centre, f"report.{name}")
        if isinstance(got, Outcome):
            return got
        row, grid = got
        if seen and seen != row.version:
            return Outcome.refused("report.refused.version", day=day, version=row.version)
        period = Period(row.centre, grid, day, row.since, row.until)
        why = bulletins.refusal(row, name, desk.actor, desk.now)
        if why is not None:
            return Outcome(False, why)
        facts = dailytext.facts(connection, desk, period) if name == "review" else None
        outcome = bulletins.take(connection, row, name, desk.actor, desk.now, facts=facts)
        if outcome.ok and name == "issue":
            dailytext.issue(connection, desk, period, row)
        return outcome


def send_back(desk: Desk, day: str, reason: str, *, centre: str = "") -> Outcome:
    """Send a report back to its drafter 退回修改."""
    with desk.store.write() as connection:
        got = _found(connection, desk, day, centre, "report.review")
        if isinstance(got, Outcome):
            return got
        return bulletins.send_back(connection, got[0], reason, desk.actor, desk.now)


def remark(desk: Desk, day: str, text: str, *, centre: str = "") -> Outcome:
    """Write down what the figures do not say; while it is a draft."""
    with desk.store.write() as connection:
        got = _found(connection, desk, day, centre, "report.draft")
        if isinstance(got, Outcome):
            return got
        return bulletins.remark(connection, got[0], text, desk.actor, desk.now)


# How it is put together.


def _found(
    connection: Connection, desk: Desk, day: str, centre: str, right: str
) -> tuple[Any, str] | Outcome:
    """The newest version of a report and its centre's grid, where the person has the right; else why not."""
    place = centre_of(connection, desk, centre)
    if place is None:
        return Outcome.refused("report.refused.no_centre")
    refusal = may(connection, desk.actor, right, place[1])
    if refusal is not None:
        return Outcome(False, refusal)
    row = bulletins.newest(connection, place[0], day)
    return Outcome.refused("report.refused.none", day=day) if row is None else (row, place[1])


def _steps(row: Any, known: Mapping[str, str]) -> list[Step]:
    if row is None:
        return []
    done = (
        ("draft", row.drafted, row.drafted_by),
        ("review", row.reviewed, row.reviewed_by),
        ("sign", row.signed, row.signed_by),
        ("issue", row.issued, row.issued_by),
    )
    return [Step(name, at, known.get(by, by)) for name, at, by in done]


def _refusals(
    connection: Connection, desk: Desk, row: Any, grid: str, newest: bool
) -> dict[str, Message | None]:
    """Why each act is off for this person and this version."""

    def right(what: str) -> Message | None:
        return may(connection, desk.actor, what, grid)

    old = None if newest else Message("report.refused.old")
    state = NO_REPORT if row is None else row.state
    step = "draft" if row is None else NEXT.get(row.state, "")
    if not step:
        why: Message | None = Message("report.refused.issued")
    elif step == "draft":
        why = right("report.draft")
    else:
        why = right(f"report.{step}") or bulletins.refusal(row, step, desk.actor, desk.now)
    return {
        "step": old or why,
        "send_back": old
        or (
            None
            if state in ("reviewed", "signed")
            else Message("report.refused.state", {"step": "send_back", "state": state})
        )
        or right("report.review"),
        "correct": old
        or (None if state == "issued" else Message("report.refused.not_issued", {"state": state}))
        or right("report.draft"),
        "remark": old
        or (None if state == "draft" else Message("report.refused.state", {"step": "remark", "state": state}))
        or right("report.draft"),
        "send": right("report.send")
        or (None if dailytext.has_above(connection, grid) else Message("report.refused.top")),
    }


def _rows(
    connection: Connection, desk: Desk, code: str, grid: str, listed: Sequence[tuple[str, Any]]
) -> list[ReportRow]:
    """Lines of the list: a day and its report's row, None where there is none."""
    centres = centres_below(connection, desk, code, grid)
    got = contributions.sent(connection, {day for day, _ in listed}, centres)
    last = [_last(row) for _, row in listed]
    known = names(connection, [code, *(by for by, _ in last)], desk.language)
    found = []
    for (day, row), (by, at) in zip(listed, last, strict=True):
        since, until = span(desk, day)
        missing = tuple(name for one, name in centres.items() if (day, one) not in got)
        found.append(
            ReportRow(
                centre=code,
                centre_name=known.get(code, code),
                day=day,
                version=0 if row is None else row.version,
                state=NO_REPORT if row is None else row.state,
                newest=True,
                since=since,
                until=until,
                reason="" if row is None else row.reason,
                expected=len(centres),
                sent=len(centres) - len(missing),
                missing=missing,
                by=known.get(by, by),
                at=at,
            )
        )
    return found


def _last(row: Any) -> tuple[str, int | None]:
    """Who took a report's last step, and when."""
    for step in ("issued", "signed", "reviewed", "drafted"):
        if row is not None and getattr(row, step) is not None:
            return getattr(row, f"{step}_by"), getattr(row, step)
    return "", None
