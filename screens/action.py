"""What an action is, how dangerous one can be, and when one is off; `screens.actions` holds the actions themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, runtime_checkable

from backend.words import Message, entry, word
from backend.words.say import Language


class Danger(IntEnum):
    """What can go wrong with a slip of the hand."""

    LOOK = 0
    """Changes nothing but the view."""
    ACT = 1
    """An act that can be recalled, or is easily put right."""
    ARMED = 2
    """Asks first, and is committed with another key than the one that started it."""
    GRAVE = 3
    """Cannot be taken back: asks for two characters that only this dialog shows."""


@runtime_checkable
class Where(Protocol):
    """What an action looks at to know whether it is off."""

    def ready(self) -> bool:
        """Whether the desk is open."""
        ...

    def has_row(self) -> bool:
        """Whether something is selected."""
        ...

    def replay(self) -> bool:
        """Whether the city is a replay."""
        ...

    def role(self) -> str:
        """What the person is: seat, supervisor, administrator, member."""
        ...

    def refusal(self, act: str) -> Message | None:
        """Why this person may not do this to what is selected; None where they may."""
        ...

    def no_page(self) -> Message | None:
        """Why Enter opens nothing for what is selected; None where it does."""
        ...


Off = Callable[["Where", "Action"], Message | None]
"""Says why an action is off now, None when it is on."""


def always(_where: Where, _action: Action) -> Message | None:
    """Never off."""
    return None


def with_desk(where: Where, _action: Action) -> Message | None:
    """Off until the desk is open."""
    return None if where.ready() else Message("ui.off.opening")


def in_replay(where: Where, action: Action) -> Message | None:
    """Off at a real seat: who sits there is told by the login."""
    return with_desk(where, action) or (None if where.replay() else Message("ui.off.real_seat"))


def on_row(where: Where, action: Action) -> Message | None:
    """Off where nothing is selected."""
    return with_desk(where, action) or (None if where.has_row() else Message("ui.off.no_row"))


def opening(where: Where, action: Action) -> Message | None:
    """Off where nothing is selected, or what is has no page."""
    return on_row(where, action) or where.no_page()


def as_allowed(where: Where, action: Action) -> Message | None:
    """Off where the desk would refuse the act, with the desk's own reason."""
    return on_row(where, action) or where.refusal(action.id.rpartition(".")[2])


def where_allowed(where: Where, action: Action) -> Message | None:
    """The same for what needs no row: an empty list is taken over too."""
    return with_desk(where, action) or where.refusal(action.id.rpartition(".")[2])


SUPERVISORS = ("supervisor", "administrator")
"""Roles that see the supervisor's screen (``supervise.look`` of `backend.access.rights`)."""
ADMINISTRATORS = ("administrator",)
"""Roles that see the administrator's (``person.manage``, ``audit.read``)."""


def for_supervisors(where: Where, action: Action) -> Message | None:
    """Off for those who supervise nobody."""
    return with_desk(where, action) or _role(where, SUPERVISORS, "supervise.look")


def for_administrators(where: Where, action: Action) -> Message | None:
    """Off for those who administer nothing."""
    return with_desk(where, action) or _role(where, ADMINISTRATORS, "person.manage")


def _role(where: Where, roles: tuple[str, ...], what: str) -> Message | None:
    role = where.role()
    return None if role in roles else Message("access.role", {"role": role, "what": what, "needed": roles[0]})


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do."""

    id: str
    """``<subject>.<verb>``; the last part is the act's name at the desk."""
    keys: tuple[str, ...]
    """Textual's names of keys; the first is the one shown."""
    scopes: tuple[str, ...]
    """Where it is offered: ``app`` everywhere, ``board`` and ``page`` by kind of screen, or names of screens."""
    rank: int = 0
    """Its turn in the footer, 1 first; 0 is not shown there."""
    danger: Danger = Danger.LOOK
    off: Off = always
    names: tuple[str, ...] = ()
    """What it is called on the command line, besides its title in either language."""
    takes: str = ""
    """The code of what it takes after its name on the command line, empty for nothing."""
    asks: bool = False
    """More is asked before it is done: the keys that follow are meant for that (`screens.chord`)."""

    def title(self, language: Language) -> str:
        """One or two words, for the footer and lists."""
        return word(f"action.{self.id}", language)

    def help(self, language: Language) -> str:
        """A sentence, where there is one; else the title."""
        return entry(f"action.{self.id}.about", language) or self.title(language)

    @property
    def digit(self) -> bool:
        """Whether its key is a digit: a dialog's choices have those too."""
        return any(key.isdecimal() for key in self.keys)

    @property
    def method(self) -> str:
        """The name of the method that does it."""
        return "do_" + self.id.replace(".", "_")
