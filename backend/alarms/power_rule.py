"""Pairs of power meters 用电监控: production beside treatment, held against their own history and against orders.

A short period (no longer than the lead that treatment may have) is on or off as a whole; a longer one is taken for the
part of it that its mean comes to, so that an hour in which a line was started last does not look like a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection

from backend.alarms.context import Context
from backend.alarms.judge import Hit, Verdict, judge
from backend.alarms.orders import OrderInForce, Sites
from backend.alarms.power_usual import Usual, usual_of
from backend.alarms.rule_kinds import PowerRule
from backend.alarms.rules import Power
from backend.alarms.window import Window
from backend.city.registry import StationRow
from backend.standards.flags import Flag
from backend.store.readings import Row


class Sample(NamedTuple):
    """What both meters had in one period, in kW."""

    start: int
    production: float
    treatment: float
    total: float | None
    suspect: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of meters as the checks see it."""

    station: StationRow
    period: int
    samples: Sequence[Sample]
    usual: Usual
    rated: float | None
    """kW of production."""
    on: float
    """Above it production runs."""
    treating: float | None
    """Above it treatment runs."""
    grade: str
    stop: OrderInForce | None
    warning: OrderInForce | None
    coarse: bool
    """Whether a period is too long to be on or off as a whole."""

    def ran(self, production: float) -> float:
        """For how many seconds of a period production ran, as its mean tells it."""
        full = self.usual.production or self.rated
        if production <= self.on:
            return 0.0
        return self.period * (min(1.0, production / full) if self.coarse and full else 1.0)


class Finding(NamedTuple):
    """What a check makes of a pair of meters."""

    hits: list[Hit]
    verdict: Verdict
    threshold: float | None
    parameter: str
    """The code of the parameter that the alarm is about."""
    evidence: dict[str, Any]


def power_codes(power: Power) -> frozenset[str]:
    """The parameters that pairs of meters have."""
    return frozenset({power.production, power.treatment, power.total})


def power_rules(conn: Connection, context: Context, rows: Sequence[Row]) -> None:
    """Look at the pairs of meters that have something new."""
    power, rules = context.rules.power, context.on.powers
    parameters = {
        found.id: code for code in power_codes(power) if (found := context.city.parameter(code)) is not None
    }
    news = [row for row in rows if row[2] in parameters]
    kinds = frozenset[str]().union(*(rule.stations for rule in rules))
    numbers = {row[1] for row in news}
    stations = [one for one in context.stations(kinds) if one.id in numbers] if news else []
    if not stations or not context.raising:
        return
    window = _window(conn, context, news, sorted(parameters), [one.id for one in stations])
    usual = usual_of(conn, [one.id for one in stations])
    sites = context.orders.sites()
    ids = {code: number for number, code in parameters.items()}
    look = replace(context, window=window)
    for station in stations:
        pair = _pair(look, station, ids, usual.get(station.id, Usual()), sites)
        if pair is None:
            continue
        for rule in rules:
            finding = CHECKS[rule.check](rule, power, pair, look)
            if finding is None:
                continue
            parameter = ids[finding.parameter]
            standing = look.register.by_key.get(look.key(rule.code, station.id, parameter))
            if standing is not None or finding.verdict is Verdict.RING:
                look.settle(
                    rule, station, parameter, finding.hits, finding.verdict,
                    threshold=finding.threshold, evidence=finding.evidence,
                )  # fmt: skip


def _window(
    conn: Connection,
    context: Context,
    news: Sequence[Row],
    parameters: Sequence[int],
    stations: Sequence[int],
) -> Window:
    """As many periods as the longest check needs."""
    power, period = context.rules.power, context.period
    longest = power.lag + max(rule.last for rule in context.on.powers)
    within = max(context.rules.ring.within, -(-longest // period) + 2)
    starts = sorted({start - back * period for start in {row[0] for row in news} for back in range(within)})
    return Window.read(conn, period, within, starts, parameters, stations)


def _pair(
    context: Context, station: StationRow, ids: Mapping[str, int], usual: Usual, sites: Sites
) -> Pair | None:
    """A pair with what is known of it; None where nothing tells when it runs, or nothing is there to look at."""
    power = context.rules.power
    rated, treating = sites.rated.get(station.code, (None, None))
    on = power.on_share * rated if rated else usual.production_on
    if on is None:
        return None
    by_code = {
        code: {sample[0]: sample for sample in context.window.usable(station.id, number)}
        for code, number in ids.items()
    }
    produced, treated, total = (
        by_code.get(name, {}) for name in (power.production, power.treatment, power.total)
    )
    samples = []
    for start in sorted(produced.keys() & treated.keys()):
        (_, production, flag, *_), (_, treatment, other, *_) = produced[start], treated[start]
        if production is not None and treatment is not None:
            whole = total[start][1] if start in total else None
            suspect = not flag == other == Flag.GOOD
            samples.append(Sample(start, production, treatment, whole, suspect))
    if not samples:
        return None
    site = sites.by_source.get(station.source)
    return Pair(
        station=station,
        period=context.period,
        samples=samples,
        usual=usual,
        rated=rated,
        on=on,
        treating=power.on_share * treating if treating else usual.treatment_on,
        grade="" if site is None else site.grade,
        stop=context.orders.stop(station),
        warning=context.orders.warning(station),
        coarse=context.period > power.lag,
    )


def _run(hits: Sequence[Hit], period: int) -> list[Hit]:
    """The unbroken run of hits up to the newest, oldest first."""
    run: list[Hit] = []
    for hit in reversed(hits):
        if not hit.hit or (run and run[-1].start - hit.start != period):
            break
        run.append(hit)
    return run[::-1]


def _verdict(pair: Pair, hits: Sequence[Hit], context: Context, rule: PowerRule, need: int) -> Verdict:
    """Short periods ring when they have lasted, long ones as other values do."""
    if pair.coarse or not hits[-1].hit:
        return judge(hits, context.ring(rule))
    return Verdict.RING if len(_run(hits, pair.period)) * pair.period >= need else Verdict.HOLD


def _untreated(rule: PowerRule, power: Power, pair: Pair, context: Context) -> Finding | None:
    """(a) Production runs, treatment does not 产治不同步."""
    treating = pair.treating
    if treating is None:
        return None
    hits = []
    for one in pair.samples:
        hit = one.production > pair.on and one.treatment <= treating
        if hit and pair.coarse:
            hit = pair.ran(one.production) >= power.lag + rule.last
        ratio = one.production / pair.on if pair.on else 1.0
        hits.append(Hit(one.start, round(ratio, 3), hit, one.treatment, one.production, one.suspect))
    return _finding(hits, _untreated_verdict(rule, power, pair, hits, context), treating, power.treatment)


def _untreated_verdict(
    rule: PowerRule, power: Power, pair: Pair, hits: Sequence[Hit], context: Context
) -> Verdict:
    if not hits[-1].hit:
        return judge(hits, context.ring(rule))
    if pair.coarse:
        return Verdict.RING
    run = _run(hits, pair.period)
    before = next((one for one in pair.samples if one.start == run[0].start - pair.period), None)
    # Where production has just begun its lead is not counted; where treatment dropped out while production went on,
    # production may be stopping too.
    dropped = before is not None and before.production > pair.on
    need = max(rule.last, power.lag) if dropped else rule.last + power.lag
    return Verdict.RING if len(run) * pair.period >= need else Verdict.HOLD


def _slack(rule: PowerRule, power: Power, pair: Pair, context: Context) -> Finding | None:
    """(b) Treatment draws far less than usual at the same production 降频、空转."""
    treating, hits, bound = pair.treating, [], None
    if treating is None:
        return None
    for one in pair.samples:
        usual = pair.usual.treating(one.production, pair.rated, power.steps)
        runs = one.production > pair.on and one.treatment > treating
        bound = None if usual is None else rule.share * usual
        hit = bound is not None and runs and one.treatment < bound
        ratio = bound / one.treatment if bound and one.treatment > 0 else 0.0
        hits.append(Hit(one.start, round(ratio, 3), hit, one.treatment, usual, one.suspect))
    return _finding(hits, _verdict(pair, hits, context, rule, rule.last), bound, power.treatment)


def allowed_load(rule: PowerRule, pair: Pair) -> float | None:
    """Per cent of its usual load that a plant may run under the warning that holds; None where nothing limits it.

    The order's own word goes before the plant's plan 一厂一策, and that before its performance grade.
    """
    if pair.warning is None:
        return None
    if pair.warning.allowed is not None:
        return float(pair.warning.allowed)
    level = pair.warning.level
    own = rule.plan.get(pair.station.source, {}).get(level)
    return own if own is not None else rule.allowed.get(level, {}).get(pair.grade)


def _load(rule: PowerRule, power: Power, pair: Pair, context: Context) -> Finding | None:
    """(c) More than a heavy-pollution warning allows 未落实减排."""
    usual, allowed = pair.usual.production or pair.rated, allowed_load(rule, pair)
    if usual is None:
        return None
    # What is allowed to run at nothing is held against the power at which it runs at all.
    bound = None if allowed is None else max(allowed / 100 * usual, pair.on)
    since = pair.warning.starts if pair.warning is not None else 0
    hits = []
    for one in pair.samples:
        hit = bound is not None and one.start >= since and one.production > bound
        ratio = one.production / bound if bound else 0.0
        hits.append(Hit(one.start, round(ratio, 3), hit, one.production, usual, one.suspect))
    order = {} if pair.warning is None else _order(pair.warning)
    evidence = {**order, "allowed_load": allowed, "grade": pair.grade}
    verdict = _verdict(pair, hits, context, rule, rule.last)
    return _finding(hits, verdict, bound, power.production, evidence)


def _stop(rule: PowerRule, power: Power, pair: Pair, context: Context) -> Finding | None:
    """(d) Works against a stop-work order 违规生产: rings at once."""
    since = None if pair.stop is None else pair.stop.starts
    hits = []
    for one in pair.samples:
        hit = since is not None and one.start >= since and one.production > pair.on
        ratio = one.production / pair.on if pair.on else 1.0
        hits.append(Hit(one.start, round(ratio, 3), hit, one.production, None, one.suspect))
    verdict = judge(hits, context.ring(rule))
    if hits[-1].hit:
        lasted = sum(pair.ran(one.value or 0.0) for one in _run(hits, pair.period))
        verdict = Verdict.RING if lasted >= rule.last else Verdict.HOLD
    evidence = {} if pair.stop is None else _order(pair.stop)
    return _finding(hits, verdict, pair.on, power.production, evidence)


def _bypass(rule: PowerRule, power: Power, pair: Pair, context: Context) -> Finding | None:
    """(e) Both meters at nothing while the plant as a whole draws power 断线、绕表."""
    if pair.treating is None or all(one.total is None for one in pair.samples):
        return None
    hits = []
    for one in pair.samples:
        total = one.total or 0.0
        hit = total > pair.on and one.production <= pair.on and one.treatment <= pair.treating
        hits.append(Hit(one.start, round(total / pair.on, 3), hit, total, one.production, one.suspect))
    return _finding(hits, _verdict(pair, hits, context, rule, rule.last), pair.on, power.total)


def _order(order: OrderInForce) -> dict[str, Any]:
    return {"order": order.code, "order_title": order.title, "level": order.level}


def _finding(
    hits: list[Hit],
    verdict: Verdict,
    threshold: float | None,
    parameter: str,
    evidence: dict[str, Any] | None = None,
) -> Finding:
    bound = None if threshold is None else round(threshold, 3)
    return Finding(hits, verdict, bound, parameter, evidence or {})


CHECKS: Mapping[str, Callable[[PowerRule, Power, Pair, Context], Finding | None]] = {
    "untreated": _untreated,
    "slack": _slack,
    "load": _load,
    "stop": _stop,
    "bypass": _bypass,
}
