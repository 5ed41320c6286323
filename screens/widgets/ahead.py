"""One line about a task: what can still be recalled, who else has it open, what happens next and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.timer import Timer

from screens.actions import action, key_name
from screens.clocks import LAST_SECONDS, by_hand, countdown, left
from screens.columns import Cell
from screens.shell import shell
from screens.tones import shape
from screens.widgets.line import Line

if TYPE_CHECKING:
    from backend.desk.tasks import TaskRow
    from backend.desk.taskside import NextStep, Recallable

SELDOM = 5.0
"""Seconds between two looks where the line is slow."""


class Ahead(Line):
    """Counts seconds only while there is something to count: a recall, or the last two minutes of a clock."""

    def __init__(self) -> None:
        super().__init__(id="ahead")
        self.row: TaskRow | None = None
        self.step: NextStep | None = None
        self.recall: Recallable | None = None
        self.lead: Cell | None = None
        """What the line begins with, such as the heading of what is under it."""
        self._timer: Timer | None = None

    def show(self, row: TaskRow | None, step: NextStep | None, lead: Cell | None = None) -> None:
        """Speak of another task."""
        self.row, self.step, self.lead = row, step, lead
        self._count()

    def recallable(self, recall: Recallable | None) -> None:
        """An act that can be taken back, or none."""
        self.recall = recall
        self._count()

    def _count(self) -> None:
        wanted = self._counting() and self.is_attached
        if wanted and self._timer is None:
            self._timer = self.set_interval(SELDOM if shell(self).look.lite else 1.0, self._tick)
        elif not wanted and self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.relook()

    def _tick(self) -> None:
        if self.screen.is_active:
            self._count()

    def _counting(self) -> bool:
        return self._recall_left() is not None or self._last_seconds() is not None

    def _recall_left(self) -> int | None:
        if self.recall is None or not self.is_attached:
            return None
        around = shell(self)
        seconds = self.recall.until - around.now()
        return by_hand(seconds, around) if seconds >= 0 else None

    def _last_seconds(self) -> int | None:
        if self.row is None or self.row.closed is not None or not self.is_attached:
            return None
        seconds = left(self.row, shell(self).now())
        if seconds is None or self.row.paused or self.row.clock in self.row.breaches:
            return None
        return seconds if -LAST_SECONDS < seconds <= LAST_SECONDS else None

    def pieces(self) -> Sequence[Cell]:
        look, row = shell(self).look, self.row
        pieces: list[Cell] = [self.lead or Cell(""), Cell("  ")]
        if self.recall is not None and (seconds := self._recall_left()) is not None:
            key = key_name(action("task.recall").keys[0], look.language)
            said = look.word("taskscreen.recall", key=key, act=self.recall.kind, seconds=seconds)
            pieces += [Cell(f" {said} ", "armed"), Cell("  ")]
        if row is None:
            return pieces
        if row.claimed_by:
            said = look.word("taskscreen.claimed", person=row.claimed_by)
            pieces.append(Cell(f"{shape('warn', look.ascii)} {said}  ", "warn"))
        if row.side == "offered":
            key = key_name(action("task.take").keys[0], look.language)
            said = look.word("taskscreen.offered_here", at=look.moment(row.due), key=key)
            pieces.append(Cell(f"{shape('warn', look.ascii)} {said}  ", "warn"))
        if (seconds := self._last_seconds()) is not None:
            told = look.span(seconds) if look.lite else countdown(seconds)
            said = look.word("taskscreen.last_seconds", clock=row.clock, left=told)
            pieces.append(Cell(f"{said}  ", "bad" if seconds < 0 else "warn"))
        if self.step is not None:
            who = self.step.who
            reached = f" {shape('cursor', look.ascii)} {who.name} {who.phone}".rstrip() if who else ""
            pieces.append(Cell(f"{look.word('taskscreen.next')} ", "dim"))
            pieces.append(Cell(f"{look.moment(self.step.at)} {look.say(self.step.what)}"))
            pieces.append(Cell(reached, "dim"))
        return pieces
