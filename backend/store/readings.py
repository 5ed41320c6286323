"""The bulk path of readings: what is new, what was revised, and the latest values and the rollups beside them.

A batch costs one read and one statement for each table, however many rows it has, and writing the same batch twice
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.store.reading_rows import (
    COLUMNS,
    PERSON,
    Book,
    Key,
    ReadingRow,
    Row,
    exactly,
    many,
    near,
    of_feed,
    stored,
    values_near,
)
from backend.store.rollups import grow, remake

__all__ = [
    "AHEAD",
    "PERSON",
    "Book",
    "Key",
    "ReadingRow",
    "Row",
    "Written",
    "amend",
    "annotate",
    "exactly",
    "near",
    "of_feed",
    "reflag",
    "stored",
    "values_near",
    "write",
]

AHEAD = "future"
"""The reason of a reading whose period has not begun: it never becomes the latest, or a wrong clock would hide all
that comes after."""


@dataclass(slots=True)
class Written:
    """What became of a batch."""

    new: list[Row] = field(default_factory=list)
    corrected: list[tuple[ReadingRow, ReadingRow]] = field(default_factory=list)
    """Pairs: what was stored, what is stored now."""
    same: int = 0

    @property
    def changed(self) -> list[Row]:
        """The rows that are new or other than before."""
        return self.new + [after for _, after in self.corrected]

    @property
    def revised(self) -> int:
        """How many values the upstream changed."""
        return sum(before.revision != after.revision for before, after in self.corrected)


_READING = (
    f"INSERT INTO reading ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (start, station, parameter, period) DO UPDATE SET value = excluded.value, "
    "qualifier = excluded.qualifier, flag = excluded.flag, reason = excluded.reason, "
    "revision = excluded.revision, feed = excluded.feed"
)
_LATEST = (
    "INSERT INTO latest (station, parameter, period, start, value, qualifier, flag, reason, received) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station, parameter, period) DO UPDATE SET "
    "start = excluded.start, value = excluded.value, qualifier = excluded.qualifier, flag = excluded.flag, "
    "reason = excluded.reason, received = excluded.received WHERE excluded.start >= latest.start"
)
_CHANGE = (
    "INSERT INTO reading_change (at, start, station, parameter, period, kind, old_value, new_value, "
    "old_flag, new_flag, reason, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def write(
    connection: Connection,
    rows: Iterable[Row],
    book: Book,
    now: int,
    before: Mapping[Key, ReadingRow] | None = None,
) -> Written:
    """Store a batch in the caller's transaction; the rows of one key come in the order in which they hold.

    A value that differs from the one stored is a revision. An equal value never makes a stored flag better (a later
    check or a person may have spoken), but can make it worse, unless a person has spoken. Both leave a line in the
    change log.

    Args:
        before: what `stored` gives for these rows in this transaction, where the caller has asked already; each key
            comes once then.
    """
    if before is None:
        rows = {row[:4]: row for row in rows}.values()
        before = stored(connection, [row[:4] for row in rows])
    written = Written()
    for row in rows if before else ():
        old = before.get(row[:4])
        if old is None:
            written.new.append(row)
        elif old[4:6] != row[4:6]:
            written.corrected.append((old, ReadingRow(*row)._replace(revision=old.revision + 1)))
        elif row[6] > old.flag and PERSON not in old.reason:
            written.corrected.append((old, ReadingRow(*row)._replace(revision=old.revision)))
        else:
            written.same += 1
    if not before:
        written.new = list(rows)
    changed = written.changed
    many(connection, _READING, changed)
    many(
        connection,
        _LATEST,
        [
            (b, c, d, a, e, f, g, h, now)
            for a, b, c, d, e, f, g, h, _, _ in changed
            if not h or AHEAD not in h
        ],
    )
    grow(connection, written.new, book)
    _log(connection, written.corrected, now, actor="")
    remake(connection, [after for _, after in written.corrected], book)
    return written


def reflag(
    connection: Connection,
    keys: Sequence[Key],
    flag: int,
    reason: str,
    book: Book,
    now: int,
    *,
    actor: str = "",
) -> int:
    """Give stored readings another flag, through the change log; returns how many it changed."""
    pairs = [
        (old, old._replace(flag=flag, reason=_joined(old.reason, reason)))
        for old in stored(connection, keys).values()
        if old.flag != flag
    ]
    _keep(connection, pairs, book, now, actor)
    return len(pairs)


def amend(
    connection: Connection,
    verdicts: Mapping[Key, tuple[int, str]],
    book: Book,
    now: int,
    *,
    actor: str = "",
) -> list[ReadingRow]:
    """Give stored readings exactly this flag and reason, through the change log; returns those it changed.

    Unlike `reflag` it can also take a reason away again, where a revision has shown that a check spoke too soon.
    """
    pairs = []
    for key, old in stored(connection, verdicts).items():
        flag, reason = verdicts[key]
        if (old.flag, old.reason) != (flag, reason):
            pairs.append((old, old._replace(flag=flag, reason=reason)))
    _keep(connection, pairs, book, now, actor)
    return [new for _, new in pairs]


def annotate(connection: Connection, reasons: Mapping[Key, str]) -> int:
    """Give stored readings another reason under the same flag: a note is no correction, and enters no log."""
    many(
        connection,
        "UPDATE reading SET reason = ? WHERE start = ? AND station = ? AND parameter = ? AND period = ?",
        [(reason, *key) for key, reason in reasons.items()],
    )
    many(
        connection,
        "UPDATE latest SET reason = ? WHERE start = ? AND station = ? AND parameter = ? AND period = ?",
        [(reason, *key) for key, reason in reasons.items()],
    )
    return len(reasons)


def _keep(
    connection: Connection, pairs: Sequence[tuple[ReadingRow, ReadingRow]], book: Book, now: int, actor: str
) -> None:
    many(connection, _READING, [after for _, after in pairs])
    many(
        connection,
        "UPDATE latest SET flag = ?, reason = ? WHERE station = ? AND parameter = ? AND period = ? AND start = ?",
        [(new.flag, new.reason, new.station, new.parameter, new.period, new.start) for _, new in pairs],
    )
    come = [after for before, after in pairs if AHEAD in before.reason and AHEAD not in after.reason]
    many(connection, _LATEST, [(*row[1:4], row[0], *row[4:8], now) for row in come])
    _log(connection, pairs, now, actor=actor)
    remake(connection, [after for _, after in pairs], book)


def _joined(reason: str, more: str) -> str:
    return " ".join(dict.fromkeys([*reason.split(), *more.split()]))


def _log(
    connection: Connection, pairs: Sequence[tuple[ReadingRow, ReadingRow]], now: int, *, actor: str
) -> None:
    lines = [
        (
            now,
            *new[:4],
            "revised" if new.revision != old.revision else "flagged",
            old.value,
            new.value,
            old.flag,
            new.flag,
            new.reason,
            actor,
        )
        for old, new in pairs
    ]
    many(connection, _CHANGE, lines)
