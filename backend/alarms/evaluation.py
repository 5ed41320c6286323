"""Let the rules look at what has changed: one read of the last periods, then everything in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from backend.alarms.away import Away
from backend.alarms.context import Context
from backend.alarms.damp import humid_counties
from backend.alarms.late_rule import late_rules
from backend.alarms.limit_rule import limit_rules
from backend.alarms.machine import State
from backend.alarms.nuisance import mark
from backend.alarms.orders import InForce
from backend.alarms.power_rule import power_codes, power_rules
from backend.alarms.regional import active_since
from backend.alarms.rules import Rules, RulesOn, rules_at
from backend.alarms.series_rules import excess_rules, quality_rules, rise_rules
from backend.alarms.site_rules import day_rules, stop_rules
from backend.alarms.standing import Register, Standing
from backend.alarms.window import Window, on_duty, tells
from backend.alarms.windows import WindowEnd
from backend.city.registry import City
from backend.store.readings import Row

MOST_PERIODS = 16
MOST_NAMED = 500
"""So many stations are named in a statement; of more, all alarms are read."""
FEW = 64
"""So few stations of one county, as an instrument's push brings, are looked at within it; else the city is read."""


@dataclass(slots=True)
class Findings:
    """What an evaluation or a sweep did."""

    raised: list[Standing] = field(default_factory=list)
    """Alarms that began to ring, or ring again."""
    cleared: list[Standing] = field(default_factory=list)
    """Alarms whose condition ended."""
    suppressed: list[Standing] = field(default_factory=list)
    """Alarms that stand, but for which a region's or a feed's alarm speaks."""
    standing: list[Standing] = field(default_factory=list)
    """All that stand afterwards."""
    windows: list[WindowEnd] = field(default_factory=list)
    """Maintenance windows that have just ended: each is told once."""


def evaluate(
    conn: Connection, city: City, touched: Sequence[Row], now: int, rules: Rules | None = None
) -> Findings:
    """Raise, follow and clear alarms after readings have changed, in the caller's transaction.

    The same readings looked at twice change nothing the second time. Hours that are over, by the rules' own data,
    ring nothing new, but they can clear what stands.

    Args:
        touched: the readings that are new, revised or flagged anew, as they are stored now.
    """
    rules = rules if rules is not None else rules_at(conn, now)
    counties = _few(city, rules, touched)
    alone = _alone(rules.on(datetime.fromtimestamp(now, city.zone).date()), touched)
    register = Register.read(conn, now, counties, alone=alone)
    if counties is not None and _city_wide(city, register):
        # Where the city is one region, or may become one, that is told by all of its stations.
        counties, register = None, Register.read(conn, now, alone=alone)
    orders = InForce.read(conn, city, rules.orders, now)
    away = Away.read(conn, city, rules, orders, now)
    register.away = away.of
    by_period: defaultdict[int, list[Row]] = defaultdict(list)
    for row in touched:
        by_period[row[3]].append(row)
    # A feed that makes periods up does not keep the rules busy: the periods with most readings are looked at.
    common = sorted(by_period, key=lambda period: -len(by_period[period]))[:MOST_PERIODS]
    for period in sorted(common):
        rows = by_period[period]
        _Evaluation(conn, city, rules, register, orders, period, now, counties).run(rows)
    _doubt(register, touched)
    return finish(conn, register, rules)


def _alone(on: RulesOn, touched: Sequence[Row]) -> tuple[frozenset[str], set[int]] | None:
    """The rules for which no other station matters, and the stations that are touched; None of too many of them."""
    stations = {row[1] for row in touched}
    if len(stations) > MOST_NAMED:
        return None
    several = (*on.qualities, *on.powers) if on.offline is None else (*on.qualities, *on.powers, on.offline)
    return frozenset(rule.code for rule in several), stations


def _few(city: City, rules: Rules, touched: Sequence[Row]) -> frozenset[str] | None:
    """The county that is enough to look at for a small push; None where the whole city is to be looked at."""
    numbers = {row[1] for row in touched}
    if len(numbers) > FEW:
        return None
    stations = [station for number in numbers if (station := city.stations.get(number)) is not None]
    counties = frozenset(station.county for station in stations if station.county)
    if len(counties) > 1:
        return None
    for kind in {station.kind for station in stations}:
        group = rules.region.group_of(kind)
        kin = on_duty(city, {kind} if group is None else group.kinds)
        for county in counties:
            # A county with fewer of a network is held against the whole city.
            if sum(one.county == county for one in kin) <= rules.region.least:
                return None
    return counties


def _city_wide(city: City, register: Register) -> bool:
    """Whether a network is regional in the whole city, or in more than one county."""
    regions: defaultdict[str, set[str]] = defaultdict(set)
    for network, region in active_since(register):
        regions[network].add(region)
    return any(city.root in held or len(held) > 1 for held in regions.values())


def finish(conn: Connection, register: Register, rules: Rules | None = None) -> Findings:
    """Write a register back and say what happened.

    Args:
        rules: to mark chatter and fleeting alarms by; None where it was a person who moved them.
    """
    if rules is not None:
        mark(conn, register, rules)
    register.flush(conn)
    standing = [alarm for alarm in register.by_key.values() if alarm.state is not State.NORM]
    return Findings(
        raised=list({alarm.key: alarm for alarm in register.raised if alarm.state is State.UNACK}.values()),
        cleared=register.cleared,
        suppressed=[alarm for alarm in standing if alarm.state is State.SUPPRESSED],
        standing=standing,
    )


@dataclass(slots=True)
class _Evaluation:
    """One period length."""

    conn: Connection
    city: City
    rules: Rules
    register: Register
    orders: InForce
    period: int
    now: int
    counties: frozenset[str] | None
    """The counties that are looked at; None: all."""

    @property
    def on(self) -> RulesOn:
        """The rules that hold today."""
        return self.rules.on(datetime.fromtimestamp(self.now, self.city.zone).date())

    def run(self, rows: Sequence[Row]) -> None:
        cadence = self.rules.cadence(self.period)
        horizon = self.now - self.period - self.rules.recent.get(cadence, 0)
        recent = [row for row in rows if row[0] >= horizon]
        ruled = self._ruled(cadence)
        if recent:
            self._look(recent, ruled, raising=True, until=self.now)
        standing = {
            (alarm.station, alarm.parameter)
            for alarm in self.register.by_key.values()
            if alarm.active and alarm.period == self.period
        }
        past = [row for row in rows if row[0] < horizon and row[1:3] in standing]
        if past:
            self._look(past, ruled, raising=False, until=max(past)[0])

    def _ruled(self, cadence: str) -> set[int]:
        """The parameters that some rule knows at this cadence."""
        codes = {
            limit.parameter for rule in self.on.limits for limit in rule.limits if limit.cadence == cadence
        }
        for rise in self.on.rises:
            codes.update(rise.amount if rise.cadence == cadence else ())
        for excess in self.on.excesses:
            codes.update(excess.amount if excess.cadence == cadence else ())
        for stop in self.on.stops:
            codes.update(stop.amount if stop.cadence == cadence else ())
        codes.update(rule.limit.parameter for rule in self.on.days if rule.limit.cadence == cadence)
        return {parameter.id for code in codes if (parameter := self.city.parameter(code)) is not None}

    def _powered(self) -> set[int]:
        """The parameters of power meters."""
        codes = power_codes(self.rules.power)
        return {parameter.id for code in codes if (parameter := self.city.parameter(code)) is not None}

    def _objections(self, rows: Iterable[Row]) -> set[int]:
        """The parameters for which the instrument is to be looked at."""
        reasons = frozenset(code for rule in self.on.qualities for code in rule.reasons)
        codes = {rule.code for rule in self.on.qualities if rule.feed is None}
        feeds = [(rule.code, rule.feed.code) for rule in self.on.qualities if rule.feed is not None]
        wholes = {code for both in feeds for code in both}
        standing: set[tuple[int | None, int | None]] = set()
        whole: set[int | None] = set()
        for alarm in self.register.by_key.values():
            if alarm.active and alarm.rule in codes:
                standing.add((alarm.station, alarm.parameter))
            if alarm.active and alarm.rule in wholes:
                # Of a whole station, or of a feed: any of its values may end it.
                whole.add(alarm.station)
        return {
            row[2]
            for row in rows
            if (row[7] and not reasons.isdisjoint(row[7].split()))
            or (standing and row[1:3] in standing)
            or (whole and (None in whole or row[1] in whole))
        }

    def _look(self, rows: Sequence[Row], ruled: set[int], *, raising: bool, until: int) -> None:
        touched = {row[1:3] for row in rows}
        parameters = {row[2] for row in rows}
        objections = self._objections(rows)
        within = self.rules.ring.within
        wanted = (parameters & ruled) | objections
        powered = parameters & self._powered()
        if not (wanted or powered) or not self.period:
            return
        starts = self._starts(rows, within, until, raising)
        counties = self.counties
        among = None
        if counties is not None:
            among = [station.id for station in self.city.stations.values() if station.county in counties]
        window = Window.read(self.conn, self.period, within, starts, wanted, among)
        context = Context(
            city=self.city,
            rules=self.rules,
            on=self.on,
            register=self.register,
            orders=self.orders,
            period=self.period,
            window=window,
            touched=touched,
            parameters=parameters & ruled,
            now=self.now,
            raising=raising,
            counties=counties,
            humid=humid_counties(self.conn, self.city, self.rules, self.on, self.now, wanted),
        )
        limit_rules(context)
        rise_rules(context)
        excess_rules(context)
        day_rules(self.conn, context)
        stop_rules(context)
        if powered and self.on.powers:
            power_rules(self.conn, context, rows)
        context.parameters = objections
        quality_rules(context)
        late_rules(context, rows)

    def _starts(self, rows: Sequence[Row], within: int, until: int, raising: bool) -> list[int]:
        """The starts to look at: from ``within`` periods before what changed to the newest there can be."""
        period = self.period
        starts: set[int] = set()
        for start in {row[0] for row in rows}:
            if raising or start > until - within * period:
                starts.update(range(start - (within - 1) * period, until + 1, period))
        if not raising:
            starts.update(range(until + period, until + (within + 1) * period, period))
        return sorted(starts)


def _doubt(register: Register, touched: Iterable[Row]) -> None:
    """Mark the alarms whose own readings were found bad: nothing is dispatched on them unasked."""
    by_subject: defaultdict[tuple[int | None, int | None, int], list[Standing]] = defaultdict(list)
    for alarm in register.by_key.values():
        if alarm.value is not None and alarm.station is not None and not alarm.suspect:
            by_subject[alarm.station, alarm.parameter, alarm.period].append(alarm)
    if not by_subject:
        return
    for start, station, parameter, period, value, _, flag, reason, _, _ in touched:
        for alarm in by_subject.get((station, parameter, period), ()):
            bad = not tells((start, value, flag, reason, station, parameter))
            if bad and alarm.began <= start <= alarm.last and not _instrument(alarm):
                alarm.suspect = True


def _instrument(alarm: Standing) -> bool:
    return "reasons" in alarm.seen
