"""Channels against a real receiver that fails and stalls, and real commands that hang and flood: nothing is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from backend.alarms.tables import Alarm
from backend.city.tables import CityFact, Grid
from backend.clock import ManualClock
from backend.notify import channels, deliver, notices, outbox
from backend.notify.channels import Spec
from backend.notify.deliver import Post
from backend.notify.numbers import numbers
from backend.notify.tables import Channel, Delivery
from backend.store import Store, table

ALARM, CHANNEL, DELIVERY = table(Alarm), table(Channel), table(Delivery)
GRIDS = (("M", 1, ""), ("C1", 2, "M"), ("T1", 3, "C1"), ("C2", 2, "M"))


@dataclass
class Receiver:
    """A receiver on loopback that answers as it is told, and keeps what it got."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[Any], None] = lambda handler: plain(handler, 200)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


def plain(handler: Any, status: int, body: bytes = b"ok", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/notices"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def city(store: Store) -> Store:
    with store.write() as connection:
        connection.execute(
            insert(table(CityFact)),
            [{"key": "zone", "value": "Asia/Shanghai"}, {"key": "name", "value": "样市"}],
        )
        rows = [
            {"code": code, "level": level, "name": f"格{code}", "parent": up} for code, level, up in GRIDS
        ]
        connection.execute(insert(table(Grid)), rows)
    return store


def add(store: Store, now: int, **told: Any) -> Spec:
    spec = Spec(**{"code": "duty", "kind": "webhook", "grid": "C1", "timeout": 60, **told})
    with store.write() as connection:
        assert channels.faults(connection, spec) == []
        channels.add(connection, spec, "P1", now)
    return spec


def post(store: Store, now: int, key: str = "n1", grid: str = "C1", priority: str = "high") -> None:
    with store.write() as connection:
        args: dict[str, Any] = {"task": "T-1", "clock": "accept", "due": now, "state": "OPEN"}
        notices.post(connection, key, now, "notice.warn", args, grid=grid, task="T-1", priority=priority)


def states(store: Store) -> dict[str, tuple[str, int]]:
    with store.read() as connection:
        rows = connection.execute(select(DELIVERY.c.notice, DELIVERY.c.state, DELIVERY.c.attempts))
        return {row.notice: (row.state, row.attempts) for row in rows}


def error_of(store: Store, notice: str = "n1") -> tuple[str, dict[str, Any]]:
    with store.read() as connection:
        found = outbox.of_notices(connection, [notice])[notice][0].error
    assert found is not None
    return found.code, dict(found.args)


def test_a_notice_goes_out_once_with_its_id_in_body_and_header(city: Store, clock: ManualClock) -> None:
    with receiving() as receiver:
        add(city, clock.now(), url=receiver.url)
        post(city, clock.now())
        report = Post(city, clock).turn()
        assert (report.sent, report.failed) == (1, 0)
        assert Post(city, clock).turn().sent == 0
    [(headers, body)] = receiver.got
    told = json.loads(body)
    assert (
        told["id"] == headers["webhook-id"] == headers["idempotency-key"] == outbox.delivery_id("n1", "duty")
    )
    assert told["at"] == "2026-11-03T16:00:00+08:00"
    assert "即将超时" in told["text"]
    assert (told["grid_name"], told["priority"], told["task"]) == ("格C1", "high", "T-1")
    assert states(city) == {"n1": ("sent", 1)}


@pytest.mark.parametrize(
    ("grid", "priority", "told", "goes"),
    [
        ("C1", "high", {}, True),
        ("T1", "critical", {}, True),
        ("T1", "critical", {"below": False}, False),
        ("C1", "medium", {}, False),
        ("C1", "medium", {"priority": "low"}, True),
        ("C2", "critical", {}, False),
        ("M", "critical", {}, False),
        ("T1", "high", {"grid": "M"}, True),
    ],
)
def test_a_channel_takes_its_grids_from_its_priority_on(
    city: Store, clock: ManualClock, grid: str, priority: str, told: dict[str, Any], goes: bool
) -> None:
    add(city, clock.now(), url="http://127.0.0.1:1/", **told)
    post(city, clock.now(), grid=grid, priority=priority)
    assert bool(states(city)) is goes


def test_a_receiver_that_fails_is_asked_again_later_and_each_time_by_the_same_id(
    city: Store, clock: ManualClock
) -> None:
    with receiving() as receiver:
        receiver.answer = lambda handler: plain(handler, 500, b"\x1b[31mboom")
        add(city, clock.now(), url=receiver.url)
        post(city, clock.now())
        office = Post(city, clock)
        assert office.turn().failed == 1
        code, args = error_of(city)
        assert (code, args["status"]) == ("channel.status", 500)
        assert "\x1b" not in str(args["said"])
        # Not before its time.
        clock.move(4)
        assert office.turn().failed == 0
        clock.move(1)
        assert office.turn().failed == 1
        receiver.answer = lambda handler: plain(handler, 204, b"")
        clock.move(10)
        assert office.turn().sent == 1
    assert len(receiver.got) == 3
    assert len(set(receiver.ids)) == 1
    assert [json.loads(body)["attempt"] for _, body in receiver.got] == [1, 2, 3]


def test_a_receiver_that_asks_to_be_left_alone_is(city: Store, clock: ManualClock) -> None:
    with receiving() as receiver:
        receiver.answer = lambda handler: plain(handler, 429, b"", Retry_After="120")
        add(city, clock.now(), url=receiver.url)
        post(city, clock.now())
        office = Post(city, clock)
        office.turn()
        receiver.answer = lambda handler: plain(handler, 200)
        # What comes meanwhile does not go out either.
        clock.move(60)
        post(city, clock.now(), "n2")
        assert office.turn().sent == 0
        clock.move(60)
        assert office.turn().sent == 2


def garbage(handler: Any) -> None:
    handler.wfile.write(b"\x00\xff not http at all\r\n\r\n")
    handler.close_connection = True


def reset(handler: Any) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    handler.connection.close()


def stall(handler: Any) -> None:
    """Say nothing until the other end has gone."""
    handler.connection.settimeout(120)
    handler.connection.recv(1)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (garbage, "feed.http.broken"),
        (reset, "feed.http.broken"),
        (stall, "feed.http.timeout"),
        (lambda handler: plain(handler, 302, b"", Location="http://login.example/"), "feed.http.redirect"),
        (lambda handler: plain(handler, 200, b"x" * 200_000), "feed.body.large"),
    ],
)
def test_whatever_a_receiver_does_the_notice_waits_on(
    city: Store, clock: ManualClock, answer: Callable[[Any], None], code: str
) -> None:
    with receiving() as receiver:
        receiver.answer = answer
        # What answers has time to, however busy the machine is.
        spec = add(city, clock.now(), url=receiver.url, timeout=1 if answer is stall else 60)
        post(city, clock.now())
        assert Post(city, clock).turn().failed == 1
        assert error_of(city)[0] == code
        assert states(city) == {"n1": ("waiting", 1)}
        receiver.answer = lambda handler: plain(handler, 200)
        with city.write() as connection:
            connection.execute(update(CHANNEL).values(timeout=60).where(CHANNEL.c.code == spec.code))
        clock.move(5)
        assert Post(city, clock).turn().sent == 1
    assert len(set(receiver.ids)) == 1


def test_nobody_there(city: Store, clock: ManualClock) -> None:
    add(city, clock.now(), url="http://127.0.0.1:9/")
    post(city, clock.now())
    assert Post(city, clock).turn().failed == 1
    assert error_of(city)[0] == "feed.http.connect"


def test_one_that_is_turned_down_keeps_no_other_waiting(city: Store, clock: ManualClock) -> None:
    with receiving() as receiver:
        bad = outbox.delivery_id("n1", "duty")

        def answer(handler: Any) -> None:
            plain(handler, 422 if handler.headers["webhook-id"] == bad else 200)

        receiver.answer = answer
        add(city, clock.now(), url=receiver.url)
        post(city, clock.now())
        post(city, clock.now() + 1, "n2")
        clock.move(1)
        for _ in range(4):
            Post(city, clock).turn()
            clock.move(60)
    assert states(city) == {"n1": ("failed", 3), "n2": ("sent", 1)}


def test_a_stalled_channel_keeps_no_other_waiting(city: Store, clock: ManualClock) -> None:
    with receiving() as slow, receiving() as quick:
        arrived = threading.Event()

        def at_once(handler: Any) -> None:
            arrived.set()
            plain(handler, 200)

        # The slow one answers once the quick one has been told: it never would be by somebody who waits for the slow.
        slow.answer = lambda handler: plain(handler, 200 if arrived.wait(50) else 500)
        quick.answer = at_once
        add(city, clock.now(), url=slow.url, timeout=60, code="a-slow")
        add(city, clock.now(), url=quick.url, timeout=60, code="b-quick")
        post(city, clock.now())
        report = Post(city, clock).turn()
    assert (report.sent, report.failed) == (2, 0)


class Killed(BaseException):
    """Stands for the end of the process at that very point."""


def test_killed_half_way_nothing_is_lost_and_a_double_has_the_same_id(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "seat.db"
    store = Store.open(path)
    with store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        connection.execute(insert(table(Grid)), [{"code": "C1", "level": 2, "name": "C1"}])
    with receiving() as receiver:
        add(store, clock.now(), url=receiver.url)
        for number in range(6):
            post(store, clock.now(), f"n{number}")
        settle, sends = outbox.settle, 0

        def cut(*args: Any, **values: Any) -> None:
            nonlocal sends
            sends += 1
            if sends in (2, 4):
                raise Killed
            settle(*args, **values)

        monkeypatch.setattr(outbox, "settle", cut)
        for _ in range(3):
            try:
                Post(store, clock).turn()
            except Killed:
                # The receiver has it, and nobody wrote that down.
                store.close()
                store = Store.open(path)
            clock.move(numbers(clock.now()).first_wait_seconds + 4 * 60 + deliver.SPARE)
        Post(store, clock).turn()
        assert set(states(store).values()) <= {("sent", 1), ("sent", 2)}
    store.close()
    assert len(receiver.got) == 8
    assert len(set(receiver.ids)) == 6


CHILD = """
import sys
from backend.clock import ManualClock
from backend.notify.deliver import Post
from backend.store import Store
store = Store.open(sys.argv[1])
Post(store, ManualClock(int(sys.argv[2]))).turn()
store.close()
"""


def test_a_process_killed_while_it_sends(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "seat.db"
    store = Store.open(path)
    with store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        connection.execute(insert(table(Grid)), [{"code": "C1", "level": 2, "name": "C1"}])

    def child() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(clock.now())])

    with receiving() as receiver:
        add(store, clock.now(), url=receiver.url, timeout=60)
        for number in range(4):
            post(store, clock.now(), f"n{number}")
        third, go_on = threading.Event(), threading.Event()

        def answer(handler: Any) -> None:
            if len(receiver.got) == 3:
                third.set()
                go_on.wait(120)
            plain(handler, 200)

        receiver.answer = answer
        first = child()
        assert third.wait(120)
        # It has sent the third, and does not know yet whether that was taken.
        first.kill()
        first.wait()
        go_on.set()
        assert sorted(state for state, _ in states(store).values()) == ["sent", "sent", "waiting", "waiting"]
        clock.move(4 * 60 + deliver.SPARE)
        assert child().wait(120) == 0
        assert {state for state, _ in states(store).values()} == {"sent"}
    store.close()
    assert len(receiver.ids) == 5
    assert len(set(receiver.ids)) == 4


def test_a_recalled_act_does_not_go_out(city: Store, clock: ManualClock) -> None:
    with receiving() as receiver:
        add(city, clock.now(), url=receiver.url)
        post(city, clock.now(), "act:op1:C1")
        post(city, clock.now(), "act:op2:C1")
        Post(city, clock).turn()
        assert receiver.got == []
        with city.write() as connection:
            notices.withdraw(connection, "act:op1", clock.now())
        clock.move(10)
        Post(city, clock).turn()
    assert states(city) == {"act:op1:C1": ("withdrawn", 0), "act:op2:C1": ("sent", 1)}


def alarm(store: Store) -> tuple[str, str, str]:
    with store.read() as connection:
        row = connection.execute(select(ALARM).where(ALARM.c.rule == "channel_dead")).one()
    return row.state, row.county, row.subject


def test_a_dead_channel_is_an_alarm_and_recovers(city: Store, clock: ManualClock) -> None:
    with receiving() as receiver:
        receiver.answer = lambda handler: plain(handler, 503)
        add(city, clock.now(), url=receiver.url)
        post(city, clock.now())
        office = Post(city, clock)
        for _ in range(2):
            assert office.turn().dead == 0
            clock.move(numbers(clock.now()).dead_after_seconds // 2)
        assert office.turn().dead == 1
        assert alarm(city) == ("UNACK", "C1", "duty")
        receiver.answer = lambda handler: plain(handler, 200)
        clock.move(1000)
        assert office.turn().dead == 0
        assert alarm(city)[0] == "RTN_UNACK"
        with city.read() as connection:
            [row] = channels.read(connection)
        assert (row.state, row.failures, row.error) == ("ok", 0, None)


def test_removing_a_dead_channel_ends_its_alarm(city: Store, clock: ManualClock) -> None:
    add(city, clock.now(), url="http://127.0.0.1:9/")
    with city.write() as connection:
        connection.execute(update(CHANNEL).values(state="dead", since=clock.now()))
    office = Post(city, clock)
    assert office.turn().dead == 1
    with city.write() as connection:
        assert channels.remove(connection, "duty")
    office.turn()
    assert alarm(city)[0] == "RTN_UNACK"


def test_the_outbox_is_bounded(city: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    held = numbers(clock.now())
    few = type(held)(**{**{name: getattr(held, name) for name in held.__slots__}, "most_waiting": 3})
    monkeypatch.setattr(outbox, "numbers", lambda _at: few)
    add(city, clock.now(), url="http://127.0.0.1:9/", priority="low")
    post(city, clock.now(), "grave", priority="critical")
    for number in range(4):
        post(city, clock.now() + number, f"n{number}", priority="low")
    clock.move(5)
    with city.write() as connection:
        assert outbox.give_up(connection, clock.now()) == 2
    assert {key for key, (state, _) in states(city).items() if state == "dropped"} == {"n0", "n1"}
    clock.move(24 * 3600 + 1)
    with city.write() as connection:
        assert outbox.give_up(connection, clock.now()) == 3
    assert states(city)["grave"][0] == "failed"


def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str = "hush-hush-42") -> str:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "robot").write_text(text)
    (folder / "robot").chmod(0o600)
    monkeypatch.setenv("GRIDSEAT_SECRETS", str(folder))
    return text


def test_a_signature_by_standard_webhooks(
    city: Store, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = secret(tmp_path, monkeypatch)
    with receiving() as receiver:
        add(city, clock.now(), url=receiver.url, secret="robot")
        post(city, clock.now())
        Post(city, clock).turn()
    [(headers, body)] = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    made = base64.b64encode(hmac.new(key.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{made}"


def test_the_secret_is_nowhere_but_on_the_wire(
    city: Store,
    clock: ManualClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = secret(tmp_path, monkeypatch)
    with receiving() as receiver:
        # A receiver that says the whole address back, key and all.
        receiver.answer = lambda handler: plain(handler, 500, handler.path.encode())
        add(city, clock.now(), url=receiver.url + "?access_token={secret}", secret="robot")
        post(city, clock.now())
        with caplog.at_level("INFO"):
            Post(city, clock).turn()
    assert error_of(city)[1]["said"] == "/notices?access_token=***"
    with city.read() as connection:
        everything = [str(tuple(row)) for of in (CHANNEL, DELIVERY) for row in connection.execute(select(of))]
    assert not any(key in text for text in everything)
    assert key not in "".join(r.getMessage() for r in caplog.records if r.name.startswith("backend"))


def test_a_receivers_own_form_and_its_own_yes(city: Store, clock: ManualClock) -> None:
    with receiving() as receiver:
        receiver.answer = lambda handler: plain(handler, 200, b'{"errcode": 310000}')
        template = '{"msgtype":"text","text":{"content":"{text} [{id}]"}}'
        add(city, clock.now(), url=receiver.url, template=template, expects='"errcode": 0')
        post(city, clock.now())
        Post(city, clock).turn()
        assert error_of(city)[0] == "channel.unexpected"
        receiver.answer = lambda handler: plain(handler, 200, b'{"errcode": 0}')
        clock.move(5)
        assert Post(city, clock).turn().sent == 1
    told = json.loads(receiver.got[0][1])
    assert told["msgtype"] == "text"
    assert told["text"]["content"].endswith(f"[{outbox.delivery_id('n1', 'duty')}]")


def script(tmp_path: Path, text: str, mode: int = 0o700) -> str:
    path = tmp_path / "hook.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(mode)
    return str(path)


def test_a_command_gets_the_notice_on_its_input_and_its_words_as_they_are(
    city: Store, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDSEAT_SECRET_OTHER", "not for hooks")
    out = tmp_path / "out"
    hook = script(tmp_path, f'cat > {out}; printf "%s" "$1" > {out}.arg; env > {out}.env')
    add(city, clock.now(), kind="command", argv=(hook, "$(id); rm -rf /"))
    post(city, clock.now())
    assert Post(city, clock).turn().sent == 1
    assert json.loads(out.read_text())["id"] == outbox.delivery_id("n1", "duty")
    assert Path(f"{out}.arg").read_text() == "$(id); rm -rf /"
    assert "not for hooks" not in Path(f"{out}.env").read_text()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sleep 90 & sleep 90", "channel.command.slow"),
        ("exec yes", "channel.command.flood"),
        ("printf '\\033]0;owned\\007no'; exit 3", "channel.command.exit"),
        ("kill -9 $$", "channel.command.exit"),
        ("exit 1 < /dev/null", "channel.command.exit"),
    ],
)
def test_whatever_a_command_does_the_notice_waits_on(
    city: Store, clock: ManualClock, tmp_path: Path, text: str, code: str
) -> None:
    slow = code == "channel.command.slow"
    began = time.monotonic()
    add(city, clock.now(), kind="command", argv=(script(tmp_path, text),), timeout=1 if slow else 60)
    post(city, clock.now())
    assert Post(city, clock).turn().failed == 1
    found, args = error_of(city)
    assert found == code
    assert "\x1b" not in str(args.get("said", ""))
    assert len(str(args.get("said", ""))) <= 210
    # It was not waited for to its own end.
    assert time.monotonic() - began < 60
    assert states(city) == {"n1": ("waiting", 1)}


def test_only_what_nobody_else_can_write_is_started(city: Store, clock: ManualClock, tmp_path: Path) -> None:
    hook = script(tmp_path, "exit 0", 0o722)
    assert stat.S_IMODE(Path(hook).stat().st_mode) == 0o722
    add(city, clock.now(), kind="command", argv=(hook,))
    post(city, clock.now())
    Post(city, clock).turn()
    assert error_of(city)[0] == "channel.command.open"
    Path(hook).unlink()
    clock.move(60)
    Post(city, clock).turn()
    assert error_of(city)[0] == "channel.command.missing"


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"code": "Bad Code"}, "channel.fault.code"),
        ({"kind": "pigeon"}, "channel.fault.kind"),
        ({"priority": "urgent"}, "channel.fault.priority"),
        ({"timeout": 0}, "channel.fault.timeout"),
        ({"grid": "nowhere"}, "channel.fault.grid"),
        ({"url": "ftp://host/"}, "channel.fault.url"),
        ({"url": "http://user:pass@host/"}, "channel.fault.url"),
        ({"url": "http://host/{secret}"}, "channel.fault.no_secret"),
        ({"secret": "a b"}, "channel.fault.secret"),
        ({"template": "{"}, "channel.fault.template"),
        ({"argv": ("/bin/true",)}, "channel.fault.both"),
        ({"kind": "command", "url": "", "argv": ("true",)}, "channel.fault.command"),
        ({"kind": "command", "url": "", "argv": ()}, "channel.fault.command"),
    ],
)
def test_what_is_wrong_with_a_channel_is_told(city: Store, told: dict[str, Any], fault: str) -> None:
    spec = Spec(**{"code": "duty", "kind": "webhook", "grid": "C1", "url": "http://host/", **told})
    with city.read() as connection:
        assert fault in [one.code for one in channels.faults(connection, spec)]


def ring(store: Store, clock: ManualClock, first: int, count: int, **told: Any) -> None:
    rows = [
        {
            "id": number, "key": f"r|{number}", "rule": "exceedance", "rule_version": 1, "state": "UNACK",
            "priority": "critical", "grid": "T1", "county": "C1", "township": "T1", "began": clock.now(),
            "presented": clock.now(), "last": clock.now(), "period": 3600, "occurrences": 1, "suspect": False,
            "source": "", "feed": "", "acked_by": "", "incident": "", "inhibited_by": "", "shelved_by": "",
            "shelve_reason": "", "evidence": "", "subject": "", "activations": 1, "fleeting": False, **told,
        }
        for number in range(first, first + count)
    ]  # fmt: skip
    with store.write() as connection:
        connection.execute(insert(ALARM), rows)


def test_critical_alarms_go_out_too_and_many_as_one(city: Store, clock: ManualClock) -> None:
    ring(city, clock, 1, 1)
    office = Post(city, clock)
    assert office.turn().sent == 0
    assert states(city) == {}
    with receiving() as receiver:
        add(city, clock.now(), url=receiver.url)
        ring(city, clock, 2, 1, priority="high")
        ring(city, clock, 3, 1, inhibited_by="region")
        assert office.turn().sent == 1
        assert "特急报警：格T1" in json.loads(receiver.got[0][1])["text"]
        assert office.turn().sent == 0
        clock.move(5)
        ring(city, clock, 10, 200)
        assert office.turn().sent == 1
        assert "200 条特急报警" in json.loads(receiver.got[1][1])["text"]
        clock.move(5)
        assert office.turn().sent == 0
    with city.read() as connection:
        # At the seats they stand on the alarm board: nothing waits to be seen twice.
        assert notices.waiting(connection, grids=["C1", "T1"]) == []


def test_a_trial_goes_past_the_outbox(city: Store, clock: ManualClock) -> None:
    with receiving() as receiver:
        spec = add(city, clock.now(), url=receiver.url)
        assert deliver.probe(city, spec, clock, "张三") is None
        assert json.loads(receiver.got[0][1])["kind"] == "test"
        receiver.answer = lambda handler: plain(handler, 404)
        why = deliver.probe(city, spec, clock, "张三")
        assert why is not None
        assert why.args["status"] == 404
    assert states(city) == {}


@pytest.mark.parametrize("broken", ["\x1b]2;x", "{}", "[1, null]", "7"])
def test_a_row_whose_words_are_broken_hides_no_other(city: Store, clock: ManualClock, broken: str) -> None:
    add(city, clock.now(), kind="command", argv=("/bin/true", "x"))
    with city.write() as connection:
        connection.execute(update(table(Channel)).values(argv=broken))
        [row] = channels.read(connection)
    assert all(isinstance(word, str) for word in row.spec.argv)
    assert "/bin/true" not in row.spec.target
