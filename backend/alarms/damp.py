"""Where the air is so humid 高湿 that instruments which count dust by light count droplets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from statistics import median

from sqlalchemy import Connection, select

from backend.alarms.rules import Rules, RulesOn
from backend.city.registry import City
from backend.standards.flags import Flag
from backend.store import table
from backend.store.tables import Latest

LATEST = table(Latest)


def humid_counties(
    conn: Connection, city: City, rules: Rules, on: RulesOn, now: int, parameters: Collection[int]
) -> frozenset[str]:
    """The counties in which alarms of dust alone are kept from ringing.

    Args:
        parameters: what is looked at; where no rule that minds the damp is about any of it, nothing is asked.
    """
    damp = rules.damp
    about = {limit.parameter for rule in on.limits if rule.code in damp.rules for limit in rule.limits} | {
        rule.limit.parameter for rule in on.days if rule.code in damp.rules
    }
    humidity = city.parameter(damp.parameter)
    minded = (city.parameter(code) for code in about)
    if humidity is None or not any(one is not None and one.id in parameters for one in minded):
        return frozenset()
    told: defaultdict[str, list[float]] = defaultdict(list)
    rows = conn.execute(
        select(LATEST.c.station, LATEST.c.value).where(
            LATEST.c.parameter == humidity.id,
            LATEST.c.flag.in_((int(Flag.GOOD), int(Flag.SUSPECT))),
            LATEST.c.value.is_not(None),
            LATEST.c.start + LATEST.c.period + damp.within >= now,
        )
    )
    for station, value in rows:
        row = city.stations.get(station)
        if row is not None:
            told[row.county].append(value)
    every = [value for several in told.values() for value in several]
    if not every:
        return frozenset()
    whole = median(every)
    return frozenset(
        county.code
        for county in city.counties
        if (median(told[county.code]) if told.get(county.code) else whole) >= damp.above
    )
