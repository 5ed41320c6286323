"""The head of the audit chain, kept outside the database (design, decision 13).

A chain that was cut off at its end is whole in itself: only somebody who remembers the end can tell. So the number
and the digest of the newest row are kept in a file too, replaced whole after each row. Two things are noted in it for
good, since the next row would hide them: rows that nobody had confirmed (``late``), and heads that were gone from the
database when the next row came (``lost``).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from sqlalchemy import URL, Connection

Ranges = tuple[tuple[int, int], ...]
MOST = 100
"""Notes of a kind that are kept."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the file says."""

    id: int
    digest: str
    at: int
    late: Ranges = ()
    """First and last number of rows that were there when the next one came, and that no process had confirmed."""
    lost: tuple[tuple[int, str, int], ...] = field(default=())
    """Number, digest and instant of heads that were gone when the next row came."""


def path_of(connection: Connection) -> Path | None:
    """Where the head of this database is kept: beside a SQLite file, else in the account's state folder."""
    url: URL = connection.engine.url
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}.audit") if url.database else None
    return state_path(url).with_suffix(".audit")


def state_path(url: URL) -> Path:
    """What files about a database on a server are called after, in the account's state folder."""
    from platformdirs import user_state_path

    name = hashlib.sha256(f"{url.host}:{url.port}/{url.database}".encode()).hexdigest()[:16]
    return user_state_path("gridseat") / name


def read(path: Path | None) -> Head | None:
    """The head that is kept; None where none is.

    Raises:
        ValueError: the file is none of ours.
    """
    try:
        text = path.read_text("utf-8") if path is not None else ""
    except FileNotFoundError:
        return None
    if not text:
        return None
    try:
        found = json.loads(text)
        late = tuple((int(a), int(b)) for a, b in found.get("late", ()))
        lost = tuple((int(a), str(b), int(c)) for a, b, c in found.get("lost", ()))
        return Head(int(found["id"]), str(found["digest"]), int(found["at"]), late, lost)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(str(path)) from error


def keep(path: Path, head: Head, before: int, *, lost: bool = False) -> None:
    """Write a new head; where a newer one is there, confirm the rows that it found unconfirmed.

    Args:
        path: the file.
        head: number, digest and instant of the newest row.
        before: the number of the row before those that this transaction wrote.
        lost: the head that the file has is no longer in the database.
    """
    with _alone(path):
        try:
            known = read(path)
        except ValueError:
            known = None
        if known is not None and not lost and known.id >= head.id:
            # Another process was quicker, between our commit and here.
            late = _without(known.late, before + 1, head.id)
            if late != known.late:
                write(path, replace(known, late=late))
            return
        write(path, head if known is None else _following(known, head, before, lost=lost))


def _following(known: Head, head: Head, before: int, *, lost: bool) -> Head:
    late, gone = known.late, known.lost
    if lost:
        gone = (*gone, (known.id, known.digest, known.at))
    elif known.id < before:
        late = (*late, (known.id + 1, before))
    return replace(head, late=late[-MOST:], lost=gone[-MOST:])


def _without(late: Ranges, first: int, last: int) -> Ranges:
    """Ranges of rows without those from ``first`` to ``last``."""
    left: list[tuple[int, int]] = []
    for begin, end in late:
        left += [
            part for part in ((begin, min(end, first - 1)), (max(begin, last + 1), end)) if part[0] <= part[1]
        ]
    return tuple(dict.fromkeys(left))


def write(path: Path, head: Head) -> None:
    """Replace the file whole."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(head), file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process and thread at a time."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(f"{path}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
