"""Stores that take long to fill or to migrate: that is done once in a process, and copied from then on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing

from backend.store import Store, migrate

_KEPT: dict[Hashable, sqlite3.Connection] = {}


def filled(store: Store, what: Hashable, fill: Callable[[], object]) -> None:
    """Fill an empty store: the first time with ``fill``, then with a copy of all that the store held after it.

    ``what`` names everything that ``fill`` depends on.
    """
    if store.dialect != "sqlite":
        fill()
    elif (kept := _KEPT.get(what)) is None:
        fill()
        with closing(sqlite3.connect(str(store.path))) as source:
            source.backup(_KEPT.setdefault(what, sqlite3.connect(":memory:", check_same_thread=False)))
    else:
        with closing(sqlite3.connect(str(store.path))) as target:
            kept.backup(target)


MIGRATED = migrate._run
"""The migrations themselves, by which the copies are made."""


def brought_up(store: Store, at: str | None) -> None:
    """Migrate a store; a new file becomes a copy of the first one that was, which a fifth of a second is saved by."""
    if at is None and store.dialect == "sqlite" and not _holds(store):
        filled(store, "migrated", lambda: MIGRATED(store, at))
    else:
        MIGRATED(store, at)


def _holds(store: Store) -> bool:
    with closing(sqlite3.connect(str(store.path))) as file:
        return bool(file.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())
