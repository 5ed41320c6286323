"""Operations: what somebody wants done to a task (sync.md's op), and who they are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import msgspec

from backend.tasks.states import SYSTEM

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the machine judges them."""

    actor: str
    role: str
    """seat, supervisor, administrator, member, system."""
    tier: str = ""
    """T, C or M."""
    centre: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Op:
    """One operation. The same id is done once, however often it arrives."""

    id: str
    kind: str
    task: str
    actor: str
    role: str
    tier: str
    on_behalf: str = ""
    """Whose act it is where the actor only enters it (by phone, from paper)."""
    channel: str = "seat"
    """seat, phone, paper, radio, system."""
    occurred: int | None = None
    """When it happened, by the actor's clock; None for now."""
    from_state: str | None = None
    """The state the actor saw."""
    version: int | None = None
    """The version the actor saw; owner changes and irreversible acts need it."""
    body: Body = field(default_factory=dict)
    uncertain: int = 0
    """How far ``occurred`` may be wrong, seconds."""
    centre: str = ""
    department: str = ""
    online: bool = True
    """False where it was done without the authority's answer."""

    @property
    def who(self) -> Who:
        """The person behind it."""
        return Who(self.actor, self.role, self.tier, self.centre, self.department)

    @property
    def doer(self) -> str:
        """Whose act it is."""
        return self.on_behalf or self.actor

    def digest(self) -> str:
        """SHA-256 over what the operation asks for."""
        what = (
            self.kind,
            self.task,
            self.actor,
            self.on_behalf,
            self.channel,
            self.occurred,
            self.from_state,
            self.version,
            dict(self.body),
        )
        return hashlib.sha256(msgspec.json.encode(what, order="sorted")).hexdigest()


def op_id() -> str:
    """A new operation's id."""
    return uuid4().hex


def by_system(kind: str, task: str, name: str, body: Body | None = None) -> Op:
    """An act of the product itself; ``name`` makes its id, so that the same cause acts once."""
    return Op(
        id=name,
        kind=kind,
        task=task,
        actor="SYS",
        role=SYSTEM,
        tier="M",
        channel="system",
        body=body or {},
    )


def of_actor(who: Who, kind: str, task: str, /, **rest: Any) -> Op:
    """An act of a person, with a fresh id where ``rest`` gives none."""
    rest.setdefault("id", op_id())
    return Op(
        kind=kind,
        task=task,
        actor=who.actor,
        role=who.role,
        tier=who.tier,
        centre=who.centre,
        department=who.department,
        **rest,
    )
