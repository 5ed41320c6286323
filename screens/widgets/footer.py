"""The line at the bottom: the keys that work here; for a while, what became of an act."""

from __future__ import annotations

from collections.abc import Sequence

from backend.words import Message, Outcome
from screens.action import Action, Where
from screens.actions import footer, key_name
from screens.columns import Cell
from screens.shell import shell
from screens.tones import shape
from screens.widgets.cells import wrap
from screens.widgets.line import Line

STAYS = 8.0
"""Seconds that an outcome stays, unless a key is pressed before."""
ALWAYS = 96
"""The rank from which a key is always shown."""


class Above(Line):
    """The line over the footer: there only while what is told takes more than the footer has, and over what is there,
    so that nothing moves."""

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="above")
        self.said: Sequence[Cell] = ()
        # Before it is there at all: see `FieldLine`.
        self.display = False

    def say(self, said: Sequence[Cell]) -> None:
        """Say it; nothing takes the line away."""
        self.said = said
        if self.display is not bool(said):
            self.display = bool(said)
        self.relook()

    def pieces(self) -> Sequence[Cell]:
        return self.said


class Footer(Line):
    """Keys with their names, the most wanted first; those that are off are dim."""

    fill = "bar"

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(id="footer")
        self._actions: tuple[Action, ...] = tuple(footer(scopes))
        self._said: Message | Outcome | None = None
        self._taller = False
        """What was said takes the line above too."""
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
        if self._said is not None:
            return self._telling()[-1]
        told: list[Cell] = []
        for key, title, on in self._fitting():
            told += Cell(f" {key}", "key" if on else "dim"), Cell(f" {title} ", "" if on else "dim")
        return told

    def relook(self) -> None:
        """Draw anew; what is too long for one line begins in the one above."""
        lines: Sequence[Sequence[Cell]] = ()
        if self._said is not None and self.size.width:
            lines = self._telling()
        if self.is_attached and (len(lines) > 1 or self._taller):
            self._taller = len(lines) > 1
            for above in self.screen.query(Above):
                above.say(lines[0] if self._taller else ())
        super().relook()

    def on_resize(self) -> None:
        """More or less of it fits."""
        if self._said is not None:
            self.relook()

    def _telling(self) -> list[list[Cell]]:
        """What is told, in a line or two; what is longer still is cut at the end."""
        look, outcome = shell(self).look, self._said
        if outcome is None:
            return [[]]
        message = outcome.message if isinstance(outcome, Outcome) else outcome
        tone = ("good" if outcome.ok else "bad") if isinstance(outcome, Outcome) else "warn"
        mark, said = f" {shape(tone, look.ascii)} ", look.say(message)
        lines = wrap(said, max(1, self.size.width - len(mark)))
        if len(lines) == 1:
            return [[Cell(mark + said, tone)]]
        rest = said[len(lines[0]) :].lstrip() if said.startswith(lines[0]) else " ".join(lines[1:])
        return [[Cell(mark + lines[0], tone)], [Cell(" " * len(mark) + rest, tone)]]

    def right(self) -> Sequence[Cell]:
        # A dialog's footer lies over one that says it; what has been said there does not change under a dialog.
        told = shell(self).traffic if self._said is None and isinstance(self.screen, Where) else ""
        return (Cell(f" {told} ", "dim"),) if told else ()

    def _fitting(self) -> list[tuple[str, str, bool]]:
        """Key, what it does, whether it works now: as many as there is room for, in order of want, those that work
        before those that are off; help, commands and quitting always. A row that waits to be verified must not hide
        that key behind two dim ones."""
        from rich.cells import cell_len

        language = shell(self).look.language
        room = self.size.width - sum(cell_len(piece.text) for piece in self.right())
        performs = getattr(self.screen, "performs", None)
        here = [
            (action, (key_name(action.keys[0], language), self._title(action), self._on(action)))
            for action in self._actions
            if performs is None or performs(action)
        ]

        def size(told: tuple[str, str, bool]) -> int:
            return cell_len(f" {told[0]} {told[1]} ")

        always = [told for action, told in here if action.rank >= ALWAYS]
        others = [told for action, told in here if action.rank < ALWAYS]
        room -= sum(map(size, always))
        kept: set[int] = set()
        for place, told in sorted(enumerate(others), key=lambda one: not one[1][2]):
            if (taken := size(told)) <= room:
                kept.add(place)
                room -= taken
        return [told for place, told in enumerate(others) if place in kept] + always

    def _title(self, action: Action) -> str:
        """What the key does here: the screen may know better than the table what becomes of its row."""
        look = shell(self).look
        named = getattr(self.screen, "title_of", None)
        return (named(action) if named is not None else "") or action.title(look.language)

    def _on(self, action: Action) -> bool:
        where = self.screen
        return action.off(where, action) is None if isinstance(where, Where) else True
