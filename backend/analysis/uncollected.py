"""No collection of garbage while rows are made into arrays: they hold nothing but numbers, and are gone at once.

The collector would walk tens of thousands of them, and all else with them, in one go that no other thread interrupts:
a key that is pressed meanwhile waits for it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_held = [0, False]
"""How many threads ask for it, and whether the collector ran before."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector still meanwhile; threads may do so at once. Where it was off it stays off."""
    with _lock:
        if not _held[0]:
            _held[1] = gc.isenabled()
            gc.disable()
        _held[0] += 1
    try:
        yield
    finally:
        with _lock:
            _held[0] -= 1
            if not _held[0] and _held[1]:
                gc.enable()
