"""Data that comes late again and again 数据迟到: a station's matter, or where most of a feed is late, the feed's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from backend.alarms.context import Context
from backend.alarms.judge import Hit, Verdict, judge
from backend.alarms.machine import RINGING, Signal, State
from backend.alarms.rule_kinds import Feed, QualityRule
from backend.alarms.standing import Standing
from backend.city.registry import StationRow
from backend.store.readings import Row


def late_rules(context: Context, rows: Iterable[Row]) -> None:
    """Evaluate the rules that speak for whole stations, and for their feed where many show the same.

    Where several periods of a station come together it is catching up, or we are: only the newest of them says
    whether it is late.
    """
    rules = [rule for rule in context.on.qualities if rule.feed is not None and context.raising]
    if not rules:
        return
    come: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        come[row[1]].add(row[0])
    caught_up = {station: starts - {max(starts)} for station, starts in come.items() if len(starts) > 1}
    for rule in rules:
        if rule.feed is not None:
            _late_rule(context, rule, rule.feed, caught_up)


def _late_rule(context: Context, rule: QualityRule, feed: Feed, caught_up: Mapping[int, set[int]]) -> None:
    measured: defaultdict[int, set[int]] = defaultdict(set)
    for number, parameter in context.touched:
        measured[number].add(parameter)
    standing = context.standing(rule.code, None)
    by_feed: defaultdict[str, list[tuple[StationRow, list[Hit], Verdict]]] = defaultdict(list)
    for station in context.stations(rule.stations):
        if station.id not in measured:
            continue
        hits = _hits(context, rule, station.id, measured[station.id] & context.parameters)
        if station.id in caught_up:
            hits = [hit for hit in hits if hit.start not in caught_up[station.id]]
        owner = next(
            filter(
                None, (context.city.owner(station.id, one, context.period) for one in measured[station.id])
            ),
            "",
        )
        verdict = judge(hits, context.ring(rule), at_once=rule.at_once)
        by_feed[owner].append((station, hits, verdict))
    for owner, several in by_feed.items():
        # A page may end in the middle of an hour: whether it is the feed is told by all that came late just now.
        late = sum(bool(hits) and hits[-1].hit for _, hits, _ in several)
        again = any(verdict is Verdict.RING for *_, verdict in several)
        whole = bool(owner) and again and late >= max(feed.least, feed.share * len(several))
        speaker = _feed_alarm(context, rule, feed, owner, several, late=late, whole=whole)
        for station, hits, verdict in several:
            if hits:
                _follow(context, rule, station, hits, verdict, standing.get(station.id), speaker)


def _hits(context: Context, rule: QualityRule, station: int, parameters: Iterable[int]) -> list[Hit]:
    """One hit for each period in which anything of the station came late, oldest first."""
    by_start: dict[int, bool] = {}
    for parameter in parameters:
        for start, _, _, reason, *_ in context.window.samples.get((station, parameter), ()):
            late = bool(reason) and not rule.reasons.isdisjoint(reason.split())
            by_start[start] = by_start.get(start, False) or late
    return [Hit(start, 1.0, late, None) for start, late in sorted(by_start.items())]


def _alarm(context: Context, code: str, key: str, rule: QualityRule, began: int, last: int) -> Standing:
    return Standing(
        key=key,
        rule=code,
        rule_version=context.rules.version,
        state=State.NORM,
        priority=rule.priority or "low",
        began=began,
        presented=context.now,
        last=last,
        period=context.period,
    )


def _feed_alarm(
    context: Context,
    rule: QualityRule,
    feed: Feed,
    owner: str,
    several: Sequence[tuple[StationRow, list[Hit], Verdict]],
    *,
    late: int,
    whole: bool,
) -> str:
    """Raise, follow or clear the feed's alarm; who speaks for its stations, empty where each does for itself."""
    key = f"{feed.code}|{owner}"
    alarm = context.register.by_key.get(key)
    standing = alarm is not None and alarm.state is not State.NORM
    last = max((hits[-1].start for _, hits, _ in several if hits), default=0)
    if not whole:
        if alarm is not None and standing and alarm.active and last > alarm.last:
            context.register.move(alarm, Signal.CLEAR)
        return ""
    if alarm is None or not standing:
        if not context.recent(last):
            return ""
        alarm = _alarm(context, feed.code, key, rule, last, last)
        alarm.priority, alarm.feed, alarm.grid = feed.priority, owner, context.city.root
        seen = {"type": rule.incident, "source": rule.source, "silent": late, "of": len(several)}
        alarm.evidence = json.dumps(seen, ensure_ascii=False)
        context.register.add(alarm, suppressed=False)
    elif not alarm.active:
        context.register.move(alarm, Signal.RAISE)
    context.register.follow(alarm, last, None, alarm.priority)
    return alarm.incident or key


def _follow(
    context: Context,
    rule: QualityRule,
    station: StationRow,
    hits: Sequence[Hit],
    verdict: Verdict,
    alarm: Standing | None,
    speaker: str,
) -> None:
    newest = hits[-1]
    if alarm is None or alarm.state is State.NORM:
        # A station whose feed is late has nothing of its own to say.
        if verdict is Verdict.RING and not speaker and context.recent(newest.start):
            began = min(one.start for one in hits if one.hit)
            alarm = _alarm(
                context, rule.code, f"{rule.code}|{station.id}|{context.period}", rule, began, newest.start
            )
            alarm.station, alarm.source = station.id, station.source
            alarm.grid, alarm.county, alarm.township = station.grid, station.county, station.township
            seen = {
                "type": rule.incident_for(station.kind),
                "source": rule.source,
                "reasons": sorted(rule.reasons),
            }
            alarm.evidence = json.dumps(seen, ensure_ascii=False)
            context.register.add(alarm, suppressed=False)
        return
    if verdict is Verdict.RING and not alarm.active:
        context.register.move(alarm, Signal.RAISE)
    elif verdict is Verdict.CLEAR and alarm.active:
        context.register.move(alarm, Signal.CLEAR)
    if newest.hit:
        context.register.follow(alarm, newest.start, None, alarm.priority)
    if speaker and (alarm.state in RINGING or alarm.state is State.ACKED):
        context.register.put_away(alarm, Signal.SUPPRESS, speaker)
    elif not speaker:
        context.inhibit(alarm, "")
