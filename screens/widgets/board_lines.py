"""What a board says besides its rows: why there are none, where the cursor is, and what is out of the ordinary."""

from __future__ import annotations

from backend.words import Message
from screens.columns import EDGE, Cell
from screens.look import MISSING, Look
from screens.rows import View

PLACE_CELLS = 16
"""Cells of the bottom line that tell where the cursor is."""


def note(look: Look, *, read: bool, error: Message | None, view: View, empty: str) -> list[Cell]:
    """What stands where there are no rows: being read, could not be read, nothing matches, nothing there."""
    indent = Cell(" " * EDGE)
    if not read and error is not None:
        return [indent, Cell(look.say(error), "bad"), Cell("  " + look.word("ui.board.retry"), "dim")]
    if not read:
        return [indent, Cell(look.word("ui.board.loading"), "dim")]
    if view.filter:
        return [indent, Cell(look.word("ui.board.no_match", filter=view.filter), "dim")]
    return [indent, Cell(look.word(empty), "dim")]


def where(cursor: int, count: int, *, read: bool) -> list[Cell]:
    """``4/1,259``: the row that the cursor is on, of how many; what moves is in the ink of the rows."""
    at = f"{cursor + 1:,}" if count else ""
    text = f"/{count:,}" if count else "0" if read else MISSING
    return [Cell(" " * EDGE + at), Cell(text.ljust(PLACE_CELLS - EDGE - len(at)), "dim")]


def unusual(
    look: Look,
    news: int,
    worst: Cell | None,
    marks: int,
    view: View,
    stale: Message | None,
    read_at: int | None,
) -> list[Cell]:
    """New rows that wait and how grave they are, marks, the filter, and since when and why the rows are old."""
    pieces: list[Cell] = []
    if news:
        pieces.append(Cell(look.word("ui.board.news", count=news) + "  ", "new"))
        if worst is not None:
            pieces += [worst, Cell("  ")]
    if marks:
        pieces.append(Cell(look.word("ui.board.marked", count=marks) + "  ", "mark"))
    if view.filter:
        pieces.append(Cell(look.word("ui.board.filter", filter=view.filter) + "  ", "key"))
    if stale is not None:
        said = look.word("ui.board.stale", at=look.clock(read_at), why=look.say(stale))
        pieces.append(Cell(said, "warn"))
    return pieces
