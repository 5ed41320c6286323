"""The SQL that databases spell differently: upserts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

Row = Mapping[str, Any]


def _insert(dialect: str, table: Table) -> Any:
    # Only the one that is used: a dialect costs tens of milliseconds of every start.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def upsert(
    connection: Connection,
    table: Table,
    rows: Iterable[Row],
    *,
    keys: Sequence[str],
    update: Sequence[str] | None = None,
    newer: str | None = None,
) -> None:
    """Insert rows, or update those whose ``keys`` are there already.

    Args:
        update: the columns to update; all that are not keys where None.
        newer: update only where this column is not smaller than what is stored.
    """
    batch = list(rows)
    if not batch:
        return
    names = update if update is not None else [name for name in batch[0] if name not in keys]
    connection.execute(_upserting(connection.dialect.name, table, tuple(keys), tuple(names), newer), batch)


# What a statement is built of, and the key it is found by among those compiled, cost more than a small upsert itself.
@lru_cache(maxsize=512)
def _upserting(
    dialect: str, table: Table, keys: tuple[str, ...], names: tuple[str, ...], newer: str | None
) -> Any:
    statement = _insert(dialect, table)
    if not names:
        return statement.on_conflict_do_nothing(index_elements=list(keys))
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(keys),
        set_={name: new[name] for name in names},
        where=None if newer is None else new[newer] >= table.c[newer],
    )


def insert_ignore(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows and leave those that are there already as they are."""
    batch = list(rows)
    if batch:
        connection.execute(_insert(connection.dialect.name, table).on_conflict_do_nothing(), batch)
