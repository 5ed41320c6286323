"""What holds the screens up: it paints first and opens the desk afterwards; who sits down finds what they had.

What a person does with the program is in `console.app`, what a screen shows in ``screens``, what is true in
``backend``. Below this lie `console.lines`, `console.ticking`, `console.memory` and `console.services`.
"""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ModeError, ScreenError
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.screen import Screen
from textual.types import CSSPathType
from textual.widget import MountError

from backend.clock import Clock
from backend.words import Message
from console.exit import Exit
from console.lines import Lines
from console.services import Options
from console.session import SLOT, Session
from console.terminal import seams
from console.terminal.charset import no_unicode
from console.terminal.stock import StockDriver
from console.wiring import Wiring
from screens import registry
from screens.action import Action
from screens.actions import MAIN, action
from screens.facts import Facts
from screens.frame import GridScreen

if TYPE_CHECKING:
    from rich.console import RenderableType

    from backend.desk.desk import Desk

__all__ = ["Core", "Options", "styles"]

TICK = 0.5
"""Seconds between two looks at whether anybody has written: the other seats' work is seen at once."""
WAKE = 3.0
"""Seconds after which the jobs start even though the first board has not been read."""

TAKEN_AWAY = (NoMatches, NoScreen, ScreenError, ModeError, MountError)
"""How the framework says that a part, a screen, a stack of screens is not there."""


def styles(folder: Path) -> list[Path]:
    """The style files: what all screens share, then each screen's own."""
    return sorted(folder.glob("*.tcss"), key=lambda path: (path.name != "app.tcss", path.name))


class Core(Lines, inherit_bindings=False):
    """The program without its actions."""

    # Every screen's rules at once: one that came later would have the framework parse all of them again.
    CSS_PATH: ClassVar[CSSPathType] = [str(path) for path in styles(Path(registry.__file__).parent)]
    DEFAULT_MODE = MAIN[0]

    def __init__(
        self,
        wiring: Wiring,
        options: Options | None = None,
        *,
        clock: Clock | None = None,
        screens: Callable[[str], GridScreen] = registry.main_screen,
        pages: Callable[[str, str], GridScreen] = registry.page,
    ) -> None:
        super().__init__(wiring, options, clock=clock)
        self.driver_class = seams.driver_class(stock=self.options.stock_terminal)
        self._pages = pages
        self._modes = {name: partial(self._made, screens, name) for name in MAIN}
        self._woken = False
        self._reopen = ""
        self._let_go: Callable[[], None] | None = None
        """Lets the keys go on that wait until somebody who has just sat down sees what they may do."""
        self._postponed: tuple[Action, Sequence[str]] | None = None
        """What was asked for before the desk was open."""
        self.dress_up()
        self.check()

    def _made(self, screens: Callable[[str], GridScreen], name: str) -> GridScreen:
        screen = screens(name)
        # The framework would parse every rule again for a screen that has never been styled; they have just been.
        screen._css_update_count = self._css_update_count
        return screen

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Do what a key is for; where that is nothing here, say so."""
        if await super()._check_bindings(key, priority):
            return True
        if not priority and isinstance(self.screen, GridScreen):
            self.screen.unheard(key)
        return False

    # Pages and dialogs.

    def open_page(self, name: str, key: str) -> None:
        """Show one thing over the screen; the same thing twice is one page."""
        page = self._pages(name, key)
        here = self.screen
        if isinstance(here, GridScreen) and here.slot == page.slot:
            return
        self.push_screen(cast("Screen[None]", page))
        self.noted()

    def leave(self) -> None:
        """Leave the page on top; nothing where there is none."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
            self.noted()

    def show(self, dialog: Any, then: Callable[[Any], None], *, by: str = "") -> None:
        """Open a dialog over the screen."""
        self.session.open_form = by

        def closed(given: Any) -> None:
            self.session.open_form = ""
            self.noted()
            then(given)
            if self.owing:
                self.call_later(self._bring_back)

        self.push_screen(dialog, closed)
        self.noted()

    def settled(self, screen: Any) -> None:
        """Start what waits for the first board, and open the form again that was open when the line was cut."""
        self._awake()
        here = self.screen
        if here is screen and self._postponed is not None and isinstance(here, GridScreen):
            (what, words), self._postponed = self._postponed, None
            here.perform(what, *words)
        if here is screen and self._let_go is not None:
            self._let_go()
            self._let_go = None
        if self._reopen and here is screen and isinstance(here, GridScreen):
            name, self._reopen = self._reopen, ""
            here.perform(action(name))

    def postpone(self, what: Action, words: Sequence[str]) -> None:
        """Do it once the first board is there."""
        if self._postponed is None and self.desk is None:
            self._postponed = what, words
            self._let_go = self.hold(WAKE)

    def _handle_exception(self, error: Exception) -> None:
        """End the program with what went wrong; what a screen misses while the end takes it away is nothing."""
        if not (self._exit and isinstance(error, TAKEN_AWAY)):
            super()._handle_exception(error)

    # What goes to the terminal.

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send only what is text, and does not stand there already."""
        goes = self._running and not (self._batch_count or self._closed or self.is_headless)
        driver, update = cast(Any, self._driver), cast(Any, renderable)
        ours = getattr(driver, "takes", None)
        if goes and ours is not None and ours(update):
            try:
                place = screen.outer_size.clamp_offset(self.cursor_position)
                # Home is where it stands before anybody has asked for it.
                cursor = (place.x, place.y) if place else None
                driver.display(update, self.size, cursor, sync=self._sync_available)
            except Exception as error:
                self._handle_exception(error)
            finally:
                self.post_display_hook()
            return
        if goes and update is not None:
            update = seams.gated(update, self.ledger, self.mark)
        super()._display(screen, update)

    def forget_sent(self) -> None:
        """Show everything anew: nobody knows what stands in the terminal."""
        driver = self._driver
        if callable(forget := getattr(driver, "forget", None)):
            forget()
        elif isinstance(driver, StockDriver):
            # The framework's own frames go where they belong, but for a scrolling region that somebody has left.
            driver.write("\x1b[0m\x1b[r")

    def repaint(self) -> None:
        """Send the whole screen again, whatever the terminal shows."""
        self.forget_sent()
        self.refresh(repaint=True, layout=True)
        self.screen.refresh(repaint=True, layout=True)

    # Beginning.

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()

        def told(*_: object) -> None:
            # In the midst of whatever computes: the bound holds also where the loop does not come to it.
            self.cut()
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self.hang_up)

        for name in ("SIGHUP", "SIGTERM"):
            # Only the main thread of a process can listen to signals; a test's app need not.
            with suppress(ValueError, AttributeError):
                signal.signal(getattr(signal, name), told)
        # The first frame is out before the store's libraries are even imported.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.work(self._open, self._opened, failed=self._refused, name="open the desk")

    def _open(self) -> tuple[Desk, Facts, str | None]:
        desk = self.wiring.open()
        self.wiring.speak(desk, self.language)
        # What else the header tells is asked when the first board is there (`_awake`).
        return desk, self.wiring.who(desk, self.language), self.wiring.load(desk, SLOT)

    def _refused(self, why: Message) -> None:
        self.parting = why
        self.exit(Exit.STORE, return_code=Exit.STORE)

    def _opened(self, found: tuple[Desk, Facts, str | None]) -> None:
        self.desk, self.facts, kept = found
        self.session = Session.read(
            kept, lambda name: name in registry.MAIN_SCREENS or name in registry.PAGES
        )
        self._saved = self.session.text()
        self._look = None
        self.title = self.TITLE
        if self.current_mode != self.DEFAULT_MODE:
            # Somebody was quicker than the desk: where they went is where they want to be.
            self.session.screen, self.session.pages = self.current_mode, []
        self._recall()
        self.set_interval(TICK, self._tick)
        # A first board that can't be read must not keep the jobs waiting.
        self.set_timer(WAKE, self._awake)

    def _awake(self) -> None:
        """The first board is there: start the jobs, whose libraries it did not need, and the collector again."""
        desk = self.desk
        if self._woken or desk is None:
            return
        self._woken = True
        gc.enable()

        def begun(_: None) -> None:
            # What start-up made lives as long as the program: the collector need not walk it at every key.
            gc.freeze()

        begun(None)
        self._tick()
        if not self.options.unicode:
            self.tell(no_unicode(self.options.charset))
        self.work(lambda: self.wiring.begin(desk), begun, name="start the jobs")

    def _take_seat(self, found: tuple[Desk, Facts, str | None]) -> None:
        """A person sits down: show what they had before them."""
        self.desk, self.facts, kept = found
        self.session = Session.read(
            kept, lambda name: name in registry.MAIN_SCREENS or name in registry.PAGES
        )
        self._saved = self.session.text()
        self._stamp = None
        self._look = None
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._recall()

    def _recall(self) -> None:
        """Bring back what the person had before them."""
        desk, session = self.desk, self.session
        assert desk is not None
        self._reopen = session.open_form
        for screen in self._frames():
            if (kept := session.slots.get(screen.slot)) is not None:
                screen.restore(kept)
            screen.show_facts()
            screen.relook()
            screen.opened(desk)
        self.owing = True
        self._bring_back()

    def _bring_back(self) -> None:
        """Show the screen and the pages that were open, once no question stands before the person any more."""
        if not self.owing or self._exit or not isinstance(self.screen, GridScreen):
            return
        self.owing = False
        if self.session.screen and self.session.screen != self.current_mode:
            self.switch_mode(self.session.screen)
        for name, key in self.session.pages:
            self.open_page(name, key)
