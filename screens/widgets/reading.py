"""How a board reads: which of three wants, from which source, around which row. Runs in a worker's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

from backend.words import Message
from screens.rows import Key, RowSource, View

R = TypeVar("R")
Loader = Callable[[View], RowSource[R]]
"""Reads the order of rows that a view asks for. Runs in a worker's thread; may raise `ReadFailed`."""
NEW_ROWS = 32
"""Rows that wait to be let in and are read all the same, to tell how grave they are."""


class ReadFailed(Exception):
    """The rows could not be read; the message says why in the person's words."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


class Want(IntEnum):
    """What to read; a stronger want covers a weaker one."""

    WINDOW = 1
    """The rows around what is visible."""
    VALUES = 2
    """The same rows anew, and how many new ones there are."""
    ORDER = 3
    """A new order: first read, sort, filter, new rows let in."""


@dataclass(frozen=True, slots=True)
class Ask(Generic[R]):
    """A read, with all that it needs: nothing of the board is touched from the thread."""

    want: Want
    load: Loader[R]
    view: View
    source: RowSource[R] | None
    key: Key | None
    """The row that the cursor is on, or is to be put on."""
    cursor: int
    top: int
    height: int
    turned: bool = False
    """Another tab is to be read: what number the row had in the one before says nothing there."""
    left: Key | None = None
    """The row that this tab was left at; None where it was never open."""

    def read(self) -> Answer[R]:
        """Do it."""
        if self.want is Want.ORDER or self.source is None:
            return self._order()
        return self._again(self.source)

    def _order(self) -> Answer[R]:
        fresh = self.load(self.view)
        count = fresh.count()
        place = fresh.locate(self.key) if self.key is not None else None
        if place is None and self.turned:
            place = (fresh.locate(self.left) if self.left is not None else None) or 0
        elif place is None:
            place = max(0, min(self.cursor, count - 1)) if self.key is not None else 0
        # The cursor's row stays on its line of the screen, as far as the ends allow; but who looks at the top of a
        # board wants to see what comes in there.
        line = max(0, min(self.cursor - self.top, self.height - 1))
        top = max(0, min(place - line, count - self.height)) if self.top or place >= self.height else 0
        offset = max(0, top - self.height)
        rows = tuple(fresh.window(offset, 3 * self.height))
        return Answer(Want.ORDER, self.view, fresh, count, 0, (), place, top, offset, rows)

    def _again(self, source: RowSource[R]) -> Answer[R]:
        same, news = source, 0
        new: tuple[R, ...] = ()
        if self.want is not Want.WINDOW:
            fresh = self.load(self.view)
            same, news = source.adopt(fresh), source.news(fresh)
            new = tuple(source.newcomers(fresh, NEW_ROWS)) if news else ()
        offset = max(0, self.top - self.height)
        rows = tuple(same.window(offset, 3 * self.height))
        return Answer(
            self.want, self.view, same, same.count(), news, new, self.cursor, self.top, offset, rows
        )


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """What a read brought back."""

    want: Want
    view: View
    source: RowSource[R]
    count: int
    news: int
    new: tuple[R, ...]
    """The first of the new rows."""
    cursor: int
    top: int
    offset: int
    """The place of the first of ``rows``."""
    rows: tuple[R | None, ...]
