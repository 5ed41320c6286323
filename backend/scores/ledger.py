"""The ledger 台账: entries are added, and taken back by entries of their own; nothing is ever changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select

from backend.scores.tables import ScoreEntry
from backend.store import insert_ignore, table
from backend.text import clean
from backend.words import Outcome

ENTRY = table(ScoreEntry)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry before it has a number."""

    cause: str
    item: str
    hundredths: int
    occurred: int
    at: int
    by: str
    kind: str
    grid: str = ""
    township: str = ""
    county: str = ""
    department: str = ""
    person: str = ""
    task: str = ""
    alarm: int | None = None
    reverses: int | None = None
    reason: str = ""
    table_from: str = ""


def add(connection: Connection, entries: Iterable[Entry]) -> None:
    """Add entries; one whose cause has made an entry already is left out."""
    insert_ignore(connection, ENTRY, [asdict(one) for one in entries])


def known(connection: Connection, cause: str) -> bool:
    """Whether a cause has made its entry."""
    query = select(ENTRY.c.id).where(ENTRY.c.cause == cause)
    return connection.execute(query).first() is not None


def reversal(row: Any, *, by: str, reason: str, now: int) -> Entry:
    """The entry that takes another back: the same points the other way, in the same month."""
    names = Entry.__dataclass_fields__
    of = Entry(**{name: getattr(row, name) for name in names})
    return replace(
        of,
        cause=f"reverse:{row.id}",
        hundredths=-row.hundredths,
        at=now,
        by=by,
        reverses=row.id,
        reason=clean(reason, limit=200),
    )


def reverse(connection: Connection, entry: int, *, by: str, reason: str, now: int) -> Outcome:
    """Take an entry back 冲销, with a reason."""
    if not clean(reason, limit=200):
        return Outcome.refused("score.refused.reason")
    row = connection.execute(select(ENTRY).where(ENTRY.c.id == entry)).one_or_none()
    if row is None:
        return Outcome.refused("score.refused.no_entry", entry=entry)
    if row.reverses is not None:
        return Outcome.refused("score.refused.is_reversal", entry=entry)
    if known(connection, f"reverse:{entry}"):
        return Outcome.refused("score.refused.reversed", entry=entry)
    connection.execute(insert(ENTRY).values(**asdict(reversal(row, by=by, reason=reason, now=now))))
    return Outcome.done("score.reversed", entry=entry)
