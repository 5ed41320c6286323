"""What every rule is given in one evaluation, and what it may do with its verdict."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from backend.alarms.away import kept_by_order
from backend.alarms.judge import Hit, Verdict, first_of_run
from backend.alarms.machine import RINGING, Signal, State
from backend.alarms.orders import InForce
from backend.alarms.rule_kinds import Priority, Ring, Rule
from backend.alarms.rules import Rules, RulesOn
from backend.alarms.standing import Register, Standing
from backend.alarms.window import Network, Window, on_duty
from backend.city.registry import City, StationRow

HUMID = "humid:"
"""What keeps an alarm from ringing in humid air begins with; the county follows."""
WORSE = "worse"
"""Why an acknowledged alarm rings again that has risen to a priority at which it must."""


@dataclass(slots=True)
class Context:
    """One period length, evaluated at one instant."""

    city: City
    rules: Rules
    on: RulesOn
    """Those of ``rules`` that hold today."""
    register: Register
    period: int
    window: Window
    touched: set[tuple[int, int]]
    """(station, parameter) that have something new."""
    parameters: set[int]
    """The parameters of ``touched``."""
    now: int
    orders: InForce
    """The orders that hold now."""
    raising: bool = True
    """False for hours that are over: they can clear an alarm, but not ring one."""
    counties: frozenset[str] | None = None
    """The counties that were read; None: all."""
    humid: frozenset[str] = frozenset()
    """The counties whose air is too humid for dust instruments."""
    _networks: dict[tuple[frozenset[str], int], Network] = field(default_factory=dict)
    _kinds: dict[str, frozenset[str]] = field(default_factory=dict)
    _stations: dict[frozenset[str], list[StationRow]] = field(default_factory=dict)
    _standing: dict[tuple[str, int | None], dict[int, Standing]] | None = None

    @property
    def cadence(self) -> str:
        """The name of the period's cadence."""
        return self.rules.cadence(self.period)

    @property
    def day(self) -> date:
        """The city's day: limits are dated."""
        return datetime.fromtimestamp(self.now, self.city.zone).date()

    def stations(self, kinds: frozenset[str]) -> list[StationRow]:
        """The stations of these kinds that are looked at."""
        found = self._stations.get(kinds)
        if found is None:
            found = self._stations[kinds] = on_duty(self.city, kinds, self.counties)
        return found

    def network(self, kinds: frozenset[str], parameter: int) -> Network:
        """What the stations of these kinds have of a parameter."""
        found = self._networks.get((kinds, parameter))
        if found is None:
            found = self._networks[kinds, parameter] = Network(self.window, parameter, self.stations(kinds))
        return found

    def network_of(self, kind: str, parameter: int) -> Network:
        """The network that a kind of station belongs to."""
        kinds = self._kinds.get(kind)
        if kinds is None:
            group = self.rules.region.group_of(kind)
            kinds = self._kinds[kind] = frozenset({kind}) if group is None else group.kinds
        return self.network(kinds, parameter)

    def ring(self, rule: Rule) -> Ring:
        """When a rule rings and clears."""
        return rule.ring or self.rules.ring

    def key(self, rule: str, station: int, parameter: int) -> str:
        """What makes two signals of a station the same."""
        return f"{rule}|{station}|{parameter}|{self.period}"

    def recent(self, start: int) -> bool:
        """Whether a period is recent enough to ring."""
        age = self.now - start - self.period
        return self.raising and age <= self.rules.recent.get(self.cadence, 0)

    def background(self, kinds: Iterable[str], parameter: int, start: int, county: str) -> float | None:
        """The county's mean of the first of these kinds of station that has values; None where none has."""
        for kind in kinds:
            mean = self.network(frozenset({kind}), parameter).mean(start, county)
            if mean is not None:
                return mean
        return None

    def standing(self, rule: str, parameter: int | None) -> dict[int, Standing]:
        """The alarms of a rule and parameter that stood when this period was begun with, by station."""
        if self._standing is None:
            self._standing = {}
            for alarm in self.register.by_key.values():
                if alarm.station is not None and alarm.period == self.period:
                    of = self._standing.setdefault((alarm.rule, alarm.parameter), {})
                    of[alarm.station] = alarm
        return self._standing.get((rule, parameter), {})

    def concerned(self, rule: Rule, parameter: int) -> Iterable[tuple[StationRow, Standing | None]]:
        """The stations of a rule that have something new or an alarm that stands, with that alarm."""
        standing = self.standing(rule.code, parameter)
        for station in self.stations(rule.stations):
            alarm = standing.get(station.id)
            if alarm is not None or (station.id, parameter) in self.touched:
                yield station, alarm

    def settle(
        self,
        rule: Rule,
        station: StationRow,
        parameter: int,
        hits: Sequence[Hit],
        verdict: Verdict,
        *,
        threshold: float | None = None,
        inhibitor: str = "",
        evidence: dict[str, Any] | None = None,
    ) -> None:
        """Do with the alarm of a station's parameter what the verdict says.

        Args:
            hits: what the rule saw, oldest first, not empty.
            inhibitor: the key of the alarm that speaks for this one; empty where it rings for itself.
        """
        key = self.key(rule.code, station.id, parameter)
        alarm = self.register.by_key.get(key)
        newest = hits[-1]
        if not inhibitor and station.county in self.humid and rule.code in self.rules.damp.rules:
            inhibitor = f"{HUMID}{station.county}"
        if verdict is Verdict.RING and self.recent(newest.start):
            if alarm is None or alarm.state is State.NORM:
                alarm = self._alarm(rule, station, parameter, hits, threshold, evidence)
                alarm.inhibited_by = inhibitor
                self.register.add(alarm, suppressed=bool(inhibitor))
                return
            if not alarm.active:
                self.register.move(alarm, Signal.RAISE)
        if alarm is None:
            return
        if verdict is Verdict.CLEAR and alarm.active and (self.raising or newest.start > alarm.last):
            self.register.move(alarm, Signal.CLEAR)
        elif newest.hit and alarm.active:
            before = alarm.priority
            self.register.follow(alarm, newest.start, newest.value, self._priority(rule, newest))
            worse = alarm.priority != before and alarm.priority in self.rules.stand.worse
            if worse and self.recent(newest.start):
                self.register.move(alarm, Signal.AGAIN, reason=WORSE)
            alarm.suspect = alarm.suspect or newest.suspect
            alarm.background = newest.background if newest.background is not None else alarm.background
        self.inhibit(alarm, inhibitor)

    def inhibit(self, alarm: Standing, inhibitor: str) -> None:
        """Keep an alarm from ringing, or let it ring again."""
        if inhibitor:
            if alarm.state in RINGING or alarm.state is State.ACKED:
                self.register.move(alarm, Signal.SUPPRESS, reason=inhibitor)
            if alarm.state is State.SUPPRESSED:
                alarm.inhibited_by = alarm.inhibited_by or inhibitor
        elif alarm.state is State.SUPPRESSED and self.raising and not kept_by_order(alarm):
            self.register.move(alarm, Signal.RELEASE)

    def _priority(self, rule: Rule, hit: Hit) -> Priority:
        return rule.priority or self.rules.priority(hit.ratio)

    def _alarm(
        self,
        rule: Rule,
        station: StationRow,
        parameter: int,
        hits: Sequence[Hit],
        threshold: float | None,
        evidence: dict[str, Any] | None,
    ) -> Standing:
        newest = hits[-1]
        values = [one.value for one in hits if one.hit and one.value is not None]
        seen = {
            "values": [[one.start, one.value] for one in hits],
            "ratio": round(newest.ratio, 3),
            "type": rule.incident_for(station.kind),
            "source": rule.source,
            **(evidence or {}),
        }
        return Standing(
            key=self.key(rule.code, station.id, parameter),
            rule=rule.code,
            rule_version=self.rules.version,
            state=State.NORM,
            priority=self._priority(rule, newest),
            began=first_of_run(hits),
            presented=self.now,
            last=newest.start,
            station=station.id,
            parameter=parameter,
            period=self.period,
            source=station.source,
            feed=self._feed(station.id, parameter),
            grid=station.grid,
            county=station.county,
            township=station.township,
            value=newest.value,
            peak=max(values, default=newest.value),
            threshold=threshold,
            background=newest.background,
            suspect=newest.suspect,
            evidence=json.dumps(seen, ensure_ascii=False),
        )

    def _feed(self, station: int, parameter: int) -> str:
        return self.city.owner(station, parameter, self.period)
