"""What quality control keeps: each day's comparison of a series, what was found over days, what people decided."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, SmallInteger, Text
from sqlmodel import Field

from backend.store.model import Row, instant, partial_index
from backend.store.tables import CLUSTERED


class QualityDay(Row):
    """One civil day of a series as the slow checks need it: its own spread, and how it went beside its peers.

    Sums over the day's pairs with the peers' median let a correlation over any number of days be had without reading
    a reading again.
    """

    __tablename__ = "quality_day"
    __table_args__ = CLUSTERED

    day: int = instant(primary_key=True)
    """The civil day's start."""
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    period: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    made: int = instant()
    count: int = 0
    """Values that could be used."""
    low: float | None = Field(default=None, sa_column=Column(Float))
    """The lower quartile."""
    middle: float | None = Field(default=None, sa_column=Column(Float))
    high: float | None = Field(default=None, sa_column=Column(Float))
    """The upper quartile."""
    step: float | None = Field(default=None, sa_column=Column(Float))
    """The median of the absolute change from one period to the next."""
    pairs: int = 0
    """Periods in which enough peers had a value too."""
    ratio: float | None = Field(default=None, sa_column=Column(Float))
    """The median of the logarithm of the ratio to the peers' median."""
    own: float = 0.0
    other: float = 0.0
    own2: float = 0.0
    other2: float = 0.0
    product: float = 0.0
    """Sums of the station's value, the peers' median, their squares and their product, over the pairs."""


class QualityPass(Row):
    """A civil day that was compared, and what there was of it then: what comes late shows in it."""

    __tablename__ = "quality_pass"

    day: int = instant(primary_key=True)
    made: int = instant()
    received: int
    """Readings of the day, of all stations."""
    change: int = Field(sa_column=Column(BigInteger, nullable=False))
    """The newest line of the change log that was known."""


class QualityFinding(Row):
    """What a check found about a series over days: a suspicion for a person, which flags nothing by itself."""

    __tablename__ = "quality_finding"
    __table_args__ = (
        partial_index(
            "uq_quality_finding_open",
            "kind",
            "station",
            "parameter",
            "period",
            where="state = 'open'",
            unique=True,
        ),
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: int = instant(index=True)
    """When it was found first."""
    seen: int = instant()
    """When it was found last."""
    kind: str
    """``peers`` (unlike its neighbours 邻站不一致) or ``departs`` (slow drift 缓慢漂移)."""
    station: int
    parameter: int
    period: int
    since: int = instant()
    until: int = instant()
    """The span that it speaks of, the end exclusive."""
    evidence: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON: the numbers that it rests on."""
    state: str = "open"
    """``open``; ``confirmed`` or ``dismissed`` by a person; ``past`` where it no longer shows by itself."""
    decided: int | None = instant(nullable=True)
    decided_by: str = ""
    task: str = ""
    """The work order made of it."""


class QualityVerdict(Row):
    """What a person decided about a span of a series' values, and what had been built on them."""

    __tablename__ = "quality_verdict"
    __table_args__ = (Index("ix_quality_verdict_series", "station", "parameter", "period", "since"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: int = instant(index=True)
    station: int
    parameter: int
    period: int
    since: int = instant()
    until: int = instant()
    """The end exclusive."""
    verdict: str
    """``bad`` (the flag is right), ``good`` (it is overturned), ``open`` (taken back: the checks speak again)."""
    cause: str
    """Why, as a code of ``data/review.toml``."""
    note: str = ""
    actor: str = ""
    count: int = 0
    """Readings that it changed."""
    finding: int | None = Field(default=None, sa_column=Column(BigInteger))
    alarms: int = 0
    incidents: int = 0
    tasks: int = 0
    """What had been built on these values."""
