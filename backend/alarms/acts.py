"""What people do to an alarm; each act is a row of its history, and who may do it is asked before (`access`)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from backend.alarms.evaluation import finish
from backend.alarms.machine import Signal, State
from backend.alarms.rules import rules_at
from backend.alarms.standing import Register, Standing
from backend.text import clean
from backend.words import Outcome

HOUR = 3600


def acknowledge(conn: Connection, alarm: int, *, actor: str, now: int) -> Outcome:
    """Acknowledge 确认报警: somebody has seen it; it goes on standing until its condition ends."""
    return _act(conn, alarm, Signal.ACKNOWLEDGE, actor, now)


def acknowledge_many(
    conn: Connection, alarms: Collection[int], *, actor: str, now: int
) -> tuple[list[int], list[int]]:
    """Acknowledge several at once; the numbers of those that were, and of those for which it is no legal act."""
    register = Register.of_numbers(conn, alarms, now)
    done = [
        alarm.id
        for alarm in register.by_number.values()
        if alarm.state is not State.NORM and register.move(alarm, Signal.ACKNOWLEDGE, actor=actor)
    ]
    finish(conn, register)
    return done, sorted(set(alarms) - set(done))


def shelve(
    conn: Connection, alarm: int, *, actor: str, now: int, until: int | None = None, reason: str
) -> Outcome:
    """Shelve 搁置 until an instant, after which it comes back by itself.

    Refused without a reason, for an instant that is over, and for longer than the rules allow. Shelving an alarm
    does not stop the clocks of a task.
    """
    stand = rules_at(conn, now).stand
    end = now + stand.shelf_default if until is None else until
    if not reason.strip():
        return Outcome.refused("alarm.refused.no_reason")
    if end <= now:
        return Outcome.refused("alarm.refused.shelf_over")
    if end - now > stand.shelf_longest:
        return Outcome.refused("alarm.refused.shelf_long", hours=stand.shelf_longest // HOUR)
    return _act(conn, alarm, Signal.SHELVE, actor, now, reason=reason, until=end)


def unshelve(conn: Connection, alarm: int, *, actor: str, now: int) -> Outcome:
    """Bring a shelved alarm back before its time."""
    return _act(conn, alarm, Signal.UNSHELVE, actor, now)


def take_out(conn: Connection, alarm: int, *, actor: str, now: int, reason: str) -> Outcome:
    """Take an alarm out of service 停用, for maintenance; it is still recorded, and shows nowhere but there."""
    if not reason.strip():
        return Outcome.refused("alarm.refused.no_reason")
    return _act(conn, alarm, Signal.OUT, actor, now, reason=reason)


def bring_back(conn: Connection, alarm: int, *, actor: str, now: int) -> Outcome:
    """Put an alarm back into service."""
    return _act(conn, alarm, Signal.BACK, actor, now)


def _act(
    conn: Connection,
    number: int,
    signal: Signal,
    actor: str,
    now: int,
    *,
    reason: str = "",
    until: int | None = None,
) -> Outcome:
    register = Register.of(conn, number, now)
    alarm = next(iter(register.by_key.values()), None)
    if alarm is None:
        return Outcome.refused("alarm.refused.unknown", alarm=number)
    before = alarm.state
    reason = clean(reason)
    if before is State.NORM or not register.move(alarm, signal, actor=actor, reason=reason):
        return _refused(alarm, before, signal)
    if signal is Signal.SHELVE:
        alarm.shelved_until, alarm.shelved_by, alarm.shelve_reason = until, actor, reason
    finish(conn, register)
    return Outcome.done(f"alarm.done.{signal.value}", alarm=number, state=alarm.state.value)


def _refused(alarm: Standing, before: State, signal: Signal) -> Outcome:
    if signal is Signal.ACKNOWLEDGE and before is State.ACKED:
        return Outcome.refused("alarm.refused.acked", by=alarm.acked_by)
    if before is State.NORM:
        return Outcome.refused("alarm.refused.over", alarm=alarm.id)
    return Outcome.refused(f"alarm.refused.{signal.value}", state=before.value)
