"""How a try can fail."""

from __future__ import annotations

from backend.words import Message


class Failure(Exception):
    """A notice did not get through, or nobody knows whether it did.

    Args:
        message: what went wrong, in words; no secret in it.
        wait: seconds for which the receiver asked to be left alone.
        turned_down: it is this notice that the receiver does not want: the channel itself works.
    """

    def __init__(self, message: Message, *, wait: int | None = None, turned_down: bool = False) -> None:
        super().__init__(message.code)
        self.message = message
        self.wait = wait
        self.turned_down = turned_down
