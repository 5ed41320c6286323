"""Try a policy out on what happened 策略试运行: the same acts at the same instants, judged by another text.

Both texts are played through the same replay, so that what differs is the policy and nothing else: which clocks would
have been missed, and how often tasks would have risen to which tier. People are taken to have done what they did; what
they would have done had they been told earlier, no replay knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Connection

from backend.escalation.histories import History, histories
from backend.escalation.policy import Rules, rules_of
from backend.escalation.steps import rules_of_clock
from backend.tasks.clocks import Segment, due_at
from backend.tasks.policy import Policy, parsed, policy_version, zone_of
from backend.tasks.stages import by_order
from backend.tasks.states import SYSTEM, TIERS, ClockKind, above, below, rank

NEW_VERSION: Final = -1
"""The version under which a text is tried out."""
MOST_ROWS: Final = 500
"""Tasks named in a report; all are counted."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a policy makes of one history."""

    breaches: frozenset[tuple[str, int]]
    """Clock and when it began."""
    rises: tuple[tuple[int, str], ...]
    """When, to which tier."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A task for which the policies differ."""

    task: str
    type: str
    priority: str
    gained: tuple[str, ...]
    """Clocks that would have been missed and were not."""
    lost: tuple[str, ...]
    """Clocks that were missed and would not have been."""
    level_now: str
    """The highest tier that it reached."""
    level_then: str
    """The highest tier that it would have reached."""


@dataclass(slots=True)
class DryRun:
    """What would have differed."""

    since: int
    until: int
    tasks: int = 0
    breaches_now: Counter[str] = field(default_factory=Counter)
    """By clock, under the policies that the tasks had."""
    breaches_then: Counter[str] = field(default_factory=Counter)
    rises_now: Counter[str] = field(default_factory=Counter)
    """Escalations by the tier they led to."""
    rises_then: Counter[str] = field(default_factory=Counter)
    changed: int = 0
    rows: list[Changed] = field(default_factory=list)
    recorded: Counter[str] = field(default_factory=Counter)
    """Misses that are in the books, by clock: what ``breaches_now`` must come near to."""


def dry_run(connection: Connection, text: str, since: int, until: int) -> DryRun:
    """Replay the tasks that were proposed in a stretch of time against a policy text.

    Raises:
        SettingsError: with every mistake in the text.
    """
    new = parsed(NEW_VERSION, text, zone_of(connection))
    rules_of(new)
    report = DryRun(since, until)
    policies: dict[int, Policy] = {}
    for history in histories(connection, since, until):
        version = history.task.policy_version
        if version not in policies:
            policies[version] = policy_version(connection, version)
        old = policies[version]
        now, then = play(history, old, old), play(history, old, new)
        _count(report, history, now, then)
    return report


def play(history: History, own: Policy, policy: Policy) -> Played:
    """What ``policy`` makes of a history that ran under ``own``."""
    rules = rules_of(policy)
    breaches: set[tuple[str, int]] = set()
    instants: list[tuple[int, str]] = []
    """When something raises it by one level, or to the level named."""
    crossed: dict[str, set[int]] = {}
    for segment in history.segments:
        tried = _retargeted(segment, history, own, policy)
        if tried is None:
            continue
        if not segment.carried:
            crossed[segment.kind] = set()
        end = _end(segment, history.until)
        due = due_at(tried, policy.calendars)
        if due is not None and due < end:
            breaches.add((segment.kind, segment.started))
        instants += _raises(tried, history, policy, rules, end, crossed.setdefault(segment.kind, set()))
    rises = _climb(history, policy, rules, sorted([*instants, *_by_hand(history, rules)]))
    return Played(frozenset(breaches), tuple(rises))


def _retargeted(segment: Segment, history: History, own: Policy, policy: Policy) -> Segment | None:
    """A clock as it would have run: the new target in the old one's share (a rework's half, an extension)."""
    task = history.task
    if task.order_due is not None and (
        segment.kind == ClockKind.TOTAL or by_order(task, segment.kind, segment.started)
    ):
        return segment
    asked = {"type_": task.type, "priority": history.priority_at(segment.started), "at": segment.started}
    was = own.target(segment.kind, **asked)  # type: ignore[arg-type]
    becomes = policy.target(segment.kind, **asked)  # type: ignore[arg-type]
    if becomes is None:
        return None
    share = (segment.target, was[0]) if was is not None and own is not policy else (1, 1)
    target = segment.target if own is policy else max(1, becomes[0] * share[0] // share[1])
    return replace(segment, target=target, calendar=segment.calendar if own is policy else becomes[1])


def _end(segment: Segment, until: int) -> int:
    return until if segment.stopped is None else min(until, segment.stopped)


def _raises(
    segment: Segment, history: History, policy: Policy, rules: Rules, end: int, crossed: set[int]
) -> list[tuple[int, str]]:
    """The instants at which a clock would have raised the task, before it was stopped.

    ``crossed``: shares that raised it while the same clock had another target; those of this segment are added.
    """
    found: list[tuple[int, str]] = []
    for rule in rules_of_clock(history.task, segment, rules, due_at(segment, policy.calendars)):
        at = due_at(segment, policy.calendars, rule.percent)
        if rule.do != "escalate" or at is None or (at <= segment.started and rule.percent in crossed):
            continue
        if at + (rule.percent >= 100) < end:
            crossed.add(rule.percent)
            found.append((at + (rule.percent >= 100), rule.to))
    return found


def _by_hand(history: History, rules: Rules) -> list[tuple[int, str]]:
    """What raised or lowered it besides its clocks: hands, returns, reworks, causes that were told."""
    found: list[tuple[int, str]] = []
    counts: Counter[str] = Counter()
    for deed in history.deeds:
        if deed.kind == "hand_back":
            found.append((deed.at, "-"))
        elif deed.kind == "escalate" and (deed.role != SYSTEM or _told(deed.cause, rules)):
            found.append((deed.at, deed.to_level))
        for cause, kind in (("returned", "return"), ("rework", "verify_no")):
            counts[cause] += deed.kind == kind
            rule = rules.causes.get(cause)
            if deed.kind == kind and rule is not None and counts[cause] == rule.count > 0:
                found.append((deed.at, rule.to))
    return found


def _told(cause: str, rules: Rules) -> bool:
    """Whether a cause follows neither from a clock nor from a count, and the policy still has a step for it."""
    return cause in rules.causes and cause not in ("returned", "rework", "ack_expiry", "standing")


def _climb(
    history: History, policy: Policy, rules: Rules, instants: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    """The tiers a task would have reached; a tier that does not answer in time passes it on."""
    level, rises, waiting = history.first_level, [], list(instants)
    while waiting:
        at, wanted = waiting.pop(0)
        if wanted == "-":
            level = below(level)
            continue
        to = wanted if rank(wanted) > rank(level) else above(level) if not wanted else level
        if to == level or at >= history.until:
            continue
        level = to
        rises.append((at, level))
        late = _unanswered(history, policy, rules, at, level)
        if late is not None and not any(other < late and up != "-" for other, up in waiting):
            waiting = sorted([*waiting, (late, "")])
    return rises


def _unanswered(history: History, policy: Policy, rules: Rules, at: int, level: str) -> int | None:
    """When the tier's own time to answer runs out, where nobody answered before."""
    priority = history.priority_at(at)
    found = policy.target("LEVEL_ACK", type_=history.task.type, priority=priority, at=at, level=level)
    if found is None or level == TIERS[-1]:
        return None
    clock = Segment("LEVEL_ACK", at, found[0], calendar=found[1])
    for rule in rules.for_clock(ClockKind.LEVEL_ACK):
        due = due_at(clock, policy.calendars, rule.percent)
        if rule.do == "escalate" and due is not None:
            answered = history.answered(at, level)
            return due + 1 if due + 1 < history.until and (answered is None or answered > due) else None
    return None


def _count(report: DryRun, history: History, now: Played, then: Played) -> None:
    report.tasks += 1
    report.breaches_now.update(clock for clock, _ in now.breaches)
    report.breaches_then.update(clock for clock, _ in then.breaches)
    report.rises_now.update(level for _, level in now.rises)
    report.rises_then.update(level for _, level in then.rises)
    report.recorded.update(kind for kind in history.task.breaches.split() if kind != ClockKind.LEVEL_ACK)
    gained, lost = then.breaches - now.breaches, now.breaches - then.breaches
    level_now, level_then = _highest(history, now), _highest(history, then)
    if not gained and not lost and level_now == level_then:
        return
    report.changed += 1
    if len(report.rows) < MOST_ROWS:
        report.rows.append(
            Changed(
                task=history.task.id,
                type=history.task.type,
                priority=history.task.priority,
                gained=tuple(sorted({clock for clock, _ in gained})),
                lost=tuple(sorted({clock for clock, _ in lost})),
                level_now=level_now,
                level_then=level_then,
            )
        )


def _highest(history: History, played: Played) -> str:
    return max((level for _, level in played.rises), key=rank, default=history.first_level)


def difference(now: Mapping[str, int], then: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Both counts of everything that either has, for a table."""
    return {name: (now.get(name, 0), then.get(name, 0)) for name in sorted({*now, *then})}
