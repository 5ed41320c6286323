"""The line at the bottom: the keys that work here; for a while, what became of an act."""

from __future__ import annotations

from collections.abc import Sequence

from backend.words import Message, Outcome
from screens.action import Action, Where
from screens.actions import footer, key_name
from screens.columns import Cell
from screens.shell import shell
from screens.tones import shape
from screens.widgets.line import Line

STAYS = 8.0
"""Seconds that an outcome stays, unless a key is pressed before."""


class Footer(Line):
    """Keys with their names, the most wanted first; those that are off are dim."""

    fill = "bar"

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(id="footer")
        self._actions: tuple[Action, ...] = tuple(footer(scopes))
        self._said: Message | Outcome | None = None
        self._until = 0
        """Counts what was said, so that an old timer takes nothing newer away."""

    def tell(self, what: Message | Outcome) -> None:
        """Show one line for a while."""
        self._said = what
        self._until += 1
        self.relook()
        turn = self._until
        self.set_timer(STAYS, lambda: self.clear(turn))

    def clear(self, turn: int | None = None) -> None:
        """Show the keys again."""
        if self._said is not None and turn in (None, self._until):
            self._said = None
            self.relook()

    def pieces(self) -> Sequence[Cell]:
        look = shell(self).look
        if self._said is not None:
            outcome = self._said
            message = outcome.message if isinstance(outcome, Outcome) else outcome
            tone = ("good" if outcome.ok else "bad") if isinstance(outcome, Outcome) else "warn"
            return (Cell(f" {shape(tone, look.ascii)} {look.say(message)}", tone),)
        return tuple(
            piece
            for action in self._fitting()
            for piece in (
                Cell(f" {key_name(action.keys[0], look.language)}", "key" if self._on(action) else "dim"),
                Cell(f" {self._title(action)} ", "" if self._on(action) else "dim"),
            )
        )

    def right(self) -> Sequence[Cell]:
        told = shell(self).traffic if self._said is None else ""
        return (Cell(f" {told} ", "dim"),) if told else ()

    def _fitting(self) -> list[Action]:
        """As many as there is room for, in order of want, those that work now before those that are off; help,
        commands and quitting always. A row that waits to be verified must not hide that key behind two dim ones."""
        from rich.cells import cell_len

        look = shell(self).look
        room = self.size.width - sum(cell_len(piece.text) for piece in self.right())
        performs = getattr(self.screen, "performs", None)
        here = [one for one in self._actions if performs is None or performs(one)]
        always = [action for action in here if action.rank >= 96]

        def size(action: Action) -> int:
            return cell_len(f" {key_name(action.keys[0], look.language)} {self._title(action)} ")

        room -= sum(map(size, always))
        kept: list[Action] = []
        for action in sorted((one for one in here if one not in always), key=lambda one: not self._on(one)):
            if size(action) <= room:
                kept.append(action)
                room -= size(action)
        return [action for action in here if action in kept] + always

    def _title(self, action: Action) -> str:
        """What the key does here: the screen may know better than the table what becomes of its row."""
        look = shell(self).look
        named = getattr(self.screen, "title_of", None)
        return (named(action) if named is not None else "") or action.title(look.language)

    def _on(self, action: Action) -> bool:
        where = self.screen
        return action.off(where, action) is None if isinstance(where, Where) else True
