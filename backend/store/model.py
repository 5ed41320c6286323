"""The base of every table, and the shorthand that the rooms use for their columns."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING
# Rows are read as columns: what would judge and build objects is made when somebody first asks for one.
SQLModel.model_config["defer_build"] = True


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model: the rooms read columns, not objects (a hundred times less work)."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


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
