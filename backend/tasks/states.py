"""The names of the task machine: states, tiers, roles, clocks."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a task stands."""

    DRAFT = "DRAFT"
    """待研判"""
    OPEN = "OPEN"
    """待派发"""
    DISPATCHED = "DISPATCHED"
    """待签收"""
    ACCEPTED = "ACCEPTED"
    """待到场"""
    ON_SITE = "ON_SITE"
    """处置中"""
    REPORTED = "REPORTED"
    """待核查"""
    CLOSED = "CLOSED"
    """已办结"""
    REWORK = "REWORK"
    """返工"""
    RETURNED = "RETURNED"
    """已退回"""
    SUSPENDED = "SUSPENDED"
    """挂账"""
    OFFERED = "OFFERED"
    """移交待接收"""
    MERGED = "MERGED"
    """已并案"""
    CANCELLED = "CANCELLED"
    """已作废"""


SETTLE: Final = "SETTLE"
"""待裁定: how an open arbitration is told; it waits for a verdict, and nobody is sent."""


def told_as(state: str, arbitration: bool) -> str:
    """The state as people are told it: its own name, or that an arbitration awaits its verdict."""
    return SETTLE if arbitration and state == State.OPEN else state


ENDED: Final = frozenset({State.CLOSED, State.MERGED, State.CANCELLED})
"""Nobody owes anything any more."""
LIVE: Final = frozenset(State) - ENDED
"""People owe work: every one of these has a next instant in the due table."""
FILED: Final = LIVE - {State.DRAFT}
"""What workflow.md calls "any open"."""


class ClockKind(StrEnum):
    """What a clock measures."""

    TRIAGE = "TRIAGE"
    DISPATCH = "DISPATCH"
    ACCEPT = "ACCEPT"
    ARRIVE = "ARRIVE"
    DISPOSE = "DISPOSE"
    VERIFY = "VERIFY"
    OFFER = "OFFER"
    LEVEL_ACK = "LEVEL_ACK"
    TOTAL = "TOTAL"


CLOCK_OF_STATE: Final[dict[str, str]] = {
    State.DRAFT: ClockKind.TRIAGE,
    State.OPEN: ClockKind.DISPATCH,
    State.RETURNED: ClockKind.DISPATCH,
    State.DISPATCHED: ClockKind.ACCEPT,
    State.ACCEPTED: ClockKind.ARRIVE,
    State.ON_SITE: ClockKind.DISPOSE,
    State.REWORK: ClockKind.DISPOSE,
    State.REPORTED: ClockKind.VERIFY,
    State.OFFERED: ClockKind.OFFER,
}
"""The clock that a state is judged by; SUSPENDED has none, only a review date."""

TIERS: Final = ("T", "C", "M")
"""Township, county, city, lowest first."""
PRIORITIES: Final = ("critical", "high", "medium", "low")
"""特急、紧急、较急、一般"""

SEAT: Final = "seat"
SUPERVISOR: Final = "supervisor"
ADMINISTRATOR: Final = "administrator"
MEMBER: Final = "member"
SYSTEM: Final = "system"
ROLES: Final = (SEAT, SUPERVISOR, ADMINISTRATOR, MEMBER, SYSTEM)

BY_VOICE: Final = frozenset({"phone", "paper", "radio"})
"""Channels on which a seat enters what somebody else did."""


def rank(tier: str) -> int:
    """0 for a township, 1 for a county, 2 for the city; -1 for none."""
    return TIERS.index(tier) if tier in TIERS else -1


def above(tier: str) -> str:
    """The next tier up; the city stays the city."""
    return TIERS[min(rank(tier) + 1, len(TIERS) - 1)]


def below(tier: str) -> str:
    """The next tier down; the township stays the township."""
    return TIERS[max(rank(tier) - 1, 0)]
