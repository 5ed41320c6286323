"""What is told beside a row follows once the cursor rests on it: under a held key nobody reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from screens.rows import Key
from screens.shell import rest

if TYPE_CHECKING:
    from screens.frame import GridScreen

PAUSE = 0.1
"""Seconds between two keys of a hand that is in no hurry; a held key comes every thirtieth."""
_NEVER = object()


class Follower:
    """Tells something of the row that the cursor rests on; what is told until then is of the row before."""

    def __init__(self, screen: GridScreen, tell: Callable[[], object]) -> None:
        self._screen, self._tell = screen, tell
        self._told: object = _NEVER
        self._turn = 0

    def follow(self, key: Key | None) -> None:
        """The cursor is on this row, or its row says something else."""
        self._turn += 1
        if self._told is _NEVER or key is None or key == self._told:
            self._now(key)
            return
        turn = self._turn
        self._screen.set_timer(rest(self._screen.shell, PAUSE), lambda: self._rested(turn, key))

    def _rested(self, turn: int, key: Key) -> None:
        if turn == self._turn and self._screen.stands:
            self._now(key)

    def _now(self, key: Key | None) -> None:
        self._told = _NEVER if key is None else key
        self._tell()
