"""The tick: a new minute, a commit by anybody, and the bell.

Several times a second the store is looked at, which costs some 10 µs (`backend.store.watch`); only when somebody has
written is it asked, in a thread, whether anything changed that is seen. Nothing is sent when nothing has.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from backend.words import Message
from console.memory import Remembering
from screens.facts import Facts
from screens.frame import GridScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from backend.desk.desk import Desk

HERE_EVERY = 60
"""Seconds between two words to the store that the console is there."""
RING_EVERY = 60
"""Ticks between two rings of the bell while a critical alarm waits: half a minute."""


class Ticking(Remembering, inherit_bindings=False):
    """The program that notices what others do."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._stamp: object = None
        """What was seen last; None to read again whatever has happened."""
        self._version: Hashable = None
        self._asking = self._again = False
        self._rang = 0
        self._told_here = 0
        self._slow_told = False

    def _tick(self) -> None:
        """Notice a new minute, and ask in a thread whether anything has changed."""
        self._tell_here()
        minute = self.now() // 60 * 60
        if minute != self.look.now:
            self._look = None
            self._relook()
            # What is late or over time becomes so without anything being written.
            self._stamp = None
        self._ring()
        desk = self.desk
        if desk is None:
            return
        self._tell_stopped(desk)
        if self._asking:
            # What is on its way may be older than the wish to read again.
            self._again = self._again or self._stamp is None
            return
        version = self.wiring.version(desk)
        if version == self._version and self._stamp is not None:
            return
        # Taken before it is asked what has changed: what is written meanwhile makes another version.
        self._version, self._asking = version, True
        before, language = self._stamp, self.language

        def ask() -> tuple[object, Facts | None]:
            stamp = self.wiring.stamp(desk)
            return stamp, (None if stamp == before else self.wiring.facts(desk, language))

        self.work(ask, partial(self._heard, desk), failed=self._deaf, name="what has changed")

    def _heard(self, asked: Desk, found: tuple[object, Facts | None]) -> None:
        self._asking = False
        if asked is not self.desk:
            # Somebody else has sat down meanwhile.
            return
        self._stamp, facts = found
        if self._again:
            self._again, self._stamp = False, None
        if facts is None:
            return
        if facts.slowed is not None and not self._slow_told:
            self._slow_told = True
            self.tell(Message("ui.replay.slowed", {"asked": facts.slowed[1]}))
        self.facts = facts
        for screen in self._seen():
            # One that is just being opened reads for itself once it is put together.
            if isinstance(screen, GridScreen) and screen.stands:
                screen.show_facts()
                screen.changed(asked)

    def _seen(self) -> Sequence[Screen[object]]:
        """The screen that is shown and the dialogs over it; what lies under it reads anew when it is come back to."""
        stack = self.screen_stack
        below = next(
            (place for place in reversed(range(len(stack))) if isinstance(stack[place], GridScreen)), 0
        )
        return stack[below:]

    def _deaf(self, why: Message) -> None:
        self._asking, self._version = False, None
        self.tell(why)

    def _tell_here(self) -> None:
        """Say once a minute that this console is there, and when its person last touched a key."""
        desk, now = self.desk, self.now()
        if desk is None or now - self._told_here < HERE_EVERY:
            return
        self._told_here, touched = now, self.touched or now
        self.work(lambda: self.wiring.here(desk, touched), lambda _: None, failed=self._deaf, name="here")

    def _tell_stopped(self, desk: Desk) -> None:
        """Say once of each kind of thing that was stopped on its way to the terminal, here and in the audit."""
        if news := self.ledger.news():
            self.tell(Message("ui.stopped", {"kinds": ", ".join(news)}))
            self.work(lambda: self.wiring.stopped(desk, news), lambda _: None, name="what was stopped")

    def _ring(self) -> None:
        """Ring for a critical alarm until somebody acknowledges it, and for a centre below where nobody is."""
        if not (self.options.bell and (self.facts.critical or self.facts.missing)):
            self._rang = 0
            return
        if self._rang % RING_EVERY == 0:
            self.bell()
        self._rang += 1

    def _relook(self) -> None:
        for screen in self._seen():
            again = getattr(screen, "relook", None)
            if callable(again):
                again()
