"""Who called about an incident: taken out of whatever else is written of it, so that it stands on one page alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, or_, select

from backend.incidents.masking import hide_caller
from backend.incidents.rules import rules
from backend.incidents.tables import Incident, IncidentReport
from backend.store import table

INCIDENT, REPORT = table(Incident), table(IncidentReport)
Callers = Sequence[tuple[str, str]]
"""Names and numbers."""


def callers_of(connection: Connection, incident: str) -> Callers:
    """Who called about an incident."""
    return _callers(connection, REPORT.c.incident == incident) if incident else ()


def callers_near(connection: Connection, covered: ColumnElement[bool], now: int, zone: ZoneInfo) -> Callers:
    """Who called lately (`Rules.callers`) about what lies in a jurisdiction.

    Args:
        covered: the condition on incidents that lie in it.
    """
    since = now - rules(now, zone).callers
    inside = select(INCIDENT.c.id).where(covered)
    return _callers(connection, REPORT.c.at >= since, REPORT.c.incident.in_(inside))


def _callers(connection: Connection, *where: ColumnElement[bool]) -> Callers:
    query = (
        select(REPORT.c.caller, REPORT.c.caller_phone)
        .where(*where, or_(REPORT.c.caller != "", REPORT.c.caller_phone != ""))
        .distinct()
    )
    return [(row.caller, row.caller_phone) for row in connection.execute(query)]


def without(text: str, callers: Callers) -> str:
    """A text that names none of them."""
    for caller, phone in callers:
        text = hide_caller(text, caller, phone)
    return text


def without_in(body: Mapping[str, Any], callers: Callers) -> Mapping[str, Any]:
    """What an act says, in which no text names any of them."""
    if not callers:
        return body
    return {key: without(value, callers) if isinstance(value, str) else value for key, value in body.items()}
