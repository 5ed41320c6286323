"""The store on PostgreSQL: the same schema, the same answers."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, text

from backend.city.tables import CityFact, Grid
from backend.escalation.plan import plan
from backend.escalation.sweep import sweep
from backend.store import Store, table
from backend.store.lease import acquire, held_by
from backend.store.model import metadata
from backend.store.readings import Book, ReadingRow, reflag, write
from backend.store.schema import load_tables
from backend.tasks.apply import propose
from backend.tasks.ops import Op

HOUR, DAY = 3600, 86400
BOOK = Book({1: ("A", "air"), 2: ("A", "air")}, lambda at: at - at % DAY)
AT = 1793692800


def reading(start: int, station: int, value: float) -> ReadingRow:
    return ReadingRow(start, station, 1, HOUR, value, "", 1, "", 0, 1)


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_migrations_make_the_schema(pg_store: Store) -> None:
    load_tables()
    with pg_store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_readings_are_written_revised_and_rolled_up(pg_store: Store) -> None:
    for batch in ([reading(0, 1, 10.0), reading(0, 2, 30.0)], [reading(0, 2, 20.0), reading(0, 1, 10.0)]):
        with pg_store.bulk() as connection:
            write(connection, batch, BOOK, 100)
    assert rows(pg_store, "SELECT station, value, revision FROM reading ORDER BY 1") == [
        (1, 10.0, 0),
        (2, 20.0, 1),
    ]
    assert rows(pg_store, "SELECT count, total, low, high FROM county_hour") == [(2, 30.0, 10.0, 20.0)]
    with pg_store.bulk() as connection:
        assert reflag(connection, [(0, 1, 1, HOUR)], 3, "flat", BOOK, 150) == 1
    assert rows(pg_store, "SELECT valid, received FROM station_day ORDER BY station") == [(0, 1), (1, 1)]
    assert rows(pg_store, "SELECT flag FROM latest ORDER BY station") == [(3,), (1,)]


def test_one_of_many_gets_the_lease(pg_store: Store) -> None:
    won: list[str] = []

    def run(name: str) -> None:
        if acquire(pg_store, "jobs", name, 30, wall=1000):
            won.append(name)

    threads = [threading.Thread(target=run, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


@pytest.mark.parametrize("sweeps", [1, 3])
def test_a_missed_clock_escalates_once(pg_store: Store, sweeps: int) -> None:
    grids = [("M", "", 1, "", ""), ("C", "M", 2, "C", ""), ("T", "C", 3, "C", "T")]
    with pg_store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        for code, parent, level, county, township in grids:
            values = {"code": code, "parent": parent, "level": level, "name": code, "county": county}
            connection.execute(insert(table(Grid)).values(**values, township=township))
        body = {"type": "site_dust", "grid": "T", "priority": "critical"}
        op = Op(id="op1", kind="propose", task="", actor="u1", role="seat", tier="C", body=body)
        first = propose(connection, op, AT, planner=plan)
        again = propose(connection, op, AT, planner=plan)
    assert first.ok
    assert first.data["task"] == again.data["task"]
    threads = [threading.Thread(target=sweep, args=(pg_store, AT + DAY)) for _ in range(sweeps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    escalated = rows(pg_store, "SELECT count(*), count(DISTINCT op) FROM act WHERE kind = 'escalate'")
    assert escalated[0][0] == escalated[0][1]
    assert rows(pg_store, "SELECT level FROM task") == [("M",)]


def test_the_jobs_go_by_the_servers_clock(pg_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert acquire(pg_store, "jobs", "here", 30)
    # Another machine's clock is minutes ahead.
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 300)
    assert held_by(pg_store, "jobs") == "here"
    assert not acquire(pg_store, "jobs", "there", 30)


def test_a_line_that_is_cut_without_a_word_is_given_up_soon(pg_store: Store) -> None:
    def told(store: Store) -> dict[str, str]:
        with store.read() as connection:
            driver: Any = connection.connection.dbapi_connection
            return dict(driver.info.get_parameters())

    ours = told(pg_store)
    assert (ours["connect_timeout"], ours["tcp_user_timeout"], ours["keepalives_idle"]) == (
        "10",
        "30000",
        "15",
    )
    # What the address itself says goes before it.
    own = Store(f"{pg_store.url}?tcp_user_timeout=60000")
    assert told(own)["tcp_user_timeout"] == "60000"
    own.close()
