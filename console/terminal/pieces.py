"""Cells of a line that are written together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import compress
from sys import byteorder
from typing import Final, NamedTuple

from console.terminal.cells import REST, Row
from console.terminal.looks import Looks

RUN: Final = re.compile(r"(.)\1*", re.DOTALL)
"""A run of one look, in the looks of a line."""
UTF32: Final = "utf-32-le" if byteorder == "little" else "utf-32-be"


class Piece(NamedTuple):
    """Cells of one look."""

    begin: int
    end: int
    look: str
    blank: bool


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


def pieces_of(row: Row, runs: Sequence[tuple[int, int]], known: Looks) -> list[Piece]:
    """Runs of cells in pieces of one look; the few blanks behind letters belong to them where their pen does."""
    found: list[Piece] = []
    for first, last in runs:
        for run in RUN.finditer(row.looks, first, last):
            begin, end = run.span()
            look = run[1]
            blank = not row.letters[begin:end].strip(" ") and not known.seen_on_blank(look)
            if found and found[-1].end == begin and not found[-1].blank:
                before = found[-1]
                joins = blank and end - begin < 5 and known.suits(before.look, look)
                if joins or (not blank and look == before.look):
                    found[-1] = Piece(before.begin, end, before.look, False)
                    continue
            found.append(Piece(begin, end, look, blank))
    return found


def unlike(old: Row, new: Row) -> list[int]:
    """The cells in which two lines differ."""
    if set(old.looks).isdisjoint(new.looks):
        # It becomes the cursor's line, or is it no more.
        return list(range(len(new.looks)))
    odd = 0
    if old.letters != new.letters:
        odd = _number(old.letters) ^ _number(new.letters)
    if old.looks != new.looks:
        odd |= _number(old.looks) ^ _number(new.looks)
    cells = len(new.looks)
    return list(compress(range(cells), memoryview(odd.to_bytes(4 * cells, byteorder)).cast("I")))


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
