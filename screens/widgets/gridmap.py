"""A map of squares in half-cells of the terminal, with county outlines, hot grids by letter, and a cursor.

It draws by the line API what `screens.widgets.gridmap_model` holds, and of another hour it sends only the cells that
differ. Where the theme has no colours of its own, where the line is slow (``look.lite``) or the terminal knows ASCII
only, every class is a letter instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message as Event
from textual.strip import Strip
from textual.widget import Widget

from screens.shell import shell
from screens.widgets.cells import plain
from screens.widgets.gridmap_ink import HATCH, OUTSIDE, UNKNOWN, Inks, Kind, Scale, inks, letter
from screens.widgets.gridmap_model import Frame, Ground, Model, Spot
from screens.widgets.gridmap_raster import Box
from screens.widgets.line import changed
from screens.widgets.moving import FAR, Moving
from screens.widgets.runs import Runs

BRAILLE = 0x2800
BOLD, MARKED = Style(bold=True), Style(bold=True, underline=True)
BORDER = "+"
"""An outline in ASCII."""
STRIDE = 8
"""Squares of a page."""
_RICH, _POOR = 40, 14
"""Bytes to change the look with colours in full, and with the terminal's own."""


class GridMap(Moving, Widget, can_focus=True, inherit_bindings=False):
    """The map."""

    ALLOW_SELECT = False

    @dataclass
    class Moved(Event):
        """The cursor is on another square, or on none where the map is empty."""

        map: GridMap
        square: int | None

        def can_replace(self, message: Event) -> bool:
            return isinstance(message, GridMap.Moved) and message.map is self.map

    @dataclass
    class Opened(Event):
        """Enter on a square."""

        map: GridMap
        square: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.model = Model()
        self.scale = Scale("rise", (1, 2, 3, 4, 5, 6))
        self.edition = ""
        """Of HJ 633, whose colours levels have."""
        self.letters: bool | None = None
        """Letters instead of colours; None lets the terminal decide."""
        self.note = ""
        """The code of what is said while there is nothing to draw."""
        self.cost = 0
        """Bytes, about, that the last hour took."""
        self._inks: Inks | None = None
        self._strips: dict[int, Strip] = {}

    # What is shown.

    def lay(self, ground: Ground | None, box: Box | None = None) -> None:
        """Show another map, or another part of it; the cursor stays where it is on the ground."""
        here = self.position
        self.model.ground, self.model.box = ground, box
        # What was shown has the numbers of other squares.
        self.model.frame = None
        self._draw_anew(here)

    def show(self, frame: Frame | None, scale: Scale | None = None) -> None:
        """Show another hour of the same map; only what differs is sent."""
        if scale is not None and scale != self.scale:
            self.scale, self._inks = scale, None
        before = self.square
        self.model.frame = frame
        self.model.lettered = self.lettered
        self.model.classify()
        self._send()
        if self.square != before:
            self._told()

    def say(self, note: str) -> None:
        """What stands there while there is nothing to draw: the code of it in the words."""
        self.note = note
        self._send()

    def redraw(self) -> None:
        """Draw all anew: another way of telling classes, other steps of the cursor."""
        self._inks = None
        self._draw_anew(self.position)

    def relook(self) -> None:
        """Another theme, another minute: what comes out the same is not sent again."""
        self._inks = None
        if self.is_attached and self.lettered != self.model.lettered:
            self.redraw()
        else:
            self._send()

    def on_resize(self, _event: events.Resize) -> None:
        self._draw_anew(self.position)

    def _draw_anew(self, here: tuple[float, float] | None) -> None:
        if not self.is_attached:
            return
        self.model.lettered = self.lettered
        self.model.lay_out(self.size.width, self.size.height)
        self.model.classify()
        if here is None or not self.model.go_to(*here):
            self.model.begin()
        self._strips.clear()
        self.refresh()
        self._told()

    # The cursor.

    @property
    def square(self) -> int | None:
        """The gravest square under the cursor."""
        return self.model.square

    @property
    def covered(self) -> int:
        """How many squares lie under the cursor."""
        return self.model.covered

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude of the square under the cursor."""
        return self.model.position

    def go_to(self, lon: float, lat: float) -> bool:
        """Put the cursor on a place; whether it is on the map."""
        before = self.model.cursor
        there = self.model.go_to(lon, lat)
        self._moved(before)
        return there

    def _stride(self, across: int, down: int, steps: int = 1) -> None:
        before = self.model.cursor
        self.model.stride(across, down, steps)
        self._moved(before)

    def _moved(self, before: Spot | None) -> None:
        here = self.model.cursor
        if here == before:
            return
        left, top = self._margins()
        for spot in {one for one in (before, here) if one is not None}:
            first, cells = self._letter_at(spot)
            self.refresh(Region(left + first, top + spot.half // 2, cells, 1))
        self._told()

    def move_by(self, lines: int) -> None:
        if abs(lines) < FAR:
            self._stride(0, 1 if lines > 0 else -1, abs(lines))
        elif self.model.picture is not None:
            self._stride(1 if lines > 0 else -1, 0, self.model.picture.columns)

    def page_lines(self) -> int:
        return STRIDE + 1

    def do_move_next_tab(self) -> None:
        """East."""
        self._stride(1, 0)

    def do_move_previous_tab(self) -> None:
        """West."""
        self._stride(-1, 0)

    def do_board_open(self) -> None:
        """What lies under the cursor."""
        if (square := self.square) is not None:
            self.post_message(self.Opened(self, square))

    def on_click(self, event: events.Click) -> None:
        left, top = self._margins()
        column, half = event.x - left, 2 * (event.y - top)
        for one in (half, half + 1):
            if self.model.under(column, one):
                before = self.model.cursor
                self.model.put(Spot(column, one))
                self._moved(before)
                return

    def _told(self) -> None:
        self.post_message(self.Moved(self, self.square))

    # Drawing.

    @property
    def lettered(self) -> bool:
        """Whether classes are told by letters."""
        if not self.inks.blocks:
            return True
        look = shell(self).look
        return self.letters if self.letters is not None else look.ascii or look.wide or look.lite

    @property
    def inks(self) -> Inks:
        """The looks of its classes."""
        if self._inks is None:
            self._inks = inks(self.scale, shell(self).palette, self.rich_style, self.edition)
        return self._inks

    def _margins(self) -> tuple[int, int]:
        """Empty columns and lines before the picture."""
        picture = self.model.picture
        if picture is None:
            return 0, 0
        return max(0, self.size.width - picture.columns) // 2, max(0, self.size.height - picture.lines) // 2

    def _send(self) -> None:
        """Send the lines that differ, and count what that takes."""
        self.cost = 0
        if not self.is_attached:
            return
        before = dict(self._strips)
        self._strips.clear()
        for y in range(self.size.height):
            self.cost += self._send_line(y, before.get(y))

    def _send_line(self, y: int, old: Strip | None) -> int:
        """Send what of a line differs from what it was; about how many bytes that takes."""
        new = self._bare_line(y)
        span = (0, new.cell_length) if old is None else changed(old, new)
        if span is None:
            return 0
        self.refresh(Region(span[0], y, span[1] - span[0], 1))
        rich = _RICH if self.inks.blocks else _POOR
        return 8 + sum(rich + len(segment.text) for segment in new.crop(*span))

    def render_line(self, y: int) -> Strip:
        bare, here, picture = self._bare_line(y), self.model.cursor, self.model.picture
        left, top = self._margins()
        if here is None or picture is None or here.half // 2 != y - top or self._noted:
            return bare
        first, cells = self._letter_at(here)
        runs, draw = Runs(), self._cell
        for column in range(first, first + cells):
            runs.add(*draw(here.half // 2, column, here if column == here.column else None))
        drawn = runs.strip(cells, self.rich_style)
        return Strip.join([bare.crop(0, left + first), drawn, bare.crop(left + first + cells)])

    def _bare_line(self, y: int) -> Strip:
        """A line without the cursor: a step draws no other cell anew than the two that it is about."""
        held = self._strips.get(y)
        if held is None or held.cell_length != self.size.width:
            held = self._strips[y] = self._line(y)
        return held

    @property
    def _noted(self) -> bool:
        """Whether something is said in place of the map."""
        return self.model.frame is None and bool(self.note)

    def _letter_at(self, spot: Spot) -> tuple[int, int]:
        """The first column of what stands at a pixel, and its cells: two where it is a wide letter of a name."""
        line, column = spot.half // 2, spot.column
        for first in (column, column - 1):
            cells = self.model.spelt.get((line, first), ("", 0))[1]
            if first + cells > column:
                return first, cells
        return column, 1

    def _line(self, y: int) -> Strip:
        left, top = self._margins()
        model, runs, base = self.model, Runs(), self.rich_style
        picture = model.picture
        if picture is None or self._noted:
            text = shell(self).look.word(self.note) if self.note and y == self.size.height // 2 else ""
            runs.add(f"  {plain(text)}" if text else "", base + shell(self).palette["dim"])
            return runs.strip(self.size.width, base)
        line = y - top
        if not 0 <= line < picture.lines:
            return Strip.blank(self.size.width, base)
        runs.add(" " * left, base)
        column = 0
        while column < picture.columns:
            word = self._word(line, column)
            if word is None:
                runs.add(*self._cell(line, column))
                column += 1
            else:
                text, cells, style = word
                runs.add(text, style)
                column += cells
        return runs.strip(self.size.width, base)

    def _word(self, line: int, column: int) -> tuple[str, int, Style] | None:
        """A letter of a name."""
        model = self.model
        found = model.spelt.get((line, column))
        if found is None:
            return None
        text, cells = found
        if model.lettered:
            return text, cells, self.inks.base
        # A name stands on the gravest class below it: it hides neither a class nor an hour's change.
        gravest = max(
            model.pixels[2 * line + half][at] for at in range(column, column + cells) for half in (0, 1)
        )
        return text, cells, self.inks.shade(gravest)

    def _cell(self, line: int, column: int, here: Spot | None = None) -> tuple[str, Style]:
        """A cell of the map, with the cursor where it stands there."""
        draw = self._lettered_cell if self.model.lettered else self._coloured_cell
        return draw(line, column, here)

    def _coloured_cell(self, line: int, column: int, here: Spot | None) -> tuple[str, Style]:
        ink, model, at = self.inks, self.model, (line, column)
        upper, lower = model.pixels[2 * line][column], model.pixels[2 * line + 1][column]
        if OUTSIDE in (upper, lower):
            # The rim goes by whole cells: half ones would cost an eighth of the picture, and tell of no square.
            upper = lower = max(upper, lower)
        mark = model.marks.get(at)
        if mark is not None:
            own = upper if mark[1] % 2 == 0 else lower
            # What is only to be watched lies behind what is hot.
            style = ink.shade(own) + BOLD if self._loud(mark[0]) else ink.shade(own)
            return letter(mark[0]), ink.cursor if here else style
        if here is not None:
            first = here.half % 2 == 0
            return ink.half(ink.cursor.bgcolor, lower if first else upper, upper=first)
        if upper != lower:
            return ink.halves(upper, lower)
        if upper == OUTSIDE:
            return " ", ink.base
        bits = model.inner.get(at, 0) or model.fine.get(at, 0)
        if upper == UNKNOWN and not bits:
            return HATCH, ink.unknown
        return (chr(BRAILLE + bits) if bits else " "), ink.shade(upper)

    def _lettered_cell(self, line: int, column: int, here: Spot | None) -> tuple[str, Style]:
        ink, model, at = self.inks, self.model, (line, column)
        gravest = max(model.pixels[2 * line][column], model.pixels[2 * line + 1][column])
        mark = model.marks.get(at)
        if mark is not None:
            style = ink.shade(gravest) + MARKED if self._loud(mark[0]) else ink.lettered(gravest)
            return letter(mark[0]), ink.cursor if here else style
        if here is not None:
            return ink.letter(max(gravest, UNKNOWN)), ink.cursor
        bits = model.bits.get(at, 0)
        if bits and gravest <= quiet(self.scale.kind):
            # In the look of the letters around: another one would cost ten times what the outline itself does.
            return BORDER if shell(self).look.ascii else chr(BRAILLE + bits), ink.base
        return ink.letter(gravest), ink.lettered(gravest)

    def _loud(self, turn: int) -> bool:
        frame = self.model.frame
        return frame is not None and turn in frame.loud


def quiet(kind: Kind) -> int:
    """The gravest class that an outline may hide where it takes the place of a letter."""
    return 0 if kind == "rise" else UNKNOWN
