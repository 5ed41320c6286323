"""The alarms of regions 区域性污染: one for a county, or for the city, whatever the number of its stations."""

from __future__ import annotations

import json
from collections.abc import Mapping

from backend.alarms.context import Context
from backend.alarms.machine import Signal, State
from backend.alarms.region import Regions
from backend.alarms.standing import Register, Standing
from backend.alarms.thresholds import Threshold

RULE = "regional"
"""The code under which the alarms of regions stand."""


def region_key(network: str, region: str) -> str:
    """The key of a region's alarm."""
    return f"{RULE}|{network}|{region}"


def active_since(register: Register) -> dict[tuple[str, str], int]:
    """Since which start each (network, region) has stood."""
    found = {}
    for alarm in register.by_key.values():
        if alarm.rule == RULE and alarm.active and alarm.state is not State.NORM:
            _, network, region = alarm.key.split("|", 2)
            found[network, region] = alarm.began
    return found


def spokesman(register: Register, network: str, region: str, root: str) -> str:
    """Who speaks for a region, the city's alarm where that stands, else its own: the incident, or until the alarm
    has one, its key; empty where neither stands.
    """
    for code in (root, region):
        alarm = register.by_key.get(region_key(network, code))
        if alarm is not None and alarm.active and alarm.state is not State.NORM:
            return alarm.incident or alarm.key
    return ""


def region_alarms(
    context: Context, regions: Regions, bounds: Mapping[tuple[str, int], Threshold | None]
) -> None:
    """Raise, follow and clear the alarms of the regions."""
    root = context.city.root
    for network in sorted({network for network, _ in bounds}):
        parameters = sorted(parameter for name, parameter in bounds if name == network)
        held = regions.now(network, parameters)
        told = regions.told(network, parameters)
        # The city first: where it stands, its counties do not ring one by one.
        for region in sorted(told, key=lambda code: (code != root, code)):
            over = region != root and spokesman(context.register, network, root, root)
            _region_alarm(context, regions, network, region, held.get(region, []), over or "", bounds)


def _region_alarm(
    context: Context,
    regions: Regions,
    network: str,
    region: str,
    parameters: list[int],
    inhibitor: str,
    bounds: Mapping[tuple[str, int], Threshold | None],
) -> None:
    register = context.register
    alarm = register.by_key.get(region_key(network, region))
    standing = alarm is not None and alarm.state is not State.NORM
    told = [one for name, one in bounds if name == network and region in regions.told(network, [one])]
    looked_at = {context.city.parameters[one].code for one in told}
    # A parameter of which this page says nothing may go on holding the region up.
    others = set() if alarm is None or not alarm.active else set(alarm.seen.get("parameters", ())) - looked_at
    if not parameters:
        if alarm is not None and standing:
            if alarm.active and not others:
                register.move(alarm, Signal.CLEAR)
            context.inhibit(alarm, inhibitor)
        return
    start = regions.fresh(network, parameters, region)
    if start is None or not (standing or (context.recent(start) and not inhibitor)):
        return
    lead, value, threshold = _lead(context, network, region, start, parameters, bounds)
    if alarm is None or not standing:
        alarm = _new(context, network, region, start, lead, threshold)
        alarm.value = value
        register.add(alarm, suppressed=False)
    elif not alarm.active:
        register.move(alarm, Signal.RAISE)
    seen = dict(alarm.seen)
    seen["parameters"] = sorted(others | {context.city.parameters[one].code for one in parameters})
    alarm.evidence = json.dumps(seen, ensure_ascii=False)
    register.follow(alarm, start, value, alarm.priority)
    alarm.background = value
    context.inhibit(alarm, inhibitor)


def _lead(
    context: Context,
    network: str,
    region: str,
    start: int,
    parameters: list[int],
    bounds: Mapping[tuple[str, int], Threshold | None],
) -> tuple[int, float | None, float | None]:
    """The parameter furthest beyond its limit, by the region's median; that median, and the limit."""
    kinds = next(group.kinds for group in context.rules.region.groups if group.name == network)
    county = "" if region == context.city.root else region
    best: tuple[float, int, float | None, float | None] = (-1.0, parameters[0], None, None)
    for parameter in parameters:
        middle = context.network(kinds, parameter).middle(start, county, 1)
        bound = bounds.get((network, parameter))
        if middle is None or bound is None or not bound.bound:
            continue
        ratio = middle / bound.bound
        if ratio > best[0]:
            best = (ratio, parameter, middle, bound.bound)
    return best[1:]


def _new(
    context: Context, network: str, region: str, start: int, parameter: int, threshold: float | None
) -> Standing:
    rules = context.rules.region
    city_wide = region == context.city.root
    seen = {"network": network, "region": region, "type": rules.incident, "parameters": []}
    return Standing(
        key=region_key(network, region),
        rule=RULE,
        rule_version=context.rules.version,
        state=State.NORM,
        priority=rules.priority,
        began=start,
        presented=context.now,
        last=start,
        parameter=parameter,
        period=context.period,
        grid=region,
        county="" if city_wide else region,
        threshold=threshold,
        evidence=json.dumps(seen, ensure_ascii=False),
    )
