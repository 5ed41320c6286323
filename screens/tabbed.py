"""A board of tabs whose rows are of different kinds: each tab has columns and a reader of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from screens.base import OverBoard
from screens.columns import Column
from screens.look import Look
from screens.rows import RowSource, View, arrange

if TYPE_CHECKING:
    from backend.desk.desk import Desk

Read = Callable[["Desk"], Sequence[Any]]
"""Reads the rows of a tab, in a thread."""


class TabbedBoard(OverBoard[Any]):
    """A screen over whatever one was doing: a tab says what its columns are and where its rows come from."""

    TABLES: ClassVar[Mapping[str, Sequence[Column[Any]]]]
    """The columns by tab, in the tabs' order."""

    # For a screen to fill in.

    def reads(self) -> Mapping[str, Read]:
        """Where each tab's rows come from. Runs in a thread: import the desk's modules here."""
        raise NotImplementedError

    def key_of(self, facet: str, row: Any) -> str:
        """What tells a row from all others, of any tab."""
        raise NotImplementedError

    def also(self, row: Any) -> str:  # noqa: ARG002 - for screens to use
        """What else a row is found by."""
        return ""

    def looked(self, desk: Desk) -> None:
        """What stands beside the board is to be read: the screen was opened, or something has changed."""

    # The frame.

    @property
    def facet(self) -> str:
        """The tab that is shown."""
        return self.board.view.facet or next(iter(self.TABLES))

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        return self.TABLES.get(facet) or next(iter(self.TABLES.values()))

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        facet = view.facet or next(iter(self.TABLES))
        rows = self.reads()[facet](desk)
        return arrange(
            rows, view, self.columns_of(facet), look, key=partial(self.key_of, facet), also=self.also
        )

    def opened(self, desk: Desk) -> None:
        super().opened(desk)
        self.looked(desk)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self.looked(desk)
