"""Columns as data, and how many cells each gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from rich.cells import cell_len

from screens.look import MISSING, Look
from screens.widgets.cells import Align

R = TypeVar("R")

WIDE = 100
"""Cells from which there is room to breathe."""
EDGE = 2
"""Cells before the first column: cursor and mark."""
MARGIN = 1
"""Cells behind the last one."""
GROWS = 16
"""Cells to which a column without a share of its own grows for a text that is longer than it: a name, a number."""
BRIEF = "~"
"""Behind a column's key: the same in its brief form."""
SHRINKS = 6
"""Cells that a column keeps when another one needs more than it does."""


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
    brief: Callable[[R, Look], str] | None = None
    """What stands where the text does not fit, such as a value without its unit."""
    firm: bool = False
    """It keeps its cells while its rows do not need them: what it shows changes under the eye, such as a state."""
    numbered: bool = False
    """It shows names that often differ in the number at their end alone: cut before it, not behind."""
    first: int = 0
    """Cells up to which it is filled before another one grows beyond its own; 0 for all that it wants."""

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


def cells_needed(columns: Sequence[Column[R]], rows: Iterable[R], look: Look) -> dict[str, int]:
    """How many cells each column needs to show these rows whole; 0 where it has nothing to show of any.

    What a column needs for its brief form stands under its key with `BRIEF` behind it.
    """
    held = list(rows)
    briefs = {
        column.key + BRIEF: max((cell_len(column.brief(row, look)) for row in held), default=0)
        for column in columns
        if column.brief is not None
    }
    return briefs | {
        column.key: max(
            (cell_len(text) for row in held if (text := column.text(row, look)) != MISSING), default=0
        )
        for column in columns
    }


def lay_out(
    columns: Sequence[Column[R]], cells: int, needs: Mapping[str, int] | None = None, look: Look | None = None
) -> tuple[Place[R], ...]:
    """Which columns fit in ``cells``, and how wide each is: the highest ranks go first, the rest is shared out.

    Where not even the columns of rank 0 fit, the widest ones give way, so that the row is never longer than
    the board and never loses a column it always has.

    Args:
        needs: what each column needs for the rows that are there (`cells_needed`). No text is cut while another column
            has cells that it does not need.
        look: whose words the titles are, where ``needs`` are given.
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
    if needs is not None and spare >= 0:
        shown, spare = _leave_out(shown, widths, needs, spare, gap)
        wanted = _wanted(shown, needs, look)
        first = {column.key: min(wanted[column.key], column.first or wanted[column.key]) for column in shown}
        spare = _fill(shown, widths, first, needs, spare)
        if first != wanted:
            spare = _fill(shown, widths, wanted, needs, spare)
    _share(shown, widths, max(0, spare))
    return tuple(Place(column, widths[column.key]) for column in shown)


def _wanted(columns: Sequence[Column[Any]], needs: Mapping[str, int], look: Look | None) -> dict[str, int]:
    """The cells in which all that a column has to show fits, its title too."""
    wanted = {}
    for column in columns:
        title = cell_len(look.word(column.title)) if look is not None else 0
        most = column.most or (max(column.width, GROWS) if not column.flex else 0)
        need = max(title, needs.get(column.key, 0))
        wanted[column.key] = min(need, most) if most else need
    return wanted


def _leave_out(
    shown: list[Column[Any]], widths: dict[str, int], needs: Mapping[str, int], spare: int, gap: int
) -> tuple[list[Column[Any]], int]:
    """Without the columns that need not be and have nothing to show, while others lack cells; and the spare cells."""
    for column in sorted(shown, key=lambda column: -column.rank):
        lacking = sum(
            max(0, min(needs.get(one.key, 0), one.most or GROWS) - widths[one.key]) for one in shown
        )
        if column.rank and not needs.get(column.key, 0) and lacking > spare:
            shown = [one for one in shown if one is not column]
            spare += widths.pop(column.key) + gap
    return shown, spare


def _fill(
    shown: Sequence[Column[Any]],
    widths: dict[str, int],
    wanted: Mapping[str, int],
    needs: Mapping[str, int],
    spare: int,
) -> int:
    """Give the columns that lack cells what is spare, then what others do not need; the cells still spare.

    What would be cut goes before what has a brief form, and may have the cells that this form does without.
    """
    lacking = [column for column in shown if wanted[column.key] > widths[column.key]]
    lacking.sort(key=lambda column: (column.brief is not None, wanted[column.key] - widths[column.key]))
    short = [column.key for column in lacking]
    least = {
        column.key: needs.get(column.key + BRIEF, wanted[column.key])
        for column in shown
        if column.flex and not column.firm
    }
    whole = {column.key for column in shown if column.brief is None}
    for key in short:
        more = min(spare, wanted[key] - widths[key])
        widths[key] += more
        spare -= more
        while wanted[key] > widths[key]:
            # From the one that has most to give, a cell at a time: none is left with less than it needs.
            floor = least if key in whole else {one: max(wanted[one], least[one]) for one in least}
            left, giver = max(
                ((widths[one] - max(floor[one], SHRINKS), one) for one in floor if one != key),
                default=(0, ""),
            )
            if left <= 0:
                break
            widths[giver] -= 1
            widths[key] += 1
    return spare


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
