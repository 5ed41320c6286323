"""What every dialog is made of: a box with a title, its content, and a line of its keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from backend.words import Message
from screens.action import Action
from screens.actions import action, bindings
from screens.columns import Cell
from screens.shell import Shell, shell
from screens.widgets.footer import Above, Footer
from screens.widgets.line import Line

T = TypeVar("T")


class TitleLine(Line):
    """A dialog's name."""

    fill = "chosen"

    def __init__(self, title: Message, tone: str = "") -> None:
        super().__init__(classes="title")
        self.title = title
        if tone:
            self.fill = tone

    def pieces(self) -> list[Cell]:
        return [Cell(f"  {shell(self).look.say(self.title)}")]


class Dialog(ModalScreen[T], inherit_bindings=False):
    """A box over the screen; Esc closes it with nothing done."""

    KIND: ClassVar[str] = "read"
    """Its scope in the table of actions, besides ``dialog``."""
    WIDE: ClassVar[bool] = False
    """Takes as much room as there is."""
    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    def __init_subclass__(cls, **options: Any) -> None:
        cls.BINDINGS = cast(list[BindingType], bindings("dialog", cls.KIND))
        super().__init_subclass__(inherit_bindings=False, **options)

    def __init__(self, title: Message, *, tone: str = "") -> None:
        super().__init__()
        self._title = title
        self._tone = tone

    @property
    def shell(self) -> Shell:
        """The program around."""
        return shell(self)

    def content(self) -> ComposeResult:
        """The widgets between the title and the keys."""
        yield from ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide" if self.WIDE else "box"):
            yield TitleLine(self._title, self._tone)
            with Vertical(classes="content") as content:
                self._make_room(content, self.app.size.height)
                yield from self.content()
            yield Above()
            yield Footer(("dialog", self.KIND))

    def on_resize(self, _event: events.Resize) -> None:
        """The title and the keys always stay in view: what is between them scrolls where it is too long."""
        self._make_room(self.query_one(".content"), self.size.height)

    def _make_room(self, content: Widget, lines: int) -> None:
        room = max(3, lines - 4)
        content.styles.max_height = room
        if self.WIDE:
            content.styles.height = room

    def relook(self) -> None:
        """Draw all anew."""
        for widget in self.walk_children(Widget):
            again = getattr(widget, "relook", None)
            if callable(again):
                again()

    def why_off(self, what: Action) -> Message | None:  # noqa: ARG002 - a dialog's keys are never off
        """Why an action is off here."""
        return None

    def action_perform(self, name: str) -> None:
        """Every key of a dialog ends here."""
        what = action(name)
        for node in self._performers():
            method = getattr(node, what.method, None)
            if callable(method):
                method()
                return

    def _performers(self) -> Iterable[object]:
        if self.focused is not None:
            yield from self.focused.ancestors_with_self
        else:
            yield self
        yield from self.walk_children(Widget)

    def tell(self, what: Message) -> None:
        """Show one line where the keys are."""
        self.query_one(Footer).tell(what)

    def do_dialog_close(self) -> None:
        """Leave it with nothing done."""
        self.dismiss(None)

    def do_dialog_repaint(self) -> None:
        """Send the whole screen again."""
        self.shell.repaint()
