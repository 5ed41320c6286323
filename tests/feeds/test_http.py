"""The HTTP side against real servers on loopback: bombs, endless bodies, redirects, cut-off answers, portals."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from backend.clock import ManualClock
from backend.feeds import health
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, HttpFetcher, Reply
from backend.feeds.runner import poll_feed
from backend.store import Store
from backend.words import say
from tests.feeds.helpers import Sink, Waits, new_feed

TABLE = b"station,time,PM2.5,CO\n1718A,2026-11-03 16:00,35,0.9\n"
MEGABYTE = 1024 * 1024
Handler = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], str]]:
    """Starts a server that answers every request with a function; returns its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Handler) -> str:
        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                try:
                    answer(self)
                except OSError:
                    # The client has hung up on us, as it should on some of these answers.
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/data"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def send(body: bytes, status: int = 200, *, declared: int | None = None, **headers: str) -> Handler:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body) if declared is None else declared))
        handler.end_headers()
        handler.wfile.write(body)
        if declared is not None:
            handler.close_connection = True

    return answer


def fetch(url: str, *, limit: int = MEGABYTE, timeout: float = 60.0) -> Reply:
    with HttpFetcher(timeout=timeout, max_body=limit) as client:
        return client.fetch(Ask(url))


def refusal(url: str, *, limit: int = MEGABYTE, timeout: float = 60.0) -> FeedError:
    with pytest.raises(FeedError) as caught:
        fetch(url, limit=limit, timeout=timeout)
    return caught.value


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("identity", bytes),
        # Members behind each other, as what packs in blocks writes them; and padding behind the last.
        ("gzip", lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:])),
        ("gzip", lambda body: gzip.compress(body) + bytes(7)),
    ],
)
def test_packed_answers_are_unpacked(
    coding: str, pack: Callable[[bytes], bytes], serve: Callable[[Handler], str]
) -> None:
    assert fetch(serve(send(pack(TABLE), Content_Encoding=coding))).body == TABLE


def test_a_bomb_stops_at_the_limit(serve: Callable[[Handler], str]) -> None:
    bomb = gzip.compress(gzip.compress(bytes(400 * MEGABYTE), 9), 9)
    assert len(bomb) < 100_000
    assert len(fetch(serve(send(bomb, Content_Encoding="gzip"))).body) < MEGABYTE
    # Unpacked once it is small, packed in one layer of 64 MB it is not.
    single = gzip.compress(bytes(64 * MEGABYTE), 9)
    assert refusal(serve(send(single, Content_Encoding="gzip"))).message.code == "feed.body.large"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (send(bytes(2 * MEGABYTE)), "feed.body.large"),
        (send(b"", declared=10**12), "feed.body.large"),
        (send(TABLE, declared=len(TABLE) + 50), "feed.http.broken"),
        (send(gzip.compress(TABLE)[:-12], Content_Encoding="gzip"), "feed.body.cut"),
        (send(b"no gzip at all", Content_Encoding="gzip"), "feed.body.packed"),
        (send(TABLE, Content_Encoding="br"), "feed.http.coding"),
        (send(b"", 302, Location="http://portal.invalid/login"), "feed.http.redirect"),
        (send(b"", 302, Location="/data"), "feed.http.loop"),
    ],
)
def test_answers_that_are_refused(answer: Handler, code: str, serve: Callable[[Handler], str]) -> None:
    assert refusal(serve(answer)).message.code == code


def test_an_endless_body_is_cut_off(serve: Callable[[Handler], str]) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        while True:
            handler.wfile.write(bytes(64 * 1024))

    assert refusal(serve(endless)).message.code == "feed.body.large"


def test_silence_is_a_time_out(serve: Callable[[Handler], str]) -> None:
    gate = threading.Event()

    def silent(_: BaseHTTPRequestHandler) -> None:
        gate.wait(120)

    url = serve(silent)
    try:
        assert refusal(url, timeout=0.3).message.code == "feed.http.timeout"
    finally:
        gate.set()


def test_a_body_that_drips_ends_at_the_deadline(serve: Callable[[Handler], str]) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b" ")
            if over.wait(0.05):
                return

    try:
        error = refusal(serve(drip), timeout=0.2)
    finally:
        over.set()
    assert error.message.code == "feed.http.slow"
    assert error.fatal


def test_no_server_and_no_http(serve: Callable[[Handler], str]) -> None:
    def noise(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x00\x01\x02 no http\r\n\r\n")
        handler.close_connection = True

    assert refusal(serve(noise)).message.code == "feed.http.broken"
    assert refusal("http://127.0.0.1:9/").message.code == "feed.http.connect"


def test_why_nobody_is_reached_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = refusal("http://127.0.0.1:9/").message
    assert "111" not in say(refused, "en")
    assert say(refused, "zh").isascii() is False
    assert "refused" not in say(refused, "zh")

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", unknown)
        assert refusal("http://upstream.test/").message.code == "feed.http.name"
    untrusted = ssl.SSLCertVerificationError(1, "certificate verify failed")
    untrusted.verify_message = "self-signed certificate"

    def distrusting(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[SSL] (_ssl.c:1006)") from untrusted

    with HttpFetcher(httpx.MockTransport(distrusting)) as client, pytest.raises(FeedError) as caught:
        client.fetch(Ask("https://upstream.test/"))
    assert caught.value.message.code == "feed.http.tls"
    assert "_ssl.c" not in say(caught.value.message, "en")


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "nonsense", "http://[::1/", "http://127.0.0.1:x/"],
)
def test_addresses_that_are_none(url: str) -> None:
    assert refusal(url).message.code == "feed.http.address"


def test_a_redirect_on_the_same_host_is_followed(serve: Callable[[Handler], str]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/data":
            send(b"", 301, Location="/moved?a=b")(handler)
        else:
            send(TABLE)(handler)

    reply = fetch(serve(answer))
    assert reply.body == TABLE
    assert reply.url.endswith("/moved?a=b")


def test_escapes_in_headers_and_errors_do_not_come_through(serve: Callable[[Handler], str]) -> None:
    error = refusal(serve(send(b"", 302, Location="http://evil\x1b]0;x\x07.invalid/")))
    assert "\x1b" not in str(error.message.args)
    coding = refusal(serve(send(b"", Content_Encoding="\x1b[2J")))
    assert "\x1b" not in str(coding.message.args)


def test_a_poll_over_the_wire(serve: Callable[[Handler], str], store: Store, clock: ManualClock) -> None:
    asked: list[tuple[str, str | None]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append((handler.path, handler.headers.get("If-None-Match")))
        if handler.headers.get("If-None-Match") == '"1"':
            send(b"", 304, ETag='"1"')(handler)
        else:
            send(gzip.compress(TABLE), ETag='"1"', Content_Encoding="gzip")(handler)

    feed = new_feed(store, clock.now(), url=serve(answer) + "?city=菏泽 市")
    sink = Sink()
    first = poll_feed(store, feed, clock, sink, pace=Waits().pace())
    second = poll_feed(store, feed, clock, sink, pace=Waits().pace())
    assert (first.ok, second.ok) == (True, True)
    assert len(sink.pages) == 1
    path = "/data?city=%E8%8F%8F%E6%B3%BD%20%E5%B8%82"
    assert asked == [(path, None), (path, '"1"')]
    with store.read() as connection:
        kept = health.read(connection, feed)
    assert kept is not None
    assert kept.skew is not None


def test_a_captive_portal_is_refused_by_what_it_holds(
    serve: Callable[[Handler], str], store: Store, clock: ManualClock
) -> None:
    page = send(b"<!doctype html><title>Login</title>", Content_Type="text/csv")
    feed = new_feed(store, clock.now(), url=serve(page))
    report = poll_feed(store, feed, clock, Sink(), pace=Waits().pace())
    assert report.message is not None
    assert report.message.code == "feed.body.html"
