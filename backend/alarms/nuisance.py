"""Marks on alarms that are a nuisance: chatter 抖动 and fleeting 瞬时, by when they were presented to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from backend.alarms.load import Limits
from backend.alarms.machine import State
from backend.alarms.rules import Rules
from backend.alarms.standing import Register, Standing
from backend.alarms.tables import RuleMemory
from backend.store import table, upsert

MEMORY = table(RuleMemory)
MOST = 20
"""Activations that are remembered of one key."""
PART = 400


def mark(conn: Connection, register: Register, rules: Rules) -> None:
    """Count the activations of what is presented now, and note what went as soon as it came."""
    nuisance = Limits.read().nuisance
    for alarm in register.cleared:
        soon = nuisance.fleeting.get(rules.cadence(alarm.period), 0)
        alarm.fleeting = alarm.state is State.RTN_UNACK and register.now - alarm.presented <= soon
    shown = {
        alarm.key: alarm
        for alarm in register.raised
        if alarm.state is State.UNACK and alarm.presented == register.now
    }
    if not shown:
        return
    before = _remembered(conn, list(shown))
    rows = []
    for key, alarm in shown.items():
        alarm.fleeting = False
        within = nuisance.within.get(rules.cadence(alarm.period), 0)
        known = [at for at in before.get(key, ()) if register.now - within < at < register.now]
        instants = [*known, register.now][-MOST:]
        alarm.activations = len(instants)
        rows.append(_row(alarm, instants))
    upsert(conn, MEMORY, rows, keys=["key"])


def _row(alarm: Standing, instants: Sequence[int]) -> dict[str, object]:
    return {
        "key": f"ring|{alarm.key}",
        "last": instants[-1],
        "clean": 0,
        "hits": " ".join(map(str, instants)),
    }


def _remembered(conn: Connection, keys: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """When the alarms of these keys were presented, oldest first."""
    found = {}
    for first in range(0, len(keys), PART):
        names = [f"ring|{key}" for key in keys[first : first + PART]]
        rows = conn.execute(select(MEMORY.c.key, MEMORY.c.hits).where(MEMORY.c.key.in_(names)))
        found.update({key.partition("|")[2]: [int(at) for at in hits.split()] for key, hits in rows})
    return found
