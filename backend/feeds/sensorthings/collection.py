"""Read a SensorThings collection page by page from servers that each break the standard in their own way.

Learned in the field: a server refuses a ``$top`` above its own limit instead of capping it, fails (500) on
``$orderby=phenomenonTime``, writes raw blanks into ``@iot.nextLink``, and names itself in it by an address that is
only right behind its proxy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from backend.feeds.content import json_value
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, Reply, host_of
from backend.feeds.session import Session

_LIMIT = re.compile(
    r"(?:less than or equal to|at most|maximum(?: of| is)?|<=)\D{0,20}(\d{1,6})", re.IGNORECASE
)
_SMALLEST = 10


@dataclass
class Quirks:
    """What a server was found to put up with; learned anew in every poll."""

    top: int
    order: bool = True
    """It can order by phenomenonTime."""
    slim: bool = True
    """It can select within an expansion."""
    nested: bool = True
    """It can expand within an expansion."""
    single: bool = True
    """What it expands to a single entity is that row's own."""


@dataclass(frozen=True)
class Part:
    """One answer of a collection."""

    rows: list[Any]
    next: str
    """The address of the next part, empty where this is the last."""
    body: bytes


class Service:
    """A SensorThings service, by its root (``.../v1.1``)."""

    def __init__(self, root: str, session: Session, top: int) -> None:
        self._root = root.rstrip("/")
        self._session = session
        self.quirks = Quirks(top)

    def first(self, path: str, query: Callable[[Quirks], Mapping[str, str]]) -> Part:
        """The first part of a collection; gives way where the server refuses.

        Args:
            path: below the root.
            query: what to ask, without ``$top``, for a server with these quirks.

        Raises:
            FeedError: it refuses all the same.
        """
        while True:
            whole = {**query(self.quirks), "$top": str(self.quirks.top)}
            try:
                # A server's own fault may well be about what was asked: ask less before asking again.
                return self._part(self._session.get(Ask(f"{self._root}/{path}", whole), final=(500, 501)))
            except FeedError as error:
                if not self._give_way(error, whole):
                    raise

    def following(self, address: str) -> Part:
        """A further part, by the ``@iot.nextLink`` of the one before.

        Raises:
            FeedError: no usable answer, or it leads to another host.
        """
        return self._part(self._session.get(Ask(self._own(address))))

    def entity(self, path: str) -> Mapping[str, Any]:
        """One entity.

        Raises:
            FeedError: there is none.
        """
        ask = Ask(f"{self._root}/{path}")
        try:
            reply = self._session.get(ask)
        except FeedError as error:
            if error.message.args.get("status") not in (400, 422):
                raise
            # A server whose default $top is above its own limit refuses even what has no pages.
            reply = self._session.get(replace(ask, query={"$top": str(self.quirks.top)}))
        found = json_value(reply.body)
        if not isinstance(found, dict):
            raise FeedError("feed.sta.answer", raw=reply.body)
        return found

    def _give_way(self, error: FeedError, asked: Mapping[str, str]) -> bool:
        status = error.message.args.get("status")
        if not isinstance(status, int) or status in (401, 403, 404, 408, 429, 502, 503, 504):
            return False
        told = error.raw.decode("utf-8", "replace")
        named = _LIMIT.search(told)
        limit = int(named.group(1)) if named else 0
        if status < 500 and "top" in told.lower():
            smaller = limit if 0 < limit < self.quirks.top else max(_SMALLEST, self.quirks.top // 10)
            if smaller < self.quirks.top:
                self.quirks.top = smaller
                return True
        if "$orderby" in asked:
            self.quirks.order = False
            return True
        if self.quirks.slim and "$select" in asked.get("$expand", ""):
            self.quirks.slim = False
            return True
        if self.quirks.nested and "($expand" in asked.get("$expand", ""):
            self.quirks.nested = False
            return True
        if self.quirks.top > 100:
            self.quirks.top = 100
            return True
        return False

    def _part(self, reply: Reply) -> Part:
        root = json_value(reply.body)
        rows = root.get("value") if isinstance(root, dict) else None
        if not isinstance(rows, list):
            raise FeedError("feed.sta.answer", raw=reply.body)
        link = root.get("@iot.nextLink") or root.get("@nextLink") or ""
        return Part(rows, link if isinstance(link, str) else "", reply.body)

    def _own(self, address: str) -> str:
        """The address on our own server: what it calls itself is often only right behind its proxy."""
        if address.startswith(self._root + "/"):
            return address
        if "://" not in address:
            return f"{self._root}/{address.lstrip('/')}"
        marker = "/" + self._root.rpartition("/")[2] + "/"
        _, found, rest = address.partition(marker)
        if not found:
            raise FeedError("feed.page.link", to=host_of(address) or address[:100])
        return f"{self._root}/{rest}"
