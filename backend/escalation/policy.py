"""The escalation steps of a policy: when, what is done, who is told, how often again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from backend.tasks.policy import DEFAULT_ZONE, Policy
from backend.tasks.policy_text import read_policy
from backend.tasks.settings import Fault, Settings, SettingsError, Table
from backend.tasks.states import ClockKind

DOINGS: Final = ("remind", "warn", "escalate", "offer_timeout")
CAUSES: Final = ("nobody", "returned", "rework", "ack_expiry", "standing", "order")
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
    stop: str = "ack"


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
    for read in (lambda: read_policy(text, version=0, zone=zone), lambda: read_rules(text)):
        try:
            read()
        except SettingsError as error:
            found += [fault for fault in error.faults if fault not in found]
    return tuple(sorted(found, key=lambda fault: fault.line))


@lru_cache(maxsize=32)
def read_rules(text: str) -> Rules:
    """The steps of a text.

    Raises:
        SettingsError: with every mistake, its line and what to do.
    """
    settings = Settings(text)
    rows = [_rule(row, number) for number, row in enumerate(settings.tables("step"), start=1)]
    causes = {rule.cause: rule for rule in rows if rule.cause and rule.cause != ORDER}
    orders = sorted((rule for rule in rows if rule.cause == ORDER), key=lambda rule: rule.percent)
    clocks = sorted((rule for rule in rows if rule.clocks), key=lambda rule: rule.percent)
    if "standing" not in causes:
        # Without it a task whose every step is taken would have no next instant.
        settings.fault("step", 0, "", "escalation.policy.no_standing")
    settings.done()
    return Rules(tuple(clocks), causes, tuple(orders))


def _rule(row: Table, number: int) -> Rule:
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
    )
    row.end()
    if bool(rule.clocks) == bool(rule.cause):
        row.fault("", "escalation.policy.when")
    elif (rule.clocks or rule.cause == ORDER) and not rule.percent:
        row.fault("", "task.policy.missing", name="at")
    return rule
