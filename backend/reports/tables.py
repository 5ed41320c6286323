"""Reports: which briefs were read out, when, to whom."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text
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
