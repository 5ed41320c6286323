"""A list that is only read: what could not be done, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

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
        yield Sheet(self._write, focusable=True)

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def _write(self, look: Look, cells: int) -> list[list[Cell]]:
        return [line for told in self._told for line in flow(look.say(told), cells)]
