"""A key that was meant for what the key before it would have opened.

``d 1`` sends the first of a list in two strokes that are learnt as one. Where ``d`` is refused, the list never opens,
and the ``1`` would show another screen; the words typed into a form that never opened would be acts, letter by letter.
So what was typed before the refusal could be read is dropped, and a digit for as long as a chord takes to strike; the
words of the refusal stay.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from screens.action import Action

STRIKE: Final = 1.5
"""Seconds within which a digit belongs to the key before it; a slow two-finger chord takes one."""


class Chord:
    """The last key that more is asked after, until a dialog opens or another key is struck."""

    def __init__(self) -> None:
        self._open = False
        self._struck = 0.0
        self._refused = 0.0

    def strike(self, what: Action, pressed: float) -> None:
        """A key is about to do its action; ``pressed`` is when it was struck, in seconds of the machine's own clock."""
        self._open, self._struck, self._refused = what.asks, pressed, 0.0

    def refused(self) -> None:
        """The person is told that it is not to be."""
        if self._open:
            self._refused = monotonic()

    def end(self) -> None:
        """What it opens is there, and takes the keys itself."""
        self._open = False

    def takes(self, what: Action, pressed: float) -> bool:
        """Whether a key struck at ``pressed`` was meant for what did not open."""
        if not self._open:
            return False
        blind = pressed <= self._refused
        return blind or (what.digit and pressed <= max(self._struck, self._refused) + STRIKE)
