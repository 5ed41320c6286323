"""Reports: briefs that were read out, contributions from below, daily reports with their versions, task sheets."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field

from backend.store.model import Row, instant


class BriefUse(Row):
    """A situation brief 态势简报 that was opened, to be read out."""

    __tablename__ = "brief_use"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: int = instant(index=True)
    person: str
    grid: str
    caller: str = ""
    """Who asked, as they gave their name."""
    orders: str = ""
    """Codes of the orders that the caller gave, separated by spaces."""
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What was on the screen: what the caller was told."""


class Contribution(Row):
    """What a centre tells the tier above for a period 上报: its measures, in numbers and in words. Never changed."""

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("day", "centre", "number"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    day: str
    """The civil day at whose noon the period ends."""
    centre: str
    number: int = 1
    """1, and one more each time it was sent anew; the last one counts."""
    at: int = instant(index=True)
    by: str
    measures: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON: measure to count."""
    text: str = Field(default="", sa_column=Column(Text, nullable=False))


class Bulletin(Row):
    """A version of a daily report 日报 of a centre."""

    __tablename__ = "bulletin"
    __table_args__ = (Index("ix_bulletin_day", "day"),)

    centre: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    """The civil day at whose noon the period ends."""
    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    since: int = instant()
    until: int = instant()
    state: str
    """``draft`` 拟稿, ``reviewed`` 已审核, ``signed`` 已签批 or ``issued`` 已签发."""
    reason: str = ""
    """Why it was corrected; empty for the first version."""
    remark: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What the drafter adds to the figures."""
    drafted: int = instant()
    drafted_by: str
    reviewed: int | None = instant(nullable=True)
    reviewed_by: str = ""
    signed: int | None = instant(nullable=True)
    signed_by: str = ""
    issued: int | None = instant(nullable=True)
    issued_by: str = ""
    facts: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON: the figures and the templates as they were when it was reviewed; empty while it is a draft."""
    texts: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON: the texts as they were issued, by language and format; empty before."""
    audit_head: str = ""
    """The head of the audit chain that is printed in it."""


class TaskSheet(Row):
    """A task sheet 任务单 that was printed, and what came of it."""

    __tablename__ = "task_sheet"

    code: str = Field(primary_key=True)
    """The task's number, the sheet's, and a check character."""
    task: str = Field(index=True)
    number: int
    printed: int = instant(index=True)
    printed_by: str
    task_version: int
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What was printed."""
    entered: int | None = instant(nullable=True)
    entered_by: str = ""
    op: str = ""
    """The act by which it was keyed in."""
