"""Contributions 上报 at the desk: what the own centre sends for a period, and who below has not sent yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from backend.access import may
from backend.desk.dailybelow import Below, Period, below, centre_of, span, today
from backend.desk.dailytext import has_above
from backend.desk.desk import Desk
from backend.notify import notices
from backend.reports import contributions
from backend.reports.measures import counts, measures_on
from backend.reports.reminders import key_of
from backend.words import Message, Outcome


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure that a centre reports."""

    code: str
    name: str
    unit: str
    count: int
    """What it has reported, else what those below it have together."""


def owing(desk: Desk, day: str = "") -> list[Below]:
    """The centres below with what they have sent for a period, those that have not first; of the one due now."""
    wanted = day or today(desk)
    with desk.store.read() as connection:
        found = centre_of(connection, desk, "")
        if found is None:
            return []
        rows = below(connection, desk, Period(*found, wanted, *span(desk, wanted)))
    return sorted(rows, key=lambda one: one.sent is not None)


def measures(desk: Desk, day: str) -> list[MeasureRow]:
    """The measures of the person's own centre for a period: what it has sent, else the sum of those below it."""
    with desk.store.read() as connection:
        found = centre_of(connection, desk, "")
        if found is None:
            return []
        code, grid = found
        held = _own(connection, desk, Period(code, grid, day, *span(desk, day)))
        rows = []
        for one in measures_on(connection, date.fromisoformat(day)):
            name, unit = one.said(desk.language)
            rows.append(MeasureRow(one.code, name, unit, held.get(one.code, 0)))
    return rows


def send(desk: Desk, day: str, given: Mapping[str, str | int], text: str = "") -> Outcome:
    """Send the own centre's measures of a period to the tier above 上报; again where something was wrong."""
    with desk.store.write() as connection:
        found = centre_of(connection, desk, "")
        if found is None:
            return Outcome.refused("report.refused.no_centre")
        code, grid = found
        refusal = may(connection, desk.actor, "report.send", grid)
        if refusal is not None:
            return Outcome(False, refusal)
        if not has_above(connection, grid):
            return Outcome.refused("report.refused.top")
        since, until = span(desk, day)
        if since > desk.now:
            return Outcome.refused("report.refused.future", since=since)
        numbers, wrong = counts(given, measures_on(connection, date.fromisoformat(day)))
        if wrong is not None:
            return Outcome(False, wrong)
        number = contributions.send(
            connection, day, code, measures=numbers, text=text, by=desk.actor.person, now=desk.now
        )
        # Who has sent is reminded no more.
        notices.withdraw(connection, key_of(day, code), desk.now)
        told = "report.sent" if desk.now <= until else "report.sent_late"
        return Outcome(True, Message(told, {"day": day, "number": number}), {"number": number})


def _own(connection: Connection, desk: Desk, period: Period) -> dict[str, int]:
    held = contributions.sent(connection, [period.day], [period.centre]).get((period.day, period.centre))
    if held is not None:
        return dict(held.measures)
    got = [one.sent for one in below(connection, desk, period) if one.sent is not None]
    return contributions.summed(got)
