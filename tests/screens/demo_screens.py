"""Screens over the fake desk: what a real screen looks like to the frame."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens.action import Danger
from screens.base import BoardScreen, GridScreen, PageScreen
from screens.columns import Cell, Column
from screens.dialogs.form import Field, Plan
from screens.dialogs.sure import Sure
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.tones import shape
from screens.widgets.choices import Choice
from screens.widgets.sheet import Sheet, flow
from screens.widgets.tabs import Tab
from tests.screens.harness import LEVELS, FakeDesk, Item

PEOPLE = (
    Choice("m01", "张伟", "南城网格员 在岗", "zw"),
    Choice("m02", "李娜", "马集网格员 在岗", "ln"),
    Choice("m03", "王强", "庄寨网格员 休息", "wq", off=True),
)
LEVEL_CHOICES = tuple(Choice(level, level) for level in LEVELS)


def _level(row: Item, look: Look) -> Cell:
    return Cell(f"{shape(row.level, look.ascii)} {look.word(f'ui.priority.{row.level}')}", row.level)


class Items(BoardScreen[Item]):
    """A board of made-up rows."""

    NAME: ClassVar[str] = "alarms"
    COLUMNS = (
        Column[Item]("priority", "ui.column.priority", _level, 6, order=lambda row: LEVELS.index(row.level)),
        Column[Item]("place", "ui.column.place", lambda row, _look: row.place, 16, flex=1),
        Column[Item]("kind", "ui.column.kind", lambda row, _look: row.kind, 10, rank=2),
        Column[Item](
            "value", "ui.column.value", lambda row, look: look.number(row.value, 1), 8, align="right",
            order=lambda row: row.value,
        ),
        Column[Item](
            "since", "ui.column.since", lambda row, look: look.moment(row.since), 11, rank=1,
            order=lambda row: row.since,
        ),
        Column[Item]("age", "ui.column.age", lambda row, look: look.age(row.since), 7, align="right", rank=3),
    )  # fmt: skip
    TABS = (Tab("all", "ui.tab.all"), *(Tab(level, f"ui.priority.{level}") for level in LEVELS))

    def load(self, desk: Any, view: View, look: Look) -> RowSource[Item]:
        fake: FakeDesk = desk
        if fake.failure is not None:
            from screens.widgets.reading import ReadFailed

            raise ReadFailed(fake.failure)
        rows = [row for row in fake.rows if view.facet in ("all", "", row.level)]
        return arrange(rows, view, self.COLUMNS, look, key=lambda row: row.id)

    def opens(self, row: Item) -> tuple[str, str]:
        return "alarm", str(row.id)

    def refusal(self, act: str) -> Message | None:
        row = self.row
        return Message("ui.demo.low") if act == "acknowledge" and row and row.level == "low" else None

    def do_alarm_acknowledge(self) -> None:
        key = self.board.key
        self.act(lambda desk: desk.act("ack", key))  # type: ignore[attr-defined]

    def do_task_dispatch(self) -> None:
        """A form of every kind of field."""
        row = self.row
        assert row is not None
        plan = Plan(
            Message("action.task.dispatch"),
            (
                Field("who", "ui.column.place", choices=PEOPLE),
                Field("level", "ui.column.priority", value=row.level, choices=LEVEL_CHOICES),
                Field("hours", "ui.column.age", number=True, required=False),
                Field("note", "ui.column.kind", required=False, hint="ui.takes.text"),
            ),
            about=(Message("ui.demo.about", {"place": row.place, "id": row.id}),),
            slot=f"dispatch:{row.id}",
        )
        self.ask(plan, lambda desk, values: desk.act("dispatch", tuple(sorted(values.items()))))  # type: ignore[attr-defined]

    def do_task_void(self) -> None:
        key = self.board.key
        question = Sure(
            Message("action.task.void"), [Message("ui.demo.about", {"place": str(key)})], danger=Danger.GRAVE
        )
        self.sure(question, lambda: self.act(lambda desk: desk.act("void", key)))  # type: ignore[attr-defined]


class ItemPage(PageScreen[Item]):
    """A page of one made-up row."""

    NAME: ClassVar[str] = "alarm"

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="item")

    def load(self, desk: Any) -> Item | None:
        return next((row for row in desk.rows if str(row.id) == self.key), None)

    def fill(self, data: Item) -> None:  # noqa: ARG002
        self.query_one("#item", Sheet).relook()

    def _write(self, look: Look, cells: int) -> list[list[Cell]]:
        if self.data is None:
            return [[Cell(look.word("ui.board.loading"), "dim")]]
        item = self.data
        return [[Cell(item.place, "title")], [], *flow(f"{item.kind} {look.moment(item.since)} " * 12, cells)]

    def do_alarm_acknowledge(self) -> None:
        key = self.key
        self.act(lambda desk: desk.act("ack", key))  # type: ignore[attr-defined]


def demo_screen(name: str) -> GridScreen:
    """The same board under each main screen's name."""
    made: type[GridScreen] = type(name.title(), (Items,), {"NAME": name})
    return made()


def demo_page(_name: str, key: str) -> PageScreen[Item]:
    """A page."""
    return ItemPage(key)
