"""Keys of machines: shown once when made, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, insert, select, update

from backend.access.tables import Key
from backend.store.model import table

KEY = table(Key)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(connection: Connection, scope: str, note: str, actor: str, now: int) -> str:
    """Make a key that opens ``scope``; the answer, ``id.secret``, can't be read again later."""
    name, secret = secrets.token_hex(4), secrets.token_urlsafe(24)
    connection.execute(
        insert(KEY).values(
            id=name, digest=_digest(secret), scope=scope, note=note, created=now, created_by=actor
        )
    )
    return f"{name}.{secret}"


def opens(connection: Connection, presented: str, scope: str) -> bool:
    """Whether a presented key is known, not revoked, and opens this scope."""
    name, _, secret = presented.partition(".")
    row = connection.execute(
        select(KEY.c.digest, KEY.c.scope, KEY.c.revoked).where(KEY.c.id == name)
    ).one_or_none()
    digest = _digest(secret)
    if row is None:
        # Compare all the same, so that the time tells nothing about which ids exist.
        hmac.compare_digest(digest, _digest(""))
        return False
    return hmac.compare_digest(digest, row.digest) and row.revoked is None and row.scope == scope


def revoke(connection: Connection, name: str, now: int) -> bool:
    """End a key; False where there is none that lives."""
    done = connection.execute(
        update(KEY).where(KEY.c.id == name, KEY.c.revoked.is_(None)).values(revoked=now)
    )
    return done.rowcount == 1
