"""What a handover 交接班 lists, in its order: pure, rows in, items out.

First what burns, then what will within two hours, then what binds, then all that is merely open, then what was put
aside, then what the shift wrote down. Nothing is left out: where a tier below holds its own, their number is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from backend.words import Message
from backend.words.message import Scalar

KINDS: Final = (
    "breached",
    "due",
    "alarm",
    "order",
    "complaint",
    "kept",
    "task",
    "suspended",
    "shelved",
    "window",
    "unsent",
    "remark",
    "below",
)
"""Kinds of items, in the order in which they are handed over."""
_PRIORITIES: Final = ("critical", "high", "medium", "low")
_LATE: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a handover."""

    kind: str
    item: str
    message: Message
    priority: str = ""
    at: int = 0
    """What it is sorted by within its kind and priority: when it is due, ends or began."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task as it is handed over."""

    id: str
    what: str
    what_en: str
    place: str
    state: str
    holder: str
    priority: str
    due: int | None
    due_at: str
    breached: bool
    review_at: str = ""
    offered: bool = False
    """Another offers it to this seat: it is to be taken or declined until it is due."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is handed over, apart from the tasks ready-made."""

    tasks: Sequence[OpenTask]
    others: Sequence[Item] = ()
    below: Mapping[str, int] = field(default_factory=dict)
    """Open tasks that a tier below answers for, by its tier."""


def items(facts: Facts, now: int, soon: int) -> list[Item]:
    """The lines of a handover.

    Args:
        soon: seconds within which what is due stands out.
    """
    found = [_task(one, now, soon) for one in facts.tasks]
    found += facts.others
    found += [
        Item("below", tier, Message("handover.item.below", {"level": tier, "count": count}))
        for tier, count in facts.below.items()
        if count
    ]
    return sorted(found, key=_turn)


def _turn(one: Item) -> tuple[int, int, int, str]:
    rank = _PRIORITIES.index(one.priority) if one.priority in _PRIORITIES else len(_PRIORITIES)
    return KINDS.index(one.kind), rank, one.at, one.item


def _task(one: OpenTask, now: int, soon: int) -> Item:
    args: dict[str, Scalar] = {
        "task": one.id,
        "what": one.what,
        "what_en": one.what_en,
        "place": one.place,
        "state": one.state,
        "holder": one.holder or "--",
        "due": one.due_at or "--",
        "review": one.review_at or "--",
    }
    kind = (
        "suspended"
        if one.state == "SUSPENDED"
        else "breached"
        if one.breached
        else "due"
        if one.due is not None and one.due <= now + soon
        else "task"
    )
    code = "handover.item.suspended" if kind == "suspended" else "handover.item.task"
    if one.offered:
        code = "handover.item.offered"
    return Item(kind, one.id, Message(code, args), one.priority, one.due if one.due is not None else _LATE)
