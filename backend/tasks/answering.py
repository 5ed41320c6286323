"""What acts do that leave the work where it stands: who answers for it, what it is held to be, and until when."""

from __future__ import annotations

from dataclasses import replace

from backend.tasks.context import Context
from backend.tasks.effects import acked, co_handled, effect
from backend.tasks.effects import enact as enact
from backend.tasks.stages import by_order, redrawn, retargeted, start, stopped
from backend.tasks.states import ClockKind, above, below
from backend.tasks.taskstate import TaskState

K = ClockKind


@effect("extend")
def _extend(task: TaskState, c: Context) -> TaskState:
    segment, extra = task.state_clock(), c.number("seconds")
    assert segment is not None
    assert extra is not None
    task = retargeted(task, c, {segment.kind: segment.target + extra})
    asked = "" if task.asked == "extend" else task.asked
    return replace(task, extensions=task.extensions + 1, asked=asked)


@effect("redue")
def _redue(task: TaskState, c: Context) -> TaskState:
    due, total = c.number("due"), task.clock(K.TOTAL)
    assert due is not None
    return replace(task, order_due=due) if total is None else redrawn(task, c, total, due)


@effect("prioritise")
def _prioritise(task: TaskState, c: Context) -> TaskState:
    return _by_its_targets(task, replace(task, priority=c.text("priority")), c)


@effect("identify")
def _identify(task: TaskState, c: Context) -> TaskState:
    # What it is has become known: the type decides who leads, where nobody has been sent yet, and the clocks.
    found = replace(
        task,
        type=c.text("type"),
        title_code=c.text("title_code"),
        title_args=c.text("title_args"),
        department=task.department if task.holder else c.text("department") or task.department,
    )
    return _by_its_targets(task, co_handled(found, c), c)


def _by_its_targets(old: TaskState, task: TaskState, c: Context) -> TaskState:
    """Clock rule 1: the segment ends, another begins with the new target, and what was used up is carried."""
    targets: dict[str, int] = {}
    for segment in task.segments:
        ordered = segment.kind == K.TOTAL and task.order_due is not None
        if segment.stopped is None and not ordered and not by_order(task, segment.kind, segment.started):
            level = task.level if segment.kind == K.LEVEL_ACK else ""
            was, becomes = (
                c.policy.target(
                    segment.kind, type_=t.type, priority=t.priority, at=segment.started, level=level
                )
                for t in (old, task)
            )
            if was is not None and becomes is not None:
                # In proportion, so that a rework keeps its half and an extension its share.
                targets[segment.kind] = max(1, segment.target * becomes[0] // was[0])
    return retargeted(task, c, targets)


@effect("escalate")
def _escalate(task: TaskState, c: Context) -> TaskState:
    level = c.text("to_level") or above(task.level)
    task = replace(
        task, level=level, level_acked=False, ack_expires=None, segments=stopped(task, c.now, {K.LEVEL_ACK})
    )
    return start(task, K.LEVEL_ACK, c, holder=level, level=level)


@effect("hand_back")
def _hand_back(task: TaskState, c: Context) -> TaskState:
    task = replace(task, level=below(task.level), level_acked=True, ack_expires=None)
    return replace(task, segments=stopped(task, c.now, {K.LEVEL_ACK}))


@effect("ack")
def _ack(task: TaskState, c: Context) -> TaskState:
    return acked(task, c)


@effect("unack")
def _unack(task: TaskState, c: Context) -> TaskState:
    task = replace(task, level_acked=False, ack_expires=None)
    return start(task, K.LEVEL_ACK, c, holder=task.level, level=task.level)


@effect("supervise")
def _supervise(task: TaskState, c: Context) -> TaskState:
    return replace(task, supervised=True, supervised_by=c.op.actor)
