"""What is kept of hot grids: each hour's, and the entries of the monthly lists."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, SmallInteger, Text
from sqlmodel import Field

from backend.store.model import Row, instant

CLUSTERED = {"sqlite_with_rowid": False}


class HotHour(Row):
    """An hour of one network's parameter that was judged; judged again when what it is made of changed."""

    __tablename__ = "hot_hour"
    __table_args__ = CLUSTERED

    at: int = instant(primary_key=True)
    """The start of the step."""
    network: str = Field(primary_key=True)
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    step: int
    """Seconds."""
    made: int = instant()
    times: int = 1
    """How often it was judged."""
    stations: int
    """So many reported."""
    expected: int
    stamp: str
    """What it was made of: another one tells that it must be judged again."""
    hot: int
    """Grids of the finest level that are hot, strong ones with them."""
    strong: int
    background: float | None = None
    """The median of the regional background."""
    regional: bool = False
    traced: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The stamp for which its hot stations were traced."""


class HotGrid(Row):
    """A grid 热点网格 that stood out in an hour, with its evidence."""

    __tablename__ = "hot_grid"
    __table_args__ = CLUSTERED

    at: int = instant(primary_key=True)
    network: str = Field(primary_key=True)
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    level: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    grid: str = Field(primary_key=True)
    step: int
    heat: str
    kind: str
    score: float
    rank: int
    ranked: int
    """So many were ranked."""
    value: float
    background: float
    increment: float
    ratio: float | None = None
    z: float | None = None
    gi: float | None = None
    since: int = instant()
    steps: int
    nearest: float
    measured: bool
    stations: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: station number, metres, inside, value, increment, z of each."""
    reasons: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: code and arguments of each."""
    against: str = Field(sa_column=Column(Text, nullable=False))


class HotUsual(Row):
    """What is usual of one network's parameter on a day, as it was learned from the days before."""

    __tablename__ = "hot_usual"
    __table_args__ = CLUSTERED

    day: int = instant(primary_key=True)
    """When the civil day began."""
    network: str = Field(primary_key=True)
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    stamp: str
    """Of which stations, by which rules."""
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Arrays and numbers (NumPy's .npz)."""


class HotEntry(Row):
    """A line of a monthly list 月度热点名单: a warning 预警 once the month is closed."""

    __tablename__ = "hot_entry"
    __table_args__ = CLUSTERED

    month: str = Field(primary_key=True)
    """Such as ``2026-10``, the city's zone."""
    network: str = Field(primary_key=True)
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    level: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    kind: str = Field(primary_key=True)
    """``highest``, ``year`` or ``month``."""
    rank: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    grid: str = Field(index=True)
    value: float
    before: float | None = None
    change: float | None = None
    days: int
    valid: bool
    made: int = instant()
