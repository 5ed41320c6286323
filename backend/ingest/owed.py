"""What the rules have still to look at, should the process die between storing a page and ringing for it.

A page is stored in several transactions and looked at in a last one. The first of them notes the periods that it
brings; the last takes the note away. The same page handed over again after a crash then finds its readings stored
already, and the note says that nobody has looked at them yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select

from backend.alarms.tables import RuleMemory
from backend.store import table, upsert
from backend.store.readings import Row, of_feed

MEMORY = table(RuleMemory)
MOST = 48
"""Only so many of a page's newest periods can still ring."""
Hours = set[tuple[int, int]]
"""(period, start)."""


def _key(feed: int) -> str:
    return f"owed|{feed}"


def owe(conn: Connection, feed: int, hours: Hours) -> None:
    """Note the periods that are being stored."""
    hours = hours | unfinished(conn, feed)
    newest = sorted(hours, key=lambda one: one[1])[-MOST:]
    said = " ".join(f"{period}:{start}" for period, start in newest)
    row = {"key": _key(feed), "last": newest[-1][1], "clean": 0, "hits": said}
    upsert(conn, MEMORY, [row], keys=["key"])


def unfinished(conn: Connection, feed: int) -> Hours:
    """The periods that were stored and not looked at."""
    said = conn.execute(select(MEMORY.c.hits).where(MEMORY.c.key == _key(feed))).scalar_one_or_none()
    found: Hours = set()
    for one in (said or "").split():
        period, _, start = one.partition(":")
        found.add((int(period), int(start)))
    return found


def settled(conn: Connection, feed: int) -> None:
    """Take the note away: everything has been looked at."""
    conn.execute(delete(MEMORY).where(MEMORY.c.key == _key(feed)))


def owed_rows(conn: Connection, feed: int, left: Hours, changed: Sequence[Row]) -> Iterable[Row]:
    """The readings of periods that an earlier page left behind, but for those that this page changed itself."""
    mine = {row[:4] for row in changed} if left else set()
    for period, start in sorted(left):
        yield from (row for row in of_feed(conn, feed, period, start) if row[:4] not in mine)
