"""Notices 通知: what this seat was told, and whether somebody has seen it; Enter goes to what it is about.

The one under the cursor stands whole under the list, with what became of it on every channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from backend.words import Outcome
from screens.base import OverBoard
from screens.columns import Cell, Column
from screens.faces import choose_face
from screens.look import Look
from screens.resting import Follower
from screens.rows import RowSource, View, arrange
from screens.telling import priority, priority_order
from screens.told import channels, delivery
from screens.tones import shape
from screens.widgets.sheet import Sheet, Text, flow
from screens.widgets.tabs import Tab

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.faces import Face
    from backend.desk.notices import NoticeRow


def _seen(row: NoticeRow, look: Look) -> Cell:
    if row.seen is None:
        return Cell(f"{shape('new', look.ascii)} {look.word('ui.notices.new')}", "new")
    return Cell(f"{look.moment(row.seen)} {row.seen_by}", "dim")


class Notices(OverBoard["NoticeRow"]):
    """The list of notices, over whatever screen one was in."""

    NAME: ClassVar[str] = "notices"
    CSS_PATH = "notices.tcss"
    EMPTY = "ui.notices.empty"
    TABS = (Tab("new", "ui.notices.tab.new"), Tab("all", "ui.tab.all"))
    COLUMNS = (
        Column["NoticeRow"](
            "priority",
            "ui.column.priority",
            lambda row, look: priority(row.priority, look),
            6,
            order=lambda row: priority_order(row.priority),
        ),
        Column["NoticeRow"](
            "at", "ui.column.at", lambda row, look: look.moment(row.at), 11, order=lambda row: row.at
        ),
        Column["NoticeRow"](
            "what", "ui.column.what", lambda row, look: look.say(row.message), 30, flex=1, sortable=False
        ),
        Column["NoticeRow"]("channels", "ui.column.channels", channels, 10, rank=2, sortable=False),
        Column["NoticeRow"](
            "seen",
            "ui.column.seen",
            _seen,
            10,
            flex=1,
            most=24,
            rank=1,
            order=lambda row: -1 if row.seen is None else row.seen,
        ),
    )

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[NoticeRow]:
        from backend.desk import notices

        rows = notices.board(desk, unseen=view.facet == "new")
        return arrange(rows, view, self.COLUMNS, look, key=lambda row: row.key)

    def beside(self) -> ComposeResult:
        yield Sheet(self._whole, id="notice-whole")

    def __init__(self, key: str = "") -> None:
        super().__init__(key)
        self._under = Follower(self, lambda: self.query_one("#notice-whole", Sheet).relook())

    def moved(self, row: NoticeRow | None) -> None:
        self._under.follow(row.key if row is not None else None)

    def _whole(self, look: Look, cells: int) -> Text:
        """All words of the notice under the cursor, and each channel."""
        row = self.row
        if row is None:
            return []
        sent = [[Cell(" "), *delivery(one, look)] for one in row.deliveries]
        return [*flow(look.say(row.message), cells, "", " "), *sent]

    def opens(self, row: NoticeRow) -> tuple[str, str] | None:
        if row.task:
            return "task", row.task
        if row.alarm is not None:
            return "alarm", str(row.alarm)
        return self._report(row)

    def _report(self, row: NoticeRow) -> tuple[str, str] | None:
        """The daily report that a notice is about: only one's own is a page, a kept centre's is not."""
        desk, day = self.shell.desk, row.message.args.get("day")
        own = desk is not None and row.grid == desk.actor.grid
        if not (own and day and row.message.code.startswith("notice.report.")):
            return None
        return "report", f"{day}:0"

    def do_board_faces(self) -> None:
        """Where one can go from the notice under the cursor."""
        if (row := self.row) is not None:
            choose_face(self, partial(_faces, row=row))

    def do_alarm_acknowledge(self) -> None:
        """Note that the marked ones, or the one under the cursor, have been seen."""
        keys = [str(key) for key in self.selected()]
        self.board.do_board_unmark()

        def command(desk: Desk) -> Outcome:
            from backend.desk import notices

            return notices.seen(desk, keys)

        self.act(command, lambda _outcome: self.board.do_board_news())


def _faces(desk: Desk, row: NoticeRow) -> Sequence[Face]:
    from backend.desk import notices

    return notices.faces(desk, row)
