"""The alarm machine: the seven states of ISA-18.2 / IEC 62682 and what moves an alarm between them.

A pure table. ``active`` is whether the condition itself stands now; an alarm that is shelved, suppressed or out of
service goes on following its condition and comes back to where that says it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal


class State(StrEnum):
    """Where an alarm is; the words are ``alarm.state.<value>``."""

    NORM = "NORM"
    """Back to normal and seen 正常."""
    UNACK = "UNACK"
    """Stands, nobody has acknowledged it 未确认."""
    ACKED = "ACKED"
    """Stands, acknowledged 已确认."""
    RTN_UNACK = "RTN_UNACK"
    """Back to normal, nobody has acknowledged it 已恢复未确认."""
    SHELVED = "SHELVED"
    """Put away by a person, until an instant 搁置."""
    SUPPRESSED = "SUPPRESSED"
    """Kept from ringing by design: another alarm says it already 抑制."""
    OUT_OF_SERVICE = "OUT_OF_SERVICE"
    """Taken out for maintenance 停用."""


class Signal(StrEnum):
    """What happens to an alarm; the words are ``alarm.act.<value>``."""

    RAISE = "raise"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    SUPPRESS = "suppress"
    RELEASE = "release"
    OUT = "out"
    BACK = "back"
    AGAIN = "again"
    """It stands although the work for it has ended: whoever acknowledged it must look again."""


Where = State | Literal["by condition"]
BY_CONDITION: Final = "by condition"
"""UNACK where the condition stands, else NORM."""

TABLE: Final[Mapping[tuple[State, Signal], Where]] = {
    (State.NORM, Signal.RAISE): State.UNACK,
    (State.NORM, Signal.SUPPRESS): State.SUPPRESSED,
    (State.NORM, Signal.OUT): State.OUT_OF_SERVICE,
    (State.UNACK, Signal.RAISE): State.UNACK,
    (State.UNACK, Signal.CLEAR): State.RTN_UNACK,
    (State.UNACK, Signal.ACKNOWLEDGE): State.ACKED,
    (State.UNACK, Signal.SHELVE): State.SHELVED,
    (State.UNACK, Signal.SUPPRESS): State.SUPPRESSED,
    (State.UNACK, Signal.OUT): State.OUT_OF_SERVICE,
    (State.ACKED, Signal.RAISE): State.ACKED,
    (State.ACKED, Signal.CLEAR): State.NORM,
    (State.ACKED, Signal.SHELVE): State.SHELVED,
    (State.ACKED, Signal.SUPPRESS): State.SUPPRESSED,
    (State.ACKED, Signal.OUT): State.OUT_OF_SERVICE,
    (State.ACKED, Signal.AGAIN): State.UNACK,
    (State.RTN_UNACK, Signal.RAISE): State.UNACK,
    (State.RTN_UNACK, Signal.CLEAR): State.RTN_UNACK,
    (State.RTN_UNACK, Signal.ACKNOWLEDGE): State.NORM,
    (State.RTN_UNACK, Signal.SHELVE): State.SHELVED,
    (State.RTN_UNACK, Signal.SUPPRESS): State.SUPPRESSED,
    (State.RTN_UNACK, Signal.OUT): State.OUT_OF_SERVICE,
    (State.SHELVED, Signal.RAISE): State.SHELVED,
    (State.SHELVED, Signal.CLEAR): State.SHELVED,
    (State.SHELVED, Signal.UNSHELVE): BY_CONDITION,
    (State.SHELVED, Signal.OUT): State.OUT_OF_SERVICE,
    (State.SUPPRESSED, Signal.RAISE): State.SUPPRESSED,
    (State.SUPPRESSED, Signal.CLEAR): State.SUPPRESSED,
    (State.SUPPRESSED, Signal.RELEASE): BY_CONDITION,
    (State.SUPPRESSED, Signal.OUT): State.OUT_OF_SERVICE,
    (State.OUT_OF_SERVICE, Signal.RAISE): State.OUT_OF_SERVICE,
    (State.OUT_OF_SERVICE, Signal.CLEAR): State.OUT_OF_SERVICE,
    (State.OUT_OF_SERVICE, Signal.BACK): BY_CONDITION,
}
"""Every legal move; a pair that is not here is refused."""

RINGING: Final = frozenset({State.UNACK, State.RTN_UNACK})
"""Somebody has still to acknowledge."""
HIDDEN: Final = frozenset({State.SHELVED, State.SUPPRESSED, State.OUT_OF_SERVICE})
"""On no board but the registers of what was put away."""


def decide(state: State, signal: Signal, *, active: bool) -> State | None:
    """The state after a signal, None where the move is not legal.

    Args:
        active: whether the alarm's condition stands after the signal.
    """
    to = TABLE.get((state, signal))
    if to is None or isinstance(to, State):
        return to
    return State.UNACK if active else State.NORM
