"""One line to type into: the framework's, without blinking (which repaints for ever), and without its own keys."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from backend.text import clean


class Entry(Input, inherit_bindings=False):
    """A line to type into. What is pasted is text: it loses what a terminal would obey, and presses no keys."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        # The usual keys of a line, without those that cut and copy to the terminal's clipboard or that lines swallow.
        Binding("left", "cursor_left", show=False),
        Binding("right", "cursor_right", show=False),
        Binding("ctrl+left", "cursor_left_word", show=False),
        Binding("ctrl+right", "cursor_right_word", show=False),
        Binding("home", "home", show=False),
        Binding("end,ctrl+e", "end", show=False),
        Binding("backspace", "delete_left", show=False),
        Binding("delete", "delete_right", show=False),
        Binding("ctrl+w", "delete_left_word", show=False),
        Binding("ctrl+u", "delete_left_all", show=False),
        Binding("ctrl+k", "delete_right_all", show=False),
        Binding("enter", "submit", show=False),
    ]

    def __init__(self, value: str = "", *, placeholder: str = "", **options: Any) -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False, **options)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """Nothing that a terminal obeys gets in, however it came."""
        return value if value.isprintable() else str(clean(value, limit=500))
