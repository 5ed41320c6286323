"""The escalation steps of a policy: when, what is done, who is told, how often again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from backend.tasks.policy import DEFAULT_ZONE, Policy
from backend.tasks.policy_text import read_policy
from backend.tasks.settings import Fault, Settings, SettingsError, Table
from backend.tasks.states import PRIORITIES, TIERS, ClockKind

DOINGS: Final = ("remind", "warn", "escalate", "offer_timeout", "dispatch")
RAISED: Final = ("hotspot", "falsification", "cross_boundary")
"""Causes that another room tells (`backend.escalation.raising`); the others follow from the task itself."""
CAUSES: Final = (
    "nobody",
    "unattended",
    "returned",
    "rework",
    "ack_expiry",
    "standing",
    "order",
    "storm",
    "auto",
    *RAISED,
)
AUDIENCE: Final = ("holder", "seat", "level")
STOPS: Final = ("ack", "progress", "close")
ORDER: Final = "order"
"""The cause whose steps lie at shares of the time that an order gives."""
MOST_REPEATS: Final = 5
DAY: Final = 86400


@dataclass(frozen=True, slots=True)
class Rule:
    """One step of the policy."""

    number: int
    """Its place in the text, from 1."""
    do: str
    clocks: frozenset[str] = frozenset()
    percent: int = 0
    cause: str = ""
    count: int = 0
    notify: tuple[str, ...] = ()
    repeat: int = 0
    every: int = 0
    """Seconds between repeats; for a storm the time in which so many are one."""
    stop: str = "ack"
    to: str = ""
    """The tier to which it is raised at once; empty for the next one up."""
    priorities: frozenset[str] = frozenset()
    """Only for these; empty for all."""
    types: frozenset[str] = frozenset()
    """Only for these incident types; empty for all."""
    consecutive: int = 0
    cumulative: int = 0
    """A hotspot's warnings in a row, and within a year."""
    after: int = 0
    """Seconds that a person is left to dispatch before the product does."""
    hours: tuple[int, int] | None = None
    """Only in these minutes of the day."""

    def fits(self, type_: str, priority: str) -> bool:
        """Whether it counts for a task of this type and priority."""
        return (not self.types or type_ in self.types) and (
            not self.priorities or priority in self.priorities
        )

    def holds_at(self, minute: int) -> bool:
        """Whether it counts at this minute of the day."""
        if self.hours is None:
            return True
        start, end = self.hours
        return start <= minute < end if start < end else minute >= start or minute < end


@dataclass(frozen=True, slots=True)
class Rules:
    """All steps of one policy."""

    clocks: tuple[Rule, ...]
    causes: dict[str, Rule]
    orders: tuple[Rule, ...] = ()
    """The steps toward the due time of an order from above, earliest share first."""

    def for_clock(self, kind: str) -> tuple[Rule, ...]:
        """The steps of a clock, earliest share first."""
        return tuple(rule for rule in self.clocks if kind in rule.clocks)


def rules_of(policy: Policy) -> Rules:
    """The steps of a policy, read once for each text."""
    return read_rules(policy.text)


def faults_of(text: str, zone: str = DEFAULT_ZONE) -> tuple[Fault, ...]:
    """Everything that is wrong with a policy, its clocks and its steps, by line; empty where it can be used."""
    found: list[Fault] = []
    for read in (lambda: read_policy(text, version=0, zone=zone), lambda: read_rules(text, strict=True)):
        try:
            read()
        except SettingsError as error:
            found += [fault for fault in error.faults if fault not in found]
    return tuple(sorted(found, key=lambda fault: fault.line))


@lru_cache(maxsize=32)
def read_rules(text: str, *, strict: bool = False) -> Rules:
    """The steps of a text.

    Args:
        strict: refuse what a text that is in force already is forgiven: of it, nothing would be done.

    Raises:
        SettingsError: with every mistake, its line and what to do.
    """
    settings = Settings(text)
    rows = [_rule(row, number, strict) for number, row in enumerate(settings.tables("step"), start=1)]
    causes = {rule.cause: rule for rule in rows if rule.cause and rule.cause != ORDER}
    for rule in rows:
        if rule.cause in causes and causes[rule.cause] is not rule:
            settings.fault("step", rule.number - 1, "cause", "escalation.policy.twice", cause=rule.cause)
    for rule in rows if strict else ():
        if any(_at_once(rule, other) for other in rows[: rule.number - 1]):
            settings.fault(
                "step", rule.number - 1, "at", "escalation.policy.share_twice", percent=rule.percent
            )
    orders = sorted((rule for rule in rows if rule.cause == ORDER), key=lambda rule: rule.percent)
    clocks = sorted((rule for rule in rows if rule.clocks), key=lambda rule: rule.percent)
    if "standing" not in causes:
        # Without it a task whose every step is taken would have no next instant.
        settings.fault("step", 0, "", "escalation.policy.no_standing")
    settings.done()
    return Rules(tuple(clocks), causes, tuple(orders))


def _at_once(one: Rule, other: Rule) -> bool:
    """Whether two steps lie at the same share of the same clock for the same task: only one of them would be taken."""

    def meet(mine: frozenset[str], others: frozenset[str]) -> bool:
        return not mine or not others or bool(mine & others)

    if not one.percent or one.percent != other.percent or one.cause != other.cause:
        return False
    clocks = one.cause == ORDER or bool(one.clocks & other.clocks)
    return clocks and meet(one.priorities, other.priorities) and meet(one.types, other.types)


def _rule(row: Table, number: int, strict: bool) -> Rule:
    rule = Rule(
        number=number,
        do=row.text("do", "remind", known=DOINGS),
        clocks=frozenset(row.texts("clocks", known=tuple(ClockKind))),
        percent=row.integer("at", 0, 1, 1000),
        cause=row.text("cause", known=CAUSES),
        count=row.integer("count", 0, 1, 100),
        notify=row.texts("notify", known=AUDIENCE),
        repeat=row.integer("repeat", 0, 0, MOST_REPEATS),
        every=row.duration("every", DAY if row.text("cause") == "standing" else 600),
        stop=row.text("stop", "ack", known=STOPS),
        to=row.text("to", known=TIERS),
        priorities=frozenset(row.texts("priorities", known=PRIORITIES)),
        types=frozenset(row.texts("types")),
        consecutive=row.integer("consecutive", 0, 1, 100),
        cumulative=row.integer("cumulative", 0, 1, 1000),
        after=row.duration("after", 0),
        hours=row.hours("hours"),
    )
    row.end()
    if bool(rule.clocks) == bool(rule.cause):
        row.fault("", "escalation.policy.when")
    elif (rule.do == "dispatch") != (rule.cause == "auto"):
        row.fault("do", "escalation.policy.dispatch")
    elif strict and rule.hours is not None and rule.cause != "auto":
        row.fault("hours", "escalation.policy.hours")
    elif rule.cause == "hotspot" and not (rule.consecutive or rule.cumulative):
        row.fault("", "escalation.policy.hotspot")
    elif rule.cause == "storm" and not rule.count:
        row.fault("", "task.policy.missing", name="count")
    elif (rule.clocks or rule.cause == ORDER) and not rule.percent:
        row.fault("", "task.policy.missing", name="at")
    return rule
