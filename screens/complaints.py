"""Complaints 群众诉求: who waits for a reply, and until when; callers are masked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from screens import complaint_cells, telling
from screens.base import OverBoard
from screens.columns import Cell, Column
from screens.complaint_acts import ComplaintActs
from screens.faces import choose_face
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.complaints import ComplaintRow
    from backend.desk.desk import Desk


def _caller(row: ComplaintRow, _look: Look) -> Cell:
    return Cell(telling.joined((row.caller, row.phone), " "), "dim")


COLUMNS: tuple[Column[Any], ...] = (
    Column("due", "complaintscreen.column.due", complaint_cells.due, 8,
           order=lambda row: row.call_due or row.reply_due),
    Column("state", "complaintscreen.column.state", complaint_cells.state, 10, rank=1),
    Column(
        "priority",
        "ui.column.priority",
        lambda row, look: telling.priority_short(row.priority, look),
        6,
        order=lambda row: telling.priority_order(row.priority),
    ),
    Column("number", "complaintscreen.column.number", lambda row, _look: row.number, 15, flex=1, most=24),
    Column("type", "complaintscreen.column.type", lambda row, look: look.pick(*row.type_name), 12, flex=1, most=16),
    Column("place", "complaintscreen.column.place", lambda row, _look: row.place, 10, flex=2, most=24),
    Column("text", "complaintscreen.column.text", lambda row, _look: row.text, 10, flex=4),
    Column("caller", "complaintscreen.column.caller", _caller, 15, rank=3),
    Column("at", "complaintscreen.column.at", lambda row, look: look.moment(row.at), 11, rank=2,
           order=lambda row: row.at),
)  # fmt: skip


class Complaints(ComplaintActs, OverBoard[Any]):
    """The list of complaints, opened by ``:complaints``; its key is not used."""

    NAME: ClassVar[str] = "complaints"
    COLUMNS = COLUMNS
    TABS = (
        Tab("waiting", "complaintscreen.tab.waiting"),
        Tab("replied", "complaintscreen.tab.replied"),
        Tab("all", "complaintscreen.tab.all"),
    )
    EMPTY = "complaintscreen.empty"

    @property
    def complaint(self) -> ComplaintRow | None:
        return self.row

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import complaints

        rows = complaints.board(desk, view=view.facet or "waiting")

        def left(keys: Sequence[Any]) -> Sequence[Any]:
            return complaints.those(desk, keys)

        return arrange(rows, view, self.COLUMNS, look, key=lambda row: row.id, left=left)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self._count(desk)

    def opened(self, desk: Desk) -> None:
        super().opened(desk)
        self._count(desk)

    def _count(self, desk: Desk) -> None:
        def counted(found: Mapping[str, int]) -> None:
            if self.stands:
                self.query_one(Tabs).show(self.board.view.facet, found)

        def count() -> Mapping[str, int]:
            from backend.desk import complaints

            return complaints.counts(desk)

        self.shell.work(count, counted, name="count complaints")

    def opens(self, row: Any) -> tuple[str, str] | None:
        return "complaint", str(row.id)

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        row = self.row
        if row is None:
            return

        def faces(desk: Desk) -> Any:
            from backend.desk import incidents
            from backend.desk.alarms import Face

            page = incidents.page(desk, row.incident)
            own = Face("incident", row.incident, f"{look.pick(*row.type_name)} {row.place}")
            return [own, *(page.faces if page is not None else ())]

        look = self.look
        choose_face(self, faces)
