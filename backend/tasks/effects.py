"""What an act does to a task and its clocks, once it is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from backend.tasks import clocks
from backend.tasks.context import Context
from backend.tasks.edges import PRIOR, SAME, Edge
from backend.tasks.policy import Policy
from backend.tasks.recall import taken_back
from backend.tasks.stages import (
    LASTING,
    held,
    resumed,
    stage,
    start,
    stopped,
    total_started,
)
from backend.tasks.states import SEAT, SUPERVISOR, SYSTEM, ClockKind, rank
from backend.tasks.taskstate import TaskState, co_listed, co_written

K = ClockKind
Effect = Callable[[TaskState, Context], TaskState]
EFFECTS: Final[dict[str, Effect]] = {}
OWNER_FIELDS: Final = ("holder", "holder_kind", "level", "centre", "department", "offered_to", "supervised")
"""A change of any of these makes acts stale that were prepared before it."""
ADDED: Final = frozenset({"level"})
"""What the product's own escalation changes: it adds accountability and takes no right to act away, so a dispatch
that was being chosen while the clock ran out is not refused for it. A person who escalates has taken charge."""


def effect(kind: str) -> Callable[[Effect], Effect]:
    """Register what an act does."""

    def register(function: Effect) -> Effect:
        EFFECTS[kind] = function
        return function

    return register


def enact(task: TaskState, edge: Edge, context: Context) -> TaskState:
    """The task after the act."""
    now, op = context.now, context.op
    to = _target_state(task, edge)
    moved = to != task.state
    after = replace(task, state=to)
    change = EFFECTS.get(edge.kind)
    if change is not None:
        after = change(after, context)
    if after is task or after == task:
        return task
    after = replace(after, version=task.version + 1)
    if moved:
        after = replace(
            after,
            moved_kind=op.kind,
            moved_by=op.actor,
            moved_role=op.role,
            moved_tier=op.tier,
            moved_at=now,
        )
        if not after.live:
            after = replace(
                after,
                segments=stopped(after, now),
                closed=now,
                asked="",
                asked_by="",
                offered_to="",
                offered_kind="",
            )
        after = _progress(after, context)
    changed = {name for name in OWNER_FIELDS if getattr(after, name) != getattr(task, name)}
    if changed and not (op.role == SYSTEM and changed <= ADDED):
        after = replace(after, owner_version=after.version)
    segment = after.state_clock()
    return replace(
        after,
        due=after.present_due(context.policy.calendars),
        due_clock=segment.kind if segment is not None and segment.running else "",
    )


def _target_state(task: TaskState, edge: Edge) -> str:
    if edge.to == SAME:
        return task.state
    return task.prior_state if edge.to == PRIOR else str(edge.to)


def _progress(task: TaskState, context: Context) -> TaskState:
    """A move by the accountable tier acknowledges; any move makes an acknowledgement last anew."""
    op = context.op
    if not task.live:
        return replace(task, ack_expires=None, level_acked=True)
    if not task.level_acked and op.role in (SEAT, SUPERVISOR) and rank(op.tier) >= rank(task.level):
        task = acked(task, context)
    elif task.level_acked and task.ack_expires is not None:
        task = replace(task, ack_expires=ack_end(task, context.now, context.policy))
    return task


def ack_end(task: TaskState, now: int, policy: Policy) -> int:
    """Until when an acknowledgement lasts without progress: min(DISPOSE share, the longest)."""
    found = policy.target(K.DISPOSE, type_=task.type, priority=task.priority, at=now)
    share = found[0] * policy.limits.ack_percent // 100 if found else policy.limits.ack_longest
    return now + min(share, policy.limits.ack_longest)


def acked(task: TaskState, context: Context) -> TaskState:
    expires = ack_end(task, context.now, context.policy)
    return replace(
        task,
        level_acked=True,
        ack_expires=expires,
        segments=stopped(task, context.now, {K.LEVEL_ACK}),
    )


# The rows of workflow.md.


@effect("propose")
def _propose(task: TaskState, c: Context) -> TaskState:
    return start(task, K.TRIAGE, c, holder=task.centre)


@effect("file")
def _file(task: TaskState, c: Context) -> TaskState:
    task = replace(
        task,
        policy_version=c.policy.version,
        grid=c.text("grid") or task.grid,
        township=c.text("township") or task.township,
        county=c.text("county") or task.county,
        suspect_data=False,
    )
    task = stage(task, K.DISPATCH, c, task.centre)
    return total_started(task, c)


@effect("dismiss")
def _dismiss(task: TaskState, c: Context) -> TaskState:
    return replace(task, close_code=c.text("reason"))


@effect("void")
def _void(task: TaskState, c: Context) -> TaskState:
    return replace(task, close_code=c.text("reason"))


@effect("merge")
def _merge(task: TaskState, c: Context) -> TaskState:
    assert c.facts.other is not None
    return replace(task, merged_into=c.facts.other.id, close_code="merged")


@effect("dispatch")
def _dispatch(task: TaskState, c: Context) -> TaskState:
    holder = c.text("holder")
    task = replace(
        task,
        holder=holder,
        holder_kind=c.text("holder_kind") or "member",
        department=c.text("department") or task.department,
    )
    return stage(co_handled(task, c), K.ACCEPT, c, holder)


def co_handled(task: TaskState, c: Context) -> TaskState:
    """With the co-handling departments that the act names, else those it had; the lead is none of them."""
    named = c.op.body.get("co_departments")
    codes = task.co_handlers if named is None else co_listed(named)
    return replace(task, co_departments=co_written(codes, task.department))


@effect("accept")
def _accept(task: TaskState, c: Context) -> TaskState:
    return stage(_late_evidence(task, c), K.ARRIVE, c, task.holder)


@effect("return")
def _return(task: TaskState, c: Context) -> TaskState:
    # Clock rule 2 knows no pause for a return: the holder's clock ends with the holder, TOTAL runs on.
    task = replace(
        task,
        returns=task.returns + 1,
        prior_holder=task.holder,
        holder="",
        holder_kind="",
        asked="",
        asked_by="",
    )
    return stage(task, K.DISPATCH, c, task.centre)


@effect("arrive")
def _arrive(task: TaskState, c: Context) -> TaskState:
    return stage(_late_evidence(task, c), K.DISPOSE, c, task.holder)


@effect("report")
def _report(task: TaskState, c: Context) -> TaskState:
    task = replace(
        _late_evidence(task, c),
        reporter=c.op.doer,
        recorder=c.op.actor if c.op.on_behalf else "",
        result=c.text("result"),
        evidence_pending=" ".join(c.words("pending")),
        asked="",
        asked_by="",
    )
    return stage(task, K.VERIFY, c, task.centre)


def _late_evidence(task: TaskState, c: Context) -> TaskState:
    """Class F: it happened in time and was heard of late. The breach stays; the escalation is marked superseded."""
    segment = next((s for s in reversed(task.segments) if s.stopped is None and s.kind not in LASTING), None)
    if segment is None or c.op.occurred is None:
        return task
    due = clocks.due_at(segment, c.policy.calendars)
    if due is None or c.now <= due or c.op.occurred + c.op.uncertain > due or c.op.occurred < segment.started:
        return task
    return replace(task, superseded=True)


@effect("verify_ok")
def _verify_ok(task: TaskState, c: Context) -> TaskState:
    return replace(task, close_code=task.result or c.text("result"))


@effect("verify_no")
def _verify_no(task: TaskState, c: Context) -> TaskState:
    task = replace(task, reworks=task.reworks + 1)
    return stage(task, K.DISPOSE, c, task.holder, c.policy.limits.rework_percent)


@effect("reopen")
def _reopen(task: TaskState, c: Context) -> TaskState:
    total = next((s for s in reversed(task.segments) if s.kind == K.TOTAL), None)
    calendars = c.policy.calendars
    carried = clocks.elapsed(total, c.now, calendars) if total is not None else 0
    ran_out = clocks.run_out(total, c.now, calendars) if total is not None else None
    task = replace(task, reworks=task.reworks + 1, closed=None, close_code="")
    task = stage(task, K.DISPOSE, c, task.holder, c.policy.limits.rework_percent)
    return total_started(task, c, carried=carried, ran_out=ran_out)


@effect("suspend")
def _suspend(task: TaskState, c: Context) -> TaskState:
    task = replace(
        task, prior_state=c.task.state, review_at=c.number("review_at"), asked="", asked_by="", asked_at=None
    )
    return held(task, c.now, "suspended")


@effect("unsuspend")
def _unsuspend(task: TaskState, c: Context) -> TaskState:
    return resumed(replace(task, prior_state="", review_at=None), c.now)


@effect("transfer")
def _transfer(task: TaskState, c: Context) -> TaskState:
    task = replace(
        task,
        prior_state=c.task.state,
        offered_to=c.text("receiver"),
        offered_kind=c.text("receiver_kind") or "department",
        asked="",
        asked_by="",
    )
    return start(held(task, c.now, "offered"), K.OFFER, c, holder=task.offered_to)


@effect("take")
def taken_over(task: TaskState, c: Context) -> TaskState:
    """The task in the hands of whoever it was offered to, with the place of their jurisdiction."""
    grid, county, township = c.facts.place or (task.grid, task.county, task.township)
    to_centre = task.offered_kind == "centre"
    task = replace(
        task,
        holder=task.offered_to,
        holder_kind=task.offered_kind,
        prior_holder=task.holder,
        department=task.department if to_centre else task.offered_to,
        centre=task.offered_to if to_centre else task.centre,
        grid=grid,
        county=county,
        township=township,
        offered_to="",
        offered_kind="",
        prior_state="",
    )
    task = replace(task, co_departments=co_written(task.co_handlers, task.department))
    return stage(task, K.ARRIVE, c, task.holder)


def _back_to_giver(task: TaskState, c: Context) -> TaskState:
    task = replace(
        task,
        offers=task.offers + 1,
        offered_to="",
        offered_kind="",
        prior_state="",
        segments=stopped(task, c.now, {K.OFFER}),
    )
    return resumed(task, c.now)


EFFECTS["decline"] = _back_to_giver
EFFECTS["offer_timeout"] = _back_to_giver


@effect("force")
def _force(task: TaskState, c: Context) -> TaskState:
    changes: dict[str, Any] = {c.text("field"): c.text("value")}
    if "holder" in changes:
        changes["holder_kind"] = c.text("holder_kind") or task.holder_kind or "member"
    forced = replace(task, **changes)
    return replace(forced, co_departments=co_written(forced.co_handlers, forced.department))


@effect("recall")
def _recall(task: TaskState, c: Context) -> TaskState:
    last = c.facts.last
    assert last is not None
    assert last.undo is not None
    return taken_back(task, last.undo, c.now, c.policy)
