"""The base of every table, and the shorthand that the rooms use for their columns."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BigInteger, Column, MetaData, Table
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model: the rooms read columns, not objects (a hundred times less work)."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


def instant(*, index: bool = False, primary_key: bool = False, nullable: bool = False) -> Any:
    """A column of epoch seconds UTC."""
    default: Any = None if nullable else ...
    if primary_key:
        return Field(default, sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    return Field(default, sa_column=Column(BigInteger, nullable=nullable, index=index))
