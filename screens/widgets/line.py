"""One line of pieces: what headers, strips and footers are made of."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.columns import Cell
from screens.shell import shell
from screens.tones import Palette
from screens.widgets.cells import fit, shown
from screens.widgets.runs import Runs

UPRIGHT = Style(reverse=False)


def over(base: Style, tone: Style) -> Style:
    """A tone on a line. On a line in reverse (where colours are few or none) a chip stands out by not being so."""
    if not base.reverse:
        return base + tone
    if tone.bgcolor is not None or tone.reverse:
        return base + (tone + UPRIGHT)
    return base + Style(bold=tone.bold, underline=tone.underline, reverse=tone.reverse)


def paint(
    pieces: Sequence[Cell],
    cells: int,
    palette: Palette,
    base: Style,
    *,
    fill: str = "",
    right: Sequence[Cell] = (),
) -> Strip:
    """Pieces from the left and pieces against the right edge; where they meet, the left ones are cut."""
    runs = Runs()
    kept = list(right)
    while kept and sum(cell_len(shown(piece.text)) for piece in kept) > cells:
        kept.pop(0)
    reserved = sum(cell_len(shown(piece.text)) for piece in kept)
    room = cells - reserved
    base = base + palette[fill] if fill else base
    for text, tone in pieces:
        if room <= 0:
            break
        text = shown(text)
        taken = cell_len(text)
        runs.add(text if taken <= room else fit(text, room), over(base, palette[tone]) if tone else base)
        room -= min(taken, room)
    runs.add(" " * max(0, room), base)
    for text, tone in kept:
        runs.add(shown(text), over(base, palette[tone]) if tone else base)
    return runs.strip(cells, base)


class Line(Widget, inherit_bindings=False):
    """A line that sends only what has changed in it: from the first cell that differs to the last."""

    ALLOW_SELECT = False
    fill = ""
    """The tone of the whole line."""

    _strip: Strip | None = None
    _drawn: tuple[object, ...] | None = None
    """What the strip was drawn from."""

    def pieces(self) -> Sequence[Cell]:
        """What it says, from the left."""
        return ()

    def right(self) -> Sequence[Cell]:
        """What it says against the right edge; the first ones are left out where room is short."""
        return ()

    def render_line(self, y: int) -> Strip:
        if y:
            return Strip.blank(self.size.width)
        if self._strip is None or self._strip.cell_length != self.size.width:
            self._strip = self._draw(None)
        return self._strip

    def relook(self) -> None:
        """Draw anew where it comes out differently."""
        old, self._strip = self._strip, None
        if not self.is_attached or not self.size.width:
            return
        if old is None or old.cell_length != self.size.width:
            self.refresh()
            return
        new = self._strip = self._draw(old)
        span = None if new is old else changed(old, new)
        if span is not None:
            self.refresh(Region(span[0], 0, span[1] - span[0], 1))

    def _draw(self, old: Strip | None) -> Strip:
        """The line; ``old``, where it says and looks the same."""
        pieces, right, palette = tuple(self.pieces()), tuple(self.right()), shell(self).palette
        drawn = pieces, right, self.size.width, self.fill, palette, self.rich_style
        if old is not None and drawn == self._drawn:
            return old
        self._drawn = drawn
        return paint(pieces, self.size.width, palette, self.rich_style, fill=self.fill, right=right)


def changed(old: Strip, new: Strip) -> tuple[int, int] | None:
    """The cells from the first that differs to behind the last; None where the two look the same."""
    if old == new:
        return None
    before, after = _cells(old), _cells(new)
    if len(before) != len(after):
        return 0, max(len(before), len(after))
    differ = [place for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    if not differ:
        return None
    end = differ[-1] + 1
    # A mark that takes no cell of its own is cut off at the edge of what is repainted: one cell more keeps it.
    marked = max(len(one[end - 1][0]) for one in (before, after)) > 1
    return differ[0], min(end + marked, len(after))


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """Every cell's text and style; a wide character stands in both of its cells."""
    cells: list[tuple[str, Style | None]] = []
    for segment in strip:
        for character in segment.text:
            size = cell_len(character)
            if size == 0 and cells:
                text, style = cells[-1]
                cells[-1] = (text + character, style)
            else:
                cells.extend([(character, segment.style)] * size)
    return cells
