"""The one judge of acts: `decide` says what becomes of an operation, `offered` which acts a person could do now.

Pure: no clock of its own, no database. The order of the questions is the order in which a person wants the answer:
has somebody done it already, does this state have this act, may this person, is the line needed, has the owner
changed meanwhile, is the condition met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from backend.tasks.beside import enact
from backend.tasks.clocks import Segment
from backend.tasks.context import Context, refusal
from backend.tasks.edges import EDGES, KINDS, PRIOR, SAME, Edge, edge_of, edges_of
from backend.tasks.ops import Op, Who
from backend.tasks.parties import is_party, who_may
from backend.tasks.policy import Policy
from backend.tasks.recall import undo_of
from backend.tasks.states import SEAT, SUPERVISOR, SYSTEM
from backend.tasks.taskstate import Facts, TaskState
from backend.tasks.written import GUARDS, NEEDS_BODY
from backend.words import Message
from backend.words.message import Scalar

Result = Literal["applied", "same", "refused"]
VERSIONED: Final = frozenset({"C", "D"})
"""Conflict classes in which an owner change since the actor looked makes the act stale."""
NO_FACTS: Final = Facts()


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an operation."""

    result: Result
    task: TaskState
    """The task after it; as it was, unless applied."""
    code: str = ""
    args: Mapping[str, Scalar] = field(default_factory=dict)
    edge: Edge | None = None
    breached: tuple[Segment, ...] = ()
    """Clocks that had run out by now and are noted with this act."""
    undo: Mapping[str, object] | None = None
    """What a recall puts back."""

    @property
    def message(self) -> Message:
        """What to tell the actor."""
        return Message(self.code, self.args)


def decide(task: TaskState, op: Op, now: int, policy: Policy, facts: Facts = NO_FACTS) -> Decision:
    """Judge an operation on a task (one whose state is ``""`` does not exist yet).

    Returns:
        ``applied`` with the task after it, ``same`` where an equivalent act has done it already, or ``refused`` with
        the reason and who brought the task into its present state.
    """
    if op.kind not in KINDS:
        return _refused(task, op, refusal("kind", act=op.kind))
    context = Context(task, op, now, policy, facts)
    edge = edge_of(op.kind, task.state)
    stale = op.from_state is not None and op.from_state != task.state
    if edge is None or (stale and edge.conflict in "BCD"):
        return _same_or_moved(context, stale)
    if edge.kind == "propose" and facts.linked:
        return Decision("same", replace(task, id=facts.linked), "task.linked", {"task": facts.linked}, edge)
    if _already(context, edge):
        return _same(context, edge)
    reason = who_may(edge, context) or _line(edge, op, policy, context) or _version(edge, context)
    if reason is None:
        reason = _guards(edge, context, with_body=True)
    if reason is not None:
        return _refused(task, op, reason, edge)
    breached = task.missed_clocks(now, policy.calendars)
    after = _with_breaches(enact(task, edge, context), breached)
    undo = undo_of(task, after) if edge.recallable and op.role != SYSTEM else None
    args: dict[str, Scalar] = {
        "task": after.id,
        "state": after.state,
        "version": after.version,
        "holder": after.holder,
    }
    return Decision("applied", after, f"task.done.{op.kind}", args, edge, breached, undo)


def _guards(edge: Edge, context: Context, *, with_body: bool) -> Message | None:
    for name in edge.guards:
        if with_body or name not in NEEDS_BODY:
            reason = GUARDS[name](context)
            if reason is not None:
                return reason
    return None


def _with_breaches(task: TaskState, breached: tuple[Segment, ...]) -> TaskState:
    kinds = dict.fromkeys([*task.breaches.split(), *(segment.kind for segment in breached)])
    return replace(task, breaches=" ".join(kinds))


def _line(edge: Edge, op: Op, policy: Policy, context: Context) -> Message | None:
    """Class D needs the authority's answer; a township may dismiss a false alarm without (design, decision 10)."""
    if edge.offline or op.online:
        return None
    false_alarm = context.text("reason") in policy.limits.dismiss_offline
    if edge.kind == "dismiss" and op.tier == "T" and false_alarm:
        return None
    return refusal("offline", act=op.kind)


def _version(edge: Edge, context: Context) -> Message | None:
    """No owner change since the actor looked. The product itself acts on what it has just read."""
    task, op = context.task, context.op
    if edge.conflict not in VERSIONED or op.role == SYSTEM or task.state == "":
        return None
    if op.version is None:
        return refusal("version_needed", act=op.kind)
    if op.version > task.version:
        return refusal("version_ahead", seen=op.version, version=task.version)
    if op.version < task.owner_version:
        return refusal("version", seen=op.version, version=task.version, **_mover(task))
    return None


def _already(context: Context, edge: Edge) -> bool:
    """Whether an act that moves nothing has its effect already."""
    task, op = context.task, context.op
    match edge.kind:
        case "supervise":
            return task.supervised
        case "ack":
            return task.level_acked
        case "escalate":
            wanted = context.text("to_level")
            return bool(wanted) and wanted == task.level and not task.level_acked and op.role != SYSTEM
        case "mark_suspect":
            return task.suspect_data
        case "hold":
            clock = task.state_clock()
            return task.dark and (clock is None or not clock.running)
        case "release":
            return not task.dark
        case "ask_suspend" | "ask_extend" | "ask_void" | "ask_dismiss":
            return task.asked == edge.kind.removeprefix("ask_")
    return False


def _same_or_moved(context: Context, stale: bool) -> Decision:
    """The act doesn't fit the state: somebody has done the same, or something else has happened."""
    task, op = context.task, context.op
    seen = op.from_state if stale and op.from_state is not None else None
    candidates = [e for e in edges_of(op.kind) if seen is None or seen in e.sources]
    for edge in candidates:
        reached = edge.to == task.state or (edge.to == PRIOR and task.moved_kind == op.kind)
        if edge.to != SAME and reached and _same_intent(context, edge):
            return _same(context, edge)
    if task.state == "":
        return _refused(task, op, refusal("unknown", task=op.task))
    if op.kind == "propose":
        return _refused(task, op, refusal("exists", task=task.id))
    return _refused(task, op, refusal("moved" if stale else "state", act=op.kind, **_mover(task)))


def _same_intent(context: Context, edge: Edge) -> bool:
    """By the same kind of act and role, and for the same party."""
    task, op = context.task, context.op
    if task.moved_kind != op.kind or task.moved_role != op.role:
        return False
    if edge.kind == "dispatch":
        return context.text("holder") == task.holder
    if edge.kind == "merge":
        return context.text("into") == task.merged_into
    if edge.kind == "transfer":
        return context.text("receiver") == task.offered_to
    if edge.who == ("holder",):
        return op.doer == task.holder or who_may(edge, context) is None
    return True


def _mover(task: TaskState) -> dict[str, Scalar]:
    return {"state": task.state, "by": task.moved_by, "at": task.moved_at, "moved": task.moved_kind}


def _same(context: Context, edge: Edge) -> Decision:
    return Decision("same", context.task, "task.same", {"act": edge.kind, **_mover(context.task)}, edge)


def _refused(task: TaskState, op: Op, reason: Message, edge: Edge | None = None) -> Decision:
    args = {"task": task.id, "version": task.version, "act": op.kind, **_mover(task), **reason.args}
    return Decision("refused", task, reason.code, args, edge)


# What a screen may offer.


BY_SYSTEM: Final = frozenset(
    edge.kind for edge in EDGES if all(other.who == ("sys",) for other in edges_of(edge.kind))
)
"""Acts that only the product does."""
PERSONAL: Final = tuple(k for k in KINDS if k not in BY_SYSTEM and k not in ("propose", "recall"))
"""Acts that a person starts from a task's page."""


def offered(
    task: TaskState, who: Who, now: int, policy: Policy, facts: Facts = NO_FACTS
) -> list[tuple[str, Message | None]]:
    """Every act with None where this person can do it now, else why not.

    What the person has yet to write (a reason, a holder) is not judged. Acts of a holder that a seat may only enter on
    the holder's behalf count as possible; `enters_for` says for whom.
    """
    return [(kind, _why_not(task, kind, who, now, policy, facts)) for kind in PERSONAL]


def _why_not(task: TaskState, kind: str, who: Who, now: int, policy: Policy, facts: Facts) -> Message | None:
    edge = edge_of(kind, task.state)
    if edge is None:
        return refusal("state", act=kind, **_mover(task))
    behalf = enters_for(task, who, kind)
    op = Op(
        id="",
        kind=kind,
        task=task.id,
        actor=who.actor,
        role=who.role,
        tier=who.tier,
        on_behalf=behalf,
        channel="phone" if behalf else "seat",
        version=task.version,
        centre=who.centre,
        department=who.department,
    )
    context = Context(task, op, now, policy, facts)
    if _already(context, edge):
        return refusal("already", act=kind)
    return who_may(edge, context) or _guards(edge, context, with_body=False)


def enters_for(task: TaskState, who: Who, kind: str) -> str:
    """On whose behalf this person would enter the act by phone; empty where it is their own to do."""
    edge = edge_of(kind, task.state)
    if edge is None or who.role not in (SEAT, SUPERVISOR):
        return ""
    if any(grant.partition(":")[0] in (SEAT, SUPERVISOR) for grant in edge.who):
        return ""
    parties = (("holder", task.holder_kind, task.holder), ("receiver", task.offered_kind, task.offered_to))
    for grant, party_kind, party in parties:
        if grant in edge.who and party:
            return "" if is_party(who, "", "seat", party_kind, party) else party
    return ""
