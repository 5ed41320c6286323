"""A thing to say, and the answer to a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Message:
    """A code and its arguments; `backend.words.say` turns it into words."""

    code: str
    args: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command: done or refused, and what to tell the person."""

    ok: bool
    message: Message
    data: Mapping[str, Scalar] = field(default_factory=dict)
    """What a caller may want next: ids that were minted, counts."""

    @classmethod
    def done(cls, code: str, /, **args: Scalar) -> Outcome:
        """A command that was carried out."""
        return cls(True, Message(code, args))

    @classmethod
    def refused(cls, code: str, /, **args: Scalar) -> Outcome:
        """A command that was not carried out, and changed nothing."""
        return cls(False, Message(code, args))
