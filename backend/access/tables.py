"""Keys of machines, the audit chain, and what a seat had on its screen."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text
from sqlmodel import Field

from backend.store.model import Row, instant


class Key(Row):
    """A machine's key: only its hash is kept."""

    __tablename__ = "key"

    id: str = Field(primary_key=True)
    digest: str
    """SHA-256 of the secret part."""
    scope: str
    """What it opens: ``push:<feed>``, ``read``, ``centre:<code>``."""
    note: str = ""
    created: int = instant()
    created_by: str = ""
    revoked: int | None = instant(nullable=True)


class AuditRow(Row):
    """A link of the audit chain: each row's digest covers the one before."""

    __tablename__ = "audit"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: int = instant(index=True)
    actor: str
    act: str
    subject: str = ""
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    previous: str
    digest: str


class SeatMemory(Row):
    """What a person had before them: screen, row, half-typed form; a new login brings it back."""

    __tablename__ = "seat_memory"

    person: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    at: int = instant()
    body: str = Field(sa_column=Column(Text, nullable=False))
