"""The SQL that databases spell differently: upserts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table

Row = Mapping[str, Any]


def _insert(connection: Connection, table: Table) -> Any:
    # Only the one that is used: a dialect costs tens of milliseconds of every start.
    if connection.dialect.name == "postgresql":
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
    statement = _insert(connection, table)
    if names:
        condition = None if newer is None else statement.excluded[newer] >= table.c[newer]
        statement = statement.on_conflict_do_update(
            index_elements=list(keys),
            set_={name: statement.excluded[name] for name in names},
            where=condition,
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(keys))
    connection.execute(statement, batch)


def insert_ignore(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows and leave those that are there already as they are."""
    batch = list(rows)
    if batch:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), batch)
