"""A handover in words: the line on top of its page, and the whole of it as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from backend.words.message import Scalar
from screens.columns import Cell
from screens.look import Look
from screens.shell import shell
from screens.widgets.line import Line

if TYPE_CHECKING:
    from backend.desk.handover import HandoverPage, HandoverRow


HEADINGS = ("handover.heading", *(f"handover.heading.{one}" for one in ("no_centre", "no_time", "names")))
"""From the whole heading to who to whom: a cut one ran into what is counted beside it."""


def heading(row: HandoverRow, look: Look, taker: str = "", cells: int = 0) -> str:
    """Where, from whom to whom, when, how it stands; of that what fits into ``cells``, all of it where that is 0."""
    args: dict[str, Scalar] = {
        "centre": row.centre_name,
        "outgoing": row.outgoing_name,
        "incoming": row.incoming_name or taker or row.to_name or look.word("handover.nobody_yet"),
        "made": look.moment(row.made),
        "state": row.state,
    }
    told = [look.word(code, **args) for code in HEADINGS]
    return next((one for one in told if not cells or cell_len(one) <= cells), told[-1])


class Title(Line):
    """From whom to whom, since when, how far it has come."""

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="handover-title")
        self.page: HandoverPage | None = None
        self.taker = ""

    def show(self, page: HandoverPage, taker: str) -> None:
        """Speak of a handover."""
        self.page, self.taker = page, taker
        self.relook()

    def pieces(self) -> list[Cell]:
        look = shell(self).look
        if self.page is None:
            return [Cell(" " + look.word("ui.board.loading"), "dim")]
        room = self.size.width - sum(cell_len(piece.text) for piece in self.right())
        return [Cell(" " + heading(self.page.row, look, self.taker, max(1, room - 1)), "strong")]

    def right(self) -> list[Cell]:
        if self.page is None:
            return []
        row = self.page.row
        told = shell(self).look.word("handover.counts", signed=row.signed, all=row.items)
        return [Cell(f"  {told} ", "good" if row.signed == row.items else "warn")]


def sheet(page: HandoverPage, look: Look) -> str:
    """A handover as plain text, with the audit chain's head."""
    row = page.row
    lines = [f"{look.word('handover.title')} {row.id}", heading(row, look)]
    lines.append(look.word("handover.counts", signed=row.signed, all=row.items))
    for one in page.items:
        signed = f" [{look.clock(one.signed)} {one.signed_by}]" if one.signed is not None else " [ ]"
        remark = f" {one.remark}" if one.remark else ""
        kind = look.word(f"handover.kind.{one.kind}")
        lines.append(f"{one.number:>3} {kind}: {look.say(one.message)}{signed}{remark}")
    if row.to_name:
        told = {"centre": row.to_centre, "person": row.to_name, "phone": row.to_phone, "note": row.note}
        lines.append(look.word("handover.by_phone", **told))
    lines.append(look.word("handover.chain", head=row.audit_head))
    return "\n".join(lines) + "\n"
