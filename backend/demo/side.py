"""What the demo itself asks of the city's HTTP side, besides its feeds: move the clock, tell the truth."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.demo.child import CityServer
from backend.demo.city_http import KEY_HEADER
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, HttpFetcher

LARGE = 512 * 1024 * 1024
"""Bytes: a long run's ledger is larger than any feed's answer."""


class Side:
    """A connection of its own to the city's HTTP side; close it when done."""

    def __init__(self, server: CityServer) -> None:
        self._base = server.base
        self._headers = {KEY_HEADER: server.wanted.key}
        self._fetcher = HttpFetcher(max_body=LARGE)

    def __enter__(self) -> Side:
        return self

    def __exit__(self, *_: object) -> None:
        self._fetcher.close()

    def move(self, now: int, *, settle: bool = False) -> int | None:
        """Tell the city what time it is; gives since when the oldest frame waits that it is pushing.

        Args:
            settle: come back when everything is pushed that is due by then.

        Raises:
            FeedError: it does not answer.
        """
        body = msgspec.json.encode({"now": now, "settle": settle})
        answer = self._checked(Ask(f"{self._base}/_control/clock", {}, self._headers, "POST", body))
        waits: int | None = msgspec.json.decode(answer)["waits"]
        return waits

    def ask(self, path: str) -> Any:
        """What lies at a path of its own.

        Raises:
            FeedError: it does not answer.
        """
        return msgspec.json.decode(self._checked(Ask(self._base + path, {}, self._headers)))

    def _checked(self, ask: Ask) -> bytes:
        reply = self._fetcher.fetch(ask)
        if reply.status != 200:
            raise FeedError("demo.side", path=ask.url, status=reply.status)
        return reply.body
