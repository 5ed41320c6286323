"""Whether anything was lost or doubled: what was handed out and what was answered, against the store."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from backend.city.tables import Parameter, Station
from backend.feeds.tables import Feed, FeedHealth
from backend.store import Store, table
from backend.store.tables import Reading
from backend.tasks.tables import Act

ACT, PARAMETER, READING, STATION = table(Act), table(Parameter), table(Reading), table(Station)
FEED, HEALTH = table(Feed), table(FeedHealth)
CLOSE = 1e-6
"""Relative difference below which a value that went through a unit is the same value."""
_SHOWN = 20


@dataclass
class Balance:
    """What the comparison found."""

    served: int = 0
    """Distinct readings that the upstreams handed out."""
    stored: int = 0
    """Readings with a value that the store holds."""
    lost: int = 0
    """Served readings that the store lacks or holds with another value, damaged frames that it took without a trace,
    and answered acts that the log lacks."""
    doubled: int = 0
    """Readings in the store that nobody served, and acts that the log holds more often than they were answered."""
    examples: list[str] = field(default_factory=list)

    def note(self, kind: str, *what: object) -> None:
        """Remember a few of what is wrong, so that it can be looked for."""
        if len(self.examples) < _SHOWN:
            self.examples.append(" ".join(map(str, (kind, *what))))


def readings(store: Store, served: Iterable[Sequence[Any]], offered: Iterable[Sequence[Any]] = ()) -> Balance:
    """Compare what the upstreams say they served with the readings in the store.

    Args:
        served: rows of station, parameter, start, period, value, whether that is a detection limit; a
            reading once, with the value that was served last.
        offered: rows that were handed out beside what was asked for; they may be stored or not.
    """
    wanted = {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in served}
    extra = {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in offered}
    balance = Balance(served=len(wanted))
    seen = set()
    query = (
        select(
            STATION.c.code,
            PARAMETER.c.code,
            READING.c.start,
            READING.c.period,
            READING.c.value,
            READING.c.qualifier,
        )
        .select_from(READING)
        .join(STATION, STATION.c.id == READING.c.station)
        .join(PARAMETER, PARAMETER.c.id == READING.c.parameter)
        .where(READING.c.value.is_not(None))
    )
    with store.read() as connection:
        for station, parameter, start, period, value, qualifier in connection.execute(query):
            balance.stored += 1
            key = (station, parameter, start, period)
            told = wanted.get(key) or extra.get(key)
            if told is None:
                balance.doubled += 1
                balance.note("unserved", *key, value)
                continue
            seen.add(key)
            if not math.isclose(told[0], value, rel_tol=CLOSE, abs_tol=CLOSE) or told[1] != (
                qualifier == "<"
            ):
                balance.lost += 1
                balance.note("differs", *key, told[0], value)
    for key in wanted.keys() - seen:
        balance.lost += 1
        balance.note("missing", *key, *wanted[key])
    return balance


def asides(
    store: Store, pushed: Mapping[str, Mapping[str, int]], balance: Balance
) -> dict[str, dict[str, int]]:
    """What each gateway counts, with what the store put aside of it (``asides``).

    A damaged frame holds no reading that could be stored, but it must not vanish: each is put aside once at least.

    Args:
        pushed: feed to the gateway's own counts.
        balance: to which the finds are added.
    """
    with store.read() as connection:
        rows = connection.execute(
            select(FEED.c.code, HEALTH.c.asides).join(HEALTH, HEALTH.c.feed == FEED.c.id)
        )
        kept = {row[0]: row[1] for row in rows}
    found = {}
    for feed, counts in pushed.items():
        found[feed] = {**counts, "asides": kept.get(feed, 0)}
        vanished = counts["damaged"] - kept.get(feed, 0)
        if vanished > 0:
            balance.lost += vanished
            balance.note("aside lost", feed, vanished)
    return found


def acts(store: Store, answered: Mapping[str, str], balance: Balance) -> Balance:
    """Compare the acts that were answered as done with the log.

    Args:
        answered: operation id to kind, of every act whose answer was "done".
        balance: to which the finds are added.
    """
    with store.read() as connection:
        rows = connection.execute(
            select(ACT.c.op, func.count()).where(ACT.c.result != "refused").group_by(ACT.c.op)
        )
        logged = Counter({row[0]: row[1] for row in rows})
    for op, kind in answered.items():
        if op not in logged:
            balance.lost += 1
            balance.note("act lost", op, kind)
        elif logged[op] > 1:
            balance.doubled += logged[op] - 1
            balance.note("act doubled", op, kind)
    return balance
