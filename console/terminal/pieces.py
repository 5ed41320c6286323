"""Cells of a line that are written together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import compress
from sys import byteorder
from typing import Final, NamedTuple

from console.terminal.cells import REST, Row
from console.terminal.looks import Looks

RUN: Final = re.compile(r"(.)\1*", re.DOTALL)
"""A run of one look, in the looks of a line."""
FEW: Final = 5
"""Blanks from which on it may be shorter to erase them or to go over them than to write them."""
UTF32: Final = "utf-32-le" if byteorder == "little" else "utf-32-be"


class Piece(NamedTuple):
    """Cells of one look."""

    begin: int
    end: int
    look: str
    blank: bool


_NONE: Final = Piece(0, -99, "", True)


class State(NamedTuple):
    """Where the writing stands: to go back to after a way that was only tried."""

    parts: int
    y: int
    x: int
    pen: str | None


class Clearing(NamedTuple):
    """A line that is cleared from a cell on."""

    first: int
    fill: str
    """The look of the blanks."""
    row: Row
    """The line then."""
    before: Sequence[int]
    """The cells to write before the first one, and from it on."""
    left: Sequence[int]
    cost: float
    """About how many bytes that takes."""


def pieces_of(
    row: Row, runs: Sequence[tuple[int, int]], known: Looks, over: Callable[[int, int], str] | None
) -> list[Piece]:
    """Runs of cells in pieces of one look, with the few blanks behind and between letters that their pen writes too.

    ``over`` is how the cursor goes from a column to another: blanks that are no longer than that are written. None
    where a letter of the line is in doubt: the blank behind it may be its own.
    """
    letters, looks = row
    found: list[Piece] = []
    before = _NONE
    for first, last in runs:
        for begin, end in looks_of(looks, first, last):
            look = looks[begin]
            blank = not (letters[begin:end].strip(" ") or known.seen_on_blank(look))
            gap = begin - before.end
            if not gap:
                joins = not before.blank and (
                    end - begin < FEW and known.suits(before.look, look) if blank else look == before.look
                )
            else:
                joins = (
                    over is not None
                    and gap < FEW
                    and (look, blank) == (before.look, before.blank)
                    and letters[before.end : begin] == " " * gap
                    and looks.count(looks[before.end], before.end, begin) == gap
                    and known.suits(look, looks[before.end])
                    and gap <= len(over(before.end, begin))
                )
            if joins:
                found[-1] = before = Piece(before.begin, end, before.look, before.blank)
            else:
                before = Piece(begin, end, look, blank)
                found.append(before)
    return found


def looks_of(looks: str, first: int, last: int) -> Iterable[tuple[int, int]]:
    """Where the runs of one look are among cells that follow each other; nearly always they have one alone."""
    if looks.count(looks[first], first, last) == last - first:
        return ((first, last),)
    return [run.span() for run in RUN.finditer(looks, first, last)]


def unlike(old: Row, new: Row) -> list[int]:
    """The cells in which two lines differ."""
    if old.looks[0] != new.looks[0] and set(old.looks).isdisjoint(new.looks):
        # It becomes the cursor's line, or is it no more.
        return list(range(len(new.looks)))
    odd = 0
    if old.letters != new.letters:
        odd = _number(old.letters) ^ _number(new.letters)
    if old.looks != new.looks:
        odd |= _number(old.looks) ^ _number(new.looks)
    cells = len(new.looks)
    return list(compress(range(cells), memoryview(odd.to_bytes(4 * cells, byteorder)).cast("I")))


@lru_cache(256)
def _number(cells: str) -> int:
    """A line as one number of four bytes a cell: two lines are compared at once, without a step for each cell."""
    return int.from_bytes(cells.encode(UTF32, "surrogatepass"), byteorder)


def runs_of(places: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of places that follow each other."""
    first, last = places[0], places[-1]
    if last - first + 1 == len(places):
        return [(first, last)]
    runs = []
    last = first
    for place in places[1:]:
        if place != last + 1:
            runs.append((first, last))
            first = place
        last = place
    runs.append((first, last))
    return runs


def whole(begin: int, end: int, old: str, new: str) -> tuple[int, int]:
    """The same cells with both halves of each wide letter that stands or stood at an end."""
    while begin and (old[begin] == REST or new[begin] == REST):
        begin -= 1
    while end < len(new) and (old[end] == REST or new[end] == REST):
        end += 1
    return begin, end


def near(row: Row, begin: int, end: int) -> bool:
    """Whether the cells between two runs are of their look, and can be written with them for a byte each."""
    letters = row.letters[begin:end]
    look = row.looks[begin - 1]
    return (
        row.looks[begin : end + 1] == look * (end + 1 - begin) and letters.isascii() and REST not in letters
    )


def size_of(parts: Sequence[str]) -> int:
    """Bytes of what was written."""
    return len("".join(parts).encode())


def commonest(rows: Sequence[Row], first: int, known: Looks) -> tuple[str, int] | None:
    """The look that most blanks have, from a cell on, that erasing can make, and how many cells that is."""
    count = Counter[str]()
    for row in rows:
        for run in RUN.finditer(row.looks, first):
            begin, end = run.span()
            if not known.seen_on_blank(run[1]):
                count[known.blank(run[1])] += row.letters.count(" ", begin, end)
    return count.most_common(1)[0] if count else None
