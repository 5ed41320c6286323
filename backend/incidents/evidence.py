"""Evidence 证据: references to what shows what happened, who brought them, and what they speak for or against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, select

from backend.incidents.rules import rules
from backend.incidents.tables import Evidence
from backend.store.model import table
from backend.text import clean

EVIDENCE = table(Evidence)
STANCES = ("", "for", "against")
LONGEST_REF, LONGEST_NOTE = 200, 500
MOST = 50
"""References that one act brings at most."""
_BETWEEN = re.compile(r"[\s,;，、；]+")


def split(given: object) -> list[str]:
    """References as they were typed, in a line or as a list: each once, in order."""
    words = _BETWEEN.split(given) if isinstance(given, str) else given if isinstance(given, list) else []
    found = [str(clean(word, limit=LONGEST_REF)) for word in words if isinstance(word, str)]
    return list(dict.fromkeys(filter(None, found)))[:MOST]


def add(
    conn: Connection,
    references: Sequence[str],
    *,
    zone: ZoneInfo,
    by: str,
    at: int,
    incident: str = "",
    task: str = "",
    kind: str = "",
    note: str = "",
    stance: str = "",
    op: str = "",
) -> int:
    """Note references; the same one of the same incident and task is noted once. Returns how many are new.

    Args:
        kind: what they are; told by what each begins with where empty (`backend.incidents.rules`).
        stance: ``for`` or ``against`` what was reported, empty where they only tell.
        op: the operation that brought them.
    """
    held = set(
        conn.execute(
            select(EVIDENCE.c.ref).where(EVIDENCE.c.incident == incident, EVIDENCE.c.task == task)
        ).scalars()
    )
    known = rules(at, zone)
    rows = [
        {
            "incident": incident,
            "task": task,
            "kind": kind or known.kind_of(reference),
            "ref": reference,
            "at": at,
            "added_by": by,
            "note": clean(note, limit=LONGEST_NOTE),
            "for_or_against": stance if stance in STANCES else "",
            "op": op,
        }
        for reference in references
        if reference not in held
    ]
    if rows:
        conn.execute(EVIDENCE.insert(), rows)
    return len(rows)


def take_back(conn: Connection, op: str) -> None:
    """The operation that brought them was recalled."""
    if op:
        conn.execute(delete(EVIDENCE).where(EVIDENCE.c.op == op))
