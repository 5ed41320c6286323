"""Vehicles that passed sets, into the store: kept, judged, and their incidents opened, portion by portion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.alarms.vehicles import Late, take
from backend.city.registry import City
from backend.feeds.record import Passage, PutAside
from backend.incidents import open_for
from backend.store import Store
from backend.text import clean
from backend.words import Message

PORTION = 500
"""Passages of one transaction: a person's act never waits long for the writer."""
Tell = Callable[[Connection, City, str, Sequence[Late], int], None]
"""Tells whose exceedances came too late to ring: the city, the feed, who, and when the poll or the import began."""


@dataclass(slots=True)
class Came:
    """What became of passages."""

    received: int = 0
    written: int = 0
    same: int = 0
    unplaced: dict[str, int] = field(default_factory=dict)
    """Names of sets that nobody knows, and how many passages each had."""
    asides: list[PutAside] = field(default_factory=list)
    """Those passages."""
    raised: int = 0
    cleared: int = 0
    opened: int = 0
    late: dict[str, Late] = field(default_factory=dict)
    """By plate: who exceeded twice running too long ago to ring."""


def take_in(
    store: Store,
    city: City,
    passages: Sequence[Passage],
    now: int,
    *,
    feed: str,
    tell: Tell | None = None,
    came: Came | None = None,
) -> Came:
    """Keep passages, raise and clear the alarms of their vehicles and let incidents follow.

    Known ones change nothing. What comes too late to ring is told by ``tell`` in the transaction that keeps it.

    Args:
        feed: the code that the passages are kept under.
        now: when the poll or the import began.
        came: what became of earlier ones of the same import, to be added to.
    """
    came = came if came is not None else Came()
    known = []
    for one in passages:
        if city.station(one.station) is None:
            name = clean(one.station, limit=40)
            came.unplaced[name] = came.unplaced.get(name, 0) + 1
            # The same bytes for all of a set: thousands of vehicles are one line with their number.
            came.asides.append(PutAside(Message("passage.fault.set", {"name": name}), name.encode()))
        else:
            known.append(one)
    came.received += len(passages)
    for begin in range(0, len(known), PORTION):
        with store.bulk() as conn:
            taken = take(conn, city, known[begin : begin + PORTION], now, feed=feed)
            opened = open_for(conn, city, taken.findings, now)
            late = [one for one in taken.late if one.plate not in came.late]
            if late and tell is not None:
                tell(conn, city, feed, late, now)
        came.written += taken.written
        came.same += taken.same
        came.raised += len(taken.findings.raised)
        came.cleared += len(taken.findings.cleared)
        came.opened += len(opened.opened)
        came.late.update({one.plate: one for one in late})
    return came
