"""What an incident is 事件认定: a person who names it knows more than a machine that measures it.

An incident that stations opened as 空气质量异常 is a straw fire once somebody has seen the fire. It stays the one that
its stations' signals find.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from backend.access.audit import append
from backend.city.registry import City
from backend.incidents.rules import rules
from backend.incidents.tables import Incident
from backend.store.model import table

INCIDENT = table(Incident)
Title = tuple[str, str]
"""A title's code, and its arguments as JSON."""


def title_of(names: tuple[str, str], place: tuple[str, str]) -> Title:
    """The title of what a person names: the type's name and the place's, each in both languages."""
    args = {
        "type": names[0],
        "type_en": names[1],
        "place": place[0],
        "place_en": place[1] or place[0],
    }
    return "incident.title.report", json.dumps(args, ensure_ascii=False)


def place_in(conn: Connection, incident: str) -> tuple[str, str]:
    """What an incident's title calls its place, in both languages; empty where there is no such incident."""
    row = conn.execute(
        select(INCIDENT.c.title_args, INCIDENT.c.place).where(INCIDENT.c.id == incident)
    ).first()
    if row is None:
        return "", ""
    args = json.loads(row.title_args or "{}")
    for name in ("place", "station", "region"):
        if args.get(name):
            return str(args[name]), str(args.get(f"{name}_en") or args[name])
    return row.place, row.place


def identify(
    conn: Connection, city: City, incident: str, type_: str, title: Title, *, actor: str, now: int
) -> bool:
    """Let an open incident be what is known best of it; True where this says more than was known.

    It is written to the audit chain: who named it, what it was taken for and what it is.
    """
    row = conn.execute(
        select(INCIDENT.c.type, INCIDENT.c.signal, INCIDENT.c.origin, INCIDENT.c.regional).where(
            INCIDENT.c.id == incident, INCIDENT.c.state == "open"
        )
    ).first()
    if row is None or row.regional or not rules(now, city.zone).says_more(type_, row.type):
        return False
    signal = row.signal or (row.type if row.origin == "alarm" else "")
    conn.execute(
        INCIDENT.update()
        .where(INCIDENT.c.id == incident)
        .values(type=type_, title_code=title[0], title_args=title[1], signal=signal)
    )
    append(conn, actor, "incident.identify", incident, now, was=row.type, type=type_)
    return True
