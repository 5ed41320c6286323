"""The cheapest way to write what differs in a line, with the cursor and the pen that it leaves behind.

A cell can be written, skipped, erased or pushed to its place; `Lines` weighs the ways by their bytes, and has its hand
(`console.terminal.hand`) write the pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest

from console.terminal.abilities import Abilities
from console.terminal.cells import REST, UNKNOWN, Letters, Row
from console.terminal.hand import Hand
from console.terminal.looks import Looks
from console.terminal.pieces import (
    Clearing,
    Piece,
    State,
    commonest,
    near,
    pieces_of,
    runs_of,
    size_of,
    unlike,
    whole,
)
from console.terminal.scroll import ALIKE, Slide, find_slide, slid
from console.terminal.widths import doubts, spilled

MANY = 24
"""Cells of a line that differ from which on clearing a part of it first may be the shorter way."""
SPARED = 8
"""Blanks that make clearing a line that is new from a cell on the shorter way for certain."""
BLANKS_WAIT, AWAITS = 64, 12
"""Bytes that make blanks be written behind all else, and a look behind others that the next line begins with."""
BOTH = 7
"""Pieces of a line that are written both look by look and in order, to take the shorter way."""
SLIDES = 3
"""How often parts of a line are pushed or pulled."""


class Lines(Hand):
    """Writes lines of one terminal."""

    def __init__(self, can: Abilities, looks: Looks, letters: Letters) -> None:
        super().__init__(can, looks, letters)
        self.careful = True
        """There are few lines to write: every way is tried."""
        self.awaited: set[str] = set()
        """The looks that the lines written next begin with: a line had better end with one of them."""
        self.many, self.alike = MANY, ALIKE
        """From how many cells on other ways are looked at."""

    # A line.

    def differ(self, y: int, old: Row, new: Row) -> list[int]:
        """The cells of a line that have to be written."""
        return self._also(y, old.letters, new.letters, unlike(old, new))

    def line(self, y: int, old: Row, new: Row, differ: Sequence[int]) -> None:
        """Write these cells of a line by the shortest way: as they are, or with a part of the line changed first."""
        if len(differ) < self.many:
            self._cells(y, old, new, differ)
            return
        if not self.careful and 2 * len(differ) < self.width:
            self._cells(y, old, new, differ)
            return
        clearing = self._clearing(y, old, new, differ, differ[0])
        if clearing is not None and len(clearing.left) + SPARED <= len(differ) == self.width - differ[0]:
            # All of it differs, and enough of it is blank.
            self._cleared(y, old, new, clearing)
            return
        runs = runs_of(differ)
        longest = max(runs, key=lambda run: run[1] - run[0])[0]
        ways: list[tuple[float, Callable[[], None]]] = [
            (len(differ) + 5 * len(runs), lambda: self._cells(y, old, new, differ))
        ]
        if clearing is not None:
            ways.append((clearing.cost, partial(self._cleared, y, old, new, clearing)))
        if self.careful and longest != differ[0] and (way := self._clearing(y, old, new, differ, longest)):
            ways.append((way.cost, partial(self._cleared, y, old, new, way)))
        least = min(cost for cost, _ in ways)
        tried = [way for cost, way in ways if cost == least or (self.careful and cost < 1.25 * least + 8)]
        # A line that becomes the cursor's, or is it no more, has another background to its end.
        slide = self.careful and self.can.letters and old.looks[-1] == new.looks[-1]
        if slide and (found := find_slide(old, new, differ[0], self.can.ambiguous, self.alike)) is not None:
            tried.append(partial(self._slid, y, old, new, found))
        self._shortest(tried)

    def _shortest(self, ways: Sequence[Callable[[], object]]) -> None:
        """Go the way that takes the fewest bytes."""
        if len(ways) == 1:
            ways[0]()
            return
        begun = State(len(self.parts), self.y, self.x, self.pen)
        found: list[tuple[int, int, list[str], State]] = []
        for number, way in enumerate(ways):
            way()
            parts = self.parts[begun.parts :]
            turns = [len(self.looks.turn(self.pen, look).sequence) for look in self.awaited]
            size = size_of(parts) + min(turns, default=0)
            found.append((size, number, parts, State(0, self.y, self.x, self.pen)))
            del self.parts[begun.parts :]
            _, self.y, self.x, self.pen = begun
        _, _, parts, (_, self.y, self.x, self.pen) = min(found)
        self.parts += parts

    def _clearing(self, y: int, old: Row, new: Row, differ: Sequence[int], first: int) -> Clearing | None:
        """What is to be done where the line is cleared from one of these cells on; None where that is of no use."""
        while first and (old.letters[first] == REST or new.letters[first] == REST):
            first -= 1
        found = commonest([new], first, self.looks) if new.letters[-1] != " " else (new.looks[-1], 6)
        if found is None or found[1] < 6 or not self.erasable(found[0]):
            return None
        fill, rest = found[0], self.width - first
        cleared = Row(old.letters[:first] + " " * rest, old.looks[:first] + fill * rest)
        letters, looks = new
        left = [first + x for x in unlike(Row(" " * rest, fill * rest), Row(letters[first:], looks[first:]))]
        left = self._also(y, cleared.letters, letters, left)
        before = [x for x in differ if x < first]
        cost = 3 + len(before) + len(left) + (5 * len(runs_of(left)) if left else 0)
        return Clearing(first, fill, cleared, before, left, cost)

    def _cleared(self, y: int, old: Row, new: Row, clearing: Clearing) -> None:
        first, fill, cleared, before, left, _ = clearing
        if before:
            self._cells(y, old, new, before, first)
        self.to(y, first)
        begun = left and left[0] - first < 8 and self.looks.suits(new.looks[left[0]], fill)
        self.turn(new.looks[left[0]] if begun else fill, blank=not begun)
        self.parts.append("\x1b[K")
        if left:
            self._cells(y, cleared, new, left)

    def _slid(self, y: int, old: Row, new: Row, slide: Slide) -> None:
        """Write the cells with what has moved pushed or pulled to its place first, and so on with what is left."""
        moved, left, found = old, [slide.place], slide
        for _ in range(SLIDES):
            place, by = found
            self.to(y, place)
            self.parts.append(f"\x1b[{'' if abs(by) == 1 else abs(by)}{'@' if by > 0 else 'P'}")
            moved = slid(moved, found, self.looks.plain)
            left = self.differ(y, moved, new)
            known = [x for x in left if moved.letters[x] != UNKNOWN]
            again = find_slide(moved, new, known[0], self.can.ambiguous, self.alike) if known else None
            if again is None:
                break
            found = again
        if left:
            self._cells(y, moved, new, left)

    def _also(self, y: int, old: str, letters: str, differ: list[int]) -> list[int]:
        """The same places, and those on which a terminal that takes more cells for a letter before them writes too.

        A blank behind an ambiguous letter is left to it as long as the letter stands there.
        """
        if not (old.isascii() and letters.isascii()):
            doubted = {*doubts(old, self.can.ambiguous), *doubts(letters, self.can.ambiguous)}
            if doubted and not doubted.isdisjoint(differ):
                differ = spilled(old, letters, differ, self.can.ambiguous, self.letters.spell)
        if not self.can.corner and y == self.height - 1 and differ and differ[-1] == self.width - 1:
            differ.pop()
        return differ

    def _cells(self, y: int, old: Row, new: Row, differ: Sequence[int], upto: int = 0) -> None:
        """Write cells of a line, each wide letter that stands or stood there with both its halves."""
        was, (letters, looks) = old.letters, new
        ends = upto or self._ends(new, differ)
        runs: list[tuple[int, int]] = []
        for first, last in runs_of(differ):
            if first >= ends:
                break
            begin, end = first, min(last + 1, ends)
            begin, end = whole(begin, end, was, letters)
            if runs and begin - (done := runs[-1][1]) < 3 and near(new, done, begin):
                runs[-1] = runs[-1][0], end
            else:
                runs.append((begin, end))
        certain = not doubts(letters, self.can.ambiguous)
        pieces = pieces_of(new, runs, self.looks, partial(self.along, y) if certain else None)
        if certain and self.careful and len({piece.look for piece in pieces}) + 1 < len(pieces):
            by_look = partial(self._by_look, y, new, pieces)
            self._shortest([by_look, partial(self._in_order, y, new, pieces)][: 1 + (len(pieces) <= BOTH)])
        else:
            self._in_order(y, new, pieces)
        if differ[-1] >= ends:
            self.to(y, next(x for x in differ if x >= ends))
            self.turn(looks[-1], blank=True)
            self.parts.append("\x1b[K")

    def _in_order(self, y: int, row: Row, pieces: Sequence[Piece]) -> None:
        """Write pieces as they follow each other."""
        for piece, behind in zip_longest(pieces, pieces[1:]):
            self.piece(y, row, piece, behind.look if behind and behind.begin == piece.end else "")

    def _by_look(self, y: int, row: Row, pieces: list[Piece]) -> None:
        """Write pieces look by look, in the order in which the pen is turned the least."""
        groups: dict[tuple[str, bool], list[Piece]] = {}
        for piece in pieces:
            groups.setdefault((piece.look, piece.blank), []).append(piece)

        def way(group: tuple[str, bool]) -> int:
            look, blank = group
            turned = len(self.looks.turn(self.pen, look, blank=blank).sequence)
            begin = groups[group][0].begin
            to = len(self.way(y, begin))
            if self.y == y and 0 < begin - self.x < to and row.letters[self.x : begin].isspace():
                # Blanks on the way are written.
                to = begin - self.x
            # Blanks wait for a pen that does with them.
            return turned + to + (BLANKS_WAIT if blank and turned else AWAITS if look in self.awaited else 0)

        while groups:
            for piece in groups.pop(min(groups, key=way) if len(groups) > 1 else next(iter(groups))):
                self.piece(y, row, piece)

    def _ends(self, row: Row, differ: Sequence[int]) -> int:
        """From where on a line is erased: where the blanks that end it begin, if that is shorter."""
        if row.letters[-1:] != " " or not self.erasable(self.looks.blank(row.looks[-1])):
            return self.width
        tail = max(len(row.letters.rstrip(" ")), len(row.looks.rstrip(row.looks[-1])))
        return tail if differ[-1] >= tail and self.width - max(tail, differ[0]) > 3 else self.width
