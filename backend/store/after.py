"""What is to be done once a transaction is on the disk, and not at all where it failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection

AFTER: Final = "gridseat.after"


def after_commit(connection: Connection, key: str, do: Callable[[], None]) -> None:
    """Have ``do`` called when the transaction has been committed; of one key the last one only."""
    connection.info.setdefault(AFTER, {})[key] = do


def begin(connection: Connection) -> None:
    """Forget what a transaction that failed had left on this connection."""
    connection.info.pop(AFTER, None)


def asked(connection: Connection) -> list[Callable[[], None]]:
    """What is to be done, taken away."""
    found: dict[str, Any] = connection.info.pop(AFTER, {})
    return list(found.values())
