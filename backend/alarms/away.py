"""What keeps alarms from ringing although they stand: maintenance windows and declared stops. They are recorded.

An alarm in a maintenance window is out of service 停用, one at a source that has declared a stop is suppressed 抑制;
both come back by themselves when that is over, and ring where their condition still stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from backend.alarms.machine import RINGING, Signal, State
from backend.alarms.orders import InForce
from backend.alarms.rules import Rules
from backend.alarms.standing import Register, Standing
from backend.alarms.tables import MaintenanceWindow
from backend.city.registry import City
from backend.store import table

WINDOW = table(MaintenanceWindow)
OF_WINDOW, OF_ORDER = "window:", "order:"
"""What ``inhibited_by`` of an alarm begins with that is kept away by one of these."""


def kept_by_order(alarm: Standing) -> bool:
    """Whether it is a declared stop that keeps an alarm from ringing."""
    return alarm.inhibited_by.startswith(OF_ORDER)


@dataclass(slots=True)
class Away:
    """The windows and declared stops of one instant."""

    city: City
    orders: InForce
    quiet: frozenset[str]
    windows: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    """The windows' numbers, and the grid within which each holds, by (kind of scope, scope)."""

    @classmethod
    def read(cls, conn: Connection, city: City, rules: Rules, orders: InForce, now: int) -> Away:
        """As it is now."""
        rows = conn.execute(
            select(WINDOW.c.id, WINDOW.c.scope_kind, WINDOW.c.scope, WINDOW.c.grid)
            .where(WINDOW.c.starts <= now, WINDOW.c.ends > now, WINDOW.c.ended.is_(None))
            .order_by(WINDOW.c.id)
        )
        windows: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for row in rows:
            windows.setdefault((row.scope_kind, row.scope), []).append((row.id, row.grid))
        return cls(city, orders, rules.orders.quiet, windows)

    def window(self, alarm: Standing) -> int | None:
        """The maintenance window that an alarm falls into."""
        if not self.windows:
            return None
        station = self.city.stations.get(alarm.station or 0)
        grid = alarm.grid if station is None else station.grid or station.county
        scopes = [("feed", alarm.feed)] if alarm.feed else []
        if station is not None:
            scopes += [("station", station.code), ("kind", station.kind)]
            scopes += [("grid", code) for code in self.city.path(grid)]
        for scope in scopes:
            for number, within in self.windows.get(scope, ()):
                if not within or self.city.inside(grid, within):
                    return number
        return None

    def of(self, alarm: Standing) -> tuple[Signal, str] | None:
        """What is to be done with an alarm, and by what; None where it may ring."""
        if (window := self.window(alarm)) is not None:
            return Signal.OUT, f"{OF_WINDOW}{window}"
        if alarm.rule not in self.quiet or not self.orders:
            return None
        station = self.city.stations.get(alarm.station or 0)
        order = None if station is None else self.orders.declared(station)
        return None if order is None else (Signal.SUPPRESS, f"{OF_ORDER}{order.code}")

    def settle(self, register: Register) -> None:
        """Put away what began to ring before a window or a stop began, and let go of what outlived them."""
        held = {f"{OF_WINDOW}{number}" for several in self.windows.values() for number, _ in several}
        for alarm in list(register.by_key.values()):
            if alarm.inhibited_by.startswith(OF_WINDOW) and alarm.inhibited_by not in held:
                register.move(alarm, Signal.BACK, reason=alarm.inhibited_by)
            to = self.of(alarm)
            if kept_by_order(alarm) and (to is None or to[1] != alarm.inhibited_by):
                register.move(alarm, Signal.RELEASE, reason=alarm.inhibited_by)
            if to is None or alarm.state in (State.NORM, State.SHELVED, State.OUT_OF_SERVICE):
                continue
            if alarm.state is State.SUPPRESSED and to[0] is Signal.SUPPRESS:
                continue
            if alarm.state in RINGING or alarm.state in (State.ACKED, State.SUPPRESSED):
                register.put_away(alarm, *to)
