"""Alarms 报警: signals, each with its ISA-18.2 state; they clear themselves and are never work."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from backend.store.model import Row, instant, partial_index


class Alarm(Row):
    """One signal. At most one that is not back to normal for a key."""

    __tablename__ = "alarm"
    __table_args__ = (
        partial_index("uq_alarm_standing", "key", where="state <> 'NORM'", unique=True),
        Index("ix_alarm_state_presented", "state", "presented"),
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    key: str
    """What makes two signals the same: rule, station, parameter."""
    rule: str
    rule_version: int
    state: str
    """NORM, UNACK, ACKED, RTN_UNACK, SHELVED, SUPPRESSED, OUT_OF_SERVICE (ISA-18.2)."""
    priority: str
    """critical, high, medium, low."""
    station: int | None = Field(default=None, index=True)
    parameter: int | None = None
    period: int = 3600
    source: str = ""
    feed: str = ""
    grid: str = ""
    county: str = Field(default="", index=True)
    township: str = ""
    began: int = instant()
    """The start of the first period that shows it."""
    presented: int = instant(index=True)
    """When it was first shown to a person."""
    last: int = instant()
    """The start of the last period that shows it."""
    cleared: int | None = instant(nullable=True)
    acked: int | None = instant(nullable=True)
    acked_by: str = ""
    value: float | None = None
    peak: float | None = None
    threshold: float | None = None
    background: float | None = None
    occurrences: int = 1
    suspect: bool = False
    incident: str = Field(default="", index=True)
    inhibited_by: str = ""
    """The regional incident above whose background it does not stand."""
    shelved_until: int | None = instant(nullable=True)
    shelved_by: str = ""
    shelve_reason: str = ""
    evidence: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON: what the rule saw."""


class AlarmAct(Row):
    """What happened to an alarm, in order."""

    __tablename__ = "alarm_act"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    alarm: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    at: int = instant()
    act: str
    actor: str = ""
    from_state: str = ""
    to_state: str = ""
    reason: str = ""


class RuleMemory(Row):
    """What a rule must remember between hours for one key: clean values seen so far, last value tried."""

    __tablename__ = "rule_memory"

    key: str = Field(primary_key=True)
    last: int = instant()
    clean: int = 0
    hits: str = ""
