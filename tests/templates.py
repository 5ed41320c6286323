"""Stores that take long to fill: filled once in a process, and copied from then on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing

from backend.store import Store

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
