"""Answers that acts were based on: what was known of the source when somebody was sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, SmallInteger, Text
from sqlmodel import Field

from backend.store.model import Row, instant

CLUSTERED = {"sqlite_with_rowid": False}


class TraceAnswer(Row):
    """An answer 溯源结论 that an act was based on. Never changed: later readings may say otherwise, and then it is
    still what was known."""

    __tablename__ = "trace_answer"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: int = instant(index=True)
    """When it was acted on."""
    by: str = ""
    station: str = Field(default="", index=True)
    parameter: str
    begins: int = instant()
    ends: int = instant()
    """The window that was judged; nothing later was known."""
    source: str = Field(default="", index=True)
    """The source that was acted on; empty where it was none of the candidates."""
    probability: float = Field(sa_column=Column(Float, nullable=False))
    none: float = Field(sa_column=Column(Float, nullable=False))
    """The probability that it was none of the candidates."""
    incident: str = Field(default="", index=True)
    task: str = Field(default="", index=True)
    numbers: str = ""
    """The date of the numbers that decided."""
    answer: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the answer as ``gridseat trace --json`` gives it."""


class HotTrace(Row):
    """What tracing said of a hot station of an hour, before anybody asked; made again when the hour is judged again."""

    __tablename__ = "hot_trace"
    __table_args__ = CLUSTERED

    at: int = instant(primary_key=True)
    """The start of the step; nothing that ends after it was known."""
    network: str = Field(primary_key=True)
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    begins: int = instant()
    ends: int = instant()
    """The window that was judged."""
    made: int = instant()
    unlisted: float
    """The probability of a source that is not in the inventory."""
    sourceless: float
    """The probability that it was no single source."""
    windy: bool
    numbers: str
    """The date of the numbers that decided."""
    targets: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the most probable sources: each one's code, probability, probability before the readings, metres, bearing,
    department, grid, and its evidence as code, arguments and weight."""
    notes: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: code and arguments of each."""
