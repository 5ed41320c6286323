"""What follows when stored readings have got another flag: the rules look again, incidents follow."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from backend import alarms
from backend.alarms.evaluation import Findings
from backend.alarms.trust import settle
from backend.city.registry import City
from backend.incidents.following import open_for
from backend.store.readings import ReadingRow


def follow(connection: Connection, city: City, changed: Sequence[ReadingRow], now: int) -> Findings | None:
    """Let the alarms see readings whose flag a later check or a person has changed, in the caller's transaction."""
    if not changed:
        return None
    findings = alarms.evaluate(connection, city, changed, now)
    open_for(connection, city, findings, now)
    settle(connection, changed)
    return findings
