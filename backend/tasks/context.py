"""What a guard and an effect look at, and how a refusal is said."""

from __future__ import annotations

from dataclasses import dataclass

from backend.tasks.ops import Op
from backend.tasks.policy import Policy
from backend.tasks.taskstate import Facts, TaskState
from backend.words import Message
from backend.words.message import Scalar


@dataclass(frozen=True, slots=True)
class Context:
    """What a guard looks at."""

    task: TaskState
    op: Op
    now: int
    policy: Policy
    facts: Facts

    def text(self, key: str) -> str:
        """A word of the body, without blanks at its ends; empty where it is missing or no word."""
        value = self.op.body.get(key)
        return value.strip() if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        """A whole number of the body."""
        value = self.op.body.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words of the body, blank ones left out."""
        value = self.op.body.get(key)
        items = value if isinstance(value, list | tuple) else ()
        return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())


def refusal(name: str, /, **args: Scalar) -> Message:
    """Why an act is refused."""
    return Message(f"task.refused.{name}", args)
