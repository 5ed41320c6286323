"""A list to choose from: a few lines, narrowed by what is typed, also by pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from backend.text import fold
from screens.columns import Cell
from screens.shell import shell
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.line import paint


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

    def takes(self, words: Sequence[str]) -> bool:
        """Whether it has all of these folded words."""
        held = fold(f"{self.text}|{self.search}|{self.note}|{self.key}")
        return all(word in held for word in words)


class Choices(Widget, inherit_bindings=False):
    """The choices that match, one of them chosen."""

    ALLOW_SELECT = False

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        most: int = 8,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self.most = most
        """Lines at most."""
        self.all = tuple(choices)
        self.matching: tuple[Choice, ...] = self.all
        self.place = 0
        self.top = 0
        self._typed = ""

    @property
    def chosen(self) -> Choice | None:
        """The one that is chosen, None where nothing matches."""
        return self.matching[self.place] if self.matching else None

    def fill(self, choices: Sequence[Choice]) -> None:
        """Other choices; what was typed holds on."""
        self.all = tuple(choices)
        self.narrow(self._typed)

    def narrow(self, typed: str) -> None:
        """Only those with these words; the nearest first where one starts with them."""
        self._typed = typed
        words = [fold(word) for word in typed.split()]
        found = [choice for choice in self.all if choice.takes(words)]
        if words:
            start = words[0]
            found.sort(key=lambda choice: not fold(choice.text).startswith(start))
        self.matching = tuple(found)
        self.place = self.top = 0
        self.refresh(layout=True)

    def choose(self, key: str) -> bool:
        """Choose one by its key, among all."""
        for place, choice in enumerate(self.matching):
            if choice.key == key:
                self.place = place
                self._show()
                return True
        return False

    def step(self, lines: int) -> None:
        """Choose another one further down or up."""
        if self.matching:
            self.place = max(0, min(self.place + lines, len(self.matching) - 1))
            self._show()

    def relook(self) -> None:
        """Draw anew."""
        self.refresh()

    def _show(self) -> None:
        rows = min(self.most, len(self.matching))
        self.top = min(max(self.top, self.place - rows + 1), self.place)
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return max(1, min(self.most, len(self.matching)))

    def render_line(self, y: int) -> Strip:
        around, width = shell(self), self.size.width
        look, place = around.look, self.top + y
        if not self.matching:
            text = look.word("ui.choices.none") if y == 0 else ""
            return paint([Cell(f"  {text}", "dim")], width, around.palette, self.rich_style)
        if place >= len(self.matching):
            return paint((), width, around.palette, self.rich_style)
        choice, here = self.matching[place], place == self.place
        wide = max(len(choice.note) and width // 2, width - 40) if choice.note else width - 2
        edge = shape("cursor", look.ascii) if here else " "
        pieces = [Cell(f"{edge} "), Cell(fit(choice.text, wide) if choice.note else choice.text)]
        if choice.note:
            pieces.append(Cell(f" {choice.note}", "" if here else "dim"))
        fill = "chosen" if here and not choice.off else "dim" if choice.off else ""
        return paint(pieces, width, around.palette, self.rich_style, fill=fill)
