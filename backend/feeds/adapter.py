"""What an adapter is: what it declares, the settings it reads, the pages it brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from backend.feeds.options import Table
from backend.feeds.record import Page
from backend.feeds.session import Politeness, Session
from backend.feeds.units import Parameters


@dataclass(frozen=True)
class Declares:
    """What an upstream format is like."""

    speaks: str
    """The format and its edition."""
    label: str
    """How it names a period: ``start``, ``end``, or ``options`` where the feed's settings say."""
    zone: str
    """The zone of its times, or ``options``."""
    units: str
    """The units of its values, or ``options``."""
    politeness: Politeness = field(default_factory=Politeness)
    every: int = 3600
    """Seconds between polls that make sense; 0 where the upstream pushes."""
    phase: int | None = None
    """Seconds after a round ``every`` at which to poll, None where it does not matter."""
    overlap: int = 10_800
    stale_after: int = 7200
    unverified: str = ""
    """What nobody has been able to try against the live upstream."""


@dataclass(frozen=True)
class Upstream:
    """Where a feed's upstream is."""

    url: str
    every: int


class Adapter(Protocol):
    """One upstream format."""

    declares: Declares

    def read(self, table: Table, parameters: Parameters, /) -> Any:
        """The settings, ready to use; faults are noted in the table."""
        ...

    def pages(self, upstream: Upstream, options: Any, session: Session, /) -> Iterator[Page]:
        """Ask the upstream and bring what it says, page by page.

        Raises:
            FeedError: it can't go on; pages brought before stay.
        """
        ...


@dataclass(frozen=True)
class Auth:
    """Where an upstream wants its key."""

    header: str = ""
    prefix: str = ""
    query: str = ""

    @classmethod
    def read(cls, table: Table) -> Auth:
        """From ``[auth]``: ``header`` and ``prefix``, or ``query``."""
        inner = table.table("auth")
        auth = cls(inner.string("header", ""), inner.string("prefix", ""), inner.string("query", ""))
        if auth.header and auth.query:
            inner.fault("query", "feed.option.either", one="header", other="query")
        inner.finish()
        return auth

    def headers(self, secret: str) -> Mapping[str, str]:
        """The headers that carry the key."""
        return {self.header: self.prefix + secret} if self.header else {}


def read_politeness(table: Table, declared: Politeness) -> Politeness:
    """From ``[politeness]``, with what the adapter declares as the default; it may be slower, not ruder."""
    inner = table.table("politeness")
    interval = inner.number("min_interval", declared.min_interval)
    if interval < 0 or interval > 3600:
        inner.fault("min_interval", "feed.option.range", value=interval, low=0, high=3600)
        interval = declared.min_interval
    found = Politeness(
        interval,
        inner.whole("max_requests", declared.max_requests, low=1, high=10_000),
        inner.whole("tries", declared.tries, low=1, high=5),
        inner.whole("max_seconds", declared.max_seconds, low=10, high=3600),
    )
    inner.finish()
    return found
