"""Lines that have moved, and ends of lines: found by what they say, whatever has changed in how lines look."""

from __future__ import annotations

from collections.abc import Sequence
from operator import ne
from typing import NamedTuple

from console.terminal.cells import REST, UNKNOWN, Row
from console.terminal.widths import doubts

ALIKE = 12
"""Cells of a line that have to have moved together."""
FARTHEST = 24
"""Cells that it may have moved by."""
COST = 20
"""Bytes of a scroll; what it saves has to be more."""


class Shift(NamedTuple):
    """Lines top to bottom, both included, move up by so many (down where it is less than 0)."""

    top: int
    bottom: int
    by: int


def find(old: Sequence[Row], new: Sequence[Row | None], todo: Sequence[int]) -> Shift | None:
    """A shift after which less has to be written; None where there is none.

    Args:
        old, new: the lines as they are shown and meant.
        todo: the lines that differ, in order.
    """
    first, last = todo[0], todo[-1]
    stood: dict[str, int] = {}
    for y in range(first, last + 1):
        letters = old[y].letters
        # What stands twice tells nothing, nor does a blank line.
        stood[letters] = -1 if letters in stood or not letters.strip() else y
    came: dict[int, list[int]] = {}
    for y in todo:
        row = new[y]
        if row is not None and (was := stood.get(row.letters, -1)) >= 0 and was != y:
            came.setdefault(was - y, []).append(y)
    if not came:
        return None
    by, places = max(came.items(), key=lambda item: len(item[1]))
    if len(places) < 2:
        return None
    top, bottom = places[0] + min(by, 0), places[-1] + max(by, 0)
    shift = _widened(old, new, Shift(top, bottom, by))
    return shift if _saves(old, new, shift) else None


def _widened(old: Sequence[Row], new: Sequence[Row | None], shift: Shift) -> Shift:
    """The shift with a line more, where that one has moved too and differs in little: a pointer stood on it."""
    top, bottom, by = shift
    wider, (here, far) = (
        (Shift(top, bottom + 1, by), (bottom - by + 1, bottom + 1))
        if by > 0
        else (Shift(top - 1, bottom, by), (top - by - 1, top - 1))
    )
    if not 0 <= far < len(old):
        return shift
    moved, fresh = new[here], new[far]
    if moved is None or fresh is None:
        return shift
    narrow = _made(moved) + _apart(old[far], fresh)
    return wider if _apart(old[here + by], moved) + _made(fresh) < narrow else shift


def _made(row: Row) -> int:
    """About how many bytes a line takes that is blank before."""
    return 8 + len(row.letters) - row.letters.count(" ")


def _saves(old: Sequence[Row], new: Sequence[Row | None], shift: Shift) -> bool:
    top, bottom, by = shift
    after = COST
    for y in range(top, bottom + 1):
        row = new[y]
        if row is None:
            return False
        after += _apart(old[y + by], row) if top <= y + by <= bottom else _made(row)
    before = 0
    for y in range(top, bottom + 1):
        row = new[y]
        assert row is not None
        before += _apart(old[y], row)
        if before > after:
            return True
    return False


def _apart(old: Row, new: Row) -> int:
    """About how many bytes lie between two lines."""
    if old is new or old == new:
        return 0
    letters = sum(map(ne, old.letters, new.letters)) if old.letters != new.letters else 0
    looks = sum(map(ne, old.looks, new.looks)) if old.looks != new.looks else 0
    return 8 + max(letters, looks)


def shifted(rows: Sequence[Row], shift: Shift, fresh: Row) -> list[Row]:
    """The lines after a shift; nobody knows the colour of those that came in."""
    top, bottom, by = shift
    moved = list(rows[top : bottom + 1])
    moved = moved[by:] + [fresh] * by if by > 0 else [fresh] * -by + moved[:by]
    return [*rows[:top], *moved[: bottom + 1 - top], *rows[bottom + 1 :]]


class Slide(NamedTuple):
    """The cells from a place on move right by so many (left where it is less than 0)."""

    place: int
    by: int


def find_slide(old: Row, new: Row, first: int, narrow: bool, least: int = ALIKE) -> Slide | None:
    """How what stands from a place on has moved; None where it has not, or where its width is in doubt."""
    if doubts(old.letters[first:], narrow):
        return None
    for by in range(1, min(FARTHEST, len(old.letters) - first - least) + 1):
        for stood, stands, slide in ((first, first + by, by), (first + by, first, -by)):
            letters = old.letters[stood : stood + least]
            if (
                letters == new.letters[stands : stands + least]
                and letters[0] != REST
                and 2 * len(letters.replace(" ", "")) > least
                and old.looks[stood : stood + least] == new.looks[stands : stands + least]
            ):
                return Slide(first, slide)
    return None


def slid(row: Row, slide: Slide, plain: str) -> Row:
    """The line after that; nobody knows the colour of the cells that came in."""
    place, by = slide
    letters, looks = row
    width = len(letters)
    if by < 0:
        kept, seen = letters[place - by :], looks[place - by :]
        if kept.startswith(REST):
            kept = UNKNOWN + kept[1:]
        return Row(letters[:place] + kept + UNKNOWN * -by, looks[:place] + seen + plain * -by)
    kept, seen = letters[place : width - by], looks[place : width - by]
    if letters[width - by : width - by + 1] == REST:
        kept = kept[:-1] + UNKNOWN
    return Row(letters[:place] + UNKNOWN * by + kept, looks[:place] + plain * by + seen)
