"""How a board's lines are drawn: plain text in as few runs of one style as there are, exactly as wide as the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from screens.columns import EDGE, MARGIN, Cell, Place, gap_of
from screens.look import Look
from screens.rows import View
from screens.tones import Palette, shape
from screens.widgets.cells import fit
from screens.widgets.line import paint
from screens.widgets.runs import Runs

UNREAD = Cell("..", "dim")
"""Stands in the first column of a row that is being read."""


class Painter:
    """Draws the lines of one board at one width."""

    def __init__(
        self, places: Sequence[Place[Any]], cells: int, look: Look, palette: Palette, base: Style
    ) -> None:
        self.places = tuple(places)
        self.cells = cells
        self._gap = " " * gap_of(cells - EDGE - MARGIN)
        self.look = look
        self.palette = palette
        self.base = base
        """The board's own ink and background, under every tone."""
        self._styles: dict[str, Style] = {}
        self._bars: dict[str, Style] = {}

    def heading(self, view: View) -> Strip:
        """The column titles, and which of them the rows are sorted by."""
        style, runs = self._style("header", False), Runs()
        runs.add(" " * EDGE, style)
        for column, width in self.places:
            title = self.look.word(column.title)
            if column.key == view.sort:
                mark = shape("down" if view.reverse else "up", self.look.ascii)
                title = fit(title, min(width - 1, cell_len(title))) + mark if width > 1 else mark
            runs.add(fit(title, width, column.align) + self._gap, style)
        return runs.strip(self.cells, style)

    def row(
        self, row: Any, *, cursor: bool = False, marked: bool = False, gone: bool = False, pale: bool = False
    ) -> Strip:
        """One row; ``None`` is a row that is being read. A ``pale`` cursor is a pointer without a bar."""
        bar = cursor and not pale and not self.look.lite
        runs = Runs()
        runs.add(shape("cursor", self.look.ascii) if cursor else " ", self._style("", bar))
        edge = "mark" if marked else "gone" if gone else ""
        runs.add(shape(edge, self.look.ascii) if edge else " ", self._style("mark" if marked else "dim", bar))
        for number, (column, width) in enumerate(self.places):
            if row is None:
                text, tone = UNREAD if number == 0 else Cell("")
            else:
                text, tone = column.cell(row, self.look)
                if column.brief is not None and cell_len(text) > width:
                    text = column.brief(row, self.look)
            if number:
                runs.add(self._gap, self._style("", bar))
            text = fit(text, width, column.align, numbered=column.numbered)
            runs.add(text, self._style("dim" if gone else tone, bar))
        return runs.strip(self.cells, self._style("", bar))

    def line(self, pieces: Sequence[Cell]) -> Strip:
        """A line of pieces; the one that passes the edge is cut, and the cut shows."""
        return paint(pieces, self.cells, self.palette, self.base)

    def _style(self, tone: str, bar: bool) -> Style:
        held = self._bars if bar else self._styles
        if tone not in held:
            style = self.base + self.palette[tone] if tone else self.base
            held[tone] = self._on_bar(tone) if bar else style
        return held[tone]

    def _on_bar(self, tone: str) -> Style:
        """A tone under the cursor: a chip stays one, all else is in the bar's own ink.

        The bar is drawn anew with each step, and each of its inks would be paid for on the line; what they tell, shape
        and word tell too.
        """
        bar = self.palette["cursor"]
        style = self.palette[tone] if tone else Style.null()
        if bar.reverse:
            # The terminal's own colours, swapped: a chip inside would be swapped too, so all is plain.
            return self.base + bar + Style(bold=style.bold)
        return self.base + bar + style if style.bgcolor else self.base + bar
