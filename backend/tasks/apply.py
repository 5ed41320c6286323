"""Apply operations to the store: load, judge, write, inside the caller's write transaction.

Each operation becomes a row of the log, also a refused one. The same operation again is answered from the log; another
operation under a used id is refused and leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert, select

from backend import incidents
from backend.city.tables import Grid
from backend.store import insert_ignore, table
from backend.tasks import handing, tables
from backend.tasks.arbitration import follow
from backend.tasks.clocks import Segment, due_at
from backend.tasks.context import refusal
from backend.tasks.facts import ACT, centre_for, facts_for
from backend.tasks.ids import mint
from backend.tasks.machine import Decision, decide
from backend.tasks.ops import Op, by_system
from backend.tasks.owing import owed_by
from backend.tasks.policy import Policy, policy_at, policy_version
from backend.tasks.rows import load, save
from backend.tasks.stages import absorbed
from backend.tasks.states import PRIORITIES, State, rank
from backend.tasks.taskstate import TaskState, proposed
from backend.tasks.workorders import hand_over
from backend.text import clean
from backend.words import Message, Outcome
from backend.words.message import Scalar

BREACH, GRID = table(tables.Breach), table(Grid)
BODY_LIMIT: Final = 16 * 1024
"""Bytes of an operation's body; evidence itself never travels in it."""
TEXT_LIMIT, TEXT_LINES, DEPTH_LIMIT = 2000, 20, 4
ANSWERED: Final = ("task", "state", "version")
"""What an outcome's data tell besides the words."""

Planner = Callable[[Connection, str, int], None]
"""Keeps the due table in step with a task; `backend.escalation.plan.plan`."""


def apply(connection: Connection, op: Op, now: int, *, planner: Planner | None = None) -> Outcome:
    """Judge an operation and write what becomes of it.

    Access (may this person act in this grid at all) is the caller's to ask; what is legal in the task's state is judged
    here.

    Returns:
        Done, with ``task``, ``state`` and ``version`` in its data (also where an equivalent act had done it already),
        or refused with the reason.
    """
    digest = _digest(op)
    answered = _answered(connection, op.id, digest)
    if answered is not None:
        return answered
    log = _Log(connection, now, digest, planner)
    op, fault = _tidy(op)
    if fault is not None:
        return log.refused(op, fault)
    if op.kind == "propose":
        return _propose(log, op)
    task = load(connection, op.task, lock=True)
    if task is None:
        return log.refused(op, refusal("unknown", task=op.task))
    policy = policy_for(connection, task, now)
    facts = facts_for(connection, task, op, policy)
    decision = decide(task, op, now, policy, facts)
    outcome = log.judged(task, op, decision, policy)
    if decision.result == "applied":
        if op.kind == "merge" and facts.other is not None:
            _absorb(log, facts.other, task, op)
        if op.kind == "reopen":
            incidents.open_again(connection, task.incident)
        handing.keep(connection, task, decision.task, op, now)

        def more(another: Op) -> Outcome:
            return apply(connection, another, now, planner=planner)

        follow(connection, task, decision.task, op, more)
        if op.kind == "verify_ok" and decision.task.result in policy.limits.handover:
            hand_over(connection, decision.task, policy.limits.maintenance, more)
    return outcome


def propose(connection: Connection, op: Op, now: int, *, planner: Planner | None = None) -> Outcome:
    """Make a draft of a task 线索 from ``op.body``.

    The body: ``type``, ``grid``, ``priority``; and where there are, ``incident``, ``title_code``, ``title_args``,
    ``department``, ``co_departments``, ``origin``, ``suspect``, ``centre``; for an order from above its code ``order``
    and ``due``, the instant until which it must be carried out: such a task is supervised from its first act, and its
    TOTAL clock ends at that instant. County, township and owning centre are looked up. Where the
    incident has an open task of this type already, nothing is made and the outcome names that task.
    """
    return apply(connection, replace(op, kind="propose"), now, planner=planner)


def policy_for(connection: Connection, task: TaskState | None, now: int) -> Policy:
    """The version a filed task was frozen at; for a draft, the one in force."""
    if task is None or task.state in ("", State.DRAFT):
        return policy_at(connection, now)
    return policy_version(connection, task.policy_version)


def _propose(log: _Log, op: Op) -> Outcome:
    connection, now, body = log.connection, log.now, dict(op.body)
    if isinstance(body.get("title_args"), Mapping):
        body["title_args"] = msgspec.json.encode(body["title_args"]).decode()
    grid = str(body.get("grid") or "")
    row = connection.execute(select(GRID.c.county, GRID.c.township).where(GRID.c.code == grid)).one_or_none()
    if row is None:
        return log.refused(op, refusal("grid", grid=grid))
    centre, tier = centre_for(connection, row.township, row.county, grid)
    body = {"centre": centre, "level": tier or "T", **body, "county": row.county, "township": row.township}
    op = replace(op, body=body)
    policy = policy_at(connection, now)
    draft = proposed(op, op.task, policy.version, now)
    decision = decide(draft, op, now, policy, facts_for(connection, draft, op, policy))
    if decision.result == "applied":
        task_id = op.task or mint(connection, op.centre or str(body["centre"]) or "X")
        after = replace(decision.task, id=task_id)
        decision = replace(decision, task=after, args={**decision.args, "task": task_id})
        if after.incident:
            incidents.open_again(connection, after.incident)
    return log.judged(draft, op, decision, policy)


def _absorb(log: _Log, into: TaskState, merged: TaskState, op: Op) -> None:
    """Tell the target of a merge, in its own log."""
    policy = policy_for(log.connection, into, log.now)
    after = absorbed(into, merged, log.now, policy)
    taken = replace(op, id=f"{op.id}:into", kind="absorb", task=into.id, body={"from": merged.id})
    args: dict[str, Scalar] = {
        "task": into.id,
        "from": merged.id,
        "state": into.state,
        "version": after.version,
    }
    log.judged(into, taken, Decision("applied", after, "task.done.absorb", args), policy)
    _as_urgent(log, into, merged, op)
    if merged.township != into.township:
        _raise_to_both(log, into, merged)


def _as_urgent(log: _Log, into: TaskState, merged: TaskState, op: Op) -> None:
    """What was urgent does not become less so by being merged 并案: the other has its priority, and its clocks."""
    if PRIORITIES.index(merged.priority) >= PRIORITIES.index(into.priority):
        return
    body = {"priority": merged.priority, "reason": merged.id}
    raised = replace(op, id=f"{op.id}:priority", kind="prioritise", task=into.id, body=body)
    raised = replace(raised, from_state=None, version=into.version + 1)
    apply(log.connection, raised, log.now, planner=log.planner)


def _raise_to_both(log: _Log, into: TaskState, merged: TaskState) -> None:
    """A task that has become that of two townships, or of two counties, is answered for by the tier above both."""
    needed = "C" if merged.county == into.county else "M"
    if rank(into.level) < rank(needed):
        body = {"cause": "cross_boundary", "to_level": needed, "from": merged.id}
        op = by_system("escalate", into.id, f"sys:escalate:{into.id}:{needed}:cross/{merged.id}", body)
        apply(log.connection, op, log.now, planner=log.planner)


# The log.


def _digest(op: Op) -> str:
    try:
        return op.digest()
    except (TypeError, ValueError, RecursionError):
        return ""


def _answered(connection: Connection, op: str, digest: str) -> Outcome | None:
    """The stored answer to an operation that was judged before."""
    row = connection.execute(
        select(ACT.c.result, ACT.c.code, ACT.c.args, ACT.c.digest).where(ACT.c.op == op)
    ).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        return Outcome(False, refusal("fork", op=op))
    args = msgspec.json.decode(row.args)
    data = {name: args[name] for name in ANSWERED if name in args}
    return Outcome(row.result != "refused", Message(row.code, args), data)


@dataclass(frozen=True, slots=True)
class _Log:
    """Writes one operation and what became of it."""

    connection: Connection
    now: int
    digest: str
    planner: Planner | None

    def judged(self, before: TaskState, op: Op, decision: Decision, policy: Policy) -> Outcome:
        """Write a decision, and plan what comes next."""
        after, message = decision.task, decision.message
        if decision.result == "applied":
            after = save(self.connection, before, after)
            self._breaches(before, decision.breached, policy)
        undo = msgspec.json.encode(decision.undo).decode() if decision.undo else ""
        self._write(op, before, after, decision.result, message, undo)
        if decision.result == "applied" and self.planner is not None:
            self.planner(self.connection, after.id, self.now)
        data = {name: message.args[name] for name in ANSWERED if name in message.args}
        return Outcome(decision.result != "refused", message, data)

    def refused(self, op: Op, reason: Message) -> Outcome:
        """Write an operation that no task was judged by."""
        nowhere = TaskState(op.task, "", "", "", "", 0, 0, self.now, self.now)
        self._write(op, nowhere, nowhere, "refused", reason, "")
        return Outcome(False, reason)

    def _breaches(self, before: TaskState, breached: tuple[Segment, ...], policy: Policy) -> None:
        rows = [
            {
                "task": before.id,
                "segment": segment.id,
                "kind": segment.kind,
                "due": due_at(segment, policy.calendars),
                "noticed": self.now,
                # Who owed it when it ran out: the act that notes the miss may have changed the holder.
                "holder": owed_by(self.connection, before, segment.kind, policy).code,
            }
            for segment in breached
        ]
        insert_ignore(self.connection, BREACH, rows)

    def _write(
        self, op: Op, before: TaskState, after: TaskState, result: str, message: Message, undo: str
    ) -> None:
        self.connection.execute(
            insert(ACT).values(
                op=op.id,
                task=after.id,
                kind=op.kind,
                actor=op.actor,
                role=op.role,
                tier=op.tier,
                on_behalf=op.on_behalf,
                channel=op.channel,
                at=self.now,
                occurred=self.now if op.occurred is None else op.occurred,
                uncertain=op.uncertain,
                from_state=before.state,
                to_state=after.state,
                result=result,
                code=message.code,
                args=msgspec.json.encode(message.args).decode(),
                body=msgspec.json.encode(op.body).decode(),
                version=after.version,
                policy_version=after.policy_version,
                digest=self.digest,
                undo=undo,
            )
        )


# What came with an operation from outside.


def _tidy(op: Op) -> tuple[Op, Message | None]:
    """The operation with its texts made safe, and what is wrong with its shape."""
    try:
        size = len(msgspec.json.encode(dict(op.body)))
        body: dict[str, Any] = {str(clean(key)): _safe(value, 0) for key, value in op.body.items()}
    except (TypeError, ValueError, RecursionError):
        return replace(op, body={}), refusal("schema", field="body", value="")
    tidy = replace(
        op,
        kind=clean(op.kind, limit=40),
        task=clean(op.task, limit=64),
        on_behalf=clean(op.on_behalf, limit=64),
        body=body,
    )
    if size > BODY_LIMIT:
        return replace(tidy, body={}), refusal("too_big", bytes=size, limit=BODY_LIMIT)
    return tidy, None


def _safe(value: Any, depth: int) -> Any:
    if depth > DEPTH_LIMIT:
        raise ValueError("too deep")
    if isinstance(value, str):
        return clean(value, limit=TEXT_LIMIT, lines=TEXT_LINES)
    if isinstance(value, Mapping):
        return {str(clean(key)): _safe(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(item, depth + 1) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(type(value).__name__)
