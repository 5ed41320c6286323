"""Instruments push frames over a real socket: keys, limits, and the same reading twice."""

from __future__ import annotations

import asyncio
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, text

from backend.access.keys import issue
from backend.city.tables import CityFact, Grid, Parameter, Station, StationParameter
from backend.clock import ManualClock
from backend.feeds.hj212.frame import crc
from backend.feeds.tables import Feed
from backend.hub.app import BODY_LIMIT
from backend.hub.serving import Serving, listen
from backend.store import Store, table

MN = "010000A8900016F000169DC0"


def frame(value: str, at: str = "20261103150000") -> bytes:
    data = f"DataTime={at};a34002-Avg={value},a34002-Flag=N"
    segment = f"QN=20261103160012345;ST=39;CN=2061;PW=123456;MN={MN};Flag=4;CP=&&{data}&&"
    return b"##%04d%s%04X\r\n" % (len(segment), segment.encode(), crc(segment.encode()))


@pytest.fixture
def key(store: Store) -> str:
    with store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        connection.execute(
            insert(table(Grid)),
            [
                {"code": c, "parent": p, "level": n, "name": c, "county": "C"}
                for c, p, n in (("M", "", 1), ("C", "M", 2))
            ],
        )
        connection.execute(
            insert(table(Parameter)),
            [
                {
                    "id": 2,
                    "code": "pm10",
                    "name": "PM10",
                    "name_en": "PM10",
                    "unit": "µg/m³",
                    "hj212": "a34002",
                }
            ],
        )
        connection.execute(
            insert(table(Station)),
            [{"id": 1, "code": MN, "name": "工地", "kind": "site_dust", "grid": "C", "county": "C"}],
        )
        connection.execute(
            insert(table(StationParameter)), [{"station": 1, "parameter": 2, "period": 3600, "feed": "dust"}]
        )
        connection.execute(
            insert(table(Feed)), [{"id": 1, "code": "dust", "adapter": "hj212", "options": "", "every": 0}]
        )
        return issue(connection, "push:dust", "", "test", 0)


@pytest.fixture
def base(store: Store, clock: ManualClock) -> Iterator[str]:
    with Serving(store, clock) as serving:
        yield serving.base


def post(base: str, feed: str, body: bytes, key: str | None) -> tuple[int, str]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    request = urllib.request.Request(f"{base}/v1/push/{feed}", data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def stored(store: Store) -> list[tuple[float, int]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT value, revision FROM reading"))]


def test_a_pushed_frame_is_stored_once_however_often_it_comes(store: Store, base: str, key: str) -> None:
    assert post(base, "dust", frame("152.0"), key)[0] == 200
    assert post(base, "dust", frame("152.0") * 3, key)[0] == 200
    assert stored(store) == [(152.0, 0)]
    assert post(base, "dust", frame("150.0"), key)[0] == 200
    assert stored(store) == [(150.0, 1)]


def test_a_broken_frame_is_put_aside_and_the_good_one_beside_it_kept(
    store: Store, base: str, key: str
) -> None:
    broken = frame("99.0").replace(b"99.0", b"98.0")
    status, answer = post(base, "dust", broken + frame("101.0"), key)
    assert status == 207
    assert '"asides":1' in answer
    assert stored(store) == [(101.0, 0)]
    with store.read() as connection:
        codes = [row.code for row in connection.execute(text("SELECT code FROM aside"))]
    assert len(codes) == 1
    assert codes[0].startswith("hj212.")


@pytest.mark.parametrize(
    ("feed", "wrong", "status", "code"),
    [
        ("dust", None, 401, "hub.no_key"),
        ("dust", "aa.bb", 403, "hub.bad_key"),
        ("other", "", 403, "hub.bad_key"),
    ],
)
def test_without_the_right_key_nothing_is_stored(
    store: Store, base: str, key: str, feed: str, wrong: str | None, status: int, code: str
) -> None:
    presented = key if wrong == "" else wrong
    answer = post(base, feed, frame("152.0"), presented)
    assert answer[0] == status
    assert code in answer[1]
    assert stored(store) == []


def test_a_body_that_is_too_large_or_empty_is_refused(base: str, key: str) -> None:
    assert post(base, "dust", b"", key)[0] == 400
    assert post(base, "dust", b"#" * (BODY_LIMIT + 1), key)[0] == 413


def test_the_health_counts_what_came_again_and_what_was_put_right(store: Store, base: str, key: str) -> None:
    for value in ("152.0", "152.0", "150.0"):
        post(base, "dust", frame(value), key)
    with store.read() as connection:
        counted = connection.execute(text("SELECT polls, records, unchanged, revised FROM feed_health")).one()
    assert tuple(counted) == (3, 3, 1, 1)


def test_the_health_counts_what_could_not_be_placed(store: Store, base: str, key: str) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE station_parameter SET feed = 'another'"))
        connection.execute(
            insert(table(Feed)), [{"id": 2, "code": "another", "adapter": "hj212", "options": "", "every": 0}]
        )
    status, answer = post(base, "dust", frame("152.0"), key)
    assert (status, '"asides":1' in answer) == (207, True)
    with store.read() as connection:
        assert connection.execute(text("SELECT asides FROM feed_health")).scalar() == 1


def test_small_answers_go_out_at_once() -> None:
    async def accepted() -> int:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def met(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line: socket.socket = writer.get_extra_info("socket")
            told.set_result(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(met, sock=listen("127.0.0.1", 0))
        async with server:
            port = server.sockets[0].getsockname()[1]
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            found = await asyncio.wait_for(told, 120)
            writer.close()
            await writer.wait_closed()
        return found

    assert asyncio.run(accepted()) != 0


def test_a_taken_port_is_said_at_once() -> None:
    with listen("127.0.0.1", 0) as held, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", held.getsockname()[1])


def test_nothing_serves_any_more_after_the_end(store: Store, clock: ManualClock) -> None:
    serving = Serving(store, clock).start()
    with socket.create_connection(("127.0.0.1", serving.port), timeout=120):
        pass
    serving.stop()
    serving.stop()
    assert "hub" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", serving.port), timeout=120)
