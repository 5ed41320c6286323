"""What is on its way to the terminal, as the line remembers it, and how much goes."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class Asked(NamedTuple):
    """A query that is on its way."""

    at: float
    total: int
    """Bytes that were written before it, and with it."""
    last: int = 0
    """Bytes of the piece that it was written behind: they take their time also where nothing waits."""
    lone: bool = False
    """Little was on its way with it: it is late by chance alone."""
    mark: tuple[float, ...] = ()
    """What the judge keeps of it."""


class Wrote(NamedTuple):
    """A piece that was written."""

    at: float
    size: int
    total: int
    """Bytes that were written before it, and with it."""


class Flow:
    """Bytes a second, over so many of the last seconds."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._wrote: deque[tuple[float, int]] = deque()

    def wrote(self, now: float, size: int) -> None:
        """So many bytes go now."""
        self._wrote.append((now, size))
        self._forget(now)

    def rate(self, now: float) -> float:
        """Bytes a second."""
        self._forget(now)
        return sum(size for _, size in self._wrote) / self._window

    def _forget(self, now: float) -> None:
        while self._wrote and self._wrote[0][0] < now - self._window:
            self._wrote.popleft()
