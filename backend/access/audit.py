"""The audit chain: what was done to the product itself, each row's digest covering the one before."""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection, insert, select

from backend.access import headfile
from backend.access.headfile import Head
from backend.access.tables import AuditRow
from backend.store.after import after_commit
from backend.store.model import table
from backend.text import clean
from backend.words.message import Scalar

AUDIT = table(AuditRow)
GENESIS = "0" * 64
LONGEST, LINES = 4_000, 100
"""Characters and lines of a detail."""
_log = logging.getLogger(__name__)
_BEGAN = "gridseat.audit.began"


def head(connection: Connection) -> str:
    """The digest of the newest row."""
    newest = select(AUDIT.c.digest).order_by(AUDIT.c.id.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none() or GENESIS


def link(previous: str, at: int, actor: str, act: str, subject: str, body: str) -> str:
    """The digest of a row that follows ``previous``."""
    return hashlib.sha256(msgspec.json.encode([previous, at, actor, act, subject, body])).hexdigest()


def append(connection: Connection, actor: str, act: str, subject: str, now: int, /, **body: Scalar) -> None:
    """Add a row in the caller's transaction; when that is on the disk its digest is kept outside too."""
    newest = connection.execute(
        select(AUDIT.c.id, AUDIT.c.digest).order_by(AUDIT.c.id.desc()).limit(1)
    ).one_or_none()
    before, previous = (0, GENESIS) if newest is None else (int(newest.id), str(newest.digest))
    # Whatever is noted may have been typed by anybody: nothing lies here that a terminal obeys.
    safe = {
        name: clean(value, limit=LONGEST, lines=LINES) if isinstance(value, str) else value
        for name, value in body.items()
    }
    text = msgspec.json.encode(safe, order="sorted").decode()
    digest = link(previous, now, actor, act, subject, text)
    number = connection.execute(
        insert(AUDIT)
        .values(at=now, actor=actor, act=act, subject=subject, body=text, previous=previous, digest=digest)
        .returning(AUDIT.c.id)
    ).scalar_one()
    path = headfile.path_of(connection)
    if path is not None:
        _keep_after(connection, path, Head(int(number), digest, now), before)


def _keep_after(connection: Connection, path: Path, newest: Head, before: int) -> None:
    """Have the head kept once it is committed; of several rows of a transaction the last, after the first's before."""
    keeping = connection.info.get(_BEGAN)
    transaction = connection.get_transaction()
    if keeping is None or keeping[0] is not transaction:
        keeping = connection.info[_BEGAN] = (transaction, before, _lost(connection, path))
    after_commit(connection, "audit", partial(_keep, path, newest, keeping[1], keeping[2]))


def _lost(connection: Connection, path: Path) -> bool:
    """Whether the head that was kept last is gone from the database."""
    with suppress(ValueError, OSError):
        known = headfile.read(path)
        if known is not None:
            found = connection.execute(
                select(AUDIT.c.digest).where(AUDIT.c.id == known.id)
            ).scalar_one_or_none()
            return found != known.digest
    return False


def _keep(path: Path, newest: Head, before: int, lost: bool) -> None:
    try:
        headfile.keep(path, newest, before, lost=lost)
    except OSError as error:
        # What a person did is done; that its head is not kept outside is told by ``gridseat audit verify``.
        _log.error("the head of the audit chain can't be kept: %s", error)


def verify(connection: Connection) -> int | None:
    """The id of the first row that does not follow from the one before; None where the chain holds."""
    previous = GENESIS
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.id)):
        digest = link(previous, row.at, row.actor, row.act, row.subject, row.body)
        if (row.previous, row.digest) != (previous, digest):
            return int(row.id)
        previous = digest
    return None
