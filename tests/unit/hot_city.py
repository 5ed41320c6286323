"""A made-up city for hot grids: stations in a square, days of two pollutants, and what a test plants in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from backend.analysis.hotspots.excess import Excess, Peers, compare, stand_out, usual
from backend.analysis.hotspots.heat import Heat, judge, patience
from backend.city.registry import City
from backend.store import Store
from backend.store import readings as store_readings
from backend.store.readings import Book
from tests.unit.small_city import HOUR, T, build, station

SIDE = 6
SPACING = 3000.0
DAYS = 15
MIDDLE = SIDE * 2 + 2
"""A station with others on all sides."""
Floats = NDArray[np.float64]
BASE: Mapping[str, float] = {"pm25": 50.0, "pm10": 90.0}


def square() -> tuple[Floats, Floats]:
    """Places three kilometres apart, a little off the lines."""
    dice = np.random.default_rng(5)
    x, y = np.meshgrid(np.arange(SIDE) * SPACING, np.arange(SIDE) * SPACING)
    return x.ravel() + dice.normal(0, 200, SIDE**2), y.ravel() + dice.normal(0, 200, SIDE**2)


def hours(days: int = DAYS, seed: int = 1) -> dict[str, Floats]:
    """(T, S) of each pollutant: a regional signal with a day's course, stations that differ, noise."""
    dice = np.random.default_rng(seed)
    size = days * 24
    region = 0.2 * np.sin(np.arange(size) / 24 * 2 * np.pi)
    for hour in range(1, size):
        region[hour:] += dice.normal(0, 0.08) * 0.9 ** np.arange(size - hour)
    own = dice.normal(0, 0.1, SIDE**2)
    return {
        code: base * np.exp(region[:, None] + own[None, :] + dice.normal(0, 0.08, (size, SIDE**2)))
        for code, base in BASE.items()
    }


def judged(values: Mapping[str, Floats], code: str = "pm25", material: float = 30.0) -> Heat:
    """The heat of the last day of the record, what is usual being learned before it."""
    x, y = square()
    peers = Peers.of(x, y, SPACING)
    clock = np.arange(len(values[code])) % 24
    day = len(clock) - 24
    seen: dict[str, Excess] = {}
    for name, array in values.items():
        told = array.astype(np.float32)
        learned = usual(told[:day], clock[:day], peers)
        seen[name] = stand_out(compare(told[day - 24 :], clock[day - 24 :], peers, learned), learned, 24)
    others = [excess for name, excess in seen.items() if name != code]
    return judge(seen[code], peers, 1.7 * SPACING, patience(x, y, peers, HOUR), material, others)


def city(store: Store, side: int = SIDE, kind: str = "air") -> City:
    """The square as a city of stations that measure both pollutants by the hour."""
    rows = [
        station(
            f"S{number}",
            lon=115.0 + (number % side) * 0.033,
            lat=35.0 + (number // side) * 0.027,
            grid=f"{'AB'[number % side * 2 // side]}1",
            county="AB"[number % side * 2 // side],
            kind=kind,
        )
        for number in range(side**2)
    ]
    build(store, rows)
    with store.bulk() as conn:
        conn.execute(
            text(
                "INSERT INTO station_parameter (station, parameter, period, feed, upstream) "
                "SELECT s.id, p.id, 3600, 'one', '' FROM station s, parameter p WHERE p.code IN ('pm25', 'pm10')"
            )
        )
        conn.execute(text("UPDATE grid SET lon = 115.05, lat = 35.06 WHERE code IN ('A', 'A1')"))
        conn.execute(text("UPDATE grid SET lon = 115.14, lat = 35.06 WHERE code IN ('B', 'B1')"))
        return City.read(conn)


def book(of: City) -> Book:
    """What the rollups know of the city."""
    places = {row.id: (row.county, row.kind) for row in of.stations.values()}

    def day_of(start: int) -> int:
        local = datetime.fromtimestamp(start, UTC).astimezone(of.zone)
        return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())

    return Book(places, day_of)


def fill(
    store: Store,
    of: City,
    values: Mapping[str, Floats],
    *,
    until: int = T,
    change: Callable[[int, str, int], bool] | None = None,
) -> None:
    """Put the hours into the store, the last of them ending at ``until``.

    Args:
        change: of hour (row), parameter and station (column): whether the reading comes at all.
    """
    numbers = {code: one.id for code in values if (one := of.parameter(code)) is not None}
    size = len(next(iter(values.values())))
    rows = [
        (until - (size - hour) * HOUR, column + 1, numbers[code], HOUR, _told(array[hour, column]), "", 1, "", 0, 1)
        for code, array in values.items()
        for hour in range(size)
        for column in range(array.shape[1])
        if np.isfinite(array[hour, column]) and (change is None or change(hour, code, column))
    ]  # fmt: skip
    with store.bulk() as conn:
        store_readings.write(conn, rows, book(of), until)


def _told(value: float) -> float:
    return round(float(value), 2)
