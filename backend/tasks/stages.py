"""The clocks of a task from stage to stage: begin, end, let stand still, give another target."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from backend.tasks import clocks
from backend.tasks.clocks import Segment
from backend.tasks.context import Context
from backend.tasks.policy import Policy
from backend.tasks.states import ClockKind, State
from backend.tasks.taskstate import TaskState

LASTING: Final = frozenset({ClockKind.TOTAL, ClockKind.LEVEL_ACK})
"""Clocks that run on from one state to the next."""
WAY: Final = (
    ClockKind.TRIAGE,
    ClockKind.DISPATCH,
    ClockKind.ACCEPT,
    ClockKind.ARRIVE,
    ClockKind.DISPOSE,
)
"""The stages of the work in their order: the time of an order from above is shared among them."""


def stopped(task: TaskState, now: int, kinds: Collection[str] | None = None) -> tuple[Segment, ...]:
    """The segments with those of ``kinds`` (all, where None) ended."""
    return tuple(
        clocks.stop(s, now) if s.stopped is None and (kinds is None or s.kind in kinds) else s
        for s in task.segments
    )


def stage_ended(task: TaskState, now: int) -> TaskState:
    """End every clock that does not last from state to state."""
    kinds = {s.kind for s in task.segments if s.kind not in LASTING}
    return replace(task, segments=stopped(task, now, kinds))


def start(
    task: TaskState,
    kind: str,
    context: Context,
    *,
    holder: str,
    level: str = "",
    percent: int = 100,
    carried: int = 0,
    ran_out: int | None = None,
) -> TaskState:
    """Begin a clock, where the policy has one."""
    policy, now = context.policy, context.now
    found = policy.target(kind, type_=task.type, priority=task.priority, at=now, level=level)
    if found is None:
        return task
    seconds, calendar = found
    if by_order(task, kind, now):
        seconds, calendar = of_order(task, kind, policy, now), "always"
    segment = Segment(
        kind=str(kind),
        started=now,
        target=max(1, seconds * percent // 100),
        policy_version=policy.version,
        carried=carried,
        ran_out=ran_out,
        calendar=policy.calendar_key(calendar),
        holder=holder,
    )
    return replace(task, segments=(*task.segments, segment))


def by_order(task: TaskState, kind: str, began: int) -> bool:
    """Whether a stage's clock that begins at an instant is drawn from the due time of an order from above."""
    return kind in WAY and task.order_due is not None and task.order_due > began


def of_order(task: TaskState, kind: str, policy: Policy, now: int) -> int:
    """A stage's part of the time until an order is due, by what the policy gives it and the stages to come.

    So the work is due when the order says: an order that is due in hours doesn't ask for arrival within the ordinary
    one, and one that is due in a quarter of an hour doesn't allow it. The verification has its ordinary time.
    """
    assert task.order_due is not None
    ahead = WAY[WAY.index(ClockKind(kind)) :]
    found = [policy.target(one, type_=task.type, priority=task.priority, at=now) for one in ahead]
    targets = [0 if one is None else one[0] for one in found]
    return max(1, (task.order_due - now) * targets[0] // max(1, sum(targets)))


def total_started(
    task: TaskState, context: Context, *, carried: int = 0, ran_out: int | None = None
) -> TaskState:
    """Begin the clock of the whole task; that of an order ends when the order says."""
    if task.order_due is None:
        return start(task, ClockKind.TOTAL, context, holder=task.centre, carried=carried, ran_out=ran_out)
    segment = Segment(
        kind=str(ClockKind.TOTAL),
        started=context.now,
        target=max(1, task.order_due - context.now),
        policy_version=context.policy.version,
        holder=task.centre,
    )
    return replace(task, segments=(*task.segments, segment))


def stage(task: TaskState, kind: str, context: Context, holder: str, percent: int = 100) -> TaskState:
    """End the stage before and begin the next one's clock."""
    return start(stage_ended(task, context.now), kind, context, holder=holder, percent=percent)


def held(task: TaskState, now: int, reason: str) -> TaskState:
    """Let the clocks of the stage stand still; TOTAL and LEVEL_ACK run on.

    An instant that lies before the clock's beginning, or before it ran on again, counts as that.
    """
    segments = tuple(s if s.kind in LASTING else clocks.pause(s, now, reason) for s in task.segments)
    return replace(task, segments=segments)


def resumed(task: TaskState, now: int) -> TaskState:
    """Let the clocks run on that nothing holds any more: no suspension, offer, arbitration or outage of the line."""
    waits = task.state in (State.SUSPENDED, State.OFFERED) or bool(task.arbitration)
    segments = tuple(
        s if task.dark or (waits and s.kind != ClockKind.OFFER) else clocks.resume(s, now)
        for s in task.segments
    )
    return replace(task, segments=segments)


def retargeted(task: TaskState, c: Context, targets: dict[str, int]) -> TaskState:
    kept: list[Segment] = []
    fresh: list[Segment] = []
    for segment in task.segments:
        target = targets.get(segment.kind)
        if segment.stopped is not None or target is None or target == segment.target:
            kept.append(segment)
            continue
        ended, new = clocks.retarget(segment, c.now, target, c.policy.version, c.policy.calendars)
        kept.append(ended)
        fresh.append(new)
    return replace(task, segments=(*kept, *fresh))


def redrawn(task: TaskState, c: Context, total: Segment, due: int) -> TaskState:
    """The task of an order with another due time: TOTAL ends there, the stage that runs has its part of the rest."""
    task = replace(task, order_due=due)
    used = clocks.elapsed(total, c.now, c.policy.calendars)
    targets = {str(ClockKind.TOTAL): used + due - c.now}
    running = task.state_clock()
    if running is not None and by_order(task, running.kind, c.now):
        used = clocks.elapsed(running, c.now, c.policy.calendars)
        targets[running.kind] = used + of_order(task, running.kind, c.policy, c.now)
    return retargeted(task, c, targets)


def absorbed(task: TaskState, merged: TaskState, now: int, policy: Policy) -> TaskState:
    """The task into which another was merged: what the other had used up of a clock that runs in both counts on."""
    kept: list[Segment] = []
    fresh: list[Segment] = []
    for segment in task.segments:
        other = merged.clock(segment.kind) if segment.stopped is None else None
        used = clocks.elapsed(other, now, policy.calendars) if other is not None else 0
        if other is None or used <= clocks.elapsed(segment, now, policy.calendars):
            kept.append(segment)
            continue
        ended, new = clocks.retarget(segment, now, segment.target, policy.version, policy.calendars)
        kept.append(ended)
        late = clocks.run_out(other, now, policy.calendars) if used >= segment.target else None
        fresh.append(replace(new, carried=used, ran_out=late))
    task = replace(task, version=task.version + 1, segments=(*kept, *fresh))
    return replace(task, due=task.present_due(policy.calendars))
