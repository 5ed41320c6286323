"""What the exit codes of ``gridseat`` mean."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    OK = 0
    FAILED = 1
    """The command ran and found faults, or could not do all that it was asked."""
    USAGE = 2
    """The words of the command line are off."""
    STORE = 3
    """The store can't be used."""
    NETWORK = 4
    """An upstream could not be reached."""
    INTERRUPTED = 130
