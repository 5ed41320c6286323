"""Text in as few runs of one style as there are: a run costs some 20 to 40 bytes on the line, a cell one."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Runs:
    """Pieces of text, joined as long as their style is the same."""

    __slots__ = ("_cells", "_pieces", "_style", "_text")

    def __init__(self) -> None:
        self._pieces: list[Segment] = []
        self._text: list[str] = []
        self._style: Style | None = None
        self._cells = 0

    def add(self, text: str, style: Style) -> None:
        """Put a piece at the end."""
        if not text:
            return
        if style is not self._style and style != self._style:
            self._flush()
            self._style = style
        self._text.append(text)
        self._cells += len(text) if text.isascii() else cell_len(text)

    def strip(self, cells: int, fill: Style) -> Strip:
        """All pieces as one strip of ``cells`` cells."""
        if self._cells < cells:
            self.add(" " * (cells - self._cells), fill)
        self._flush()
        strip = Strip(self._pieces, self._cells)
        return strip if self._cells == cells else strip.adjust_cell_length(cells, fill)

    def _flush(self) -> None:
        if self._text:
            self._pieces.append(Segment("".join(self._text), self._style))
            self._text = []
