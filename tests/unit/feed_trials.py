"""Try a wrong input on the real thing: over HTTP on loopback, into a real store, and see what an operator sees."""

from __future__ import annotations

import re
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec

from backend.access.keys import issue
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk.desk import Desk
from backend.desk.importing import take_file
from backend.feeds import manage
from backend.feeds.fault import FeedError, OptionsError
from backend.feeds.manage import FeedSpec
from backend.feeds.record import Record
from backend.feeds.registry import city_parameters
from backend.feeds.runner import poll_feed
from backend.hub.serving import Serving
from backend.ingest import ingest
from backend.store import Store
from backend.words import Message
from tests.feeds.helpers import Waits
from tests.unit.feed_cases import HOUR, MN, NOW, Answer, Case, Section, Sent
from tests.unit.small_city import build, page, rows, station

EARLIER = Record("S", "pm25", NOW - 30 * HOUR, HOUR, 42.0)
"""A reading that is there before: whatever comes, it stays."""


@dataclass
class Seen:
    """What an operator sees after a wrong input."""

    state: str = ""
    """The feed's, in the feeds board."""
    told: list[Message] = field(default_factory=list)
    """What the poll or the command said."""
    asides: list[Message] = field(default_factory=list)
    """Why records were put aside."""
    status: int = 0
    """Of the answer to a push."""
    kept: int = 0
    """Readings, or vehicles that passed, that were stored."""
    intact: bool = True
    """What was stored before still is."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sent: Sent = b""

    def do_GET(self) -> None:
        sent = self.sent
        if isinstance(sent, Mapping):
            sent = next((body for part, body in sent.items() if part in self.path), b'{"value": []}')
        answer = sent if isinstance(sent, Answer) else Answer(sent)
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            size = len(answer.body) if answer.declared is None else answer.declared
            self.send_header("Content-Length", str(size))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body)
        except OSError:
            pass
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def upstream(sent: Sent) -> Iterator[str]:
    """A server on loopback that sends this; its address."""
    handler = type("_One", (_Handler,), {"sent": sent})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _store() -> Iterator[tuple[Store, City]]:
    with closing(Store.memory()) as store:
        city = build(store, [station("S"), station("A"), station("B"), station(MN, "site_dust")])
        ingest(store, city, 1, page(EARLIER), NOW)
        yield store, city


def attempt(section: Section, case: Case) -> Seen:
    """Try one case."""
    ways = {"poll": _poll, "push": _push, "file": _file, "settings": _settings}
    with _store() as (store, city):
        seen = ways[section.way](store, city, section, case)
        seen.asides = [
            Message(code, msgspec.json.decode(args) if args else {})
            for code, args in rows(store, "SELECT code, args FROM aside ORDER BY id")
            if code not in {message.code for message in seen.told}
        ]
        readings = rows(store, "SELECT start, value FROM reading")
        seen.intact = (EARLIER.start, EARLIER.value) in readings
        seen.kept = len(readings) - 1 + len(rows(store, "SELECT id FROM passage"))
    return seen


def _added(store: Store, section: Section, url: str) -> int:
    spec = FeedSpec("f", section.adapter, url=url, options=section.options)
    outcome = manage.add(store, spec, NOW)
    assert outcome.ok, outcome
    number = outcome.data["feed"]
    assert isinstance(number, int)
    return number


def _poll(store: Store, city: City, section: Section, case: Case) -> Seen:
    path = "/v1.1" if section.adapter == "sensorthings" else "/data"
    with upstream(case.sent) as base:
        feed = _added(store, section, base + path)
        report = poll_feed(
            store,
            feed,
            ManualClock(NOW),
            lambda taken, number, now: ingest(store, city, number, taken, now),
            pace=Waits().pace(),
        )
    return Seen(report.state, [report.message] if report.message else [])


def _push(store: Store, _city: City, section: Section, case: Case) -> Seen:
    assert isinstance(case.sent, bytes)
    _added(store, section, "")
    with store.write() as connection:
        key = issue(connection, "push:f", "", "test", 0)
    with Serving(store, ManualClock(NOW)) as serving:
        request = urllib.request.Request(f"{serving.base}/v1/push/f", data=case.sent, method="POST")
        request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                status = int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                status = error.code
    (state,) = rows(
        store, "SELECT h.state FROM feed_health h JOIN feed f ON f.id = h.feed WHERE f.code = 'f'"
    )
    return Seen(str(state[0]), status=status)


def _file(store: Store, _city: City, section: Section, case: Case) -> Seen:
    assert isinstance(case.sent, bytes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "readings"
        path.write_bytes(case.sent)
        desk = Desk.of_scripts(store)
        desk = type(desk)(store, ManualClock(NOW), desk.actor, facts=desk.facts)
        try:
            for _ in take_file(desk, path, section.form):
                pass
        except FeedError as error:
            return Seen(told=[error.message])
    return Seen()


def _settings(store: Store, _city: City, _section: Section, case: Case) -> Seen:
    assert isinstance(case.sent, bytes)
    with store.read() as connection:
        parameters = city_parameters(connection)
    try:
        _, faults = manage.examine(case.sent.decode(), parameters)
    except OptionsError as error:
        return Seen(told=[fault.message for fault in error.faults])
    return Seen(told=[fault.message for fault in faults])


def plain(told: str) -> str:
    """A message without what differs from run to run."""
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", told)
