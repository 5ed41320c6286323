"""What a screen or a widget may ask of the program around it, without knowing it (`console.app` is it)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from backend.words import Message, Outcome
from screens.facts import Facts
from screens.look import Look
from screens.tones import Palette

RESTS = 0.5
"""Seconds of rest where the line is slow: who steps on before that wants the row, not what is beside it."""

if TYPE_CHECKING:
    from textual.dom import DOMNode

    # Only for the type's name: importing it loads the database, which comes after the first paint.
    from backend.desk.desk import Desk
    from screens.action import Action


class Shell(Protocol):
    """The program around the screens."""

    @property
    def look(self) -> Look:
        """How this person is spoken to, now."""
        ...

    @property
    def palette(self) -> Palette:
        """The theme's style of each tone."""
        ...

    @property
    def traffic(self) -> str:
        """How busy the line to the terminal is, in words; empty where the person need not be told."""
        ...

    @property
    def tight(self) -> bool:
        """Whether the line is slow: lite mode is worn, or it was measured to be."""
        ...

    @property
    def desk(self) -> Desk | None:
        """The desk, None until it is open."""
        ...

    @property
    def facts(self) -> Facts:
        """What stands around every screen."""
        ...

    def open_page(self, name: str, key: str) -> None:
        """Show one thing (`screens.registry`)."""
        ...

    def show(self, dialog: Any, then: Callable[[Any], None], *, by: str = "") -> None:
        """Open a dialog; ``then`` gets what it gives, None where it was closed. ``by`` is the action that opened it."""
        ...

    def settled(self, screen: Any) -> None:
        """A screen has read what it shows: a form that was open when the line was cut can be opened again."""
        ...

    def draft(self, slot: str) -> dict[str, Any]:
        """What was typed into a form that was not sent."""
        ...

    def keep_draft(self, slot: str, values: dict[str, str] | None) -> None:
        """Keep what was typed; None drops it."""
        ...

    @property
    def pressed(self) -> float:
        """When the key was struck whose turn it is, in seconds of the machine's own clock."""
        ...

    def hold(self) -> Callable[[], None]:
        """Let keys wait: what the last one opens is still being read. Call what it returns once that is shown."""
        ...

    def postpone(self, what: Action, words: Sequence[str]) -> None:
        """Do an action as soon as the desk is open; keys struck after it wait for it."""
        ...

    def repaint(self) -> None:
        """Send the whole screen again: something else has written to the terminal."""
        ...

    def copy(self, text: str) -> None:
        """Put a text on the clipboard of the person's own terminal."""
        ...

    def export(self, name: str, text: str) -> str:
        """Write a file of the person's own; returns where. Called in a thread."""
        ...

    def sit(self, person: str) -> None:
        """Seat somebody else at this console: they have taken the shift over."""
        ...

    def leave(self) -> None:
        """Leave the page on top; nothing where there is none."""
        ...

    def now(self) -> int:
        """The present instant by the injected clock, epoch seconds."""
        ...

    def tell(self, what: Message | Outcome) -> None:
        """Show the person one line: the outcome of an act, or why something is off."""
        ...

    def work(
        self,
        task: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[Message], None] | None = None,
        name: str = "",
    ) -> None:
        """Do something slow in a thread, then ``done`` with its answer in the screens' own thread."""
        ...

    def remembered(self, slot: str) -> dict[str, Any] | None:
        """What this person had on a screen when they were last here."""
        ...

    def noted(self) -> None:
        """Something worth remembering has changed: save it soon."""
        ...


def rest(around: Shell, seconds: float) -> float:
    """Seconds that the cursor must rest on a row before what is told beside it follows."""
    return max(seconds, RESTS) if around.tight else seconds


def shell(node: DOMNode) -> Shell:
    """The program around a widget."""
    return cast(Shell, node.app)
