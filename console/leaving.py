"""Who leaves is told what is still waited for, and nothing of theirs is lost.

What they had before them goes beside the store where another process holds the store; an act that waits for it is
waited for, and told of when it is done; for the jobs nobody needs to wait.
"""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from console.output import tell

if TYPE_CHECKING:
    from console.memory import Remembering


class Leaving:
    """The last words between a console and the person who leaves it."""

    def __init__(self, app: Remembering) -> None:
        self._app = app
        self._asked = self._told = False

    def waits(self, seconds: float) -> bool:
        """Say what is waited for, so many seconds at most; False where it is not worth the waiting."""
        app = self._app
        held, kept = app.remembering, app.set_aside()
        if held and kept and not app.acting:
            return False
        if not sys.stderr.isatty():
            # Nobody reads it while it is so; what comes of it is said all the same.
            return True
        # Jobs come to their end by themselves, as a rule before anybody wonders.
        waits = bool(app.acting) or not kept or self._asked
        self._asked = True
        if waits and not self._told:
            self._told = True
            about = "leave.acts" if app.acting else "leave.jobs" if kept else "leave.seat"
            self._say(Message(about, {"acts": len(app.acting), "seconds": math.ceil(seconds)}))
        return True

    def unfinished(self) -> None:
        """The process ends before all of it has: keep what can be kept, and say what is not done."""
        kept = self._app.set_aside()
        if acts := len(self._app.acting):
            self._say(Message("leave.acts_lost", {"acts": acts}))
        if not kept:
            self._say(Message("leave.seat_lost"))
        self.answered()

    def answered(self) -> None:
        """Say what came of acts that were answered when the screen was gone already, and why the program ended."""
        app = self._app
        late, app.late = app.late, []
        for one in late:
            self._say(one.message if isinstance(one, Outcome) else one)
        if app.parting is not None:
            self._say(app.parting)
            app.parting = None

    def _say(self, what: Message) -> None:
        with suppress(OSError):
            tell(what, self._app.language)
            sys.stderr.flush()
