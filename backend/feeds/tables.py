"""Feeds: what they are, how they are doing, how far they have come, and what was put aside."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text
from sqlmodel import Field

from backend.store.model import Row, instant


class Feed(Row):
    """A feed as configured. The number is what readings carry."""

    __tablename__ = "feed"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str = ""
    name_en: str = ""
    adapter: str
    url: str = ""
    options: str = Field(default="", sa_column=Column(Text, nullable=False))
    """TOML: mapping, zone, label, units, politeness: what the adapter reads."""
    every: int = 3600
    """Seconds between polls; 0 where the upstream pushes."""
    overlap: int = 10800
    """Seconds before the watermark that every poll asks for again."""
    stale_after: int = 7200
    """Seconds without news after which the feed is late."""
    enabled: bool = True
    secret: str = ""
    """The name of the secret (environment or 0600 file), never the secret."""
    from_pack: bool = False


class FeedHealth(Row):
    """What an operator can read of a feed's health."""

    __tablename__ = "feed_health"

    feed: int = Field(primary_key=True)
    state: str = "new"
    """new, ok, late, failing, open (the circuit), off."""
    polled_at: int | None = instant(nullable=True)
    ok_at: int | None = instant(nullable=True)
    newest: int | None = instant(nullable=True)
    """The start of the newest reading it brought."""
    next_at: int = instant(index=True)
    failures: int = 0
    """Failed polls in a row."""
    error: str = ""
    """The code of the last error's message."""
    error_args: str = ""
    """JSON."""
    polls: int = 0
    records: int = 0
    revised: int = 0
    unchanged: int = 0
    asides: int = 0
    skew: int | None = None
    """The upstream's clock minus ours, seconds, by its Date header."""
    elapsed_ms: int | None = None


class Watermark(Row):
    """How far one stream of a feed has come; never moved past a page that failed."""

    __tablename__ = "watermark"

    feed: int = Field(primary_key=True)
    stream: str = Field(primary_key=True)
    at: int | None = instant(nullable=True)
    etag: str = ""
    modified: str = ""
    digest: str = ""


class Aside(Row):
    """A record that was put aside with its reason, raw bytes kept."""

    __tablename__ = "aside"
    __table_args__ = (Index("ix_aside_feed_at", "feed", "at"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    feed: int
    at: int = instant()
    code: str
    args: str = ""
    """JSON."""
    raw: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    digest: str = ""
    count: int = 1
    """How often the very same bytes came."""
