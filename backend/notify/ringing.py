"""Critical alarms that ring, for those who are not at a screen: told over the channels, grouped where many come.

At the seats they are on the alarm board and ring the bell; the notice that is written for the channels counts as seen
there. Without a channel nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from backend.alarms.tables import Alarm
from backend.city.tables import Grid, Station
from backend.notify import notices
from backend.notify.numbers import numbers
from backend.notify.tables import Notice
from backend.store import table
from backend.words.message import Scalar

ALARM, GRID, NOTICE, STATION = table(Alarm), table(Grid), table(Notice), table(Station)
STATE = "board"
"""The state of a notice whose matter stands on the alarm board."""


def waits(connection: Connection, now: int) -> bool:
    """Whether a critical alarm rings that was not told."""
    return bool(_fresh(connection, now))


def tell(connection: Connection, now: int) -> int:
    """Tell the critical alarms that began to ring lately and nobody has acknowledged; returns how many were told."""
    held, fresh = numbers(now), _fresh(connection, now)
    by_county: dict[str, list[Any]] = {}
    for row in fresh:
        by_county.setdefault(row.county or row.grid, []).append(row)
    for county, several in by_county.items():
        if len(several) > held.alarms_each:
            _many(connection, county, several, now)
        # Of many each is noted as told, so that none is told a second time.
        for row in several:
            _one(connection, row, now, channel=len(several) <= held.alarms_each)
    return len(fresh)


def _fresh(connection: Connection, now: int) -> list[Any]:
    """Critical alarms that ring, and of which no notice was written."""
    query = (
        select(
            ALARM.c.id, ALARM.c.rule, ALARM.c.presented, ALARM.c.grid, ALARM.c.county, ALARM.c.township,
            ALARM.c.subject, STATION.c.name, STATION.c.name_en,
        )
        .outerjoin(STATION, STATION.c.id == ALARM.c.station)
        .where(
            ALARM.c.state == "UNACK", ALARM.c.priority == "critical", ALARM.c.inhibited_by == "",
            ALARM.c.presented > now - numbers(now).alarm_seconds,
        )
        .order_by(ALARM.c.presented, ALARM.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    known = _told(connection, [_key(row) for row in rows])
    return [row for row in rows if _key(row) not in known]


def _key(row: Any) -> str:
    return f"alarm:{row.id}:{row.presented}"


def _told(connection: Connection, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        found.update(connection.execute(select(NOTICE.c.key).where(NOTICE.c.key.in_(part))).scalars())
    return found


def _one(connection: Connection, row: Any, now: int, *, channel: bool) -> None:
    name, name_en = _place(connection, row)
    args: dict[str, Scalar] = {"rule": row.rule, "place": name, "place_en": name_en, "at": row.presented}
    grid = row.township or row.county or row.grid
    _post(connection, _key(row), now, "notice.alarm", args, grid if channel else "", row.id)


def _many(connection: Connection, county: str, rows: Sequence[Any], now: int) -> None:
    name, name_en = _place(connection, rows[0])
    args: dict[str, Scalar] = {"count": len(rows), "place": name, "place_en": name_en, "rule": rows[0].rule}
    _post(connection, f"alarms:{county}:{rows[-1].id}:{now}", now, "notice.alarms", args, county, None)


def _post(
    connection: Connection,
    key: str,
    now: int,
    code: str,
    args: dict[str, Scalar],
    grid: str,
    alarm: int | None,
) -> None:
    notices.post(connection, key, now, code, args, grid=grid, alarm=alarm, priority="critical")
    connection.execute(update(NOTICE).where(NOTICE.c.key == key).values(seen=now, state=STATE))


def _place(connection: Connection, row: Any) -> tuple[str, str]:
    """What rings, in Chinese and English: the station, else the grid, with a vehicle's plate or a channel's code."""
    found = (row.name, row.name_en)
    if not row.name:
        grid = connection.execute(select(GRID.c.name, GRID.c.name_en).where(GRID.c.code == row.grid)).first()
        found = (grid.name, grid.name_en) if grid is not None else (row.grid, "")
    name, name_en = found[0], found[1] or found[0]
    return f"{row.subject} {name}".strip(), f"{row.subject} {name_en}".strip()
