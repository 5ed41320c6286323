"""The load on a seat, held against the operator numbers; when many alarms become a flood 报警泛滥."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, case, func, or_, select

from backend.alarms.load import Limits as Limits
from backend.alarms.load import flood_since as flood_since
from backend.alarms.tables import Flood as FloodTable
from backend.desk.alarms import ALARM, PRIORITIES, VIEWS, WAITING
from backend.desk.desk import Desk
from backend.desk.scope import scope_of, standing
from backend.store import table

FLOOD = table(FloodTable)
TEN_MINUTES, HOUR, DAY = 600, 3600, 86400


@dataclass(frozen=True, slots=True)
class Flood:
    """A time in which more alarms came than can be read 报警泛滥."""

    began: int
    ended: int | None
    """None while it lasts."""
    peak: int
    """Most alarms in ten minutes."""
    total: int
    """Alarms of all of it."""


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
    chatter: int = 0
    """Alarms that stand and are presented again and again."""
    fleeting: int = 0
    """Alarms of the last day that went as soon as they came."""
    flood: Flood | None = None
    """The flood 报警泛滥 that lasts, or the last one of the day."""
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
    now, limits = desk.now, Limits.read()
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        # What another alarm speaks for is never presented to a person, and is no load.
        recent = connection.execute(
            select(ALARM.c.presented, ALARM.c.priority, ALARM.c.fleeting)
            .where(ALARM.c.presented > now - DAY, ALARM.c.inhibited_by == "", scope.sees(ALARM))
            .order_by(ALARM.c.presented)
        ).all()
        held = connection.execute(
            select(
                ALARM.c.state,
                ALARM.c.priority,
                func.count(),
                func.min(ALARM.c.presented),
                func.sum(case((ALARM.c.presented <= now - limits.nuisance.stale, 1), else_=0)),
                func.sum(case((ALARM.c.activations >= limits.nuisance.activations, 1), else_=0)),
            )
            .where(standing(ALARM), scope.sees(ALARM))
            .group_by(ALARM.c.state, ALARM.c.priority)
        ).all()
        known = _floods(connection, desk, now - DAY)
    presented = [row.presented for row in recent]
    by_priority, mix = dict.fromkeys(PRIORITIES, 0), dict.fromkeys(PRIORITIES, 0)
    for _, priority, _ in recent:
        mix[priority] = mix.get(priority, 0) + 1
    counted: dict[str, int] = {}
    for state, priority, count, *_ in held:
        counted[state] = counted.get(state, 0) + count
        if state in WAITING:
            by_priority[priority] = by_priority.get(priority, 0) + count
    return Load(
        last_ten_minutes=sum(at > now - TEN_MINUTES for at in presented),
        last_hour=sum(at > now - HOUR for at in presented),
        standing=sum(counted.get(state, 0) for state in VIEWS["standing"]),
        waiting=sum(counted.get(state, 0) for state in WAITING),
        shelved=counted.get("SHELVED", 0),
        oldest=min((oldest for state, _, _, oldest, *_ in held if state in WAITING), default=None),
        by_priority=by_priority,
        last_day=len(presented),
        mix=mix,
        stale=sum(stale for state, _, _, _, stale, _ in held if state in VIEWS["standing"]),
        chatter=sum(chatter for state, *_, chatter in held if state in VIEWS["standing"]),
        fleeting=sum(row.fleeting for row in recent),
        flood=known[0] if known else None,
        flood_since=flood_since(presented, now, limits),
        limits=limits,
    )


def floods(desk: Desk, *, days: int = 7) -> list[Flood]:
    """The floods of the seats of the person's grid, the newest first."""
    with desk.store.read() as connection:
        return _floods(connection, desk, desk.now - days * DAY)


def _floods(connection: Connection, desk: Desk, since: int) -> list[Flood]:
    rows = connection.execute(
        select(FLOOD.c.began, FLOOD.c.ended, FLOOD.c.peak, FLOOD.c.total)
        .where(FLOOD.c.grid == desk.actor.grid, or_(FLOOD.c.ended.is_(None), FLOOD.c.ended > since))
        .order_by(FLOOD.c.began.desc())
    )
    return [Flood(*row) for row in rows]
