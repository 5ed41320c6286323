"""What will happen to a task unless it moves first, computed from its clocks and its policy. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backend.escalation.policy import ORDER, Rule, Rules
from backend.tasks.clocks import Segment, due_at
from backend.tasks.policy import Policy
from backend.tasks.states import ClockKind, State, above, rank
from backend.tasks.taskstate import TaskState

WITHOUT_HOLDER: Final = frozenset({State.OPEN, State.RETURNED})
"""States in which somebody must be found."""
NO_ACK: Final = frozenset({State.SUSPENDED, State.OFFERED})
"""States in which an acknowledgement does not run out: the ball is elsewhere."""


RAISING: Final = ("escalate",)
"""Steps that raise the accountable level."""
LOOK: Final = "look"
"""A step that is never taken: at its instant the task is planned anew, further ahead."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the duty book and the other tasks say, as far as a task's next step hangs on it."""

    vacant: int | None = None
    """From when on nobody of the township could be sent: past, or by the book to come."""
    unattended: int | None = None
    """From when on nobody is at the centre that owes the triage or the verification."""
    before: int = 0
    """Drafts that came to its centre before it within the time of a storm."""
    look: int | None = None
    """So far ahead the book was looked through in vain: until then, at the latest, it is looked at again."""


CALM: Final = Surroundings()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that will be done at ``at``."""

    key: str
    """What makes it one step: clock, segment and share, or cause and instance."""
    at: int
    kind: str
    """remind, warn, escalate, repeat, review, unack, offer_timeout, standing; look, where it is only planned anew."""
    rule: Rule | None = None
    clock: str = ""
    cause: str = ""
    due: int | None = None
    """When the clock itself runs out."""
    percent: int = 0


def upcoming(
    task: TaskState, policy: Policy, rules: Rules, done: Mapping[str, int], around: Surroundings = CALM
) -> list[Step]:
    """Every step that lies ahead, in order; never empty for a live task.

    Args:
        done: the steps taken so far, with when they were taken.
    """
    if not task.live:
        return []
    steps = [*_clock_steps(task, policy, rules, done), *_cause_steps(task, policy, rules, around)]
    steps += _repeats(task, rules, done)
    steps = [step for step in steps if step.key not in done]
    steps.append(_standing(task, rules, done))
    if around.look is not None:
        steps.append(Step(f"look/{around.look}", around.look, LOOK, cause=LOOK))
    return sorted(steps, key=lambda step: (step.at, step.percent, step.key))


def raised_to(task: TaskState, step: Step) -> str:
    """The tier to which a step would raise a task; empty where it raises nothing."""
    if step.kind not in RAISING:
        return ""
    wanted = step.rule.to if step.rule is not None else ""
    return wanted if rank(wanted) > rank(task.level) else above(task.level)


def rules_of_clock(task: TaskState, segment: Segment, rules: Rules, due: int | None) -> tuple[Rule, ...]:
    """The rules for a clock that runs out at ``due``: of an order's own time those of orders.

    Work that is due at the very instant of its order rises by the order's own step and not by both.
    """
    found = tuple(rule for rule in rules.for_clock(segment.kind) if rule.fits(task.type, task.priority))
    if task.order_due is None or not rules.orders:
        return found
    if segment.kind == ClockKind.TOTAL:
        return tuple(rule for rule in rules.orders if rule.fits(task.type, task.priority))
    return tuple(rule for rule in found if rule.percent != 100) if due == task.order_due else found


def _clock_steps(task: TaskState, policy: Policy, rules: Rules, done: Mapping[str, int]) -> list[Step]:
    found: list[Step] = []
    for place, segment in enumerate(task.segments):
        if not segment.running:
            continue
        due = due_at(segment, policy.calendars)
        for rule in rules_of_clock(task, segment, rules, due):
            at = due_at(segment, policy.calendars, rule.percent)
            if at is None or (at <= segment.started and _carried_over(task, place, rule, done)):
                continue
            # At the very instant it is due an act is in time (clock rule 5): what follows a miss comes after it.
            at += rule.percent >= 100
            step = Step(_key(segment, rule), at, rule.do, rule, segment.kind, rule.cause, due, rule.percent)
            found.append(step)
    return found


def _key(segment: Segment, rule: Rule) -> str:
    return f"{rule.cause or segment.kind}/{segment.id}/{rule.percent}"


def _carried_over(task: TaskState, place: int, rule: Rule, done: Mapping[str, int]) -> bool:
    """Whether a share that was used up when the segment at ``place`` began was told when an earlier one crossed it.

    Another priority, target or due time goes on with the same clock: what was missed once does not rise again for it.
    """
    later = task.segments[place]
    for segment in reversed(task.segments[:place]):
        if not later.carried:
            return False
        if segment.kind == later.kind:
            if _key(segment, rule) in done:
                return True
            later = segment
    return False


def first_of(task: TaskState, clock: Segment) -> int | None:
    """The segment with which a clock began: what was told of it is not told again of what only goes on with it."""
    found = clock
    for segment in reversed(task.segments[: task.segments.index(clock)]):
        if not found.carried:
            break
        if segment.kind == found.kind:
            found = segment
    return found.id


def _cause_steps(task: TaskState, policy: Policy, rules: Rules, around: Surroundings) -> list[Step]:
    found: list[Step] = []

    def add(cause: str, key: str, at: int, kind: str = "") -> None:
        rule = rules.causes.get(cause)
        if rule is not None and rule.fits(task.type, task.priority):
            found.append(Step(key, at, kind or rule.do, rule, cause=cause))

    clock = task.state_clock()
    if clock is not None and task.state in WITHOUT_HOLDER:
        if around.vacant is not None:
            add("nobody", f"nobody/{first_of(task, clock)}", max(clock.started, around.vacant))
        auto = rules.causes.get("auto")
        # A second choice is a person's: what was given back once is not sent by the product again.
        if auto is not None and task.state == State.OPEN and not task.about and not task.suspect_data:
            local = datetime.fromtimestamp(clock.started, policy.zone)
            if auto.holds_at(local.hour * 60 + local.minute):
                add("auto", f"auto/{clock.id}", clock.started + auto.after)
    if clock is not None and around.unattended is not None:
        key = f"unattended/{first_of(task, clock)}/{task.level}"
        add("unattended", key, max(clock.started, around.unattended))
    storm = rules.causes.get("storm")
    if storm is not None and task.state == State.DRAFT and around.before >= storm.count:
        add("storm", f"storm/{task.opened}", task.opened)
    for cause, count in (("returned", task.returns), ("rework", task.reworks)):
        rule = rules.causes.get(cause)
        if rule is not None and count >= rule.count > 0:
            add(cause, f"{cause}/{rule.count}", task.moved_at)
    if task.level_acked and task.ack_expires is not None and task.state not in NO_ACK:
        add("ack_expiry", f"ack/{task.ack_expires}", task.ack_expires)
        end = task.ack_expires + policy.limits.ack_grace
        add("ack_expiry", f"unack/{task.ack_expires}", end, "unack")
    if task.state == State.SUSPENDED and task.review_at is not None:
        found.append(Step(f"review/{task.review_at}", task.review_at, "review", cause="review"))
    return found


def _repeats(task: TaskState, rules: Rules, done: Mapping[str, int]) -> list[Step]:
    """The newest escalation is told again until somebody acknowledges it, moves the task or closes it."""
    waiting = task.clock(ClockKind.LEVEL_ACK)
    newest: tuple[int, str, Rule] | None = None
    for key, at in done.items():
        rule = rule_of(key, task, rules)
        if rule is not None and rule.repeat and (newest is None or at >= newest[0]):
            newest = (at, key, rule)
    if newest is None:
        return []
    at, key, rule = newest
    if rule.stop == "ack" and (task.level_acked or waiting is None or at < waiting.started):
        return []
    if rule.stop == "progress" and task.moved_at > at:
        return []
    return [
        Step(f"{key}#{number}", at + number * rule.every, "repeat", rule, cause=key.partition("/")[0])
        for number in range(1, rule.repeat + 1)
    ]


def rule_of(key: str, task: TaskState, rules: Rules) -> Rule | None:
    """The rule behind a step that was taken; None for repeats and for what no rule repeats."""
    if "#" in key:
        return None
    parts = key.split("/")
    if len(parts) < 3 or not parts[2].isdigit():
        return rules.causes.get(parts[0])
    shares = rules.orders if parts[0] == ORDER else rules.for_clock(parts[0])
    fitting = (rule for rule in shares if rule.fits(task.type, task.priority))
    return next((rule for rule in fitting if rule.percent == int(parts[2])), None)


def _standing(task: TaskState, rules: Rules, done: Mapping[str, int]) -> Step:
    """An open task is told again at least this often, so that it is never without a next instant."""
    rule = rules.causes["standing"]
    told = (at for key, at in done.items() if key.startswith("standing/"))
    base = max([task.moved_at, *told])
    return Step(f"standing/{base}", base + rule.every, "standing", rule, cause="standing")
