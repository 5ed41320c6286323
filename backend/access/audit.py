"""The audit chain: what was done to the product itself, each row's digest covering the one before."""

from __future__ import annotations

import hashlib

import msgspec
from sqlalchemy import Connection, insert, select

from backend.access.tables import AuditRow
from backend.store.model import table
from backend.words.message import Scalar

AUDIT = table(AuditRow)
GENESIS = "0" * 64


def head(connection: Connection) -> str:
    """The digest of the newest row."""
    newest = select(AUDIT.c.digest).order_by(AUDIT.c.id.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none() or GENESIS


def link(previous: str, at: int, actor: str, act: str, subject: str, body: str) -> str:
    """The digest of a row that follows ``previous``."""
    return hashlib.sha256(msgspec.json.encode([previous, at, actor, act, subject, body])).hexdigest()


def append(connection: Connection, actor: str, act: str, subject: str, now: int, /, **body: Scalar) -> None:
    """Add a row in the caller's transaction."""
    previous, text = head(connection), msgspec.json.encode(body, order="sorted").decode()
    digest = link(previous, now, actor, act, subject, text)
    connection.execute(
        insert(AUDIT).values(
            at=now, actor=actor, act=act, subject=subject, body=text, previous=previous, digest=digest
        )
    )


def verify(connection: Connection) -> int | None:
    """The id of the first row that does not follow from the one before; None where the chain holds."""
    previous = GENESIS
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.id)):
        digest = link(previous, row.at, row.actor, row.act, row.subject, row.body)
        if (row.previous, row.digest) != (previous, digest):
            return int(row.id)
        previous = digest
    return None
