"""What is wrong with the audit chain: rows that were changed, are missing, were put in, or are cut off at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend.access.audit import AUDIT, GENESIS, link
from backend.access.headfile import Head
from backend.words import Message

MOST = 200
"""Faults that are told."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    kind: str
    """``changed``, ``missing``, ``inserted``, ``cut``, ``unconfirmed`` or ``unknown`` (a head that was printed)."""
    row: int
    """The row at which it shows; 0 for the end."""
    message: Message


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole chain, looked at once."""

    rows: int
    last: int
    """The number of the newest row."""
    head: str
    """Its digest: to be held against what is printed in handovers and bulletins."""
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def examine(
    connection: Connection, kept: Head | None = None, printed: Iterable[tuple[str, str]] = ()
) -> Verdict:
    """Walk the chain from its first row to its last.

    Args:
        connection: one look at the store.
        kept: the head from outside the database, where there is one.
        printed: heads that were printed, each with where: they must all be in the chain.
    """
    faults: list[Fault] = []
    # From digest to row: a row that points further back than to the one before it was pushed away by others.
    place = {GENESIS: 0}
    by_number: dict[int, str] = {}
    previous, last, rows = GENESIS, 0, 0
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.id)):
        if len(faults) < MOST:
            faults += _row(row, previous, last, place)
        previous, last, rows = row.digest, int(row.id), rows + 1
        place.setdefault(previous, last)
        by_number[last] = previous
    if kept is not None:
        faults += _kept(kept, by_number, last)
    faults += [
        Fault("unknown", 0, Message("audit.fault.unknown", {"head": head[:16], "where": where}))
        for head, where in printed
        if head not in place
    ]
    return Verdict(rows, last, previous, tuple(faults[:MOST]))


def _row(row: Any, previous: str, last: int, place: dict[str, int]) -> list[Fault]:
    number, found = int(row.id), []
    if row.digest != link(row.previous, row.at, row.actor, row.act, row.subject, row.body):
        found.append(Fault("changed", number, Message("audit.fault.changed", {"row": number})))
    if row.previous == previous:
        return found
    if row.previous in place:
        first = place[row.previous] + 1
        message = Message("audit.fault.inserted", {"first": first, "last": last})
        return [*found, Fault("inserted", last, message)]
    if number > last + 1:
        message = Message("audit.fault.missing", {"first": last + 1, "last": number - 1})
        return [*found, Fault("missing", number - 1, message)]
    # No number is missing: the row before it was sealed anew after a change, or exchanged.
    return [*found, Fault("changed", last, Message("audit.fault.resealed", {"row": last, "next": number}))]


def _kept(kept: Head, by_number: dict[int, str], last: int) -> list[Fault]:
    found = [
        Fault("cut", number, Message("audit.fault.lost", {"row": number, "head": digest[:16], "at": at}))
        for number, digest, at in kept.lost
    ]
    found += [
        Fault("unconfirmed", first, Message("audit.fault.late", {"first": first, "last": end}))
        for first, end in kept.late
    ]
    here = by_number.get(kept.id)
    if here is None:
        message = Message("audit.fault.cut", {"first": last + 1, "last": kept.id, "at": kept.at})
        return [*found, Fault("cut", kept.id, message)]
    if here != kept.digest:
        message = Message("audit.fault.other", {"row": kept.id, "head": kept.digest[:16]})
        return [*found, Fault("changed", kept.id, message)]
    if kept.id < last:
        message = Message("audit.fault.late", {"first": kept.id + 1, "last": last})
        found.append(Fault("unconfirmed", last, message))
    return found
