"""Duty 值班: who answers and who sits where, who is away, what is vacant in the hours ahead, what was changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from backend.words import Message
from screens.acting.duty import DutyActs, Subject
from screens.base import OverBoard
from screens.columns import Column
from screens.duty_columns import COLUMNS
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.widgets.tabs import Tab

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.dutylines import LineRow


class Duty(DutyActs, OverBoard[Any]):
    """The duty screen, over whatever one was doing."""

    NAME: ClassVar[str] = "duty"
    EMPTY = "dutyscreen.empty"
    EMPTIES: ClassVar[Mapping[str, str]] = MappingProxyType(
        {tab: f"dutyscreen.empty.{tab}" for tab in ("seats", "gaps", "changes", "handovers")}
    )
    TABS = (
        Tab("rooms", "dutyscreen.tab.rooms"),
        Tab("seats", "dutyscreen.tab.seats"),
        Tab("members", "dutyscreen.tab.members"),
        Tab("lines", "dutyscreen.tab.lines"),
        Tab("gaps", "dutyscreen.tab.gaps"),
        Tab("changes", "dutyscreen.tab.changes"),
        Tab("handovers", "dutyscreen.tab.handovers"),
    )

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        return COLUMNS.get(facet, COLUMNS["rooms"])

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import dutylines, dutyrows, handover

        facet = view.facet or "rooms"
        read: dict[str, Callable[[Desk], Sequence[Any]]] = {
            "rooms": dutyrows.room_board,
            "seats": dutyrows.seat_board,
            "members": dutyrows.member_board,
            "gaps": dutyrows.gap_board,
            "changes": dutyrows.change_board,
            "lines": dutylines.board,
            "handovers": handover.board,
        }
        rows = read[facet](desk)
        return arrange(
            rows, view, self.columns_of(facet), look, key=_key_of, also=lambda row: getattr(row, "search", "")
        )

    def opens(self, row: Any) -> tuple[str, str] | None:
        match self.board.view.facet:
            case "members":
                return "hours", f"member:{row.code}"
            case "seats":
                return "hours", f"centre:{row.centre}"
            case "handovers":
                return "handover", row.id
            case "changes":
                return "hours", f"{row.body_kind}:{row.body}"
            case "lines":
                return "hours", f"{row.kind}:{row.body}"
        return "hours", f"{row.kind}:{row.code}"

    def subject(self) -> Subject | None:
        row = self.row
        if row is None:
            return None
        match self.board.view.facet:
            case "rooms" | "":
                return Subject(row.kind, row.code, row.name, row.phone, row.state, row.answers)
            case "members":
                return Subject("member", row.code, row.name, row.phone, row.state, row.name)
            case "gaps":
                return Subject(row.kind, row.code, row.name)
            case "seats":
                return Subject("centre", row.centre, row.centre_name)
            case "lines":
                return Subject(row.kind, row.body, row.body_name, row.phone, "", row.name)
        return None

    def standing(self) -> LineRow | None:
        row: LineRow | None = self.row
        return row if self.board.view.facet == "lines" else None

    def change_number(self) -> int:
        row = self.row
        return int(row.id) if row is not None and self.board.view.facet == "changes" else 0

    def refusal(self, act: str) -> Message | None:
        if act in ("phone", "change") and self.subject() is None and not self.change_number():
            return Message("ui.off.no_row")
        return None


def _key_of(row: Any) -> str:
    """What tells a row of any tab from the others."""
    for name in ("id", "shift"):
        if hasattr(row, name):
            return f"{name}:{getattr(row, name)}"
    return ":".join(str(getattr(row, name, "")) for name in ("kind", "code", "starts"))
