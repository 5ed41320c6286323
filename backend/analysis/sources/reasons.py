"""Evidence for and against a source, each with how many times likelier it makes it."""

from __future__ import annotations

from dataclasses import dataclass

from backend.words import Message
from backend.words.message import Scalar


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence 证据."""

    message: Message
    weight: float = 0.0
    """Natural logarithm of how many times likelier it makes the source; 0 where it only tells."""

    @property
    def stance(self) -> str:
        """``for``, ``against``, or ``tells``."""
        return "for" if self.weight > 0 else "against" if self.weight < 0 else "tells"


def reason(code: str, weight: float = 0.0, /, **args: Scalar) -> Reason:
    """A piece of evidence by its code under ``sources.because``."""
    return Reason(Message(f"sources.because.{code}", args), weight)
