"""The alarms that stand, in memory for one transaction: moved by the machine, written back together."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, or_, select

from backend.alarms.machine import Signal, State, decide
from backend.alarms.rules import higher
from backend.alarms.tables import Alarm, AlarmAct
from backend.store import insert_ignore, table

ALARM, ACT = table(Alarm), table(AlarmAct)
_KEPT = frozenset({State.SUPPRESSED, State.OUT_OF_SERVICE})
SYSTEM = "SYS"
"""Who acts where nobody does."""


@dataclass(slots=True)
class Standing:
    """One alarm; the columns of its row."""

    key: str
    rule: str
    rule_version: int
    state: State
    priority: str
    began: int
    presented: int
    """0 where it was never shown: it was suppressed from its first period on."""
    last: int
    id: int = 0
    station: int | None = None
    parameter: int | None = None
    period: int = 3600
    source: str = ""
    feed: str = ""
    grid: str = ""
    county: str = ""
    township: str = ""
    cleared: int | None = None
    acked: int | None = None
    acked_by: str = ""
    value: float | None = None
    peak: float | None = None
    threshold: float | None = None
    background: float | None = None
    occurrences: int = 1
    suspect: bool = False
    incident: str = ""
    inhibited_by: str = ""
    shelved_until: int | None = None
    shelved_by: str = ""
    shelve_reason: str = ""
    evidence: str = ""
    subject: str = ""
    activations: int = 1
    fleeting: bool = False

    @property
    def active(self) -> bool:
        """Whether its condition stands."""
        return self.cleared is None

    @property
    def seen(self) -> Mapping[str, Any]:
        """What the rule saw."""
        return dict(json.loads(self.evidence)) if self.evidence else {}


NAMES = tuple(one.name for one in fields(Standing))
_COLUMNS = [ALARM.c[name] for name in NAMES]


def _read(row: Any) -> Standing:
    found = Standing(*row)
    found.state = State(found.state)
    return found


@dataclass(slots=True)
class Register:
    """The standing alarms by their keys, with what this transaction does to them."""

    now: int
    by_key: dict[str, Standing]
    raised: list[Standing] = field(default_factory=list)
    """Those that began to ring."""
    cleared: list[Standing] = field(default_factory=list)
    away: Callable[[Standing], tuple[Signal, str] | None] | None = None
    """What is to be done with a new alarm that may not ring, and by what (`backend.alarms.away`)."""
    _before: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    _new: list[Standing] = field(default_factory=list)
    _acts: list[tuple[Standing, dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def read(
        cls,
        conn: Connection,
        now: int,
        counties: Collection[str] | None = None,
        *,
        alone: tuple[Collection[str], Collection[int]] | None = None,
    ) -> Register:
        """All that stand; of these counties, and of no station, where ``counties`` are given.

        Args:
            alone: rules that look at each station alone, and the stations of which their alarms are wanted: in a flood
                of faults the others are not carried along.
        """
        # The condition is written out so that the partial index can answer it.
        query = select(*_COLUMNS).where(ALARM.c.state != literal_column("'NORM'"))
        if counties is not None:
            query = query.where(or_(ALARM.c.station.is_(None), ALARM.c.county.in_(sorted(counties))))
        if alone is not None:
            rules, stations = alone
            own = ALARM.c.rule.not_in(sorted(rules))
            query = query.where(or_(own, ALARM.c.station.is_(None), ALARM.c.station.in_(sorted(stations))))
        return cls._of(conn.execute(query), now)

    @classmethod
    def of(cls, conn: Connection, alarm: int, now: int) -> Register:
        """One alarm by its number, whatever its state."""
        return cls._of(conn.execute(select(*_COLUMNS).where(ALARM.c.id == alarm)), now)

    @classmethod
    def of_numbers(cls, conn: Connection, numbers: Collection[int], now: int) -> Register:
        """These alarms, whatever their states; of one key the one that stands."""
        rows: list[Any] = []
        wanted = sorted(numbers)
        for first in range(0, len(wanted), 400):
            part = wanted[first : first + 400]
            rows += conn.execute(select(*_COLUMNS).where(ALARM.c.id.in_(part))).all()
        # What is back to normal may have a successor of the same key: the one that stands is put last.
        return cls._of(sorted(rows, key=lambda row: bool(row.state != State.NORM.value)), now)

    @property
    def by_number(self) -> dict[int, Standing]:
        """The same by their numbers."""
        return {alarm.id: alarm for alarm in self.by_key.values()}

    @classmethod
    def of_keys(cls, conn: Connection, keys: Sequence[str], now: int) -> Register:
        """Those of these keys that stand."""
        rows: list[Any] = []
        for first in range(0, len(keys), 400):
            query = select(*_COLUMNS).where(
                ALARM.c.state != literal_column("'NORM'"), ALARM.c.key.in_(keys[first : first + 400])
            )
            rows += conn.execute(query).all()
        return cls._of(rows, now)

    @classmethod
    def _of(cls, rows: Iterable[Any], now: int) -> Register:
        register = cls(now, {})
        for row in rows:
            found = _read(row)
            register.by_key[found.key] = found
            register._before[found.id] = tuple(row)
        return register

    def add(self, alarm: Standing, *, suppressed: bool) -> None:
        """A new alarm, ringing or kept from it."""
        signal, reason = Signal.SUPPRESS if suppressed else Signal.RAISE, ""
        if self.away is not None and (to := self.away(alarm)) is not None:
            signal, reason = to
            alarm.inhibited_by = reason
        alarm.presented = self.now if signal is Signal.RAISE else 0
        self.by_key[alarm.key] = alarm
        self._new.append(alarm)
        alarm.state = State.NORM
        self.move(alarm, signal, reason=reason)

    def put_away(self, alarm: Standing, signal: Signal, by: str) -> None:
        """Keep an alarm from ringing, and say by what."""
        if self.move(alarm, signal, reason=by):
            alarm.inhibited_by = by

    def move(self, alarm: Standing, signal: Signal, *, actor: str = SYSTEM, reason: str = "") -> bool:
        """Give an alarm a signal; False where the machine has no such move."""
        before = alarm.state
        if signal is Signal.RAISE:
            if not alarm.active:
                alarm.cleared = None
                alarm.occurrences += 1
        elif signal is Signal.CLEAR:
            if not alarm.active:
                return False
            alarm.cleared = self.now
        after = decide(before, signal, active=alarm.active)
        if after is None:
            return False
        alarm.state = after
        self._settle(alarm, before, signal, actor)
        if after is not before or signal in (Signal.RAISE, Signal.CLEAR):
            self._log(alarm, signal, actor, before, reason)
        return True

    def _settle(self, alarm: Standing, before: State, signal: Signal, actor: str) -> None:
        after = alarm.state
        if after is State.UNACK and before is not State.UNACK:
            # It is shown anew: the load of a seat counts by this instant.
            alarm.presented = self.now
            alarm.acked, alarm.acked_by = None, ""
            self.raised.append(alarm)
        if signal is Signal.ACKNOWLEDGE:
            alarm.acked, alarm.acked_by = self.now, actor
        if signal is Signal.CLEAR:
            self.cleared.append(alarm)
        if before in _KEPT and after is not before:
            alarm.inhibited_by = ""
        if before is State.SHELVED and after is not State.SHELVED:
            alarm.shelved_until, alarm.shelved_by, alarm.shelve_reason = None, "", ""

    def _log(self, alarm: Standing, signal: Signal, actor: str, before: State, reason: str) -> None:
        row = {
            "at": self.now,
            "act": signal.value,
            "actor": actor,
            "from_state": before.value,
            "to_state": alarm.state.value,
            "reason": reason,
        }
        self._acts.append((alarm, row))

    def follow(self, alarm: Standing, start: int, value: float | None, priority: str) -> None:
        """Note a further period that shows it."""
        if start > alarm.last:
            alarm.last = start
            alarm.value = value
        if value is not None and start >= alarm.began:
            alarm.peak = value if alarm.peak is None else max(alarm.peak, value)
        alarm.priority = higher(alarm.priority, priority)

    def flush(self, conn: Connection) -> None:
        """Write everything back."""
        if self._new:
            insert_ignore(conn, ALARM, [_row(alarm) for alarm in self._new])
            self._number(conn)
        changed = [
            alarm
            for alarm in self.by_key.values()
            if alarm.id in self._before and _values(alarm) != self._before[alarm.id]
        ]
        if changed:
            conn.execute(
                ALARM.update().where(ALARM.c.id == bindparam("which")),
                [{**_row(alarm), "which": alarm.id} for alarm in changed],
            )
        if self._acts:
            conn.execute(ACT.insert(), [{**row, "alarm": alarm.id} for alarm, row in self._acts if alarm.id])
        for alarm in (*self._new, *changed):
            self._before[alarm.id] = _values(alarm)
        self._new, self._acts = [], []

    def _number(self, conn: Connection) -> None:
        """Learn the numbers that the store gave to the new alarms."""
        keys = [alarm.key for alarm in self._new]
        numbers: dict[str, int] = {}
        for first in range(0, len(keys), 400):
            rows = conn.execute(
                select(ALARM.c.key, ALARM.c.id).where(
                    ALARM.c.state != literal_column("'NORM'"), ALARM.c.key.in_(keys[first : first + 400])
                )
            )
            numbers.update((key, number) for key, number in rows)
        for alarm in self._new:
            alarm.id = numbers.get(alarm.key, 0)


_values: Callable[[Standing], tuple[Any, ...]] = attrgetter(*NAMES)


def _row(alarm: Standing) -> dict[str, Any]:
    row = dict(zip(NAMES, _values(alarm), strict=True))
    row["state"] = alarm.state.value
    del row["id"]
    return row
