"""One task: what it is, who holds it, its clocks, what happens next and when, what can be done, and its log."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from backend.words import Message, Outcome
from screens import log_columns, task_log, task_text
from screens.acting.more import MoreActs
from screens.acting.whole import Whole, read
from screens.base import PageScreen
from screens.columns import Cell
from screens.faces import choose_face
from screens.listing import save_rows
from screens.look import Look
from screens.shell import shell
from screens.told import told_lines
from screens.widgets.ahead import Ahead
from screens.widgets.line import Line
from screens.widgets.sheet import Sheet

if TYPE_CHECKING:
    from backend.desk.desk import Desk

FRAME = 5
"""Lines of the header, the orders, the title, the line over the log and the footer."""
LOG = 3
"""Lines of the log that stand on every page; of a higher one it gets a sixth."""
CLAIM_EVERY = 60.0
"""Seconds between two renewals of the claim: well within its two minutes."""


class Title(Line):
    """State, priority, type, place and id in one line; the id stays in view."""

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="task-title")
        self.whole: Whole | None = None

    def show(self, whole: Whole) -> None:
        """Speak of a task."""
        self.whole = whole
        self.relook()

    def pieces(self) -> list[Cell]:
        if self.whole is None:
            return [Cell(f"  {shell(self).look.word('ui.board.loading')}", "dim")]
        return task_text.heading(self.whole, shell(self).look)

    def right(self) -> list[Cell]:
        return [Cell(f"{self.whole.row.id} ", "strong")] if self.whole is not None else []


class TaskPage(MoreActs, PageScreen[Whole]):
    """A task's page. While it is open, the other seats see who has it."""

    NAME: ClassVar[str] = "task"
    CSS_PATH = "task.tcss"
    _minute = 0
    """The minute in which it was read last."""

    def body(self) -> ComposeResult:
        yield Title()
        yield Sheet(self._top, focusable=True, yields=True, id="task-top")
        yield Ahead()
        yield Sheet(self._log, focusable=True, id="task-log")

    def on_mount(self) -> None:
        self.query_one("#task-log", Sheet).focus()
        self.set_interval(CLAIM_EVERY, self._claim)

    def load(self, desk: Desk) -> Whole | None:
        return read(desk, self.key)

    def fill(self, data: Whole) -> None:
        self.query_one(Title).show(data)
        self.query_one("#task-top", Sheet).relook()
        self.query_one("#task-log", Sheet).relook()
        ahead = self.query_one(Ahead)
        ahead.recallable(data.sides.recall)
        heading = self.look.word("taskscreen.log", count=len(data.page.timeline))
        ahead.show(data.row, None, Cell(f" {heading}", "header"))
        self.call_after_refresh(self._read_log)

    def _top(self, look: Look, cells: int) -> task_text.Lines:
        return task_text.top(self.data, look, cells, self.room) if self.data is not None else []

    @property
    def room(self) -> int:
        """Lines that what is above the log may take; what is longer is scrolled."""
        left = max(0, self.size.height - FRAME)
        return max(1, left - max(LOG, left // 6))

    def on_resize(self, _event: Resize) -> None:
        """Whatever is told, the keys and what an act is answered stay in view."""
        self.query_one("#task-top", Sheet).styles.max_height = self.room
        self.call_after_refresh(self._read_log)

    def _read_log(self) -> None:
        """The keys go to the log once there is nothing to scroll above it."""
        top = self.query_one("#task-top", Sheet)
        if top.has_focus and not top.allow_focus():
            self.query_one("#task-log", Sheet).focus()

    def _log(self, look: Look, cells: int) -> task_text.Lines:
        if self.data is None:
            return []
        return [*task_log.timeline(self.data, look, cells), *told_lines(self.data.sides.told, look, cells)]

    def relook(self) -> None:
        """Draw anew; another minute is read anew too: what is left on a clock was counted when it was read."""
        super().relook()
        desk, minute = self.shell.desk, self.look.now
        if desk is not None and minute != self._minute:
            self._minute = minute
            self.changed(desk)

    # Who has it open.

    def opened(self, desk: Desk) -> None:
        super().opened(desk)
        self._claim()

    def _claim(self) -> None:
        desk = self.shell.desk
        if desk is None or not self.is_current:
            return
        key = self.key

        def claim() -> Outcome:
            from backend.desk import acts

            return acts.claim(desk, "task", key)

        self.shell.work(claim, self._claimed, name="claim")

    def _claimed(self, outcome: Outcome) -> None:
        if self.stands and not outcome.ok:
            self.tell(outcome.message)

    def on_unmount(self) -> None:
        desk, key = self.shell.desk, self.key
        if desk is None or not self.app.is_running:
            # The store goes with the program; a claim that is not renewed ends by itself.
            return

        def release() -> None:
            from backend.desk import acts

            acts.release(desk, "task", key)

        self.shell.work(release, lambda _: None, name="release")

    # Acts.

    def task_id(self) -> str:
        return self.key

    def held(self) -> Whole | None:
        return self.data

    def acted(self, outcome: Outcome) -> None:
        """Nothing to add: what can be taken back is counted down over the log."""

    # Faces and copies.

    def do_board_faces(self) -> None:
        """Go to the alarms, stations, grids and tasks that belong to it."""
        if (whole := self.data) is not None:
            choose_face(self, lambda _desk: whole.sides.faces)

    def do_board_copy(self) -> None:
        """The whole page as plain text on the person's clipboard."""
        if self.data is not None:
            self.shell.copy(task_text.sheet(self.data, self.look))
            self.tell(Message("taskscreen.copied"))

    def do_board_save(self) -> None:
        """All that was done to it, as a CSV file."""
        if (whole := self.data) is not None:
            save_rows(self, "task-log", log_columns.TASK, lambda: whole.page.timeline)
