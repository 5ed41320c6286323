"""Copy the store while it is in use, and bring a copy back without losing what is there."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from backend.store.engine import Store
from backend.store.migrate import HEAD
from backend.store.place import StoreError
from backend.words import Message
from backend.words.machine import reason

_PAGES = 2048


def backup(store: Store, target: Path) -> int:
    """Copy a SQLite store to a file of its own; returns its size in bytes.

    Other processes go on reading and writing meanwhile. The copy gets its name only when it is whole and checked.

    Raises:
        StoreError: the target exists, can't be written, or the store is not SQLite.
    """
    if store.path is None:
        raise StoreError(Message("backup.not_sqlite"))
    try:
        taken, there = target.exists(), target.parent.is_dir()
    except OSError as error:
        raise _failed(target, error) from error
    if taken:
        raise StoreError(Message("backup.exists", {"path": str(target)}))
    if not there:
        raise StoreError(Message("backup.no_folder", {"path": str(target), "folder": str(target.parent)}))
    part = target.with_name(target.name + ".part")
    try:
        with closing(sqlite3.connect(store.path)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy, pages=_PAGES)
            copy.execute("PRAGMA journal_mode=DELETE")
        check(part)
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        raise _failed(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return target.stat().st_size


def _failed(target: Path, error: OSError | sqlite3.Error, code: str = "backup.failed") -> StoreError:
    told = reason(error) if isinstance(error, OSError) else str(error)
    return StoreError(Message(code, {"path": str(target), "folder": str(target.parent), "error": told}))


def check(path: Path) -> None:
    """Make sure that a file is a whole store of a version that we can open.

    Raises:
        StoreError: it is not.
    """
    try:
        if not path.is_file():
            raise StoreError(Message("backup.missing", {"path": str(path)}))
        # SQLite would say of one that can't be read that it can't be opened, as of a damaged one.
        path.open("rb").close()
    except OSError as error:
        raise StoreError(Message("backup.unreadable", {"path": str(path), "error": reason(error)})) from error
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(Message("backup.damaged", {"path": str(path), "error": str(error)})) from error
    if verdict != "ok":
        raise StoreError(Message("backup.damaged", {"path": str(path), "error": verdict}))
    if revision is None or revision[0] > HEAD:
        raise StoreError(Message("store.newer", {"revision": revision[0] if revision else "?"}))


def restore(source: Path, target: Path) -> Path | None:
    """Put a checked backup in the place of a store that nobody has open; returns where the old one was kept.

    Raises:
        StoreError: the backup is not whole, the store is in use, or nothing can be written there.
    """
    check(source)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, part)
        aside = _put_aside(target)
        os.replace(part, target)
    except OSError as error:
        raise _failed(target, error, "backup.not_restored") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return aside


def _put_aside(target: Path) -> Path | None:
    """Where the store that is there now is kept from now on."""
    if not target.exists():
        return None
    _fold(target)
    aside = _free(target)
    os.replace(target, aside)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(f"{target}{suffix}")
    return aside


def _fold(path: Path) -> None:
    """Bring what stands in the log into the file, and make sure that nobody else has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise StoreError(Message("backup.in_use", {"path": str(path)})) from error
    except sqlite3.DatabaseError:
        # A store that is damaged is the very reason to restore: it is kept as it is.
        return


def _free(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    return candidate
