"""Badges: a clock that runs down, told by word, shape and tone together."""

from __future__ import annotations

from screens.columns import Cell
from screens.look import MISSING, Look
from screens.tones import shape

NEAR = 0.8
"""The share of its time after which a clock warns (the 80 % step of the escalation)."""
LAST = 600
"""Seconds left from which a clock warns where nobody knows when it began."""
SECONDS_BELOW = 120
"""Seconds left under which they are counted; before, minutes are enough, and cost a line less often."""


def clock(due: int | None, now: int, look: Look, *, began: int | None = None) -> Cell:
    """What is left of a clock, or by how much it has run over.

    In time at ``now == due``. With ``began`` it warns from 80 % of its time on, without it in its last ten minutes.
    """
    if due is None:
        return Cell(MISSING, "dim")
    left = due - now
    if left < 0:
        return Cell(
            f"{shape('critical', look.ascii)} {look.word('ui.clock.over', span=look.span(-left))}", "critical"
        )
    timed = began is not None and due > began
    near = left <= (1 - NEAR) * (due - (began or 0)) if timed else left <= LAST
    counted = left < SECONDS_BELOW and near and not look.lite
    text = f"{left}s" if counted else look.span(left)
    return Cell(f"{shape('warn', look.ascii) if near else ' '} {text}", "warn" if near else "")
