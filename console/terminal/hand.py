"""The hand that writes: where the cursor stands, how the pen is turned, and the fewest bytes for a piece of a line.

What follows a letter whose width terminals disagree about is placed absolutely, and so is what follows the last column,
behind which a terminal may owe a wrap.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from console.terminal.abilities import Abilities
from console.terminal.cells import REST, Letters, Row
from console.terminal.looks import Looks
from console.terminal.moves import NOWHERE, move
from console.terminal.pieces import Piece, looks_of
from console.terminal.widths import doubts

STEPPED: Final = 4
"""Cells that may be written again where that is no longer than to go over them: a step takes no more bytes."""
FEW_BLANKS: Final = 6
"""Blanks from which on erasing or repeating them may be shorter."""
KEPT: Final = 4096
"""Texts that are remembered as they are written."""
_REPEATED: Final = re.compile(r"(.)\1{4,}", re.DOTALL)


class Hand:
    """Writes pieces of lines for one terminal into `parts`."""

    def __init__(self, can: Abilities, looks: Looks, letters: Letters) -> None:
        self.can, self.looks, self.letters = can, looks, letters
        self.width = self.height = 0
        self.parts: list[str] = []
        self.y = self.x = NOWHERE
        """Where the cursor stands."""
        self.pen: str | None = None
        """The look that it writes with; None where nobody knows."""
        self.stops: tuple[int, ...] = ()
        """The columns of the tab stops that are used."""
        self._along: dict[tuple[int, int], str] = {}
        """Ways along a line, by columns; for these stops."""
        self._spelled: dict[str, str] = {}
        """Texts as they are written; empty for those that are written with care."""

    # The pen and the cursor.

    def turn(self, look: str, *, blank: bool = False) -> None:
        """Have the pen write a look, or a blank of it."""
        if look != self.pen:
            sequence, self.pen = self.looks.turn(self.pen, look, blank=blank)
            if sequence:
                self.parts.append(sequence)

    def to(self, y: int, x: int) -> None:
        """Bring the cursor to a cell."""
        if self.y != y or self.x != x:
            self.parts.append(self.way(y, x))
            self.y, self.x = y, x

    def way(self, y: int, x: int) -> str:
        """How the cursor comes to a cell from where it stands."""
        if self.y != y:
            return move(self.y, self.x, y, x, self.can.absolute, self.stops)
        return self.along(y, self.x, x)

    def along(self, y: int, x0: int, x: int) -> str:
        """How the cursor comes from a column of a line to another one."""
        found = self._along.get((x0, x))
        if found is None or not self.can.absolute:
            # It is the same way on each line, where a column can be told alone.
            found = self._along[x0, x] = move(y, x0, y, x, self.can.absolute, self.stops)
        return found

    def set_stops(self, stops: tuple[int, ...]) -> None:
        """These are the tab stops from now on."""
        self.stops = stops
        self._along.clear()

    def erasable(self, look: str) -> bool:
        """Whether erasing makes a blank of this look."""
        return (self.can.bce or not self.looks[look].paper) and not self.looks.seen_on_blank(look)

    def _went(self, x: int) -> None:
        if x < self.width:
            self.x = x
            return
        self.x = NOWHERE
        if not self.can.corner:
            # Behind the last cell such a terminal may have gone on to the next line.
            self.y = NOWHERE

    # Pieces.

    def piece(self, y: int, row: Row, piece: Piece, follows: str = "") -> None:
        """Write a piece of a line, and the cells before it where that is shorter than to go over them.

        ``follows`` is the look of the cell behind it, if that one is written next.
        """
        begin, end, look, blank = piece
        if self.y == y and NOWHERE < self.x < begin and (start := self._from(y, row, begin)) < begin:
            self._lead(y, row, start, begin)
        if blank:
            self._blanks(y, begin, end - begin, look, follows)
        else:
            self._alike(y, begin, row.letters[begin:end], look)

    def _lead(self, y: int, row: Row, begin: int, end: int) -> None:
        """Write the few cells before a piece."""
        letters, looks = row
        for first, last in looks_of(looks, begin, end):
            text, look = letters[first:last], looks[first]
            if text.isspace() and not self.looks.seen_on_blank(look):
                self._blanks(y, first, last - first, look, looks[last])
            else:
                self._alike(y, first, text, look)

    def _from(self, y: int, row: Row, begin: int) -> int:
        """Where to begin to write: there, or where the cursor stands, or at the last tab stop on the way."""
        cells = begin - self.x
        if cells > STEPPED and not self.stops:
            return begin
        direct = len(self.way(y, begin))
        if cells <= STEPPED and cells <= direct and self._goes_on(row, self.x, begin):
            return self.x
        if (
            direct > 2
            and (place := bisect_right(self.stops, begin))
            and (x := self.stops[place - 1]) > self.x
        ):
            over = begin - x
            if 0 < over <= STEPPED and over + len(self.way(y, x)) < direct and self._goes_on(row, x, begin):
                return x
        return begin

    def _goes_on(self, row: Row, x: int, begin: int) -> bool:
        """Whether the cells from one on up to a piece can be written again, with no turn of the pen."""
        letters = row.letters[x:begin]
        if not letters.isascii() or REST in letters:
            return False
        looks = row.looks[x:begin]
        turn, pen = self.looks.turn, self.pen
        if letters.isspace():
            # Blanks do with the pen that comes next, too.
            blanks, follows = set(looks), row.looks[begin]
            return all(blank == pen or not turn(pen, blank, blank=True).sequence for blank in blanks) or all(
                self.looks.suits(follows, blank) for blank in blanks
            )
        return not any(
            look != pen and turn(pen, look, blank=letter == " ").sequence
            for letter, look in zip(letters, looks, strict=True)
        )

    def _alike(self, y: int, x: int, text: str, look: str) -> None:
        """Write cells of one look."""
        spelled = self._spelled.get(text)
        if spelled is None:
            spelled = self._spell(text)
        if self.x != x or self.y != y:
            self.to(y, x)
        if look != self.pen:
            self.turn(look)
        if spelled:
            self.parts.append(spelled)
            self._went(x + len(text))
        else:
            self._with_care(y, x, text, look)

    def _spell(self, text: str) -> str:
        """A text as it is written, where it repeats nothing and no width is in doubt; or else empty."""
        plain = not (_REPEATED.search(text) or doubts(text, self.can.ambiguous))
        if len(self._spelled) >= KEPT:
            self._spelled.clear()
        spelled = self._spelled[text] = self.letters.spell(text) if plain else ""
        return spelled

    def _with_care(self, y: int, x: int, text: str, look: str) -> None:
        at = 0
        for repeated in _REPEATED.finditer(text):
            self._text(y, x + at, text[at : repeated.start()])
            self._repeat(y, x + repeated.start(), repeated[1], len(repeated[0]), look)
            at = repeated.end()
        self._text(y, x + at, text[at:])

    def _repeat(self, y: int, x: int, letter: str, count: int, look: str) -> None:
        """Write one letter many times."""
        if letter == " " and not self.looks.seen_on_blank(look):
            self._blanks(y, x, count, look)
            return
        again = f"\x1b[{count - 1}b"
        size = len(letter.encode())
        doubted = letter == REST or doubts(letter, self.can.ambiguous)
        if not self.can.repeat or doubted or size + len(again) >= size * count:
            self._text(y, x, letter * count)
            return
        self.to(y, x)
        self.parts += [letter, again]
        self._went(x + count)

    def _blanks(self, y: int, x: int, count: int, look: str, follows: str = "") -> None:
        """Write blanks by the shortest way; where they are erased the cursor stays before them."""
        self.to(y, x)
        if look != self.pen:
            # What is not seen of the pen on a blank is turned for the letter behind it.
            turns = follows and self.looks.suits(follows, look)
            if turns and self.looks.turn(self.pen, look, blank=True).sequence:
                self.turn(follows)
            else:
                self.turn(look, blank=True)
        if count >= FEW_BLANKS:
            again, erased = f" \x1b[{count - 1}b", f"\x1b[{count}X"
            if self.can.repeat and len(again) < count:
                self.parts.append(again)
                self._went(x + count)
                return
            if self.can.ech and len(erased + self.way(y, x + count)) < count and self.erasable(look):
                self.parts.append(erased)
                return
        self.parts.append(" " * count)
        self._went(x + count)

    def _text(self, y: int, x: int, letters: str) -> None:
        """Write letters of one look."""
        begin = 0
        for place in doubts(letters, self.can.ambiguous):
            wide = letters[place + 1 : place + 2] == REST
            self._sure(y, x + begin, letters[begin:place])
            self.to(y, x + place)
            if wide:
                # Where the terminal takes one cell for it nothing may be left of what stood in the other.
                self.parts.append("  ")
                self.x = NOWHERE
                self.to(y, x + place)
            begin = place + 1 + wide
            self.parts.append(self.letters.spell(letters[place:begin]))
            self.x = NOWHERE
        self._sure(y, x + begin, letters[begin:])

    def _sure(self, y: int, x: int, letters: str) -> None:
        if letters:
            self.to(y, x)
            self.parts.append(self.letters.spell(letters))
            self._went(x + len(letters))
