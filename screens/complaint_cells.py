"""How a complaint 群众诉求 is told on every screen: what it waits for, and how long the caller has still to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.columns import Cell
from screens.look import Look
from screens.tones import shape

if TYPE_CHECKING:
    from backend.desk.complaints import ComplaintRow

SOON = 5
"""A reply is due soon in the last fifth of its time."""
_TONES = {
    "overdue": "bad",
    "waiting": "warn",
    "again": "bad",
    "replied": "",
    "call_late": "bad",
    "done": "good",
}


def state(row: ComplaintRow, look: Look) -> Cell:
    """To reply, late, to call back, or called back and what the caller said."""
    tone = _TONES.get(row.state, "")
    mark = f"{shape(tone, look.ascii)} " if tone else ""
    if row.state == "done" or (row.state == "replied" and row.call_result):
        return Cell(f"{mark}{look.word(f'complaint.call.{row.call_result}')}", tone)
    return Cell(f"{mark}{look.word(f'complaint.state.{row.state}')}", tone)


def due(row: ComplaintRow, look: Look) -> Cell:
    """What is left until the reply is due, or the call after it, or how late it is; when it was all done, then when."""
    if row.called_back is not None:
        return Cell(look.moment(row.called_back), "dim")
    since, ends = (row.at, row.reply_due) if row.call_due is None else (row.replied or row.at, row.call_due)
    left = ends - look.now
    if left < 0:
        return Cell(
            f"{shape('bad', look.ascii)} {look.word('taskscreen.clock.over', span=look.span(-left))}", "bad"
        )
    if left * SOON <= ends - since:
        return Cell(f"{shape('warn', look.ascii)} {look.span(left)}", "warn")
    return Cell(f"  {look.span(left)}")
