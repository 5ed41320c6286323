"""The base of every table, and the shorthand that the rooms use for their columns."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, text
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig
from sqlmodel.main import get_column_from_field

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING
_MAKING = Lock()


class Row(SQLModel):
    """The base of every table: one row of it, its columns declared as SQLModel has them.

    Rows are read as columns, never as mapped objects (a hundred times the work), so none is mapped, and a table is made
    when it is first asked for: to map all at every start would cost as much as to open the console's first board.
    """

    model_config = SQLModelConfig(defer_build=True)


def table(model: type[Row]) -> Table:
    """The Core table of a model."""
    name = str(model.__tablename__)
    with _MAKING:
        if (made := metadata.tables.get(name)) is not None:
            return made
        columns = []
        for key, field in model.model_fields.items():
            column = get_column_from_field(field)
            column.name = column.key = key
            columns.append(column)
        told: Any = getattr(model, "__table_args__", ())
        if isinstance(told, Mapping):
            return Table(name, metadata, *columns, **told)
        options = told[-1] if told and isinstance(told[-1], Mapping) else {}
        return Table(name, metadata, *columns, *(one for one in told if one is not options), **options)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows that fulfil a condition, on every database (`complete`)."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={"where": where})


def complete(tables: MetaData) -> None:
    """Say the conditions of partial indexes to PostgreSQL too, before a schema is made or written down.

    To name them in `partial_index` would load its dialect at every start, on SQLite as well: 18 ms.
    """
    for one in tables.tables.values():
        for index in one.indexes:
            if (where := index.info.get("where")) is not None:
                index.dialect_options["postgresql"]["where"] = text(where)


def instant(*, index: bool = False, primary_key: bool = False, nullable: bool = False) -> Any:
    """A column of epoch seconds UTC."""
    default: Any = None if nullable else ...
    if primary_key:
        return Field(default, sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    return Field(default, sa_column=Column(BigInteger, nullable=nullable, index=index))
