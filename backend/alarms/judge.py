"""When an alarm rings and when it clears, from the last values alone (design, decision 8).

Pure: the same values give the same answer, however often they are looked at and in which order they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from backend.alarms.rule_kinds import Ring


class Hit(NamedTuple):
    """What a rule makes of one valid value."""

    start: int
    ratio: float
    """How many times the threshold."""
    hit: bool
    value: float | None
    background: float | None = None
    suspect: bool = False


class Verdict(Enum):
    """What the last values say."""

    RING = "ring"
    HOLD = "hold"
    CLEAR = "clear"


def judge(hits: Sequence[Hit], ring: Ring, *, at_once: bool = False) -> Verdict:
    """The verdict on valid values, oldest first.

    Rings where the newest value is beyond its threshold and so are ``ring.hits`` of the last ``ring.of``, or the
    newest is ``ring.at_once`` times the threshold. Clears after ``ring.clean`` clean ones.

    Args:
        at_once: ring at the first value beyond its threshold.
    """
    if not hits:
        return Verdict.HOLD
    newest = hits[-1]
    if newest.hit:
        several = sum(one.hit for one in hits[-ring.of :])
        if at_once or several >= ring.hits or newest.ratio >= ring.at_once:
            return Verdict.RING
        return Verdict.HOLD
    last = hits[-ring.clean :]
    return Verdict.CLEAR if len(last) >= ring.clean and not any(one.hit for one in last) else Verdict.HOLD


def first_of_run(hits: Sequence[Hit]) -> int:
    """The start of the earliest value that the ringing rests on."""
    began = hits[-1].start
    for one in reversed(hits):
        if one.hit:
            began = one.start
    return began
