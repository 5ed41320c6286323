"""A short list in which one digit chooses: for acts that ask for one thing only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult

from backend.words import Message
from screens.columns import Cell
from screens.dialogs.choosing import Choosing
from screens.look import Look
from screens.widgets.choices import Choice, Choices
from screens.widgets.sheet import Sheet, flow

DIGITS = "123456789"


class Menu(Choosing):
    """A numbered list; gives the key of the choice. Arrows and Enter reach those beyond the ninth."""

    def __init__(
        self,
        title: Message,
        choices: Sequence[Choice],
        *,
        about: Sequence[Message] = (),
        warning: Message | None = None,
        most: int = 12,
        at: str = "",
    ) -> None:
        """A list.

        Args:
            choices: what can be chosen; those that are off are shown without a digit.
            about: what it is about, a line each.
            warning: what must be known before choosing.
            most: lines at most.
            at: the key of the choice at which to begin.
        """
        super().__init__(title)
        self._about, self._warning, self.most, self._at = tuple(about), warning, most, at
        self.keys: dict[str, str] = dict(
            zip(DIGITS, (choice.key for choice in choices if not choice.off), strict=False)
        )
        digits = {key: digit for digit, key in self.keys.items()}
        self._choices = tuple(
            replace(choice, text=f"{digits.get(choice.key, ' ')}  {choice.text}") for choice in choices
        )

    def content(self) -> ComposeResult:
        if self._about or self._warning:
            yield Sheet(self._write, classes="about")
        yield Choices(self._choices, most=self.most)

    def on_mount(self) -> None:
        if self._at:
            self.choices.choose(self._at)

    def _write(self, look: Look, cells: int) -> list[list[Cell]]:
        lines: list[list[Cell]] = []
        for about in self._about:
            lines += flow(look.say(about), cells, "dim")
        if self._warning is not None:
            lines += flow(look.say(self._warning), cells, "warn")
        return [*lines, []]

    def on_key(self, event: events.Key) -> None:
        if event.key in self.keys:
            event.stop()
            event.prevent_default()
            self.dismiss(self.keys[event.key])
