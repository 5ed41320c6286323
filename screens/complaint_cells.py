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
_TONES = {"overdue": "bad", "waiting": "warn", "replied": "", "done": "good"}


def state(row: ComplaintRow, look: Look) -> Cell:
    """To reply, late, to call back, or called back and what the caller said."""
    tone = _TONES.get(row.state, "")
    mark = f"{shape(tone, look.ascii)} " if tone else ""
    if row.call_result and row.state in ("done", "replied"):
        return Cell(f"{mark}{look.word(f'complaint.call.{row.call_result}')}", tone)
    return Cell(f"{mark}{look.word(f'complaint.state.{row.state}')}", tone)


def due(row: ComplaintRow, look: Look) -> Cell:
    """What is left until the reply is due, or how late it is; when it was replied once it was."""
    if row.replied is not None:
        return Cell(look.moment(row.replied), "dim")
    left = row.reply_due - look.now
    if left < 0:
        return Cell(
            f"{shape('bad', look.ascii)} {look.word('taskscreen.clock.over', span=look.span(-left))}", "bad"
        )
    if left * SOON <= row.reply_due - row.at:
        return Cell(f"{shape('warn', look.ascii)} {look.span(left)}", "warn")
    return Cell(f"  {look.span(left)}")
