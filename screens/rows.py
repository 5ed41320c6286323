"""What a board shows: a frozen order of keys, whose rows are read for the visible window only.

The order stands still until the person asks for a new one, so that nothing moves under the cursor; the values
in it are read again as often as they change. A screen builds one in its loader, in a worker's thread::

    Rows(keys, fetch)            # keys from one cheap query, rows of a window by another
    Rows.of(rows, key=...)       # all in memory already
    arrange(rows, view, columns, look, key=...)   # in memory, with the view's filter and order applied
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from backend.text import fold
from screens.look import Look

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Key = Hashable
Left = Callable[[Sequence[Key]], Iterable[R]]
"""Reads rows by their keys that a view holds no longer, such as one that was just answered in the list of those that
wait: it stays under the cursor until the person asks for a new order, and must show what it has become."""


@dataclass(frozen=True, slots=True)
class View:
    """What a person asked to see: which rows, and in what order."""

    facet: str = ""
    """The tab, where the screen has tabs."""
    filter: str = ""
    """Words that a row must hold; one that starts with ``!`` must be absent."""
    sort: str = ""
    """The column's key; empty is the screen's own order."""
    reverse: bool = False

    def words(self) -> tuple[str, ...]:
        """The filter's words, folded as `backend.text.fold` does."""
        return tuple(word for word in map(fold, self.filter.split()) if word.strip("!"))

    def takes(self, text: str) -> bool:
        """Whether a folded text has all words of the filter."""
        return all(
            (word[1:] not in text) if word.startswith("!") else (word in text) for word in self.words()
        )


class RowSource(Protocol[R_co]):
    """A frozen order of rows; `Rows` is the one there is, a test may bring another."""

    def count(self) -> int:
        """How many rows there are."""
        ...

    def window(self, offset: int, limit: int) -> Sequence[R_co | None]:
        """The rows at ``offset`` and after, as they are now; None for one that is no more. May read the store."""
        ...

    def locate(self, key: Key) -> int | None:
        """Where a row is, None where it is not."""
        ...

    def key_at(self, index: int) -> Key:
        """The key of the row at ``index``."""
        ...

    def news(self, fresh: RowSource[Any]) -> int:
        """How many of ``fresh``'s rows are not in this order."""
        ...

    def newcomers(self, fresh: RowSource[Any], most: int) -> Sequence[Any]:
        """Of ``fresh``'s rows that are not in this order the first ``most``."""
        ...

    def adopt(self, fresh: RowSource[Any]) -> RowSource[R_co]:
        """This order with ``fresh``'s values."""
        ...


class Rows(Generic[R]):
    """A frozen order of keys, and how to read the rows that go with some of them."""

    __slots__ = ("_fetch", "_keys", "_places")

    def __init__(self, keys: Sequence[Key], fetch: Callable[[Sequence[Key]], Sequence[R | None]]) -> None:
        self._keys = keys
        self._fetch = fetch
        self._places: dict[Key, int] | None = None

    @classmethod
    def of(cls, rows: Iterable[R], *, key: Callable[[R], Key], left: Left[R] | None = None) -> Rows[R]:
        """Rows that are in memory already, in the order given; ``left`` reads those that are of the view no more."""
        held = {key(row): row for row in rows}
        kept = tuple(held)

        def fetch(keys: Sequence[Key]) -> Sequence[R | None]:
            if left is not None and (gone := [one for one in keys if one not in held]):
                held.update((key(row), row) for row in left(gone))
            return [held.get(one) for one in keys]

        return cls(kept, fetch)

    def count(self) -> int:
        return len(self._keys)

    def window(self, offset: int, limit: int) -> Sequence[R | None]:
        return self._fetch(self._keys[offset : offset + limit])

    def locate(self, key: Key) -> int | None:
        if self._places is None:
            self._places = {one: place for place, one in enumerate(self._keys)}
        return self._places.get(key)

    def key_at(self, index: int) -> Key:
        return self._keys[index]

    def news(self, fresh: RowSource[Any]) -> int:
        if isinstance(fresh, Rows):
            # Equal orders are the common case, and comparing them is far cheaper than two sets of 70,000.
            return 0 if fresh._keys == self._keys else len(set(fresh._keys).difference(self._keys))
        return sum(self.locate(fresh.key_at(place)) is None for place in range(fresh.count()))

    def newcomers(self, fresh: RowSource[Any], most: int) -> Sequence[Any]:
        places = (place for place in range(fresh.count()) if self.locate(fresh.key_at(place)) is None)
        rows = (row for place in islice(places, most) for row in fresh.window(place, 1))
        return [row for row in rows if row is not None]

    def adopt(self, fresh: RowSource[Any]) -> Rows[R]:
        if isinstance(fresh, Rows):
            return self if fresh._fetch is self._fetch else Rows(self._keys, fresh._fetch)
        return self


class Sortable(Protocol):
    """What `arrange` needs to know of a column."""

    @property
    def key(self) -> str:
        """Its name in `View.sort`."""
        ...

    @property
    def order(self) -> Callable[[Any], Any] | None:
        """What to sort by; None sorts by the text shown."""
        ...

    def text(self, row: Any, look: Look) -> str:
        """What it shows of a row."""
        ...


def arrange(
    rows: Iterable[R],
    view: View,
    columns: Sequence[Sortable],
    look: Look,
    *,
    key: Callable[[R], Key],
    also: Callable[[R], str] | None = None,
    left: Left[R] | None = None,
) -> Rows[R]:
    """Filter and order rows that are in memory; rows equal by the view keep the order they came in.

    Args:
        rows: in the screen's own order.
        view: the filter and the column to sort by.
        columns: whose shown texts the filter searches.
        look: how they are shown.
        key: a row's key.
        also: more text to search, such as pinyin initials.
        left: reads rows that are of the view no more; may read the store.
    """
    if view.words():
        rows = [
            row
            for row in rows
            if view.takes(
                fold("|".join([*(column.text(row, look) for column in columns), also(row) if also else ""]))
            )
        ]
    column = next((column for column in columns if column.key == view.sort), None)
    if column is None:
        return Rows.of(reversed(list(rows)) if view.reverse else rows, key=key, left=left)
    order = column.order or (lambda row: fold(column.text(row, look)))
    # A missing value is neither small nor large: it goes last, either way round.
    present: list[tuple[Any, R]] = []
    missing: list[tuple[Any, R]] = []
    for row in rows:
        value = order(row)
        (missing if value is None else present).append((value, row))
    present.sort(key=lambda pair: pair[0], reverse=view.reverse)
    return Rows.of((row for _, row in (*present, *missing)), key=key, left=left)
