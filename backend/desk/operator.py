"""The load on a seat, held against the operator numbers; when many alarms become a flood 报警泛滥."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import case, func, select

from backend.alarms.load import Limits as Limits
from backend.alarms.load import flood_since as flood_since
from backend.desk.alarms import ALARM, PRIORITIES, VIEWS, WAITING
from backend.desk.desk import Desk
from backend.desk.scope import scope_of, standing

TEN_MINUTES, HOUR, DAY = 600, 3600, 86400


@dataclass(frozen=True, slots=True)
class Load:
    """The load of a seat by the operator numbers of ISA-18.2."""

    last_ten_minutes: int
    last_hour: int
    standing: int
    waiting: int
    shelved: int
    oldest: int | None
    """When the oldest alarm that waits for a person was presented."""
    by_priority: Mapping[str, int]
    last_day: int = 0
    mix: Mapping[str, int] = field(default_factory=dict)
    """Alarms of the last day by priority, to hold against the recommended mix."""
    stale: int = 0
    """Alarms that have stood for longer than a day."""
    flood_since: int | None = None
    """When the present flood 报警泛滥 began; None while there is none."""
    limits: Limits = field(default_factory=Limits.read)
    """The operator numbers that these are held against."""

    @property
    def rate(self) -> str:
        """``steady``, ``workable``, ``over`` or ``flood``: the last ten minutes against the numbers."""
        if self.flood_since is not None:
            return "flood"
        if self.last_ten_minutes <= self.limits.steady:
            return "steady"
        return "workable" if self.last_ten_minutes <= self.limits.workable else "over"


def load(desk: Desk) -> Load:
    """How much comes to this seat now, beside the operator numbers of ISA-18.2."""
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        # What another alarm speaks for is never presented to a person, and is no load.
        recent = connection.execute(
            select(ALARM.c.presented, ALARM.c.priority)
            .where(ALARM.c.presented > now - DAY, ALARM.c.inhibited_by == "", scope.sees(ALARM))
            .order_by(ALARM.c.presented)
        ).all()
        held = connection.execute(
            select(
                ALARM.c.state,
                ALARM.c.priority,
                func.count(),
                func.min(ALARM.c.presented),
                func.sum(case((ALARM.c.presented <= now - DAY, 1), else_=0)),
            )
            .where(standing(ALARM), scope.sees(ALARM))
            .group_by(ALARM.c.state, ALARM.c.priority)
        ).all()
    presented = [at for at, _ in recent]
    limits = Limits.read()
    by_priority, mix = dict.fromkeys(PRIORITIES, 0), dict.fromkeys(PRIORITIES, 0)
    for _, priority in recent:
        mix[priority] = mix.get(priority, 0) + 1
    counted: dict[str, int] = {}
    for state, priority, count, _, _ in held:
        counted[state] = counted.get(state, 0) + count
        if state in WAITING:
            by_priority[priority] = by_priority.get(priority, 0) + count
    return Load(
        last_ten_minutes=sum(at > now - TEN_MINUTES for at in presented),
        last_hour=sum(at > now - HOUR for at in presented),
        standing=sum(counted.get(state, 0) for state in VIEWS["standing"]),
        waiting=sum(counted.get(state, 0) for state in WAITING),
        shelved=counted.get("SHELVED", 0),
        oldest=min((oldest for state, _, _, oldest, _ in held if state in WAITING), default=None),
        by_priority=by_priority,
        last_day=len(presented),
        mix=mix,
        stale=sum(stale for state, _, _, _, stale in held if state in VIEWS["standing"]),
        flood_since=flood_since(presented, now, limits),
        limits=limits,
    )
