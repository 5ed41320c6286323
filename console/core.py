"""What holds the screens up: it paints first and opens the desk afterwards; threads, the tick, looks, memory.

What a person does with the program is in `console.app`, what a screen shows in ``screens``, what is true in
``backend``.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.message import Message as Event
from textual.screen import Screen
from textual.types import CSSPathType

from backend.clock import Clock, SystemClock
from backend.words import Message, Outcome
from backend.words.say import Language
from console.crash import keep
from console.exit import Exit
from console.exports import write_export
from console.inturn import InTurn
from console.session import DELAY, SLOT, Session
from console.theme import dress
from console.wiring import Wiring
from screens import registry
from screens.actions import MAIN, action
from screens.facts import Facts
from screens.frame import GridScreen
from screens.look import Look
from screens.tones import Palette

if TYPE_CHECKING:
    from backend.desk.desk import Desk

TICK = 2.0
"""Seconds between two looks at whether anything has changed; nothing is sent when nothing has."""
CLIPBOARD_MOST = 50_000
"""Characters of a copy: terminals drop longer clipboard texts whole."""
WAKE = 3.0
"""Seconds after which the jobs start even though the first board has not been read."""
RING_EVERY = 15
"""Ticks between two rings of the bell while a critical alarm waits."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the console is to be."""

    language: Language = "zh"
    theme: str = ""
    """A theme's name; empty lets the terminal decide."""
    ascii: bool = False
    lite: bool = False
    bell: bool = True
    background: str = ""
    """``COLORFGBG`` of the environment."""


@dataclass
class Finished(Event):
    """A worker's last act: what it has found, for whoever asked."""

    done: Callable[[Any], None]
    answer: Any


def styles(folder: Path) -> list[Path]:
    """The style files: what all screens share, then each screen's own."""
    return sorted(folder.glob("*.tcss"), key=lambda path: (path.name != "app.tcss", path.name))


class Core(InTurn, inherit_bindings=False):
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
        super().__init__()
        self.options = options or Options()
        self.wiring = wiring
        self.desk: Desk | None = None
        self.facts = Facts()
        self.language = self.options.language
        self.faults: list[Exception] = []
        """Errors of ours that a worker met: kept in the log, told in the footer, asserted empty by tests."""
        self.session = Session()
        self._clock: Clock = clock or SystemClock()
        self._pages = pages
        self._modes = {name: partial(self._made, screens, name) for name in MAIN}
        self._look: Look | None = None
        self._stamp: object = None
        self._asking = False
        self._woken = False
        self._rang = 0
        self._saved = ""
        self._last = ""
        self._keeping = threading.Lock()
        self._told = self._kept = 0
        self._save_timer: object = None
        self._reopen = ""
        self._let_go: Callable[[], None] | None = None
        """Lets the keys go on that wait until somebody who has just sat down sees what they may do."""
        self.wear(self.options.theme, self.options.background)
        self.check()

    def _made(self, screens: Callable[[str], GridScreen], name: str) -> GridScreen:
        screen = screens(name)
        # The framework would parse every rule again for a screen that has never been styled; they have just been.
        screen._css_update_count = self._css_update_count
        return screen

    # What screens ask (`screens.shell.Shell`).

    @property
    def look(self) -> Look:
        """How this person is spoken to, now."""
        if self._look is None:
            from datetime import UTC

            zone = self.desk.zone if self.desk is not None else UTC
            minute = self.now() // 60 * 60
            self._look = Look(self.language, zone, minute, self.options.ascii, self.options.lite)
        return self._look

    @property
    def palette(self) -> Palette:
        """The theme's style of each tone."""
        return dress(self.dressed).palette

    def now(self) -> int:
        """The present instant."""
        return (self.desk.clock if self.desk is not None else self._clock).now()

    def tell(self, what: Message | Outcome) -> None:
        """Show the person one line."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, GridScreen):
                screen.tell(what)
                return

    def work(
        self,
        task: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[Message], None] | None = None,
        name: str = "",
    ) -> None:
        """Do something slow in a thread; its last act is one message."""

        def run() -> None:
            try:
                answer = task()
            except Exception as error:
                self.post_message(Finished(partial(self._failed, failed), error))
            else:
                self.post_message(Finished(done, answer))

        self.run_worker(run, thread=True, name=name, group="desk", exit_on_error=False, description=name)

    def on_finished(self, event: Finished) -> None:
        event.done(event.answer)

    def _failed(self, failed: Callable[[Message], None] | None, error: Exception) -> None:
        why = getattr(error, "message", None)
        if not isinstance(why, Message):
            self.faults.append(error)
            why = Message("ui.fault", {"error": type(error).__name__, "path": str(keep(error))})
        (failed or self.tell)(why)

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

    def remembered(self, slot: str) -> dict[str, Any] | None:
        """What this person had on a screen."""
        return self.session.slots.get(slot)

    def show(self, dialog: Any, then: Callable[[Any], None], *, by: str = "") -> None:
        """Open a dialog over the screen."""
        self.session.open_form = by

        def closed(given: Any) -> None:
            self.session.open_form = ""
            self.noted()
            then(given)

        self.push_screen(dialog, closed)
        self.noted()

    def settled(self, screen: Any) -> None:
        """Start what waits for the first board, and open the form again that was open when the line was cut."""
        self._awake()
        here = self.screen
        if here is screen and self._let_go is not None:
            self._let_go()
            self._let_go = None
        if self._reopen and here is screen and isinstance(here, GridScreen):
            name, self._reopen = self._reopen, ""
            here.perform(action(name))

    def draft(self, slot: str) -> dict[str, Any]:
        """What was typed into a form that was not sent."""
        return self.session.drafts.get(slot, {})

    def keep_draft(self, slot: str, values: dict[str, str] | None) -> None:
        """Keep what was typed; None drops it."""
        if values is None or not any(values.values()):
            self.session.drafts.pop(slot, None)
        else:
            self.session.drafts[slot] = dict(values)
        self.noted()

    def copy(self, text: str) -> None:
        """Put a text on the clipboard of the person's own terminal."""
        self.copy_to_clipboard(text[:CLIPBOARD_MOST])

    def export(self, name: str, text: str) -> str:
        """Write a file that only this account reads; returns where."""
        return str(write_export(name, text, self.now(), self.look.zone))

    # Beginning.

    def on_mount(self) -> None:
        for name in ("SIGHUP", "SIGTERM"):
            # Only the main thread of a process can listen to signals; a test's app need not.
            with suppress(ValueError, NotImplementedError, RuntimeError, AttributeError):
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self.hang_up)
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
        if session.screen and session.screen != self.current_mode:
            self.switch_mode(session.screen)
        for name, key in session.pages:
            self.open_page(name, key)

    def _frames(self) -> list[GridScreen]:
        """The frames that are open, of every main screen."""
        stacks = [self._screen_stacks[mode] for mode in self._screen_stacks]
        return [screen for stack in stacks for screen in stack if isinstance(screen, GridScreen)]

    # The tick.

    def _tick(self) -> None:
        """Notice a new minute, and ask in a thread whether anything has changed."""
        minute = self.now() // 60 * 60
        if minute != self.look.now:
            self._look = None
            self._relook()
            # What is late or over time becomes so without anything being written.
            self._stamp = None
        self._ring()
        desk = self.desk
        if desk is None or self._asking:
            return
        self._asking = True
        before, language = self._stamp, self.language

        def ask() -> tuple[object, Facts | None]:
            stamp = self.wiring.stamp(desk)
            return stamp, (None if stamp == before else self.wiring.facts(desk, language))

        self.work(ask, self._heard, failed=self._deaf, name="what has changed")

    def _heard(self, found: tuple[object, Facts | None]) -> None:
        self._asking = False
        self._stamp, facts = found
        if facts is None or self.desk is None:
            return
        self.facts = facts
        for screen in self.screen_stack:
            if isinstance(screen, GridScreen):
                screen.show_facts()
                screen.changed(self.desk)

    def _deaf(self, why: Message) -> None:
        self._asking = False
        self.tell(why)

    def _ring(self) -> None:
        """Ring for a critical alarm until somebody acknowledges it."""
        if not (self.options.bell and self.facts.critical):
            self._rang = 0
            return
        if self._rang % RING_EVERY == 0:
            self.bell()
        self._rang += 1

    def _relook(self) -> None:
        for screen in self.screen_stack:
            again = getattr(screen, "relook", None)
            if callable(again):
                again()

    # Remembering.

    def noted(self) -> None:
        """Save soon."""
        if self._save_timer is None and self.desk is not None:
            self._save_timer = self.set_timer(DELAY, self._save)

    def _gather(self) -> str:
        session = self.session
        session.screen = self.current_mode
        session.pages = []
        kept = {name: slot for name, slot in session.slots.items() if name in MAIN}
        session.slots = kept | {screen.slot: screen.remember() for screen in self._frames()}
        for page in self.screen_stack[1:]:
            name, colon, key = page.slot.partition(":") if isinstance(page, GridScreen) else ("", "", "")
            if colon:
                session.pages.append((name, key))
        return session.text()

    def _save(self) -> None:
        self._save_timer = None
        text, desk = self._gather(), self.desk
        if desk is not None and text != self._saved:
            self._saved = text
            self._told += 1
            self.work(partial(self._keep, desk, text, self._told), lambda _: None, name="remember the seat")

    def _keep(self, desk: Desk, text: str, number: int) -> None:
        """Write what was told last: a thread that comes late must not put something older in its place."""
        with self._keeping:
            if number > self._kept:
                self._kept = number
                self.wiring.save(desk, SLOT, text)

    # The end.

    def exit(self, *words: Any, **options: Any) -> None:
        """End the program; what is on the screens is kept while they are still there."""
        if self.desk is not None:
            self._last = self._gather()
        super().exit(*words, **options)

    def hang_up(self) -> None:
        """The line is cut, or the machine goes down: keep what is on the screens, and go."""
        self.exit(0)

    async def on_unmount(self) -> None:
        desk, self.desk = self.desk, None
        if desk is None:
            return
        try:
            if self._last:
                # Also where it was told before: the thread that was to write it may not have come to it.
                self._told += 1
                self._keep(desk, self._last, self._told)
        finally:
            self.wiring.close(desk)

    def keep_what_is_shown(self) -> None:
        """Keep what is on the screens, if they still tell."""
        if self.desk is not None:
            with suppress(Exception):
                self._last = self._gather()
