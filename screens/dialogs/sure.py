"""The question before an act that is not easily put right: committed by another key than the one that asked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding

from backend.words import Message
from screens.action import Danger
from screens.columns import Cell
from screens.dialogs.base import Dialog
from screens.look import Look
from screens.widgets.sheet import Sheet, flow

LETTERS = "ACDEFHKMPRTX34679"
"""Letters and digits that no one mistakes for another, and that are no answer by themselves."""


class Sure(Dialog[bool]):
    """Says what will be done, to what, and asks.

    An armed act is committed with ``y``. A grave one wants two characters typed that only this box shows: text that
    came from outside can imitate a box, but not know them.
    """

    KIND = "confirm"

    def __init__(
        self,
        question: Message,
        details: Sequence[Message] = (),
        *,
        danger: Danger = Danger.ARMED,
        again: Sequence[str] = (),
    ) -> None:
        """Ask.

        Args:
            question: what will be done.
            details: what it will be done to, a line each.
            danger: how it must be committed.
            again: keys that commit as well; only for what does no harm.
        """
        super().__init__(question, tone="armed" if danger >= Danger.ARMED else "chosen")
        self.details = tuple(details)
        self.danger = danger
        self.nonce = "".join(secrets.choice(LETTERS) for _ in range(2)) if danger is Danger.GRAVE else ""
        self._typed = ""
        for key in again:
            # Bound, not listened for: a second key typed before the box is up is looked up among the bindings.
            self._bindings.key_to_bindings[key] = [Binding(key, "perform('confirm.commit')", show=False)]

    def content(self) -> ComposeResult:
        yield Sheet(self._write)

    def _write(self, look: Look, cells: int) -> list[list[Cell]]:
        lines: list[list[Cell]] = [[]]
        for detail in self.details:
            lines += flow(look.say(detail), cells)
        if self.nonce:
            left = self.nonce[len(self._typed) :]
            lines += [[], [Cell(look.word("ui.sure.type") + "  "), Cell(f" {left} ", "armed")]]
        lines.append([])
        return lines

    def on_key(self, event: events.Key) -> None:
        if not self.nonce or event.character is None:
            return
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        self._typed += event.character.upper()
        if not self.nonce.startswith(self._typed):
            last = self._typed[-1:]
            self._typed = last if self.nonce.startswith(last) else ""
        self.query_one(Sheet).relook()
        if self._typed == self.nonce:
            self.dismiss(True)

    def do_confirm_commit(self) -> None:
        """Yes."""
        if not self.nonce:
            self.dismiss(True)

    def do_confirm_refuse(self) -> None:
        """No."""
        self.dismiss(False)
