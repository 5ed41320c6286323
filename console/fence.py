"""The framework, fenced: what a seat must not reach is off, and an error of ours shows nothing of what it handled.

Off (threats.md, 22): its command palette with screenshots and theme files, devtools, suspending, opening links, its own
keys, its greys for NO_COLOR. `Fenced.check` asserts it at the start.
"""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.filter import ANSIToTruecolor
from textual.timer import Timer

from backend.words import Message
from backend.words.say import Language
from console.crash import keep
from console.terminal.grammar import Ledger
from console.terminal.letters import Letters
from console.theme import dress, pick
from screens.once import once


class FenceBroken(AssertionError):
    """Something of the framework is on that must be off: the console does not start."""


class Fenced(App[int], inherit_bindings=False):
    """The framework's app with only what we use of it."""

    TITLE = "Gridseat"
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = ""
    ALLOW_SELECT: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = []
    language: Language = "zh"
    parting: Message | None = None
    """What to say once the screen is gone."""
    letters: Letters
    """What the terminal has letters for."""
    dressed = "dark"
    in256 = False
    """The theme that is worn (`console.theme`)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ledger = Ledger()
        """What was on its way to the terminal and was stopped (`console.terminal`)."""

    def set_timer(self, *words: Any, **named: Any) -> Timer:
        """As the framework's, and done even where its turn comes late (`screens.once`)."""
        return once(super().set_timer(*words, **named))

    # The two things that are sent beside what is shown, each by a door of its own.

    def bell(self) -> None:
        """Ring the terminal's bell."""
        ring = getattr(self._driver, "bell", None)
        if callable(ring):
            ring()
        else:
            super().bell()

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the clipboard of the person's own terminal."""
        put = getattr(self._driver, "copy", None)
        if callable(put):
            self._clipboard = text
            put(text)
        else:
            super().copy_to_clipboard(text)

    def check(self) -> None:
        """Assert that what must be off is off.

        Raises:
            FenceBroken: it is not.
        """
        on = [
            name
            for name, found in (
                ("command palette", self.use_command_palette),
                (
                    "devtools",
                    self.devtools is not None or "devtools" in self.features or "debug" in self.features,
                ),
                ("keys of the framework", bool(self._bindings.key_to_bindings)),
                (
                    "filters of the framework",
                    any(not isinstance(one, ANSIToTruecolor | Letters) for one in self._filters),
                ),
            )
            if found
        ]
        if on:
            raise FenceBroken(", ".join(on))

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Opens nothing: a link in a text from outside must not start a program."""

    def action_suspend_process(self) -> None:
        """Suspends nothing: behind the console there is no shell."""

    def deliver_screenshot(self, *_words: Any, **_options: Any) -> None:
        """Writes no pictures."""

    def _set_pointer_shape(self, shape: str) -> None:
        """Changes no pointer: an OSC that some terminals print, for a mouse that is off."""

    def wear(self, asked: str, background: str = "") -> None:
        """Put a theme on: the one asked for, or what the terminal can show."""
        self.dressed = pick(
            asked, no_color=self.no_color, depth=self.console.color_system, background=background
        )
        self.in256 = self.console.color_system == "256"
        theme = dress(self.dressed, in256=self.in256).theme
        self.register_theme(theme)
        # The framework's own filters for NO_COLOR turn its colours into greys, or into black on black.
        self._filters = [*(one for one in self._filters if isinstance(one, ANSIToTruecolor)), self.letters]
        if self.is_running:
            self.theme = theme.name
        else:
            self.set_reactive(App.theme, theme.name)
            # Or the terminal's own sixteen colours, and none at all, would be turned into somebody else's.
            self._refresh_truecolor_filter(self.ansi_theme)
            self.stylesheet.set_variables(self.get_css_variables())

    def panic(self, *_renderables: Any) -> None:
        """Ends the program; what the framework has to say about it may quote what came from outside."""
        self._fatal_error()

    def give_back(self) -> None:
        """Give the terminal back by the shortest way, where it is still held."""
        restore = getattr(self._driver, "restore", None)
        if callable(restore):
            restore()

    def keep_what_is_shown(self) -> None:
        """Called when an error of ours ends the program, while the screens are still there."""

    def _fatal_error(self) -> None:
        """An error of ours: no locals on the screen, none in the log; the framework would print both."""
        error = self._exception or RuntimeError("unknown")
        self.bell()
        self.parting = Message("ui.fault", {"error": type(error).__name__, "path": str(keep(error))})
        self.keep_what_is_shown()
        self._close_messages_no_wait()
