"""JSON or CSV over HTTP, mapped by TOML: what a county's vendor or the province really offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from backend.feeds.adapter import Declares, Upstream
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, Reply, host_of, onward_from
from backend.feeds.mapped.options import MappedOptions, Paging, Request, read_options
from backend.feeds.mapped.rows import Decoded, answer_field, decode, placeholders
from backend.feeds.options import Table
from backend.feeds.record import Page
from backend.feeds.session import Session
from backend.feeds.units import Parameters

__all__ = ["ADAPTER", "Mapped", "MappedOptions", "ask_all", "decode", "read_options"]


class Mapped:
    """The adapter ``mapped``; its settings are described in the formats page."""

    declares = Declares(speaks="JSON, CSV", label="options", zone="options", units="options")

    def read(self, table: Table, parameters: Parameters) -> MappedOptions:
        """See `backend.feeds.adapter.Adapter.read`."""
        return read_options(table, parameters)

    def pages(self, upstream: Upstream, options: MappedOptions, session: Session) -> Iterator[Page]:
        """See `backend.feeds.adapter.Adapter.pages`."""
        yield from ask_all(
            upstream.url,
            options.request,
            options.paging,
            session,
            lambda body: decode(body, options, session.now),
        )


ADAPTER = Mapped()


def ask_all(
    url: str, request: Request, paging: Paging, session: Session, read: Callable[[bytes], Decoded]
) -> Iterator[Page]:
    """Ask for all that came since the watermark, span by span and page by page; ``read`` makes out an answer.

    Raises:
        FeedError: see `backend.feeds.adapter.Adapter.pages`.
    """
    windows = list(_windows(request, session))
    for index, (since, until) in enumerate(windows):
        last = index == len(windows) - 1
        yield from _window(_Way(url, request, paging, read), session, since, until, last)


@dataclass(frozen=True, slots=True)
class _Way:
    """How an upstream is asked and its answers are read."""

    url: str
    request: Request
    paging: Paging
    read: Callable[[bytes], Decoded]


def _windows(request: Request, session: Session) -> Iterator[tuple[int, int]]:
    since, width = session.since(lookback=request.lookback), request.window
    while width and since + width < session.now:
        yield since, since + width
        since += width
    yield since, session.now


def _window(way: _Way, session: Session, since: int, until: int, last: bool) -> Iterator[Page]:
    """All pages of one span of time. Only the last one says how far the stream has come: nobody promises
    that an upstream's pages are in the order of time."""
    single = last and way.paging.kind == "none" and way.request.window == 0
    ask = _ask(way, since, until)
    newest: int | None = None
    before = b""
    while True:
        reply = session.get_new(ask) if single else session.get(ask)
        if reply is None:
            return
        digest = sha256(reply.body).digest()
        found = way.read(reply.body)
        if digest == before and found.rows:
            raise FeedError("feed.page.same", kind=way.paging.kind, fatal=True, raw=reply.body)
        before = digest
        newest = max((at for at in (newest, found.newest()) if at is not None), default=None)
        following = _next(ask, reply, found, way.paging)
        if following is None:
            yield found.page(newest=newest if last else max(until, newest or until))
            return
        yield found.page(more=True)
        ask = following


def _ask(way: _Way, since: int, until: int) -> Ask:
    request, paging = way.request, way.paging
    times = {"since": request.time.write(since), "until": request.time.write(until)}
    query = {key: placeholders(value, times) for key, value in request.query.items()}
    if paging.size_param and paging.size:
        query[paging.size_param] = str(paging.size)
    if paging.kind in ("page", "offset"):
        query[paging.param] = str(paging.start)
    return Ask(
        placeholders(way.url, times),
        query,
        dict(request.headers),
        request.method,
        placeholders(request.body, times).encode(),
    )


def _next(ask: Ask, reply: Reply, found: Decoded, paging: Paging) -> Ask | None:
    if paging.kind in ("page", "offset"):
        if not found.rows or (paging.size and found.rows < paging.size):
            return None
        step = 1 if paging.kind == "page" else paging.size
        query = {**ask.query, paging.param: str(int(ask.query[paging.param]) + step)}
        return Ask(ask.url, query, ask.headers, ask.method, ask.body)
    if paging.kind == "cursor":
        cursor = answer_field(found.root, paging.path)
        if cursor is None or not found.rows or isinstance(cursor, dict | list | bool):
            return None
        return Ask(ask.url, {**ask.query, paging.param: str(cursor)}, ask.headers, ask.method, ask.body)
    if paging.kind == "link":
        link = answer_field(found.root, paging.path) if paging.path else _link_header(reply)
        if not isinstance(link, str):
            return None
        onward = onward_from(reply.url, link.strip())
        if host_of(onward) != host_of(reply.url):
            raise FeedError("feed.page.link", to=host_of(onward) or link[:100], raw=reply.body)
        return Ask(onward, {}, ask.headers, ask.method, ask.body)
    return None


def _link_header(reply: Reply) -> str | None:
    """The target of ``Link: <...>; rel="next"`` (RFC 8288)."""
    for part in reply.headers.get("link", "").split(","):
        target, _, parameters = part.partition(";")
        if "next" in parameters.replace('"', "").replace("rel=", " ").split():
            return target.strip().strip("<>")
    return None
