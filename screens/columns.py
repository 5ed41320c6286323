"""Columns as data, and how many cells each gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from screens.look import Look
from screens.widgets.cells import Align

R = TypeVar("R")

WIDE = 100
"""Cells from which there is room to breathe."""
EDGE = 2
"""Cells before the first column: cursor and mark."""
MARGIN = 1
"""Cells behind the last one."""


class Cell(NamedTuple):
    """What a column shows of one row."""

    text: str
    tone: str = ""
    """What it means (`screens.tones`); empty is plain."""


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column of a board, declared by its screen."""

    key: str
    """Its name in `View.sort` and in copies."""
    title: str
    """The code of its heading in the words."""
    show: Callable[[R, Look], Cell | str]
    """What it shows of a row; called for visible rows only."""
    width: int
    """Cells it needs."""
    flex: int = 0
    """Its share of the cells that are left over; 0 keeps its width."""
    most: int = 0
    """Cells it grows to at most, 0 for no end."""
    align: Align = "left"
    rank: int = 0
    """0 is always shown; where room is short the highest rank goes first."""
    order: Callable[[R], Any] | None = None
    """What sorting goes by (None goes last), where that isn't the text shown."""
    sortable: bool = True

    def cell(self, row: R, look: Look) -> Cell:
        """What it shows of a row, as a cell."""
        shown = self.show(row, look)
        return Cell(shown) if isinstance(shown, str) else shown

    def text(self, row: R, look: Look) -> str:
        """What it shows of a row, as text."""
        return self.cell(row, look).text


class Place(NamedTuple, Generic[R]):
    """A column that is shown, and its cells."""

    column: Column[R]
    width: int


def gap_of(cells: int) -> int:
    """Cells between two columns."""
    return 2 if cells >= WIDE - EDGE - MARGIN else 1


def lay_out(columns: Sequence[Column[R]], cells: int) -> tuple[Place[R], ...]:
    """Which columns fit in ``cells``, and how wide each is: the highest ranks go first, the rest is shared out.

    Where not even the columns of rank 0 fit, the widest ones give way, so that the row is never longer than
    the board and never loses a column it always has.
    """
    shown, gap = list(columns), gap_of(cells)
    while shown and _taken(shown, gap) > cells:
        rank = max(column.rank for column in shown)
        if rank == 0:
            break
        shown.remove(next(column for column in reversed(shown) if column.rank == rank))
    widths = {column.key: column.width for column in shown}
    spare = cells - _taken(shown, gap)
    while spare < 0 and (key := max(widths, key=lambda key: widths[key])) and widths[key] > 1:
        widths[key] -= 1
        spare += 1
    _share(shown, widths, max(0, spare))
    return tuple(Place(column, widths[column.key]) for column in shown)


def _taken(columns: Sequence[Column[Any]], gap: int) -> int:
    return sum(column.width for column in columns) + gap * max(0, len(columns) - 1)


def _share(columns: Sequence[Column[Any]], widths: dict[str, int], spare: int) -> None:
    """Give the spare cells to the columns that grow, by their shares, until they have enough."""
    growing = [column for column in columns if column.flex]
    while spare and growing:
        total = sum(column.flex for column in growing)
        given = 0
        for column in growing:
            more = spare * column.flex // total
            if column.most:
                more = min(more, column.most - widths[column.key])
            widths[column.key] += max(0, more)
            given += max(0, more)
        growing = [column for column in growing if not column.most or widths[column.key] < column.most]
        if not given:
            # Less than one cell a share is left: the first ones take it.
            for column in growing[:spare]:
                widths[column.key] += 1
            return
        spare -= given
