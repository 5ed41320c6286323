"""Watermarks: how far each stream of a feed has come."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from backend.feeds.session import Mark
from backend.feeds.tables import Watermark
from backend.store.model import table
from backend.store.sql import upsert


def read(connection: Connection, feed: int) -> dict[str, Mark]:
    """All watermarks of a feed, by stream."""
    rows = table(Watermark).c
    found = connection.execute(
        select(rows.stream, rows.at, rows.etag, rows.modified, rows.digest).where(rows.feed == feed)
    )
    return {stream: Mark(at, etag, modified, digest) for stream, at, etag, modified, digest in found}


def move(
    connection: Connection, feed: int, stream: str, newest: int | None, said: Mark | None, now: int
) -> bool:
    """Move a stream's watermark forward (never back, never past ``now``) and keep what its upstream said.

    Returns whether it moved.

    Args:
        newest: where to, None to leave it.
        said: the ETag, date and digest of the answer, None to leave them.
    """
    rows = table(Watermark)
    current = connection.execute(
        select(rows.c.at, rows.c.etag, rows.c.modified, rows.c.digest).where(
            rows.c.feed == feed, rows.c.stream == stream
        )
    ).first()
    mark = Mark(*current) if current else Mark()
    at = mark.at
    if newest is not None:
        # A station with a wrong clock must not carry the watermark into the future.
        at = max(min(newest, now), at if at is not None else 0)
    moved = at != mark.at
    if not moved and said is None:
        return False
    said = said or mark
    upsert(
        connection,
        rows,
        [
            {
                "feed": feed,
                "stream": stream,
                "at": at,
                "etag": said.etag,
                "modified": said.modified,
                "digest": said.digest,
            }
        ],
        keys=["feed", "stream"],
    )
    return moved


def forget_answers(connection: Connection, feed: int) -> None:
    """Have the next poll read everything again: the settings have changed, or the city has."""
    rows = table(Watermark)
    connection.execute(update(rows).where(rows.c.feed == feed).values(etag="", modified="", digest=""))


def forget(connection: Connection, feed: int) -> None:
    """Forget how far a feed has come."""
    rows = table(Watermark)
    connection.execute(delete(rows).where(rows.c.feed == feed))
