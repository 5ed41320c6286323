"""What people must be told, and whether it reached them."""

from __future__ import annotations

from sqlmodel import Field

from backend.store.model import Row, instant


class Notice(Row):
    """Something a person must be told; the dedup key makes a repeated delivery collapse."""

    __tablename__ = "notice"

    key: str = Field(primary_key=True)
    at: int = instant(index=True)
    grid: str = Field(default="", index=True)
    """The grid whose seats are told."""
    level: str = ""
    person: str = ""
    task: str = ""
    alarm: int | None = None
    priority: str = "medium"
    code: str
    args: str = ""
    channel: str = "screen"
    state: str = "new"
    attempts: int = 0
    next_at: int | None = instant(nullable=True)
    seen: int | None = instant(nullable=True)
    seen_by: str = ""
