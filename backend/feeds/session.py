"""One poll of one feed: what an adapter may ask of the runner.

The session sends requests politely (a pause between them, a bound on their number), repeats one that failed in
passing, asks conditionally where the upstream gave an ETag or a date, and knows how far each stream has come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NoReturn

from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, Fetcher, Reply, http_date
from backend.feeds.pace import Pace
from backend.feeds.units import Parameters

LONGEST_PAUSE = 10
"""Seconds that a poll waits to repeat a request; longer and the next poll asks instead."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a stream has come, and what the upstream last said of its content."""

    at: int | None = None
    etag: str = ""
    modified: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Politeness:
    """What an upstream puts up with."""

    min_interval: float = 0.5
    """Seconds between two requests."""
    max_requests: int = 100
    """Requests in one poll."""
    tries: int = 3
    """How often one request is made where it fails in passing."""
    max_seconds: int = 240
    """How long one poll may take: a slow upstream must not hold up the others."""


@dataclass
class Session:
    """See the module. ``now`` is the injected clock's instant at the poll's start."""

    now: int
    fetcher: Fetcher
    marks: Mapping[str, Mark]
    overlap: int
    parameters: Parameters
    politeness: Politeness = field(default_factory=Politeness)
    pace: Pace = field(default_factory=Pace)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request: the key of the upstream, where it wants one."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Likewise."""
    settings: str = ""
    """Changes when the feed's settings do."""
    places: Callable[[str], list[tuple[str, float, float]]] = lambda _kind: []
    """The city's stations of a kind: code, longitude, latitude."""
    requests: int = 0
    skew: int | None = None
    validators: dict[str, Mark] = field(default_factory=dict)
    """What the answers of this poll said, to be kept once their pages are stored."""
    _started: float | None = None
    _last: float | None = None
    _blocked_until: float | None = None

    def since(self, stream: str = "", *, lookback: int) -> int:
        """From when to ask: the overlap before the watermark, or ``lookback`` seconds where there is none."""
        mark = self.marks.get(stream)
        if mark is None or mark.at is None:
            return self.now - lookback
        return mark.at - self.overlap

    def get(self, ask: Ask, *, final: Collection[int] = ()) -> Reply:
        """The answer to a request.

        Args:
            final: statuses that mean what they say: the request is not repeated.

        Raises:
            FeedError: no usable answer.
        """
        headers, query = {**self.headers, **ask.headers}, {**ask.query, **self.query}
        return self._try(replace(ask, headers=headers, query=query), final)

    def get_new(self, ask: Ask, stream: str = "") -> Reply | None:
        """The answer to a request that is a stream's whole content, None where it is the same as last time.

        Raises:
            FeedError: no usable answer.
        """
        mark = self.marks.get(stream, Mark())
        if not mark.digest.startswith(f"{self.settings}:"):
            # The mapping has changed since: the same answer means something else now.
            mark = Mark()
        conditional = {}
        if mark.etag:
            conditional["If-None-Match"] = mark.etag
        if mark.modified:
            conditional["If-Modified-Since"] = mark.modified
        reply = self.get(replace(ask, headers={**conditional, **ask.headers}))
        if reply.status == 304:
            return None
        digest = f"{self.settings}:{sha256(reply.body).hexdigest()}"
        self.validators[stream] = Mark(
            None, reply.headers.get("etag", "")[:200], reply.headers.get("last-modified", "")[:100], digest
        )
        return None if digest == mark.digest else reply

    def _try(self, ask: Ask, final: Collection[int]) -> Reply:
        tries = self.politeness.tries
        for attempt in range(1, tries + 1):
            try:
                return self._send(ask)
            except FeedError as error:
                delay = max(float(error.wait or 0), 2.0**attempt * self.pace.dice())
                given_up = error.fatal or attempt == tries or error.message.args.get("status") in final
                if given_up or delay > LONGEST_PAUSE:
                    raise
                self.pace.sleep(delay)
        raise AssertionError("unreachable")

    def _send(self, ask: Ask) -> Reply:
        if self.requests >= self.politeness.max_requests:
            raise FeedError("feed.poll.too_many", limit=self.politeness.max_requests, fatal=True)
        started = self._started if self._started is not None else self.pace.monotonic()
        self._started = started
        if self.pace.monotonic() - started > self.politeness.max_seconds:
            raise FeedError("feed.poll.too_slow", limit=self.politeness.max_seconds, fatal=True)
        wall = self.pace.wall()
        if self._blocked_until is not None and wall < self._blocked_until:
            raise FeedError("feed.http.rate", wait=int(self._blocked_until - wall) + 1, fatal=True)
        if self._last is not None:
            pause = self._last + self.politeness.min_interval - self.pace.monotonic()
            if pause > 0:
                self.pace.sleep(pause)
        self.requests += 1
        try:
            reply = self.fetcher.fetch(ask)
        finally:
            self._last = self.pace.monotonic()
        self._note(reply)
        if reply.status not in (200, 203, 304):
            self._refuse(reply)
        return reply

    def _note(self, reply: Reply) -> None:
        """Keep the upstream's clock and what its rate headers say."""
        wall = self.pace.wall()
        served = http_date(reply.headers.get("date", ""))
        if served is not None:
            self.skew = int(served - wall)
        remaining = reply.headers.get("x-ratelimit-remaining", reply.headers.get("ratelimit-remaining", ""))
        if remaining.strip() == "0":
            reset = reply.seconds("x-ratelimit-reset", wall) or reply.seconds("ratelimit-reset", wall)
            self._blocked_until = wall + (reset if reset is not None else 60)

    def _refuse(self, reply: Reply) -> NoReturn:
        wall = self.pace.wall()
        wait = reply.seconds("retry-after", wall)
        if wait is None and reply.status == 429:
            wait = reply.seconds("x-ratelimit-reset", wall) or reply.seconds("ratelimit-reset", wall)
        status, raw = reply.status, reply.body
        if status in (401, 403):
            raise FeedError("feed.http.key", status=status, raw=raw, fatal=True)
        if status in (404, 410):
            raise FeedError("feed.http.gone", status=status, raw=raw, fatal=True)
        if status == 429:
            raise FeedError("feed.http.rate", wait=wait if wait is not None else 60, raw=raw)
        if status >= 500 or status == 408:
            raise FeedError("feed.http.server", status=status, wait=wait, raw=raw)
        raise FeedError("feed.http.status", status=status, raw=raw, fatal=True)
