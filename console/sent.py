"""What stands in the terminal already: of each update only the cells that differ are sent.

The framework sends a whole screen when a dialog opens over it, and again when the dialog has its size; most of it
stands there. What was sent is remembered cell by cell, so that a line costs what has changed in it. `Sent.forget` has
the next update sent whole: for a terminal that shows something else than it was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

NEAR = 8
"""Cells that are sent again rather than skipped: to go over them costs as much."""


Cell = tuple[str, Style | None]
"""One cell of the terminal: its letter (empty in the second cell of a wide one) and its look."""
Row = list[Cell | None]
"""Cells of a line; None where nobody knows what stands there."""
Piece = tuple[int, int, Strip]
"""Line, first cell, and what is written there."""


class Less(CompositorUpdate):
    """An update of single pieces."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        return "".join(
            Control.move_to(x, y).segment.text + strip.render(console) for y, x, strip in self.pieces
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for y, x, strip in self.pieces:
            yield Control.move_to(x, y).segment
            yield from strip


class Sent:
    """The cells that were sent."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._size = (0, 0)

    def forget(self) -> None:
        """Send the next update whole."""
        self._size = (0, 0)

    def less(self, update: CompositorUpdate, width: int, height: int) -> CompositorUpdate | None:
        """What of an update is to be sent to a terminal of this size; None where all of it stands there."""
        if (width, height) != self._size:
            self._rows = [[None] * width for _ in range(height)]
            self._size = (width, height)
        if isinstance(update, LayoutUpdate):
            x, top = update.region.x, update.region.y
            pieces: Iterable[Piece] = ((y, x, Strip.join(line)) for y, line in enumerate(update.strips, top))
        elif isinstance(update, ChopsUpdate):
            pieces = _chops(update)
        else:
            self.forget()
            return update
        written = [piece for y, x, strip in pieces for piece in self._write(y, x, strip)]
        return Less(written) if written else None

    def _write(self, y: int, x: int, strip: Strip) -> Iterator[Piece]:
        """Take down what a line's piece shows, and give what of it differs."""
        cells = _cells(strip)
        if not 0 <= y < len(self._rows) or x < 0 or x + len(cells) > len(self._rows[y]):
            yield y, x, strip
            return
        row = self._rows[y]
        if len(cells) != strip.cell_length:
            # Letters that are measured otherwise together than alone: nobody knows which cell they end in.
            row[:] = [None] * len(row)
            yield y, x, strip
            return
        differ = [place for place, cell in enumerate(cells) if row[x + place] != cell]
        for first, last in _runs(differ):
            first, last = _whole(first, last, cells, row[x : x + len(cells)])
            yield y, x + first, Strip(_segments(cells[first : last + 1]), last + 1 - first)
        # A wide letter of which one half was written over is gone.
        if x > 0 and _half(row[x]):
            row[x - 1] = None
        if x + len(cells) < len(row) and _half(row[x + len(cells)]):
            row[x + len(cells)] = None
        row[x : x + len(cells)] = cells


def _chops(update: ChopsUpdate) -> Iterator[Piece]:
    """The pieces that the framework would write, cropped as it crops them."""
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield y, x, strip if x2 > x >= x1 and end <= x2 else strip.crop(0, min(end, x2) - x)


def _cells(strip: Strip) -> list[Cell]:
    cells: list[Cell] = []
    for segment in strip:
        text, style = segment.text, segment.style
        if segment.control:
            continue
        if text.isascii():
            cells += [(letter, style) for letter in text]
            continue
        for letter in text:
            size = cell_len(letter)
            if size == 0 and cells:
                # A sign that belongs on the letter before it.
                place = -1 if cells[-1][0] else -2
                cells[place] = (cells[place][0] + letter, cells[place][1])
            else:
                cells += [(letter, style), *[("", style)] * (size - 1)]
    return cells


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of places that lie together, or nearly so."""
    if not places:
        return
    first = last = places[0]
    for place in places[1:]:
        if place - last > NEAR:
            yield first, last
            first = place
        last = place
    yield first, last


def _whole(first: int, last: int, new: Sequence[Cell], old: Sequence[Cell | None]) -> tuple[int, int]:
    """The same cells, with both halves of each wide letter that stands or stood at an end."""
    while first > 0 and (_half(new[first]) or _half(old[first])):
        first -= 1
    while last + 1 < len(new) and (_half(new[last + 1]) or _half(old[last + 1])):
        last += 1
    return first, last


def _half(cell: Cell | None) -> bool:
    return cell is not None and not cell[0]


def _segments(cells: Sequence[Cell]) -> list[Segment]:
    """As few runs of one style as there are."""
    found: list[Segment] = []
    text, style = "", cells[0][1]
    for letter, look in cells:
        if look is not style and look != style:
            found.append(Segment(text, style))
            text, style = "", look
        text += letter
    return [*found, Segment(text, style)]
