"""A terminal emulator for the tests: pyte, with what it lacks of ECMA-48 and of xterm.

What it adds to pyte 0.8.2, each with a test of its own in ``test_emulator.py``:

- colours kept as the parameters that set them, so that two depths are never the same; faint, double underline and
  overline, and their ends (ECMA-48 8.3.117); hyperlinks (OSC 8);
- what is erased, or comes in where lines move, is in the pen's background (xterm's bce) or in the terminal's own;
- REP (ECMA-48 8.3.103); the halves of a wide letter that is half written over go blank, as xterm does it;
- letters that are wider than pyte counts them, for terminals that disagree: ``wide`` names them;
- a terminal that goes on to the next line as soon as a line is full (no xenl): ``hasty``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple, cast

import pyte
from pyte import modes
from wcwidth import wcwidth

_LINK = re.compile(r"\x1b\]8;[^;]*;(.*?)\x1b\\")


class Cell(NamedTuple):
    """One cell; the names are pyte's where it has one."""

    data: str = " "
    fg: str = ""
    bg: str = ""
    bold: bool = False
    italics: bool = False
    underscore: bool = False
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    dim: bool = False
    double: bool = False
    overline: bool = False
    link: str = ""


_SET = {
    1: "bold", 2: "dim", 3: "italics", 4: "underscore",
    7: "reverse", 9: "strikethrough", 21: "double", 53: "overline",
}  # fmt: skip
_ENDED = {
    22: ("bold", "dim"), 23: ("italics",), 24: ("underscore", "double"),
    27: ("reverse",), 29: ("strikethrough",), 55: ("overline",),
}  # fmt: skip


class Screen(pyte.Screen):
    """The screen."""

    def __init__(
        self, columns: int, lines: int, *, bce: bool = True, wide: str = "", hasty: bool = False
    ) -> None:
        self.bce, self.wide, self.hasty = bce, wide, hasty
        self._last = ""
        self._at = 0, 0
        self._dropped = False
        self.pen = Cell()
        super().__init__(columns, lines)

    @property
    def default_char(self) -> Any:
        return Cell()

    def reset(self) -> None:
        super().reset()
        self.pen = Cell()

    def erased(self) -> Cell:
        """What an erased cell is."""
        return Cell(bg=self.pen.bg if self.bce else "")

    # Letters.

    def draw(self, data: str) -> None:
        for letter in data:
            cells = 2 if letter in self.wide else wcwidth(letter)
            if cells > 0:
                self._dropped = False
                self._put(letter, cells)
                self._last = letter
            elif cells == 0 and not self._dropped and (self.cursor.x or self.hasty):
                y, place = self._at if self.hasty else (self.cursor.y, self.cursor.x - 1)
                line: Any = self.buffer[y]
                place -= place > 0 and line[place].data == ""
                line[place] = line[place]._replace(data=line[place].data + letter)
        self.dirty.add(self.cursor.y)

    def _put(self, letter: str, cells: int) -> None:
        if self.cursor.x + cells > self.columns:
            if modes.DECAWM in self.mode:
                self.carriage_return()
                self.linefeed()
            elif self.cursor.x < self.columns or cells == 2:
                # No half of a wide letter is drawn, nor what stands on it.
                self._dropped = True
                return
            else:
                self.cursor.x = self.columns - 1
        line: Any = self.buffer[self.cursor.y]
        x = self.cursor.x
        if line[x].data == "" and x:
            line[x - 1] = line[x - 1]._replace(data=" ")
        if x + cells < self.columns and line[x + cells].data == "":
            line[x + cells] = line[x + cells]._replace(data=" ")
        line[x] = self.pen._replace(data=letter)
        if cells == 2:
            line[x + 1] = self.pen._replace(data="")
        # At the end pyte counts one column too many: the wrap that is owed.
        self.cursor.x += cells
        self._at = self.cursor.y, x
        if self.hasty and self.cursor.x == self.columns:
            self.carriage_return()
            self.linefeed()

    def repeat(self, count: int | None = None) -> None:
        """REP."""
        self.draw(self._last * (count or 1))

    # Erasing and moving lines.

    def _blank(self, y: int, columns: Sequence[int]) -> None:
        line: Any = self.buffer[y]
        for x in columns:
            if line[x].data == "" and x and x - 1 not in columns:
                line[x - 1] = line[x - 1]._replace(data=" ")
            if x + 1 < self.columns and line[x + 1].data == "" and x + 1 not in columns:
                line[x + 1] = line[x + 1]._replace(data=" ")
            line[x] = self.erased()
        self.dirty.add(y)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:  # noqa: ARG002
        x = min(self.cursor.x, self.columns - 1)
        self._blank(self.cursor.y, (range(x, self.columns), range(x + 1), range(self.columns))[how])

    def erase_characters(self, count: int | None = None) -> None:
        x = min(self.cursor.x, self.columns - 1)
        self._blank(self.cursor.y, range(x, min(self.columns, x + (count or 1))))

    def erase_in_display(self, how: int = 0, *_args: Any, **_more: Any) -> None:
        y = self.cursor.y
        for line in (range(y + 1, self.lines), range(y), range(self.lines))[min(how, 2)]:
            self._blank(line, range(self.columns))
        if how < 2:
            self.erase_in_line(how)

    def _between(self) -> tuple[int, int]:
        top, bottom = self.margins or (0, self.lines - 1)
        return top, bottom

    def _roll(self, top: int, bottom: int, by: int) -> None:
        """Lines top to bottom move up by so many, down where less than 0."""
        lines = [self.buffer[y].copy() for y in range(top, bottom + 1)]
        for y in range(top, bottom + 1):
            self.buffer.pop(y, None)
            if top <= y + by <= bottom:
                self.buffer[y].update(lines[y + by - top])
            else:
                self._blank(y, range(self.columns))

    def insert_lines(self, count: int | None = None) -> None:
        top, bottom = self._between()
        if top <= self.cursor.y <= bottom:
            self._roll(self.cursor.y, bottom, -min(count or 1, bottom + 1 - self.cursor.y))
            self.carriage_return()

    def delete_lines(self, count: int | None = None) -> None:
        top, bottom = self._between()
        if top <= self.cursor.y <= bottom:
            self._roll(self.cursor.y, bottom, min(count or 1, bottom + 1 - self.cursor.y))
            self.carriage_return()

    def insert_characters(self, count: int | None = None) -> None:
        self._push(min(count or 1, self.columns - min(self.cursor.x, self.columns - 1)))

    def delete_characters(self, count: int | None = None) -> None:
        self._push(-min(count or 1, self.columns - min(self.cursor.x, self.columns - 1)))

    def _push(self, by: int) -> None:
        """The cells from the cursor on move right by so many, left where less than 0; halves of letters go blank."""
        x, line = min(self.cursor.x, self.columns - 1), cast(Any, self.buffer[self.cursor.y])
        if line[x].data == "" and x:
            line[x - 1] = line[x - 1]._replace(data=" ")
            line[x] = line[x]._replace(data=" ")
        cells = [line[place] for place in range(x, self.columns)]
        fresh = [self.erased()] * abs(by)
        moved = [*fresh, *cells[:-by]] if by > 0 else [*cells[-by:], *fresh]
        if moved[0].data == "":
            moved[0] = moved[0]._replace(data=" ")
        if by > 0 and cells[-by].data == "":
            moved[-1] = moved[-1]._replace(data=" ")
        for place, cell in enumerate(moved, x):
            line[place] = cell
        self.dirty.add(self.cursor.y)

    def index(self) -> None:
        top, bottom = self._between()
        if self.cursor.y == bottom:
            self._roll(top, bottom, 1)
        else:
            self.cursor_down()

    def reverse_index(self) -> None:
        top, bottom = self._between()
        if self.cursor.y == top:
            self._roll(top, bottom, -1)
        else:
            self.cursor_up()

    # Looks.

    def select_graphic_rendition(self, *parameters: int, **_more: Any) -> None:
        cell: Any = self.pen
        left = list(parameters or (0,))
        while left:
            code = left.pop(0)
            if code == 0:
                cell = Cell(link=cell.link)
            elif code in _SET:
                cell = cell._replace(**{_SET[code]: True})
            elif code in _ENDED:
                cell = cell._replace(**dict.fromkeys(_ENDED[code], False))
            elif code in (38, 48):
                taken = left[: 4 if left[0] == 2 else 2]
                del left[: len(taken)]
                cell = cell._replace(**{"fg" if code == 38 else "bg": ";".join(map(str, [code, *taken]))})
            elif code in (39, 49):
                cell = cell._replace(**{"fg" if code == 39 else "bg": ""})
            elif 30 <= code <= 37 or 90 <= code <= 97:
                cell = cell._replace(fg=str(code))
            elif 40 <= code <= 47 or 100 <= code <= 107:
                cell = cell._replace(bg=str(code))
            else:
                raise AssertionError(f"SGR {code}")
        self.pen = cell

    # Reading.

    def cell(self, y: int, x: int) -> Cell:
        """One cell."""
        return cast(Cell, self.buffer[y][x])


class _Stream(pyte.Stream):
    csi = {**pyte.Stream.csi, "b": "repeat"}  # noqa: RUF012
    events = frozenset(
        chain(
            pyte.Stream.basic.values(),
            pyte.Stream.escape.values(),
            pyte.Stream.sharp.values(),
            csi.values(),
            ["define_charset", "set_icon_name", "set_title", "draw", "debug"],
        )
    )


class Emulator:
    """A terminal that is fed."""

    def __init__(
        self, columns: int, lines: int, *, bce: bool = True, wide: str = "", hasty: bool = False
    ) -> None:
        self.screen = Screen(columns, lines, bce=bce, wide=wide, hasty=hasty)
        self.screen.reset_mode(7, private=True)
        self._stream = _Stream(self.screen)

    def feed(self, data: str) -> None:
        """Obey."""
        begin = 0
        for link in _LINK.finditer(data):
            self._stream.feed(data[begin : link.start()])
            self.screen.pen = self.screen.pen._replace(link=link[1])
            begin = link.end()
        self._stream.feed(data[begin:])

    def resize(self, columns: int, lines: int) -> None:
        """Another size; what is shown then is nobody's business."""
        if (columns, lines) != (self.screen.columns, self.screen.lines):
            # As kitty and foot have it: tab stops go with the size.
            self.screen.tabstops = set(range(8, columns, 8))
        self.screen.resize(lines, columns)
        self.screen.set_margins()
