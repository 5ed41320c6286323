"""A task as the machine judges it: its row, its clocks, and what the guards must know besides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.tasks.clocks import Calendars, Segment, due_at, missed
from backend.tasks.ops import Op
from backend.tasks.states import CLOCK_OF_STATE, LIVE, ClockKind, rank


@dataclass(frozen=True, slots=True)
class TaskState:
    """The latest state of a task (the columns of `backend.tasks.tables.Task`) with its clocks."""

    id: str
    type: str
    grid: str
    priority: str
    state: str
    version: int
    policy_version: int
    opened: int
    moved_at: int
    incident: str = ""
    title_code: str = "task.title"
    title_args: str = ""
    county: str = ""
    township: str = ""
    centre: str = ""
    prior_state: str = ""
    level: str = "T"
    supervised: bool = False
    supervised_by: str = ""
    holder: str = ""
    holder_kind: str = ""
    prior_holder: str = ""
    department: str = ""
    offered_to: str = ""
    offered_kind: str = ""
    reporter: str = ""
    recorder: str = ""
    result: str = ""
    evidence_pending: str = ""
    asked: str = ""
    asked_by: str = ""
    asked_at: int | None = None
    returns: int = 0
    reworks: int = 0
    extensions: int = 0
    offers: int = 0
    breaches: str = ""
    level_acked: bool = True
    ack_expires: int | None = None
    review_at: int | None = None
    merged_into: str = ""
    suspect_data: bool = False
    superseded: bool = False
    owner_version: int = 0
    moved_kind: str = ""
    moved_by: str = ""
    moved_role: str = ""
    moved_tier: str = ""
    due: int | None = None
    due_clock: str = ""
    origin: str = "alarm"
    closed: int | None = None
    close_code: str = ""
    order_code: str = ""
    order_due: int | None = None
    co_departments: str = ""
    about: str = ""
    arbitration: str = ""
    dark: bool = False
    segments: tuple[Segment, ...] = ()
    """All its segments, oldest first."""

    @property
    def co_handlers(self) -> tuple[str, ...]:
        """The codes of the co-handling departments 协办部门."""
        return co_listed(self.co_departments)

    @property
    def live(self) -> bool:
        """Whether people still owe work."""
        return self.state in LIVE

    def clock(self, kind: str) -> Segment | None:
        """The open segment of a clock, running or standing still."""
        for segment in reversed(self.segments):
            if segment.kind == kind and segment.stopped is None:
                return segment
        return None

    def state_clock(self) -> Segment | None:
        """The open segment by which its present state is judged."""
        kind = CLOCK_OF_STATE.get(self.state)
        return self.clock(kind) if kind else None

    def missed_clocks(self, now: int, calendars: Calendars) -> tuple[Segment, ...]:
        """Open segments that have run out by ``now``."""
        return tuple(s for s in self.segments if s.stopped is None and missed(s, now, calendars))

    def overdue(self, now: int, calendars: Calendars) -> bool:
        """Whether a clock of work (not TOTAL) has run out."""
        return any(s.kind != ClockKind.TOTAL for s in self.missed_clocks(now, calendars))

    def verifying_tier(self, supervised_tier: str) -> str:
        """The lowest tier that may verify it."""
        if self.supervised and rank(supervised_tier) > rank(self.level):
            return supervised_tier
        return self.level

    def present_due(self, calendars: Calendars) -> int | None:
        """When the clock of its present state runs out."""
        segment = self.state_clock()
        return due_at(segment, calendars) if segment is not None and segment.running else None


def co_listed(value: object) -> tuple[str, ...]:
    """The co-handling departments that a body or a row names: a list of codes, or one text with ``|`` between them."""
    parts: Iterable[object] = value.split("|") if isinstance(value, str) else ()
    if isinstance(value, list | tuple):
        parts = value
    return tuple(dict.fromkeys(code for part in parts if isinstance(part, str) and (code := part.strip())))


def co_written(codes: Iterable[str], lead: str) -> str:
    """Co-handling departments as a task keeps them; the lead is none of them."""
    return "|".join(code for code in codes if code != lead)


@dataclass(frozen=True, slots=True)
class LastAct:
    """The newest applied act of a task, for a recall."""

    op: str
    kind: str
    actor: str
    at: int
    undo: dict[str, Any] | None
    """What to put back; None where it can't be recalled."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision needs and the task's own row does not hold."""

    results: tuple[str, ...] = ()
    """Result codes of the incident type; empty where it names none."""
    other: TaskState | None = None
    """The task into which this one would be merged."""
    place: tuple[str, str, str] | None = None
    """Grid, county and township of the jurisdiction that would take it over."""
    last: LastAct | None = None
    linked: str = ""
    """The open task that a proposal would double."""
    departments: frozenset[str] | None = None
    """The departments that there are; None where nobody asked."""
    outside: str = ""
    """Whoever the act names and is of another township or county than the task; empty where they are of its own."""
    missing: str = ""
    """What the act names and the city has not, or has no more: a code; empty where it is there, or nobody asked."""


def proposed(op: Op, task_id: str, policy_version: int, now: int) -> TaskState:
    """A task that does not exist yet (its state is ``""``), from what a proposal says: row 1 begins here."""
    body: dict[str, Any] = dict(op.body)

    def word(key: str, default: str = "") -> str:
        value = body.get(key, default)
        return value if isinstance(value, str) else default

    asked_due = body.get("due")
    due = asked_due if isinstance(asked_due, int) and not isinstance(asked_due, bool) else None
    return TaskState(
        id=task_id,
        type=word("type"),
        grid=word("grid"),
        priority=word("priority", "medium"),
        state="",
        version=0,
        policy_version=policy_version,
        opened=now,
        moved_at=now,
        incident=word("incident"),
        title_code=word("title_code", "task.title"),
        title_args=word("title_args"),
        county=word("county"),
        township=word("township"),
        centre=word("centre"),
        level=word("level", "T"),
        department=word("department"),
        suspect_data=body.get("suspect") is True,
        origin=word("origin", "alarm"),
        order_code=word("order"),
        order_due=due,
        supervised=due is not None,
        supervised_by=op.doer if due is not None else "",
        co_departments=co_written(co_listed(body.get("co_departments")), word("department")),
        about=word("about"),
    )
