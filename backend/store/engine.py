"""Open the store and hand out connections.

Two ways of writing (design, decision 15): `Store.write` is for what people do and waits for the disk before it
returns; `Store.bulk` is for readings, which an upstream can serve again. Both begin IMMEDIATE, so that two processes
on one file queue instead of failing halfway (measured: 0 of 400 transactions failed, against 161 of 400 with a
deferred begin). On PostgreSQL writers queue for a lock of the database's own, so that on either database nobody
judges what another is about to change: two seats that make a task of one alarm make one task, the audit chain has
one end, and an alarm is not acknowledged under a page that is just being evaluated.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from backend.store import after
from backend.store.place import StoreError, trouble, url_of
from backend.store.turns import Turns
from backend.store.watch import Watch
from backend.words import Message

BUSY_SECONDS = 10
WRITERS = 0x67726964
"""The number of the lock that writers of a PostgreSQL database queue for."""


_AWAY = ("08", "53", "57P")
"""States of PostgreSQL: no connection, no room, a server that ends or begins."""
_LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How soon a line to a server is given up that was cut without a word: the system itself waits a quarter of an hour for
an answer, and two hours before it asks, and every screen would stand there with what it has."""
STATEMENTS = 3000
"""Compiled statements that a process keeps."""


class _Compiled(dict[Any, Any]):
    """Statements compiled once in a process: reader, writer and bulk of every SQLite store speak one dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        if len(self) >= STATEMENTS:
            self.clear()
        super().__setitem__(key[1:], compiled)


_COMPILED = _Compiled()


def busy(error: BaseException) -> bool:
    """Whether this is what a transaction ends with that waited too long for another process."""
    cause = getattr(error, "orig", None)
    return (
        isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    )


def away(error: BaseException) -> bool:
    """Whether this is what is met where the database's server can't be reached, goes down, or takes nobody more."""
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    # A connection that was not had, or broke, has no state of SQL's.
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or (
        isinstance(error, OperationalError) and (not state or state.startswith(_AWAY))
    )


class Store:
    """The product's database: SQLite (a file) or PostgreSQL.

    Safe to share between threads. Close it when done. One that is not ``lasting`` never waits for the disk.
    """

    def __init__(self, url: str, *, lasting: bool = True) -> None:
        self.url = url
        self._folder: TemporaryDirectory[str] | None = None
        self.dialect = make_url(url).get_backend_name()
        self._turns = Turns()
        self._watch = Watch(self.path)
        if self.dialect == "sqlite":
            full, normal = ("FULL", "NORMAL") if lasting else ("OFF", "OFF")
            self._reader = _sqlite(url, begin="BEGIN", synchronous=normal, size=8)
            self._writer = _sqlite(url, begin="BEGIN IMMEDIATE", synchronous=full, size=2)
            self._bulk = _sqlite(url, begin="BEGIN IMMEDIATE", synchronous=normal, size=2)
        else:
            asked = make_url(url).query
            line = {name: value for name, value in _LINE.items() if name not in asked}
            self._writer = self._bulk = create_engine(
                url, pool_size=8, max_overflow=8, pool_pre_ping=True, connect_args=line
            )
            # Read committed would show each query of one look another state of the store.
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @classmethod
    def open(cls, where: str | os.PathLike[str], *, begin: bool = True) -> Store:
        """Open the store at a path or URL and bring its schema up to date.

        Args:
            begin: make one where there is none; else that is refused, and nothing is made.

        Raises:
            StoreError: it is no place of a store, is damaged or of a newer version, can't be written or reached.
        """
        from backend.store.migrate import upgrade

        try:
            store = cls(url_of(where, begin=begin))
        except ModuleNotFoundError as error:
            # The way to a server is an extra: most seats have none.
            raise StoreError(Message("store.no_driver")) from error
        try:
            upgrade(store, begin=begin)
        except StoreError:
            store.close()
            raise
        except DBAPIError as error:
            store.close()
            raise trouble(error, where) from error
        return store

    @classmethod
    def memory(cls) -> Store:
        """A store for tests with the whole schema, in a file of its own that goes when the store is closed.

        It never waits for the disk.
        """
        folder = TemporaryDirectory(prefix="gridseat-", ignore_cleanup_errors=True)
        path = Path(folder.name, "store.db")
        path.write_bytes(_empty())
        store = cls(f"sqlite:///{path}", lasting=False)
        store._folder = folder
        return store

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store."""
        database = make_url(self.url).database
        return Path(database) if self.dialect == "sqlite" and database else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look at the store."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction for what people do: on the disk before it returns."""
        return self._transaction(self._writer, act=True)

    def bulk(self) -> AbstractContextManager[Connection]:
        """A transaction for readings; keep it to some 500 rows so that a person's act never waits long."""
        return self._transaction(self._bulk, act=False)

    @contextmanager
    def _transaction(self, engine: Engine, *, act: bool) -> Iterator[Connection]:
        with self._turn(act=act):
            with engine.begin() as connection:
                after.begin(connection)
                self._queue(connection)
                yield connection
                todo = after.asked(connection)
            for do in todo:
                do()

    def _turn(self, *, act: bool) -> AbstractContextManager[None]:
        return self._turns.take(act=act) if self.dialect == "sqlite" else nullcontext()

    def _queue(self, connection: Connection) -> None:
        """Wait for one's turn among all processes on a PostgreSQL database; the end of the transaction gives it up."""
        if self.dialect != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})

    def version(self) -> int:
        """Another number once anybody has committed, in this process or another; costs next to nothing."""
        return self._watch.version()

    def close(self) -> None:
        """Let go of every connection."""
        self._watch.close()
        for engine in {self._reader, self._writer, self._bulk}:
            engine.dispose()
        if self._folder is not None:
            self._folder.cleanup()


@cache
def _empty() -> bytes:
    """The file of a store with the whole schema and nothing in it, made once in a process."""
    from backend.store.migrate import create_all

    with TemporaryDirectory(prefix="gridseat-") as folder:
        path = Path(folder, "store.db")
        store = Store(f"sqlite:///{path}")
        create_all(store)
        # The last connection that goes takes what is in the log into the file.
        store.close()
        return path.read_bytes()


def _sqlite(url: str, *, begin: str, synchronous: str, size: int) -> Engine:
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(
        url,
        connect_args=arguments,
        poolclass=QueuePool,
        # The one that was used last, again: what it knows is warm, and the others stay small.
        pool_use_lifo=True,
        pool_size=size,
        max_overflow=16,
        # The first part of a key is the dialect of one engine, which is like that of any other.
        execution_options={"compiled_cache": _COMPILED},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        _log_ahead(connection)
        for pragma in (
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-16000",
            # Each connection's part counts as resident; more of it is no faster (30 days: 139 MB, within 5 %).
            "mmap_size=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _log_ahead(connection: Any) -> None:
    """Switch a new file to the write-ahead log; several processes may try at once, and SQLite doesn't let them wait."""
    until = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
