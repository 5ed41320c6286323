"""Values against their own past and their neighbours: sudden rise, spatial excess, and what the checks object to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, TypeVar

from backend.alarms.context import Context
from backend.alarms.judge import Hit, judge
from backend.alarms.machine import HIDDEN, State
from backend.alarms.rule_kinds import ExcessRule, QualityRule, RiseRule
from backend.alarms.window import Network, Sample
from backend.city.registry import StationRow
from backend.quality.reasons import GOOD_BY_HAND
from backend.standards.flags import Flag

_Rule = TypeVar("_Rule", RiseRule, ExcessRule)
_SCALE = 0.6745
"""Makes the median absolute deviation one standard deviation of a normal distribution (Iglewicz and Hoaglin)."""


def _concerned(context: Context, rules: Iterable[_Rule]) -> Iterator[tuple[_Rule, str, int, StationRow, Any]]:
    """Each rule that is asked at this cadence, with a parameter that has come, by code and number, and in turn each
    station it concerns with the alarm that stands there.
    """
    for rule in rules:
        for code in rule.amount if rule.cadence == context.cadence else ():
            parameter = context.city.parameter(code)
            if parameter is None or parameter.id not in context.parameters:
                continue
            for station, alarm in context.concerned(rule, parameter.id):
                yield rule, code, parameter.id, station, alarm


def rise_rules(context: Context) -> None:
    """Sudden rises 突升: ring at once, clear after clean ones."""
    for rule, code, parameter, station, alarm in _concerned(context, context.on.rises):
        amount, samples = rule.amount[code], context.window.usable(station.id, parameter)
        if alarm is None and not _rises(samples[-2:], context.period, amount):
            continue
        hits = _rise_hits(context, rule, station, parameter, code, samples)
        if not hits:
            continue
        verdict = judge(hits, context.ring(rule), at_once=True)
        evidence: dict[str, Any] = {"rise": _difference(samples[-2:]), "amount": amount}
        context.settle(rule, station, parameter, hits, verdict, threshold=amount, evidence=evidence)


def _difference(pair: Sequence[Sample]) -> float | None:
    if len(pair) < 2:
        return None
    before, after = pair[0][1], pair[1][1]
    return None if before is None or after is None else after - before


def _rises(pair: Sequence[Sample], period: int, amount: float) -> bool:
    rise = _difference(pair)
    return rise is not None and rise >= amount and pair[1][0] - pair[0][0] == period


def _rise_hits(
    context: Context,
    rule: RiseRule,
    station: StationRow,
    parameter: int,
    code: str,
    samples: Sequence[Sample],
) -> list[Hit]:
    """What each value but the first is, against the one right before it."""
    amount = rule.amount[code]
    hits = []
    for (earlier, was, was_flag, *_), (start, value, flag, *_) in pairwise(samples):
        if was is None or value is None or start - earlier != context.period:
            continue
        rise = value - was
        ratio = 0.0
        if rise >= amount:
            relative = rise / max(was, rule.floor.get(code, 0.0), 1e-9)
            ratio = min(rise / amount, relative / rule.share)
            if ratio >= 1:
                lead = rise - _others_rise(context, station, parameter, start)
                ratio = min(ratio, lead / (amount * rule.lead)) if rule.lead else ratio
        suspect = not was_flag == flag == Flag.GOOD
        hits.append(Hit(start, round(ratio, 9), ratio >= 1, value, was, suspect))
    return hits


def _others_rise(context: Context, station: StationRow, parameter: int, start: int) -> float:
    """The median rise of the others: a plume that arrives everywhere raises all of them."""
    network = context.network_of(station.kind, parameter)
    least = context.rules.region.least
    rises = _rises_of(network, start, context.period, station.county, station.id)
    if len(rises) < least:
        rises = _rises_of(network, start, context.period, "", station.id)
    return median(rises) if len(rises) >= least else 0.0


def _rises_of(network: Network, start: int, period: int, county: str, but: int) -> list[float]:
    now, before = network.values.get(start, {}), network.values.get(start - period, {})
    found = []
    for name in (county,) if county else now:
        earlier = before.get(name, {})
        found += [
            value - earlier[station]
            for station, value in now.get(name, {}).items()
            if station != but and station in earlier
        ]
    return found


def excess_rules(context: Context) -> None:
    """Far above the neighbours 空间高值; silent where another rule rings for the same value already."""
    for rule, code, parameter, station, alarm in _concerned(context, context.on.excesses):
        amount, samples = rule.amount[code], context.window.usable(station.id, parameter)
        if not samples:
            continue
        network = context.network_of(station.kind, parameter)
        if alarm is None and (
            not _excess_hit(network, rule, station, samples[-1], amount).hit
            or _told(context, station.id, parameter)
        ):
            continue
        hits = [_excess_hit(network, rule, station, one, amount) for one in samples]
        verdict = judge(hits, context.ring(rule))
        context.settle(rule, station, parameter, hits, verdict, threshold=amount, evidence={"least": amount})


def _excess_hit(
    network: Network, rule: ExcessRule, station: StationRow, sample: Sample, amount: float
) -> Hit:
    start, measured, flag, *_ = sample
    value = measured or 0.0
    ratio, middle = 0.0, network.middle(start, station.county, 1)
    # The county's median is made once, what is asked of the others for each station: so it comes first, where the
    # county has enough of them.
    few = len(network.values.get(start, {}).get(station.county, ())) <= rule.least
    if few or (middle is not None and value - middle >= amount):
        others = network.others(start, station, rule.least)
        middle = median([*others, value]) if few and others else middle
        if len(others) >= rule.least and middle is not None and value - middle >= amount:
            ratio = min(_stands_out(rule, value, others), (value - middle) / amount)
    return Hit(start, round(ratio, 9), ratio >= 1, value, middle, flag != Flag.GOOD)


def _stands_out(rule: ExcessRule, value: float, others: Sequence[float]) -> float:
    """How many times what the rule asks for a value stands out among the others."""
    if rule.method == "mean":
        mean = sum(others) / len(others)
        return value / mean / rule.ratio if mean > 0 else 0.0
    middle = median(others)
    deviation = median([abs(one - middle) for one in others])
    # Where the others agree to the last digit, the least excess alone decides.
    return _SCALE * (value - middle) / deviation / rule.z if deviation > 0 else float(1 << 20)


def _told(context: Context, station: int, parameter: int) -> bool:
    """Whether a limit or a sudden rise rings for a station's parameter."""
    for rule in (*context.on.limits, *context.on.rises):
        alarm = context.register.by_key.get(context.key(rule.code, station, parameter))
        if alarm is not None and alarm.active and alarm.state not in HIDDEN and alarm.state is not State.NORM:
            return True
    return False


def quality_rules(context: Context) -> None:
    """What the checks object to, again and again: the instrument, not the air."""
    for rule in context.on.qualities:
        if rule.feed is not None:
            continue
        for parameter in sorted(context.parameters):
            for station, alarm in context.concerned(rule, parameter):
                samples = context.window.samples.get((station.id, parameter), ())
                if not samples or (alarm is None and not _objected(rule, samples[-1][3])):
                    continue
                hits = [_quality_hit(rule, one) for one in samples]
                verdict = judge(hits, context.ring(rule), at_once=rule.at_once)
                codes = sorted({code for one in samples for code in one[3].split()} & rule.reasons)
                context.settle(rule, station, parameter, hits, verdict, evidence={"reasons": codes})


def _objected(rule: QualityRule, reason: str) -> bool:
    codes = reason.split()
    return bool(codes) and not rule.reasons.isdisjoint(codes) and GOOD_BY_HAND not in codes


def _quality_hit(rule: QualityRule, sample: Sample) -> Hit:
    start, value, _, reason, *_ = sample
    return Hit(start, 1.0, _objected(rule, reason), value)
