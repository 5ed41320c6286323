"""A list that is only read: what could not be done, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from backend.words import Message
from screens.columns import Cell
from screens.dialogs.base import Dialog
from screens.look import Look
from screens.widgets.sheet import Sheet, flow


class Told(Dialog[None]):
    """Lines to be read; Esc closes it."""

    def __init__(self, title: Message, lines: Sequence[Message]) -> None:
        super().__init__(title, tone="armed")
        self._told = tuple(lines)

    def content(self) -> ComposeResult:
        sheet = Sheet(self._write, focusable=True)
        sheet.styles.max_height = _room(self.app.size.height)
        yield sheet

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def _make_room(self, content: Widget, lines: int) -> None:
        """The text scrolls in what room there is, not the box around it: the keys are the text's."""
        super()._make_room(content, lines)
        for sheet in self.query(Sheet):
            sheet.styles.max_height = _room(lines)

    def _write(self, look: Look, cells: int) -> list[list[Cell]]:
        return [line for told in self._told for line in flow(look.say(told), cells)]


def _room(lines: int) -> int:
    """Lines of the text on a screen of so many: the box has a title, its keys, and an edge around what it holds."""
    return max(1, lines - 6)
