"""A store tells that somebody has written: this process, another connection, another process."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from sqlalchemy import insert

from backend.city.tables import CityFact
from backend.store import Store, table
from backend.store.watch import Watch

WRITE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("insert into city_fact values ('b', '2')")
"""


def test_it_tells_every_commit_and_nothing_else(store: Store) -> None:
    before = store.version()
    assert store.version() == before
    with store.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM city_fact").scalar()
    assert store.version() == before
    with store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "a", "value": "1"}])
        assert store.version() == before
    after = store.version()
    assert after != before
    subprocess.run([sys.executable, "-c", WRITE, str(store.path)], check=True)
    assert store.version() != after


def test_it_holds_nobody_up(store: Store) -> None:
    store.version()
    assert store.path is not None
    other = sqlite3.connect(store.path, isolation_level=None)
    # A look that went on would keep the log from being emptied.
    assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    other.close()


def test_a_file_that_cannot_be_looked_at_counts_as_changed(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "gone.db")
    assert watch.version() != watch.version()
    watch.close()


def test_a_database_elsewhere_is_asked_now_and_then() -> None:
    watch = Watch(None)
    assert abs(watch.version() - watch.version()) <= 1
    watch.close()
