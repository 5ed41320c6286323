"""Pick one of a list: type to narrow it, also by pinyin initials, Enter takes it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Input

from backend.words import Message
from screens.dialogs.choosing import Choosing
from screens.widgets.choices import Choice, Choices
from screens.widgets.entry import Entry


class Pick(Choosing):
    """A list with a line to type into; gives the key of the choice."""

    def __init__(self, title: Message, choices: Sequence[Choice] = (), *, most: int = 12) -> None:
        super().__init__(title)
        self._choices = tuple(choices)
        self.most = most

    def content(self) -> ComposeResult:
        yield Entry(id="typed")
        yield Choices(self._choices, most=self.most)

    def on_mount(self) -> None:
        self.query_one(Entry).focus()

    def fill(self, choices: Sequence[Choice]) -> None:
        """Put the choices in, where they come later."""
        self.choices.fill(choices)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.typed(event.value)

    def typed(self, text: str) -> None:
        """Narrow the list to what is typed."""
        self.choices.narrow(text)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self.do_pick_take()

    def do_pick_complete(self) -> None:
        """Put the chosen one's words into the line."""
        if (chosen := self.choices.chosen) is not None:
            line = self.query_one(Entry)
            line.value = chosen.text
            line.cursor_position = len(chosen.text)
