"""The cheapest way from what a terminal shows to what it is meant to show.

`Encoder` remembers what it has had the terminal show, cell by cell, with the cursor and the pen. `frame` gives the
bytes of the next one: only lines that differ, in them only the cells that differ, the shortest cursor motion, only the
attributes that change, erasing and repeating where that is shorter, and a scroll where lines have moved. What follows
a letter whose width terminals disagree about is placed absolutely, and so is what follows the last column, behind which
a terminal may owe a wrap.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import category, east_asian_width

from console.terminal.abilities import Abilities
from console.terminal.cells import FIRST, REST, UNKNOWN, Frame, Letters, Row
from console.terminal.looks import Looks
from console.terminal.moves import NOWHERE, move
from console.terminal.scroll import Shift, find, shifted

MANY = 24
"""Cells of a line that differ from which on clearing its rest first may be the shorter way."""
SYNC_FROM = 512
"""Bytes of a frame from which on it is bracketed to be shown at once: a shorter one comes in one piece anyway."""
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
_RUN: Final = re.compile(r"(.)\1*", re.DOTALL)
_REPEATED: Final = re.compile(r"(.)\1{4,}", re.DOTALL)


class _State(NamedTuple):
    """Where the writing stands: to go back to after a way that was only tried."""

    parts: int
    y: int
    x: int
    pen: str | None


class Encoder:
    """One terminal."""

    def __init__(self, can: Abilities, looks: Looks, letters: Letters) -> None:
        self.can, self.looks, self.letters = can, looks, letters
        self.width = self.height = 0
        self.rows: list[Row] = []
        """What the terminal shows."""
        self._scrolls = can.lines or can.region
        self._stale, self._sizes = True, 0
        self._y = self._x = NOWHERE
        self._pen: str | None = None
        self._parts: list[str] = []

    def forget(self) -> None:
        """Nobody knows what the terminal shows: the next frame clears it and is written whole."""
        self._stale = True

    def frame(self, meant: Frame, most: int = 0) -> tuple[str, bool]:
        """What to write for a frame, and whether that is all of it.

        ``most``: about as many bytes as may go now; what is left is found again by the next call, whatever is meant
        by then. 0 is no limit.
        """
        parts: list[str] = []
        self._parts = parts
        if self._stale or self._sizes != meant.sizes:
            self._clear(meant)
        todo = self._differ(meant)
        if len(todo) > 3 and self._scrolls and (shift := find(self.rows, meant.rows, todo)) is not None:
            self._shift(shift)
            todo = self._differ(meant)
        whole = True
        for count, y in enumerate(todo):
            row = meant.rows[y]
            assert row is not None
            self._line(y, self.rows[y], row)
            self.rows[y] = row if self.can.corner or y < self.height - 1 else self._without_corner(row)
            if most and count + 1 < len(todo) and len("".join(parts)) > most:
                whole = False
                break
        if whole and meant.cursor is not None:
            self._to(meant.cursor[1], meant.cursor[0])
        written = "".join(parts)
        if meant.sync and len(written) >= SYNC_FROM:
            written = BEGIN + written + END
        return written, whole

    def _without_corner(self, row: Row) -> Row:
        """The last line of a terminal whose last cell is never written."""
        return Row(row.letters[:-1] + UNKNOWN, row.looks)

    def _differ(self, meant: Frame) -> list[int]:
        return [
            y
            for y, (old, new) in enumerate(zip(self.rows, meant.rows, strict=True))
            if new is not None and new is not old and new != old
        ]

    def _clear(self, meant: Frame) -> None:
        """Begin with an empty screen, in the colour that most blanks of the frame have."""
        self._stale, self._sizes = False, meant.sizes
        self.width, self.height = meant.width, meant.height
        paper = self.looks.plain
        if self.can.bce and (found := self._commonest([row for row in meant.rows if row is not None], 0)):
            paper = found[0]
        self._pen = None
        self._turn(paper, blank=True)
        self._parts.append(("\x1b[r" if self.can.region else "") + "\x1b[H\x1b[J")
        self._y = self._x = 0
        self.rows = [Row(" " * self.width, paper * self.width)] * self.height

    # The pen and the cursor.

    def _turn(self, look: str, *, blank: bool = False) -> None:
        sequence, self._pen = self.looks.turn(self._pen, look, blank=blank)
        if sequence:
            self._parts.append(sequence)

    def _to(self, y: int, x: int) -> None:
        if self._y != y or self._x != x:
            self._parts.append(move(self._y, self._x, y, x, self.can.absolute))
            self._y, self._x = y, x

    def _went(self, x: int) -> None:
        """The cursor has gone on to a column of its line."""
        self._x = x if x < self.width else NOWHERE

    def _back(self, state: _State) -> list[str]:
        """Undo what was written since; gives it."""
        written = self._parts[state.parts :]
        del self._parts[state.parts :]
        self._y, self._x, self._pen = state.y, state.x, state.pen
        return written

    def _now(self) -> _State:
        return _State(len(self._parts), self._y, self._x, self._pen)

    # Scrolling.

    def _shift(self, shift: Shift) -> None:
        """Move lines by the shorter of the two ways: deleting here and inserting there, or a scrolling region."""
        top, bottom, by = shift
        number = "" if abs(by) == 1 else str(abs(by))
        ways = []
        if self.can.lines:
            taken, given = (top, bottom - by + 1) if by > 0 else (bottom + by + 1, top)
            way = move(self._y, self._x, taken, 0, self.can.absolute) + f"\x1b[{number}M"
            if bottom < self.height - 1:
                # Deleting leaves the cursor at the beginning of its line, or where it was in it: the same.
                way += move(taken, 0, given, 0, self.can.absolute) + f"\x1b[{number}L"
            elif by < 0:
                way = move(self._y, self._x, top, 0, self.can.absolute) + f"\x1b[{number}L"
            ways.append(way)
        if self.can.region:
            margins = f"\x1b[{top + 1};{bottom + 1}r"
            line, one = (bottom, "\x1bD") if by > 0 else (top, "\x1bM")
            steps = margins + move(NOWHERE, NOWHERE, line, 0, self.can.absolute)
            if self.can.lines:
                at_top = margins + move(NOWHERE, NOWHERE, top, 0, self.can.absolute)
                ways.append(at_top + f"\x1b[{number}{'M' if by > 0 else 'L'}\x1b[r")
            ways.append(steps + one * abs(by) + "\x1b[r")
        self._parts.append(min(ways, key=len))
        # Some terminals put the cursor home when the margins are set, some leave it.
        self._y = self._x = NOWHERE
        fresh = Row(UNKNOWN * self.width, self.looks.plain * self.width)
        self.rows = shifted(self.rows, shift, fresh)

    # Lines.

    def _line(self, y: int, old: Row, new: Row) -> None:
        """Write what differs in a line, by the shorter of two ways."""
        differ = [
            x
            for x, (a, b, c, d) in enumerate(zip(old.letters, new.letters, old.looks, new.looks, strict=True))
            if a != b or c != d
        ]
        if not (old.letters.isascii() and new.letters.isascii()):
            differ = self._spilled(old.letters, new.letters, differ)
        if y == self.height - 1 and not self.can.corner and differ and differ[-1] == self.width - 1:
            differ.pop()
        if not differ:
            return
        state = self._now()
        self._cells(y, old, new, differ)
        if len(differ) < MANY:
            return
        first = differ[0]
        while first and (old.letters[first] == REST or new.letters[first] == REST):
            first -= 1
        found = self._commonest([new], first)
        if found is None or found[1] < 6 or not self._erasable(found[0]):
            return
        # The other way: clear from the first cell on, then write only what is no blank.
        plain = self._now()
        parts = self._back(state)
        self._to(y, first)
        self._turn(found[0], blank=True)
        self._parts.append("\x1b[K")
        rest = self.width - first
        cleared = Row(old.letters[:first] + " " * rest, old.looks[:first] + found[0] * rest)
        letters, looks = new
        left = [x for x in range(first, self.width) if letters[x] != " " or looks[x] != found[0]]
        if not letters.isascii():
            left = self._spilled(cleared.letters, letters, left)
        if left and y == self.height - 1 and not self.can.corner and left[-1] == self.width - 1:
            left.pop()
        self._cells(y, cleared, new, left)
        if _bytes(self._parts[state.parts :]) >= _bytes(parts):
            self._back(state)
            self._parts += parts
            self._y, self._x, self._pen = plain.y, plain.x, plain.pen

    def _spilled(self, old: str, letters: str, differ: list[int]) -> list[int]:
        """The same places, and those on which a terminal that takes more cells for a letter before them writes too.

        A blank behind an ambiguous letter is left to it as long as the letter stands there.
        """
        places = set(differ)
        for x in range(differ[0], len(letters)) if differ else ():
            letter = letters[x]
            if x not in places or (letter < "\x7f" and old[x] < "\x7f"):
                continue
            reach = 1
            if letter >= chr(FIRST):
                reach = _extent(self.letters.spell(letter))
            if self._spills(old[x]) or (self._spills(letter) and letters[x + 1 : x + 2] != " "):
                reach = max(reach, 2)
            places.update(range(x + 1, min(len(letters), x + reach)))
        return differ if len(places) == len(differ) else sorted(places)

    def _spills(self, letter: str) -> bool:
        return "\x7f" < letter < chr(FIRST) and not _sure(letter) and not self._narrow(letter)

    def _commonest(self, rows: Sequence[Row], first: int) -> tuple[str, int] | None:
        """The look that most blanks have that erasing can make, and how many cells that is."""
        count = Counter[str]()
        for row in rows:
            for run in _RUN.finditer(row.looks, first):
                begin, end = run.span()
                if not self.looks.seen_on_blank(run[1]):
                    count[self.looks.blank(run[1])] += row.letters.count(" ", begin, end)
        return count.most_common(1)[0] if count else None

    def _erasable(self, look: str) -> bool:
        return (self.can.bce or not self.looks[look].paper) and not self.looks.seen_on_blank(look)

    def _cells(self, y: int, old: Row, new: Row, differ: Sequence[int]) -> None:
        """Write the cells of a line that differ."""
        if not differ:
            return
        letters, looks = new
        tail = self._tail(new)
        ends = tail if self.width - max(tail, differ[0]) > 3 and differ[-1] >= tail else self.width
        for first, last in _runs(differ):
            if first >= ends:
                break
            begin, end = _whole(first, min(last + 1, ends), old.letters, letters)
            gap = begin - self._x
            if self._y == y and self._x != NOWHERE and 0 < gap < 5 and self._goes_on(new, self._x, begin):
                begin = self._x
            self._write(y, begin, letters[begin:end], looks[begin:end])
        if differ[-1] >= ends:
            begin = next(x for x in differ if x >= ends)
            self._to(y, begin)
            self._turn(looks[-1], blank=True)
            self._parts.append("\x1b[K")

    def _tail(self, row: Row) -> int:
        """Where the blanks begin that end a line and that erasing can make; the width where there are none."""
        if row.letters[-1:] != " " or not self._erasable(self.looks.blank(row.looks[-1])):
            return self.width
        return max(len(row.letters.rstrip(" ")), len(row.looks.rstrip(row.looks[-1])))

    def _goes_on(self, row: Row, begin: int, end: int) -> bool:
        """Whether cells that stand there already can be written again with the pen as it is, for a byte each."""
        letters = row.letters[begin:end]
        if not letters.isascii() or REST in letters or len(letters) > len(move(0, 0, 0, len(letters), False)):
            return False
        return not any(
            self.looks.turn(self._pen, look, blank=letter == " ").sequence
            for letter, look in zip(letters, row.looks[begin:end], strict=True)
        )

    def _write(self, y: int, x: int, letters: str, looks: str) -> None:
        """Write cells from a place on."""
        for run in _RUN.finditer(looks):
            begin, end = run.span()
            text, look = letters[begin:end], run[1]
            blank = not text.strip(" ")
            if blank and not self.looks.seen_on_blank(look):
                self._blanks(y, x + begin, end - begin, look)
                continue
            self._to(y, x + begin)
            self._turn(look)
            at = 0
            if end - begin > 4:
                for repeated in _REPEATED.finditer(text):
                    if repeated.start() > at:
                        self._text(y, x + begin + at, text[at : repeated.start()])
                    self._repeat(y, x + begin + repeated.start(), repeated[1], len(repeated[0]), look)
                    at = repeated.end()
            if at < len(text):
                self._text(y, x + begin + at, text[at:])

    def _repeat(self, y: int, x: int, letter: str, count: int, look: str) -> None:
        """Write one letter many times."""
        if letter == " " and self._erasable(self.looks.blank(look)) and not self.looks.seen_on_blank(look):
            self._blanks(y, x, count, look)
            return
        again = f"\x1b[{count - 1}b"
        size = len(letter.encode())
        sure = _sure(letter) or self._narrow(letter)
        if not (self.can.repeat and sure) or letter == REST or size + len(again) >= size * count:
            self._text(y, x, letter * count)
            return
        self._to(y, x)
        self._parts += [letter, again]
        self._went(x + count)

    def _blanks(self, y: int, x: int, count: int, look: str) -> None:
        """Write blanks by the shortest way; where they are erased the cursor stays before them."""
        self._to(y, x)
        self._turn(look, blank=True)
        erased = f"\x1b[{count}X"
        again = f" \x1b[{count - 1}b"
        if self.can.repeat and len(again) < count:
            self._parts.append(again)
            self._went(x + count)
        elif self.can.ech and self._erasable(look) and len(erased) + 4 < count:
            self._parts.append(erased)
        else:
            self._parts.append(" " * count)
            self._went(x + count)

    def _text(self, y: int, x: int, letters: str) -> None:
        """Write letters of one look."""
        self._to(y, x)
        if letters.isascii() and REST not in letters:
            self._parts.append(letters)
            self._went(x + len(letters))
            return
        begin = 0
        place = self._doubtful(letters, 0)
        while place < len(letters):
            wide = letters[place + 1 : place + 2] == REST
            self._sure_text(y, x + begin, letters[begin:place])
            self._to(y, x + place)
            if wide:
                # Where the terminal takes one cell for it nothing may be left of what stood in the other.
                self._parts.append("  ")
                self._x = NOWHERE
                self._to(y, x + place)
            end = place + 1 + wide
            self._parts.append(self.letters.spell(letters[place:end]))
            self._x = NOWHERE
            begin = end
            place = self._doubtful(letters, begin)
        self._sure_text(y, x + begin, letters[begin:])

    def _sure_text(self, y: int, x: int, letters: str) -> None:
        if letters:
            self._to(y, x)
            self._parts.append(self.letters.spell(letters))
            self._went(x + len(letters))

    def _doubtful(self, letters: str, begin: int) -> int:
        """The next cell whose width is in doubt; the length where there is none."""
        for place in range(begin, len(letters)):
            letter = letters[place]
            if not _sure(letter) and not self._narrow(letter):
                return place
        return len(letters)

    def _narrow(self, letter: str) -> bool:
        return self.can.ambiguous and _ambiguous(letter)


@lru_cache(4096)
def _sure(letter: str) -> bool:
    """Whether all terminals take as many cells for a letter as the framework does.

    They disagree about clusters, emoji, what Unicode calls ambiguous, and marks that stand alone.
    """
    if letter < "\x7f":
        return True
    if letter >= "\U0001f000":
        return "\U00020000" <= letter < "\U00040000"
    return east_asian_width(letter) != "A" and category(letter)[0] not in "MC"


@lru_cache(4096)
def _ambiguous(letter: str) -> bool:
    return letter < chr(FIRST) and east_asian_width(letter) == "A" and category(letter)[0] not in "MC"


@lru_cache(4096)
def _extent(cluster: str) -> int:
    """Cells that a cluster takes at most: each of its letters drawn alone, as wide as any terminal draws it."""
    return sum(
        0
        if category(letter)[0] in "MC"
        else 1 + (letter >= "\U0001f000" or east_asian_width(letter) in "WFA")
        for letter in cluster
    )


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of places that follow each other."""
    runs = []
    first = last = places[0]
    for place in places[1:]:
        if place != last + 1:
            runs.append((first, last))
            first = place
        last = place
    runs.append((first, last))
    return runs


def _whole(begin: int, end: int, old: str, new: str) -> tuple[int, int]:
    """The same cells with both halves of each wide letter that stands or stood at an end."""
    while begin and (old[begin] == REST or new[begin] == REST):
        begin -= 1
    while end < len(new) and (old[end] == REST or new[end] == REST):
        end += 1
    return begin, end


def _bytes(parts: Sequence[str]) -> int:
    return len("".join(parts).encode())
