"""How a check that looks later, and a person, change the flag of what is stored: through the change log, never past it.

A check says which codes it stands behind and which it takes back; what other checks said stays, and where a person has
spoken nothing changes. Raw values are never touched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.quality.reasons import (
    BAD_BY_HAND,
    GOOD_BY_HAND,
    by_hand,
    flag_of,
    with_code,
    without_code,
    without_hand,
)
from backend.standards.flags import Flag
from backend.store.readings import Book, Key, ReadingRow, amend, annotate, stored

BAD, GOOD, OPEN = "bad", "good", "open"
"""A person's verdicts: the value is bad; it is good after all; let the checks speak again."""
_CODE = {BAD: BAD_BY_HAND, GOOD: GOOD_BY_HAND}


@dataclass(slots=True)
class Said:
    """What a check has to say of one reading."""

    holds: set[str] = field(default_factory=set)
    lifted: set[str] = field(default_factory=set)


def mark(connection: Connection, said: Mapping[Key, Said], book: Book, now: int) -> list[ReadingRow]:
    """Put a later check's codes on stored readings, and take those back that no longer hold.

    Returns the readings whose flag changed or is not good, for the rules to look at; a note on a good one is no news to
    anybody. Twice the same changes nothing the second time.
    """
    verdicts: dict[Key, tuple[int, str]] = {}
    notes: dict[Key, str] = {}
    for key, old in stored(connection, said).items():
        one = said[key]
        reason = old.reason
        for code in sorted(one.lifted - one.holds):
            reason = without_code(reason, code)
        for code in sorted(one.holds):
            reason = with_code(reason, code)
        flag = flag_of(reason)
        if reason != old.reason and flag is not None and old.value is not None:
            if flag == old.flag == Flag.GOOD:
                notes[key] = reason
            else:
                verdicts[key] = (int(flag), reason)
    if notes:
        annotate(connection, notes)
    return amend(connection, verdicts, book, now) if verdicts else []


def decide(
    connection: Connection,
    rows: Iterable[ReadingRow],
    verdict: str,
    book: Book,
    now: int,
    *,
    actor: str,
    codes: Collection[str] = (),
) -> list[ReadingRow]:
    """Let a person's verdict stand on stored readings; returns those it changed.

    A reading without a value has nothing to decide about. ``OPEN`` takes a verdict back, and the flag is again what
    the checks make of it.

    Args:
        codes: what the verdict confirms beside the codes that stand there already.
    """
    verdicts: dict[Key, tuple[int, str]] = {}
    for row in rows:
        if row.value is None:
            continue
        reason = without_hand(row.reason)
        if verdict != OPEN:
            for code in (*codes, _CODE[verdict]):
                reason = with_code(reason, code)
        flag = by_hand(reason) or flag_of(reason) or Flag.UNKNOWN
        if (int(flag), reason) != (row.flag, row.reason):
            verdicts[row.start, row.station, row.parameter, row.period] = (int(flag), reason)
    return amend(connection, verdicts, book, now, actor=actor) if verdicts else []
