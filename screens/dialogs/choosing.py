"""What the dialogs have in common that give one of a list: how its pointer moves, and what is taken or refused."""

from __future__ import annotations

from screens.dialogs.base import Dialog
from screens.widgets.choices import Choices


class Choosing(Dialog[str]):
    """A box with a list; gives the key of the choice. What can't be chosen says why."""

    KIND = "pick"
    most = 12
    """Lines at most."""

    @property
    def choices(self) -> Choices:
        """The list."""
        return self.query_one(Choices)

    def do_pick_take(self) -> None:
        """Take the chosen one, or say why it can't be."""
        chosen, why = self.choices.chosen, self.choices.why_off()
        if why is not None:
            self.tell(why)
        elif chosen is not None:
            self.dismiss(chosen.key)

    def do_pick_down(self) -> None:
        self.choices.step(1)

    def do_pick_up(self) -> None:
        self.choices.step(-1)

    def do_pick_page_down(self) -> None:
        self.choices.step(self.most)

    def do_pick_page_up(self) -> None:
        self.choices.step(-self.most)
