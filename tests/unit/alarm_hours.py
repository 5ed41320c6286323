"""Hours of readings for tests of the rules, and what the alarms came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.city.registry import City
from backend.ingest import IngestReport, ingest
from backend.store import Store
from tests.unit.small_city import HOUR, T, page, record, rows


def hour(
    store: Store,
    city: City,
    back: int,
    values: Mapping[str, float | None],
    *,
    parameter: str = "pm25",
    period: int = HOUR,
    now: int | None = None,
    **more: Any,
) -> IngestReport:
    """Take in one period that ended ``back`` periods before `T`, when it was over."""
    start = T - (back + 1) * period
    batch = [
        record(code, value, parameter=parameter, start=start, period=period, **more)
        for code, value in values.items()
    ]
    return ingest(store, city, 1, page(*batch), start + period + 60 if now is None else now)


def run(store: Store, city: City, *several: float | None, station: str = "S1", **more: Any) -> list[str]:
    """One station's values hour by hour, the last one just over; the states its alarms end in."""
    for number, value in enumerate(several):
        hour(store, city, len(several) - 1 - number, {station: value}, **more)
    return states(store)


def states(store: Store, rule: str | None = None) -> list[str]:
    """The states of the alarms, in the order in which they were raised."""
    where = f"WHERE rule = '{rule}'" if rule else ""
    return [row[0] for row in rows(store, f"SELECT state FROM alarm {where} ORDER BY id")]


def alarms(store: Store, columns: str, where: str = "1 = 1") -> list[tuple[Any, ...]]:
    """Columns of the alarms."""
    return rows(store, f"SELECT {columns} FROM alarm WHERE {where} ORDER BY id")
