"""Readings and what is kept beside them: the latest value, rollups, the log of corrections; and leases."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, SmallInteger, String
from sqlmodel import Field

from backend.store.model import Row, instant, partial_index

CLUSTERED = {"sqlite_with_rowid": False}
FLAGGED = "flag IN (3, 4)"
"""The condition on readings that a check or a person objected to; a query must say it in these very words to be
answered by their index."""


class Reading(Row):
    """One value of one station's parameter over one period, clustered by time."""

    __tablename__ = "reading"
    __table_args__ = (
        partial_index("ix_reading_flagged", "start", "station", "parameter", "period", where=FLAGGED),
        CLUSTERED,
    )

    start: int = instant(primary_key=True)
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    period: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    value: float | None = Field(default=None, sa_column=Column(Float))
    qualifier: str = Field(default="", sa_column=Column(String, nullable=False))
    """`<` below the detection limit, `>` above range, empty otherwise."""
    flag: int = Field(sa_column=Column(SmallInteger, nullable=False))
    """QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing."""
    reason: str = Field(default="", sa_column=Column(String, nullable=False))
    """Codes of the checks that spoke, separated by spaces."""
    revision: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    """How often the upstream has changed this value."""
    feed: int = Field(sa_column=Column(SmallInteger, nullable=False))


class Latest(Row):
    """The newest reading of every station's parameter."""

    __tablename__ = "latest"
    __table_args__ = CLUSTERED

    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    period: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    start: int = instant()
    value: float | None = Field(default=None, sa_column=Column(Float))
    qualifier: str = Field(default="", sa_column=Column(String, nullable=False))
    flag: int = Field(sa_column=Column(SmallInteger, nullable=False))
    reason: str = Field(default="", sa_column=Column(String, nullable=False))
    received: int = instant()


class WeatherAhead(Row):
    """Weather to come 预报气象 at a point, as it was said at one time; apart from readings, which were measured."""

    __tablename__ = "weather_ahead"
    __table_args__ = CLUSTERED

    issued: int = instant(primary_key=True)
    """The full hour by which it was had: a forecast made before then must not know it."""
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    start: int = instant()
    """Of its first hour."""
    hours: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """A 32-bit number (little-endian) for each hour, NaN where nothing was said."""


class CountyHour(Row):
    """All good readings of a parameter by one kind of station in one county and hour."""

    __tablename__ = "county_hour"
    __table_args__ = CLUSTERED

    start: int = instant(primary_key=True)
    county: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    count: int
    total: float
    low: float
    high: float


class StationDay(Row):
    """A station's parameter over a civil day of the city (``day`` is the day's start in UTC)."""

    __tablename__ = "station_day"
    __table_args__ = CLUSTERED

    day: int = instant(primary_key=True)
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    period: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    valid: int
    received: int
    total: float
    low: float | None = None
    high: float | None = None


class StationMonth(Row):
    """A station's parameter over a civil month of the city; ``days`` counts days that were valid."""

    __tablename__ = "station_month"
    __table_args__ = CLUSTERED

    month: int = instant(primary_key=True)
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    period: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    valid: int
    received: int
    days: int
    total: float
    low: float | None = None
    high: float | None = None


class ReadingChange(Row):
    """A correction that came later: rooms further on read this log, nothing reaches back."""

    __tablename__ = "reading_change"
    __table_args__ = (Index("ix_reading_change_reading", "station", "parameter", "start"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: int = instant(index=True)
    start: int = instant()
    station: int
    parameter: int
    period: int
    kind: str
    """``revised`` by the upstream, or ``flagged`` by a check or a person."""
    old_value: float | None = None
    new_value: float | None = None
    old_flag: int
    new_flag: int
    reason: str = ""
    actor: str = ""


class Lease(Row):
    """Who may run a singleton job, until when (the machine's own clock, never a replay's)."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: float


class ContentVersion(Row):
    """What a group of tables holds, by a name that is another one after every write (`backend.store.versions`)."""

    __tablename__ = "content_version"

    content: str = Field(primary_key=True)
    version: str
    writer: str = ""
    """The transaction that drew the version, where the database can tell."""
