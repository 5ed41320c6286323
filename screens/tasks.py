"""The tasks board 任务列表: who holds what, what is due, what is overdue and who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens import clocks
from screens.acting.more import MoreActs
from screens.acting.whole import Whole
from screens.base import BoardScreen
from screens.columns import Cell, Column
from screens.dialogs.sure import Sure
from screens.faces import choose_face
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.shell import rest
from screens.tones import shape
from screens.widgets.ahead import Ahead
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.tasks import TaskRow
    from backend.desk.workorders import WorkOrderRow

PRIORITIES = ("critical", "high", "medium", "low")
STATES = (
    "DRAFT", "OPEN", "RETURNED", "DISPATCHED", "ACCEPTED", "ON_SITE", "REWORK", "REPORTED", "OFFERED", "SUSPENDED",
    "CLOSED", "MERGED", "CANCELLED",
)  # fmt: skip
STATE_TONES = {"DRAFT": "new", "OPEN": "new", "RETURNED": "new", "REPORTED": "mark", "CLOSED": "good"}
LEVEL_TONES = {"C": "warn", "M": "bad"}
PAUSE = 0.25
"""Seconds that the cursor must rest on a row before what comes next for it is read."""


def state(row: TaskRow, look: Look) -> Cell:
    """What is waited for; of what is offered to this seat, that it is this seat's answer."""
    if row.side == "offered":
        return Cell(look.word("taskscreen.state.offered"), "mark")
    return Cell(look.word(f"task.state.{row.told_as}"), STATE_TONES.get(row.state, ""))


def priority(row: TaskRow, look: Look) -> Cell:
    """Shape and word."""
    word = look.word(f"taskscreen.priority.{row.priority}")
    return Cell(f"{shape(row.priority, look.ascii)} {word}", row.priority)


def level(row: TaskRow, look: Look) -> Cell:
    """The tier that answers for it, and whether it is supervised."""
    word = look.word(f"taskscreen.level.{row.level}")
    supervised = look.word("taskscreen.supervised") if row.supervised else ""
    return Cell(f"{word} {supervised}".rstrip(), "bad" if row.supervised else LEVEL_TONES.get(row.level, ""))


def _supervised(row: TaskRow, look: Look) -> str:
    """Of a supervised task that it is, before who answers for it."""
    return look.word("taskscreen.supervised") if row.supervised else level(row, look).text


def place(row: TaskRow) -> str:
    """Township and grid, each once."""
    return " ".join(dict.fromkeys(filter(None, (row.township or row.county, row.place))))


def missed(row: TaskRow, look: Look) -> Cell:
    """How many of its clocks were missed, past ones too."""
    count = len(row.breaches)
    return Cell(f"{shape('bad', look.ascii)}{count}", "bad") if count else Cell("")


def remark(row: TaskRow, look: Look) -> Cell:
    """Who else has it open, what waits for a word, or how it ended."""
    if row.claimed_by:
        return Cell(f"{shape('cursor', look.ascii)} {row.claimed_by}", "new")
    if beside := _beside(row, look):
        return Cell(beside, "mark" if row.side == "offered" else "dim")
    if row.asked:
        return Cell(look.word(f"task.asked.{row.asked}"), "mark")
    if row.closed is not None and row.close_code:
        code = "task.reason" if row.state != "CLOSED" else "result"
        return Cell(look.say(Message("taskscreen.code", {"code": look.word(f"{code}.{row.close_code}")})))
    return Cell(look.word("taskscreen.suspect"), "suspect") if row.suspect else Cell("")


def _beside(row: TaskRow, look: Look) -> str:
    """Of a task that isn't simply one's own: until when to answer, to whom it is offered, whether one helps."""
    if row.side == "offered":
        return look.word("taskscreen.remark.offered", at=look.moment(row.due))
    if row.state == "OFFERED":
        return look.word("taskscreen.remark.offered_to", name=row.offered_name)
    if row.side == "co" or (row.side == "handed" and row.closed is None):
        return look.word(f"taskscreen.side.{row.side}")
    return ""


def lead(row: TaskRow, _look: Look) -> Cell:
    """The lead department, and how many help."""
    return Cell(f"{row.lead} +{len(row.co)}" if row.co else row.lead, "dim")


CLOCK = Column["TaskRow"]("clock", "taskscreen.column.clock", clocks.badge, 9, order=clocks.order)
ENDED = Column["TaskRow"]("ended", "taskscreen.column.ended", clocks.badge, 11, order=clocks.order)
STATE = Column["TaskRow"](
    "state", "taskscreen.column.state", state, 11, order=lambda row: STATES.index(row.state)
)
PRIORITY = Column["TaskRow"](
    "priority", "taskscreen.column.priority", priority, 6, order=lambda row: PRIORITIES.index(row.priority)
)
TYPE = Column["TaskRow"](
    "type", "taskscreen.column.type", lambda row, look: look.pick(*row.type_name), 12, flex=2, most=24
)
PLACE = Column["TaskRow"](
    "place",
    "taskscreen.column.place",
    lambda row, _look: place(row),
    16,
    flex=3,
    brief=lambda row, _look: row.place,
    numbered=True,
)
HOLDER = Column["TaskRow"](
    "holder", "taskscreen.column.holder", lambda row, _look: row.holder_name, 8, flex=1, most=24
)
LEVEL = Column["TaskRow"](
    "level",
    "taskscreen.column.level",
    level,
    6,
    brief=_supervised,
    order=lambda row: ("T", "C", "M").index(row.level),
)
MISSED = Column["TaskRow"](
    "missed",
    "taskscreen.column.missed",
    missed,
    4,
    align="right",
    order=lambda row: -len(row.breaches),
)
REMARK = Column["TaskRow"]("remark", "taskscreen.column.remark", remark, 8, rank=1, flex=1, most=20)
RESULT = Column["TaskRow"]("remark", "taskscreen.column.result", remark, 14, flex=2, most=20)
ID = Column["TaskRow"]("id", "taskscreen.column.id", lambda row, _look: row.id, 14, rank=2)
COUNTY = Column["TaskRow"]("county", "taskscreen.column.county", lambda row, _look: row.county, 8, rank=3)
LEAD = Column["TaskRow"]("lead", "taskscreen.column.lead", lead, 12, rank=4, flex=1, most=24)
PAST = (
    ENDED,
    replace(STATE, width=6, flex=1, most=9),
    TYPE,
    PLACE,
    HOLDER,
    RESULT,
    MISSED,
    replace(LEVEL, rank=1),
    replace(PRIORITY, rank=1),
    ID,
)


# Work orders 运维工单.


def of_task(column: Column[Any], **changes: Any) -> Column[Any]:
    """A column of the tasks board, for rows that have a task."""
    order, show = column.order, column.show
    changes |= {} if order is None else {"order": lambda row: order(row.task)}
    return replace(column, show=lambda row, look: show(row.task, look), **changes)


def _down(row: WorkOrderRow, look: Look) -> Cell:
    """For how long the instrument says nothing that counts; done once it works again."""
    span = look.span(row.down_seconds)
    if row.down_until is None:
        return Cell(span, "bad")
    return Cell(look.word("taskscreen.was_down", span=span), "good")


def _fault(row: WorkOrderRow, look: Look) -> Cell:
    """What is wrong with it, and whether somebody may have tampered with it."""
    fault = look.word(f"task.fault.{row.fault}")
    if row.interference and row.fault != "interference":
        fault += f" {shape('bad', look.ascii)}{look.word('task.fault.interference')}"
    return Cell(fault, "bad" if row.interference else "")


WORK_ORDERS = (
    of_task(CLOCK),
    of_task(STATE),
    Column[Any](
        "contractor", "taskscreen.column.contractor", lambda row, _look: row.contractor_name, 12, flex=2, most=24
    ),
    Column[Any]("fault", "taskscreen.column.fault", _fault, 12, flex=2, most=24),
    Column[Any](
        "station", "taskscreen.column.station", lambda row, _look: row.station_name or row.task.place, 12, flex=2,
        most=28,
    ),
    Column[Any](
        "down", "taskscreen.column.down", _down, 9, align="right", order=lambda row: -row.down_seconds
    ),
    Column[Any](
        "since", "taskscreen.column.down_since", lambda row, look: Cell(look.moment(row.down_since), "dim"), 11,
        rank=2, order=lambda row: row.down_since,
    ),
    of_task(MISSED, rank=1),
    of_task(PRIORITY, rank=3),
    of_task(ID, rank=3),
)  # fmt: skip


class Tasks(MoreActs, BoardScreen[Any]):
    """Open tasks, the missed ones first, then by what is due, then by priority."""

    NAME: ClassVar[str] = "tasks"
    KIND: ClassVar[str] = "board"
    EMPTY: ClassVar[str] = "taskscreen.empty"
    COLUMNS = (CLOCK, STATE, PRIORITY, TYPE, PLACE, HOLDER, LEVEL, MISSED, REMARK, ID, COUNTY, LEAD)
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
