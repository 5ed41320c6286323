"""The tasks board 任务列表: who holds what, what is due, what is overdue and who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens.acting.more import MoreActs
from screens.acting.whole import Whole
from screens.base import BoardScreen
from screens.columns import Column
from screens.dialogs.sure import Sure
from screens.faces import choose_face
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.shell import rest
from screens.task_columns import OPEN, PAST, WORK_ORDERS
from screens.widgets.ahead import Ahead
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.tasks import TaskRow

PAUSE = 0.25
"""Seconds that the cursor must rest on a row before what comes next for it is read."""


class Tasks(MoreActs, BoardScreen[Any]):
    """Open tasks, the missed ones first, then by what is due, then by priority."""

    NAME: ClassVar[str] = "tasks"
    KIND: ClassVar[str] = "board"
    EMPTY: ClassVar[str] = "taskscreen.empty"
    EMPTIES: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"open": "taskscreen.empty.open", "approval": "taskscreen.empty.approval"}
    )
    COLUMNS = OPEN
    TABS = (
        Tab("open", "taskscreen.tab.open"),
        Tab("mine", "taskscreen.tab.mine"),
        Tab("approval", "taskscreen.tab.approval"),
        Tab("closed", "taskscreen.tab.closed"),
        Tab("handed", "taskscreen.tab.handed"),
        Tab("work_orders", "taskscreen.tab.work_orders"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._turn, self._awaited = 0, False
        """The cursor has moved, and what is told of its row was not read yet."""
        self._minute = 0
        self._whole: Whole | None = None
        """The task under the cursor, once the cursor rests on it: why a key is off for it."""

    def beside(self) -> ComposeResult:
        yield Ahead()

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        return {"closed": PAST, "work_orders": WORK_ORDERS}.get(facet, self.COLUMNS)

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        if view.facet == "work_orders":
            from backend.desk import workorders

            orders: Sequence[Any] = workorders.board(desk)
            return arrange(
                orders, view, WORK_ORDERS, look, key=lambda row: row.task.id,
                also=lambda row: f"{row.task.id}|{row.station}",
            )  # fmt: skip
        from backend.desk import tasks

        rows = tasks.board(desk, view=view.facet or "open")
        return arrange(
            rows, view, self.columns_of(view.facet), look, key=lambda row: row.id,
            also=lambda row: "|".join((row.id, row.lead, *row.co)),
        )  # fmt: skip

    def opens(self, row: Any) -> tuple[str, str]:
        return "task", _task_of(row).id

    @property
    def task_row(self) -> TaskRow | None:
        """The task under the cursor, also where a line tells of its work order."""
        return None if self.row is None else _task_of(self.row)

    def opened(self, desk: Desk) -> None:
        super().opened(desk)
        self._count(desk)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self._count(desk)
        self._rest(0.0)

    def relook(self) -> None:
        """Draw anew; another minute is read anew too: who has what open, and what comes next."""
        super().relook()
        desk, minute = self.shell.desk, self.look.now
        if desk is not None and minute != self._minute:
            self._minute = minute
            self.changed(desk)

    def do_board_faces(self) -> None:
        """Go to the alarms, stations, grids and tasks that belong to the task under the cursor."""
        self.with_whole(lambda whole: choose_face(self, lambda _desk: whole.sides.faces))

    def _count(self, desk: Desk) -> None:
        def counts() -> dict[str, int]:
            from backend.desk import tasks, workorders

            return {**tasks.view_counts(desk), "work_orders": workorders.count(desk)}

        self.shell.work(counts, self._counted, name="counts")

    def _counted(self, counts: dict[str, int]) -> None:
        if self.stands:
            self.query_one(Tabs).show(self.board.view.facet, counts)

    # The task under the cursor.

    def task_id(self) -> str:
        return "" if self.task_row is None else self.task_row.id

    def held(self) -> Whole | None:
        whole, row = self._whole, self.task_row
        fits = whole is not None and row is not None and whole.row.id == row.id
        return (
            whole
            if fits and whole is not None and row is not None and whole.row.version == row.version
            else None
        )

    def closer_awaited(self) -> bool:
        return self.task_row is not None and self.held() is None

    def acted(self, _outcome: Outcome) -> None:
        self._rest(0.0)

    def do_task_urge(self) -> None:
        """Urge the holder; of several marked ones, once armed and committed with another key."""
        self._all("urge", super().do_task_urge)

    def do_task_ack(self) -> None:
        """Take charge; of several marked ones, once armed and committed with another key."""
        self._all("ack", super().do_task_ack)

    def _all(self, kind: str, one: Callable[[], None]) -> None:
        seen = (
            [(row.id, row.version) for row in map(_task_of, self.board.marked())] if self.board.marks else []
        )
        if len(seen) < 2:
            one()
            return

        def do(desk: Desk) -> Outcome:
            from backend.desk import acts

            return acts.act_all(desk, seen, kind)

        def done(outcome: Outcome) -> None:
            if outcome.ok and self.stands:
                self.board.do_board_unmark()

        question = Message("taskscreen.sure_many", {"act": kind, "count": len(seen)})
        self.sure(Sure(question), lambda: self.act(do, done))

    def moved(self, row: Any) -> None:
        if self._awaited or row is None:
            # Who goes on before it was read leaves it empty; after one step what is read comes in its place.
            self.query_one(Ahead).show(self.task_row, None)
        self._awaited = True
        self._rest(PAUSE)

    def _rest(self, pause: float) -> None:
        """Once the cursor rests, read its task whole: what comes next, what is off and why."""
        self._turn += 1
        turn = self._turn
        self.set_timer(rest(self.shell, pause) if pause else 0.01, lambda: self._rested(turn))

    def _rested(self, turn: int) -> None:
        desk, row = self.shell.desk, self.task_row
        if turn != self._turn or desk is None or not self.stands:
            return

        def look_closer() -> tuple[Whole | None, object]:
            from backend.desk import taskside
            from screens.acting.whole import read

            return (read(desk, row.id) if row is not None else None), taskside.recallable(desk)

        def failed(why: Message) -> None:
            if self.stands:
                self.query_one(Ahead).show(self.task_row, None)
            self.shell.tell(why)

        self.shell.work(look_closer, lambda found: self._read(turn, found), failed=failed, name="next")

    def _read(self, turn: int, found: tuple[Whole | None, object]) -> None:
        if turn != self._turn or not self.stands:
            return
        self._whole, recall = found[0], found[1]
        self._awaited = False
        ahead = self.query_one(Ahead)
        ahead.recallable(recall)  # type: ignore[arg-type]
        row = self.task_row
        whole = self._whole if row is not None and self._whole and self._whole.row.id == row.id else None
        steps = whole.sides.next if whole is not None else ()
        ahead.show(whole.row if whole is not None else row, steps[0] if steps else None)
        self.refresh_keys()


def _task_of(row: Any) -> TaskRow:
    """The task of a line: itself, or that of its work order."""
    task: TaskRow = getattr(row, "task", row)
    return task
