"""Bring a store's schema up to date with Alembic.

A store that is already at the newest revision is told apart without loading Alembic, which costs 150 ms.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from backend.store import versions
from backend.store.model import complete, metadata
from backend.store.place import StoreError, none
from backend.words import Message

if TYPE_CHECKING:
    from alembic.config import Config

    from backend.store.engine import Store

_ALEMBIC = threading.Lock()
"""Alembic keeps the migration that runs in module globals: one at a time in a process."""
HEAD = "0023"
"""The newest revision; a test holds it against the folder of migrations."""


def revision(connection: Connection) -> str | None:
    """The revision a store is at, None where it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(store: Store, *, begin: bool = True) -> None:
    """Run the migrations that a store lacks.

    Args:
        begin: of one that has no schema yet, too.

    Raises:
        StoreError: the store was written by a newer version of the product, or is not begun and must not be.
    """
    with store.read() as connection:
        at = revision(connection)
    if at == HEAD:
        return
    if at is None and not begin:
        raise none(store.url)
    with _ALEMBIC:
        _run(store, at)


def _run(store: Store, at: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = _config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if at is not None and at not in known:
        raise StoreError(Message("store.newer", {"revision": at}))
    with store.write() as connection:
        # Two processes may start on a new file at once: the second finds it done.
        if revision(connection) == HEAD:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        # A table that a migration has rebuilt has lost its triggers.
        versions.install(connection)


def create_all(store: Store) -> None:
    """Make the whole schema at once, stamped as newest: for a store that is known to be empty."""
    from backend.store.schema import load_tables

    load_tables()
    complete(metadata)
    with store.bulk() as connection:
        metadata.create_all(connection)
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
        versions.install(connection)


def _config() -> Config:
    from pathlib import Path

    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
