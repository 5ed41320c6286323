"""A list to choose from: a few lines, narrowed by what is typed, also by pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from backend.text import fold
from backend.words import Message
from screens.columns import Cell
from screens.shell import shell
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.line import paint
from screens.widgets.sheet import padded


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    key: str
    text: str
    note: str = ""
    """Beside it, dim: who it is, why it is off."""
    search: str = ""
    """More that it is found by: pinyin initials, codes."""
    off: bool = False
    """Shown, but can't be chosen; the note says why."""
    name: str = ""
    """What it is called where the text says more."""
    why: str = ""
    """Why it is off, where the text says it and not the note."""

    @property
    def folded(self) -> tuple[str, str]:
        """The texts in which it is looked for: what it is called, and that with what is noted beside it.

        What it may begin with stands behind a bar, a further word of its name behind a slash. A note's words stay
        apart: what is found is a part of one of them, and no end of one with the beginning of the next.
        """
        parts = ("", self.text, *self.search.split(), self.key)
        called = "/".join(("|".join(map(fold, parts)), *map(fold, self.text.split()[1:])))
        return called, "/".join((called, *map(fold, self.note.split())))


DIGITS = "123456789"


class Choices(Widget, inherit_bindings=False):
    """The choices that match, one of them chosen; with digits before those that are shown, where asked for."""

    ALLOW_SELECT = False

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        most: int = 8,
        numbered: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self.most = most
        """Lines at most."""
        self.numbered = numbered
        """Whether a digit stands before each that is shown and can be chosen."""
        self.all = tuple(choices)
        self.matching: tuple[Choice, ...] = self.all
        self.place = next((place for place, choice in enumerate(self.all) if not choice.off), 0)
        self.top = 0
        self._typed = ""
        self._folded: dict[Choice, tuple[str, str]] = {}
        """Thousands of places are looked through at every key: their texts are folded once."""

    @property
    def chosen(self) -> Choice | None:
        """The one that is chosen, None where nothing matches."""
        return self.matching[self.place] if self.matching else None

    def why_off(self) -> Message | None:
        """Why the one that is chosen can't be taken, None where it can, or where nothing matches."""
        one = self.chosen
        if one is None or not one.off:
            return None
        why = one.why or one.note
        return Message(
            "ui.choices.off" if why else "ui.choices.off.bare",
            {"name": one.name or one.text.strip(), "why": why},
        )

    def fill(self, choices: Sequence[Choice]) -> None:
        """Other choices; what was typed holds on."""
        self.all = tuple(choices)
        self.narrow(self._typed)
        self.refresh(layout=True)

    def found(self, typed: str) -> list[Choice]:
        """Those with these words: first what is called so, of these what begins so, then what has them in its note,
        and last what can't be chosen."""
        words = [fold(word) for word in typed.split()]
        if not words:
            return list(self.all)
        if len(self._folded) != len(self.all):
            self._folded = {choice: choice.folded for choice in self.all}
        start = f"|{words[0]}"

        def order(choice: Choice) -> tuple[bool, bool, bool, bool]:
            called = self._folded[choice][0]
            begins = all(f"|{word}" in called or f"/{word}" in called for word in words)
            return choice.off, any(word not in called for word in words), start not in called, not begins

        found = [choice for choice in self.all if all(word in self._folded[choice][1] for word in words)]
        found.sort(key=order)
        return found

    def narrow(self, typed: str) -> None:
        """Only those with these words; the nearest first where one starts with them."""
        self._typed = typed
        self.matching = tuple(self.found(typed))
        self.top = 0
        self.place = next((place for place, choice in enumerate(self.matching) if not choice.off), 0)
        self.refresh()

    def choose(self, key: str) -> bool:
        """Choose one by its key, among all."""
        for place, choice in enumerate(self.matching):
            if choice.key == key:
                self._go(place)
                return True
        return False

    def step(self, lines: int) -> None:
        """Choose another one further down or up."""
        if self.matching:
            self._go(max(0, min(self.place + lines, len(self.matching) - 1)))

    def numbers(self) -> dict[str, Choice]:
        """Which digit chooses which: those that are shown now and are on, from the top."""
        shown = self.matching[self.top : self.top + self.most]
        return dict(zip(DIGITS, (choice for choice in shown if not choice.off), strict=False))

    def picked(self, typed: str) -> Choice | None:
        """The choice whose digit was typed last, where the digit can't be part of what is looked for."""
        choice = self.numbers().get(typed[-1:]) if self.numbered else None
        if choice is None:
            return None
        # A short list is chosen from by digits alone; in a long one they may be part of a code.
        return choice if len(self.all) <= len(DIGITS) or not self.found(typed) else None

    def relook(self) -> None:
        """Draw anew."""
        self.refresh()

    def _go(self, place: int) -> None:
        """Choose the one at a place, and have it in view. A step over the edge turns half of the lines: in a box there
        are no whole lines for the terminal to scroll, so that each one would cost them all."""
        was, top, self.place = self.place, self.top, place
        rows = min(self.most, len(self.matching))
        self.top = min(max(top, place - rows + 1), place)
        if self.top == top:
            for line in {was - top, place - top}:
                self.refresh(Region(0, line, self.size.width, 1))
            return
        if abs(place - was) == 1:
            self.top = max(0, min(place - rows // 2, len(self.matching) - rows))
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        # As high as with all of them, however few match: what is typed moves nothing around it.
        return max(1, min(self.most, len(self.all)))

    def render_line(self, y: int) -> Strip:
        around, width = shell(self), self.size.width
        look, place = around.look, self.top + y
        if not self.matching:
            text = look.word("ui.choices.none") if y == 0 else ""
            return paint([Cell(f"  {text}", "dim")], width, around.palette, self.rich_style)
        if place >= len(self.matching):
            return paint((), width, around.palette, self.rich_style)
        choice, here = self.matching[place], place == self.place
        wide = self._wide(width)
        edge = shape("cursor", look.ascii) if here else " "
        pieces = [
            Cell(f"{edge} "),
            *self._digit(choice),
            Cell(fit(choice.text, wide) if choice.note else choice.text),
        ]
        if choice.note:
            pieces.append(Cell(f" {choice.note}", "" if here and not look.lite else "dim"))
        fill = "dim" if choice.off else "chosen" if here and not look.lite else ""
        if y == self.most - 1 and (below := len(self.matching) - place - 1):
            mark = f" {shape('down', look.ascii)} {look.word('ui.choices.rest', count=below)}"
            pieces = [*padded(pieces, width - cell_len(mark)), Cell(mark, "strong")]
        return paint(pieces, width, around.palette, self.rich_style, fill=fill)

    def _wide(self, width: int) -> int:
        """Cells for the words of those that are shown: as many as they need where their notes fit beside them."""
        shown = self.matching[self.top : self.top + self.most]
        room = width - (5 if self.numbered else 2)
        words = max((cell_len(choice.text) for choice in shown), default=0)
        notes = max((cell_len(choice.note) for choice in shown), default=0)
        if words + notes < room:
            return words
        return max(width // 2, width - 40) - (3 if self.numbered else 0)

    def _digit(self, choice: Choice) -> list[Cell]:
        if not self.numbered:
            return []
        digit = next((digit for digit, one in self.numbers().items() if one is choice), " ")
        return [Cell(f"{digit}  ", "strong")]
