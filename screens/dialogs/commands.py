"""The commands: everything that can be done here, found by a few letters of its name in either language.

``:`` and ctrl+p open the same list. A name may be followed by what it takes (``:filter 牡丹``, ``:theme light``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backend.words import Message
from screens.action import Action
from screens.actions import key_name
from screens.dialogs.pick import Pick
from screens.look import Look
from screens.widgets.choices import Choice
from screens.widgets.entry import Entry

_HIDDEN = ("move.", "app.commands", "app.back")
"""What nobody looks for by name."""


def choices(
    actions: Sequence[Action], look: Look, why_off: Callable[[Action], Message | None]
) -> list[Choice]:
    """What can be done here as a list; what is off says why."""
    found = []
    for one in actions:
        if one.id.startswith(_HIDDEN):
            continue
        why = why_off(one)
        keys = key_name(one.keys[0], look.language) if one.keys else ""
        names = " ".join(f":{name}" for name in one.names[:1])
        takes = f" {look.word(one.takes)}" if one.takes else ""
        found.append(
            Choice(
                one.id,
                one.help(look.language),
                look.say(why) if why else f"{keys:<8}{names}{takes}",
                f"{one.title('zh')} {one.title('en')} {' '.join(one.names)}",
                off=why is not None,
            )
        )
    return found


class Commands(Pick):
    """The list; gives the action's id, and what was typed after its name behind a space."""

    def typed(self, text: str) -> None:
        """Narrow the list to what is typed; behind a whole name comes what it takes."""
        name, space, _ = text.partition(" ")
        named = self._named(name)
        self.choices.narrow("" if space and named else text.lstrip(":"))
        if named is not None:
            self.choices.choose(named)

    def _named(self, name: str) -> str | None:
        """The action of exactly that name."""
        from screens.actions import ACTIONS

        name = name.lstrip(":").lower()
        held = {choice.key for choice in self.choices.all}
        return next((one.id for one in ACTIONS if name in one.names and one.id in held), None)

    def do_pick_take(self) -> None:
        """Do the chosen one, with what was typed after its name."""
        chosen = self.choices.chosen
        if chosen is None:
            return
        if chosen.off:
            self.tell(Message("ui.commands.off", {"why": chosen.note}))
            return
        name, _, rest = self.query_one(Entry).value.strip().partition(" ")
        self.dismiss(f"{chosen.key} {rest.strip()}" if self._named(name) == chosen.key else chosen.key)
