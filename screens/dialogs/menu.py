"""A short list in which one digit chooses: for acts that ask for one thing only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult

from backend.words import Message
from screens.columns import Cell
from screens.dialogs.base import Dialog
from screens.look import Look
from screens.widgets.choices import Choice, Choices
from screens.widgets.sheet import Sheet, flow

DIGITS = "123456789"


class Menu(Dialog[str]):
    """A numbered list; gives the key of the choice. Arrows and Enter reach those beyond the ninth."""

    KIND = "pick"

    def __init__(
        self,
        title: Message,
        choices: Sequence[Choice],
        *,
        about: Sequence[Message] = (),
        warning: Message | None = None,
        most: int = 12,
    ) -> None:
        """A list.

        Args:
            choices: what can be chosen; those that are off are shown without a digit.
            about: what it is about, a line each.
            warning: what must be known before choosing.
            most: lines at most.
        """
        super().__init__(title)
        self._about, self._warning, self._most = tuple(about), warning, most
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
        yield Choices(self._choices, most=self._most)

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

    def do_pick_take(self) -> None:
        """Take the chosen one."""
        chosen = self.query_one(Choices).chosen
        if chosen is not None and not chosen.off:
            self.dismiss(chosen.key)

    def do_pick_down(self) -> None:
        self.query_one(Choices).step(1)

    def do_pick_up(self) -> None:
        self.query_one(Choices).step(-1)

    def do_pick_page_down(self) -> None:
        self.query_one(Choices).step(self._most)

    def do_pick_page_up(self) -> None:
        self.query_one(Choices).step(-self._most)
