"""What a person had before them: kept while they work, and brought back after a dropped line or a new login."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from console.services import Services
from console.session import DELAY, SLOT, Session
from screens.actions import MAIN
from screens.frame import GridScreen

if TYPE_CHECKING:
    from backend.desk.desk import Desk


class Remembering(Services, inherit_bindings=False):
    """The program with a memory."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.session = Session()
        self._saved = ""
        self._last = ""
        """What is to be kept at the end, until it is."""
        self._parts: Desk | None = None
        """The desk that is left."""
        self._keeping = threading.Lock()
        self._told = self._kept = 0
        self._save_timer: object = None
        self.owing = False
        """What is remembered is not on the screens yet, and must not be taken from them."""

    def remembered(self, slot: str) -> dict[str, Any] | None:
        """What this person had on a screen."""
        return self.session.slots.get(slot)

    def draft(self, slot: str) -> dict[str, Any]:
        """What was typed into a form that was not sent."""
        return self.session.drafts.get(slot, {})

    def keep_draft(self, slot: str, values: dict[str, str] | None) -> None:
        """Keep what was typed; None drops it."""
        if values:
            self.session.drafts[slot] = dict(values)
        elif self.session.drafts.pop(slot, None):
            # At once: who hands the shift over now would hand over a form that was sent.
            self._save()
            return
        self.noted()

    def noted(self) -> None:
        """Save soon."""
        if self._save_timer is None and self.desk is not None:
            self._save_timer = self.set_timer(DELAY, self._save)

    def _gather(self) -> str:
        session = self.session
        session.screen = self.current_mode
        session.pages = []
        before = session.slots
        session.slots = {name: slot for name, slot in before.items() if name in MAIN}
        for screen in self._frames():
            # One that is just being put together knows nothing yet.
            kept = screen.remember() if screen.recalled else before.get(screen.slot)
            if kept is not None:
                session.slots[screen.slot] = kept
        for page in self.screen_stack[1:]:
            name, colon, key = page.slot.partition(":") if isinstance(page, GridScreen) else ("", "", "")
            if colon:
                session.pages.append((name, key))
        return session.text()

    def _save(self) -> None:
        self._save_timer = None
        if self.owing:
            return
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

    def _frames(self) -> list[GridScreen]:
        """The frames that are open, of every main screen."""
        stacks = [self._screen_stacks[mode] for mode in self._screen_stacks]
        return [screen for stack in stacks for screen in stack if isinstance(screen, GridScreen)]

    # The end.

    def exit(self, *words: Any, **options: Any) -> None:
        """End the program; what is on the screens is kept while they are still there."""
        self.wiring.ends(False)
        if self.desk is not None and not self.owing:
            self._last, self._parts = self._gather(), self.desk
        super().exit(*words, **options)

    def hang_up(self) -> None:
        """The line is cut, or the machine goes down: keep what is on the screens, and go."""
        self.cut()
        self.exit(0)

    def cut(self) -> None:
        """The line is cut: said at once, by whoever notices, whatever the program is busy with."""
        self.wiring.ends(True)

    async def on_unmount(self) -> None:
        desk, self.desk = self.desk, None
        if desk is None:
            return
        try:
            if self._last:
                # Also where it was told before: the thread that was to write it may not have come to it.
                self._told += 1
                self._keep(desk, self._last, self._told)
                self._last = ""
        except Exception as error:
            if not (self.held(error) and self.set_aside()):
                raise
            self._last = ""
        finally:
            self.wiring.close(desk)

    @property
    def remembering(self) -> bool:
        """Whether what was on the screens at the end still waits to be kept."""
        return bool(self._last)

    def set_aside(self) -> bool:
        """Keep beside the store what can't be kept in it while it can't be had; whether nothing is lost now."""
        desk, text = self._parts, self._last
        return not text or (desk is not None and self.wiring.aside(desk, SLOT, text))

    def keep_what_is_shown(self) -> None:
        """Keep what is on the screens, if they still tell."""
        if self.desk is not None and not self.owing:
            with suppress(Exception):
                self._last = self._gather()
