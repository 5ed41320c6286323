"""The database's server goes away: said as what it is, in a line, and nothing that a person had is lost by it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.types import Message as Sent

from backend.clock import ManualClock
from backend.desk import session
from backend.desk.desk import Desk
from backend.hub.app import create_app
from backend.scheduler import Scheduler
from backend.store import Store, away
from backend.words import Message
from console import __main__ as command
from console.exit import Exit
from console.services import Services
from tests.screens import seat_city as city


@pytest.fixture
def gone() -> Iterator[Store]:
    """A store whose server is away."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra pg)")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    store = Store(f"postgresql+psycopg://test@127.0.0.1:{port}/none")
    yield store
    store.close()


def met(store: Store, sql: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught, store.read() as connection:
        connection.execute(text(sql))
    return caught.value


def test_a_server_that_is_away_is_no_fault_of_ours(gone: Store) -> None:
    error = met(gone, "SELECT 1")
    assert away(error)
    assert Services.held(error)
    assert Services._told_of(Services.__new__(Services), error) == Message("store.away")
    assert command._expected(error, argparse.Namespace()) == Exit.STORE


def test_one_that_ends_in_the_midst_is_away_and_a_wrong_statement_is_not(pg_store: Store) -> None:
    assert away(met(pg_store, "SELECT pg_terminate_backend(pg_backend_pid())"))
    assert not away(met(pg_store, "SELECT nothing_of_that_name"))
    with pg_store.read() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def asked(store: Store, clock: ManualClock, method: str, path: str) -> int:
    """The status that the HTTP side answers with."""
    sent: list[Sent] = []

    async def receive() -> Sent:
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(message: Sent) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer a.b")],
    }
    asyncio.run(create_app(store, clock)(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/health"), ("POST", "/v1/push/dust")])
def test_instruments_are_asked_to_come_again_and_the_log_has_a_line(
    method: str, path: str, gone: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    assert asked(gone, clock, method, path) == 503
    (line,) = (one for one in caplog.records if one.levelno >= logging.WARNING)
    assert line.exc_info is None
    assert "refused" in line.getMessage()


def test_the_jobs_tell_of_it_in_a_line(
    gone: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    Scheduler(gone, clock)._turn("clocks")
    (line,) = (one for one in caplog.records if one.levelno >= logging.WARNING)
    assert line.exc_info is None


def test_what_was_on_the_screens_is_set_aside_and_comes_back(
    pg_store: Store, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    city.build(pg_store)
    desk: Desk = city.desk(pg_store, "MD-S1", clock)
    session.save(desk, "console", "before")
    clock.move(1)
    assert session.set_aside(desk, "console", "half a form")
    assert session.load(desk, "console") == "half a form"
    clock.move(1)
    session.save(desk, "console", "after")
    assert session.load(desk, "console") == "after"
    assert not list(tmp_path.rglob("*.seat-*"))
