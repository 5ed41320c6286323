"""A line of tabs over a board: the kinds of thing it can show, with how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from screens.columns import Cell
from screens.shell import shell
from screens.widgets.cells import CUT
from screens.widgets.line import Line


class Tab(NamedTuple):
    """One kind of thing to show."""

    key: str
    """Goes into `View.facet`."""
    title: str
    """The code of its name in the words."""


class Tabs(Line):
    """One line of tabs, moved along with left and right."""

    def __init__(self, tabs: Sequence[Tab]) -> None:
        super().__init__(id="tabs")
        self.tabs = tuple(tabs)
        self.here = tabs[0].key if tabs else ""
        self.counts: Mapping[str, int] = {}

    def show(self, here: str, counts: Mapping[str, int] | None = None) -> None:
        """Mark another tab, or give other counts."""
        self.here = here
        if counts is not None:
            self.counts = dict(counts)
        self.relook()

    def beside(self, step: int) -> str:
        """The key of the tab ``step`` further on, round the ends."""
        keys = [tab.key for tab in self.tabs]
        return keys[(keys.index(self.here) + step) % len(keys)] if self.here in keys else keys[0]

    def pieces(self) -> Sequence[Cell]:
        look = shell(self).look
        told = []
        for tab in self.tabs:
            count = self.counts.get(tab.key)
            text = look.word(tab.title) + (f" {count:,}" if count is not None else "")
            told.append(Cell(f" {text} ", "chosen" if tab.key == self.here else "dim"))
        # Where not all fit, the first ones give way to the one that is shown.
        keys, first = [tab.key for tab in self.tabs], 0
        last = keys.index(self.here) + 1 if self.here in keys else 1
        while first < last - 1 and self.size.width and _taken(told[first:last]) + 3 > self.size.width:
            first += 1
        return [Cell(f" {CUT}" if first else " ", "dim"), *told[first:]]


def _taken(pieces: Sequence[Cell]) -> int:
    return sum(cell_len(piece.text) for piece in pieces)
