"""Weather to come is kept as it was said, hour by hour of saying: a forecast of air may use what was had by then."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from sys import byteorder

from sqlalchemy import Connection, delete, exists

from backend.city.registry import City
from backend.feeds.record import Ahead
from backend.store import table, upsert
from backend.store.tables import WeatherAhead

HOUR, DAY = 3600, 86400
KEPT = 30 * DAY
"""What was said longer ago is let go of: what forecasts that knew it were worth is learned from four weeks."""
WHOLE, APART = 2 * DAY, 6 * HOUR
"""Of what was said longer ago than the first, the last of each of the second is kept."""
LONGEST = 16 * 24
"""Hours of one saying."""
AHEAD = table(WeatherAhead)


def keep(conn: Connection, city: City, ahead: Iterable[Ahead], now: int) -> int:
    """Keep what a feed says of hours to come at stations that the city has; returns the number of series.

    It counts from the next full hour on, and replaces what was said for that hour before.
    """
    issued = -(-now // HOUR) * HOUR
    series: dict[tuple[int, int], dict[int, float]] = {}
    for one in ahead:
        station, parameter = city.by_code.get(one.station), city.parameter(one.parameter)
        if (
            station is not None
            and parameter is not None
            and one.start % HOUR == 0
            and math.isfinite(one.value)
        ):
            series.setdefault((station.id, parameter.id), {})[one.start] = one.value
    rows = []
    for (station_id, parameter_id), hours in sorted(series.items()):
        first = min(hours)
        last = min(max(hours), first + (LONGEST - 1) * HOUR)
        packed = array("f", (hours.get(at, math.nan) for at in range(first, last + 1, HOUR)))
        if byteorder == "big":
            packed.byteswap()
        rows.append(
            {
                "issued": issued,
                "station": station_id,
                "parameter": parameter_id,
                "start": first,
                "hours": packed.tobytes(),
            }
        )
    upsert(conn, AHEAD, rows, keys=["issued", "station", "parameter"])
    _let_go(conn, now)
    return len(rows)


def _let_go(conn: Connection, now: int) -> None:
    later = AHEAD.alias()
    again = exists().where(
        later.c.station == AHEAD.c.station,
        later.c.parameter == AHEAD.c.parameter,
        later.c.issued > AHEAD.c.issued,
        later.c.issued // APART == AHEAD.c.issued // APART,
    )
    # A day of it at a time: what was thinned out before need not be looked at again.
    recent = AHEAD.c.issued.between(now - WHOLE - DAY, now - WHOLE - 1)
    conn.execute(delete(AHEAD).where(recent, again))
    conn.execute(delete(AHEAD).where(AHEAD.c.issued < now - KEPT))
