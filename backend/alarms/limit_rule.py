"""Values against limits, with regional inhibition: what most stations show together is the region's one alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.alarms.context import Context
from backend.alarms.judge import Hit, Verdict, judge
from backend.alarms.machine import State
from backend.alarms.region import Regions, Tally
from backend.alarms.regional import active_since, region_alarms, spokesman
from backend.alarms.rule_kinds import Limit, LimitRule
from backend.alarms.standing import Standing
from backend.alarms.thresholds import Threshold, threshold
from backend.city.registry import StationRow
from backend.standards.flags import Flag

_Plain = tuple[int, float, bool, float | None, float | None, bool]
"""A `Hit` without its names: only those that are judged get them."""


@dataclass(slots=True)
class _Held:
    """One limit of one rule held against all its stations."""

    rule: LimitRule
    parameter: int
    code: str
    network: str
    """The region's network; empty where the rule knows no regions."""
    hits: dict[int, list[_Plain]]
    """By station, oldest first."""
    bounds: dict[str, Threshold | None]
    """By the station's target."""


def limit_rules(context: Context) -> None:
    """Evaluate every limit rule, and the regions that they make."""
    held = [
        _hold(context, rule, limit, parameter.id)
        for rule in context.on.limits
        for limit in rule.limits
        if limit.cadence == context.cadence
        and (parameter := context.city.parameter(limit.parameter)) is not None
        and parameter.id in context.parameters
    ]
    regions = _regions(context, held)
    if context.raising:
        bounds = {(one.network, one.parameter): one.bounds.get("") for one in held if one.network}
        region_alarms(context, regions, bounds)
    for one in held:
        for station, alarm in context.concerned(one.rule, one.parameter):
            hits = one.hits.get(station.id)
            if hits and (alarm is not None or hits[-1][2]):
                _judge(context, regions, one, station, alarm, [Hit(*plain) for plain in hits])


def _hold(context: Context, rule: LimitRule, limit: Limit, parameter: int) -> _Held:
    stations = context.stations(rule.stations)
    bounds: dict[str, Threshold | None] = {"": threshold(limit, "", context.day)}
    found: dict[int, list[_Plain]] = {}
    network = ""
    for station in stations:
        samples = context.window.usable(station.id, parameter)
        if not samples:
            continue
        if station.target not in bounds:
            bounds[station.target] = threshold(limit, station.target, context.day)
        bound = bounds[station.target]
        if bound is None:
            continue
        hits: list[_Plain] = []
        for start, value, flag, *_ in samples:
            background = (
                context.background(rule.background, parameter, start, station.county)
                if bound.less_background
                else None
            )
            if value is None or (bound.less_background and background is None):
                continue
            ratio = bound.ratio(value, background or 0.0)
            hits.append((start, ratio, ratio > 1, value, background, flag != Flag.GOOD))
        if hits:
            found[station.id] = hits
        if rule.regional and not network:
            group = context.rules.region.group_of(station.kind)
            network = "" if group is None else group.name
    return _Held(rule, parameter, limit.parameter, network, found, bounds)


def _regions(context: Context, held: Sequence[_Held]) -> Regions:
    tallies: dict[tuple[str, int], dict[int, Tally]] = {}
    for one in held:
        if not one.network or (one.network, one.parameter) in tallies:
            continue
        by_start = tallies[one.network, one.parameter] = {}
        for number, hits in one.hits.items():
            county = context.city.stations[number].county
            for start, _, hit, *_ in hits:
                by_start.setdefault(start, Tally()).add(county, hit=hit)
    whole = context.counties is None
    return Regions(
        context.rules.region, context.city.root, tallies, active_since(context.register), whole=whole
    )


def _judge(
    context: Context,
    regions: Regions,
    held: _Held,
    station: StationRow,
    alarm: Standing | None,
    hits: Sequence[Hit],
) -> None:
    bound = held.bounds[station.target]
    ring = context.ring(held.rule)
    verdict = judge(hits, ring)
    inhibitor = ""
    evidence: dict[str, Any] = {"clause": bound.clause if bound is not None else ""}
    if held.network and context.raising:
        region = regions.over(held.network, held.parameter, station, hits[-1].start)
        if region:
            stands_out = _above(context, regions, held, station, hits)
            ringing = alarm is not None and alarm.state not in (State.SUPPRESSED, State.NORM)
            if judge(stands_out, ring) is not Verdict.RING and not (
                ringing and any(one.hit for one in stands_out if one.background is not None)
            ):
                inhibitor = spokesman(context.register, held.network, region, context.city.root)
            evidence["region"] = region
            hits = [
                one._replace(background=two.background) for one, two in zip(hits, stands_out, strict=True)
            ]
    context.settle(
        held.rule,
        station,
        held.parameter,
        hits,
        verdict,
        threshold=None if bound is None else bound.bound,
        inhibitor=inhibitor,
        evidence=evidence,
    )


def _above(
    context: Context, regions: Regions, held: _Held, station: StationRow, hits: Sequence[Hit]
) -> list[Hit]:
    """What is left of the hits where only what stands above a regional background counts.

    A hit of a period that was regional carries that period's background.
    """
    rules = context.rules.region
    network = context.network_of(station.kind, held.parameter)
    found = []
    for one in hits:
        middle = network.middle(one.start, station.county, rules.least)
        if (
            middle is None
            or one.value is None
            or not regions.over(held.network, held.parameter, station, one.start)
        ):
            found.append(one._replace(background=None))
            continue
        ratio = min(one.ratio, one.value / (rules.ratio * middle) if middle > 0 else one.ratio)
        excess = rules.excess.get(held.code)
        if excess:
            ratio = min(ratio, (one.value - middle) / excess)
        found.append(one._replace(ratio=ratio, hit=one.hit and ratio >= 1, background=middle))
    return found
