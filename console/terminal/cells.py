"""What the screen is meant to show: a line is two strings as long as it is wide, its letters and their looks.

It is taken from the framework's compositor as whole pieces of lines (strips of segments), never from a stream of
escape codes. A wide letter is its letter and `REST`; what a letter alone can't hold (marks on it, joined emoji) is one
character of a private plane, so that a cell is always one character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from rich.cells import split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from console.terminal.looks import Looks

REST: Final = "\0"
"""The second cell of a wide letter."""
UNKNOWN: Final = "\x01"
"""A cell of which nobody knows what it shows; only ever in what is shown, never in what is meant."""
FIRST: Final = 0xF0000
"""The first of the two private planes: a character from here on stands for several, or for a private one of a text."""
_LAST = 0x10FFFD
_PLAIN: Final = re.compile("[ -~\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e]*")
"""Texts of letters of one certain width: ASCII, and those of Chinese."""
_WIDE: Final = re.compile("[^ -~]")
_FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
"""Regional indicators: two of them are a flag, which the framework counts for two letters of one cell."""
KEPT = 16384
"""Pieces of text whose cells are remembered."""
STRIPS = 1024
"""Strips whose cells are remembered."""


class Row(NamedTuple):
    """One line: its letters, and the look of each (`Looks`)."""

    letters: str
    looks: str


class Frame(NamedTuple):
    """What is meant at one moment; it is never changed, only followed by another."""

    width: int
    height: int
    rows: tuple[Row | None, ...]
    """None where the compositor has not yet told."""
    cursor: tuple[int, int] | None = None
    """Where the cursor has to stand, x and y; None where nobody asked."""
    sync: bool = False
    """The terminal shows a bracketed frame (mode 2026) at once."""
    sizes: int = 0
    """How many sizes there have been: what another size has done to the screen is not undone by the old one."""


class Piece(NamedTuple):
    """A text in cells."""

    letters: str
    looks: str
    marks: str
    """What stands before its first letter and takes no cell: it belongs on the cell before it."""


class Letters:
    """The private characters, and what each stands for."""

    def __init__(self) -> None:
        self._named: dict[str, str] = {}
        self.spelled: dict[int, str | None] = {ord(REST): None}
        """For ``str.translate``: from cells to what is written."""

    def one(self, cluster: str) -> str:
        """One character for what stands in one cell, or in a wide one."""
        if len(cluster) == 1 and cluster < chr(FIRST):
            return cluster
        found = self._named.get(cluster)
        if found is None:
            number = FIRST + len(self._named)
            if number > _LAST:
                # Nobody has ever seen so many; the letter without its marks.
                return cluster[0] if cluster[0] < chr(FIRST) else "?"
            found = self._named[cluster] = chr(number)
            self.spelled[number] = cluster
        return found

    def spell(self, letters: str) -> str:
        """What cells say."""
        if letters.isascii() and REST not in letters:
            return letters
        return letters.translate(self.spelled) if self._named else letters.replace(REST, "")


class Composed:
    """Keeps what is meant, update by update; `frame` is the newest, and safe to be read by another thread."""

    def __init__(
        self, looks: Looks, letters: Letters | None = None, *, plain: Callable[[str], str] | None = None
    ) -> None:
        """``plain`` gives a text without what may not be shown, as many cells wide as it came."""
        self.looks = looks
        self.letters = letters or Letters()
        self._plain = plain
        self._pieces: dict[tuple[str, str], Piece] = {}
        self._segments: dict[tuple[str, int], tuple[str, str, Style | None]] = {}
        """Cells by text and identity of the style, which is kept with them: as long as it lives no other one has it."""
        self._strips: dict[int, tuple[Strip, Row]] = {}
        self.frame = Frame(0, 0, ())

    def take(
        self,
        update: LayoutUpdate | ChopsUpdate,
        size: tuple[int, int],
        cursor: tuple[int, int] | None = None,
        *,
        sync: bool = False,
    ) -> bool:
        """Take an update of a screen of this size in; gives whether anything is meant otherwise than before."""
        width, height = size
        old = self.frame
        rows: list[Row | None] = [None] * height
        sizes = old.sizes
        if (old.width, old.height) == size:
            rows = list(old.rows)
        else:
            sizes += 1
        if isinstance(update, LayoutUpdate):
            self._whole(rows, width, update)
        else:
            self._parts(rows, width, update)
        self.frame = new = Frame(width, height, tuple(rows), cursor, sync, sizes)
        return new != old

    # Lines from updates.

    def _whole(self, rows: list[Row | None], width: int, update: LayoutUpdate) -> None:
        left = update.region.x
        for y, strips in enumerate(update.strips, update.region.y):
            if 0 <= y < len(rows):
                row = self._joined([self._row(strip) for strip in strips], update.region.width)
                rows[y] = self._laid(rows[y], width, left, row)

    def _parts(self, rows: list[Row | None], width: int, update: ChopsUpdate) -> None:
        """The pieces that the spans touch, each whole: the compositor has drawn all of it anew.

        Of a piece beside a span it has drawn what lies behind the widget alone: a blank.
        """
        for y, first, last in update.spans:
            if not 0 <= y < len(rows):
                continue
            group: list[Row] = []
            begin = end = 0
            for upto, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is None or x >= last or upto <= first:
                    continue
                if group and x != end:
                    rows[y] = self._laid(rows[y], width, begin, self._joined(group, end - begin))
                    group = []
                if not group:
                    begin = x
                group.append(self._fit(self._row(strip), upto - x))
                end = upto
            if group:
                rows[y] = self._laid(rows[y], width, begin, self._joined(group, end - begin))

    def _laid(self, row: Row | None, width: int, x: int, new: Row) -> Row:
        """A line with cells laid over it; a wide letter of which one half is covered is a blank."""
        if x < 0:
            new, x = self._fit(self._cut(new, -x, len(new.letters)), len(new.letters) + x), 0
        if x == 0 and len(new.letters) == width:
            return row if row == new else new
        if row is None:
            row = Row(" " * width, self.looks.plain * width)
        if x >= width:
            # Of a layout that was wider: the window has been made narrower, and the new layout is on its way.
            return row
        end = min(width, x + len(new.letters))
        before, within, behind = self._cut(row, 0, x), self._fit(new, end - x), self._cut(row, end, width)
        laid = Row(
            before.letters + within.letters + behind.letters, before.looks + within.looks + behind.looks
        )
        return row if row == laid else laid

    def _cut(self, row: Row, begin: int, end: int) -> Row:
        letters, looks = row.letters[begin:end], row.looks[begin:end]
        if letters.startswith(REST):
            letters, looks = " " + letters[1:], self.looks.blank(looks[0]) + looks[1:]
        if row.letters[end : end + 1] == REST and letters:
            letters, looks = letters[:-1] + " ", looks[:-1] + self.looks.blank(looks[-1])
        return Row(letters, looks)

    def _fit(self, row: Row, cells: int) -> Row:
        """A line of exactly so many cells."""
        over = len(row.letters) - cells
        if over > 0:
            return self._cut(row, 0, cells)
        return Row(row.letters + " " * -over, row.looks + self.looks.plain * -over) if over else row

    # Cells from strips.

    def _joined(self, rows: Sequence[Row], cells: int) -> Row:
        row = rows[0]
        if len(rows) > 1:
            row = Row("".join([each.letters for each in rows]), "".join([each.looks for each in rows]))
        return row if len(row.letters) == cells else self._fit(row, cells)

    def _row(self, strip: Strip) -> Row:
        """The cells of a strip. The framework hands the same strip over again where nothing has changed in it."""
        known = self._strips.get(id(strip))
        if known is not None:
            return known[1]
        row = self._fit(self._cells(strip._segments), strip.cell_length)
        if len(self._strips) >= STRIPS:
            self._strips.clear()
        self._strips[id(strip)] = (strip, row)
        return row

    def _cells(self, segments: Sequence[Segment]) -> Row:
        known = self._segments
        try:
            # A line of a board that has scrolled: other segments, of texts and styles that were there before.
            cells = [known[text, id(style)] for text, style, control in segments if text and not control]
        except KeyError:
            return self._fresh(segments)
        return Row("".join([each[0] for each in cells]), "".join([each[1] for each in cells]))

    def _fresh(self, segments: Sequence[Segment]) -> Row:
        """The cells of segments, piece by piece."""
        letters: list[str] = []
        looks: list[str] = []
        of, pieces = self.looks.of, self._pieces
        before = ""
        for text, style, control in segments:
            if control or not text:
                continue
            look = of(style)
            piece = pieces.get((text, look)) or self._piece(text, look)
            if not piece.marks:
                self._segments[text, id(style)] = piece.letters, piece.looks, style
            elif letters:
                letters[-1] = self._marked(letters[-1], piece.marks)
                # It may have been a blank, whose look is not that of a letter.
                looks[-1] = looks[-1][:-1] + (looks[-1][-1] if letters[-1].endswith(REST) else before)
            if piece.letters:
                letters.append(piece.letters)
                looks.append(piece.looks)
                before = look
        if len(self._segments) >= KEPT:
            self._segments.clear()
        return Row("".join(letters), "".join(looks))

    def _piece(self, text: str, look: str) -> Piece:
        shown = text if self._plain is None else self._plain(text)
        letters, marks = (shown, "") if shown.isascii() and shown.isprintable() else self._spread(shown)
        blank = self.looks.blank(look)
        words = letters.split(" ") if blank != look else [letters]
        looks = blank.join([look * len(word) for word in words])
        if len(self._pieces) >= KEPT:
            self._pieces.clear()
        piece = self._pieces[text, look] = Piece(letters, looks, marks)
        return piece

    def _spread(self, text: str) -> tuple[str, str]:
        """A text one character a cell, as the framework measures it, and the marks before its first letter."""
        if _PLAIN.fullmatch(text):
            return _WIDE.sub(r"\g<0>" + REST, text), ""
        letters: list[str] = []
        marks = ""
        for begin, end, cells in split_graphemes(text)[0]:
            cluster = text[begin:end]
            if cells == 1 and letters and letters[-1] in _FLAGS and cluster in _FLAGS:
                # The two halves of a flag are one where a terminal knows flags.
                letters[-1] = self.letters.one(letters[-1] + cluster) + REST
            elif cells:
                letters.append(self.letters.one(cluster) + REST * (cells - 1))
            elif letters:
                letters[-1] = self._marked(letters[-1], cluster)
            else:
                marks += cluster
        return "".join(letters), marks

    def _marked(self, letters: str, marks: str) -> str:
        """Cells with marks put on the last letter."""
        place = len(letters) - 1 - letters.endswith(REST)
        cluster = self.letters.spell(letters[place]) + marks
        return letters[:place] + self.letters.one(cluster) + letters[place + 1 :]
