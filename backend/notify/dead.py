"""A dead channel 通知渠道中断 is an alarm like any other: it stands until the channel works again."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, literal_column, select

from backend.alarms.machine import Signal, State
from backend.alarms.standing import Register, Standing
from backend.alarms.tables import Alarm
from backend.notify.channels import CHANNEL, GRID
from backend.notify.numbers import numbers
from backend.store import table

ALARM = table(Alarm)
RULE = "channel_dead"


def follow(connection: Connection, now: int) -> int:
    """Raise, follow and clear the alarms of channels, as their states are now; returns how many are dead."""
    channels = {row.code: row for row in connection.execute(select(CHANNEL))}
    dead = {code for code, row in channels.items() if row.enabled and row.state == "dead"}
    keys = [f"{RULE}|{code}" for code in channels]
    register = Register.of_keys(connection, sorted({*keys, *standing(connection)}), now)
    if not dead and not register.by_key:
        return 0
    for code in sorted(dead):
        _hold(connection, register, channels[code], now)
    for key, alarm in register.by_key.items():
        if key.partition("|")[2] not in dead and alarm.active and alarm.state is not State.NORM:
            register.move(alarm, Signal.CLEAR)
    register.flush(connection)
    return len(dead)


def standing(connection: Connection) -> list[str]:
    """The keys of the alarms that stand, of channels that were taken away meanwhile too."""
    query = select(ALARM.c.key).where(ALARM.c.state != literal_column("'NORM'"), ALARM.c.rule == RULE)
    return list(connection.execute(query).scalars())


def _hold(connection: Connection, register: Register, row: Any, now: int) -> None:
    key = f"{RULE}|{row.code}"
    alarm = register.by_key.get(key)
    if alarm is None:
        register.add(_alarm(connection, row, now), suppressed=False)
        return
    if not alarm.active:
        register.move(alarm, Signal.RAISE)
    # What nothing confirms is cleared by the sweep: it is confirmed at every look.
    register.follow(alarm, now, None, alarm.priority)


def _alarm(connection: Connection, row: Any, now: int) -> Standing:
    place = connection.execute(
        select(GRID.c.level, GRID.c.county, GRID.c.township).where(GRID.c.code == row.grid)
    ).one_or_none()
    return Standing(
        key=f"{RULE}|{row.code}",
        rule=RULE,
        rule_version=0,
        state=State.NORM,
        priority="high",
        began=row.since or now,
        presented=now,
        last=now,
        period=0,
        grid=row.grid,
        county="" if place is None else place.county or (row.grid if place.level == 2 else ""),
        township="" if place is None else place.township or (row.grid if place.level == 3 else ""),
        threshold=float(numbers(now).dead_after_failures),
        subject=row.code,
        evidence=json.dumps({"failures": row.failures, "error": row.error}, ensure_ascii=False),
    )
