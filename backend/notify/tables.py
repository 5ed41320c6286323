"""What people must be told, and whether it reached them."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field

from backend.store.model import Row, instant, partial_index


class Notice(Row):
    """Something a person must be told; the dedup key makes a repeated delivery collapse."""

    __tablename__ = "notice"

    key: str = Field(primary_key=True)
    at: int = instant(index=True)
    grid: str = Field(default="", index=True)
    """The grid whose seats are told."""
    level: str = ""
    person: str = ""
    department: str = ""
    """The department whose duty room 值班室 is told, beside the seats that call it."""
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


class Channel(Row):
    """A way out of the house 通知渠道: a webhook, or a command of this machine; with how it is doing."""

    __tablename__ = "channel"

    code: str = Field(primary_key=True)
    kind: str
    """``webhook`` or ``command``."""
    grid: str
    """It takes what the seats of this grid are told."""
    below: bool = True
    """And what those of the grids below it are."""
    priority: str = "high"
    """The lowest priority that it takes."""
    language: str = "zh"
    url: str = ""
    """A webhook's address; ``{secret}`` in it stands for the secret."""
    argv: str = ""
    """A command's words as a JSON list; no shell ever reads them."""
    secret: str = ""
    """The name of a secret (`backend.feeds.secret`), never the secret itself."""
    template: str = ""
    """A JSON body of the receiver's own, with ``{text}``, ``{id}`` and others to fill in; ours where empty."""
    expects: str = ""
    """What a good answer must have in it, where the status alone does not tell."""
    timeout: int = 10
    enabled: bool = True
    created: int = instant()
    created_by: str = ""
    state: str = "new"
    """``new``, ``ok``, ``failing`` or ``dead``."""
    failures: int = 0
    """One after the other, since it last worked."""
    since: int | None = instant(nullable=True)
    """When it began to fail."""
    ok_at: int | None = instant(nullable=True)
    tried_at: int | None = instant(nullable=True)
    next_at: int | None = instant(nullable=True)
    """Before this it is left alone."""
    error: str = ""
    error_args: str = ""


class Delivery(Row):
    """One notice on its way over one channel: at least once, and its id tells a second time from a first."""

    __tablename__ = "delivery"
    __table_args__ = (
        partial_index("ix_delivery_waiting", "channel", "next_at", where="state = 'waiting'"),
        Index("ix_delivery_channel_at", "channel", "at"),
    )

    id: str = Field(primary_key=True)
    """The dedup id, made of the notice's key and the channel: the same however often it is sent."""
    notice: str = Field(index=True)
    channel: str
    rank: int = 9
    """0 for critical to 3 for low: the order in which they go out."""
    at: int = instant()
    state: str = "waiting"
    """``waiting``, ``sent``, ``failed`` (given up), ``dropped`` (too many) or ``withdrawn``."""
    attempts: int = 0
    next_at: int = instant()
    tried_at: int | None = instant(nullable=True)
    sent_at: int | None = instant(nullable=True)
    error: str = ""
    error_args: str = ""
