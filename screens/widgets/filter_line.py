"""The line that a filter is typed into: it opens over the board's bottom, and closes with Enter or Esc."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message as Event
from textual.widgets import Input

from screens.once import once
from screens.widgets.entry import Entry

PAUSE = 0.15
"""Seconds after a key before the rows are filtered: a word costs one read, not one for each letter."""


class FilterLine(Entry):
    """Filters while it is typed into; Esc brings the filter from before back."""

    @dataclass
    class Typed(Event):
        """The filter as it stands now."""

        text: str

    @dataclass
    class Closed(Event):
        """Done; ``text`` is the filter to keep."""

        text: str

    def __init__(self) -> None:
        super().__init__(id="filter")
        self.display = False
        self._before = ""
        self._turn = 0

    def begin(self, text: str) -> None:
        """Open with a filter to go on from."""
        self._before = text
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        self.display = True
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._turn += 1
        turn = self._turn
        once(self.set_timer(PAUSE, lambda: self._typed(turn)))

    def _typed(self, turn: int) -> None:
        if turn == self._turn and self.display:
            self.post_message(self.Typed(self.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close(self.value)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", "down", "up"):
            event.stop()
            event.prevent_default()
            self._close(self._before if event.key == "escape" else self.value)

    def _close(self, text: str) -> None:
        self._turn += 1
        self.display = False
        self.post_message(self.Closed(text))
