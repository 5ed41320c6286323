"""Alarms 报警: signals, each with its ISA-18.2 state; they clear themselves and are never work."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, Text, UniqueConstraint
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
    subject: str = ""
    """What rings where it is no station and no feed: a vehicle's plate 车牌."""
    activations: int = 1
    """How often its key was presented within the time in which that counts as chatter 抖动, this time included."""
    fleeting: bool = False
    """It went back to normal by itself, soon, before anybody had acknowledged it 瞬时报警."""


class AlarmAct(Row):
    """What happened to an alarm, in order."""

    __tablename__ = "alarm_act"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    alarm: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    at: int = instant(index=True)
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


class MaintenanceWindow(Row):
    """A time in which a station, grid, feed or kind of station is worked on 维护窗口: alarms are only recorded."""

    __tablename__ = "maintenance_window"

    id: int | None = Field(default=None, primary_key=True)
    scope_kind: str
    """``station``, ``grid``, ``feed`` or ``kind``."""
    scope: str
    """The station's, grid's or feed's code, or the kind of station."""
    grid: str = Field(default="", index=True)
    """The grid within which it holds: whose business it is."""
    starts: int = instant(index=True)
    ends: int = instant(index=True)
    reason: str
    made_by: str
    made_at: int = instant()
    ended: int | None = instant(nullable=True)
    """When it was over, by time or by a person; the alarms that it kept away have come back."""
    ended_by: str = ""
    recorded: int = 0
    """How many alarms were recorded in it, known at its end."""
    standing: int = 0
    """How many of them still stood at its end."""


class Flood(Row):
    """A time in which more alarms came to a grid's seats than can be read 报警泛滥 (ISA-18.2)."""

    __tablename__ = "alarm_flood"

    grid: str = Field(primary_key=True)
    began: int = instant(primary_key=True)
    ended: int | None = instant(nullable=True)
    """None while it lasts."""
    peak: int = 0
    """Most alarms in ten minutes."""
    total: int = 0
    """Alarms presented from the beginning to the end."""


class Passage(Row):
    """One vehicle passing a remote-sensing set 遥感监测记录, as it was measured."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("plate", "at", "station"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    plate: str
    at: int = instant()
    station: int
    no_ppm: float | None = Field(default=None, sa_column=Column(Float))
    opacity: float | None = Field(default=None, sa_column=Column(Float))
    valid: bool = True
    """False where the set itself says that the measurement may not count."""
    fuel: str = ""
    feed: str = ""


class PowerUsual(Row):
    """What a pair of power meters usually shows, made anew each day from its own history."""

    __tablename__ = "power_usual"

    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    made: int = instant(index=True)
    samples: int = 0
    """Values of production while it ran."""
    production_on: float | None = Field(default=None, sa_column=Column(Float))
    """kW: the low percentile of production while it ran."""
    production: float | None = Field(default=None, sa_column=Column(Float))
    """kW: the median of production while it ran."""
    treatment_on: float | None = Field(default=None, sa_column=Column(Float))
    treatment: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON: by step of production load, the median of treatment in kW."""
