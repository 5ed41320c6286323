"""Time limits as people read them: minutes on boards, seconds only where the last two minutes run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.columns import Cell
from screens.look import MISSING, Look
from screens.tones import shape

if TYPE_CHECKING:
    from backend.desk.tasks import TaskRow
    from screens.shell import Shell

LAST_SECONDS = 120
"""Seconds before it is due from which on they are counted down one by one."""
SOON = 5
"""A clock is about to run out in the last fifth of its target."""


def left(row: TaskRow, now: int) -> int | None:
    """Seconds until the clock of the task's state runs out, below zero past it; None where none runs."""
    if row.due is not None:
        return row.due - now
    return row.remaining if row.clock else None


def badge(row: TaskRow, look: Look) -> Cell:
    """The clock of a task's state in minutes: left, missed, or standing still; the day it ended once it has."""
    if row.closed is not None:
        return Cell(look.moment(row.closed), "dim")
    seconds = left(row, look.now)
    if seconds is None:
        return Cell(MISSING, "dim")
    if row.paused:
        return Cell(look.word("taskscreen.clock.held", span=look.span(seconds)), "dim")
    if seconds < 0 or row.clock in row.breaches:
        late = look.span(max(0, -seconds))
        return Cell(f"{shape('bad', look.ascii)} {look.word('taskscreen.clock.over', span=late)}", "bad")
    if seconds * SOON <= row.target:
        return Cell(f"{shape('warn', look.ascii)} {look.span(seconds)}", "warn")
    return Cell(f"  {look.span(seconds)}")


def order(row: TaskRow) -> int | None:
    """By what is due first; what ended by when it ended."""
    return row.closed if row.closed is not None else row.due


def by_hand(seconds: int, around: Shell) -> int:
    """Seconds of the city as seconds of the person at the keyboard: a replay runs faster."""
    speed = getattr(around.desk.clock, "speed", 1.0) if around.desk is not None else 1.0
    return round(seconds / max(1.0, speed))


def countdown(seconds: int) -> str:
    """``1:35``, ``-0:20``: for the last two minutes."""
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{sign}{minutes}:{rest:02d}"
