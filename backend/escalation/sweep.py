"""The sweep: take the steps that are due, in order, each once.

Nothing is held in memory: a step is claimed by the update that marks it done, in the transaction that also does it, so
a sweep that is killed, doubled or three days late leaves neither a step untaken nor one taken twice. After an outage
the missed steps go into the log one by one, and each task tells its people once, for the gravest of them, how late.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, delete, exists, select, update

from backend.duty.pick import pick_holder
from backend.escalation import auditor, emptied
from backend.escalation.plan import DUE, plan, steps_of
from backend.escalation.steps import RAISING, Step, raised_to
from backend.escalation.tables import Heartbeat
from backend.escalation.telling import tell
from backend.store import Store, table, upsert
from backend.tasks.apply import apply, policy_for
from backend.tasks.ops import by_system
from backend.tasks.rows import TASK, load
from backend.tasks.states import TIERS
from backend.tasks.taskstate import TaskState
from backend.words.message import Scalar

HEARTBEAT = table(Heartbeat)
CHUNK: Final = 10
"""Tasks in one transaction: a person's act never waits longer than these take."""
MOST_STEPS: Final = 40
"""Steps of one task in one sweep; what is left is taken by the next."""
GRAVITY: Final = (
    "standing",
    "remind",
    "warn",
    "dispatch",
    "repeat",
    "review",
    "unack",
    "offer_timeout",
    "escalate",
)


@dataclass(slots=True)
class SweepReport:
    """What a sweep did."""

    steps: int = 0
    tasks: int = 0
    escalated: int = 0
    notices: int = 0
    latest: int = 0
    """The greatest lateness of a step, seconds."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """Tasks whose step could not be taken, and why; the next sweep tries them again."""


@dataclass(frozen=True, slots=True)
class _Taken:
    step: Step
    late: int
    outcome: str


def sweep(store: Store, now: int, limit: int = 500, *, wall: float | None = None) -> SweepReport:
    """Take what is due at ``now``, at most ``limit`` tasks; run every 15 seconds."""
    report = SweepReport()
    report.faults += emptied.look(store, now)
    visited: set[str] = set()
    while len(visited) < limit:
        with store.write() as connection:
            tasks = _due_tasks(connection, now, min(CHUNK, limit - len(visited)), visited)
            visited.update(tasks)
            for task in tasks:
                try:
                    with connection.begin_nested():
                        taken = _sweep_task(connection, task, now)
                    _count(report, taken)
                except Exception as error:
                    report.faults.append((task, repr(error)))
        if not tasks:
            break
    with store.write() as connection:
        there = exists().where(TASK.c.id == DUE.c.task)
        connection.execute(delete(DUE).where(DUE.c.done.is_(None), DUE.c.at <= now, ~there))
        # A note is what went wrong, and nothing else: whoever reads it (`gridseat doctor`) says so.
        note = f"{len(report.faults)} faults" if report.faults else ""
        last = connection.execute(
            select(HEARTBEAT.c.at).where(HEARTBEAT.c.job == "sweep")
        ).scalar_one_or_none()
        auditor.watch(connection, now, last)
        beat = {"job": "sweep", "at": now, "wall": float(now) if wall is None else wall, "note": note}
        upsert(connection, HEARTBEAT, [beat], keys=["job"])
    return report


def _due_tasks(connection: Connection, now: int, limit: int, visited: set[str]) -> list[str]:
    # The task is locked before its steps, as an act does it, so that the two never wait for each other crosswise.
    query = (
        select(DUE.c.task)
        .join(TASK, TASK.c.id == DUE.c.task)
        .where(DUE.c.done.is_(None), DUE.c.at <= now, DUE.c.task.not_in(visited))
        .order_by(DUE.c.at, DUE.c.task)
        .limit(limit)
        .with_for_update(of=TASK, skip_locked=True)
    )
    return list(connection.execute(query).scalars())


def _count(report: SweepReport, taken: list[_Taken]) -> None:
    if not taken:
        return
    report.tasks += 1
    report.steps += len(taken)
    report.latest = max(report.latest, *(one.late for one in taken))
    raised = (one for one in taken if one.step.kind in RAISING and one.outcome == "applied")
    report.escalated += sum(1 for _ in raised)
    report.notices += 1


def _sweep_task(connection: Connection, task: str, now: int) -> list[_Taken]:
    """Every step of one task that is due, then one notice for the gravest."""
    taken: list[_Taken] = []
    for _ in range(MOST_STEPS):
        state = load(connection, task, lock=True)
        step = next(iter(steps_of(connection, state, now)), None) if state is not None else None
        if state is None or step is None or step.at > now:
            break
        if not _claim(connection, task, step, now):
            # What waits is not what comes next any more (the duty book changed, say): plan, and take that.
            plan(connection, task, now)
            continue
        outcome = _do(connection, state, step, now)
        connection.execute(
            update(DUE).where(DUE.c.task == task, DUE.c.step == step.key).values(outcome=outcome)
        )
        taken.append(_Taken(step, now - step.at, outcome))
        plan(connection, task, now)
    if not taken:
        plan(connection, task, now)
        return taken
    after = load(connection, task)
    assert after is not None
    gravest = max(taken, key=lambda one: (GRAVITY.index(one.step.kind), one.step.at))
    tell(connection, after, gravest.step, now, late=max(one.late for one in taken), steps=len(taken))
    return taken


def _claim(connection: Connection, task: str, step: Step, now: int) -> bool:
    """Mark the waiting step done; False where it is not there any more (somebody else took it, or the task moved)."""
    claimed = connection.execute(
        update(DUE)
        .where(DUE.c.task == task, DUE.c.step == step.key, DUE.c.done.is_(None))
        .values(done=now, late=max(0, now - step.at))
    )
    return claimed.rowcount == 1


def _do(connection: Connection, task: TaskState, step: Step, now: int) -> str:
    """Do what a step says; answers what became of it."""
    name = f"{task.id}:{step.key}"
    match step.kind:
        case "escalate":
            return _escalate(connection, task, step, now, step.cause or step.clock)
        case "offer_timeout":
            # The arbitration that follows is a task of its own, planned and told as such.
            done = apply(
                connection, by_system("offer_timeout", task.id, f"sys:offer:{name}"), now, planner=plan
            )
            return "applied" if done.ok else done.message.code
        case "dispatch":
            return _dispatch(connection, task, now, f"sys:dispatch:{name}")
        case "review":
            done = apply(connection, by_system("unsuspend", task.id, f"sys:review:{name}"), now)
            return "applied" if done.ok else done.message.code
        case "unack":
            done = apply(connection, by_system("unack", task.id, f"sys:unack:{name}"), now)
            return "applied" if done.ok else done.message.code
    if step.percent >= 100:
        apply(connection, by_system("breach", task.id, f"sys:breach:{name}", _missed(step)), now)
    return "told"


def _missed(step: Step) -> dict[str, Scalar]:
    """What the log says of a miss: which clock, or where none was missed the cause."""
    return {"cause": step.clock or step.cause}


def _dispatch(connection: Connection, task: TaskState, now: int, name: str) -> str:
    """Send whoever is best placed of those on duty in the township; nobody is left to the cause of that name."""
    zone = policy_for(connection, task, now).zone
    best = next(
        (
            one
            for one in pick_holder(connection, task.grid, now, zone, exclude=task.prior_holder).candidates
            if one.on_duty and not one.upward
        ),
        None,
    )
    if best is None:
        return "nobody"
    body = {"holder": best.code, "holder_kind": best.kind, "on_duty": True}
    done = apply(connection, by_system("dispatch", task.id, name, body), now)
    return "applied" if done.ok else done.message.code


def _escalate(connection: Connection, task: TaskState, step: Step, now: int, cause: str) -> str:
    """One level up, once for this task, level and instance of the cause; at the top only the breach is noted."""
    if task.level == TIERS[-1]:
        apply(
            connection, by_system("breach", task.id, f"sys:breach:{task.id}:{step.key}", _missed(step)), now
        )
        return "top"
    level = raised_to(task, step)
    body: dict[str, Scalar] = {
        "cause": cause,
        "to_level": level,
        "step": step.key,
        "rule": step.rule.number if step.rule else 0,
        "due": step.due,
        "percent": step.percent,
        "late": now - step.at,
    }
    op = by_system("escalate", task.id, f"sys:escalate:{task.id}:{level}:{step.key}", body)
    done = apply(connection, op, now)
    return "applied" if done.ok else done.message.code
