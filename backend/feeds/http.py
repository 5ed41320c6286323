"""The one module that speaks HTTP for the feeds (httpx, loaded on first use).

An answer is read as raw bytes and unpacked here with a bound, so that neither a long body nor a small one that
unpacks to gigabytes can fill the memory. A redirect to another host is refused: a login page of the office's
network looks like that.
"""

from __future__ import annotations

import os
import socket
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Protocol
from urllib.parse import quote, urljoin, urlsplit

from backend.feeds.fault import FeedError
from backend.words.machine import reason

MAX_BODY = 32 * 1024 * 1024
"""Bytes of an answer after unpacking."""
TIMEOUT = 30.0
_REDIRECTS = 4
_MEMBER = b"\x1f"
"""What a member of a gzip file begins with."""


@dataclass(frozen=True)
class Ask:
    """One request."""

    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""

    def address(self) -> str:
        """The whole URL; blanks and non-ASCII are escaped, what is escaped already stays."""
        url = quote(self.url, safe="%/:?#[]@!$&'()*+,;=~-._")
        if not self.query:
            return url
        pairs = (
            f"{quote(key, safe='$')}={quote(value, safe='$,()/:@*')}" for key, value in self.query.items()
        )
        return url + ("&" if "?" in url else "?") + "&".join(pairs)


@dataclass(frozen=True)
class Reply:
    """One answer, unpacked. ``headers`` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def seconds(self, name: str, wall: float) -> int | None:
        """A header that says how long to wait: seconds, an HTTP date or an epoch instant."""
        text = self.headers.get(name, "").strip()
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            at = http_date(text)
            return None if at is None else max(0, int(at - wall))
        if not 0 <= number < 1e12:
            return None
        # Some servers give the instant of the reset, some the seconds until it.
        return max(0, int(number - wall)) if number > 1e8 else int(number)


class Fetcher(Protocol):
    """Whatever can answer an `Ask`."""

    def fetch(self, ask: Ask) -> Reply:
        """The answer, whatever its status.

        Raises:
            FeedError: there is none, or it must not be read.
        """
        ...


def http_date(text: str) -> float | None:
    """An HTTP date (RFC 9110 5.6.7) as epoch seconds, None where it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def host_of(address: str) -> str:
    """Host and port of an HTTP address, empty where it is none."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and parts.hostname
        # Reading the port is what finds a wrong one.
        port = parts.port
    except ValueError:
        return ""
    if not known:
        return ""
    return f"{parts.hostname}:{port}" if port else str(parts.hostname)


def _same_host(address: str, onward: str) -> bool:
    """Whether a redirect stays on its host, and does not go from HTTPS to plain HTTP (a key may be on the way)."""
    if not host_of(onward):
        return False
    before, after = urlsplit(address), urlsplit(onward)
    return before.hostname == after.hostname and (before.scheme, after.scheme) != ("https", "http")


def onward_from(address: str, link: str) -> str:
    """Where a link leads, empty where that is no address at all."""
    try:
        return urljoin(address, link)
    except ValueError:
        return ""


@cache
def _trusted(_file: str | None, _folder: str | None) -> Any:
    """Whom HTTPS is believed from, read once in a process: each reading of the authorities takes 25 ms."""
    import httpx

    return httpx.create_ssl_context()


class HttpFetcher:
    """Fetches over HTTP and keeps its connections; close it when done.

    Args:
        transport: what carries the requests; the network where None.
    """

    def __init__(self, transport: Any = None, *, timeout: float = TIMEOUT, max_body: int = MAX_BODY) -> None:
        import httpx

        self._httpx = httpx
        self._max_body = max_body
        self._timeout = timeout
        self._client = httpx.Client(
            transport=transport,
            verify=_trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
            timeout=httpx.Timeout(timeout, connect=min(10.0, timeout)),
            headers={"User-Agent": "gridseat", "Accept-Encoding": "gzip"},
            follow_redirects=False,
        )

    def __enter__(self) -> HttpFetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def fetch(self, ask: Ask) -> Reply:
        """See `Fetcher.fetch`."""
        address = ask.address()
        if not host_of(address):
            raise FeedError("feed.http.address", url=_bare(address), fatal=True)
        for _ in range(_REDIRECTS):
            reply = self._once(ask, address)
            target = reply.headers.get("location")
            if reply.status not in (301, 302, 303, 307, 308) or not target:
                return reply
            onward = onward_from(address, target)
            if not _same_host(address, onward):
                raise FeedError("feed.http.redirect", to=host_of(onward) or target)
            address = onward
        raise FeedError("feed.http.loop", host=host_of(address))

    def _once(self, ask: Ask, address: str) -> Reply:
        httpx = self._httpx
        deadline = time.monotonic() + self._timeout * 4
        try:
            with self._client.stream(
                ask.method, address, headers=dict(ask.headers), content=ask.body or None
            ) as response:
                headers = {key.lower(): value for key, value in response.headers.items()}
                body = self._read(response, headers, deadline)
                return Reply(response.status_code, headers, body, address)
        except httpx.TimeoutException as error:
            raise FeedError("feed.http.timeout", host=host_of(address)) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise FeedError("feed.http.address", url=_bare(address), fatal=True) from error
        except httpx.ConnectError as error:
            raise _unconnected(host_of(address), error) from error
        except (httpx.HTTPError, httpx.StreamError, ValueError) as error:
            raise FeedError("feed.http.broken", host=host_of(address), error=str(error)) from error

    def _read(self, response: Any, headers: Mapping[str, str], deadline: float) -> bytes:
        coding = headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FeedError("feed.http.coding", coding=coding)
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._max_body:
            raise FeedError("feed.body.large", limit=self._max_body // 1024)
        unpack = _Unpacker(coding, self._max_body)
        # As they come: chunks of a size of our own would be waited for, past the deadline too.
        for chunk in response.iter_raw():
            unpack.feed(chunk)
            if time.monotonic() > deadline:
                # Asked again it would take as long again, and the other feeds wait for this one.
                raise FeedError("feed.http.slow", host=host_of(str(response.url)), fatal=True)
        return unpack.finish()


class _Unpacker:
    """Joins the chunks of a body, unpacked, and never holds more than the limit."""

    def __init__(self, coding: str, limit: int) -> None:
        self._gzip = coding in ("gzip", "x-gzip")
        self._engine: Any = zlib.decompressobj(47) if self._gzip else None
        self._deflate = coding == "deflate"
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._fed = False

    def feed(self, chunk: bytes) -> None:
        """Take a chunk as it came."""
        self._fed = self._fed or bool(chunk)
        if self._deflate and self._engine is None and chunk:
            # "deflate" is a zlib stream by RFC 9110, a bare one from some servers.
            self._engine = zlib.decompressobj(15 if chunk[0] & 0x0F == 8 else -15)
        if self._engine is None:
            self._keep(chunk)
            return
        try:
            while chunk:
                if self._engine.eof:
                    # Several members behind each other are one file (RFC 1952 2.2); anything else is padding.
                    if not self._gzip or not chunk.startswith(_MEMBER):
                        return
                    self._engine = zlib.decompressobj(31)
                self._keep(self._engine.decompress(chunk, self._limit + 1 - self._size))
                chunk = self._engine.unconsumed_tail or self._engine.unused_data
        except zlib.error as error:
            raise FeedError("feed.body.packed") from error

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            raise FeedError("feed.body.large", limit=self._limit // 1024)
        self._parts.append(part)

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            FeedError: it ended before its end.
        """
        if self._engine is not None and self._fed and not self._engine.eof:
            raise FeedError("feed.body.cut")
        return b"".join(self._parts)


def _unconnected(host: str, error: Exception) -> FeedError:
    """Why nobody was reached, by what the machine said beneath what the libraries made of it."""
    import ssl

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return FeedError("feed.http.tls", host=host, error=cause.verify_message)
    if isinstance(cause, socket.gaierror):
        return FeedError("feed.http.name", host=host)
    return FeedError("feed.http.connect", host=host, error=str(error) if cause is None else reason(cause))


def _bare(address: str) -> str:
    """An address without its query, which may carry a key."""
    return address.partition("?")[0]
