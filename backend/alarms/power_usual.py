"""What is usual for a pair of power meters: made anew each day from its own history, some stations at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, or_, select

from backend.alarms.orders import sites_of
from backend.alarms.rules import Power, rules_at
from backend.alarms.tables import PowerUsual
from backend.alarms.window import on_duty
from backend.city.registry import City
from backend.city.tables import StandingOrder
from backend.standards.flags import Flag
from backend.store import Store, table, upsert

USUAL, ORDER = table(PowerUsual), table(StandingOrder)
HOUR, DAY = 3600, 86400
AT_A_TIME = 100
"""Stations of one turn: a tenth of a second's reading."""
PART = 400
_TOP = 0.95
"""The quantile of its own history that stands in for the rated power of a meter where nobody has told it."""
Pair = tuple[float, float]
"""Production and treatment in kW at one time."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a pair of meters usually shows, in kW; None where its history is too short to tell."""

    production_on: float | None = None
    production: float | None = None
    treatment_on: float | None = None
    treatment: Mapping[int, float] = field(default_factory=dict)
    """By step of production load."""

    def treating(self, production: float, rated: float | None, steps: int) -> float | None:
        """What treatment usually draws while production draws so much."""
        full = rated or self.production
        return None if not full else self.treatment.get(step(production, full, steps))


def step(production: float, full: float, steps: int) -> int:
    """The step of load that a production lies in."""
    return round(production / full * steps)


def usual_of(conn: Connection, stations: Collection[int]) -> dict[int, Usual]:
    """What is known of these stations."""
    found = {}
    numbers = sorted(stations)
    for first in range(0, len(numbers), PART):
        query = select(USUAL).where(USUAL.c.station.in_(numbers[first : first + PART]))
        for row in conn.execute(query):
            told: dict[str, float] = json.loads(row.treatment or "{}")
            by_step = {int(key): value for key, value in told.items()}
            found[row.station] = Usual(row.production_on, row.production, row.treatment_on, by_step)
    return found


def make(
    pairs: Sequence[tuple[int, float, float]], power: Power, until: int, rated: float | None
) -> dict[str, Any]:
    """The columns of `PowerUsual` from (start, production, treatment), oldest first.

    A meter runs above the low percentile of its running history; what is running in it is what lies above the same
    share of its top that the rules take of a rated power.
    """
    produced = _running([one for _, one, _ in pairs], power)
    treated = _running([one for *_, one in pairs], power)
    recent = until - power.production_days * DAY
    on = _low(produced, power)
    threshold = power.on_share * rated if rated else on
    lately = [one for start, one, _ in pairs if start >= recent and threshold is not None and one > threshold]
    usual = median(lately) if len(lately) >= power.least else None
    full = rated or usual
    by_step: defaultdict[int, list[float]] = defaultdict(list)
    if full and threshold is not None:
        for _, production, treatment in pairs:
            if production > threshold:
                by_step[step(production, full, power.steps)].append(treatment)
    usually = {one: median(several) for one, several in by_step.items() if len(several) >= power.least}
    return {
        "samples": len(produced),
        "production_on": on,
        "production": usual,
        "treatment_on": _low(treated, power),
        "treatment": json.dumps({str(key): round(value, 3) for key, value in sorted(usually.items())}),
    }


def _running(values: Iterable[float], power: Power) -> list[float]:
    ordered = sorted(values)
    if not ordered:
        return []
    top = ordered[min(len(ordered) - 1, int(len(ordered) * _TOP))]
    return [one for one in ordered if one > power.on_share * top]


def _low(running: Sequence[float], power: Power) -> float | None:
    """The low percentile of what runs, None of too few values."""
    if len(running) < power.least:
        return None
    return running[int(len(running) * power.on_percentile / 100)]


def renew(store: Store, city: City, now: int, most: int = AT_A_TIME) -> int:
    """Make what is usual anew for the stations for which it is oldest; how many it was.

    Under a heavy-pollution warning the days before it stay what is usual: plants that cut their load then would
    otherwise have it counted against them.
    """
    with store.read() as conn:
        rules = rules_at(conn, now)
        power = rules.power
        due = _due(conn, city, now - power.renew, most)
        if not due:
            return 0
        until = _before_warning(conn, rules.orders.warning, now)
        pairs = _pairs(conn, city, power, due, until)
        rated = {code: both[0] for code, both in sites_of(conn, city).rated.items()}
    rows = [
        {"station": number, "made": now, **make(pairs.get(number, ()), power, until, rated.get(code))}
        for number, code in due.items()
    ]
    with store.bulk() as conn:
        upsert(conn, USUAL, rows, keys=["station"])
    return len(rows)


def _due(conn: Connection, city: City, before: int, most: int) -> dict[int, str]:
    """The stations whose usual is missing or older, with their codes."""
    stations = {one.id: one.code for one in on_duty(city, {"power"})}
    if not stations:
        return {}
    fresh = set(conn.execute(select(USUAL.c.station).where(USUAL.c.made > before)).scalars())
    return {number: stations[number] for number in sorted(set(stations) - fresh)[:most]}


def _before_warning(conn: Connection, kind: str, now: int) -> int:
    """Now, or the beginning of the warning that holds now."""
    began = conn.execute(
        select(func.min(ORDER.c.starts)).where(
            ORDER.c.kind == kind, ORDER.c.starts <= now, or_(ORDER.c.ends.is_(None), ORDER.c.ends > now)
        )
    ).scalar()
    return now if began is None else int(began)


def _pairs(
    conn: Connection, city: City, power: Power, stations: Collection[int], until: int
) -> dict[int, list[tuple[int, float, float]]]:
    """One pair of good values for each hour, the period that begins with it."""
    both = city.parameter(power.production), city.parameter(power.treatment)
    if both[0] is None or both[1] is None:
        return {}
    last = until - until % HOUR
    starts = range(last - max(power.treatment_days, power.production_days) * DAY, last, HOUR)
    answer = conn.exec_driver_sql(
        "SELECT start, station, parameter, value FROM reading "
        f"WHERE start IN ({', '.join(map(str, starts))}) AND station IN ({', '.join(map(str, sorted(stations)))}) "
        f"AND parameter IN ({both[0].id:d}, {both[1].id:d}) AND flag = {int(Flag.GOOD):d} ORDER BY start"
    )
    halves: dict[tuple[int, int], dict[int, float]] = {}
    for start, station, parameter, value in answer.cursor.fetchall():
        halves.setdefault((start, station), {})[parameter] = value
    answer.close()
    found: defaultdict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for (start, station), half in halves.items():
        if len(half) == 2:
            found[station].append((start, half[both[0].id], half[both[1].id]))
    return found
