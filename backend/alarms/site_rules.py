"""Construction sites 工地: too many exceedances in one civil day, and dust during a stop-work order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, select

from backend.alarms.context import Context
from backend.alarms.judge import Hit, Verdict, judge
from backend.alarms.machine import State
from backend.alarms.rule_kinds import DayRule, StopRule
from backend.alarms.standing import Standing
from backend.alarms.thresholds import Threshold, threshold
from backend.alarms.window import Sample, tells
from backend.city.registry import StationRow
from backend.standards import dust
from backend.standards.flags import Flag
from backend.store import table
from backend.store.tables import CountyHour

COUNTY_HOUR = table(CountyHour)
Day = Mapping[int, Sequence[Sample]]
"""The samples of one day by station."""


def day_rules(conn: Connection, context: Context) -> None:
    """More hours above the county in one civil day than the dust rule allows 当日超标次数."""
    for rule in context.on.days:
        parameter = context.city.parameter(rule.limit.parameter)
        if rule.limit.cadence != context.cadence or parameter is None:
            continue
        if parameter.id not in context.parameters or not context.raising:
            continue
        _day_rule(conn, context, rule, parameter.id)


def _day_rule(conn: Connection, context: Context, rule: DayRule, parameter: int) -> None:
    met: list[tuple[StationRow, Standing | None, Threshold, Sample]] = []
    for station, alarm in context.concerned(rule, parameter):
        samples = context.window.usable(station.id, parameter)
        bound = threshold(rule.limit, station.target, context.day)
        if not samples or bound is None:
            continue
        newest = samples[-1]
        background = context.background(rule.background, parameter, newest[0], station.county)
        if alarm is not None or _beyond(bound, newest, background):
            met.append((station, alarm, bound, newest))
    if not met:
        return
    begins = {newest[0]: _midnight(context, newest[0]) for *_, newest in met}
    first, last = min(begins.values()), max(newest[0] for *_, newest in met)
    starts = range(first, last + 1, context.period)
    day = _day(conn, context, parameter, starts, [station.id for station, *_ in met])
    means = _means(conn, rule.background, parameter, starts, {station.county for station, *_ in met})
    for station, alarm, bound, newest in met:
        allowed = _allowed(rule, station.target)
        beyond = [
            sample
            for sample in day.get(station.id, ())
            if begins[newest[0]] <= sample[0] <= newest[0]
            and _beyond(bound, sample, _first(means, rule.background, station.county, sample[0]))
        ]
        over = len(beyond) > allowed
        if not over and alarm is None:
            continue
        hit = Hit(
            newest[0],
            round(len(beyond) / (allowed + 1), 9),
            over,
            newest[1],
            _first(means, rule.background, station.county, newest[0]),
            newest[2] != Flag.GOOD,
        )
        evidence: dict[str, Any] = {
            "count": len(beyond),
            "allowed": allowed,
            "values": [[sample[0], sample[1]] for sample in beyond],
            "clause": bound.clause,
        }
        verdict = Verdict.RING if over else Verdict.CLEAR
        context.settle(
            rule,
            station,
            parameter,
            [hit],
            verdict,
            threshold=bound.bound,
            inhibitor=_spoken_for(context, station.id, parameter),
            evidence=evidence,
        )


def _spoken_for(context: Context, station: int, parameter: int) -> str:
    """Who speaks for the station where its own limit is kept from ringing by a region; empty where nobody does."""
    for rule in context.on.limits:
        alarm = context.register.by_key.get(context.key(rule.code, station, parameter))
        if alarm is not None and alarm.active and alarm.state is State.SUPPRESSED:
            return alarm.inhibited_by
    return ""


def _beyond(bound: Threshold, sample: Sample, background: float | None) -> bool:
    value = sample[1]
    if value is None or (bound.less_background and background is None):
        return False
    return bound.ratio(value, background or 0.0) > 1


def _allowed(rule: DayRule, target: str) -> int:
    for name in filter(None, (target, str(rule.limit.value))):
        try:
            found = dust.rule_named(name)
        except KeyError:
            continue
        if found.parameter == rule.limit.parameter:
            return found.allowed_per_day
    return 0


def _midnight(context: Context, at: int) -> int:
    """The start of the civil day of the city in which an instant lies."""
    local = datetime.fromtimestamp(at, context.city.zone)
    return int(datetime.combine(local.date(), time(), local.tzinfo).timestamp())


def _day(
    conn: Connection, context: Context, parameter: int, starts: Iterable[int], stations: Sequence[int]
) -> Day:
    rows = conn.exec_driver_sql(
        "SELECT start, value, flag, reason, station, parameter FROM reading "
        f"WHERE start IN ({', '.join(map(str, starts))}) AND station IN ({', '.join(map(str, stations))}) "
        f"AND parameter = {parameter:d} AND period = {context.period:d}"
    )
    found: defaultdict[int, list[Sample]] = defaultdict(list)
    for row in rows.cursor.fetchall():
        if tells(row):
            found[row[4]].append(row)
    rows.close()
    return found


def _means(
    conn: Connection,
    kinds: Iterable[str],
    parameter: int,
    starts: Iterable[int],
    counties: Iterable[str],
) -> Mapping[tuple[str, str, int], float]:
    """The counties' means by (kind, county, start)."""
    rows = conn.execute(
        select(
            COUNTY_HOUR.c.kind,
            COUNTY_HOUR.c.county,
            COUNTY_HOUR.c.start,
            COUNTY_HOUR.c.total,
            COUNTY_HOUR.c.count,
        ).where(
            COUNTY_HOUR.c.start.in_(list(starts)),
            COUNTY_HOUR.c.county.in_(sorted(counties)),
            COUNTY_HOUR.c.kind.in_(list(kinds)),
            COUNTY_HOUR.c.parameter == parameter,
        )
    )
    return {(kind, county, start): total / count for kind, county, start, total, count in rows if count}


def _first(
    means: Mapping[tuple[str, str, int], float], kinds: Iterable[str], county: str, start: int
) -> float | None:
    return next((means[kind, county, start] for kind in kinds if (kind, county, start) in means), None)


def stop_rules(context: Context) -> None:
    """Dust above the county's background while a stop-work order holds: rings at once."""
    for rule in context.on.stops:
        for code, amount in rule.amount.items() if rule.cadence == context.cadence else ():
            parameter = context.city.parameter(code)
            if parameter is None or parameter.id not in context.parameters:
                continue
            if context.orders or context.standing(rule.code, parameter.id):
                _stop_rule(context, rule, parameter.id, amount)


def _stop_rule(context: Context, rule: StopRule, parameter: int, amount: float) -> None:
    for station, alarm in context.concerned(rule, parameter):
        order = context.orders.stop(station)
        if order is None and alarm is None:
            continue
        hits = []
        for start, value, flag, *_ in context.window.usable(station.id, parameter):
            mean = context.background(rule.background, parameter, start, station.county)
            if value is None or mean is None:
                continue
            # Of a period that began before the order nothing can be said.
            told = order is not None and start >= order.starts
            ratio = round((value - mean) / amount, 9) if told else 0.0
            hits.append(Hit(start, ratio, ratio >= 1, value, mean, flag != Flag.GOOD))
        if not hits or (alarm is None and not hits[-1].hit):
            continue
        verdict = judge(hits, context.ring(rule), at_once=True)
        evidence = {} if order is None else {"order": order.code, "order_title": order.title}
        context.settle(rule, station, parameter, hits, verdict, threshold=amount, evidence=evidence)
