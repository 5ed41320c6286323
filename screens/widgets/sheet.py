"""A sheet: lines of pieces, wrapped to its width, scrolled where it is shorter than its text. Plain text only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from screens.columns import Cell
from screens.look import Look
from screens.shell import shell
from screens.tones import Palette, shape
from screens.widgets.cells import fit, shown, words, wrap
from screens.widgets.line import changed, paint
from screens.widgets.moving import Moving

Text = Sequence[Sequence[Cell]]
"""Lines, each of pieces."""
Writer = Callable[[Look, int], Text]
"""Writes a sheet for a look and a width in cells."""


def flow(text: str, cells: int, tone: str = "", indent: str = "") -> list[list[Cell]]:
    """A long text as lines of at most ``cells`` cells."""
    room = max(8, cells - len(indent))
    return [[Cell(indent + line, tone)] for line in wrap(text, room)]


def fold(pieces: Sequence[Cell], cells: int, indent: str = "") -> list[list[Cell]]:
    """Pieces as lines of at most ``cells`` cells, each word in its piece's tone; lines after the first are indented."""
    lines: list[list[Cell]] = [[]]
    room = cells
    for text, tone in pieces:
        for word in words(shown(text)):
            if cell_len(word.rstrip(" ")) > room and any(piece.text.strip(" ") for piece in lines[-1]):
                lines.append([Cell(indent)] if indent else [])
                room, word = cells - len(indent), word.lstrip(" ")
            for part in wrap(word, room) if cell_len(word) > room else (word,):
                if cell_len(part) > room:
                    lines.append([Cell(indent)] if indent else [])
                    room = cells - len(indent)
                lines[-1].append(Cell(part, tone))
                room -= cell_len(part)
    return [_joined(line) for line in lines]


def padded(pieces: Iterable[Cell], width: int) -> list[Cell]:
    """Pieces in exactly ``width`` cells."""
    kept: list[Cell] = []
    room = width
    for text, tone in pieces:
        taken = cell_len(text)
        kept.append(Cell(text if taken <= room else fit(text, room), tone))
        room -= min(taken, room)
        if room <= 0:
            return kept
    return [*kept, Cell(" " * room)]


def _bare(line: Sequence[Cell]) -> list[Cell]:
    """A line without the blanks at its end: what is cut of them is no text."""
    kept = list(line)
    while kept and not kept[-1].text.strip(" "):
        kept.pop()
    if kept:
        text, tone = kept[-1]
        kept[-1] = Cell(text.rstrip(" "), tone)
    return kept


def _same(before: Text, after: Text, place: int) -> bool:
    """Whether a line says what it said; below the last line there is nothing, before and after."""
    was = before[place] if place < len(before) else ()
    return list(was) == list(after[place] if place < len(after) else ())


def _joined(line: Sequence[Cell]) -> list[Cell]:
    """Words of one tone that follow each other as one piece."""
    found: list[Cell] = []
    for text, tone in line:
        if found and found[-1].tone == tone:
            found[-1] = Cell(found[-1].text + text, tone)
        else:
            found.append(Cell(text, tone))
    return found


class Sheet(Moving, Widget, inherit_bindings=False):
    """Text that its writer writes anew for each look; what comes out the same is not sent again.

    With ``height: auto`` it is as high as its text; with a height of its own it scrolls by the keys for moving about
    (it must be able to take the focus then), and where there is more below, its last line says so. ``yields``: where
    there is not, it takes no focus: it stands above what is read by the same keys.
    """

    ALLOW_SELECT = False

    def __init__(
        self,
        write: Writer,
        *,
        focusable: bool = False,
        yields: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = focusable
        self.top = 0
        self._yields = yields
        self._write = write
        self._lines: Text | None = None
        self._strips: dict[int, Strip] = {}
        self._painted_with: tuple[int, Palette, Style] | None = None
        """The width, palette and style that the strips were drawn with."""
        self._width = 0

    def write(self, write: Writer) -> None:
        """Another text."""
        self._write = write
        self.relook()

    def relook(self) -> None:
        """Write anew, and send the lines that have changed."""
        before, said, drawn = dict(self._strips), self._lines or (), self._painted_with
        self._lines = None
        self._strips.clear()
        if not self.is_attached:
            return
        lines = self._text(self.size.width or self._width)
        self._painted_with = self._drawing()
        if drawn == self._painted_with:
            # A line that says what it said is not drawn again: beside a held key, drawing is most of the work.
            self._strips = {place: strip for place, strip in before.items() if _same(said, lines, place)}
        if len(lines) != len(said) and self.styles.height is not None and self.styles.height.is_auto:
            self.refresh(layout=True)
            return
        self.top = max(0, min(self.top, len(lines) - self.size.height))
        for y in range(self.size.height):
            old = before.get(self.top + y)
            if old is not None and old is self._strips.get(self.top + y):
                continue
            span = (0, self.size.width) if old is None else changed(old, self.render_line(y))
            if span is not None:
                self.refresh(Region(span[0], y, span[1] - span[0], 1))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return len(self._text(width))

    def _text(self, width: int) -> Text:
        if self._lines is None or self._width != width:
            self._width = width
            self._strips.clear()
            self._lines = self._write(shell(self).look, width) if width else ()
        return self._lines

    def on_resize(self, _event: Resize) -> None:
        """What fits now is not scrolled away."""
        self.move_by(0)

    def allow_focus(self) -> bool:
        """Whether there is anything to scroll."""
        if self._yields and len(self._text(self.size.width)) <= self.size.height:
            return False
        return super().allow_focus()

    def on_focus(self) -> None:
        """By which key the rest is reached stands in the last line."""
        if self.can_focus:
            self.refresh_last()

    on_blur = on_focus

    def refresh_last(self) -> None:
        """Draw the last line anew."""
        self.refresh(Region(0, max(0, self.size.height - 1), self.size.width, 1))

    def _below(self, lines: Text) -> int:
        """Lines that stand further down."""
        return max(0, len(lines) - self.top - self.size.height)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines, place = self._text(width), self.top + y
        if self.can_focus and y == self.size.height - 1 and (below := self._below(lines)):
            look, here = shell(self).look, "here" if self.has_focus else "tab"
            mark = f" {shape('down', look.ascii)} {look.word(f'ui.sheet.rest.{here}', count=below)}"
            cut = padded(_bare(lines[place]), width - cell_len(mark))
            return paint([*cut, Cell(mark, "mark")], *self._drawing())
        if place not in self._strips:
            if self._painted_with is None or not self._strips:
                self._painted_with = self._drawing()
            pieces = lines[place] if place < len(lines) else ()
            self._strips[place] = paint(pieces, *self._painted_with)
        return self._strips[place]

    def _drawing(self) -> tuple[int, Palette, Style]:
        return self.size.width, shell(self).palette, self.rich_style

    def move_by(self, lines: int) -> None:
        """Show what is further down, or up."""
        length = len(self._text(self.size.width))
        top = max(0, min(self.top + lines, length - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

    def page_lines(self) -> int:
        return self.size.height
