"""The due table: the next step of every open task, and when."""

from __future__ import annotations

from sqlmodel import Field

from backend.store.model import Row, instant, partial_index


class Due(Row):
    """A step that will be taken at ``at`` unless the task moves first."""

    __tablename__ = "due"
    __table_args__ = (
        partial_index("ix_due_waiting", "at", where="done IS NULL"),
        # At most one step waits for each task; the auditor counts in this index alone.
        partial_index("ux_due_task", "task", where="done IS NULL", unique=True),
    )

    task: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    """What makes it one step: clock, segment and share, or cause and instance."""
    at: int = instant()
    kind: str
    """remind, warn, escalate, repeat, review, ack_expiry, unack, offer_timeout, standing."""
    cause: str = ""
    """Why, where no clock stands behind it: nobody, returned, rework, ..."""
    clock: str = ""
    to_level: str = ""
    policy_version: int = 0
    done: int | None = instant(nullable=True)
    late: int | None = None
    """Seconds between ``at`` and when it was taken."""
    outcome: str = ""


class Heartbeat(Row):
    """When a job last ran through, by its own word."""

    __tablename__ = "heartbeat"

    job: str = Field(primary_key=True)
    at: int = instant()
    wall: float
    note: str = ""
