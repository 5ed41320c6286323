"""The ledger of points 量化赋分: entries are added and reversed, never changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field

from backend.store.model import Row, instant


class ScoreEntry(Row):
    """One entry: who lost or won how many points by what."""

    __tablename__ = "score_entry"
    __table_args__ = (
        Index("ix_score_entry_department", "department", "occurred"),
        Index("ix_score_entry_township", "township", "occurred"),
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    cause: str = Field(unique=True)
    """What made it, named so that the same cause makes one entry however often the job looks."""
    item: str
    """The item of the table of points."""
    hundredths: int
    """Points in hundredths: exact, and summed without rounding."""
    occurred: int = instant(index=True)
    """When what it is for happened: the month that it counts in."""
    at: int = instant()
    """When it was entered."""
    by: str
    """Who entered it: the product itself, or a person."""
    kind: str
    """Whose score it is: ``grid`` or ``department``."""
    grid: str = ""
    township: str = ""
    county: str = ""
    department: str = ""
    person: str = ""
    """The grid member who held the task."""
    task: str = Field(default="", index=True)
    alarm: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    reverses: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True, unique=True))
    """The entry that it takes back 冲销."""
    reason: str = ""
    table_from: str = ""
    """From which day the table of points holds that it was made by."""


class ScoreMark(Row):
    """How far the job has read each log."""

    __tablename__ = "score_mark"

    log: str = Field(primary_key=True)
    value: int = instant()
