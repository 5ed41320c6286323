"""Who is at it: claims between seats 占用."""

from __future__ import annotations

from sqlmodel import Field

from backend.store.model import Row, instant


class Claim(Row):
    """Who has an alarm or a task open, so that the other seats see it."""

    __tablename__ = "claim"

    kind: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    person: str
    until: int = instant()
