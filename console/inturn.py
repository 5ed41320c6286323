"""Keys in turn: each is done, with the dialog it opens, before the next one is looked at.

The framework sends every key at once to whatever has the focus, and does what it is bound to only when it has bubbled
back. Keys that arrive together (typed fast, or held up by a slow line and delivered in one go) would then fall on the
screen that the first of them is about to cover: the digit after ``p`` would change the screen, the first letters of a
reason would be lost, or be acts. Here the second key waits until the first has come back, until what it opened can be
typed into, and as long as somebody holds the keys because what it opens is still being read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from textual import events
from textual.message import Message as Event
from textual.message_pump import MessagePump
from textual.screen import Screen

from console.fence import Fenced

MOST: Final = 1000
"""Keys that wait at most; a paste waits as one."""
LONGEST: Final = 2.0
"""Seconds after which a key that has not come back, or a hold that was not ended, stops nobody any more."""


class KeyDone(Event):
    """Follows a key along its way, twice: when it has come up to the app, so has the key; what the key's action then
    sent from the same place (a line's "submitted") has come up when it does so again."""

    def __init__(self, turn: int, target: MessagePump, lap: int = 1) -> None:
        super().__init__()
        self.turn, self.target, self.lap = turn, target, lap


class InTurn(Fenced, inherit_bindings=False):
    """The app, with its keys in turn."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._turn = 0
        self._under_way = False
        self._top: object = None
        """The screen that was on top when the last key was taken."""
        self._holds: set[object] = set()
        self._pressed = 0.0

    @property
    def pressed(self) -> float:
        """When the key was struck whose turn it is, however long it has waited; seconds of the machine's own clock."""
        return self._pressed

    def struck(self) -> None:
        """A key was struck."""

    def hold(self, longest: float = LONGEST) -> Callable[[], None]:
        """Let keys wait from now on: what the last one opens is being read. Returns what ends it."""
        mark = object()
        self._holds.add(mark)

        def let_go() -> None:
            if mark in self._holds:
                self._holds.discard(mark)
                self._go_on()

        self.set_timer(longest, let_go)
        return let_go

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if not self._under_way and not self._holds:
                await self._take(event)
            elif len(self._waiting) < MOST:
                if not self._waiting:
                    self.set_timer(LONGEST, partial(self._came_back, self._turn))
                self._waiting.append(event)
            return
        await super().on_event(event)

    async def _take(self, event: events.Key | events.Paste) -> None:
        self._under_way = True
        self._turn += 1
        self._pressed = event.time
        self.struck()
        self._top, target = self.screen, self.focused or self.screen
        await super().on_event(event)
        if not target.post_message(KeyDone(self._turn, target)):
            self._came_back(self._turn)

    def on_key_done(self, event: KeyDone) -> None:
        if event.lap > 1 or not event.target.post_message(KeyDone(event.turn, event.target, 2)):
            self._came_back(event.turn)

    def _came_back(self, turn: int) -> None:
        if turn == self._turn and self._under_way:
            self._under_way = False
            self._go_on()

    def _go_on(self) -> None:
        """The next key's turn, as soon as the screen on top can take it."""
        if not self._waiting or self._under_way or self._holds or not self.screen_stack:
            return
        self._under_way = True
        if self.screen is self._top:
            self.call_later(self._next)
        else:
            self._settle()

    def _settle(self) -> None:
        """Wait until the screen on top has stayed there.

        A dialog gets its focus after its first refresh, by way of the app; what follows a dialog that was closed is
        opened by the screen under it, one message later.
        """
        top = self.screen
        top.call_after_refresh(self.call_later, self._settled, top)

    async def _settled(self, top: Screen[Any]) -> None:
        # A screen may be drawn before it has been put together, and only then does it know what it waits for.
        if self.screen is top and top.is_mounted:
            await self._next()
        else:
            self._settle()

    async def _next(self) -> None:
        if self._waiting and not self._holds:
            await self._take(self._waiting.popleft())
        else:
            self._under_way = False
