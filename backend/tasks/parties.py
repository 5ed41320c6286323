"""Who may do an act: roles with their tier, holders, receivers, verifiers, and seats that enter for them by phone."""

from __future__ import annotations

from typing import Final

from backend.tasks.context import Context, refusal
from backend.tasks.edges import Edge
from backend.tasks.ops import Who
from backend.tasks.states import (
    ADMINISTRATOR,
    BY_VOICE,
    MEMBER,
    SEAT,
    SUPERVISOR,
    SYSTEM,
    rank,
)
from backend.tasks.taskstate import TaskState
from backend.words import Message

HELPS: Final = ("note", "attach", "recall")
"""What a co-handling department 协办部门 does to a task: it says and shows what it did; the duty is the lead's."""


WHOM: Final = {
    "seat": SEAT,
    "supervisor": SUPERVISOR,
    "verifier": SEAT,
    "closer": SEAT,
    "admin": ADMINISTRATOR,
    "anyone": SEAT,
}
"""Whom to ask for what one may not do oneself, by the entries of an edge's ``who``."""


def _staff(who: Who, lowest: str) -> bool:
    return who.role in (SEAT, SUPERVISOR) and rank(who.tier) >= rank(lowest)


def is_party(who: Who, on_behalf: str, channel: str, kind: str, code: str) -> bool:
    """Whether somebody is, or enters by phone for, a member, a department or a centre's duty room."""
    if not code:
        return False
    if on_behalf:
        return on_behalf == code and channel in BY_VOICE and _staff(who, "T")
    if kind == "department":
        return who.department == code
    if kind == "centre":
        return who.centre == code and who.role in (SEAT, SUPERVISOR)
    return who.actor == code


def granted(grant: str, context: Context) -> bool:
    """Whether the actor falls under one entry of an edge's ``who``."""
    task, op = context.task, context.op
    who = op.who
    name, _, tier = grant.partition(":")
    if name in (SEAT, SUPERVISOR):
        lowest = task.level if tier == "level" else tier
        return _staff(who, lowest) and (name == SEAT or who.role == SUPERVISOR)
    match name:
        case "sys":
            return who.role == SYSTEM
        case "holder":
            return is_party(who, op.on_behalf, op.channel, task.holder_kind, task.holder)
        case "receiver":
            return is_party(who, op.on_behalf, op.channel, task.offered_kind, task.offered_to)
        case "verifier":
            return _staff(who, task.verifying_tier(context.policy.limits.supervised_tier))
        case "closer":
            return _staff(who, task.moved_tier)
        case "admin":
            return who.role == ADMINISTRATOR
        case "anyone":
            return who.role in (SEAT, SUPERVISOR, ADMINISTRATOR, SYSTEM) or (
                who.role == MEMBER and (who.actor == task.holder or who.department in task.co_handlers)
            )
    return False


def only_helps(who: Who, task: TaskState) -> bool:
    """Whether somebody is of a co-handling department 协办 and of nobody who leads, holds or is offered the task."""
    own = who.department
    leads = own in (task.department, task.holder, task.offered_to)
    return own in task.co_handlers and not who.centre and not leads and who.role != ADMINISTRATOR


def who_may(edge: Edge, context: Context) -> Message | None:
    """None where the actor may, else why not."""
    if only_helps(context.op.who, context.task) and edge.kind not in HELPS:
        return refusal("co_only", department=context.op.department, lead=context.task.department)
    if any(granted(grant, context) for grant in edge.who):
        return None
    task, op = context.task, context.op
    for grant in edge.who:
        name, _, tier = grant.partition(":")
        if name == "holder" and op.on_behalf and op.channel in BY_VOICE:
            return refusal("behalf", on_behalf=op.on_behalf, holder=task.holder)
        if name in (SEAT, SUPERVISOR) and op.role in (name, SUPERVISOR):
            return refusal("tier", own=op.tier, needed=task.level if tier == "level" else tier)
        if name == "verifier" and op.role in (SEAT, SUPERVISOR):
            needed = task.verifying_tier(context.policy.limits.supervised_tier)
            return refusal("tier", own=op.tier, needed=needed)
        if name == "closer" and op.role in (SEAT, SUPERVISOR):
            return refusal("tier", own=op.tier, needed=task.moved_tier)
    if "holder" in edge.who:
        return refusal("not_holder", holder=task.holder)
    if "receiver" in edge.who:
        return refusal("not_receiver", receiver=task.offered_to)
    names = [grant.partition(":")[0] for grant in edge.who]
    ask = next((WHOM[name] for name in names if name in WHOM), "")
    if not ask:
        return refusal("by_itself", role=op.role)
    return refusal("role", role=op.role, needed=" ".join(names), ask=ask)
