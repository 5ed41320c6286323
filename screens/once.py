"""A timer that comes however late its turn is.

The framework leaves out what it is too late for. Of a timer that runs once that is all of it: where the process was
not let run for longer than the timer's seconds just as it began, what it was to do would never be done, a pane stay
empty, keys wait for ever.
"""

from __future__ import annotations

from textual.timer import Timer


def once(timer: Timer) -> Timer:
    """Have a timer that was made just now, and runs once, do so whenever it is its turn."""
    timer._skip = False
    return timer
