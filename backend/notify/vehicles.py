"""Exceedances of vehicles that came too late to ring 补报超标: one notice for a poll or an import, to each county.

A set that is exported once a week tells of vehicles that have long gone by. They raise no alarm each, and are not
passed over either: the county of the set hears how many there are and which come first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select, update

from backend.alarms.vehicles import Late
from backend.city.registry import City
from backend.notify import notices
from backend.notify.tables import Notice
from backend.store import table
from backend.words.message import Scalar

NOTICE = table(Notice)
SHOWN = 5
"""Plates that a notice names."""


def tell_late(conn: Connection, city: City, feed: str, late: Sequence[Late], now: int) -> None:
    """Tell the counties whose sets saw them; a further portion of the same poll or import adds to its notice."""
    by_county: defaultdict[str, list[Late]] = defaultdict(list)
    for one in late:
        station = city.stations.get(one.station)
        by_county[(station.county or station.grid if station is not None else "") or city.root].append(one)
    for county, several in sorted(by_county.items()):
        _tell(conn, f"vehicles:late:{feed}:{now}:{county}", county, several, now)


def _tell(conn: Connection, key: str, county: str, late: Sequence[Late], now: int) -> None:
    held = conn.execute(select(NOTICE.c.args).where(NOTICE.c.key == key)).scalar()
    before: dict[str, Scalar] = msgspec.json.decode(held) if held else {"count": 0, "plates": "", "at": 0}
    plates = [plate for plate in str(before["plates"]).split(" ") if plate]
    newest = sorted(late, key=lambda one: (-one.at, one.plate))
    plates += [one.plate for one in newest if one.plate not in plates]
    args: dict[str, Scalar] = {
        "count": int(before["count"] or 0) + len(late),
        "plates": " ".join(plates[:SHOWN]),
        "at": max(int(before["at"] or 0), newest[0].at),
    }
    if held is None:
        notices.post(conn, key, now, "notice.vehicles.late", args, grid=county, priority="medium")
        return
    # Who has read the first portion's number must hear of the whole one.
    conn.execute(
        update(NOTICE)
        .where(NOTICE.c.key == key)
        .values(args=msgspec.json.encode(args).decode(), seen=None, seen_by="", state="new")
    )
