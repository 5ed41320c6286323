"""What time alone does to alarms: shelves end, stations fall silent, what nothing confirms any more is cleared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from backend.alarms import floods
from backend.alarms.away import Away, kept_by_order
from backend.alarms.evaluation import Findings, finish
from backend.alarms.machine import RINGING, Signal, State
from backend.alarms.orders import InForce
from backend.alarms.rule_kinds import OfflineRule, Priority
from backend.alarms.rules import Rules, RulesOn, rules_at
from backend.alarms.standing import Register, Standing
from backend.alarms.vehicles import months_back
from backend.alarms.window import on_duty
from backend.alarms.windows import end_windows, summaries
from backend.city.registry import City, StationRow
from backend.feeds.tables import Feed, FeedHealth
from backend.store import table
from backend.store.tables import Latest

HOUR = 3600
EXPIRED = "expired"
LAPSED = "lapsed"
RETIRED = "retired"
NOT_SOLVED = "not_solved"


@dataclass(frozen=True, slots=True)
class Silence:
    """A station and how long it has been silent."""

    station: StationRow
    feed: str
    period: int
    last: int
    """The start of its last period that came."""
    silent: bool


def sweep(
    conn: Connection,
    city: City,
    now: int,
    rules: Rules | None = None,
    *,
    ended: Callable[[Collection[str]], Mapping[str, int]] | None = None,
) -> Findings:
    """End shelves, look for silent stations and feeds, clear what nothing confirms any more, and ring again for what
    stands although the work for it has ended.

    Args:
        ended: says of some incidents for which work was done and verified and nobody owes any, and when it ended.
    """
    rules = rules if rules is not None else rules_at(conn, now)
    register = Register.read(conn, now)
    orders = InForce.read(conn, city, rules.orders, now)
    over = end_windows(conn, now)
    away = Away.read(conn, city, rules, orders, now)
    register.away = away.of
    _shelves(register, now)
    offline = _on(city, rules, now).offline
    if offline is not None:
        _silences(conn, city, rules, offline, register, now)
    _stale(city, rules, register, now)
    _orphans(register)
    if ended is not None:
        _again(register, rules, ended)
    away.settle(register)
    findings = finish(conn, register, rules)
    floods.keep(conn, city, now)
    findings.windows = summaries(conn, over)
    return findings


def _on(city: City, rules: Rules, now: int) -> RulesOn:
    return rules.on(datetime.fromtimestamp(now, city.zone).date())


def _shelves(register: Register, now: int) -> None:
    for alarm in list(register.by_key.values()):
        if alarm.state is State.SHELVED and alarm.shelved_until is not None and alarm.shelved_until <= now:
            register.move(alarm, Signal.UNSHELVE, reason=EXPIRED)


def _stale(city: City, rules: Rules, register: Register, now: int) -> None:
    """Alarms of stations that are out of service, and those without a value for too long."""
    duty = {station.id for station in on_duty(city, city.by_kind.keys())}
    on = _on(city, rules, register.now)
    months = {rule.code: rule.months for rule in on.vehicles}
    lasting = set() if on.offline is None else {on.offline.code, on.offline.feed.code}
    for alarm in list(register.by_key.values()):
        if not alarm.active:
            continue
        if alarm.station is not None and alarm.station not in duty:
            register.move(alarm, Signal.CLEAR, reason=RETIRED)
        elif alarm.rule in months:
            # Nothing passed since: what was measured then says nothing of the vehicle any more.
            if alarm.last < months_back(register.now, months[alarm.rule], city.zone):
                register.move(alarm, Signal.CLEAR, reason=LAPSED)
        elif alarm.rule not in lasting and alarm.last + alarm.period < now - rules.stand.lapse:
            register.move(alarm, Signal.CLEAR, reason=LAPSED)


def _again(register: Register, rules: Rules, ended: Callable[[Collection[str]], Mapping[str, int]]) -> None:
    """What was acknowledged before the work ended, and is measured all the same after it, rings once more."""
    acked = [
        one for one in register.by_key.values() if one.state is State.ACKED and one.active and one.incident
    ]
    ends = ended({one.incident for one in acked}) if acked else {}
    for alarm in acked:
        end = ends.get(alarm.incident)
        if end is None or (alarm.acked or 0) > end:
            continue
        if alarm.last >= end + rules.stand.again * alarm.period:
            register.move(alarm, Signal.AGAIN, reason=NOT_SOLVED)


def _orphans(register: Register) -> None:
    """Alarms for which another spoke that stands no more ring for themselves."""
    standing = [one for one in register.by_key.values() if one.active and one.state is not State.NORM]
    speakers = {one.key for one in standing} | {one.incident for one in standing if one.station is None}
    for alarm in standing + [one for one in register.by_key.values() if not one.active]:
        if (
            alarm.state is State.SUPPRESSED
            and alarm.inhibited_by not in speakers
            and not kept_by_order(alarm)
        ):
            register.move(alarm, Signal.RELEASE)


def silences(conn: Connection, city: City, rules: Rules, now: int) -> list[Silence]:
    """Every station that has ever sent something, and whether it is silent 离线 now.

    Silent is who had sent nothing for too long when its feed was asked last: what has come since then waits at the
    upstream, and is no fault of the instrument's. What comes from files alone is silent never: a person brings them.
    """
    rule = _on(city, rules, now).offline
    if rule is None:
        return []
    latest = table(Latest)
    rows = conn.execute(
        select(
            latest.c.station, func.max(latest.c.start + latest.c.period), func.max(latest.c.start)
        ).group_by(latest.c.station)
    )
    heard = {station: (end, start) for station, end, start in rows}
    asked, filed = _asked(conn, now), _filed(conn)
    found = []
    for station in on_duty(city, rule.stations):
        if station.id not in heard:
            continue
        feed, period = _cadence(city, station.id)
        end, start = heard[station.id]
        after = rule.patience(station.kind, rules.cadence(period))
        silent = after is not None and feed not in filed and asked.get(feed, now) - end > after
        found.append(Silence(station, feed, period, start, silent))
    return found


def _asked(conn: Connection, now: int) -> dict[str, int]:
    """When each feed that is polled was last asked and answered; one interval ago at the earliest, so that one that
    is not asked any more, or never answers, hides nobody's silence."""
    feeds, health = table(Feed).c, table(FeedHealth).c
    rows = conn.execute(
        select(feeds.code, feeds.every, health.ok_at)
        .join_from(table(Feed), table(FeedHealth), health.feed == feeds.id)
        .where(feeds.enabled.is_(True), feeds.every > 0, health.ok_at.is_not(None))
    )
    return {code: min(now, max(ok_at, now - every)) for code, every, ok_at in rows}


def _filed(conn: Connection) -> frozenset[str]:
    """The feeds that nothing comes by of itself: what stands under them was imported."""
    feeds = table(Feed).c
    return frozenset(conn.execute(select(feeds.code).where(feeds.adapter == "file")).scalars())


def _cadence(city: City, station: int) -> tuple[str, int]:
    """The feed and period of what a station measures most often."""
    measures = [measure for measure in city.measures.get(station, ()) if measure.period > 0]
    if not measures:
        return "", HOUR
    quickest = min(measures, key=lambda measure: measure.period)
    return quickest.feed, quickest.period


def _silences(
    conn: Connection, city: City, rules: Rules, rule: OfflineRule, register: Register, now: int
) -> None:
    by_feed: defaultdict[str, list[Silence]] = defaultdict(list)
    for one in silences(conn, city, rules, now):
        by_feed[one.feed].append(one)
    for feed, stations in sorted(by_feed.items()):
        silent = [one for one in stations if one.silent]
        out = bool(feed) and len(silent) >= max(rule.feed.least, rule.feed.share * len(stations))
        key = f"{rule.feed.code}|{feed}"
        if feed:
            last = max(one.last for one in stations)
            kind, period = stations[0].station.kind, stations[0].period
            after = rule.patience(kind, rules.cadence(period)) or 0
            row = _alarm(rule.feed.code, key, rules, rule.feed.priority, last, period, after)
            row.feed = feed
            row.grid = city.root
            row.evidence = json.dumps({"type": rule.incident, "silent": len(silent), "of": len(stations)})
            _follow(register, row, holds=out, inhibitor="")
        speaker = register.by_key.get(key) if out else None
        inhibitor = "" if speaker is None else speaker.incident or key
        for one in stations:
            priority = rule.priority_of.get(one.station.kind, rule.priority or "low")
            after = rule.patience(one.station.kind, rules.cadence(one.period)) or 0
            key_of = f"{rule.code}|{one.station.id}"
            row = _alarm(rule.code, key_of, rules, priority, one.last, one.period, after)
            _place(row, one)
            row.evidence = json.dumps({"type": rule.incident_for(one.station.kind), "last": one.last})
            _follow(register, row, holds=one.silent, inhibitor=inhibitor)


def _alarm(
    code: str, key: str, rules: Rules, priority: Priority, last: int, period: int, after: int
) -> Standing:
    return Standing(
        key=key,
        rule=code,
        rule_version=rules.version,
        state=State.NORM,
        priority=priority,
        began=last + period,
        presented=0,
        last=last,
        period=period,
        threshold=float(after),
    )


def _place(row: Standing, one: Silence) -> None:
    row.station, row.source, row.feed = one.station.id, one.station.source, one.feed
    row.grid, row.county, row.township = one.station.grid, one.station.county, one.station.township


def _follow(register: Register, fresh: Standing, *, holds: bool, inhibitor: str) -> None:
    alarm = register.by_key.get(fresh.key)
    standing = alarm is not None and alarm.state is not State.NORM
    if holds and not standing:
        # A station whose feed is out has nothing of its own to say.
        if not inhibitor:
            register.add(fresh, suppressed=False)
        return
    if alarm is None or not standing:
        return
    if holds and not alarm.active:
        register.move(alarm, Signal.RAISE)
    elif not holds and alarm.active:
        register.move(alarm, Signal.CLEAR)
    if holds and inhibitor and (alarm.state in RINGING or alarm.state is State.ACKED):
        register.move(alarm, Signal.SUPPRESS, reason=inhibitor)
        alarm.inhibited_by = inhibitor
    elif alarm.state is State.SUPPRESSED and not inhibitor and not kept_by_order(alarm):
        register.move(alarm, Signal.RELEASE)
