"""Causes that another room tells: a hotspot's warnings, suspected falsification, a boundary that is crossed.

Each instance of a cause raises a task once (row 20's key: task, level, cause-instance), is told, and is repeated as the
policy of the task says.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from backend.escalation.plan import DUE, plan
from backend.escalation.policy import RAISED, Rule, rules_of
from backend.escalation.steps import Step, raised_to
from backend.escalation.telling import tell
from backend.tasks.apply import apply, policy_for
from backend.tasks.ops import by_system
from backend.tasks.rows import load
from backend.tasks.states import TIERS
from backend.words import Outcome
from backend.words.message import Scalar


def raise_cause(
    connection: Connection, task: str, cause: str, instance: str, now: int, evidence: Mapping[str, Scalar]
) -> Outcome:
    """Raise a task for a cause that its own clocks do not know.

    Args:
        cause: hotspot, falsification or cross_boundary.
        instance: what makes it this one and no other: the month of a warning, the number of an alarm. The same one
            again changes nothing.
        evidence: what stands behind it; for a hotspot ``consecutive`` and ``cumulative``, the counts of its warnings.

    Returns:
        Done with the ``level`` it has now, or refused: no such task, no step of its policy for the cause, too few.
    """
    state = load(connection, task, lock=True)
    if state is None or not state.live:
        return Outcome.refused("task.refused.unknown", task=task)
    policy = policy_for(connection, state, now)
    rule = rules_of(policy).causes.get(cause) if cause in RAISED else None
    if rule is None or not rule.fits(state.type, state.priority):
        return Outcome.refused("escalation.refused.no_rule", cause=cause, version=policy.version)
    if not _enough(rule, evidence):
        return Outcome.refused("escalation.refused.too_few", cause=cause)
    key = f"{cause}/{instance}"
    step = Step(key, now, rule.do, rule, cause=cause)
    taken = {
        "task": task,
        "step": key,
        "at": now,
        "kind": step.kind,
        "cause": cause,
        "clock": "",
        "to_level": raised_to(state, step),
        "policy_version": policy.version,
        "done": now,
        "late": 0,
        "outcome": "top" if state.level == TIERS[-1] else "applied",
    }
    again = select(DUE.c.step).where(DUE.c.task == task, DUE.c.step == key)
    if connection.execute(again).first() is not None:
        return Outcome.done("escalation.done.raised_before", task=task, level=state.level)
    connection.execute(insert(DUE).values(**taken))
    if step.kind == "escalate" and state.level != TIERS[-1]:
        level = raised_to(state, step)
        body = {"cause": cause, "to_level": level, "step": key, "rule": rule.number, **evidence}
        apply(connection, by_system("escalate", task, f"sys:escalate:{task}:{level}:{key}", body), now)
    plan(connection, task, now)
    after = load(connection, task)
    assert after is not None
    tell(connection, after, step, now, late=0, steps=1)
    return Outcome(
        True,
        Outcome.done("escalation.done.raised", task=task, level=after.level).message,
        {"level": after.level},
    )


def _enough(rule: Rule, evidence: Mapping[str, Scalar]) -> bool:
    """Whether a hotspot has been warned of often enough; other causes count by themselves."""
    if not (rule.consecutive or rule.cumulative):
        return True

    def reached(name: str, least: int) -> bool:
        count = evidence.get(name)
        return bool(least) and isinstance(count, int) and count >= least

    return reached("consecutive", rule.consecutive) or reached("cumulative", rule.cumulative)
