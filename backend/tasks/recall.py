"""Recall 撤回: what an act puts aside so that it can be taken back within the window, and how it is taken back.

The log is never changed: a recall is an act of its own. Clocks are append-only, so a recall ends what the act began
and begins anew what the act had ended, with the time used up as if it had never stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, Final

from backend.tasks import clocks
from backend.tasks.clocks import Pause, Segment
from backend.tasks.policy import Policy
from backend.tasks.taskstate import TaskState

KEPT: Final = frozenset({"id", "version", "owner_version", "segments", "due", "due_clock", "breaches"})
"""What a recall never puts back: the version goes on, and a breach is a fact."""


def undo_of(before: TaskState, after: TaskState) -> dict[str, Any]:
    """The old values of the fields that an act changed, and the clocks it touched as they were."""
    changed = {
        field.name: getattr(before, field.name)
        for field in fields(TaskState)
        if field.name not in KEPT and getattr(before, field.name) != getattr(after, field.name)
    }
    touched = {
        str(place): asdict(old)
        for place, (old, new) in enumerate(zip(before.segments, after.segments, strict=False))
        if old != new
    }
    return {"fields": changed, "count": len(before.segments), "segments": touched}


def taken_back(task: TaskState, undo: Mapping[str, Any], now: int, policy: Policy) -> TaskState:
    """The task as it was before its last act, at ``now``."""
    touched = {int(place): _segment(row) for place, row in undo["segments"].items()}
    segments = [
        clocks.stop(segment, now) if place >= undo["count"] or place in touched else segment
        for place, segment in enumerate(task.segments)
    ]
    for old in touched.values():
        due = clocks.run_out(old, now, policy.calendars)
        segments.append(clocks.carried_on(old, now, due, policy.calendars))
    return replace(task, **undo["fields"], segments=tuple(segments))


def _segment(row: Mapping[str, Any]) -> Segment:
    pauses = tuple(Pause(**pause) for pause in row["pauses"])
    return Segment(**{**row, "pauses": pauses})
